"""script/start in a fresh clone, on a machine that lacks something: one sentence that says what to do, an exit not 0.

Real shells run the scripts as they are. Of the machine around them, PATH holds the few tools that they use, and what is
wrong with it: a Python of long ago, one without venv, a disk without room, an index that nobody answers for.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from wangge.ground.home import ROOT

TOOLS = ("awk", "cat", "chmod", "cut", "df", "dirname", "id", "mkdir", "mv", "rm", "sh", "sha256sum")
DISTRIBUTIONS = Path("/usr/bin/python3")  # looked at wherever PATH leads
OLD = "import sys; sys.version_info = (3, 9, 2, 'final', 0)"
WITHOUT_VENV = "import sys; sys.modules['venv'] = sys.modules['ensurepip'] = sys.modules['pip'] = None"


@dataclass
class Machine:
    """A clone in `root`, and in `bin` all that PATH offers."""

    root: Path
    bin: Path
    python: Path  # a real one, out of reach of PATH
    before: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    def has(self, name: str, script: str) -> Path:
        program = self.bin / name
        program.unlink(missing_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return program

    def has_python(self, first: str) -> None:
        """The only one there is, the distribution's too; each of its programs begins with `first`."""
        mine = self.has(
            "python3",
            f'case "$1" in -c) code=$2; shift 2; exec {self.python} -c "{first}; $code" "$@" ;; esac\n'
            'echo "No module named ${2:-}" >&2; exit 1',
        )
        if DISTRIBUTIONS.exists():
            # In a namespace of its own, where it stands in the place of the distribution's.
            unshare, mount = shutil.which("unshare") or "unshare", shutil.which("mount")
            hide = f'{mount} --bind "$0" {DISTRIBUTIONS} && exec "$@"'
            self.before = [unshare, "--map-root-user", "--mount", "/bin/sh", "-c", hide, str(mine)]
            try:
                subprocess.run([*self.before, "/bin/true"], capture_output=True, text=True, check=True)
            except (OSError, subprocess.CalledProcessError) as refused:
                pytest.skip(f"no right to hide {DISTRIBUTIONS} from a shell: {refused}")

    def start(self, *, language: str = "en") -> "subprocess.CompletedProcess[str]":
        # The shell of the machine by its own path: one that begins in a namespace finds no other.
        return subprocess.run(
            [*self.before, "/bin/sh", str(self.root / "script" / "start"), "--no-demo"],
            cwd=self.root,
            env={"PATH": str(self.bin), "HOME": str(self.root.parent), "WANGGE_LANG": language} | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    root, tools = tmp_path / "clone", tmp_path / "bin"
    shutil.copytree(ROOT / "script", root / "script")
    for file in ROOT.glob("requirements*.txt"):
        shutil.copy(file, root)
    tools.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found, name
        (tools / name).symlink_to(found)
    # Not a link: the one it leads to may be what the test hides.
    return Machine(root, tools, Path(shutil.copy(os.path.realpath(sys.executable), tmp_path / "python")))


def old_python(machine: Machine) -> None:
    machine.has_python(OLD)


def no_venv(machine: Machine) -> None:
    machine.has_python(WITHOUT_VENV)


def no_venv_and_no_archive(machine: Machine) -> None:
    machine.has_python(WITHOUT_VENV)
    machine.has("apt-get", "exit 100")
    machine.has("id", "echo 0")


def names_an_old_one(machine: Machine) -> None:
    """Beside the distribution's, which would do."""
    machine.has("python-of-long-ago", f'code=$2; shift 2; exec {machine.python} -c "{OLD}; $code" "$@"')
    machine.environment["PYTHON"] = "python-of-long-ago"


def names_none(machine: Machine) -> None:
    machine.environment["PYTHON"] = "python-of-nobody"


def no_room(machine: Machine) -> None:
    machine.environment["PYTHON"] = sys.executable
    machine.has(
        "df", "printf 'Filesystem 1048576-blocks Used Available Capacity Mounted on\\n/dev/x 9000 8900 100 99%% /\\n'"
    )


PYTHON = (
    "error: Python 3.11 or newer is needed (Debian, Ubuntu: apt install python3; or name one with PYTHON=…).",
    "错误: 需要 Python 3.11 或更高(Debian/Ubuntu:apt install python3;或用 PYTHON=… 指定)。",
)
NAMED = (
    "error: PYTHON={} cannot be used: Python 3.11 or newer is needed; name another, or leave PYTHON unset.",
    "错误: PYTHON={} 不能用:需要 Python 3.11 或更高;换一个,或不设 PYTHON。",
)
OLD_ONE = tuple(sentence.format("python-of-long-ago") for sentence in NAMED)
NO_ONE = tuple(sentence.format("python-of-nobody") for sentence in NAMED)
VENV = (
    "error: This Python has no venv module: install it (Debian, Ubuntu: sudo apt install python3-venv) and try again.",
    "错误: 这个 Python 没有 venv 模块:请安装(Debian/Ubuntu:sudo apt install python3-venv)后重试。",
)
ROOM = (
    "error: The disk is nearly full: 100 MiB left, 2048 MiB needed; free some space first.",
    "错误: 磁盘空间不足:还剩 100 MiB,需要 2048 MiB,请先腾出空间。",
)


@pytest.mark.parametrize(
    "lacks, sentences",
    [
        (old_python, PYTHON),
        (names_an_old_one, OLD_ONE),
        (names_none, NO_ONE),
        (no_venv, VENV),
        (no_venv_and_no_archive, VENV),
        (no_room, ROOM),
    ],
    ids=["old Python", "an old one named", "none of that name", "no venv", "no venv, and apt cannot get it", "no room"],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_missing_is_said_in_one_sentence(
    machine: Machine, lacks: Callable[[Machine], None], sentences: tuple[str, ...], language: str
) -> None:
    lacks(machine)
    done = machine.start(language=language)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.splitlines() == [sentences[language == "zh"]]
    assert not (machine.root / ".venv").exists()


def test_without_a_network_it_says_what_to_do_and_begins_anew_the_next_time(machine: Machine) -> None:
    """Nothing was fetched before, and nobody answers where packages are asked for."""
    if find_spec("ensurepip") is None:
        pytest.skip("this Python makes no environments without a network (Debian: python3-venv)")
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    machine.environment = {
        "PYTHON": sys.executable,
        "PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple",
        "PIP_CACHE_DIR": str(machine.root.parent / "cache"),
        "PIP_RETRIES": "0",
    }
    for _ in range(2):
        done = machine.start()
        assert done.returncode == 1, done.stdout + done.stderr
        said = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
        assert said == [
            "error: “installing Python packages” did not succeed (see above): check the network and try again; "
            "where none leads outside, name mirrors with PIP_INDEX_URL and npm_config_registry."
        ]
        assert not (machine.root / ".venv" / ".holds").exists(), "it is not taken for a whole one"
