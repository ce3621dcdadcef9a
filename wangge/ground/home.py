"""Where data, keys, files and logs are: WANGGE_HOME, or `.wangge` beside the clone; as config/settings.py has it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def home_folder() -> Path:
    return _folder("WANGGE_HOME", ROOT / ".wangge")


def files_folder(home: Path) -> Path:
    return _folder("WANGGE_FILES", home / "files")


def keys_file(home: Path) -> Path:
    return _folder("WANGGE_KEYS_FILE", home / "keys.json")


def unfinished_restore(home: Path) -> Path:
    """A mark that stands while a restore puts things in their places, and where one was killed in the middle."""
    return home / "restore.unfinished"


def _folder(name: str, default: Path) -> Path:
    return Path(os.environ.get(name) or default).expanduser().resolve()
