"""Schemes and categories as pages show them, and guesses at the category of a text."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from wangge.cases.actions.categories import CATEGORY
from wangge.cases.configuration import REVISION, CategoryInfo, configuration, limits_from, units
from wangge.cases.models import Case, Category, Condition, ProcedureStep, Scheme
from wangge.cases.rules.guesses import Candidate, guesses, merged
from wangge.cases.rules.limits import TimeLimit
from wangge.core import clock, codes, setting_changes
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.ranges import within
from wangge.core.revisions import Kept
from wangge.grids import queries as grids

HISTORY = timedelta(days=180)
Dated = tuple[Candidate, date, date | None]  # from and to when its scheme is in force
MOST_HISTORY = 2000  # newest cases around a place; enough for shares, quick to count

PART_HOURS = 3  # the hour of a day matters that far: rubbish at dawn, noise at night
MOST_LIKELY = 40


def schemes(*, language: str) -> list[dict[str, Any]]:
    rows = Scheme.objects.annotate(size=Count("categories", filter=Q(categories__is_leaf=True)))
    return [_scheme(row, language) for row in rows]


def scheme_shown(scheme: Scheme, *, language: str) -> dict[str, Any]:
    return _scheme(Scheme.objects.annotate(size=Count("categories")).get(pk=scheme.pk), language)


def categories_of(*, scheme: str, version: str, everything: bool, language: str, at: datetime) -> list[dict[str, Any]]:
    """In order of path. `scheme` by its code: the version that holds today, unless one is named. Raises NotFound."""
    rows = Scheme.objects.filter(code=scheme)
    today = clock.day_of(at)
    if version:
        found = rows.filter(version=version).first()
    else:
        open_now = rows.filter(valid_from__lte=today).exclude(valid_to__lte=today)
        found = open_now.order_by("-valid_from", "-id").first()
    if found is None:
        raise NotFound()
    known = configuration().categories.values()
    return [
        _row(one, language)
        for one in sorted(known, key=lambda one: one.path)
        if one.scheme_id == found.pk and (everything or one.is_active)
    ]


def category_card(*, category_id: int, language: str) -> dict[str, Any]:
    """Raises NotFound."""
    row = Category.objects.filter(pk=category_id).first()
    info = configuration().categories.get(category_id)
    if row is None or info is None:
        raise NotFound()
    return _row(info, language) | {
        "mark": setting_changes.mark(CATEGORY, category_id),
        "parent_id": row.parent_id,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "limits": _limits(info.limits, language),
        "own_limits": _limits(limits_from(row.limits), language),
        "evidence": row.evidence,
        "first_handler": row.first_handler or info.first_handler,
        "supervisor": row.supervisor,
        "legal_basis": row.legal_basis,
        "collect": row.collect,
        "conditions": [_condition(one, language) for one in Condition.objects.filter(category=row)],
        "procedure": [_step(one, language) for one in ProcedureStep.objects.filter(category=row)],
    }


def guess_category(
    *, text: str, scheme: str | None, lon: float | None, lat: float | None, code: str, by: Actor, at: datetime
) -> list[dict[str, Any]]:
    """Up to five, each with what speaks for it."""
    candidates = _candidates_of(clock.day_of(at))
    if scheme is not None:
        ids = set(Category.objects.filter(scheme__code=scheme).values_list("id", flat=True))
        candidates = tuple(one for one in candidates if one.category_id in ids)
    found_code = grids.grid_at(lon, lat) if lon is not None and lat is not None else code
    history = category_shares(found_code, by=by, at=at) if found_code else {}
    known, where = configuration().categories, _place_name(found_code)
    return [
        {
            "category_id": guess.category_id,
            "path": known[guess.category_id].path,
            "name": _name(known[guess.category_id], by.language),
            "full_name": _full_name(known[guess.category_id], by.language),
            "score": guess.score,
            "reasons": _reasons(guess.name_words, guess.condition_words, guess.share, text, where, by.language),
        }
        for guess in guesses(text, candidates, history)
    ]


def category_shares(code: str, *, by: Actor, at: datetime) -> Mapping[int, float]:
    """Of the newest cases in the same sub-district that this reader sees."""
    street = code[: codes.Level.STREET]
    rows = (
        Case.objects.visible_to(by)
        .filter(within("current_grid", (street,)), reported_at__gt=at - HISTORY, category__isnull=False)
        .order_by("-reported_at", "-id")
        .values_list("category_id", flat=True)[:MOST_HISTORY]
    )
    counts: dict[int, int] = {}
    for category_id in rows:
        if category_id is not None:
            counts[category_id] = counts.get(category_id, 0) + 1
    total = sum(counts.values())
    return {category_id: count / total for category_id, count in counts.items()}


def reported_before(*, by: Actor, day: date) -> list[dict[str, Any]]:
    """What was reported in this post's own grids in half a year until `day` began, the most frequent first: `here` in
    all, `by_part` by PART_HOURS of the Beijing day, `mine` by the post itself. Counts of work, of nobody's person.

    Until the day began, so that it changes once a day. One query, of the newest MOST_HISTORY cases.
    """
    until = clock.day_start(day)
    rows = (
        Case.objects.visible_to(by)
        .filter(within("current_grid", by.ranges), category__isnull=False)
        .filter(reported_at__gt=until - HISTORY, reported_at__lt=until)
        .order_by("-reported_at", "-id")
        .values_list("category_id", "reported_at", "reported_by_post")[:MOST_HISTORY]
    )
    found: dict[int, dict[str, Any]] = {}
    for category_id, at, post_id in rows:
        one = found.setdefault(
            category_id, {"category_id": category_id, "here": 0, "mine": 0, "by_part": [0] * (24 // PART_HOURS)}
        )
        one["here"] += 1
        one["mine"] += post_id == by.post_id
        one["by_part"][clock.local(at).hour // PART_HOURS] += 1
    return sorted(found.values(), key=lambda one: (-one["here"], one["category_id"]))[:MOST_LIKELY]


def _candidates_of(day: date) -> tuple[Candidate, ...]:
    """Of the schemes that are in force then."""
    return tuple(one for one, since, until in _candidates.get() if since <= day and (until is None or day < until))


def _load_candidates() -> tuple[Dated, ...]:
    conditions: dict[int, list[str]] = {}
    for category_id, text in Condition.objects.values_list("category_id", "accept_when"):
        conditions.setdefault(category_id, []).append(text)
    rows = Category.objects.filter(is_active=True, is_leaf=True).select_related("scheme")
    return tuple(
        (
            Candidate(
                category_id=row.pk,
                names=(row.name_zh, row.name_en),
                conditions=tuple(conditions.get(row.pk, ())),
            ),
            row.scheme.valid_from,
            row.scheme.valid_to,
        )
        for row in rows
    )


_candidates: Kept[tuple[Dated, ...]] = Kept(REVISION, _load_candidates)


def _reasons(
    names: tuple[str, ...], conditions: tuple[str, ...], share: float, text: str, where: str, language: str
) -> list[str]:
    english = language == "en"
    found = []
    if names:
        words = ("、", ", ")[english].join(merged(names, text))
        found.append((f"类别名称中有“{words}”", f"its name has “{words}”")[english])
    if conditions:
        words = ("、", ", ")[english].join(merged(conditions, text))
        found.append((f"立案条件中有“{words}”", f"its conditions have “{words}”")[english])
    if share > 0:
        found.append(
            (f"{where}近半年的案件中占 {share:.0%}", f"{share:.0%} of the cases of half a year in {where}")[english]
        )
    return found


def _place_name(code: str | None) -> str:
    street = (code or "")[: codes.Level.STREET]
    return grids.names_of([street]).get(street, street) if street else ""


def _scheme(row: Any, language: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "version": row.version,
        "name": (row.name_en if language == "en" else "") or row.name_zh,
        "source": row.source,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "categories": row.size,
    }


def _row(info: CategoryInfo, language: str) -> dict[str, Any]:
    return {
        "id": info.id,
        "scheme_id": info.scheme_id,
        "parent_id": info.parent_id,
        "code": info.path.rstrip("/").rsplit("/", 1)[-1],
        "path": info.path,
        "name": _name(info, language),
        "full_name": _full_name(info, language),
        "is_leaf": info.is_leaf,
        "is_active": info.is_active,
        "urgency": info.urgency,
        "settle_on_spot": info.settle_on_spot,
        "is_complaint": info.is_complaint,
        "successor_id": info.successor_id,
    }


def _name(info: CategoryInfo, language: str) -> str:
    return info.name_en if language == "en" else info.name_zh


def _full_name(info: CategoryInfo, language: str) -> str:
    return info.full_name_en if language == "en" else info.full_name_zh


def _condition(row: Condition, language: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "accept_when": row.accept_when,
        "close_when": row.close_when,
        "limits": _limits(limits_from(row.limits), language),
        "unit_id": row.unit_id,
        "unit_text": row.unit_text,
        "legal_basis": row.legal_basis,
        "legal_text": row.legal_text,
    }


def _step(row: ProcedureStep, language: str) -> dict[str, Any]:
    unit = units().by_id.get(row.unit_id) if row.unit_id else None
    return {
        "number": row.number,
        "name": (row.name_en if language == "en" else "") or row.name_zh,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "unit_id": row.unit_id,
        "unit": unit.name if unit else "",
        "limit": _limits({"": limits_from({"": row.limit})[""]}, language)[""] if row.limit else None,
    }


def _limits(limits: Mapping[str, TimeLimit], language: str) -> dict[str, Any]:
    return {
        str(stage): {"kind": str(limit.kind), "amount": str(limit.amount), "text": limit.in_words(language)}
        for stage, limit in limits.items()
    }
