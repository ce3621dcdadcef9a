"""Units and accounts from files: every fault by row, all or nothing, and no password anywhere."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from wangge.accounts.importers.staleness import NoLongerFits
from wangge.accounts.models import Post, Unit, User
from wangge.core import clock
from wangge.core.errors import NotAllowed
from wangge.core.ids import new_id
from wangge.core.importing.importer import Counts, ImportContext, StagedRow, importer_for
from wangge.core.importing.mapping import Mapped, guess_mapping
from wangge.core.importing.readers import open_table
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import anybody, api_as
from wangge.testing.world import Person, World

UNITS = "单位编码,单位名称,类型,上级单位编码,区划代码\n"
PEOPLE = "用户名,姓名,手机,单位编码,角色,管辖编码\n"


def read(tmp_path: Path, kind: str, text: str) -> list[Mapped]:
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    table = open_table(path)
    mapping = guess_mapping(table.columns, importer_for(kind).fields)
    assert mapping.faults(importer_for(kind).fields, table.columns) == []
    return list(mapping.apply(table.rows(), importer_for(kind).fields))


def faults(kind: str, rows: list[Mapped], by: Person) -> list[tuple[int | None, str]]:
    own = [fault for row in rows for fault in row.faults]
    found = importer_for(kind).check(rows, ImportContext(by.actor, clock.now(), {}))
    return [(fault.row, fault.code) for fault in [*own, *found]]


def apply(kind: str, rows: Sequence[Mapped], by: Person) -> Counts:
    staged = [StagedRow(row.number, row.values, row.geometry) for row in rows]
    return importer_for(kind).apply(staged, ImportContext(by.actor, clock.now(), {}), new_id())


def test_units_come_in_any_order_and_known_ones_are_renamed(world: World, tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "units",
        UNITS
        + "D-YJ-1,应急局桃叶所,中队,D-YJ,320104001000\n"
        + "D-YJ,应急管理局,部门,,320104\n"
        + "D-SW,水务局（新名）,部门,,320104\n"
        + "D-GA,测试区公安分局,部门,,320104\n",
    )
    admin = world["administrator"]
    assert faults("units", rows, admin) == []
    assert apply("units", rows, admin) == Counts(created=2, changed=1, unchanged=1)
    assert Unit.objects.get(code="D-YJ-1").path == "D-YJ/D-YJ-1/"
    assert Unit.objects.get(code="D-YJ-1").division == town.STREET
    assert Unit.objects.get(code="D-SW").name == "水务局（新名）"
    assert apply("units", rows, admin) == Counts(unchanged=4)
    assert JournalEntry.objects.filter(kind="units.imported").count() == 2


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("D-X,某局,部门,,320104\nD-X,某局,部门,,320104", (3, "unit.code_twice")),
        ("D-X,某所,分支,D-NO,320104", (2, "unit.unknown_parent")),
        ("D-X,某所,分支,D-Y,320104\nD-Y,某所,分支,D-X,320104", (3, "unit.circle")),
        ("D-X,某所,分支,320104,320104", (2, "unit.not_fit")),
        ("D-X,某局,部门,,32010", (2, "unit.not_fit")),
        ("D/X,某局,部门,,320104", (2, "unit.not_fit")),
        ("D-X,某局,部门,,320105", (2, "unit.out_of_area")),
        ("D-CG,城管局,中心,,320104", (2, "unit.moved")),
        ("D-X,某局,什么,,320104", (2, "cell.bad_value")),
        (",某局,部门,,320104", (2, "cell.required")),
    ],
)
def test_a_unit_that_does_not_fit_is_told_by_row(world: World, tmp_path: Path, line: str, fault: Any) -> None:
    assert fault in faults("units", read(tmp_path, "units", UNITS + line + "\n"), world["administrator"])
    good = read(tmp_path, "units", UNITS + "D-OK,某局,部门,,320104\n")
    assert faults("units", good, world["administrator"]) == []


@pytest.mark.parametrize("order", [1, -1], ids=["from above", "from below"])
def test_a_file_of_units_one_under_the_other_without_end_is_a_fault(world: World, tmp_path: Path, order: int) -> None:
    lines = [f"D-{n},第{n}所,分支,{f'D-{n - 1}' if n else 'D-CG'},320104" for n in range(2_000)]
    rows = read(tmp_path, "units", UNITS + "\n".join(lines[::order]) + "\n")
    found = faults("units", rows, world["administrator"])
    assert {code for _, code in found} == {"unit.not_fit", "unit.parent_unfit"} and 1_800 < len(found) < 2_000
    few = read(tmp_path, "units", UNITS + "\n".join(lines[:20][::order]) + "\n")
    assert faults("units", few, world["administrator"]) == []


def test_one_row_is_one_post_and_one_username_one_person(world: World, tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "accounts",
        PEOPLE
        + f"Zhang01,张一,13800000001,{town.COMMUNITY},网格员,{town.GRID}、{town.NEIGHBOUR_GRID}\n"
        + f"zhang01,张一,13800000001,{town.COMMUNITY},网格长,{town.GRID}\n"
        + "zhang02,张二,,D-CG-1,department_clerk,\n"
        + f"street_seat,钱街道,,{town.DISTRICT},考核员,{town.DISTRICT}\n",
    )
    admin = world["administrator"]
    assert faults("accounts", rows, admin) == []
    assert apply("accounts", rows, admin) == Counts(created=2, changed=2, unchanged=0)
    person = User.objects.get(username="zhang01")
    posts = Post.objects.filter(user=person).order_by("pk")
    assert [(post.role.code, post.codes) for post in posts] == [
        ("grid_worker", [town.GRID, town.NEIGHBOUR_GRID]),
        ("grid_chief", [town.GRID]),
    ]
    assert not person.has_usable_password()
    assert Post.objects.filter(user=world["street_seat"].user).count() == 2
    assert {code for _, code in faults("accounts", rows, admin)} == {"account.post_held"}
    assert apply("accounts", rows, admin) == Counts(unchanged=4)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("张 三,张三,,320104001,street_seat,320104001", "account.bad_username"),
        ("zhang01,张三,12,320104001,street_seat,320104001", "account.bad_phone"),
        ("zhang01,张三,,D-NO,street_seat,", "account.unknown_unit"),
        ("zhang01,张三,,320105,district_seat,", "account.unit_out_of_area"),
        ("zhang01,张三,,320104001,street_seat,32010", "account.bad_range"),
        ("zhang01,张三,,320104001,street_seat,3201", "account.range_out_of_area"),
        ("zhang01,张三,,320104,auditor,", "account.other_power"),
        ("street_seat,钱街道,,320104,administrator,", "account.two_powers"),
        ("street_seat,钱某人,,320104,assessor,", "account.other_name"),
        ("stranger_auditor,张审计,,320104,assessor,", "account.not_yours"),
        ("administrator,陈管理,,320104,administrator,", "account.own"),
        ("zhang01,张三,,320104,皇帝,", "cell.bad_value"),
    ],
)
def test_an_account_that_does_not_fit_is_told_by_row(world: World, tmp_path: Path, line: str, fault: str) -> None:
    assert (2, fault) in faults("accounts", read(tmp_path, "accounts", PEOPLE + line + "\n"), world["administrator"])
    good = read(tmp_path, "accounts", PEOPLE + "zhang01,张三,13800000001,320104001,street_seat,320104001\n")
    assert faults("accounts", good, world["administrator"]) == []


def test_what_changed_since_the_check_stops_the_apply_and_nothing_is_made(world: World, tmp_path: Path) -> None:
    rows = read(tmp_path, "accounts", PEOPLE + "zhang01,张一,,D-SW,department_clerk,\nzhang02,张二,,D-GA,部门经办,\n")
    admin = world["administrator"]
    assert faults("accounts", rows, admin) == []
    Unit.objects.filter(code="D-GA").update(valid_to=clock.today())
    with pytest.raises(NoLongerFits) as stale:
        apply("accounts", rows, admin)
    assert stale.value.data["row"] == 3
    assert not User.objects.filter(username="zhang01").exists()


def test_a_post_in_a_unit_that_will_end_ends_with_it(world: World, tmp_path: Path) -> None:
    ends = clock.today() + timedelta(days=10)
    Unit.objects.filter(code="D-GA").update(valid_to=ends)
    header, admin = "用户名,姓名,单位编码,角色,任职日期\n", world["administrator"]
    late = read(tmp_path, "accounts", header + f"zhang01,张一,D-GA,部门经办,{ends}\n")
    assert faults("accounts", late, admin) == [(2, "account.unit_ends")]
    before = read(tmp_path, "accounts", header + f"zhang01,张一,D-GA,部门经办,{ends - timedelta(days=1)}\n")
    assert faults("accounts", before, admin) == []
    apply("accounts", before, admin)
    assert Post.objects.get(user__username="zhang01").valid_to == ends


@pytest.mark.parametrize("key", ["commander", "security_officer", "auditor"])
def test_only_administrators_import_people(world: World, tmp_path: Path, key: str) -> None:
    rows = read(tmp_path, "accounts", PEOPLE + "zhang01,张一,,D-SW,department_clerk,\n")
    with pytest.raises(NotAllowed):
        faults("accounts", rows, world[key])
    with pytest.raises(NotAllowed):
        apply("accounts", rows, world[key])
    assert apply("accounts", rows, world["administrator"]).created == 1


def test_imported_people_are_given_first_passwords_once(world: World, tmp_path: Path) -> None:
    rows = read(tmp_path, "accounts", PEOPLE + "zhang01,张一,,D-SW,department_clerk,\nzhang02,张二,,D-GA,部门经办,\n")
    apply("accounts", rows, world["administrator"])
    admin = api_as(world["administrator"])
    User.objects.filter(username__in=[person.user.username for person in world.people.values()]).update(password="x")
    waiting = [account["id"] for account in admin.get("/api/accounts", has_password="false").json()["items"]]
    assert len(waiting) == 2
    assert (
        api_as(world.stranger("administrator"))
        .post("/api/accounts/first-passwords", {"account_ids": waiting})
        .status_code
        == 404
    )
    given = admin.post("/api/accounts/first-passwords", {"account_ids": waiting})
    assert given.headers["Cache-Control"] == "no-store"
    for one in given.json():
        answer = anybody().post("/api/session", {"username": one["account"]["username"], "password": one["password"]})
        assert answer.json()["status"] == "change_password"
    again = admin.post("/api/accounts/first-passwords", {"account_ids": waiting})
    assert (again.status_code, again.json()["code"]) == (409, "account.has_password")
    assert admin.post("/api/accounts/first-passwords", {"account_ids": []}).status_code == 422
