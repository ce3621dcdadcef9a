"""Standard answers as pages and seats read them: the list, one with its versions, and those that fit what is said."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import configuration
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.paging import table_page
from wangge.desk.models import Answer, AnswerVersion, Consultation
from wangge.desk.models.answers import AnswerQuerySet
from wangge.desk.wording import asked_pairs, keywords_in, tsquery, words_in_common
from wangge.grids import queries as grids

LOOKED_AT = 30  # candidates by the index, of which the best are shown
SHOWN = 4
USED_WITHIN_DAYS = 30
KEYWORD, NAME, TEXT, CATEGORY = 3.0, 1.0, 0.2, 1.0  # what speaks for an answer


@dataclass(frozen=True, slots=True)
class Fit:
    answer: Answer
    score: float
    keywords: list[str]
    words: tuple[str, ...]


def find_answers(
    *, by: Actor, q: str, category_id: int | None, ended: bool, at: datetime, offset: int, limit: int
) -> dict[str, Any]:
    """Those that hold today; with `ended` those that did or will. Raises NotAllowed."""
    rows = _readable(by).annotate(used=_used(at))
    today = clock.day_of(at)
    in_force = Q(valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    rows = rows.filter(~in_force if ended else in_force)
    if category_id is not None:
        rows = rows.filter(category_id=category_id)
    for word in q.split():
        rows = rows.filter(
            Q(title_zh__icontains=word)
            | Q(title_en__icontains=word)
            | Q(keywords__contains=[word])
            | Q(text_zh__icontains=word)
            | Q(text_en__icontains=word)
        )
    page = table_page(rows.order_by("title_zh", "pk"), offset=offset, limit=limit)
    places = grids.names_of(row.code for row in page["items"])
    items = [_line(row, by, places, today) for row in page["items"]]
    return {"items": items, "count": page["count"], "may_add": by.may(Permission.ANSWER_EDIT)}


def answer_card(answer_id: int, *, by: Actor, at: datetime) -> dict[str, Any]:
    """With its versions, the newest first. Raises NotAllowed, NotFound."""
    row = _readable(by).annotate(used=_used(at)).filter(pk=answer_id).first()
    if row is None:
        raise NotFound()
    line = _line(row, by, grids.names_of([row.code]), clock.day_of(at))
    return line | {"versions": [_version(one) for one in row.versions.order_by("-number")]}


def matching_answers(text: str, *, category_id: int | None, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """The answers that fit what was typed, the best first, each with what speaks for it. Raises NotAllowed."""
    asked = asked_pairs(text)
    if not asked:
        return []
    query = SearchQuery(tsquery(asked), search_type="raw", config="simple")
    today = clock.day_of(at)
    rows = _readable(by).on(today).filter(tokens=query).annotate(rank=SearchRank(F("tokens"), query))
    candidates = list(rows.annotate(used=_used(at)).order_by("-rank", "pk")[:LOOKED_AT])
    fits = [fit for row in candidates if (fit := _fit(row, asked, text, category_id)) is not None]
    fits.sort(key=lambda fit: (-fit.score, fit.answer.pk))
    places = grids.names_of(fit.answer.code for fit in fits[:SHOWN])
    return [_line(fit.answer, by, places, today) | {"reasons": _reasons(fit, by.language)} for fit in fits[:SHOWN]]


def _readable(by: Actor) -> AnswerQuerySet:
    if not by.may(Permission.ANSWER_EDIT):
        by.require(Permission.CASE_READ)
    return Answer.objects.visible_to(by)


def _used(at: datetime) -> Any:
    """How often it was told lately, as far as this reader's centre may know (the policy of consultations)."""
    since = clock.day_start(date.fromordinal(clock.day_of(at).toordinal() - USED_WITHIN_DAYS))
    told = Consultation.objects.filter(answer=OuterRef("pk"), at__gte=since).order_by()
    return Coalesce(Subquery(told.values("answer").annotate(size=Count("pk")).values("size")), 0)


def _fit(row: Answer, asked: frozenset[str], text: str, category_id: int | None) -> Fit | None:
    """None where too little speaks for it: one pair in common is chance, unless no more was typed."""
    keywords = keywords_in(row.keywords, text)
    title = f"{row.title_zh} {row.title_en}"
    in_title = asked & asked_pairs(title)
    if not keywords and len(in_title) < min(2, len(asked)):
        return None
    in_text = asked & asked_pairs(f"{row.text_zh} {row.text_en}") - in_title
    score = KEYWORD * sum(len(word) for word in keywords) + NAME * len(in_title) + TEXT * len(in_text)
    score += CATEGORY * (category_id is not None and row.category_id == category_id)
    return Fit(row, score, keywords, words_in_common(asked - asked_pairs(" ".join(keywords)), title, text))


def _version(row: AnswerVersion) -> dict[str, Any]:
    told: dict[str, Any] = row.values
    return told | {"number": row.number, "restored": row.restored, "by_name": row.by_name, "at": row.at}


def _reasons(fit: Fit, language: str) -> list[str]:
    english, found = language == "en", []
    if fit.keywords:
        words = ("、", ", ")[english].join(fit.keywords)
        found.append((f"关键词“{words}”", f"keyword “{words}”")[english])
    if fit.words:
        words = ("、", ", ")[english].join(fit.words)
        found.append((f"标题中有“{words}”", f"its title has “{words}”")[english])
    return found


def _line(row: Answer, by: Actor, places: dict[str, str], today: date) -> dict[str, Any]:
    english = by.language == "en" and bool(row.title_en)
    category = configuration().categories.get(row.category_id or 0)
    return {
        "id": row.pk,
        "title": row.title_en if english else row.title_zh,
        "text": row.text_en if english else row.text_zh,
        "title_zh": row.title_zh,
        "title_en": row.title_en,
        "text_zh": row.text_zh,
        "text_en": row.text_en,
        "keywords": row.keywords,
        "category_id": row.category_id,
        "category": "" if category is None else (category.name_en if by.language == "en" else category.name_zh),
        "code": row.code,
        "place": places.get(row.code, row.code),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "in_force": row.valid_from <= today and (row.valid_to is None or row.valid_to > today),
        "version": row.version,
        "changed_at": row.changed_at,
        "changed_by": row.changed_by,
        "used": row.used,  # type: ignore[attr-defined]
        "may_edit": by.may(Permission.ANSWER_EDIT) and by.covers(row.code),
    }
