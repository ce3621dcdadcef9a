"""A photo as a phone takes it."""

from pathlib import Path

from PIL import Image


def photo(path: Path) -> Path:
    picture = Image.effect_noise((640, 480), 60).convert("RGB")
    picture.save(path, quality=80)
    return path
