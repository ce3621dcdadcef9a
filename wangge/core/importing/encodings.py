"""Which encoding a text of ours is in: UTF-8, GB18030 (with GBK and GB 2312 inside it), or UTF-16."""

import codecs
import re
from collections.abc import Callable, Iterable

from wangge.core.importing.faults import FaultKind, FileRefused

UNKNOWN_ENCODING = FaultKind(
    "file.unknown_encoding",
    "文字编码无法识别，请另存为 UTF-8，或在导入时指明编码。",
    "The text encoding is not recognised; save as UTF-8 or state the encoding.",
)
WRONG_ENCODING = FaultKind("file.wrong_encoding", "文件不是 {encoding} 编码。", "The file is not in {encoding}.")

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
BAD = re.compile("[\ud800-\udfff]")
# 汉字 with Extension A, and the punctuation and full-width forms Chinese text uses.
CHINESE = re.compile("[\u3400-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2027\u00b7\u00d7\u2103\u2460-\u24ff]+")
# Ways of writing a name or a program's string, not files.
NO_FILES = frozenset({"idna", "punycode", "undefined", "unicode-escape", "unicode_escape", "raw-unicode-escape"})
CHINESE_SHARE = 0.8  # of what is not ASCII; other text read as GB18030 scatters over its private planes

Chunks = Callable[[], Iterable[bytes]]


def detect_encoding(chunks: Chunks) -> str:
    """A Python codec name. `chunks` is called for each pass over the file. Raises FileRefused."""
    head = next(iter(chunks()), b"")
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if (wide := _utf_16_without_mark(head)) is not None:
        return wide
    good, bad, _ = _tally(chunks(), "utf-8")
    # A few broken characters in a UTF-8 file are faults of their rows; GBK read as UTF-8 is broken nearly everywhere.
    if bad <= good / 2:
        return "utf-8"
    good, bad, chinese = _tally(chunks(), "gb18030")
    if bad <= good / 50 and chinese >= CHINESE_SHARE * good:
        return "gb18030"
    raise FileRefused(UNKNOWN_ENCODING())


def check_encoding(name: str, chunks: Chunks) -> str:
    """The codec somebody stated, refused when the file plainly is not in it."""
    try:
        codec = _text_codec(name)
        good, bad, _ = _tally(chunks(), codec)
    except (LookupError, ValueError) as error:  # also bytes that the codec cannot pass over
        raise FileRefused(WRONG_ENCODING(encoding=name)) from error
    if bad > good / 2:
        raise FileRefused(WRONG_ENCODING(encoding=name))
    return "utf-8-sig" if codec == "utf-8" else codec


def _text_codec(name: str) -> str:
    """Raises LookupError for what is no encoding of text: Python's codecs also know zlib, base64, rot13."""
    info = codecs.lookup(name)
    if not getattr(info, "_is_text_encoding", False) or info.name in NO_FILES:
        raise LookupError(name)
    return info.name


def _tally(chunks: Iterable[bytes], encoding: str) -> tuple[int, int, int]:
    """(characters beyond ASCII, bytes that are none, Chinese characters)"""
    decoder = codecs.getincrementaldecoder(encoding)(errors="surrogateescape")
    good = bad = chinese = 0
    for chunk in chunks:
        text = decoder.decode(chunk)
        if text.isascii():
            continue
        broken = _broken(text)
        good += len(text) - len(text.encode("ascii", "ignore")) - broken
        bad += broken
        chinese += len(text) - len(CHINESE.sub("", text)) if encoding == "gb18030" else 0
    bad += _broken(decoder.decode(b"", final=True))
    return good, bad, chinese


def _broken(text: str) -> int:
    try:
        text.encode()
    except UnicodeEncodeError:
        return len(BAD.findall(text))
    return 0  # by far the usual case, and much the faster to find


def _utf_16_without_mark(head: bytes) -> str | None:
    """Delimiters, digits and line ends leave a NUL beside each of them."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) / 20 or min(even, odd) > max(even, odd) / 20:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"
