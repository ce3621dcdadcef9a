"""A photo as a phone takes it, and a film of a sign."""

import io
from pathlib import Path

import segno
from PIL import Image


def photo(path: Path) -> Path:
    picture = Image.effect_noise((640, 480), 60).convert("RGB")
    picture.save(path, quality=80)
    return path


def film_of_a_code(path: Path, text: str) -> Path:
    """A QR code in the middle of a camera's picture, as MJPEG: pictures one after the other."""
    code = io.BytesIO()
    segno.make(text, error="m").save(code, kind="png", scale=8, border=4)
    frame = Image.new("RGB", (640, 480), "#777")
    sign = Image.open(code).convert("RGB")
    sign.thumbnail((400, 400))
    frame.paste(sign, ((frame.width - sign.width) // 2, (frame.height - sign.height) // 2))
    shot = io.BytesIO()
    frame.save(shot, "JPEG", quality=90)
    path.write_bytes(shot.getvalue() * 10)
    return path
