"""`wangge createaccount`: the first administrator, and the officers nobody may make over the wire.

Whoever can run this can read the database anyway: it acts as the house itself, and the journal says so.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wangge.accounts.actions.people import FirstPassword, create_account, reset_password
from wangge.accounts.actions.posts import NewPost
from wangge.accounts.actions.units import create_unit
from wangge.accounts.models import Unit, User
from wangge.accounts.permissions import ROLES
from wangge.accounts.rules import as_username
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import DomainError
from wangge.core.management.keys_at_hand import check_keys

AFTERWARDS = "首次登录须修改密码。The first sign-in asks for another password."


class Command(BaseCommand):
    help = (
        "建立账号，只显示一次初始密码（首位管理员、安全员、审计员用它建立）。"
        "Make an account and show its first password once: the first administrator, security officer and auditor."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username")
        parser.add_argument("--name", help="姓名 full name")
        parser.add_argument("--role", choices=sorted(ROLES), help="administrator, security_officer, auditor…")
        parser.add_argument("--unit", help="单位编码 code of the unit")
        parser.add_argument("--unit-name", help="单位尚不存在时的名称 its name, when it is to be made as a centre")
        parser.add_argument("--division", help="区划代码 division it serves, when the unit is to be made")
        parser.add_argument("--everywhere", action="store_true", help="管辖全部 the post looks after everything")
        parser.add_argument("--reset", action="store_true", help="只重置密码 only give --username a new first password")

    def handle(self, *args: Any, **options: Any) -> None:
        check_keys()
        try:
            with acting(Actor.system("createaccount")) as by:
                first = self._reset(options, by) if options["reset"] else self._create(options, by)
        except DomainError as failure:
            fields = " ".join(f"{name}: {text.zh} {text.en}" for name, text in failure.fields.items())
            raise CommandError(f"{failure.message('zh')} {failure.message('en')} {fields}".strip()) from None
        self.stdout.write(f"用户名 username: {first.user.username}")
        self.stdout.write(f"初始密码 first password: {first.password}")
        self.stdout.write(AFTERWARDS)

    def _reset(self, options: dict[str, Any], by: Actor) -> FirstPassword:
        username = as_username(options["username"] or self._ask("用户名 username"))
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户“{username}”。There is no user {username!r}.")
        return reset_password(user_id=user.pk, by=by, at=clock.now())

    def _create(self, options: dict[str, Any], by: Actor) -> FirstPassword:
        username = options["username"] or self._ask("用户名 username")
        name = options["name"] or self._ask("姓名 full name")
        role = options["role"] or self._ask("角色 role", "administrator")
        unit = self._unit(options, by)
        post = NewPost(unit_id=unit.pk, role=role, codes=[""] if options["everywhere"] else [unit.division])
        return create_account(username=username, name=name, post=post, by=by, at=clock.now())

    def _unit(self, options: dict[str, Any], by: Actor) -> Unit:
        code = options["unit"] or self._ask("单位编码 unit code")
        unit = Unit.objects.filter(code=code).first()
        if unit is not None:
            return unit
        name = options["unit_name"] or self._ask(f"新单位 {code} 的名称 name of the new unit {code}")
        division = options["division"] or self._ask("区划代码 division code", code)
        return create_unit(code=code, name=name, kind="centre", division=division, by=by, at=clock.now())

    def _ask(self, what: str, default: str = "") -> str:
        try:
            answer = input(f"{what}{f' [{default}]' if default else ''}: ").strip() or default
        except EOFError:
            answer = ""
        if not answer:
            raise CommandError(f"缺少 missing: {what}")
        return answer
