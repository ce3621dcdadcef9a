"""Makes a PostgreSQL data directory with our roles and database in it; nothing here needs a running server."""

import os
import shutil
import subprocess
from pathlib import Path

from wangge.ground import system_user
from wangge.ground.psql import binary
from wangge.ground.secret_file import Secrets
from wangge.ground.words import Fault

OWNER = "wangge_owner"
APP = "wangge_app"
DATABASE = "wangge"

# PostgreSQL 18's builtin C.UTF-8 knows the classes of all characters and sorts by code point, the same on every
# machine. Under plain C, pg_trgm finds no trigram in Chinese.
LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]

SCHEMA_RIGHTS = f"""
    ALTER SCHEMA public OWNER TO {OWNER};
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO {APP}
"""


def make(data: Path, secrets: Secrets, *, durable: bool) -> None:
    system_user.let_through(data)
    system_user.let_through(binary("postgres"))
    draft = data.with_name("pg.new")  # what was interrupted half-way is made again from nothing
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    system_user.give(draft)
    # Trust is for nobody: no server runs before the next line takes it away.
    _run("initdb", f"--pgdata={draft}", "--username=postgres", *LOCALE, "--auth=trust", "--no-sync", data=draft)
    (draft / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    with (draft / "postgresql.conf").open("a") as conf:
        conf.write("\ninclude_if_exists 'wangge.conf'\n")
    create = f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0"
    _single(draft, "postgres", _roles(secrets), create, database_rights(DATABASE))
    _single(draft, DATABASE, SCHEMA_RIGHTS)
    if durable:
        _run("initdb", "--sync-only", f"--pgdata={draft}", data=draft)
    draft.rename(data)


def set_passwords(data: Path, secrets: Secrets) -> None:
    """For a cluster whose secrets.json was lost: whoever may write its files may set them anew. It must be stopped."""
    roles = {"postgres": secrets.postgres, OWNER: secrets.wangge_owner, APP: secrets.wangge_app}
    _single(data, "postgres", *(f"ALTER ROLE {role} PASSWORD '{password}'" for role, password in roles.items()))


def database_rights(database: str) -> str:
    return f"""
        REVOKE ALL ON DATABASE "{database}" FROM PUBLIC;
        GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO {APP}
    """


def environment() -> dict[str, str]:
    """Without PG* variables of the person who starts it: they would point the server's programs elsewhere."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return ours | {"LC_ALL": "C", "TZ": "UTC"}


def _roles(secrets: Secrets) -> str:
    plain = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    return f"""
        ALTER ROLE postgres PASSWORD '{secrets.postgres}';
        CREATE ROLE {OWNER} {plain} PASSWORD '{secrets.wangge_owner}';
        CREATE ROLE {APP} {plain} PASSWORD '{secrets.wangge_app}'
    """


def _single(data: Path, database: str, *statements: str) -> None:
    """One statement a line, without a server: passwords never cross a connection or a command line."""
    parts = (part for statement in statements for part in statement.split(";"))
    lines = "".join(f"{' '.join(part.split())}\n" for part in parts if part.strip())
    settings = ["-c", "exit_on_error=true", "-c", "log_min_messages=error"]
    _run("postgres", "--single", "-D", str(data), *settings, database, data=data, stdin=lines)


def _run(program: str, *arguments: str, data: Path, stdin: str = "") -> None:
    done = subprocess.run(
        [str(binary(program)), *arguments],
        input=stdin,
        cwd=data,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        **system_user.run_as(),
    )
    if done.returncode != 0:
        reason = " ".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-1:])
        raise Fault(f"数据库无法创建({program}):{reason}", f"The database cannot be made ({program}): {reason}")
