"""What of the cases a division still holds that is to end: nobody takes them over, as they do for a grid."""

from datetime import date

from wangge.cases.models import Case
from wangge.cases.rules.states import OPEN
from wangge.core.errors import Conflict, DomainError
from wangge.core.ranges import within


class StillOpen(Conflict):
    code = "grids.still_open_cases"
    zh = "这里还有 {count} 件在办案件，请先办结或改到别处。"
    en = "{count} open cases lie in it; close them or put them elsewhere first."


def still_open(division: str, day: date | None) -> list[DomainError]:
    """Whatever the day: what is open today may be open then. Only the number is told."""
    count = Case.objects.filter(within("current_grid", (division,)), state__in=OPEN).count()
    return [StillOpen(count=count, codes=[])] if count else []
