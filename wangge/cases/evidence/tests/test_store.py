import hashlib
import io
import multiprocessing
import os
import resource
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wangge.cases.evidence.faults import TooLarge
from wangge.cases.evidence.store import ContentMissing, ContentStore, StoreFull

CONTENT = bytes(range(256)) * 20_000


def files(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def test_what_is_put_is_read_back_by_its_hash(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    stored = store.put(io.BytesIO(CONTENT))
    assert (stored.sha256, stored.size, stored.is_new) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), True)
    with store.open(stored.sha256) as file:
        assert file.read() == CONTENT
    assert store.is_whole(stored.sha256) and store.has(stored.sha256)
    assert files(tmp_path) == [stored.sha256]


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    store.put(io.BytesIO(CONTENT))
    assert not store.put(io.BytesIO(CONTENT)).is_new
    assert len(files(tmp_path)) == 1


def test_a_file_is_for_the_server_account_alone(tmp_path: Path) -> None:
    store = ContentStore(tmp_path / "originals")
    stored = store.put(io.BytesIO(CONTENT))
    path = next(tmp_path.rglob(stored.sha256))
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_content_damaged_on_disk_is_noticed_and_mended_by_the_next_upload(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    stored = store.put(io.BytesIO(CONTENT))
    path = next(tmp_path.rglob(stored.sha256))
    path.unlink()
    path.write_bytes(CONTENT[:-1])
    assert not store.is_whole(stored.sha256)
    assert store.put(io.BytesIO(CONTENT)).is_new
    assert store.is_whole(stored.sha256)


def test_too_much_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    with pytest.raises(TooLarge):
        store.put(io.BytesIO(CONTENT), limit=len(CONTENT) - 1)
    assert files(tmp_path) == []
    assert store.put(io.BytesIO(CONTENT), limit=len(CONTENT)).is_new


def test_a_sender_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 0:
                raise ConnectionResetError
            return super().read(1000)

    with pytest.raises(ConnectionResetError):
        ContentStore(tmp_path).put(Torn(CONTENT))
    assert files(tmp_path) == []


def _put_with_little_room(root: Path) -> str:
    # The kernel refuses the write in its middle, as a full disk does.
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
    try:
        ContentStore(root).put(io.BytesIO(CONTENT))
    except StoreFull as error:
        return error.message("zh")
    return "kept"


def test_without_room_a_clear_answer_and_nothing_half_written(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert "存储空间不足" in pool.apply(_put_with_little_room, (tmp_path,))
    assert files(tmp_path) == []


def _put(root: Path) -> bool:
    return ContentStore(root).put(io.BytesIO(CONTENT)).is_new


def test_the_same_picture_sent_by_many_at_once_is_kept_once_and_whole(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert any(pool.map(_put, [tmp_path] * 12))
    assert files(tmp_path) == [hashlib.sha256(CONTENT).hexdigest()]
    assert ContentStore(tmp_path).is_whole(hashlib.sha256(CONTENT).hexdigest())


@pytest.mark.parametrize("name", ["../../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64])
def test_what_is_no_hash_or_not_here_is_missing(tmp_path: Path, name: str) -> None:
    with pytest.raises(ContentMissing):
        ContentStore(tmp_path).open(name)


def test_what_a_killed_process_left_is_swept_and_nothing_younger(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    store.put(io.BytesIO(CONTENT))
    old, young = tmp_path / "unfinished" / "old", tmp_path / "unfinished" / "young"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (0, 0))
    assert store.remove_unfinished(before=datetime(2020, 1, 1, tzinfo=UTC)) == 1
    assert young.exists() and len(files(tmp_path)) == 2
