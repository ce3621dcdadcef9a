"""Which database a command works on: the one of DATABASE_URL, or the private cluster in `<home>/pg`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wangge.ground import psql
from wangge.ground.cluster import Cluster
from wangge.ground.words import Fault

OLDEST_VERSION = 16


@dataclass(frozen=True)
class Database:
    app_url: str
    owner_url: str
    cluster: Cluster | None  # None: somebody else keeps the server

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.app_url, "DATABASE_OWNER_URL": self.owner_url}


@contextmanager
def in_use(home: Path, *, make: bool = True) -> Iterator[Database]:
    """Reachable for the time of the block. `make=False`: a Fault where there is no cluster yet."""
    url = os.environ.get("DATABASE_URL")
    if url:
        yield Database(url, os.environ.get("DATABASE_OWNER_URL") or url, None)
        return
    cluster = Cluster(home)
    if not make and not cluster.exists:
        raise Fault(
            f"{home} 里还没有数据库:请先执行 wangge up。", f"There is no database in {home} yet: run wangge up first."
        )
    with cluster.use():
        yield Database(cluster.app_url, cluster.owner_url, cluster)


def check_outside(database: Database) -> None:
    """A Fault that says what is wrong with a server we do not keep."""
    _check_reachable("DATABASE_URL", database.app_url)
    if database.owner_url == database.app_url:
        raise Fault(
            "请另设 DATABASE_OWNER_URL:建表迁移用拥有者角色,应用角色(DATABASE_URL)不得拥有表,否则行级安全不生效。",
            "Set DATABASE_OWNER_URL too: migrations need the owner; the application's role must own nothing, "
            "or row-level security does not bind it.",
        )
    _check_reachable("DATABASE_OWNER_URL", database.owner_url)
    _check_application_role(database.app_url)
    _check_owner(database.owner_url)


def _check_reachable(name: str, url: str) -> None:
    if not url.startswith(("postgresql://", "postgres://")):
        raise Fault(f"{name} 必须以 postgresql:// 开头。", f"{name} must begin with postgresql://.")
    try:
        version = int(psql.ask(url, "show server_version_num"))
    except psql.Refused as refused:
        raise Fault(
            f"连不上 {name} 的数据库:{refused}", f"The database of {name} cannot be reached: {refused}"
        ) from None
    check_version(name, version)


def check_version(name: str, server_version_num: int) -> None:
    version = server_version_num // 10000
    if version < OLDEST_VERSION:
        raise Fault(
            f"{name} 是 PostgreSQL {version},太旧:需要 {OLDEST_VERSION} 或更高,请升级,或去掉该变量改用内置数据库。",
            f"{name} is PostgreSQL {version}: {OLDEST_VERSION} or newer is needed; or unset it for the embedded one.",
        )


def _check_application_role(url: str) -> None:
    question = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    if psql.ask(url, question) != "f":
        raise Fault(
            "DATABASE_URL 的角色会绕过行级安全:请换成 NOSUPERUSER NOBYPASSRLS 的角色。",
            "The role of DATABASE_URL passes by row-level security: use a role with NOSUPERUSER NOBYPASSRLS.",
        )


def _check_owner(url: str) -> None:
    able = "select has_database_privilege(current_database(), 'CREATE') and has_schema_privilege('public', 'CREATE')"
    if psql.ask(url, able) != "t":
        raise Fault(
            "DATABASE_OWNER_URL 的角色不能建表:请执行 ALTER DATABASE … OWNER TO 该角色。",
            "The role of DATABASE_OWNER_URL may not create tables: run ALTER DATABASE … OWNER TO that role.",
        )
    if psql.ask(url, "select getdatabaseencoding() = 'UTF8' and '网' ~ '[[:alpha:]]'") != "t":
        raise Fault(
            "数据库的字符类型不认识汉字:请用 ENCODING UTF8 和 C.UTF-8(或 zh_CN.UTF-8)重建。",
            "The database's character type does not know Chinese: create it with ENCODING UTF8 and C.UTF-8.",
        )
