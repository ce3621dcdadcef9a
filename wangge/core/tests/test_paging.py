"""A cursor is given back as it was given, or it is refused: never a failure of ours."""

import base64
import json
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from wangge.core.clock import BEIJING
from wangge.core.errors import Invalid
from wangge.core.ids import new_id
from wangge.core.models import Revision
from wangge.core.paging import decode_cursor, encode_cursor, table_page

KINDS = (datetime.fromisoformat, int, str, UUID)
AT, ID = datetime(2026, 3, 2, 9, tzinfo=BEIJING), new_id()


def made_up(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_cursor_comes_back_as_what_it_was() -> None:
    assert decode_cursor(encode_cursor([AT, 5, "x", ID]), kinds=KINDS) == [AT, 5, "x", ID]


@pytest.mark.parametrize(
    ("place", "value"),
    [(3, 5), (3, None), (3, {}), (0, 5), (0, []), (1, float("inf")), (1, "x"), (1, None), (2, "\0"), (2, "\ud800")],
)
def test_a_value_of_another_type_is_refused(place: int, value: Any) -> None:
    values: list[Any] = [AT.isoformat(), 5, "x", str(ID)]
    values[place] = value
    with pytest.raises(Invalid) as refused:
        decode_cursor(made_up(values), kinds=KINDS)
    assert list(refused.value.fields) == ["cursor"]


@pytest.mark.parametrize(
    ("offset", "limit", "items", "statements"), [(0, 2, 2, 2), (0, 4, 3, 1), (2, 2, 1, 1), (9, 2, 0, 2), (0, 3, 3, 2)]
)
def test_a_page_has_the_count_of_all_and_asks_for_it_where_it_does_not_see_their_end(
    db: None, django_assert_num_queries: Any, offset: int, limit: int, items: int, statements: int
) -> None:
    Revision.objects.all().delete()
    Revision.objects.bulk_create(Revision(name=f"r{number}", number=number) for number in range(3))
    with django_assert_num_queries(statements):
        page = table_page(Revision.objects.order_by("pk"), offset=offset, limit=limit)
    assert (len(page["items"]), page["count"]) == (items, 3)


def test_of_nothing_there_is_one_empty_page(db: None, django_assert_num_queries: Any) -> None:
    Revision.objects.all().delete()
    with django_assert_num_queries(1):
        assert table_page(Revision.objects.order_by("pk"), offset=0, limit=20) == {"items": [], "count": 0}
