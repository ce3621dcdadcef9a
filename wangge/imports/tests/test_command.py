"""`wangge import` as an operator uses it, on made files and on the real ones when they are there."""

import gzip
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from wangge.grids.models import Boundary, Division
from wangge.grids.tests.districts import SHARED_DATA
from wangge.imports.models import Batch, StagedPage
from wangge.imports.tests.made import NEW_COMMUNITY, csv_file
from wangge.testing import town
from wangge.testing.world import World

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Any) -> None:
    settings.FILES = tmp_path / "files"


def run(kind: str, path: Path, *options: str) -> str:
    said = io.StringIO()
    call_command("import", kind, str(path), *options, stdout=said)
    return said.getvalue()


def real(name: str) -> Path:
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    return path


def test_a_check_reports_and_writes_nothing(committed_world: World, tmp_path: Path) -> None:
    path, table = tmp_path / "a.csv", tmp_path / "faults.csv"
    path.write_bytes(csv_file("代码,名称", f"{NEW_COMMUNITY},新河社区", "12345,短"))
    with pytest.raises(CommandError, match="1 处错误"):
        run("divisions", path, "--check", "--faults", str(table))
    assert "code.malformed" in table.read_text(encoding="utf-8-sig")
    assert not Division.objects.filter(code=NEW_COMMUNITY).exists()
    assert Batch.objects.get().state == "cancelled" and not list((tmp_path / "files" / "imports").iterdir())


def test_the_report_speaks_the_language_of_the_terminal(
    committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_file("code,name", f"{NEW_COMMUNITY},New River", "12345,short"))
    said = {}
    for language in ("zh", "en"):
        monkeypatch.setenv("WANGGE_LANG", language)
        out = io.StringIO()
        with pytest.raises(CommandError) as refused:
            call_command("import", "divisions", str(path), "--check", stdout=out)
        said[language] = f"{out.getvalue()}{refused.value}"
    assert "1 处错误" in said["zh"] and "第 3 行" in said["zh"] and "errors" not in said["zh"]
    assert "1 errors" in said["en"] and "row 3" in said["en"]
    assert not HAN.search(said["en"])


def test_an_import_by_command_takes_the_same_way(committed_world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_file("甲,乙", f"{NEW_COMMUNITY},新河社区", f"{town.STREET}004,"))
    with pytest.raises(CommandError, match="还有 1 处错误"):
        run("divisions", path, "--mapping", "code=甲,name=乙", "--yes")
    said = run("divisions", path, "--mapping", "code=甲,name=乙", "--yes", "--skip-faulty")
    assert "新增 1" in said and Division.objects.filter(code=NEW_COMMUNITY).exists()
    with pytest.raises(CommandError, match="导入过"):
        run("divisions", path, "--mapping", "code=甲,name=乙", "--yes", "--skip-faulty")
    assert not StagedPage.objects.exists()


def test_nobody_to_ask_is_no_consent(committed_world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_file("代码,名称", f"{NEW_COMMUNITY},新河社区"))
    with pytest.raises(CommandError, match="--yes"):
        run("divisions", path)
    assert not Division.objects.filter(code=NEW_COMMUNITY).exists()


def test_a_file_that_is_not_there_is_said_so(committed_world: World) -> None:
    with pytest.raises(CommandError, match="没有这个文件"):
        run("divisions", Path("/nowhere.csv"), "--yes")


def test_the_real_divisions_of_nanjing_come_in(committed_world: World) -> None:
    Division.objects.all().delete()
    run("divisions", real("divisions_2023/provinces.csv"), "--yes")
    run("divisions", real("divisions_2023/cities.csv"), "--yes", "--mapping", "code=code,name=name")
    run("divisions", real("divisions_2023/areas.csv"), "--yes", "--mapping", "code=code,name=name")
    villages = real("divisions_2023/nanjing_villages.csv")
    run("divisions", villages, "--yes", "--mapping", "code=streetCode,name=街道")
    said = run("divisions", villages, "--yes", "--mapping", "code=社区代码,name=社区")
    assert "新增 1322" in said
    assert Division.objects.filter(code__startswith="320104", level=9).count() == 16
    assert Division.objects.filter(code__startswith="320104", level=12).count() == 108


def test_the_real_boundaries_of_nanjing_come_in(committed_world: World) -> None:
    Division.objects.all().delete()
    for name in ("provinces", "cities", "areas"):
        run("divisions", real(f"divisions_2023/{name}.csv"), "--yes", "--mapping", "code=code,name=name")
    Boundary.objects.all().delete()
    path = real("boundaries/nanjing_districts_tianditu_wgs84.geojson")
    said = run("boundaries", path, "--yes", "--mapping", "code=adcode")
    assert "新增 11" in said
    assert Boundary.objects.get(code="320104", valid_to=None).area_m2 == pytest.approx(50.2e6, rel=0.01)


def test_the_streets_of_beijing_without_a_code_are_told_by_row(committed_world: World, tmp_path: Path) -> None:
    Division.objects.all().delete()
    for name in ("provinces", "cities", "areas"):
        run("divisions", real(f"divisions_2023/{name}.csv"), "--yes", "--mapping", "code=code,name=name")
    streets = tmp_path / "streets.csv"
    with gzip.open(real("divisions_2023/streets.csv.gz"), "rt", encoding="utf-8") as lines:
        # Beijing, and 东莞, whose streets stand under the city at once.
        streets.write_text(
            "".join(line for line in lines if line.startswith(("code", "1101", "4419"))), encoding="utf-8"
        )
    assert "0 处错误" in run("divisions", streets, "--yes", "--mapping", "code=code,name=name")
    assert Division.objects.filter(code__startswith="441900", level=9).count() > 30
    path, table = real("boundaries/beijing_streets_wgs84.geojson"), tmp_path / "faults.csv"
    mapping = ("--mapping", "code=stat_code_2023")
    said = run("boundaries", path, *mapping, "--yes", "--skip-faulty", "--faults", str(table))
    assert "新增 324" in said
    told = [line.split(",")[4] for line in table.read_text(encoding="utf-8-sig").splitlines()[1:]]
    assert sorted(told) == ["cell.required"] * 4 + ["code.twice"] * 3  # three codes are given to two streets each
