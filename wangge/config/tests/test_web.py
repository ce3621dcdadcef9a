"""Pages and files of the build, by whatever address somebody asks for them."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from wangge.testing.client import anybody


@pytest.fixture(autouse=True)
def built(tmp_path: Path, settings: LazySettings) -> None:
    settings.WEB_DIST = tmp_path
    (tmp_path / "console").mkdir()
    (tmp_path / "console" / "index.html").write_text("<p>console</p>")


@pytest.mark.django_db
@pytest.mark.parametrize("length", [255, 256, 5000])
def test_an_address_longer_than_a_file_name_is_a_page_or_nothing(length: int) -> None:
    page = anybody().get("/" + "a" * length)
    assert (page.status_code, page.content) == (200, b"<p>console</p>")
    assert anybody().get("/" + "a" * length + ".js").status_code == 404


@pytest.mark.django_db
def test_the_phone_has_its_page_its_worker_and_its_manifest_under_one_scope(tmp_path: Path) -> None:
    (tmp_path / "mobile").mkdir()
    (tmp_path / "mobile" / "index.html").write_text("<p>phone</p>")
    (tmp_path / "mobile" / "sw.js").write_text("// worker")
    (tmp_path / "mobile" / "manifest.webmanifest").write_text("{}")
    assert anybody().get("/m").headers["Location"] == "/m/"
    assert anybody().get("/m/tasks").content == b"<p>phone</p>"
    assert _headers_of("/m/sw.js", "Content-Type", "Cache-Control") == ["text/javascript", "no-cache"]
    assert _headers_of("/m/manifest.webmanifest", "Content-Type") == ["application/manifest+json"]


def _headers_of(address: str, *names: str) -> list[str]:
    answer = anybody().get(address)
    assert list(answer.streaming_content)  # type: ignore[attr-defined]  # read to its end, the file is closed
    return [answer.headers[name] for name in names]
