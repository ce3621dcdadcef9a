"""A district at work while its processes are killed at random keeps every answer, and its figures agree afterwards."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.house import House, until
from wangge.testing import seed

HOURS, SPEED = 2.0, 90.0  # 80 s of ours: a kill every 8 to 25


@pytest.fixture
def district() -> Iterator[House]:
    """The small demonstration, as `wangge up` serves it, its database included among what is killed."""
    with tempfile.TemporaryDirectory(prefix="wg-", ignore_cleanup_errors=True) as folder:
        house = House(Path(folder) / "home", demo=True)
        seed.settle(house.home)
        try:
            house.run("demo", "--small")
            house.up()
            yield house
        finally:
            house.down()
            house.cluster.stop()


@pytest.mark.long
@pytest.mark.timeout(600)
def test_after_a_simulation_with_random_kills_every_answer_is_kept_and_the_figures_agree(district: House) -> None:
    told = district.run(  # ends with an error when an answer is not there, or there twice
        *("simulate", "--url", f"http://127.0.0.1:{district.port}", "--kill-random"),
        *("--hours", str(HOURS), "--speed", str(SPEED), "--rate", "40", "--seed", "11", "--verbosity", "0"),
    )
    kills = re.search(r"kills (\d+)", told)
    done = re.search(r"lifecycles completed (\d+)", told)
    assert kills and int(kills[1]) >= 3 and done and int(done[1]) > 0, told
    until(district.readers_done, why=district.readers)
    assert "no difference" in district.run("rollups", "check")
