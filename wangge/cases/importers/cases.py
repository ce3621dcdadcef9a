"""Cases from a file: history that is over, or open ones that go on here.

What came in counts where and when it came in; nothing is made up: a time that is not in the file stays empty (only a
closed case must have an end, and takes its beginning), and words that mean nothing here stay with the first step.
Open cases get the clocks their state asks for (open_cases.py).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.cases.importers.case_rows import Reader, Ready
from wangge.cases.importers.case_writer import write
from wangge.cases.importers.open_cases import Backlog
from wangge.cases.models import Case
from wangge.cases.rules.states import Outcome, Source, Urgency
from wangge.core import journal
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped

AT_ONCE = 1_000
ALREADY_HERE = FaultKind(
    "case.already_here",
    "编号 {source_no} 已在系统中（{number}），不再导入。",
    "The number {source_no} is here already as {number}; it is not imported again.",
    FaultLevel.WARNING,
)


def _text(name: str, zh: str, en: str, *aliases: str, required: bool = False, longest: int = 200) -> Field:
    return Field(name=name, zh=zh, en=en, aliases=aliases, required=required, max_length=longest)


def _code(name: str, zh: str, en: str, *aliases: str) -> Field:
    return Field(name=name, zh=zh, en=en, type=FieldType.CODE, aliases=aliases, max_length=100)


class CasesImporter:
    kind = "cases"
    permission = Permission.CATEGORY_EDIT
    zh = "案件"
    en = "Cases"
    takes_geometry = False
    hides_numbers = True  # who reported, and their telephones
    fields: tuple[Field, ...] = (
        _code("source_no", "原编号", "Number over there", "编号", "案件编号", "工单编号", "留言编号", "rec_id"),
        Field(
            name="reported_at",
            zh="上报时间",
            en="Reported at",
            type=FieldType.DATETIME,
            required=True,
            aliases=("受理时间", "留言时间", "来电时间", "create_time"),
            help_zh="只有日期也可以",
            help_en="a day alone will do",
        ),
        _text("title", "标题", "Title", "主题", "留言主题", "事项", required=True, longest=500),
        _text("description", "内容", "Description", "详情", "留言详情", "问题描述", longest=20_000),
        _code("category_code", "类别代码", "Category code", "小类代码", "sub_type_code"),
        _text("major_name", "一级类别", "First level", "大类名称", "一级标签", "一级分类"),
        _text("minor_name", "二级类别", "Second level", "小类名称", "二级分类"),
        _text("third_name", "三级类别", "Third level", "三级分类"),
        _code("place_code", "网格或区划编码", "Grid or division code", "网格编码", "社区编码", "区划编码"),
        _text("street", "街道", "Street", "street_name", "镇街"),
        _text("community", "社区", "Community", "community_name", "村居"),
        _text("address", "地址", "Address", "地点", longest=500),
        Field(name="lon", zh="经度", en="Longitude", type=FieldType.DECIMAL, aliases=("longitude", "lng")),
        Field(name="lat", zh="纬度", en="Latitude", type=FieldType.DECIMAL, aliases=("latitude",)),
        _code("unit_code", "单位编码", "Unit code", "dispose_unit_code"),
        _text("unit", "承办单位", "Unit", "处置单位", "办理单位", "dispose_unit"),
        Field(
            name="source",
            zh="来源",
            en="Source",
            type=FieldType.CHOICE,
            choices={
                Source.TELEPHONE: ("来电", "电话", "热线"),
                Source.WALK_IN: ("来访", "来人"),
                Source.LEADER: ("领导批示",),
                Source.GRID: ("网格员上报", "网格员", "采集员上报"),
                Source.RESIDENT: ("居民自报", "网民留言", "微信", "APP"),
                Source.PARTNER: ("外部系统", "12345", "部门转办"),
                Source.FILE: ("批量导入",),
                Source.SUPERIOR: ("上级交办",),
                Source.VIDEO: ("视频发现",),
                Source.SENSOR: ("物联感知",),
            },
        ),
        Field(
            name="state",
            zh="状态",
            en="State",
            type=FieldType.CHOICE,
            choices={
                "closed": ("已结案", "办结", "已办结", "结案", "Closed"),
                "open": ("未结案", "在办", "办理中", "待办", "Open"),
            },
        ),
        Field(
            name="outcome",
            zh="办理结果",
            en="Outcome",
            type=FieldType.CHOICE,
            choices={
                Outcome.SOLVED: ("已解决", "解决"),
                Outcome.PARTLY: ("部分解决",),
                Outcome.EXPLAINED: ("解释说明", "已答复"),
                Outcome.UNFOUNDED: ("情况不实", "不属实"),
            },
        ),
        Field(
            name="late",
            zh="是否超期",
            en="Late",
            type=FieldType.CHOICE,
            aliases=("achieve_status",),
            choices={
                "1": ("超期", "逾期", "逾期办结", "超期办结", "overtime", "是"),
                "0": ("按期", "按期办结", "按时", "intime", "否"),
            },
        ),
        Field(
            name="closed_at",
            zh="结案时间",
            en="Closed at",
            type=FieldType.DATETIME,
            aliases=("办结时间", "答复时间", "CloseDate"),
        ),
        _text("reply", "答复意见", "Reply", "办理结果说明", "回复", longest=20_000),
        Field(
            name="urgency",
            zh="紧急程度",
            en="Urgency",
            type=FieldType.CHOICE,
            choices={Urgency.NORMAL: ("一般", "普通"), Urgency.URGENT: ("紧急",), Urgency.EMERGENCY: ("特急",)},
        ),
        _text("reporter", "报告人", "Reporter", "留言用户", "来电人", "姓名", longest=100),
        _text("phone", "联系电话", "Telephone", "电话", "来电号码", longest=40),
    )
    options: tuple[Field, ...] = (
        _text("source_system", "来源系统代号", "System it comes from", required=True, longest=40),
        _text("scheme", "目录代号", "Scheme code", longest=32),
        _text("version", "目录版本", "Scheme version", longest=32),
        _text("under", "所属区划编码", "Division it lies in", longest=20),
        _text("place_scheme", "地点别名方案", "Scheme of the place codes", longest=60),
        Field(
            name="default_source",
            zh="默认来源",
            en="Source unless said",
            type=FieldType.CHOICE,
            choices={str(source): () for source in Source},
        ),
        Field(
            name="default_outcome",
            zh="默认结果",
            en="Outcome unless said",
            type=FieldType.CHOICE,
            choices={str(outcome): () for outcome in Outcome},
        ),
        Field(
            name="default_state",
            zh="默认状态",
            en="State unless said",
            type=FieldType.CHOICE,
            choices={"open": ("在办",), "closed": ("已结案",)},
        ),
    )

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(self.permission)
        reader = Reader(context)
        yield from reader.file_faults()
        waiting: list[Ready] = []
        backlog = Backlog(context.at)
        for row in rows:
            faults: list[Fault] = []
            ready = reader.read(row.number, row.values, faults)
            yield from faults
            if ready is not None:
                waiting.append(ready)
            if len(waiting) >= AT_ONCE:
                yield from _already_here(waiting, backlog)
                waiting.clear()
        yield from _already_here(waiting, backlog)
        yield from backlog.faults()

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        context.by.require(self.permission)
        reader = Reader(context)
        created = unchanged = overdue = 0
        places: set[str] = set()
        span: list[datetime] = []
        waiting: list[Ready] = []

        def flush() -> None:
            nonlocal created, unchanged, overdue
            here = _here(waiting)
            new = [one for one in waiting if one.source_no not in here]
            overdue += write(new, batch_id=batch_id, context=context)
            created, unchanged = created + len(new), unchanged + len(waiting) - len(new)
            places.update(one.code for one in new)
            span.extend(one.reported_at for one in new)
            waiting.clear()

        for row in rows:
            ready = reader.read(row.number, row.values, [])
            if ready is not None:
                waiting.append(ready)
            if len(waiting) >= AT_ONCE:
                flush()
        flush()
        counts = Counts(created=created, unchanged=unchanged)
        _record(counts, batch_id, places, span, overdue, context)
        return counts


def _already_here(rows: list[Ready], backlog: Backlog) -> Iterator[Fault]:
    here = _here(rows)
    backlog.add(one for one in rows if one.source_no not in here)
    for one in rows:
        if one.source_no in here:
            yield ALREADY_HERE(row=one.row, subject=one.source_no, source_no=one.source_no, number=here[one.source_no])


def _here(rows: list[Ready]) -> dict[str, str]:
    if not rows:
        return {}
    found = Case.objects.filter(source_system=rows[0].source_system, source_no__in=[one.source_no for one in rows])
    return dict(found.values_list("source_no", "number"))


def _record(
    counts: Counts, batch_id: UUID, places: set[str], span: list[datetime], overdue: int, context: ImportContext
) -> None:
    """One entry for the batch, which also announces what was overdue; roll-ups find its cases by `Case.batch`."""
    low, high = (min(places), max(places)) if places else ("", "")
    common = low
    while not high.startswith(common):
        common = common[:-1]
    journal.record(
        journal.Entry(
            kind="cases.imported",
            subject=("import", str(batch_id)),
            code=common,
            permission=Permission.IMPORT_RUN,
            data={
                "batch": str(batch_id),
                "created": counts.created,
                "unchanged": counts.unchanged,
                "overdue": overdue,
                "first": min(span) if span else None,
                "last": max(span) if span else None,
            },
        ),
        by=context.by,
        at=context.at,
    )
