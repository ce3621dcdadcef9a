"""Lighthouse's accessibility scores of pages that somebody opens in a Chromium of ours (lighthouse/audit.mjs)."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "lighthouse"
GOOD = 0.95


def poor_pages(urls: list[str], *, port: int, on_a_phone: bool = False) -> dict[str, dict[str, Any]]:
    """Those that score less than GOOD, were not judged at all, or turned out to be the way in; by address. `port`: the
    debugging port of a Chromium in which somebody is signed in."""
    _install()
    scores = _scores(urls, port, on_a_phone)
    return {
        url: found
        for url, found in scores.items()
        if found["score"] is None or found["score"] < GOOD or "/sign-in" in found["url"]
    }


def _install() -> None:
    if not (FOLDER / "node_modules").exists():
        subprocess.run([_program("npm"), "ci", "--loglevel=error"], cwd=FOLDER, check=True)


def _scores(urls: list[str], port: int, on_a_phone: bool) -> dict[str, dict[str, Any]]:
    asked = json.dumps({"port": port, "urls": urls, "phone": on_a_phone})
    done = subprocess.run(
        [_program("node"), "audit.mjs"], cwd=FOLDER, input=asked, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return dict(zip(urls, found, strict=True))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise AssertionError(f"{name} is not there; script/test brings it")
    return found
