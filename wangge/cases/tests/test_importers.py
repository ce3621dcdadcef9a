"""A city's standard and other people's cases through the importers: small files with every kind of dirt."""

from pathlib import Path

import pytest

from wangge.cases.configuration import configuration
from wangge.cases.models import Assignment, Case, CaseText, Category, Condition, Reporter, Step
from wangge.cases.tests.importing import bring_in, write_csv
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

STANDARD = """大类代码,大类名称,小类代码,小类名称,处置单位,主管部门,立案条件,结案条件,处置时限
01,市容环境,01,私搭乱建,测试区城市管理局,区政府,正在建设,制止,2紧急工作日
01,市容环境,01,私搭乱建,测试区城市管理局,区政府,已经建成,拆除,15天
01,市容环境,02,道路不洁,环卫所,区政府,有污渍,清扫,2小时
01,市容环境,02,道路不净,环卫所,区政府,有泥土,清扫,2小时
02,施工管理,01,工地扬尘,环卫所,区政府,未覆盖,覆盖,1紧急工作时制止
02,施工管理,02,夜间施工,环卫所,区政府,夜间,停工,1天
02,施工管理,02,夜间施工,环卫所,区政府,夜间,停工,1天
02,施工管理,02,夜间施工,环卫所,区政府,夜间,停工,3天
"""


def test_a_standard_comes_in_with_conditions_and_limits(world: World, tmp_path: Path) -> None:
    admin = world["administrator"].actor
    file = write_csv(tmp_path / "standard.csv", STANDARD)
    done = bring_in("categories", file, admin, scheme="CITY", source="某市标准", bare_day="work_days")
    assert {(fault.row, fault.code) for fault in done.errors} == {
        (6, "category.limit"),
        (9, "category.limits_differ"),
    }
    assert "是否为 1紧急工作时" in done.of("category.limit")[0].zh
    warned = {(fault.row, fault.code) for fault in done.faults} - {(fault.row, fault.code) for fault in done.errors}
    assert {(5, "category.several_names"), (8, "category.repeated"), (4, "category.unit_unknown")} <= warned
    built = Category.objects.get(scheme__code="CITY", path="01/01/")
    first, second = Condition.objects.filter(category=built)
    assert (first.accept_when, first.limits) == ("正在建设", {"handle": {"kind": "urgent_days", "amount": "2"}})
    assert second.limits["handle"]["kind"] == "work_days", "天 as the importer was told"
    assert first.unit_id == world.unit("D-CG").pk and built.supervisor == "区政府"
    assert not Category.objects.get(scheme__code="CITY", path="02/").is_leaf
    assert configuration().categories[built.pk].limit("handle", first.pk).in_words() == "2紧急工作日"
    entry = JournalEntry.objects.get(kind="categories.imported")
    assert (entry.subject_id, entry.data["scheme"]) == (str(done.batch), "CITY")


def test_the_same_standard_again_changes_nothing(world: World, tmp_path: Path) -> None:
    admin = world["administrator"].actor
    file = write_csv(tmp_path / "standard.csv", STANDARD)
    first = bring_in("categories", file, admin, scheme="CITY")
    again = bring_in("categories", file, admin, scheme="CITY")
    assert first.counts.created == 5
    assert (again.counts.created, again.counts.changed, again.counts.unchanged) == (0, 0, 6)
    changed = write_csv(tmp_path / "later.csv", STANDARD.replace("15天", "20天"))
    assert bring_in("categories", changed, admin, scheme="CITY").counts.changed == 1


def test_a_tree_of_names_gets_numbers_and_keeps_them(world: World, tmp_path: Path) -> None:
    admin = world["administrator"].actor
    tree = "一级分类,二级分类,三级分类\n城乡建设,安全生产,事故处理\n城乡建设,安全生产,安全隐患\n城乡建设,城市管理,\n"
    bring_in("categories", write_csv(tmp_path / "a.csv", tree), admin, scheme="TREE")
    paths = dict(Category.objects.filter(scheme__code="TREE").values_list("name_zh", "path"))
    assert paths["安全隐患"] == "01/01/02/" and paths["城市管理"] == "01/02/"
    more = "一级分类,二级分类,三级分类\n城乡建设,园林绿化,\n城乡建设,安全生产,安全隐患\n"
    bring_in("categories", write_csv(tmp_path / "b.csv", more), admin, scheme="TREE")
    after = dict(Category.objects.filter(scheme__code="TREE").values_list("name_zh", "path"))
    assert after == paths | {"园林绿化": "01/03/"}


def test_only_who_may_edit_categories_imports_them(world: World, tmp_path: Path) -> None:
    from wangge.core.errors import NotAllowed

    file = write_csv(tmp_path / "standard.csv", STANDARD)
    with pytest.raises(NotAllowed):
        bring_in("categories", file, world["street_seat"].actor, scheme="CITY")


