"""What a theme is made of: panels, which categories they are about, and where they stand on each shape of wall.

Checked whenever one is saved, and once more when it is read; `model_json_schema()` is what an editor may check against.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints, model_validator

MOST_PANELS = 16
MOST_LINES = 12


class Metric(StrEnum):
    # of days
    REPORTED = "reported"
    CLOSED = "closed"
    ANSWERED_IN_5 = "answered_in_5"
    CLOSED_IN_TIME = "closed_in_time"
    SELF_SETTLED = "self_settled"
    SATISFIED = "satisfied"
    ARRIVED_IN_10 = "arrived_in_10"
    # of now
    OPEN = "open"
    OVERDUE = "overdue"
    RETURNED = "returned"
    SUPERVISED = "supervised"


OF_NOW = frozenset({Metric.OPEN, Metric.OVERDUE, Metric.RETURNED, Metric.SUPERVISED})


class Span(StrEnum):
    NOW = "now"
    TODAY = "today"
    DAYS_7 = "7"
    DAYS_30 = "30"

    @property
    def days(self) -> int:
        return {"7": 7, "30": 30}.get(str(self), 1)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,19}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class BothLanguages(Strict):
    zh: Name
    en: Name


class WallTile(Strict):
    metric: Metric
    span: Span
    label: BothLanguages | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.metric in OF_NOW) != (self.span is Span.NOW):
            raise ValueError(f"{self.metric}: a number of now has the span now, and no other has it")
        return self


class Panel(Strict):
    id: Id
    title: BothLanguages | None = None


class NumbersPanel(Panel):
    kind: Literal["numbers"]
    tiles: Annotated[list[WallTile], Field(min_length=1, max_length=12)]


class MapPanel(Panel):
    kind: Literal["map"]
    layers: Annotated[list[Literal["grids", "heat", "alerts"]], Field(min_length=1, max_length=3)]


class ChartPanel(Panel):
    kind: Literal["chart"]
    of: Literal["days", "hours", "categories", "places", "sources", "outcomes"]
    span: Span

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Places stand as they are now, hours are today's beside the usual; the others are of days."""
        only = {"places": {Span.NOW}, "hours": {Span.TODAY}}.get(self.of, set(Span) - {Span.NOW})
        if self.span not in only:
            raise ValueError(f"{self.id}: by {self.of} the span is {' or '.join(sorted(only))}")
        return self


class HotPanel(Panel):
    kind: Literal["hot"]
    of: Literal["category", "place"]


class PlainPanel(Panel):
    """Needs nothing said: the live feed, red and supervised cases, the weather, who is on duty."""

    kind: Literal["feed", "alerts", "weather", "duty"]


AnyPanel = Annotated[NumbersPanel | MapPanel | ChartPanel | HotPanel | PlainPanel, Field(discriminator="kind")]
Weights = Annotated[list[Annotated[float, Field(ge=0.2, le=20)]], Field(min_length=1, max_length=MOST_LINES)]


class WallLayout(Strict):
    """A grid: how wide its columns and how high its rows are beside each other, and whose each cell is."""

    columns: Weights
    rows: Weights
    areas: Annotated[list[list[Id]], Field(min_length=1, max_length=MOST_LINES)]

    @model_validator(mode="after")
    def _is_a_grid(self) -> Self:
        if len(self.areas) != len(self.rows) or any(len(row) != len(self.columns) for row in self.areas):
            raise ValueError("areas need one line for each row, and one panel for each column in it")
        for panel in {cell for row in self.areas for cell in row}:
            if not _is_rectangle(self.areas, panel):
                raise ValueError(f"the cells of {panel} are no rectangle")
        return self

    @property
    def panels(self) -> set[str]:
        return {cell for row in self.areas for cell in row}


class CategoryRef(Strict):
    """A category and everything below it."""

    scheme: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    path: Annotated[str, StringConstraints(pattern=r"^([^/]{1,40}/){1,6}$")]

    @property
    def is_first_level(self) -> bool:
        return self.path.count("/") == 1


class Definition(Strict):
    categories: Annotated[list[CategoryRef], Field(max_length=60)] = Field(
        default=[], description="only these; none named: all"
    )
    panels: Annotated[list[AnyPanel], Field(min_length=1, max_length=MOST_PANELS)]
    wide: WallLayout = Field(description="16:9")
    ultra: WallLayout = Field(description="5.45:1")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        ids = [panel.id for panel in self.panels]
        if len(set(ids)) != len(ids):
            raise ValueError("two panels have one id")
        placed = self.wide.panels | self.ultra.panels  # a shape may leave out what it has no room for
        if placed != set(ids):
            raise ValueError(f"not placed, or placed and not there: {', '.join(sorted(placed ^ set(ids)))}")
        if self.categories:
            self._can_be_chosen()
        return self

    def _can_be_chosen(self) -> None:
        """By hour, figures are kept for the first level alone; by channel and outcome, and of departments that were
        called, for all categories together."""
        whole = all(one.is_first_level for one in self.categories)
        for panel in self.panels:
            by_hour = panel.kind == "hot" or (panel.kind == "chart" and panel.of == "hours")
            if by_hour and not whole:
                raise ValueError(f"{panel.id}: by hour there are figures of whole categories of the first level only")
            if panel.kind == "chart" and panel.of in {"sources", "outcomes"}:
                raise ValueError(f"{panel.id}: by {panel.of} there are figures of all categories only")
            if panel.kind == "numbers" and any(tile.metric is Metric.ARRIVED_IN_10 for tile in panel.tiles):
                raise ValueError(f"{panel.id}: of those called there are figures of all categories only")


def read(value: dict[str, Any]) -> Definition:
    return Definition.model_validate(value)


def _is_rectangle(areas: list[list[str]], panel: str) -> bool:
    cells = [(row, column) for row, line in enumerate(areas) for column, cell in enumerate(line) if cell == panel]
    rows, columns = {row for row, _ in cells}, {column for _, column in cells}
    height, width = max(rows) - min(rows) + 1, max(columns) - min(columns) + 1
    return len(cells) == height * width
