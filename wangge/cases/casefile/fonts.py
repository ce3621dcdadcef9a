"""Fonts of our own, never the system's: a document must look the same on every server and in twenty years.

Noto Sans CJK (OFL, from the package noto-cjk-sans-otc) holds 44,810 characters, among them 2,108 of Extension B. A site
that needs all of GB 18030-2022 level 3 adds a folder of fonts. What no font holds is printed as its code, 〔U+2A6D6〕,
never as an empty box: a name must stay readable, and the gap must be seen.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import noto_cjk_sans_otc  # type: ignore[import-untyped]
import typst
from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]

FAMILY = "Noto Sans CJK SC"
_SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
# Invisible, without a glyph, and harmless to leave out; bidi controls could turn a sentence into another one.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]")
_LONG_WORD = re.compile(r"[!-~]{25,}")


def font_folder() -> Path:
    return Path(str(noto_cjk_sans_otc.FONT_PATH)).parent


@lru_cache(maxsize=4)
def typst_fonts(more: tuple[Path, ...] = ()) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in (font_folder(), *more)],
    )


@lru_cache(maxsize=4)
def coverage(more: tuple[Path, ...] = ()) -> frozenset[int]:
    """Code points that can be printed."""
    files = [file for folder in (font_folder(), *more) for file in sorted(folder.iterdir()) if _is_font(file)]
    return frozenset(point for file in files for point in _points(file))


def printable(text: str, covered: frozenset[int]) -> str:
    """Composed (NFC), without control characters, with codes for what cannot be printed, and breakable."""
    clean = _INVISIBLE.sub("", unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " "))
    shown = "".join(_shown(character, covered) for character in clean)
    # A word longer than a column would run over the next one.
    return _LONG_WORD.sub(lambda word: breakable(word[0]), shown)


def breakable(word: str) -> str:
    return "\u200b".join(word[at : at + 8] for at in range(0, len(word), 8))


def _shown(character: str, covered: frozenset[int]) -> str:
    if character == "\n" or ord(character) in covered:
        return character
    category = unicodedata.category(character)
    if category == "Cc":
        return ""
    return " " if category == "Zs" else f"〔U+{ord(character):04X}〕"


def _is_font(file: Path) -> bool:
    return file.suffix.lower() in _SUFFIXES


def _points(file: Path) -> set[int]:
    if file.suffix.lower() in {".ttc", ".otc"}:
        with TTCollection(file, lazy=True) as collection:
            # Fonts of one collection may differ; the one we name counts, else the first.
            fonts = {font["name"].getDebugName(1): font for font in reversed(collection.fonts)}
            return set((fonts.get(FAMILY) or collection.fonts[0]).getBestCmap())
    with TTFont(file, lazy=True) as font:
        return set(font.getBestCmap())
