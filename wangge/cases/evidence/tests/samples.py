"""Files made for the tests, byte by byte where no library writes them."""

import io
import struct
import zipfile
from fractions import Fraction

from PIL import ExifTags, Image

LON, LAT = 118.7969, 32.0603  # WGS-84, Nanjing


def picture(
    *,
    size: tuple[int, int] = (640, 480),
    form: str = "JPEG",
    place: tuple[float, float] | None = None,
    taken: str = "",
    offset: str = "",
    orientation: int = 1,
    shade: int = 0,
) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((200 - shade, 30, 30), (size[0] // 8, size[1] // 8, size[0] // 3, size[1] // 2))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "TELLTALE PHONE"
    own = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        own[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        own[ExifTags.Base.OffsetTimeOriginal] = offset
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
        gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLatitude] = _dms(place[0]), _dms(place[1])
    out = io.BytesIO()
    image.save(out, form, exif=exif)
    return out.getvalue()


def _dms(degrees: float) -> tuple[Fraction, Fraction, Fraction]:
    seconds = Fraction(degrees).limit_denominator(10**7) * 3600
    return Fraction(seconds // 3600), Fraction(seconds % 3600 // 60), Fraction(seconds % 60).limit_denominator(10**5)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **more}
    return packed(parts)


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog" + body + b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def movie(
    *, brand: bytes = b"isom", place: str = "+32.0603+118.7969/", handlers: tuple[bytes, ...] = (b"vide",)
) -> bytes:
    """A film of one sample per track; each track's sample lies in mdat as `frames of vide …`."""
    ftyp = box(b"ftyp", brand, bytes(4), brand)
    samples = [b"frames of " + handler + b" " + bytes(range(32)) for handler in handlers]
    offset = len(ftyp) + 8
    tracks = []
    for handler, sample in zip(handlers, samples, strict=True):
        tracks.append(_track(handler, offset, len(sample)))
        offset += len(sample)
    mvhd = box(b"mvhd", bytes(4), struct.pack(">I", 3_786_912_000), bytes(92))  # 2024-01-01T00:00:00Z
    udta = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7), place.encode())) if place else b""
    xmp = box(b"uuid", bytes(16), b"<x:xmpmeta>TELLTALE</x:xmpmeta>")
    return ftyp + box(b"mdat", *samples) + box(b"moov", mvhd, *tracks, udta) + xmp


def _track(handler: bytes, offset: int, size: int) -> bytes:
    stbl = box(
        b"stbl",
        box(b"stsz", bytes(4), struct.pack(">II", 0, 1), struct.pack(">I", size)),
        box(b"stsc", bytes(4), struct.pack(">I", 1), struct.pack(">III", 1, 1, 1)),
        box(b"stco", bytes(4), struct.pack(">I", 1), struct.pack(">I", offset)),
    )
    hdlr = box(b"hdlr", bytes(8), handler, bytes(13))
    return box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", hdlr, box(b"minf", stbl)))


def mp3() -> bytes:
    name = b"TIT2" + struct.pack(">I", 9) + bytes(2) + b"\x03TELLTALE"
    tag = b"ID3\x03\x00\x00" + bytes((0, 0, 0, len(name))) + name
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return tag + frame * 4 + b"TAG" + b"TELLTALE".ljust(125, b"\0")


def wav() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)

    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    body = (
        b"WAVE"
        + chunk(b"fmt ", form)
        + chunk(b"LIST", b"INFOIART\x09\0\0\0TELLTALE\0")
        + chunk(b"data", b"\x01\x02" * 400)
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webm(*track_types: int, closed: bool = False) -> bytes:
    """As MediaRecorder writes it: a segment of unknown length, its tracks, then a cluster. 1 video, 2 audio."""

    def element(name: str, body: bytes) -> bytes:
        return bytes.fromhex(name) + bytes([0x80 | len(body)]) + body

    head = element("4286", b"\1") + element("42f7", b"\1") + element("42f2", b"\4") + element("42f3", b"\x08")
    tracks = b"".join(element("ae", element("d7", b"\1") + element("83", bytes([one]))) for one in track_types)
    segment = element("1549a966", element("4d80", b"Chrome")) + element("1654ae6b", tracks)
    segment += element("1f43b675", element("e7", b"\0") + bytes(40))
    length = (len(segment) | 1 << 56).to_bytes(8, "big") if closed else b"\x01" + b"\xff" * 7
    return element("1a45dfa3", head + element("4282", b"webm")) + bytes.fromhex("18538067") + length + segment
