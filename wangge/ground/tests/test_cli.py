"""The command teaches, finds its database by itself, and leaves things as it found them."""

import os
import subprocess
import sys
from pathlib import Path

from wangge.cli import COMMANDS, version
from wangge.ground.cluster import Cluster
from wangge.ground.psql import ask
from wangge.testing import seed


def test_help_names_every_command(home: Path) -> None:
    done = _wangge(home, "--help")
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert not home.exists()


def test_the_version_is_that_of_the_changelog(home: Path) -> None:
    assert _wangge(home, "--version").stdout.strip() == version()
    assert version()[0].isdigit()


def test_without_a_database_it_says_how_to_get_one(home: Path) -> None:
    done = _wangge(home, "shell", "-c", "pass")
    assert done.returncode == 1
    assert "wangge up" in done.stderr
    assert "Traceback" not in done.stderr


def test_with_a_database_elsewhere_the_home_is_made_when_it_is_needed(home: Path) -> None:
    done = _wangge(home, "worker", "--list", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nowhere")
    assert done.returncode == 0, done.stderr
    assert "overdue " in done.stdout
    assert (home / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_migrate_makes_the_database_as_the_owner_and_stops_it_again(home: Path) -> None:
    seed.settle(home)  # which `wangge migrate` made out of nothing
    cluster = Cluster(home)
    assert cluster.pid() is None
    with cluster.use():
        owners = "select distinct tableowner from pg_tables where schemaname = 'public'"
        assert ask(cluster.owner_url, owners) == "wangge_owner"


def test_a_command_leaves_a_running_database_running(home: Path) -> None:
    cluster = Cluster(home, durable=False)
    with cluster.use():
        done = _wangge(home, "psql", "--", "-Atc", "select current_user")
        assert done.stdout.strip() == "wangge_app"
        assert cluster.pid() is not None


def _wangge(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "WANGGE_"))}
    environment = ours | {"WANGGE_HOME": str(home), "WANGGE_LANG": "en", "PYTHONPATH": os.getcwd()} | more
    command = [sys.executable, "-m", "wangge", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=100)
