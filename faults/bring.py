"""One button of an import pressed in a house, as an operator does: `receive FILE`, or `stage`, `apply`, `cancel` ID."""

import os
import sys
from pathlib import Path
from uuid import UUID


def main(button: str, what: str) -> None:
    from wangge.ground.cluster import Cluster
    from wangge.ground.home import home_folder
    from wangge.ground.secret_file import read_or_make

    os.environ["DATABASE_URL"] = Cluster(home_folder()).app_url
    os.environ["WANGGE_SECRET_KEY"] = read_or_make(home_folder()).secret_key
    import django

    django.setup()
    from wangge.core import clock
    from wangge.core.actor import Actor, acting
    from wangge.imports import actions, files

    by, at = Actor.system("faults"), clock.now()
    with acting(by):
        match button:
            case "receive":
                path = Path(what)
                batch = actions.receive_file(
                    kind="people",
                    file_name=path.name,
                    kept=files.keep_path(path),
                    options={},
                    mapping=[],
                    by=by,
                    at=at,
                    wait=False,
                )
                print(batch.pk)
            case "stage":
                actions.stage_import(batch_id=UUID(what), skip_faulty=True, by=by, at=at, wait=False)
            case "apply":
                actions.apply_import(batch_id=UUID(what), by=by, at=at, wait=False)
            case "cancel":
                actions.cancel_import(batch_id=UUID(what), by=by, at=at)


if __name__ == "__main__":
    main(*sys.argv[1:])
