"""The reader of the journal that says what must arrive at which post."""

from collections.abc import Iterator
from datetime import timedelta

from wangge.core import journal
from wangge.core.journal import Batch, Read
from wangge.field.models import PushMessage

READER = "push"
STALE = timedelta(hours=1)  # a reader that was stopped rings for nothing that is over
# No names, no places, no titles: who must know opens the application.
TEXTS = {
    "errand.given": "【网格通】您有新任务 {number}，请打开应用签收。",
    "errand.withdrawn": "【网格通】任务 {number} 已撤回。",
    "errand.late_answer": "【网格通】任务 {number} 已过签收时限，请立即签收。",
    "errand.late_arrive": "【网格通】任务 {number} 已过到达时限，请尽快到场。",
    "errand.overdue": "【网格通】任务 {number} 已过办理期限，请尽快办结或申请延期。",
    "errand.time_granted": "【网格通】任务 {number} 的延期申请已同意。",
    "errand.time_denied": "【网格通】任务 {number} 的延期申请未同意，请按原期限办理。",
    "order.given": "【网格通】您有新指令 {number}，请打开应用签收。",
    "order.late": "【网格通】指令 {number} 已到时限，请立即签收、反馈。",
}


def read() -> int:
    return journal.read_once(READER, handle)


def handle(batch: Batch) -> None:
    told = [entry for entry in batch.entries if entry.kind in TEXTS and batch.as_of - entry.at < STALE]
    rows = [row for entry in told for row in _messages(entry)]
    PushMessage.objects.bulk_create(rows, ignore_conflicts=True)


def _messages(entry: Read) -> Iterator[PushMessage]:
    for post in dict.fromkeys(entry.data.get("posts", ())):
        if post == entry.actor_post:
            continue
        yield PushMessage(
            key=f"{entry.id}:{post}",
            post_id=int(post),
            kind=entry.kind,
            subject_id=entry.subject_id,
            text=TEXTS[entry.kind].format(number=entry.data.get("number", "")),
            at=entry.at,
            next_at=entry.at,
        )
