"""Thousands of keys as one text: each is found as it was written, whatever stands in it."""

from wangge.core.ids import new_id
from wangge.registry.models import Building, Person
from wangge.registry.models.among import Among
from wangge.registry.tests.made import building, person
from wangge.testing.world import World

ODD = ('a"b', r"a\b", r"\"", "a,b", "{a}", "NULL", " a ", "a'b", "%s", "a\tb", "𠮷", "")


def test_every_text_is_found_as_it_is_and_nothing_else(world: World) -> None:
    made = building(world)
    for text in ODD:
        Building.objects.filter(pk=made.pk).update(name=text)
        assert Building.objects.filter(Among("name", [text, "b"])).count() == 1
        others = [other for other in ODD if other != text]
        assert not Building.objects.filter(Among("name", others)).exists()


def test_no_key_finds_nothing(world: World) -> None:
    person(world)
    for column in ("pk", "name", "id_number_hash", "merged_into"):
        assert not Person.objects.filter(Among(column, [])).exists()
    assert not Person.objects.filter(Among("pk", [new_id()])).exists()


def test_a_query_in_a_query_keeps_its_keys(world: World) -> None:
    made = building(world)
    inner = Building.objects.filter(Among("pk", [made.pk])).values("pk")
    assert [one.pk for one in Building.objects.filter(pk__in=inner)] == [made.pk]
