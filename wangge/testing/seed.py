"""Homes with a migrated database, copied from one that is made once: migrating takes longer than most tests."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / ".wangge" / "seeds"
# Migrations do not change once they are written, and call nothing that does.
MADE_OF = ("requirements.txt", "wangge/ground/cluster_making.py", "wangge/*/migrations/*.py")


def settle(home: Path) -> None:
    """`home` (empty, or not there yet) holds a stopped cluster with every migration applied."""
    SEEDS.mkdir(parents=True, exist_ok=True)
    with (SEEDS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        seed = SEEDS / _fingerprint()
        if not seed.exists():
            _make(seed)
        home.mkdir(parents=True, exist_ok=True)
        # Not shutil: the data are their own user's, where the tests are root's.
        subprocess.run(["cp", "-a", "--reflink=auto", f"{seed}/.", str(home)], check=True)


def _make(seed: Path) -> None:
    for older in SEEDS.iterdir():
        if older.is_dir():
            shutil.rmtree(older)
    draft = seed.with_suffix(".draft")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "WANGGE_"))}
    environment = ours | {"WANGGE_HOME": str(draft), "WANGGE_LANG": "en", "PYTHONPATH": str(ROOT)}
    environment["DJANGO_SETTINGS_MODULE"] = "wangge.config.settings"
    subprocess.run(
        [sys.executable, "-m", "wangge", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True
    )
    draft.rename(seed)


def _fingerprint() -> str:
    found = hashlib.sha256()
    for pattern in MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()[:16]
