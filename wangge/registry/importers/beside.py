"""Rows of one file with a document number and rows without one: which of them are about one person.

Either may come first, so it is told when the whole file was read. By the rule of `unnumbered`, on hashes of a word each
(40 bytes a row): a file may have a million of them, and by far most have their number.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wangge.registry.importers.unnumbered import TELLS
from wangge.registry.rules import names

Table = npt.NDArray[np.uint64]  # row, and a hash of each thing that tells: 0 where nothing is given
BORN, HOME = 1 + TELLS.index("born"), 1 + TELLS.index("home")
WORD = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Pair:
    """`is_sure`: name, birthday and home are equal, of no other row with a number."""

    without: int
    with_number: int
    is_sure: bool


class Beside:
    def __init__(self) -> None:
        self._rows = {True: array("Q"), False: array("Q")}  # by whether they give a number

    def add(self, row: int, values: dict[str, Any], code: str, home: str) -> None:
        told = (values.get("birth_date"), values.get("phone"), home, values.get("residence_address"))
        who = (code, names.key(values.get("name", "")))
        hashes = (hash((who, tells, value)) & WORD if value else 0 for tells, value in zip(TELLS, told, strict=True))
        self._rows[bool(values.get("id_number"))].extend((row, *hashes))

    def pairs(self) -> Iterator[Pair]:
        """Each row without a number that is about somebody whose row has one, in the order of the file."""
        without, numbered = _table(self._rows[False]), _table(self._rows[True])
        found = dict[int, Pair]()
        for column in range(1, 1 + len(TELLS)):
            left = without[~np.isin(without[:, 0], list(found))]
            for row, others in _sharing(column, left, numbered):
                if len(same := others[_differ_in_nothing(row, others, column)]):
                    found[int(row[0])] = _pair(row, same)
        yield from (found[row] for row in sorted(found))


def _table(words: "array[int]") -> Table:
    return np.array(words, dtype=np.uint64).reshape(-1, 1 + len(TELLS))


def _sharing(column: int, without: Table, numbered: Table) -> Iterator[tuple[Table, Table]]:
    """Each row that has a value there with those that have the same."""
    if not len(without):
        return
    wanted = numbered[np.isin(numbered[:, column], without[:, column][without[:, column] != 0])]
    wanted = wanted[np.argsort(wanted[:, column], kind="stable")]
    begins = np.searchsorted(wanted[:, column], without[:, column], side="left")
    ends = np.searchsorted(wanted[:, column], without[:, column], side="right")
    for at in np.flatnonzero(ends > begins):
        yield without[at], wanted[begins[at] : ends[at]]


def _differ_in_nothing(row: Table, others: Table, column: int) -> npt.NDArray[np.bool_]:
    """Nothing that tells more than this column."""
    stronger, own = others[:, 1:column], row[1:column]
    return np.asarray(((stronger == own) | (stronger == 0) | (own == 0)).all(axis=1))


def _pair(row: Table, same: Table) -> Pair:
    sure = same[(same[:, BORN] == row[BORN]) & (same[:, HOME] == row[HOME])] if row[BORN] and row[HOME] else same[:0]
    named = sure if len(sure) == 1 else same
    return Pair(int(row[0]), int(named[0][0]), len(sure) == 1)