HEAD = "编号,上报时间,标题,内容,街道,社区,网格编码,经度,纬度,处置单位,类别代码,"
HEAD += "achieve_status,办结时间,答复意见,来电人,来电号码"
CASES = f"""{HEAD}
A1,2024-03-01,路灯不亮,三号楼前,桃叶街道,柳岸社区,,,,城管局桃叶中队,0703,按期办结,2024-03-03,已修复,林某,13900001111
A2,2024-03-02 08:30,井盖缺失,,,,{town.GRID},,,城管局桃叶中队（测试区）,0701,逾期办结,2024-03-09,,,不便透露
A3,2024-03-03 09:00,占道经营,,桃叶街道,无名社区,-,,,游击队,9999,,,,-,
A4,2024-03-04 09:00,河道发臭,,火星街道,,,118.8105,32.0205,,,,,,,
A5,2024-03-05 09:00,早结案,,桃叶街道,,,,,,,,2024-03-04,,,
A1,2024-03-06,重号,,桃叶街道,,,,,,,,,,,
A6,2099-01-01,将来,,桃叶街道,,,,,,,,,,,
A7,2024-03-07,海上,,火星街道,,,0.0,0.0,,,,,,,
"""


def test_cases_come_in_closed_and_open_with_all_that_is_odd_said(world: World, tmp_path: Path) -> None:
    admin = world["administrator"].actor
    done = bring_in(
        "cases",
        write_csv(tmp_path / "cases.csv", CASES),
        admin,
        source_system="OLD",
        scheme="WG",
        default_source="telephone",
    )
    assert {(fault.row, fault.code) for fault in done.errors} == {
        (6, "case.closed_before_reported"),
        (7, "case.number_twice"),
        (8, "case.in_future"),
        (9, "case.no_place"),
    }
    assert {
        (3, "case.unit_spelling"),
        (3, "case.bad_phone"),
        (4, "case.rough_place"),
        (4, "case.unknown_unit"),
        (4, "case.unknown_category"),
        (9, "case.off_the_map"),
    } <= {(fault.row, fault.code) for fault in done.faults}
    assert done.counts.created == 4
    first, second, third, fourth = Case.objects.filter(batch=done.batch).order_by("source_no")
    assert (first.state, first.outcome, first.was_late) == ("closed", "explained", False)
    assert (first.current_grid, first.lead_path) == (town.COMMUNITY, world.unit("D-CG-1").path)
    assert first.category is not None and first.category.name_zh == "路灯不亮"
    assert first.closed_at is not None and first.closed_at.isoformat() == "2024-03-02T16:00:00+00:00"
    assert (second.current_grid, second.was_late, second.outcome) == (town.GRID, True, "solved")
    assert Step.objects.get(case=second, kind="report").data["late"] is True, "kept, whatever the calendar says later"
    assert (third.state, third.current_grid, third.category_id) == ("reported", town.STREET, None)
    assert fourth.current_grid.startswith(town.OTHER_STREET), "the point says where, not the words"
    kept = Step.objects.get(case=third, kind="report").data
    assert (kept["unit"], kept["category"]) == ("游击队", "9999")
    assert Step.objects.get(case=first, kind="close").text == "已修复"
    assert Assignment.objects.get(case=first).ended_how == "closed"
    assert CaseText.objects.get(case=first).description == "三号楼前"
    with acting(Actor.system("test")):
        assert Reporter.objects.get(case=first).phone_masked == "139****1111"


def test_what_came_in_is_found_and_goes_on_here(world: World, tmp_path: Path) -> None:
    bring_in(
        "cases",
        write_csv(tmp_path / "cases.csv", CASES),
        world["administrator"].actor,
        source_system="OLD",
        scheme="WG",
    )
    third = Case.objects.get(source_no="A3")
    district = api_as(world["commander"])
    category = Category.objects.get(name_zh="占道经营", scheme__code="WG").pk
    assert district.post(f"/api/cases/{third.pk}/accept", {"category_id": category}).status_code == 200
    lead = {"lead_id": world.unit("D-CG").pk}
    assert district.post(f"/api/cases/{third.pk}/dispatch", lead).json()["due_stage"] == "handle"
    first = Case.objects.get(source_no="A1")
    found = district.post(f"/api/cases/{first.pk}/reveal", {"purpose": "verify", "reason": "抽查"})
    assert found.status_code == 200 and found.json()[0]["phone"] == "13900001111"


def test_the_same_file_again_brings_nothing(world: World, tmp_path: Path) -> None:
    admin, file = world["administrator"].actor, write_csv(tmp_path / "cases.csv", CASES)
    first = bring_in("cases", file, admin, source_system="OLD")
    again = bring_in("cases", file, admin, source_system="OLD")
    assert (again.counts.created, again.counts.unchanged) == (0, first.counts.created)
    assert len(again.of("case.already_here")) == 4
    entries = JournalEntry.objects.filter(kind="cases.imported").order_by("id")
    assert [entry.data["created"] for entry in entries] == [4, 0]
    assert entries[0].data["batch"] == str(first.batch) and entries[0].code.startswith("320104")


def test_rows_without_a_number_are_taken_once_all_the_same(world: World, tmp_path: Path) -> None:
    admin = world["administrator"].actor
    text = "上报时间,标题,街道\n2024-01-01,一样,桃叶街道\n2024-01-01,一样,桃叶街道\n2024-01-02,一样,桃叶街道\n"
    file = write_csv(tmp_path / "plain.csv", text)
    done = bring_in("cases", file, admin, source_system="PLAIN")
    assert done.counts.created == 2 and [fault.row for fault in done.of("case.repeated")] == [3]
    assert bring_in("cases", file, admin, source_system="PLAIN").counts.created == 0


def test_nobody_imports_into_another_district(world: World, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "cases.csv", CASES)
    done = bring_in("cases", file, world.stranger("administrator").actor, source_system="OLD")
    assert "case.out_of_area" in done.codes() and done.counts.created == 0
