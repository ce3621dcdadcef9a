"""The `wangge` command: what belongs to the ground runs here; everything else is a management command of an app.

A new command is a file in `wangge/<app>/management/commands/`; it finds its database without any help. One line in
COMMANDS makes it known to `wangge --help`.
"""

import os
import re
import sys
from collections.abc import Callable
from contextlib import nullcontext

from wangge.either import either
from wangge.ground.home import ROOT, home_folder
from wangge.ground.words import Fault, complain

# name: (Chinese, English); in the order a newcomer meets them
COMMANDS = {
    "up": ("启动全部服务;Ctrl-C 停止", "start everything; Ctrl-C stops it"),
    "demo": ("装入演示区(秦淮规模,全部虚构)", "load the demonstration district (all invented)"),
    "simulate": ("以演示账号通过接口模拟工作日", "live through working days as the demonstration accounts"),
    "import": (
        "导入区划、网格、边界、单位、账号、类别、事件",
        "import divisions, grids, boundaries, units, accounts, …",
    ),
    "createaccount": (
        "建立首位管理员、安全员、审计员;重置其密码",
        "the first administrator, security officer, auditor",
    ),
    "firstpasswords": ("给导入的账号发放初始密码", "first passwords for imported accounts, into a file"),
    "rollups": ("核对或重算汇总", "check or recompute the roll-ups"),
    "suggestions": ("检验推荐承办单位的准确率", "how good the suggested units are"),
    "journal": ("查看日志读取进度,恢复停下的读取者", "see the journal's readers, resume one that stopped"),
    "audit": ("核对导出的操作记录及其签名", "check an exported journal and its signature"),
    "keys": ("查看、轮换加密密钥，重新加密", "show or rotate encryption keys, seal anew"),
    "backup": ("备份数据库、文件和密钥到一个文件", "database, files and keys into one file"),
    "restore": ("从备份恢复", "put a backup back"),
    "migrate": ("更新数据库结构(up 会自动执行)", "bring the tables up to date (up does it by itself)"),
    "worker": ("只运行后台任务(up 会自动执行)", "the background work alone (up does it by itself)"),
    "openapi": ("输出接口说明(OpenAPI)", "write the OpenAPI document"),
    "psql": ("打开数据库命令行", "open PostgreSQL's own command line"),
}
EXAMPLES = (
    ("wangge up --host 0.0.0.0 --https", "手机可访问", "so that phones can reach it"),
    ("wangge simulate --hours 8 --speed 60", "八小时的工作压缩到八分钟", "eight hours of work in eight minutes"),
    ("wangge import divisions FILE --check", "只检查,不写入", "check only, write nothing"),
    ("wangge backup wangge.backup", "运行中也可备份", "also while it runs"),
)
# Starting the database for these would be a surprise, or of no use: they read the code, or speak HTTP.
WITHOUT_DATABASE = {"openapi", "keys", "audit", "simulate", "makemigrations", "help", "check"}
BUT_WITH_DATABASE = {"keys": {"--check", "--reseal", "--drop"}}
MAY_MAKE_DATABASE = {"migrate", "demo", "restore"}
OWNERS_WORK = {"migrate"}


def main(arguments: list[str] | None = None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in {"-h", "--help"}:
        print(_help())
        return 0
    if words[0] == "--version":
        print(version())
        return 0
    try:
        return _run(words[0], words[1:])
    except Fault as fault:
        complain(fault)
        return 1
    except KeyboardInterrupt:
        return 130


def version() -> str:
    """From CHANGELOG.md in a clone, from the installed package otherwise."""
    changelog = ROOT / "CHANGELOG.md"
    if changelog.exists() and (found := re.search(r"(?m)^## (\d+\.\d+\.\d+)", changelog.read_text())):
        return found[1]
    from importlib.metadata import version as installed

    return installed("wangge")


def _run(name: str, arguments: list[str]) -> int:
    ground = _ground_commands().get(name)
    return ground(arguments) if ground else _run_in_django(name, arguments)


def _ground_commands() -> dict[str, Callable[[list[str]], int]]:
    from wangge.ground import backup, restore, terminal, up

    return {"up": up.main, "backup": backup.main, "restore": restore.main, "psql": terminal.main}


def _run_in_django(name: str, arguments: list[str]) -> int:
    from wangge.ground.database import in_use

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.config.settings")
    os.environ.setdefault("WANGGE_HOME", str(home_folder()))
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    options = {word.partition("=")[0] for word in arguments}
    asks = BUT_WITH_DATABASE.get(name, set()) & options
    alone = (name in WITHOUT_DATABASE and not asks) or {"-h", "--help"} & options
    with nullcontext() if alone else in_use(home_folder(), make=name in MAY_MAKE_DATABASE) as database:
        if database is not None:
            os.environ.update(database.environment())
            _borrow_secret_key()
        if name in OWNERS_WORK and not any(word.startswith("--database") for word in arguments):
            arguments = [*arguments, "--database", "owner"]
        _call(name, arguments)
        if name == "migrate" and database is not None:
            _note_migrated(database.owner_url)
    return 0


def _call(name: str, arguments: list[str]) -> None:
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from wangge.core.loading import loading

    try:
        with loading():
            django.setup()
        execute_from_command_line(["wangge", name, *arguments])
    except ImproperlyConfigured as error:
        raise Fault(str(error), str(error)) from None


def _borrow_secret_key() -> None:
    from wangge.ground import secret_file

    os.environ.setdefault("WANGGE_SECRET_KEY", secret_file.read_or_make(home_folder()).secret_key)


def _note_migrated(owner_url: str) -> None:
    from wangge.ground import stamp

    kept = stamp.read(owner_url) & {stamp.DEMO}
    stamp.write(owner_url, kept | {stamp.code()})


def _help() -> str:
    lines = [
        either(
            "网格:面向网格化社区治理的开放指挥平台", "wangge: open command platform for grid-based community governance"
        )
    ]
    lines += ["", "  wangge <command> [--help]", ""]
    lines += [f"  {name:<14} {either(*words)}" for name, words in COMMANDS.items()]
    lines += ["", either("例子:", "examples:")]
    lines += [f"  {command:<40} {either(zh, en)}" for command, zh, en in EXAMPLES]
    lines += [
        "",
        either(
            f"数据、密钥、文件和日志在 {home_folder()}(WANGGE_HOME),外部数据库设 DATABASE_URL、DATABASE_OWNER_URL。",
            f"Data, keys, files and logs are in {home_folder()} (WANGGE_HOME); for a database of your own "
            "set DATABASE_URL and DATABASE_OWNER_URL.",
        ),
        either("Django 的其他命令也可用,如 wangge shell。", "Django's other commands work too, such as wangge shell."),
    ]
    return "\n".join(lines)
