"""Households from a file, a row each: number, head and members by document numbers, and their home.

People come by a file of their own before; a row here puts nobody into the registry and moves nobody. Who stands in a
household stays there, and how they stand to its head; what the file says otherwise is a warning of its row.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import uuid_utils

from wangge.core import crypto
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field as Column
from wangge.core.importing.importer import ImportContext
from wangge.core.importing.mapping import Mapped
from wangge.registry.actions.ties import HEAD
from wangge.registry.codelists import CODE_LISTS
from wangge.registry.importers.columns import columns_of, owners
from wangge.registry.importers.copying import insert_lines
from wangge.registry.importers.incoming import Incoming
from wangge.registry.importers.people import HOUSE, NUMBER
from wangge.registry.importers.records import Key, Records, Row, building_address, buildings_of
from wangge.registry.importers.settling import Tally
from wangge.registry.models import Dwelling, Household, Member, Person
from wangge.registry.models.among import Among
from wangge.registry.rules import addresses, identity
from wangge.registry.sealing import PURPOSES

NO_HOME = FaultKind(
    "registry.household_no_home",
    "没有找到这处房屋，请先登记房屋或填写网格编码。",
    "No such dwelling; register it first, or give the grid.",
    FaultLevel.WARNING,
)
HOME_STAYS = FaultKind(
    "registry.household_home_stays",
    "这一户已登记，住所不由文件改动。",
    "The household is registered already; a file does not move it.",
    FaultLevel.WARNING,
)
UNREAD = FaultKind(
    "registry.member_unread",
    "{who}没有写清（应为“证件号码 与户主关系”，以分号隔开），未列入。",
    "{who_en} is not clear (number and relation, with semicolons between); left out.",
    FaultLevel.WARNING,
)
NOBODY = FaultKind(
    "registry.member_unknown",
    "{who}不在本辖区登记的人口里，未列入。",
    "{who_en} is not among the people registered in your area; left out.",
    FaultLevel.WARNING,
)
TWO_HEADS = FaultKind("registry.two_heads", "一户只能有一名户主。", "A household has one head only.")
TWICE = FaultKind("registry.member_twice", "{who}在本行出现两次。", "{who_en} stands twice in this row.")
ELSEWHERE = FaultKind(
    "registry.member_of_another",
    "{who}已在另一户，未列入；请核实后在档案里调整。",
    "{who_en} belongs to another household; left out. Settle it in the file.",
    FaultLevel.WARNING,
)
STANDS = FaultKind(
    "registry.member_stands_otherwise",
    "{who}与户主的关系与登记不同，未改动。",
    "{who_en} stands otherwise to the head in the registry; not changed.",
    FaultLevel.WARNING,
)
OTHER_HEAD = FaultKind(
    "registry.other_head",
    "这一户已登记了另一名户主，未改动。",
    "The household has another head in the registry; not changed.",
    FaultLevel.WARNING,
)
HEAD_NUMBER = Column(
    name="head",
    zh="户主证件号码",
    en="Head's document number",
    aliases=("户主身份证号", "户主公民身份号码"),
    max_length=40,
)
MEMBERS = Column(
    name="members",
    zh="成员",
    en="Members",
    aliases=("家庭成员", "成员证件号码及关系"),
    help_zh="证件号码 与户主关系；证件号码 与户主关系",
    help_en="document number, relation to the head; the next",
    max_length=2_000,
)
ADDRESS = Column(name="address", zh="住址", en="Address", aliases=("房屋地址", "户籍地址", "地址"), max_length=200)
# As sheets write it beside the names of GB/T 4761. Not by what stands in a word: 孙子 holds 子.
CALLED = {
    **dict.fromkeys(("本人", "户主"), HEAD),
    **dict.fromkeys(("夫", "妻", "丈夫", "妻子"), "10"),
    **dict.fromkeys(("儿子", "长子", "次子", "三子", "独生子"), "20"),
    **dict.fromkeys(("女儿", "长女", "次女", "三女", "独生女"), "30"),
    **dict.fromkeys(("孙", "孙子", "孙女", "外孙", "外孙女"), "40"),
    **dict.fromkeys(("父", "母", "父亲", "母亲"), "50"),
    **dict.fromkeys(("祖父", "祖母"), "60"),
    **dict.fromkeys(("兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹"), "70"),
}
_BETWEEN = re.compile(r"[;；\n]+")
_ONE = re.compile(r"\s*([0-9A-Za-z]{5,32})[\s:：,，/]+(\S{1,10})\s*")


@dataclass(frozen=True, slots=True)
class Given:
    """`place` in the row, from 1; the head's own column is 0. `digest` of the document's number."""

    place: int
    digest: bytes
    relation: str


@dataclass(slots=True)
class HouseholdRow(Row):
    house_no: str = ""
    has_home: bool = False  # the row names one
    dwelling: Dwelling | None = None
    members: tuple[Given, ...] = ()
    unread: tuple[int, ...] = ()


@dataclass(slots=True)
class Standing:
    """Who the rows' numbers are, in the importer's own area; what they belong to, and who heads that."""

    people: dict[bytes, Person]
    households: dict[UUID, dict[UUID, str]] = field(default_factory=dict)  # person → household → relation
    heads: dict[UUID, UUID] = field(default_factory=dict)  # household → person


class HouseholdsImporter(Records):
    kind = "households"
    of = "household"
    zh = "家庭户"
    en = "Households"
    fields: tuple[Column, ...] = (
        *(
            replace(one, required=one.name == "number")
            for one in columns_of("household")
            if one.name not in ("lon", "lat")
        ),
        HEAD_NUMBER,
        MEMBERS,
        ADDRESS,
        HOUSE,
    )
    owners = owners("household")

    def row_of(self, incoming: Incoming, given: dict[str, str]) -> Row:
        incoming.more = {}
        members, unread = _members(given)
        parts = addresses.parts_of(given.get("address", ""))
        return HouseholdRow(
            incoming,
            (("number", incoming.values.get("number", "")),),
            building=building_address(given),
            room=addresses.room_key(unit=parts.unit, room=parts.room),
            house_no=given.get("house_no", ""),
            has_home=bool(given.get("house_no") or given.get("address")),
            members=members,
            unread=unread,
        )

    def place(self, rows: Sequence[Row], context: ImportContext) -> None:
        """In the grid of their dwelling, where that is known; else in the one given."""
        ours = _ours(rows)
        buildings = buildings_of(ours, context)
        standing = Dwelling.objects.filter(ended_at=None)
        numbered = standing.filter(Among("house_no", {row.house_no for row in ours if row.house_no}))
        houses = {
            one.house_no: one
            for one in numbered.exclude(house_no="").order_by("-made_at")
            if context.by.covers(one.code)
        }
        inside = standing.filter(Among("building", {one.pk for one in buildings.values()}))
        rooms = {(one.building_id, one.room_key): one for one in inside.exclude(room_key="")}
        for row in ours:
            building = buildings.get(addresses.key(row.building)) if row.building else None
            by_address = rooms.get((building.pk, row.room)) if building else None
            row.dwelling = houses.get(row.house_no) or by_address
            if row.dwelling is not None:
                row.incoming.code = row.dwelling.code
                row.incoming.more = {"dwelling_id": row.dwelling.pk}

    def match(self, rows: list[Row], context: ImportContext) -> None:
        numbers = {row.incoming.values.get("number", "") for row in rows}
        standing = Household.objects.filter(Among("number", numbers), ended_at=None).exclude(number="")
        in_order = sorted(standing.order_by("-made_at", "id"), key=lambda one: context.by.covers(one.code))
        known = {one.number: one for one in in_order}  # the importer's own before another's, then the oldest
        for row in rows:
            row.incoming.known = known.get(row.incoming.values.get("number", ""))

    def row_faults(self, row: Mapped, read: Row) -> Iterator[Fault]:
        for one in _ours([read]):
            yield from (UNREAD(row=row.number, column="members", **_who(place)) for place in one.unread)
            if sum(member.relation == HEAD for member in one.members) > 1:
                yield TWO_HEADS(row=row.number, column="members")
            digests = [member.digest for member in one.members]
            for at, member in enumerate(one.members):
                if member.digest in digests[:at]:
                    yield TWICE(row=row.number, column="members", **_who(member.place))
            if one.has_home and one.dwelling is None:
                yield NO_HOME(row=row.number, column="address")

    def faults_matched(self, rows: list[Row], seen: dict[Key, int], context: ImportContext) -> Iterator[Fault]:
        ours = _ours(rows)
        standing = _standing(ours, context)
        for row in ours:
            number, known = row.incoming.number, row.incoming.known
            if known is not None and row.dwelling is not None and known.dwelling_id != row.dwelling.pk:
                yield HOME_STAYS(row=number, column="address")
            for member in row.members:
                at: dict[str, Any] = {"row": number, "column": "members" if member.place else "head"} | _who(
                    member.place
                )
                person = standing.people.get(member.digest)
                first = seen.setdefault(("member", member.digest.hex()), number)
                if person is None:
                    yield NOBODY(**at)
                elif first != number or (said := _of(person, known, standing)) is None:
                    yield ELSEWHERE(**at)
                elif said and said != member.relation:
                    yield STANDS(**at)
                elif not said and member.relation == HEAD and known is not None and known.pk in standing.heads:
                    yield OTHER_HEAD(**at)

    def complete(self, rows: list[Row], context: ImportContext, tally: Tally) -> None:
        """Those who stand in no household yet come into theirs."""
        ours = _ours(rows)
        standing, lines = _standing(ours, context), []
        for row in ours:
            household, joined = UUID(row.incoming.id), False
            for member in row.members:
                person = standing.people.get(member.digest)
                if person is None or standing.households.get(person.pk):
                    continue
                if member.relation == HEAD and standing.heads.setdefault(household, person.pk) != person.pk:
                    continue
                standing.households[person.pk] = {household: member.relation}
                code = row.incoming.known.code if row.incoming.known is not None else row.incoming.code
                lines.append(f"{uuid_utils.uuid7()}\t{household}\t{person.pk}\t{member.relation}\t{code}\n")
                tally.grids.add(code)
                joined = True
            if joined and row.incoming.known is not None and household not in tally.written:
                tally.written.add(household)
                tally.changed, tally.unchanged = tally.changed + 1, tally.unchanged - 1
        if lines:
            insert_lines("registry_member", ("id", "household_id", "person_id", "relation", "code"), "".join(lines))


def _who(place: int) -> dict[str, Any]:
    """Which of the row, in words: nobody is named in a fault."""
    return (
        {"who": f"第 {place} 名成员", "who_en": f"Member {place}"} if place else {"who": "户主", "who_en": "The head"}
    )


def _ours(rows: Iterable[Row]) -> list[HouseholdRow]:
    return [row for row in rows if isinstance(row, HouseholdRow)]


def _members(given: Mapping[str, str]) -> tuple[tuple[Given, ...], tuple[int, ...]]:
    """The head first; and the places of those that cannot be read. Numbers are kept as their hashes only."""
    hashed = crypto.hasher(PURPOSES[NUMBER.type])
    found, unread = list[Given](), list[int]()
    if head := given.get("head", "").strip():
        found.append(Given(0, hashed(identity.upgraded(identity.normalise_number(head))), HEAD))
    written = [one for one in _BETWEEN.split(given.get("members", "")) if one.strip()]
    for place, one in enumerate(written, start=1):
        match = _ONE.fullmatch(one)
        relation = _relation(match[2]) if match else ""
        if match is None or not relation:
            unread.append(place)
            continue
        digest = hashed(identity.upgraded(identity.normalise_number(match[1])))
        if not (relation == HEAD and found and found[0] == Given(0, digest, HEAD)):  # the head named again
            found.append(Given(place, digest, relation))
    return tuple(found), tuple(unread)


def _relation(text: str) -> str:
    """A code or name of GB/T 4761, or as people call it; "" for what is neither."""
    names = CODE_LISTS["relation"].names
    if text in CALLED or text == "01":
        return CALLED.get(text, HEAD)
    return text if text in names else next((code for code, name in names.items() if name == text), "")


def _standing(rows: Sequence[HouseholdRow], context: ImportContext) -> Standing:
    """As the house; three queries."""
    digests = {member.digest for row in rows for member in row.members}
    people = Person.objects.filter(Among("id_number_hash", digests), ended_at=None)
    found = Standing({bytes(one.id_number_hash or b""): one for one in people if context.by.covers(one.code)})
    ids = [one.pk for one in found.people.values()]
    open_members = Member.objects.filter(to_date=None)
    for person, household, relation in open_members.filter(Among("person", ids)).values_list(
        "person", "household", "relation"
    ):
        found.households.setdefault(person, {})[household] = relation
    known = [row.incoming.known.pk for row in rows if row.incoming.known is not None]
    found.heads = dict(open_members.filter(Among("household", known), relation=HEAD).values_list("household", "person"))
    return found


def _of(person: Person, household: Household | None, standing: Standing) -> str | None:
    """How they stand in this household; "" where they belong to none, None where to another."""
    belongs = standing.households.get(person.pk, {})
    if not belongs:
        return ""
    return belongs.get(household.pk) if household is not None else None
