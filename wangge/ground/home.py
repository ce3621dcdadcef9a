"""Where data, keys, files and logs are: WANGGE_HOME, or `.wangge` beside the clone."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def home_folder() -> Path:
    return Path(os.environ.get("WANGGE_HOME") or ROOT / ".wangge").expanduser().resolve()
