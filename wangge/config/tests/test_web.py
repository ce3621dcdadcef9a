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
def test_the_phone_has_its_page_under_one_scope(tmp_path: Path) -> None:
    (tmp_path / "mobile").mkdir()
    (tmp_path / "mobile" / "index.html").write_text("<p>phone</p>")
    assert anybody().get("/m").headers["Location"] == "/m/"
    assert anybody().get("/m/tasks").content == b"<p>phone</p>"
