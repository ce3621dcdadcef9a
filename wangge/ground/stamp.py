"""What a database has already been given, written in the database's own comment: a cheap look spares Django's start.

The mark is a digest of all our code, so that any change, not only a new migration, runs `migrate` once.
"""

import hashlib

from wangge.ground import psql
from wangge.ground.home import ROOT

DEMO = "demo"


def code() -> str:
    digest = hashlib.sha256()
    files = [ROOT / "requirements.txt", *sorted((ROOT / "wangge").rglob("*.py"))]
    for file in files:
        if "tests" not in file.parts and file.exists():
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:24]


def read(owner_url: str) -> set[str]:
    question = "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
    return set(psql.ask(owner_url, question).split())


def write(owner_url: str, marks: set[str]) -> None:
    """A role that does not own its database cannot write it; everything then runs at each start, which is right too."""
    words = " ".join(sorted(marks))
    name = psql.ask(owner_url, "select quote_ident(current_database())")
    try:
        psql.ask(owner_url, f"comment on database {name} is '{words}'")
    except psql.Refused:
        return
