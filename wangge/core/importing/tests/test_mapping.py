import json

import pytest

from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.mapping import (
    ColumnMapping,
    MappingUnreadable,
    Otherwise,
    Rule,
    guess_mapping,
    mapping_from,
)
from wangge.core.importing.rows import NUL, Row

FIELDS = (
    Field(name="code", zh="网格编码", en="Grid code", type=FieldType.CODE, required=True, aliases=("编码", "代码")),
    Field(name="name", zh="名称", en="Name", required=True, aliases=("网格名称",)),
    Field(name="founded", zh="成立日期", en="Founded", type=FieldType.DATE),
    Field(
        name="type", zh="类型", en="Type", type=FieldType.CHOICE, choices={"general": ("综合",), "dedicated": ("专属",)}
    ),
)
CODE = Rule(field="code", columns=("代码",))
NAME = Rule(field="name", columns=("名",))


def mapped(rules: tuple[Rule, ...], **values: str) -> tuple[dict[str, str], list[tuple[str, str | None]]]:
    (one,) = ColumnMapping(rules).apply([Row(7, values)], FIELDS)
    assert one.number == 7
    return one.values, [(fault.code, fault.column) for fault in one.faults]


def test_columns_become_fields_in_canonical_form() -> None:
    rules = (CODE, NAME, Rule(field="founded", columns=("日",)), Rule(field="type", columns=("类",)))
    values, faults = mapped(rules, 代码="３２０.0", 名="甲", 日="2018年2月8日", 类="综合")
    assert values == {"code": "320", "name": "甲", "founded": "2018-02-08", "type": "general"}
    assert faults == []


def test_columns_are_joined_without_the_empty_ones() -> None:
    rule = Rule(field="name", columns=("街道", "社区", "名"), join="-")
    assert mapped((rule,), 街道="瑞金路", 社区="", 名="甲")[0] == {"name": "瑞金路-甲"}


def test_a_constant_a_default_and_a_table() -> None:
    rules = (
        Rule(field="code", constant="320104"),
        Rule(field="name", columns=("名",), default="未命名"),
        Rule(field="type", columns=("类",), values={"Z": "综合", "-": ""}, otherwise=Otherwise.FAULT),
    )
    assert mapped(rules, 名="", 类="Z") == ({"code": "320104", "name": "未命名", "type": "general"}, [])
    assert mapped(rules, 名="", 类="-")[0]["type"] == ""
    assert mapped(rules, 名="", 类="Q") == (
        {"code": "320104", "name": "未命名", "type": ""},
        [("cell.not_translated", "类")],
    )


def test_what_the_table_does_not_hold_may_take_the_default() -> None:
    rule = Rule(field="type", columns=("类",), values={"Z": "综合"}, otherwise=Otherwise.DEFAULT, default="专属")
    assert mapped((rule,), 类="Q") == ({"type": "dedicated"}, [])


def test_every_fault_of_a_row_is_listed_at_once() -> None:
    rules = (CODE, NAME, Rule(field="founded", columns=("日",)), Rule(field="type", columns=("类",)))
    _, faults = mapped(rules, 代码="3.2E+11", 名="", 日="-", 类="微")
    assert faults == [
        ("cell.bad_value", "代码"),
        ("cell.required", "名"),
        ("cell.bad_value", "日"),
        ("cell.bad_value", "类"),
    ]


def test_the_faults_of_reading_travel_on() -> None:
    (one,) = ColumnMapping((NAME,)).apply([Row(2, {"名": "甲"}, None, (NUL(row=2),))], FIELDS)
    assert [fault.code for fault in one.faults] == ["cell.nul"]


def test_a_mapping_is_held_against_the_importer_and_the_file() -> None:
    mapping = ColumnMapping((CODE, CODE, Rule(field="colour", columns=("色",)), Rule(field="founded")))
    found = [(fault.code, fault.zh) for fault in mapping.faults(FIELDS, ("代码", "色"))]
    assert [code for code, _ in found] == [
        "mapping.unknown_field",
        "mapping.field_twice",
        "mapping.no_source",
        "mapping.missing_field",
    ]
    assert found[-1][1] == "必填项“名称”没有对应的列。"
    assert [fault.code for fault in ColumnMapping((CODE, NAME)).faults(FIELDS, ("代码",))] == ["mapping.unknown_column"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("网格编码", "名称", "备注"), {"code": "网格编码", "name": "名称"}),
        (("CODE", " Name ", "founded"), {"code": "CODE", "name": " Name ", "founded": "founded"}),
        (("grid_code", "网格名称"), {"code": "grid_code", "name": "网格名称"}),
        (("社区代码", "社区名称", "网格类型"), {"code": "社区代码", "name": "社区名称", "type": "网格类型"}),
        (("甲", "乙"), {}),
    ],
)
def test_headings_are_guessed(columns: tuple[str, ...], expected: dict[str, str]) -> None:
    assert {rule.field: rule.columns[0] for rule in guess_mapping(columns, FIELDS).rules} == expected


def test_a_mapping_is_kept_and_read_back() -> None:
    mapping = ColumnMapping(
        (CODE, Rule(field="type", columns=("类",), values={"Z": "综合"}, otherwise=Otherwise.FAULT))
    )
    assert mapping_from(json.loads(json.dumps(mapping.as_json()))) == mapping


@pytest.mark.parametrize(
    "data",
    [None, {}, [1], [{}], [{"field": 1}], [{"field": "x", "columns": "abc"}], [{"field": "x", "otherwise": "maybe"}],
     [{"field": "x", "values": {"a": 1}}], [{"field": "x", "join": 3}]],
)  # fmt: skip
def test_a_mapping_of_another_form_is_refused(data: object) -> None:
    with pytest.raises(MappingUnreadable):
        mapping_from(data)
