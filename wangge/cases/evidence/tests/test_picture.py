import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from wangge.cases.evidence.faults import Damaged
from wangge.cases.evidence.picture import look_distance, look_of, prepare
from wangge.cases.evidence.tests import samples
from wangge.cases.evidence.tests.samples import LAT, LON


def test_place_and_time_are_read_as_evidence() -> None:
    facts = prepare(io.BytesIO(samples.picture(place=(LON, LAT), taken="2024:06:30 23:59:00"))).facts
    assert facts.place is not None
    assert facts.place.lon == pytest.approx(LON, abs=1e-6)
    assert facts.place.lat == pytest.approx(LAT, abs=1e-6)
    assert facts.taken_at == datetime(2024, 6, 30, 15, 59, tzinfo=UTC)  # no offset: Beijing time


def test_a_camera_that_names_its_offset_is_believed() -> None:
    facts = prepare(io.BytesIO(samples.picture(taken="2024:06:30 23:59:00", offset="+09:00"))).facts
    assert facts.taken_at == datetime(2024, 6, 30, 14, 59, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "2024:13:45 99:00:00"])
def test_nonsense_in_the_time_is_no_time(taken: str) -> None:
    assert prepare(io.BytesIO(samples.picture(taken=taken))).facts.taken_at is None


def test_the_place_zero_zero_is_no_place() -> None:
    assert prepare(io.BytesIO(samples.picture(place=(0, 0)))).facts.place is None


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF", "GIF"])
def test_what_is_served_tells_nothing(form: str) -> None:
    original = samples.picture(form=form, place=(LON, LAT), taken="2024:06:30 12:00:00")
    prepared = prepare(io.BytesIO(original))
    for rendition in (prepared.served, *prepared.thumbnails.values()):
        assert b"TELLTALE" not in rendition.content and b"Exif" not in rendition.content
        with Image.open(io.BytesIO(rendition.content)) as image:
            assert image.format == "JPEG" and not image.getexif() and "icc_profile" not in image.info
            assert image.size == (rendition.width, rendition.height)


def test_a_picture_taken_sideways_is_served_upright() -> None:
    prepared = prepare(io.BytesIO(samples.picture(size=(640, 480), orientation=6)))
    assert (
        (prepared.served.width, prepared.served.height) == (480, 640) == (prepared.facts.width, prepared.facts.height)
    )
    with Image.open(io.BytesIO(prepared.served.content)) as image:
        red, green, _ = image.convert("RGB").getpixel((480 - 120, 640 // 4))  # type: ignore[misc]
        assert red > 150 and green < 90  # the red mark, upper left before, is upper right now


def test_thumbnails_fit_their_size_and_small_pictures_are_not_blown_up() -> None:
    large = prepare(io.BytesIO(samples.picture(size=(3000, 1500))))
    assert {size: max(it.width, it.height) for size, it in large.thumbnails.items()} == {320: 320, 1280: 1280}
    small = prepare(io.BytesIO(samples.picture(size=(200, 100))))
    assert {it.width for it in small.thumbnails.values()} == {200}


def test_a_transparent_picture_is_served_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    served = prepare(io.BytesIO(out.getvalue())).served
    with Image.open(io.BytesIO(served.content)) as image:
        assert image.getpixel((25, 25)) == (255, 255, 255)


def test_a_picture_used_again_is_recognised_and_another_is_not() -> None:
    first = prepare(io.BytesIO(samples.picture(size=(1600, 1200))))
    again = prepare(io.BytesIO(samples.picture(size=(800, 600), form="WEBP", shade=8)))
    other = look_of(Image.radial_gradient("L").resize((800, 600)))
    assert look_distance(first.look, again.look) <= 10
    assert look_distance(first.look, other) > 10
    assert -(1 << 63) <= first.look < 1 << 63
    assert look_distance(-1, 0) == 64


def test_a_picture_that_breaks_off_is_refused() -> None:
    content = samples.picture(size=(1600, 1200))
    with pytest.raises(Damaged):
        prepare(io.BytesIO(content[: len(content) // 2]))
