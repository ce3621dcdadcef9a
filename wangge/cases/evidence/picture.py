"""Pictures: what they tell (place, time), what is served (re-encoded, upright, silent), and what they look like.

Call only after `sniff`, which bounds the pixels. A moving picture is served as its first frame.
"""

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, TypeVar

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageOps

from wangge.cases.evidence.faults import Damaged
from wangge.cases.evidence.place import Place, place_or_none
from wangge.core.clock import BEIJING

pillow_heif.register_heif_opener()

LONGEST_SERVED_PX = 4096
THUMBNAILS_PX = (320, 1280)
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF")
_SRGB = ImageCms.createProfile("sRGB")
_MASK = (1 << 64) - 1
T = TypeVar("T")


@dataclass(frozen=True)
class PictureFacts:
    """`place` in WGS-84. `taken_at` by the camera's own clock: evidence, not proof."""

    width: int
    height: int
    taken_at: datetime | None
    place: Place | None


@dataclass(frozen=True)
class Rendition:
    content: bytes
    mime: str
    width: int
    height: int


@dataclass(frozen=True)
class Prepared:
    facts: PictureFacts
    served: Rendition
    thumbnails: dict[int, Rendition]
    look: int


def prepare(file: BinaryIO) -> Prepared:
    """Decodes once. Raises Damaged when the pixels cannot be read to the end."""
    file.seek(0)
    try:
        with Image.open(file, formats=_FORMATS) as image:
            facts = _facts(image)
            image.load()
            upright = _in_srgb(ImageOps.exif_transpose(image))
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        raise Damaged from None
    served = _fitted(upright, LONGEST_SERVED_PX)
    thumbnails = {size: _rendition(_fitted(served, size)) for size in THUMBNAILS_PX}
    return Prepared(facts, _rendition(served), thumbnails, look_of(upright))


def look_of(image: Image.Image) -> int:
    """A difference hash of 64 bits, signed so that it fits a bigint: is each of 8 × 8 cells brighter than its right?"""
    small = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    pixels = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (pixels[at] > pixels[at + 1])
    return bits - (1 << 64) if bits >> 63 else bits


def look_distance(one: int, other: int) -> int:
    """Differing bits, 0–64; up to about 10 is the same picture scaled, re-compressed or lightly changed."""
    return ((one ^ other) & _MASK).bit_count()


def _facts(image: Image.Image) -> PictureFacts:
    exif = image.getexif()
    own, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    turned = exif.get(ExifTags.Base.Orientation, 1) in {5, 6, 7, 8}
    width, height = (image.height, image.width) if turned else image.size
    return PictureFacts(width, height, _tolerant(lambda: _taken_at(own, gps)), _tolerant(lambda: _place(gps)))


def _tolerant(read: Callable[[], T]) -> T | None:
    """Cameras and editors write every kind of nonsense here; a picture is not refused for it."""
    with suppress(ValueError, TypeError, KeyError, IndexError, ZeroDivisionError, OverflowError, AttributeError):
        return read()
    return None


def _place(gps: dict[int, Any]) -> Place | None:
    lat = _degrees(gps[ExifTags.GPS.GPSLatitude]) * (-1 if _letter(gps[ExifTags.GPS.GPSLatitudeRef]) == "S" else 1)
    lon = _degrees(gps[ExifTags.GPS.GPSLongitude]) * (-1 if _letter(gps[ExifTags.GPS.GPSLongitudeRef]) == "W" else 1)
    return place_or_none(lon, lat)


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


def _letter(value: Any) -> str:
    return (value.decode("ascii") if isinstance(value, bytes) else str(value)).strip("\0 ").upper()


def _taken_at(own: dict[int, Any], gps: dict[int, Any]) -> datetime | None:
    """The camera's time with its offset; without an offset the phone was on Beijing time. Else the satellites' time."""
    text = str(own.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    if text and not text.startswith("0000"):
        offset = str(own.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
        zone = datetime.strptime(offset, "%z").tzinfo if offset else BEIJING
        return datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
    day = datetime.strptime(str(gps[ExifTags.GPS.GPSDateStamp]).strip("\0 "), "%Y:%m:%d").replace(tzinfo=UTC)
    hours, minutes, seconds = (float(part) for part in gps[ExifTags.GPS.GPSTimeStamp])
    return day + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _in_srgb(image: Image.Image) -> Image.Image:
    """Without a profile (it names the device), so the colours must be in the one everybody assumes."""
    profile = image.info.get("icc_profile")
    has_alpha = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    plain = image.convert("RGBA" if has_alpha else "RGB")
    if profile and image.mode in {"RGB", "RGBA"}:
        with suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            plain = ImageCms.profileToProfile(plain, source, _SRGB, outputMode=plain.mode) or plain
    return _on_white(plain) if has_alpha else plain


def _on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _fitted(image: Image.Image, longest: int) -> Image.Image:
    if max(image.size) <= longest:
        return image
    smaller = image.copy()
    smaller.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return smaller


def _rendition(image: Image.Image) -> Rendition:
    # A new image from the bare pixels: nothing of `info` (EXIF, XMP, comments) can follow.
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Rendition(out.getvalue(), "image/jpeg", image.width, image.height)
