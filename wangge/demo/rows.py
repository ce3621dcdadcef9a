"""Stories as rows, put into the text of COPY by whoever invents them, so that several processes share that work."""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from wangge.cases import search
from wangge.cases.actions.intake import follow_code_of
from wangge.core import crypto
from wangge.core.masking import mask_phone
from wangge.demo import copying
from wangge.demo.copying import Row
from wangge.demo.people import Desk
from wangge.demo.records import Clock, Line, Whistled
from wangge.demo.story import Story

COLUMNS: dict[str, str] = {
    "cases_case": "id number category_id condition_id source source_system source_no title address lon lat place_by"
    " reported_grid current_grid state outcome urgency holder_id holder_path lead_id lead_path complained_id"
    " complained_root reported_by_post joined_to_id is_overdue was_late self_settled is_returned returns reworks"
    " reopenings supervision satisfaction happened_at reported_at answered_at accepted_at dispatched_at signed_at"
    " handled_at reviewed_at closed_at archived_at refused_at changed_at due_at amber_at due_stage version batch",
    "cases_text": "case_id reported_at description tokens",
    "cases_step": "id case_id kind at state by_kind by_user by_post by_name by_unit by_unit_path text data centre_only",
    "cases_deadline": "id case_id stage step unit_path started_at limit_kind limit_amount pauses extensions due_at"
    " amber_at trace calendar met_at dropped_at overdue_at ladder_step ladder_at ladder_by",
    "cases_assignment": "case_id unit_id unit_path role reported_at dispatched_at signed_at finished_at ended_at"
    " ended_how",
    "cases_extension": "case_id unit_path limit_kind limit_amount reason asked_at decided_at granted decision",
    "cases_supervision": "case_id deadline_id step by_rule unit_path text at receipt_at receipt_by receipt_text",
    "cases_join": "case_id into_id state_before at moved undone_at",
    "cases_whistle": "id number case_id code by_unit_path by_post by_name centre_id reason called_at confirmed_at"
    " refused_at refusal ended_at",
    "cases_muster": "whistle_id unit_id unit_path called_at answered_at arrived_at arrival_received_at lon lat"
    " distance_m arrived_by score comment",
    "cases_reporter": "id case_id is_follower name phone_sealed phone_hash phone_masked is_anonymous is_confidential"
    " wants_call follow_hash code complained_root at",
    "cases_rating": "id case_id score solved text by_phone at code complained_root",
}
GUARDED = ("cases_reporter", "cases_rating")  # COPY FROM is refused under row-level security


@dataclass(slots=True)
class Ids:
    """Keys taken from the sequences beforehand, so that rows of one batch can name each other."""

    steps: Iterator[int]
    clocks: Iterator[int]


def text_of(tables: dict[str, list[Row]]) -> dict[str, bytes]:
    return {name: copying.text_of(rows) for name, rows in tables.items() if rows}


def copy(connection: psycopg.Connection[Any], tables: dict[str, bytes]) -> None:
    """In the transaction that is open, as the actor that is set."""
    with connection.cursor() as cursor:
        for table, rows in tables.items():
            copying.copy(cursor, table, COLUMNS[table].split(), rows, is_guarded=table in GUARDED)


def rows_of(stories: Sequence[Story], ids: Ids, batch: uuid.UUID) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for story in stories:
        tables["cases_case"].append(_case(story, batch))
        tables["cases_text"].append(_text(story))
        tables["cases_step"] += [_step(story, line, next(ids.steps)) for line in story.lines]
        keys = {id(clock): next(ids.clocks) for clock in story.clocks}
        tables["cases_deadline"] += [_deadline(story, clock, keys[id(clock)]) for clock in story.clocks]
        tables["cases_assignment"] += _assignments(story)
        tables["cases_extension"] += _extensions(story)
        tables["cases_supervision"] += _supervisions(story, keys)
        tables["cases_join"] += _joins(story, keys)
        for number, whistle in enumerate(story.whistles):
            whistle_id = uuid.UUID(int=story.id.int ^ (8 + number))
            tables["cases_whistle"].append(_whistle(story, whistle, whistle_id))
            tables["cases_muster"] += _musters(whistle, whistle_id)
        tables["cases_reporter"] += _reporters(story)
        tables["cases_rating"] += _ratings(story)
    return tables


def _case(story: Story, batch: uuid.UUID) -> Row:
    clock = story.shown_clock
    is_partner = story.source == "partner"
    return (
        story.id,
        story.number,
        story.category.id,
        story.condition_id,
        str(story.source),
        "12345" if is_partner else "",
        f"DEMO-{story.number[2:]}" if is_partner else "",
        story.title,
        story.address,
        story.spot.lon,
        story.spot.lat,
        "point",
        story.grid,
        story.grid,
        str(story.state),
        str(story.outcome or ""),
        str(story.urgency),
        story.holder.pk,
        story.holder.path,
        story.lead.pk if story.lead else None,
        story.lead.path if story.lead else "",
        story.complained.pk if story.complained else None,
        story.complained.path if story.complained else "",
        story.by.post_id or None,
        story.joined_to,
        story.is_overdue,
        story.was_late,
        story.self_settled,
        story.is_returned,
        story.returns,
        story.reworks,
        story.reopenings,
        story.supervision,
        story.satisfaction,
        None,
        story.reported_at,
        story.answered_at,
        story.accepted_at,
        story.dispatched_at,
        story.signed_at,
        story.handled_at,
        story.reviewed_at,
        story.closed_at,
        story.archived_at,
        story.refused_at,
        story.changed_at,
        clock.due_at if clock else None,
        clock.amber_at if clock else None,
        str(clock.stage) if clock else "",
        story.version,
        batch,
    )


