"""`wangge createaccount`: the first administrator, and the officers nobody may make over the wire.

Whoever can run this can read the database anyway: it acts as the house itself, and the journal says so.
"""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from wangge.accounts.actions.people import FirstPassword, create_account, reset_password
from wangge.accounts.actions.posts import NewPost
from wangge.accounts.actions.units import create_unit
from wangge.accounts.models import Unit, User
from wangge.accounts.permissions import ROLES
from wangge.accounts.rules import as_username
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import DomainError
from wangge.core.management.command import TerminalCommand, refused
from wangge.core.management.keys_at_hand import check_keys
from wangge.either import either

AFTERWARDS = either("首次登录须修改密码。", "The first sign-in asks for another password.")


class Command(TerminalCommand):
    help = either(
        "建立账号，只显示一次初始密码（首位管理员、安全员、审计员用它建立）。",
        "Make an account and show its first password once: the first administrator, security officer and auditor.",
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", help=either("用户名", "name to sign in with"))
        parser.add_argument("--name", help=either("姓名", "full name"))
        parser.add_argument("--role", choices=sorted(ROLES), help=either("角色", "role"))
        parser.add_argument("--unit", help=either("单位编码", "code of the unit"))
        unit_name = either("单位尚不存在时的名称（建为中心）", "its name, when it is to be made as a centre")
        parser.add_argument("--unit-name", help=unit_name)
        division = either("单位尚不存在时所属的区划代码", "division it serves, when it is to be made")
        parser.add_argument("--division", help=division)
        everywhere = either("管辖全部", "the post looks after everything")
        parser.add_argument("--everywhere", action="store_true", help=everywhere)
        reset = either("只给 --username 重置初始密码", "only give --username a new first password")
        parser.add_argument("--reset", action="store_true", help=reset)

    def handle(self, *args: Any, **options: Any) -> None:
        check_keys()
        try:
            with acting(Actor.system("createaccount")) as by:
                first = self._reset(options, by) if options["reset"] else self._create(options, by)
        except DomainError as failure:
            raise refused(failure) from None
        self.stdout.write(f"{either('用户名', 'username')}: {first.user.username}")
        self.stdout.write(f"{either('初始密码', 'first password')}: {first.password}")
        self.stdout.write(AFTERWARDS)

    def _reset(self, options: dict[str, Any], by: Actor) -> FirstPassword:
        username = as_username(options["username"] or self._ask(either("用户名", "username")))
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(either(f"没有用户“{username}”。", f"There is no user {username!r}."))
        return reset_password(user_id=user.pk, by=by, at=clock.now())

    def _create(self, options: dict[str, Any], by: Actor) -> FirstPassword:
        username = options["username"] or self._ask(either("用户名", "username"))
        name = options["name"] or self._ask(either("姓名", "full name"))
        role = options["role"] or self._ask(either("角色", "role"), "administrator")
        unit = self._unit(options, by)
        post = NewPost(unit_id=unit.pk, role=role, codes=[""] if options["everywhere"] else [unit.division])
        return create_account(username=username, name=name, post=post, by=by, at=clock.now())

    def _unit(self, options: dict[str, Any], by: Actor) -> Unit:
        code = options["unit"] or self._ask(either("单位编码", "code of the unit"))
        unit = Unit.objects.filter(code=code).first()
        if unit is not None:
            return unit
        asked = either(f"新单位 {code} 的名称", f"name of the new unit {code}")
        name = options["unit_name"] or self._ask(asked)
        division = options["division"] or self._ask(either("区划代码", "code of the division"), code)
        return create_unit(code=code, name=name, kind="centre", division=division, by=by, at=clock.now())

    def _ask(self, what: str, default: str = "") -> str:
        try:
            answer = input(f"{what}{f' [{default}]' if default else ''}: ").strip() or default
        except EOFError:  # the cursor stands behind the question
            self.stdout.write("")
            answer = ""
        if not answer:
            raise CommandError(f"{either('缺少', 'missing')}: {what}")
        return answer
