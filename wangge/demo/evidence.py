"""Pictures for some of the newest cases, judged and stored as those that people send."""

import io
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from wangge.cases import files
from wangge.cases.actions.evidence import Content, keep_content
from wangge.cases.models import Attachment, Case, Look, Step
from wangge.cases.rules.evidence import PhotoType, is_featureless, slices_of
from wangge.core.ids import new_id
from wangge.demo import pictures

THREADS = 3  # drawing and compressing leave the interpreter free; so does waiting for the disk
OPEN_SHARE = 0.4
HANDLED_BY = ("settle", "finish")


@dataclass(frozen=True, slots=True)
class _Wanted:
    case: Case
    step: Step
    photo_type: PhotoType
    kind: str
    taken_at: datetime
    seed: int


def write(count: int, seed: int) -> int:
    """Before and after for cases that were handled, before for open ones. How many pictures there are."""
    wanted = list(_wanted(count, seed))
    with ThreadPoolExecutor(THREADS) as threads:
        contents = list(threads.map(_keep, wanted))
    pieces = [_piece(one, content) for one, content in zip(wanted, contents, strict=True)]
    Attachment.objects.bulk_create(pieces)
    Look.objects.bulk_create(
        Look(attachment=piece.pk, look=piece.picture_hash, slices=slices_of(piece.picture_hash))
        for piece in pieces
        if piece.picture_hash is not None and not is_featureless(piece.picture_hash)
    )
    return len(pieces)


def _wanted(count: int, seed: int) -> Iterator[_Wanted]:
    newest = Case.objects.filter(complained=None).order_by("-reported_at", "-id")
    opened = _to_be_seen(newest.open(), int(count * OPEN_SHARE))
    handled = _to_be_seen(newest.filter(handled_at__isnull=False), count - len(opened))
    kinds = dict([*opened, *handled])
    first, last = _steps(list(kinds))
    for case, kind in kinds.items():
        sown = seed ^ (case.pk.int & 0xFFFFFF)
        report = first[case.pk]
        taken_at = case.reported_at - timedelta(seconds=90 + sown % 400)
        yield _Wanted(case, report, PhotoType.BEFORE, kind, taken_at, sown)
        if case.pk in last:
            step = last[case.pk]
            yield _Wanted(case, step, PhotoType.AFTER, kind, step.at - timedelta(seconds=20 + sown % 40), sown)


def _to_be_seen(cases: QuerySet[Case], count: int) -> list[tuple[Case, str]]:
    """The first of them that a picture could show, each with the kind of its picture."""
    found = ((case, pictures.kind_of(case.title)) for case in cases[: count * 3])
    return [(case, kind) for case, kind in found if kind is not None][:count]


def _steps(cases: list[Case]) -> tuple[dict[object, Step], dict[object, Step]]:
    """By case: its report, and how it was handled last."""
    rows = Step.objects.filter(case__in=cases, kind__in=("report", *HANDLED_BY)).order_by("id")
    first, last = dict[object, Step](), dict[object, Step]()
    for step in rows:
        (last if step.kind in HANDLED_BY else first)[step.case_id] = step
    return first, last


def _keep(one: _Wanted) -> Content:
    rng = random.Random(one.seed)
    lon, lat = one.case.lon or 0.0, one.case.lat or 0.0
    after = one.photo_type is PhotoType.AFTER
    jpeg = pictures.draw(one.kind, rng, after=after, taken_at=one.taken_at, lon=lon, lat=lat)
    return keep_content(io.BytesIO(jpeg), limits=files.limits())


def _piece(one: _Wanted, content: Content) -> Attachment:
    case, step = one.case, one.step
    is_after = one.photo_type is PhotoType.AFTER
    return Attachment(
        id=new_id(),
        case=case,
        step=step,
        kind=content.kind,
        photo_type=str(one.photo_type),
        name=f"{'处置后' if is_after else '现场'}.{content.extension}",
        mime=content.mime,
        size=content.size,
        sha256=content.sha256,
        served_sha256=content.served_sha256,
        small_sha256=content.small_sha256,
        medium_sha256=content.medium_sha256,
        picture_hash=content.look,
        taken_at=content.taken_at,
        lon=content.lon,
        lat=content.lat,
        tells_itself=content.taken_at is not None,
        from_reporter=not is_after and step.by_kind == "public",
        by_post=step.by_post,
        by_name=step.by_name,
        at=step.at,
        code=case.current_grid,
        complained_root=case.complained_root,
    )
