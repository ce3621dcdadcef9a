"""`<home>/secrets.json`: passwords of the private database and Django's key, made once, readable by the owner alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from wangge.ground.words import Fault


@dataclass(frozen=True)
class Secrets:
    postgres: str
    wangge_owner: str
    wangge_app: str
    secret_key: str


def read_or_make(home: Path) -> Secrets:
    path = home / "secrets.json"
    if not path.exists():
        _make(path)
    try:
        return Secrets(**json.loads(path.read_text()))
    except (ValueError, TypeError):
        raise Fault(
            f"{path} 内容损坏:请从备份恢复。",
            f"{path} is damaged: put it back from a backup.",
        ) from None


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)  # with a database elsewhere nobody made it before
    made = Secrets(*(secrets.token_urlsafe(32) for _ in range(4)))
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(made), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when another process was first: theirs stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()
