"""What the operations are tried on, made when first asked for, by the actions themselves."""

from datetime import timedelta
from typing import Any

from shapely import LineString
from shapely.geometry import mapping

from wangge.accounts.models import PartnerSystem, Session
from wangge.cases.models import DispatchRule
from wangge.config.tests.access.command_targets import CommandTargets
from wangge.config.tests.access.field_targets import FieldTargets
from wangge.config.tests.access.registry_targets import RegistryTargets
from wangge.core import clock
from wangge.core.ids import new_id
from wangge.core.models import SettingChange
from wangge.grids.models import Alias, Plan, Redraw, TeamMember
from wangge.imports.models import Batch, Mapping
from wangge.insight.actions.exports import Wanted, ask_export
from wangge.insight.models import Export
from wangge.insight.tables import CASES
from wangge.testing import town
from wangge.wall.models import Theme
from wangge.wall.shipped import COMMAND_DEFINITION


class Targets(FieldTargets, CommandTargets, RegistryTargets):
    """What the operations are tried on, made when first asked for, by the actions themselves."""

    def make_theme(self) -> str:
        values = {"valid_from": "2026-01-01", "definition": COMMAND_DEFINITION, "at": clock.now()}
        return Theme.objects.create(code="tried", number=1, name_zh="主题", **values).code

    def make_proposed(self) -> Any:
        asked = {"record_kind": "person", "code": ""}
        wanted = Wanted(
            kind="registry", format=Export.Format.CSV, title="人口", asked=asked, told={}, purpose="入户走访"
        )
        return ask_export(wanted, by=self.world["community"].actor, at=clock.now()).pk

    def make_table(self) -> Any:
        wanted = Wanted(kind=CASES.kind, format=Export.Format.CSV, title="清单", asked={}, told={})
        return ask_export(wanted, by=self.world["street_seat"].actor, at=clock.now()).pk

    # -- configuration, one of each ---------------------------------------------------------------------------------
    @property
    def scheme(self) -> int:
        return self.category.scheme_id

    @property
    def account(self) -> int:
        return self.world["department_clerk"].user.pk

    @property
    def shape(self) -> dict[str, Any]:
        return dict(mapping(town.SHAPES[town.GRID]))

    @property
    def line(self) -> dict[str, Any]:
        west, south, east, north = town.SHAPES[town.GRID].bounds
        return dict(mapping(LineString([((west + east) / 2, south - 0.01), ((west + east) / 2, north + 0.01)])))

    def make_category(self) -> int:
        return self.category.pk

    def make_division(self) -> str:
        return town.COMMUNITY

    def make_grid(self) -> str:
        return town.GRID

    def make_unit(self) -> int:
        return self.unit("D-CG-1")

    def make_account(self) -> int:
        return self.account

    def make_post(self) -> int:
        return self.world["department_clerk"].post.pk

    def make_role(self) -> str:
        return "assessor"

    def make_session(self) -> int:
        return Session.objects.filter(user=self.world["department_clerk"].user).latest("pk").pk

    def make_member(self) -> int:
        return TeamMember.objects.filter(grid=town.GRID).earliest("pk").pk

    def make_alias(self) -> int:
        return Alias.objects.create(scheme="police", alias="A1", code=town.GRID, valid_from="2026-01-01").pk

    def make_redraw(self) -> Any:
        day = clock.today() + timedelta(days=30)
        return Redraw.objects.create(
            id=new_id(), kind="end", community=town.COMMUNITY, date=day, ended=[town.MICRO_GRID], at=clock.now()
        ).pk

    def make_plan(self) -> Any:
        author = self.world["district_seat"].user
        return Plan.objects.create(
            id=new_id(),
            title="测试方案",
            code=town.COMMUNITY,
            state="submitted",
            date=clock.today() + timedelta(days=30),
            steps=[{"act": "merge", "codes": [town.NEIGHBOUR_GRID, town.DEDICATED_GRID], "into": "", "name": ""}],
            by_user=author.pk,
            by_name=author.name,
            changed_at=clock.now(),
        ).pk

    def make_rule(self) -> int:
        return DispatchRule.objects.create(
            order=1, code=town.DISTRICT, unit_id=self.unit("D-SW"), valid_from="2026-01-01"
        ).pk

    def make_scheme(self) -> int:
        return self.scheme

    def make_trial(self) -> Any:
        body = {"rules": [], "since": "2026-01-01", "until": "2026-02-01"}
        return self.api("commander").post("/api/dispatch-rules/trials", body).json()["id"]

    def make_export(self) -> Any:
        return self.api("auditor").post("/api/exports/journal", {"format": "csv", "title": "操作记录"}).json()["id"]

    def make_change(self) -> int:
        body = {"unit_id": self.unit("D-SW"), "valid_from": "2026-01-01", "code": town.DISTRICT}
        assert self.api("commander").post("/api/dispatch-rules", body).status_code == 201
        return SettingChange.objects.latest("pk").pk

    def make_partner(self) -> int:
        at = clock.now()
        return PartnerSystem.objects.create(
            code="P1",
            name="外部",
            key_sealed=b"",
            old_key_sealed=b"",
            old_key_until=at + timedelta(hours=1),
            codes=[town.STREET],
            permissions=[],
            created_at=at,
        ).pk

    def make_mapping(self) -> int:
        return Mapping.objects.create(kind="divisions", name="旧表", definition=[], by_name="陈管理", at=clock.now()).pk

    def make_batch(self) -> Any:
        owner = self.world["administrator"]
        return Batch.objects.create(
            id=new_id(),
            kind="divisions",
            file_name="a.csv",
            file_sha256="0" * 64,
            file_size=1,
            state="failed",
            by_user=owner.user.pk,
            by_post=owner.post.pk,
            by_name=owner.user.name,
            received_at=clock.now(),
        ).pk

    def make_source(self) -> str:
        return "1"
