import io
from datetime import UTC, datetime

import pytest

from wangge.cases.evidence.recording import read_facts, write_served_copy
from wangge.cases.evidence.sniff import Limits, sniff
from wangge.cases.evidence.tests import samples


def served(content: bytes, extension: str) -> bytes:
    target = io.BytesIO()
    write_served_copy(io.BytesIO(content), extension, target)
    return target.getvalue()


@pytest.mark.parametrize(("extension", "brand"), [("mp4", b"isom"), ("mov", b"qt  "), ("3gp", b"3gp5")])
def test_place_and_time_of_a_film_are_read_and_not_served(extension: str, brand: bytes) -> None:
    content = samples.movie(brand=brand)
    facts = read_facts(io.BytesIO(content), extension)
    assert facts.place is not None and (facts.place.lon, facts.place.lat) == (118.7969, 32.0603)
    assert facts.taken_at == datetime(2024, 1, 1, tzinfo=UTC)

    copy = served(content, extension)
    assert b"118.7969" not in copy and b"TELLTALE" not in copy and b"\xa9xyz" not in copy
    assert read_facts(io.BytesIO(copy), extension).place is None
    assert len(copy) == len(content) and copy[: content.index(b"moov")] == content[: content.index(b"moov")]
    assert sniff(io.BytesIO(copy), Limits()).format.extension == extension


def test_a_place_in_a_loci_box_is_read() -> None:
    lon, lat = (int(degrees * 65536).to_bytes(4, "big", signed=True) for degrees in (118.7969, 32.0603))
    loci = samples.box(b"loci", bytes(4), b"\x15\xc7", b"\0", b"\0", lon, lat, bytes(4), b"earth\0\0")
    content = samples.movie(place="")
    at = content.index(b"moov") - 4
    size = int.from_bytes(content[at : at + 4], "big")
    udta = samples.box(b"udta", loci)
    content = (
        content[:at] + (size + len(udta)).to_bytes(4, "big") + content[at + 4 : at + size] + udta + content[at + size :]
    )
    place = read_facts(io.BytesIO(content), "3gp").place
    assert place is not None and place.lon == pytest.approx(118.7969, abs=1e-4)
    assert b"loci" not in served(content, "3gp")


def test_the_way_a_camera_went_is_wiped_and_its_pictures_stay() -> None:
    content = samples.movie(handlers=(b"vide", b"camm", b"soun", b"meta"))
    copy = served(content, "mp4")
    assert b"frames of camm" not in copy and b"frames of meta" not in copy
    assert b"frames of vide" in copy and b"frames of soun" in copy
    assert copy.count(b"trak") == 2


def test_tags_of_an_mp3_are_not_served_and_every_frame_is() -> None:
    content = samples.mp3()
    copy = served(content, "mp3")
    assert b"TELLTALE" not in copy and copy.startswith(b"\xff\xfb") and len(copy) == 4 * 417
    assert sniff(io.BytesIO(copy), Limits()).format.extension == "mp3"


def test_names_in_a_wave_file_are_not_served_and_the_sound_is() -> None:
    content = samples.wav()
    copy = served(content, "wav")
    assert b"TELLTALE" not in copy and b"LIST" not in copy
    assert copy[copy.index(b"data") :] == content[content.index(b"data") :]


def test_other_recordings_are_copied_unchanged() -> None:
    content = b"#!AMR\n" + b"\x3c" + bytes(31)
    assert served(content, "amr") == content
