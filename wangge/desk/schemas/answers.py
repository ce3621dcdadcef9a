"""Standard answers and consultations. A standard answer holds nothing personal; an asker leaves masked."""

import uuid
from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.rules.confidence import Purpose
from wangge.cases.rules.states import Source
from wangge.cases.schemas.write import Reason
from wangge.core.paging import DEFAULT_SIZE, LARGEST_SIZE
from wangge.core.schemas import Day, Id, Instant, Line, Words
from wangge.desk.actions.answers import AnswerGiven
from wangge.desk.actions.consult import Consulted

Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=5000, strip_whitespace=True)]
Keyword = Annotated[str, StringConstraints(min_length=2, max_length=40, strip_whitespace=True)]
DivisionOrAll = Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})?$", max_length=12)]
Place = Annotated[str, StringConstraints(pattern=r"^(\d{2,17})?$", max_length=17)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class AnswerIn(Schema):
    code: DivisionOrAll = Field(description="division it holds in (significant digits); empty everywhere")
    title_zh: Title
    text_zh: Text
    title_en: Line = ""
    text_en: Words = ""
    keywords: Annotated[list[Keyword], Field(max_length=30)] = []
    category_id: Id | None = None
    valid_from: Day
    valid_to: Day | None = Field(default=None, description="first day on which it holds no more")

    def as_given(self) -> AnswerGiven:
        values = self.model_dump(exclude={"version", "keywords"})
        return AnswerGiven(**values, keywords=list(dict.fromkeys(self.keywords)))


class AnswerChange(AnswerIn):
    version: Version = Field(description="the one that was looked at")


class RestoreIn(Schema):
    number: Version
    version: Version = Field(description="the newest one, as it was looked at")


class AnswerOut(Schema):
    id: int
    title: str = Field(description="in the reader's language, where there is one in it")
    text: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    keywords: list[str]
    category_id: int | None
    category: str
    code: str
    place: str
    valid_from: date
    valid_to: date | None
    in_force: bool
    version: int
    changed_at: datetime
    changed_by: str
    used: int = Field(description="told in the last 30 days, as far as this reader may know")
    may_edit: bool


class AnswersOut(Schema):
    items: list[AnswerOut]
    count: int
    may_add: bool


class AnswerVersionOut(Schema):
    number: int
    restored: int | None = Field(description="the earlier version that this one brought back")
    by_name: str
    at: datetime
    code: str
    title_zh: str
    text_zh: str
    title_en: str
    text_en: str
    keywords: list[str]
    category_id: int | None
    valid_from: date
    valid_to: date | None


class AnswerCardOut(AnswerOut):
    versions: list[AnswerVersionOut]


class MatchIn(Schema):
    text: Annotated[str, StringConstraints(max_length=2000)]
    category_id: Id | None = None


class MatchOut(AnswerOut):
    reasons: list[str]


class AnswersQuery(Schema):
    q: Annotated[str, StringConstraints(max_length=80)] = ""
    category_id: Id | None = None
    ended: bool = False
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=LARGEST_SIZE)] = DEFAULT_SIZE


class ConsultationIn(Schema):
    """Either a standard answer, or in one's own words what was said."""

    source: Source = Source.TELEPHONE
    question: Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
    answer_id: Id | None = None
    told: Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)] = ""
    category_id: Id | None = None
    code: Place = ""
    name: Line = ""
    phone: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] = ""

    def as_given(self) -> Consulted:
        return Consulted(**self.model_dump())


class ConsultationOut(Schema):
    id: uuid.UUID
    source: Source
    question: str
    answer_id: int | None
    answer: str
    told: str
    category: str
    code: str
    place: str
    by_name: str
    at: datetime
    has_asker: bool = Field(description="somebody can be called back, by those who may")
    phone: str = Field(description="masked")


class ConsultationsOut(Schema):
    items: list[ConsultationOut]
    count: int
    next: str | None = None


class ConsultationsQuery(Schema):
    answer_id: Id | None = None
    since: Instant | None = None
    until: Instant | None = None
    q: Annotated[str, StringConstraints(max_length=80)] = ""
    cursor: Annotated[str, StringConstraints(max_length=400)] = ""
    limit: Annotated[int, Field(ge=1, le=LARGEST_SIZE)] = DEFAULT_SIZE


class AnsweredOut(Schema):
    id: uuid.UUID
    today: int = Field(description="how many this centre has answered today")


class CallerIn(Schema):
    phone: Annotated[str, StringConstraints(max_length=40)]


class ConsultationRevealIn(Schema):
    purpose: Purpose
    reason: Reason


class AskerOut(Schema):
    name: str
    phone: str
