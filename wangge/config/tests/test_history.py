"""Every change of a setting is kept with what stood before and after, and can be taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from wangge.accounts.models import Unit
from wangge.cases.models import CalendarDay, Case, Category, Condition, DispatchRule, Scheme
from wangge.cases.tests import made
from wangge.core import clock, revisions
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry, SettingChange
from wangge.desk.models import Consultation
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import World

LIMITS = {"handle": {"kind": "work_days", "amount": "7"}}


def minor(name: str) -> Category:
    return Category.objects.get(scheme__code="WG", name_zh=name)


def newest(api: Api, **query: Any) -> dict[str, Any]:
    answer = api.get("/api/setting-changes", **query)
    assert answer.status_code == 200, answer.content.decode()
    found: dict[str, Any] = answer.json()["items"][0]
    return found


def undo(api: Api, change: dict[str, Any]) -> Any:
    return api.post(f"/api/setting-changes/{change['id']}/undo")


def test_a_changed_limit_is_kept_with_both_values_and_undone(world: World) -> None:
    admin, category = api_as(world["administrator"]), minor("路灯不亮")
    before = category.limits
    assert admin.patch(f"/api/categories/{category.pk}", {"limits": LIMITS}).status_code == 200
    change = newest(admin, kind="category", subject=str(category.pk))
    assert (change["name"], change["parts"], change["by_name"]) == ("路灯不亮", ["limits"], "陈管理")
    assert (change["before"], change["after"]) == ({"limits": before}, {"limits": LIMITS})
    assert change["effective_date"] == str(clock.today()) and change["may_undo"]
    undone = undo(admin, change).json()
    assert undone["undoes"] == change["id"] and undone["after"] == {"limits": before}
    assert minor("路灯不亮").limits == before
    entry = JournalEntry.objects.filter(kind="category.changed").latest("id")
    assert (entry.data["change"], entry.data["undoes"]) == (undone["id"], change["id"])
    again = undo(admin, change)
    assert (again.status_code, again.json()["code"]) == (409, "setting.undone_already")
    assert undo(admin, undone).status_code == 200, "undoing the undo does it again"
    assert minor("路灯不亮").limits == LIMITS
    assert undo(admin, change).status_code == 200, "and once that stands, the first change can be undone again"
    assert minor("路灯不亮").limits == before


def test_what_later_changes_built_on_is_refused_and_they_are_shown(world: World) -> None:
    admin, category = api_as(world["administrator"]), minor("路灯不亮")
    path = f"/api/categories/{category.pk}"
    admin.patch(path, {"limits": LIMITS})
    first = newest(admin)
    admin.patch(path, {"urgency": "urgent"})
    admin.patch(path, {"limits": {"handle": {"kind": "work_days", "amount": "3"}}})
    third = newest(admin)
    refused = undo(admin, first)
    assert (refused.status_code, refused.json()["code"]) == (409, "setting.built_on")
    assert [one["id"] for one in refused.json()["data"]["later"]] == [third["id"]], "not the one of other parts"
    preview = admin.get(f"/api/setting-changes/{first['id']}").json()
    assert preview["refused"]["code"] == "setting.built_on" and [one["id"] for one in preview["later"]] == [third["id"]]
    assert undo(admin, third).status_code == 200 and undo(admin, first).status_code == 200
    assert minor("路灯不亮").urgency == "urgent", "what another change set stays"


def test_conditions_and_steps_come_back_as_they_were(world: World) -> None:
    admin, category = api_as(world["administrator"]), minor("井盖缺失或破损")
    path = f"/api/categories/{category.pk}"
    before = admin.get(path).json()
    body = {"conditions": [{"accept_when": "缺失"}], "procedure": [{"name_zh": "一步了结"}]}
    assert admin.patch(path, body).status_code == 200
    assert undo(admin, newest(admin)).status_code == 200
    after = admin.get(path).json()
    plain = ("accept_when", "close_when", "limits", "unit_id", "unit_text", "legal_basis", "legal_text")
    assert [[one[name] for name in plain] for one in after["conditions"]] == [
        [one[name] for name in plain] for one in before["conditions"]
    ]
    assert after["procedure"] == before["procedure"]


def test_an_import_in_between_is_not_overwritten(world: World) -> None:
    admin, category = api_as(world["administrator"]), minor("路灯不亮")
    admin.patch(f"/api/categories/{category.pk}", {"urgency": "urgent"})
    Category.objects.filter(pk=category.pk).update(urgency="emergency")
    refused = undo(admin, newest(admin))
    assert (refused.status_code, refused.json()["code"]) == (409, "setting.changed_elsewhere")


def test_a_new_category_is_taken_away_again_unless_it_has_cases(world: World) -> None:
    admin, parent = api_as(world["administrator"]), minor("路灯不亮").parent
    assert parent is not None
    body = {"scheme_id": parent.scheme_id, "parent_id": parent.pk, "code": "9988", "name_zh": "新类"}
    new = admin.post("/api/categories", body).json()
    added = newest(admin)
    assert added["before"] is None and added["after"]["name_zh"] == "新类"
    gone = undo(admin, added).json()
    assert not Category.objects.filter(pk=new["id"]).exists() and gone["after"] is None
    assert undo(admin, gone).status_code == 200
    assert Category.objects.get(pk=new["id"]).path == new["path"], "under its old number"
    report = {"source": "telephone", "title": "灯", "lon": 118.7905, "lat": 32.0205, "category_id": new["id"]}
    assert api_as(world["street_seat"]).post("/api/cases", report).status_code == 201
    refused = undo(admin, newest(admin))
    assert (refused.status_code, refused.json()["code"]) == (409, "category.in_use")
    assert Condition.objects.filter(category=new["id"]).count() == 0


def test_a_calendar_day_is_undone_with_a_preview_of_the_cases_it_moves(world: World) -> None:
    admin = api_as(world["administrator"])
    made.handling(world, 1, at=clock.now())
    day = clock.today() + timedelta(days=1)
    while day.weekday() > 4 or CalendarDay.objects.filter(date=day).exists():
        day += timedelta(days=1)
    body = {"days": [{"date": str(day), "is_workday": False, "name": "停工"}]}
    due = Case.objects.latest("reported_at").due_at
    assert admin.post("/api/calendar", body).status_code == 200
    change = newest(admin, kind="calendar")
    part = f"{day}/override"
    assert change["parts"] == [part] and change["effective_date"] == str(day)
    assert change["before"] == {part: None} and change["after"][part]["name"] == "停工"
    preview = admin.get(f"/api/setting-changes/{change['id']}").json()
    assert preview["refused"] is None and (preview["effect"]["changed"], preview["effect"]["earlier"]) == (1, 1)
    other = {"days": [{"date": str(day + timedelta(days=400)), "is_workday": False}]}
    assert admin.post("/api/calendar", other).status_code == 200
    assert undo(admin, change).status_code == 200, "another day does not stand on this one"
    assert Case.objects.latest("reported_at").due_at == due
    assert not CalendarDay.objects.filter(date=day).exists()


def test_shifts_and_a_ladder_come_back(world: World) -> None:
    admin = api_as(world["administrator"])
    before = admin.get("/api/supervision-rules").json()
    assert admin.put("/api/supervision-rules/handle", {"rules": []}).status_code == 200
    assert undo(admin, newest(admin, kind="supervision", subject="handle")).status_code == 200
    assert admin.get("/api/supervision-rules").json() == before
    winter = {"name": "冬令时", "valid_from": "2027-11-01", "shifts": [["08:30", "12:00"], ["13:30", "17:30"]]}
    admin.post("/api/calendar", {"shifts": [winter]})
    change = newest(admin, kind="calendar")
    assert change["effective_date"] == "2027-11-01"
    admin.post("/api/calendar", {"shifts": []})
    assert undo(admin, newest(admin)).status_code == 200
    assert admin.get("/api/calendar").json()["shifts"][0]["name"] == "冬令时"


def test_a_removed_dispatch_rule_comes_back_under_todays_rules(world: World) -> None:
    commander = api_as(world["commander"])
    body = {"unit_id": world.unit("D-SW").pk, "valid_from": "2026-01-01", "code": town.STREET, "note": "排水"}
    rule = commander.post("/api/dispatch-rules", body).json()
    commander.delete(f"/api/dispatch-rules/{rule['id']}")
    removed = newest(commander, kind="dispatch_rule")
    assert api_as(world.stranger("commander")).get(f"/api/setting-changes/{removed['id']}").status_code == 404
    assert undo(commander, removed).status_code == 200
    back = DispatchRule.objects.get(pk=rule["id"])
    assert (back.note, back.valid_from) == ("排水", date(2026, 1, 1))
    commander.delete(f"/api/dispatch-rules/{rule['id']}")
    Unit.objects.filter(code="D-SW").update(valid_to=clock.today())
    revisions.bump("units")
    refused = undo(commander, newest(commander))
    assert refused.status_code == 422 and "unit_id" in refused.json()["fields"]


def test_what_a_change_holds_by_number_or_code_is_told_by_name(world: World) -> None:
    commander, unit, lamp = api_as(world["commander"]), world.unit("D-SW"), minor("路灯不亮")
    body = {
        "unit_id": unit.pk,
        "scheme_id": lamp.scheme_id,
        "category_path": lamp.path,
        "valid_from": "2026-01-01",
        "code": town.STREET,
    }
    assert commander.post("/api/dispatch-rules", body).status_code == 201
    names = newest(commander, kind="dispatch_rule")["names"]
    assert names[f"unit_id:{unit.pk}"] == unit.name
    assert names[f"code:{town.STREET}"] == town.DIVISIONS[town.STREET]
    assert names[f"category_path:{lamp.path}"].endswith("路灯不亮")
    assert names[f"scheme_id:{lamp.scheme_id}"].startswith(lamp.scheme.name_zh)


def test_a_page_of_the_history_asks_as_often_for_many_changes_as_for_one(world: World) -> None:
    commander, paths = api_as(world["commander"]), "/api/setting-changes"
    schemes = [Scheme.objects.create(code=f"S{one}", version="1", valid_from="2020-01-01") for one in range(4)]
    places = [town.STREET, town.GRID, town.COMMUNITY, town.NEIGHBOUR_GRID]  # any two of both tables
    for scheme, code in zip(schemes, places, strict=True):
        body = {"unit_id": world.unit("D-SW").pk, "scheme_id": scheme.pk, "valid_from": "2026-01-01", "code": code}
        assert commander.post("/api/dispatch-rules", body).status_code == 201
    commander.get(paths)  # units and categories are read once for all
    with CaptureQueriesContext(connection) as of_two:
        commander.get(paths, kind="dispatch_rule", limit=2)
    with CaptureQueriesContext(connection) as of_all:
        found = commander.get(paths, kind="dispatch_rule").json()["items"]
    held = [{f"{part}:{one['after'][part]}" for part in ("unit_id", "scheme_id", "code")} for one in found]
    assert [one["names"].keys() for one in found] == held, "each has its own"
    assert len(of_all) == len(of_two)


def test_a_role_is_put_back_by_the_security_officer_and_read_by_the_auditor(world: World) -> None:
    officer, auditor = api_as(world["security_officer"]), api_as(world["auditor"])
    before = world["assessor"].role.permissions
    assert officer.patch("/api/roles/assessor", {"permissions": ["case.read"]}).status_code == 200
    change = newest(officer)
    assert (change["kind"], change["after"]) == ("role", {"permissions": ["case.read"]})
    assert newest(auditor)["id"] == change["id"] and not newest(auditor)["may_undo"]
    assert undo(auditor, change).status_code == 404 and undo(api_as(world["administrator"]), change).status_code == 404
    assert undo(officer, change).status_code == 200
    world["assessor"].role.refresh_from_db()
    assert world["assessor"].role.permissions == sorted(before)


def test_what_a_unit_is_called_is_put_back_and_its_end_is_not_touched(world: World) -> None:
    admin, unit = api_as(world["administrator"]), world.unit("D-SW")
    path, before = f"/api/units/{unit.pk}", unit.name
    assert admin.patch(path, {"name": "水务局（改）", "phone": "025-52000002"}).status_code == 200
    change = newest(admin, kind="unit")
    assert (change["parts"], change["before"]["name"]) == (["name", "phone"], before)
    stranger = api_as(world.stranger("administrator"))
    assert stranger.get(f"/api/setting-changes/{change['id']}").status_code == 404
    assert undo(admin, change).status_code == 200
    unit.refresh_from_db()
    assert (unit.name, unit.phone, unit.valid_to) == (before, change["before"]["phone"], None)
    assert api_as(world["security_officer"]).patch(path, {"totp_required": True}).status_code == 200
    assert newest(admin, kind="unit")["undoes"] == change["id"], "no setting of how it is called"
    assert admin.get("/api/setting-changes", kind="no such").status_code == 422


def test_a_saved_mapping_is_replaced_forgotten_and_comes_back(world: World) -> None:
    admin = api_as(world["administrator"])
    rules = [{"field": "code", "columns": ["代码"]}, {"field": "name", "columns": ["名称"]}]
    body = {"kind": "divisions", "name": "区划表", "definition": rules}
    saved = admin.post("/api/imports/mappings", body).json()
    admin.post("/api/imports/mappings", body | {"definition": rules[:1]})
    assert undo(admin, newest(admin, kind="import_mapping")).status_code == 200
    assert admin.get("/api/imports/mappings").json()[0]["definition"] == saved["definition"]
    admin.delete(f"/api/imports/mappings/{saved['id']}")
    assert undo(admin, newest(admin)).status_code == 200
    assert admin.get("/api/imports/mappings").json()[0]["id"] == saved["id"]


def test_a_scheme_is_copied_side_by_side_and_the_copy_taken_back(world: World) -> None:
    admin = api_as(world["administrator"])
    old = Scheme.objects.get(code="WG")
    begins = clock.today() + timedelta(days=30)
    copy = admin.post(f"/api/schemes/{old.pk}/copy", {"version": "NEXT", "valid_from": str(begins)}).json()
    mine = admin.get("/api/categories", scheme="WG", version="NEXT").json()
    assert [row["path"] for row in mine] == [
        row["path"] for row in admin.get("/api/categories", scheme="WG", version=old.version).json()
    ]
    lamp = next(row for row in mine if row["name"] == "路灯不亮")
    cards = [admin.get(f"/api/categories/{pk}").json() for pk in (lamp["id"], minor_of(old, "路灯不亮").pk)]
    assert cards[0]["limits"] == cards[1]["limits"] and cards[1]["successor_id"] == lamp["id"]
    old.refresh_from_db()
    assert old.valid_to == begins
    ended, copied = admin.get("/api/setting-changes", kind="scheme").json()["items"][:2]
    assert (ended["parts"], copied["subject"], copied["effective_date"]) == (
        ["valid_to"],
        str(copy["id"]),
        str(begins),
    )
    assert undo(admin, ended).status_code == 200 and undo(admin, copied).status_code == 200
    assert not Scheme.objects.filter(version="NEXT").exists()
    old.refresh_from_db()
    assert old.valid_to is None


def copied(admin: Api, **values: Any) -> tuple[Scheme, dict[str, Any]]:
    """A copy of the governance scheme, and the change that made it."""
    old = Scheme.objects.get(code="WG")
    body = {"version": "NEXT", "valid_from": str(clock.today() + timedelta(days=30)), "ends_old": False} | values
    answer = admin.post(f"/api/schemes/{old.pk}/copy", body)
    assert answer.status_code == 201, answer.content.decode()
    new = Scheme.objects.get(pk=answer.json()["id"])
    return new, newest(admin, kind="scheme", subject=str(new.pk))


def test_what_others_made_of_a_copy_does_not_go_with_it(world: World) -> None:
    admin = api_as(world["administrator"])
    new, made_it = copied(admin)
    lamp = minor_of(new, "路灯不亮")
    assert admin.patch(f"/api/categories/{lamp.pk}", {"limits": LIMITS}).status_code == 200
    refused = undo(admin, made_it)
    assert (refused.status_code, refused.json()["code"]) == (409, "scheme.categories_changed")
    assert minor_of(new, "路灯不亮").limits == LIMITS
    assert undo(admin, newest(admin, kind="category")).status_code == 200
    assert undo(admin, made_it).status_code == 200, "what was taken back holds nothing"


def test_dispatch_rules_go_with_their_scheme_on_the_record(world: World) -> None:
    admin = api_as(world["administrator"])
    new, made_it = copied(admin)
    unit = world.unit("D-SW").pk
    rule = DispatchRule.objects.create(order=1, scheme=new, unit_id=unit, valid_from=date(2026, 1, 1))
    assert undo(admin, made_it).status_code == 403, "one that holds everywhere is not the district's to remove"
    DispatchRule.objects.filter(pk=rule.pk).update(code=town.STREET)
    assert undo(admin, made_it).status_code == 200
    removed = SettingChange.objects.get(kind="dispatch_rule", subject=str(rule.pk))
    assert removed.after is None and removed.before is not None and removed.before["unit_id"] == unit


def test_a_category_that_answers_name_is_in_use(world: World) -> None:
    """Also one that only a consultation names, which the administrator does not see."""
    admin = api_as(world["administrator"])
    new, made_it = copied(admin)
    lamp, seat = minor_of(new, "路灯不亮"), world["street_seat"]
    with acting(Actor.system("test")):
        asked = Consultation.objects.create(
            id=new_id(),
            source="telephone",
            question="灯",
            told="已告知",
            category=lamp,
            code=town.STREET,
            unit=seat.unit,
            at=clock.now(),
        )
    refused = undo(admin, made_it)
    assert (refused.status_code, refused.json()["code"]) == (409, "category.in_use")
    with acting(Actor.system("test")):
        asked.delete()
    assert undo(admin, made_it).status_code == 200


def test_an_ended_scheme_takes_no_more_cases(world: World) -> None:
    admin, seat = api_as(world["administrator"]), api_as(world["street_seat"])
    old, tomorrow = minor("路灯不亮"), clock.today() + timedelta(days=1)
    new, _ = copied(admin, valid_from=str(tomorrow), ends_old=True)
    report = {"source": "telephone", "title": "灯", "lon": 118.7905, "lat": 32.0205, "category_id": old.pk}
    case = seat.post("/api/cases", report)
    assert case.status_code == 201, "on its last day it still does"
    with at_moment(clock.day_start(tomorrow) + timedelta(hours=9)):
        seat = api_as(world["street_seat"])
        refused = seat.post("/api/cases", report)
        assert refused.status_code == 422 and "路灯不亮" in refused.json()["fields"]["category_id"]
        later = report | {"category_id": minor_of(new, "路灯不亮").pk}
        assert seat.post("/api/cases", later).status_code == 201
        path = f"/api/cases/{case.json()['id']}/correct"
        other = Category.objects.get(scheme=old.scheme, name_zh="道路破损")
        assert "category_id" in seat.post(path, {"category_id": other.pk}).json()["fields"]


def minor_of(scheme: Scheme, name: str) -> Category:
    return Category.objects.get(scheme=scheme, name_zh=name)


def test_a_category_out_of_use_names_the_one_to_take(world: World) -> None:
    admin, seat = api_as(world["administrator"]), api_as(world["street_seat"])
    old, new = minor("路灯不亮"), minor("道路破损")
    path = f"/api/categories/{old.pk}"
    assert admin.patch(path, {"is_active": False, "successor_id": old.pk}).status_code == 422
    assert admin.patch(path, {"is_active": False, "successor_id": new.pk}).status_code == 200
    report = {"source": "telephone", "title": "灯", "lon": 118.7905, "lat": 32.0205, "category_id": old.pk}
    refused = seat.post("/api/cases", report)
    assert refused.status_code == 422 and "道路破损" in refused.json()["fields"]["category_id"]
    assert admin.patch(f"/api/categories/{new.pk}", {"is_active": False}).status_code == 200
    assert admin.patch(path, {"limits": LIMITS}).status_code == 200, "the successor was chosen while it was in use"
    assert admin.patch(path, {"successor_id": minor("道路破损").pk}).status_code == 200, "nothing is chosen anew"


def test_nothing_changed_leaves_no_trace(world: World) -> None:
    admin = api_as(world["administrator"])
    rules = [
        {"step": one["step"], "fraction": one["fraction"], "overdue_by": one["overdue_by"]}
        for one in admin.get("/api/supervision-rules").json()
        if one["stage"] == "handle"
    ]
    assert admin.put("/api/supervision-rules/handle", {"rules": rules}).status_code == 200
    assert not SettingChange.objects.exists()


@pytest.mark.parametrize("statement", ["update core_settingchange set by_name = 'x'", "delete from core_settingchange"])
def test_history_cannot_be_rewritten(world: World, statement: str) -> None:
    api_as(world["administrator"]).patch(f"/api/categories/{minor('路灯不亮').pk}", {"urgency": "urgent"})
    with (
        pytest.raises((ProgrammingError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
