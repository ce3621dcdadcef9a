"""The disk is full, for real: a clear answer, nothing half-written, and everything goes on when there is room again."""

import errno
import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from faults.client import PLACE, Load, call
from faults.house import House, new_house, until
from faults.test_kills import everything_is_there_once, figures_agree, until_more
from wangge.cases.models import Attachment
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

MIB = 1024 * 1024
FORM = "multipart/form-data; boundary=wangge"


@contextmanager
def small_disk(mib: int) -> Iterator[Path]:
    """A file system of its own. Only root may make one; without that right the test says so and is skipped."""
    folder = Path(tempfile.mkdtemp(prefix="wg-"))
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mib}m,mode=755", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        folder.rmdir()
        pytest.skip(f"no right to mount a small disk: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill(folder: Path, *, leave: int) -> Path:
    """Takes all room but `leave` bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        left = shutil.disk_usage(folder).free - leave
        try:
            while left > 0:
                left -= file.write(bytes(min(left, MIB)))
        except OSError as full:  # somebody else wrote meanwhile
            assert full.errno == errno.ENOSPC
    return filler


@pytest.fixture
def disk(settings: Any) -> Iterator[Path]:
    with small_disk(8) as folder:
        settings.FILES = folder
        yield folder


def picture() -> bytes:
    """About 300 kB that do not compress."""
    made = io.BytesIO()
    Image.frombytes("RGB", (512, 512), os.urandom(512 * 512 * 3)).save(made, "JPEG", quality=90)
    return made.getvalue()


def send(api: Api, content: bytes) -> Any:
    return api.send_files("/api/evidence", {"file": SimpleUploadedFile("a.jpg", content)})


def a_form(content: bytes) -> bytes:
    head = (
        '--wangge\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return head.encode() + content + b"\r\n--wangge--\r\n"


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and path.name != "filler"}


@pytest.mark.parametrize("leave", [0, 4096, 200_000, 400_000, 600_000])
def test_evidence_finds_no_room(world: World, disk: Path, leave: int) -> None:
    """At every place where it may run out: before the original, in it, in the served copy, in the small pictures."""
    api, content = api_as(world["street_seat"]), picture()
    filler = fill(disk, leave=leave)
    answer = send(api, content)
    assert (answer.status_code, answer.json()["code"]) == (507, "evidence.store_full"), answer.content
    with acting(Actor.system("test")):
        assert not Attachment.objects.exists()
    assert not any("unfinished" in path.parts for path in files_in(disk))
    filler.unlink()
    answer = send(api, content)
    assert answer.status_code == 201, answer.content
    with acting(Actor.system("test")):
        assert Attachment.objects.count() == 1


def test_an_upload_that_cannot_even_be_received(world: World, settings: Any) -> None:
    """What is sent waits in a temporary file before anybody looks at it."""
    with small_disk(2) as folder:
        settings.FILE_UPLOAD_TEMP_DIR = str(folder)
        fill(folder, leave=100_000)
        answer = send(api_as(world["street_seat"]), os.urandom(3 * MIB))
        assert (answer.status_code, answer.json()["code"]) == (507, "disk_full"), answer.content
        for handler in answer.wsgi_request.upload_handlers:
            if getattr(handler, "file", None) is not None:
                handler.file.close()  # now, not when the test's log is let go: its disk will be gone by then


def test_a_body_that_finds_no_room_while_it_is_read_ahead(like: House) -> None:
    """Before anything of ours is asked: what comes slowly is put down first."""
    long_story = {"source": "telephone", "title": "路面塌陷", "description": "a" * MIB, **PLACE}
    large = a_form(picture() + bytes(MIB))  # what follows a picture's end is no fault
    with small_disk(8) as folder, new_house(like) as house:
        house.up("--processes", "1", TMPDIR=str(folder))
        post = partial(call, house, "street_seat", "POST")
        assert post("/api/evidence", large, kind=FORM).status == 201  # its folder is chosen at the first
        filler = fill(folder, leave=0)
        for refused in (post("/api/evidence", large, kind=FORM), post("/api/cases", long_story, new_id())):
            assert (refused.status, refused.body["code"]) == (507, "disk_full"), refused
        filler.unlink()
        assert post("/api/evidence", large, kind=FORM).status == 201
        assert post("/api/cases", long_story, new_id()).status == 422  # read, and too long for us


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_database_finds_no_room(like: House) -> None:
    """Reports go on until nothing fits; then 507 or 503 and nothing else; then on again, each of them there once."""
    with small_disk(600) as folder, new_house(like, folder) as house:
        house.up()
        load = Load(house)
        load.start()
        until_more(load)
        filler = fill(folder, leave=256 * 1024)
        until(lambda: load.statuses or load.unanswered, why=lambda: len(load.reported))
        refused = dict(load.statuses)
        filler.unlink()
        until_more(load)
        load.stop()
        assert set(load.statuses) <= {503, 507}, load.statuses
        assert refused or load.unanswered
        everything_is_there_once(house, load)
        figures_agree(house)
