"""`wangge psql`: PostgreSQL's own command line on our database."""

import argparse
import subprocess

from wangge.either import either
from wangge.ground import psql
from wangge.ground.database import in_use
from wangge.ground.home import home_folder


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="wangge psql")
    owner = either("以拥有者角色(可改结构)", "as the role that owns the tables")
    parser.add_argument("--owner", action="store_true", help=owner)
    parser.add_argument("rest", nargs="*", help=either("传给 psql 的参数", "arguments for psql"))
    read = parser.parse_args(arguments)
    with in_use(home_folder(), make=False) as database:
        location, environment = psql.for_libpq(database.owner_url if read.owner else database.app_url)
        command = [str(psql.binary("psql")), "-d", location, *read.rest]
        return subprocess.run(command, env=environment, check=False).returncode