def _text(story: Story) -> Row:
    tokens = search.tokens(story.title, story.address, story.description)
    return (story.id, story.reported_at, story.description, tokens)


def _step(story: Story, line: Line, key: int) -> Row:
    by = line.by
    return (
        key,
        story.id,
        str(line.kind),
        line.at,
        str(line.state),
        _kind_of(by),
        by.user_id or None,
        by.post_id or None,
        by.name,
        by.unit_name,
        by.unit_path,
        line.text,
        json.dumps(line.data, ensure_ascii=False),
        line.centre_only,
    )


def _kind_of(by: Desk) -> str:
    return by.role if by.role in ("system", "public") else "person"


def _deadline(story: Story, clock: Clock, key: int) -> Row:
    return (
        key,
        story.id,
        str(clock.stage),
        clock.step,
        clock.unit_path,
        clock.started_at,
        str(clock.limit.kind),
        clock.limit.amount,
        json.dumps(clock.pauses),
        json.dumps(clock.extensions),
        clock.due_at,
        clock.amber_at,
        json.dumps(clock.trace, ensure_ascii=False),
        clock.calendar,
        clock.met_at,
        clock.dropped_at,
        clock.overdue_at,
        clock.ladder_step,
        clock.ladder_at,
        clock.ladder_by.strip("-"),
    )


def _assignments(story: Story) -> Iterator[Row]:
    for one in story.charges:
        ends = (one.signed_at, one.finished_at, one.ended_at, one.ended_how)
        yield (story.id, one.unit.pk, one.unit.path, one.role, story.reported_at, one.dispatched_at, *ends)


def _extensions(story: Story) -> Iterator[Row]:
    for asked in story.asks:
        limit = (str(asked.limit.kind), asked.limit.amount)
        decided = (asked.decided_at, asked.granted, asked.decision)
        yield (story.id, asked.unit_path, *limit, asked.reason, asked.asked_at, *decided)


def _supervisions(story: Story, keys: dict[int, int]) -> Iterator[Row]:
    for warn in story.warns:
        by_rule = warn.clock is not None
        key = keys[id(warn.clock)] if by_rule else None
        receipt = (warn.receipt_at, warn.receipt_by, warn.receipt_text)
        yield (story.id, key, warn.step, by_rule, warn.unit_path, warn.text, warn.at, *receipt)


def _joins(story: Story, keys: dict[int, int]) -> Iterator[Row]:
    """`moved` names what went over, so that the case can be taken out again as it was."""
    for one in story.joins:
        reporters = [{"id": str(_reporter_key(story)), "is_follower": False}] if story.reporter is not None else []
        moved = {
            "clocks": [keys[id(clock)] for clock in one.stopped],
            "earlier": [],
            "reporters": reporters,
            "evidence": [],
        }
        yield (story.id, one.into, str(one.state_before), one.at, json.dumps(moved), one.undone_at)


def _whistle(story: Story, one: Whistled, key: uuid.UUID) -> Row:
    by = (one.by.unit_path, one.by.post_id, one.by.name)
    ends = (one.confirmed_at, one.refused_at, one.refusal, one.ended_at)
    return (key, one.number, story.id, story.grid, *by, one.centre.pk, one.reason, one.called_at, *ends)


def _musters(whistle: Whistled, key: uuid.UUID) -> Iterator[Row]:
    for one in whistle.musters:
        came = (one.arrived_at, one.arrived_at, one.arrived_at, one.lon, one.lat, one.distance_m, one.arrived_by)
        yield (key, one.unit.pk, one.unit.path, one.called_at, *came, one.score, one.comment)


def _reporter_key(story: Story) -> uuid.UUID:
    return uuid.UUID(int=story.id.int ^ 1)


def _reporters(story: Story) -> Iterator[Row]:
    """With the same seals and hashes that a report makes, so that search by telephone and the follow page find them."""
    if story.reporter is None:
        return
    name, phone = story.reporter
    key = _reporter_key(story)
    joined = story.joins[-1] if story.joined_to is not None else None
    yield (
        key,
        joined.into if joined else story.id,
        joined is not None,
        name,
        crypto.seal(phone, context="cases_reporter.phone", row=str(key)) if phone else None,
        crypto.hash_phone(phone) if phone else None,
        mask_phone(phone) if phone else "",
        not name,
        bool(phone) and story.id.int % 23 == 0,
        True,
        crypto.keyed_hash(follow_code_of(story.id), purpose="follow"),
        joined.into_grid if joined else story.grid,
        story.complained.path if story.complained else "",
        story.reported_at,
    )


def _ratings(story: Story) -> Iterator[Row]:
    if story.rated is not None:
        rated = story.rated
        key = uuid.UUID(int=story.id.int ^ 2)
        complained = story.complained.path if story.complained else ""
        yield (key, story.id, rated.score, rated.solved, rated.text, rated.by_phone, rated.at, story.grid, complained)
