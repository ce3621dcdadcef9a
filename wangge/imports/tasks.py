"""What the worker does for imports: whatever a batch waits for, one step at a time, as whoever asked for it."""

from datetime import timedelta
from uuid import UUID

from wangge.accounts.models import Post
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty
from wangge.core.errors import Conflict
from wangge.imports import files, running
from wangge.imports.actions import cancel_import
from wangge.imports.models import WAITING, Batch, RowFault

IN_VIEW = 20
UNFINISHED_KEPT = timedelta(days=7)
REPORTS_KEPT = timedelta(days=90)


class PostEnded(Conflict):
    code = "import.post_ended"
    zh = "提交这次导入的岗位已停用，请由在岗的人重新提交。"
    en = "The post that asked for this import has ended; somebody else must ask for it."


def work_on_imports() -> bool:
    """Whether a step was taken. What a killed worker left behind is taken up again."""
    waiting = Batch.objects.filter(state__in=WAITING).order_by("received_at", "id").values_list("pk", flat=True)
    return any(_work_on(batch_id) for batch_id in list(waiting[:IN_VIEW]))


def _work_on(batch_id: UUID) -> bool:
    with running.claimed(batch_id) as mine:
        if not mine:
            return False
        try:
            running.step(batch_id, by=actor_of(batch_id))
        except running.SomebodyElse:
            return False
        except Exception as failure:
            running.set_aside(batch_id, failure)
            if not hasattr(failure, "as_json"):  # no foreseen failure: a bug, which the worker's log must hold
                raise
        return True


def actor_of(batch_id: UUID) -> Actor:
    """The post that asked for the step, as it is today. Raises PostEnded, NotAllowed."""
    batch = Batch.objects.get(pk=batch_id)
    if batch.asked_post is None:
        return Actor.system("import")
    posts = Post.objects.select_related("user", "unit", "role").filter(user__is_active=True, revoked_at=None)
    post = posts.open_on(clock.today()).filter(pk=batch.asked_post).first()
    if post is None:
        raise PostEnded()
    actor = Actor(
        name=post.user.name,
        user_id=post.user_id,
        post_id=post.pk,
        unit_id=post.unit_id,
        unit_name=post.unit.name,
        unit_path=post.unit.path,
        division=post.unit.division,
        role=post.role.code,
        permissions=frozenset(post.role.permissions),
        ranges=tuple(post.codes),
    )
    actor.require(Permission.IMPORT_RUN)
    return actor


def forget_unfinished() -> bool:
    """Files and staged rows hold people's data: what nobody went on with is cancelled, and old reports are emptied."""
    files.sweep()
    by, at = Actor.system("retention"), clock.now()
    with acting(by):
        left = Batch.objects.filter(
            state__in=("checked", "staged", "failed"), partner="", received_at__lt=at - UNFINISHED_KEPT
        )
        for batch_id in list(left.values_list("pk", flat=True)[:IN_VIEW]):
            cancel_import(batch_id=batch_id, by=by, at=at)
        RowFault.objects.filter(batch__received_at__lt=at - REPORTS_KEPT).delete()
    return False


DUTIES = [
    Duty("imports", work_on_imports, timedelta(seconds=1), lane="imports"),
    Duty("unfinished-imports", forget_unfinished, timedelta(hours=1)),
]
