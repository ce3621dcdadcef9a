"""Evidence in parts, as a phone sends it that loses its network between any two of them."""

import io
import os
import random
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from wangge.cases import parts
from wangge.cases.models import Attachment
from wangge.cases.parts import PART
from wangge.core import clock
from wangge.core.ids import new_id
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


def picture(seed: int = 1) -> list[bytes]:
    """The parts of one that does not compress."""
    noise = random.Random(seed).randbytes(480 * 480 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (480, 480), noise).save(out, "PNG")
    content = out.getvalue()
    return [content[start : start + PART] for start in range(0, len(content), PART)]


def put(api: Api, upload: Any, pieces: list[bytes], part: int, content: bytes | None = None, **more: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in {"part": part, "parts": len(pieces), **more}.items())
    return api.put_bytes(f"/api/uploads/{upload}?{query}", pieces[part - 1] if content is None else content)


def test_the_last_part_makes_the_piece_under_the_id_of_the_phone(world: World) -> None:
    worker, upload, pieces = api_as(world["grid_worker"]), new_id(), picture()
    assert len(pieces) == 3
    for part in (3, 1):
        answer = put(worker, upload, pieces, part, name="现场.png", photo_type="near").json()
        assert not answer["done"] and answer["evidence"] is None
    assert worker.get(f"/api/uploads/{upload}").json()["received"] == [1, 3]
    made = put(worker, upload, pieces, 2, name="现场.png", photo_type="near", lon=118.79, lat=32.02).json()
    assert made["done"] and made["evidence"]["id"] == str(upload)
    assert made["evidence"]["size"] == sum(map(len, pieces)) and made["evidence"]["photo_type"] == "near"
    assert worker.get(f"/api/evidence/{upload}").status_code == 200


def test_each_part_again_is_harmless_before_and_after(world: World) -> None:
    worker, upload, pieces = api_as(world["grid_worker"]), new_id(), picture()
    for part in (1, 1, 2, 3, 2, 3, 1):
        answer = put(worker, upload, pieces, part)
        assert answer.status_code == 200
    assert answer.json()["done"] and Attachment.objects.filter(pk=upload).count() == 1


def test_other_content_under_a_used_id_is_refused(world: World) -> None:
    worker, upload, pieces, other = api_as(world["grid_worker"]), new_id(), picture(), picture(2)
    put(worker, upload, pieces, 1)
    assert put(worker, upload, other, 1).json()["code"] == "upload.other_content"
    for part in (2, 3):
        put(worker, upload, pieces, part)
    assert put(worker, upload, other, 2).json()["code"] == "upload.other_content"
    assert put(worker, upload, pieces[:2], 1).json()["code"] == "upload.other_content"


def test_an_upload_is_its_senders_alone(world: World) -> None:
    worker, chief, upload, pieces = api_as(world["grid_worker"]), api_as(world["grid_chief"]), new_id(), picture()
    for part in (1, 2, 3):
        put(worker, upload, pieces, part)
    assert chief.get(f"/api/uploads/{upload}").status_code == 404
    assert put(chief, upload, pieces, 1).json()["code"] == "upload.other_content"
    assert chief.get(f"/api/evidence/{upload}").status_code == 404


@pytest.mark.parametrize(
    ("part", "count", "size", "status"),
    [(1, 3, 5, 422), (4, 3, PART, 422), (1, 2, PART + 1, 422), (1, 1, 0, 422), (1, 9999, PART, 413)],
)
def test_a_part_that_cannot_be_one(world: World, part: int, count: int, size: int, status: int) -> None:
    answer = api_as(world["grid_worker"]).put_bytes(f"/api/uploads/{new_id()}?part={part}&parts={count}", b"x" * size)
    assert answer.status_code == status


def test_what_is_no_picture_is_said_to_be_none_and_forgotten(world: World) -> None:
    worker, upload = api_as(world["grid_worker"]), new_id()
    answer = worker.put_bytes(f"/api/uploads/{upload}?part=1&parts=1", b"MZ no picture at all")
    assert answer.status_code == 422 and answer.json()["code"].startswith("evidence.")
    assert worker.get(f"/api/uploads/{upload}").status_code == 404


def test_an_upload_never_finished_is_forgotten(world: World) -> None:
    worker, old, fresh, pieces = api_as(world["grid_worker"]), new_id(), new_id(), picture()
    put(worker, old, pieces, 1)
    put(worker, fresh, pieces, 1)
    folder = parts.Waiting.of(old, post_id=world["grid_worker"].post.pk).folder
    long_ago = (clock.now() - timedelta(days=4)).timestamp()
    os.utime(folder, (long_ago, long_ago))
    parts.forget_older(clock.now() - timedelta(days=3))
    assert worker.get(f"/api/uploads/{old}").status_code == 404
    assert worker.get(f"/api/uploads/{fresh}").status_code == 200
