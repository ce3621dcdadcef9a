"""What lists of cases are asked: filters, order, page. Times are UTC."""

import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.queries.filters import CaseFilters, Queue
from wangge.cases.queries.order import Sort
from wangge.cases.rules.states import Outcome, Source, State, Urgency
from wangge.core.paging import DEFAULT_SIZE, LARGEST_SIZE
from wangge.core.schemas import Id, Instant

Some: Any = Field(default=[], max_length=20)
Short = Annotated[str, StringConstraints(max_length=80)]
Path = Annotated[str, StringConstraints(max_length=300)]


class AskedIn(Schema):
    """All that a seat narrows a list by. Lists are given by repeating the name. Times are `[from, to)`."""

    queue: Queue = Queue.ALL
    state: list[State] = Some
    scheme: Id | None = None
    category: Path = Field(default="", description="path of a category: it and everything below it")
    source: list[Source] = Some
    urgency: list[Urgency] = Some
    code: Annotated[str, StringConstraints(pattern=r"^\d{0,17}$")] = Field(
        default="", description="division (significant digits) or grid: it and everything below it"
    )
    unit: Path = Field(default="", description="path of a unit: charged with the case, lead or assisting")
    holder: Path = Field(default="", description="path of the centre that holds the case")
    reported_from: Instant | None = None
    reported_to: Instant | None = None
    closed_from: Instant | None = None
    closed_to: Instant | None = None
    due_before: Instant | None = None
    outcome: list[Outcome] = Some
    is_late: bool | None = None
    self_settled: bool | None = None
    satisfaction: list[Annotated[int, Field(ge=1, le=5)]] = Some
    has_place: bool | None = None
    number: Short = Field(default="", description="case number or its beginning")
    batch: uuid.UUID | None = None
    reported_code: Annotated[str, StringConstraints(pattern=r"^\d{0,17}$")] = Field(
        default="", description="where it lay when it was reported, as figures count it"
    )
    reported_hour: Annotated[int, Field(ge=0, le=23, description="of the Beijing day")] | None = None
    dispatched_from: Instant | None = None
    dispatched_to: Instant | None = None
    lead: Path = Field(default="", description="path of a unit: it or one below it leads the case, or led it last")
    lead_alone: bool | None = Field(default=None, description="true: without those below")
    category_alone: bool | None = Field(default=None, description="true: without what is below it")
    no_category: bool | None = None
    is_answered: bool | None = None
    answered_in_5: bool | None = Field(default=None, description="within five minutes of the report")
    q: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", description="number, or text from one character"
    )

    def given(self) -> CaseFilters:
        names = CaseFilters.__dataclass_fields__.keys() & type(self).model_fields.keys()
        values: dict[str, Any] = {name: getattr(self, name) for name in names}
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return CaseFilters(**(values | lists))


class FiltersIn(AskedIn):
    """What may be asked in a body: a telephone stands in no address, no log."""

    phone: Short = Field(default="", description="the reporter's, whole; finds nothing for who may not know reporters")


class PageIn(Schema):
    sort: Sort = Sort.NEWEST
    cursor: Annotated[str, StringConstraints(max_length=400)] | None = None
    limit: Annotated[int, Field(ge=1, le=LARGEST_SIZE)] = DEFAULT_SIZE


class ListIn(PageIn, AskedIn):
    pass


class SearchIn(PageIn, FiltersIn):
    pass
