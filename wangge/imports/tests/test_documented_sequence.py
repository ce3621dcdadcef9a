"""docs/real-data.md as an operator follows it: its commands are read out of the page and run in their order.

The default run takes a cut of each file, `-m long` the files as they are: the figures that the page tells are theirs.
"""

import csv
import gzip
import io
import json
import re
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from wangge.accounts.models import Unit
from wangge.cases.models import Case, Category
from wangge.grids.models import Boundary, Division
from wangge.grids.tests.districts import SHARED_DATA
from wangge.ground.home import ROOT
from wangge.testing.committed import as_before

PAGE = ROOT / "docs" / "real-data.md"
ABROAD = ("11", "32", "44")  # provinces whose places the files name, whether their rows are in the cut or not
EVERY = 15  # of the long files of cases, which are in the order of their days


def commands() -> list[str]:
    """The lines of the page's blocks of shell, those that go on in the next line in one."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.strip()]


@pytest.fixture
def house(django_db_setup: None, django_db_blocker: Any, tmp_path: Path, settings: Any) -> Iterator[None]:
    """As `wangge migrate` leaves it: nobody and nothing in it."""
    from django.db import connections

    settings.FILES = tmp_path / "files"
    with django_db_blocker.unblock(), as_before():
        try:
            yield
        finally:
            connections.close_all()


@pytest.fixture(scope="module")
def whole() -> Path:
    if not SHARED_DATA.exists():
        pytest.skip(f"real files are not here: {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture
def cut(whole: Path, tmp_path: Path) -> Path:
    """The files that the page names, with few rows; each as dirty as it is."""
    folder = tmp_path / "data"
    for name in sorted(set(re.findall(r"\$D/(\S+)", "\n".join(commands())))):
        content = (whole / name).read_bytes()
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(_cut(name, content))
    return folder


def _cut(name: str, content: bytes) -> bytes:
    if name.endswith(".geojson"):
        return _cut_features(content)
    if name.endswith(".gz"):
        return gzip.compress(_cut(name.removesuffix(".gz"), gzip.decompress(content)))
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    match name.rpartition("/")[2]:
        case "streets.csv":
            rows = [row for row in rows if row[0].startswith(("1101", "3201", "4403"))]
        case "cities.csv" | "areas.csv":
            rows = [row for row in rows if row[0].startswith(ABROAD)]
        case "nanjing_villages.csv":
            rows = [row for row in rows if "320104" in row]
        case "events.csv" | "messages_with_replies.csv":
            rows = rows[::EVERY]
    written = io.StringIO()
    csv.writer(written).writerows([heading, *rows])
    return written.getvalue().encode()


def _cut_features(content: bytes) -> bytes:
    """Every one that has no code or shares it, and a few of the others."""
    told = json.loads(content)
    codes = Counter(feature["properties"].get("stat_code_2023") for feature in told["features"])
    dirty = {None, "", *(code for code, times in codes.items() if times > 1)}
    odd = [one for one in told["features"] if one["properties"].get("stat_code_2023") in dirty]
    told["features"] = odd + [one for one in told["features"] if one not in odd][:20]
    return json.dumps(told).encode()


def followed(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Each command of the page as it stands there, and what it printed. One that fails raises."""
    monkeypatch.chdir(folder)
    said = []
    for line in commands():
        if not line.startswith("wangge "):
            subprocess.run(["sh", "-euc", line], check=True, cwd=folder)
            continue
        _, name, *words = shlex.split(line.replace("$D", str(data)))
        printed = io.StringIO()
        call_command(name, *words, stdout=printed)
        said.append((line, printed.getvalue()))
    return said


def of(said: list[tuple[str, str]], word: str) -> str:
    """What the one command with this word printed."""
    (found,) = [printed for line, printed in said if word in line]
    return found


def created(printed: str) -> int:
    told = re.search(r"新增 (\d+)", printed)
    assert told, printed
    return int(told[1])


def check_what_holds_of_any_part(said: list[tuple[str, str]], folder: Path) -> None:
    # Nanjing's streets stand in the national list already: their command, for a house without that list, finds them so.
    nothing_new = [line for line, printed in said if " import " in line and not created(printed)]
    assert len(nothing_new) == 1 and "code=streetCode" in nothing_new[0]
    assert "0 处错误" in of(said, "code=streetCode")
    # The list of units through its own importer: a second spelling under a code is told by row, the first one stands.
    units = of(said, "dispose_units.csv")
    assert re.findall(r"(\d+)  (unit\.\w+)", units) == [("1", "unit.not_fit"), ("35", "unit.code_twice")]
    assert created(units) == 156 - 36
    assert Unit.objects.filter(kind="department", division="440310").count() == 120
    assert set(Unit.objects.filter(kind="centre").values_list("code", flat=True)) == {"PS", "QH"}
    # The communities stand in streets that came before them, wherever those were listed.
    assert Division.objects.filter(code__startswith="320104", level=9).count() == 16
    assert Division.objects.filter(code__startswith="320104", level=12).count() == 108
    assert created(of(said, "nanjing_districts")) == 11
    told = [line.split(",")[4] for line in (folder / "beijing.csv").read_text(encoding="utf-8-sig").splitlines()[1:]]
    assert Counter(told) == {"cell.required": 4, "code.twice": 3}
    assert {code: Category.objects.filter(scheme__code=code).exists() for code in ("YC-EVENT", "YC-PART", "LY", "PS")}
    for system in ("PS-2018", "LY", "LY-LABELLED"):
        assert Case.objects.filter(source_system=system).exists(), system
    events = Case.objects.filter(source_system="PS-2018")
    assert set(events.values_list("state", "source")) == {("closed", "partner")}
    assert not events.filter(category=None).exists() and not events.exclude(current_grid__startswith="440310").exists()


def test_the_page_names_only_files_that_are_there(whole: Path) -> None:
    named = set(re.findall(r"\$D/(\S+)", "\n".join(commands())))
    assert len(named) >= 15 and not [name for name in named if not (whole / name).is_file()]


def test_the_documented_commands_bring_a_part_of_the_real_files_in(
    house: None, cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_what_holds_of_any_part(followed(cut, tmp_path, monkeypatch), tmp_path)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_documented_commands_bring_all_of_the_real_files_in(
    house: None, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = followed(whole, tmp_path, monkeypatch)
    check_what_holds_of_any_part(said, tmp_path)
    # 41,352 rows; 金门县 stands among its streets as itself.
    assert Division.objects.filter(level=9).count() == created(of(said, "streets.csv.gz")) == 41_351
    assert Boundary.objects.filter(valid_to=None).count() == 11 + 324
    assert Case.objects.filter(source_system="PS-2018").count() == 6_000
    assert Case.objects.filter(source_system="PS-2018", was_late=True).count() == 665
    assert Case.objects.filter(source_system="PS-2018", lead=None).count() == 9
    # The page tells what the last command says; whoever makes that better writes it there.
    page = re.sub(r"\s+", " ", PAGE.read_text(encoding="utf-8").replace(",", ""))
    for line in of(said, "suggestions evaluate").splitlines():
        if line.startswith(("学习所用", "检验的", "首选", "前三", "只猜")):
            figure = line.split()[-1].strip("()").replace("%", " %")
            assert figure in page, line
