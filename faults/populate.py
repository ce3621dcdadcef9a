"""Puts the town of the tests into a house, really committed, with an open session for each person: told as JSON."""

import json
import os

PASSWORD = "柳岸-seat-2026"  # noqa: S105 - of the street's seat: for who signs in as a person does


def main() -> None:
    from wangge.ground.cluster import Cluster
    from wangge.ground.home import home_folder
    from wangge.ground.secret_file import read_or_make

    cluster = Cluster(home_folder())
    os.environ["DATABASE_URL"] = cluster.app_url
    os.environ["WANGGE_SECRET_KEY"] = read_or_make(home_folder()).secret_key
    import django

    django.setup()
    from wangge.cases.tests.made import category
    from wangge.core.actor import Actor, acting
    from wangge.core.crypto import ensure_keys
    from wangge.core.revisions import bump
    from wangge.testing.client import api_as
    from wangge.testing.world import build

    ensure_keys()
    with acting(Actor.system("faults")):
        world = build()
        made = category("77")
        bump("cases")
        seat = world["street_seat"].user
        seat.set_password(PASSWORD)
        seat.save(update_fields=["password"])
        tokens = {key: api_as(person).token for key, person in world.people.items()}
    units = {code: unit.pk for code, unit in world.units.items()}
    print(json.dumps({"tokens": tokens, "units": units, "category": made.pk}))


if __name__ == "__main__":
    main()
