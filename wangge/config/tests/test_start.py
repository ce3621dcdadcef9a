"""Where maps begin: the area served, as it is told to everybody."""

from django.db.models import Max, Min

from wangge.core.revisions import bump
from wangge.grids.models import Boundary
from wangge.testing.client import anybody
from wangge.testing.world import World


def told() -> list[float] | None:
    area: list[float] | None = anybody().get("/api/config").json()["area"]
    return area


def test_the_grids_say_where_the_house_works(world: World) -> None:
    grids = Boundary.objects.filter(code__regex=r"^\d{15,}$")
    box = grids.aggregate(west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north"))
    assert told() == [box["west"], box["south"], box["east"], box["north"]]
    furthest = grids.order_by("east").last()
    assert furthest is not None
    Boundary.objects.filter(pk=furthest.pk).update(east=furthest.east + 0.5)
    assert told() == [box["west"], box["south"], box["east"], box["north"]], "kept until the grids have a new revision"
    bump("grids")
    assert told() == [box["west"], box["south"], furthest.east + 0.5, box["north"]]


def test_without_grids_the_divisions_say_it_and_without_those_nobody(world: World) -> None:
    Boundary.objects.filter(code__regex=r"^\d{15,}$").delete()
    bump("grids")
    box = Boundary.objects.aggregate(west=Min("west"), north=Max("north"))
    area = told()
    assert area is not None and (area[0], area[3]) == (box["west"], box["north"])
    Boundary.objects.all().delete()
    bump("grids")
    assert told() is None
