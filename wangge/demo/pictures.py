"""Drawn pictures of before and after, with place and time as a phone writes them, and a note that they are drawn."""

import io
import random
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from PIL import ExifTags, Image, ImageDraw, ImageFont

from wangge.cases.casefile.fonts import font_folder
from wangge.core.clock import local

WIDTH, HEIGHT = 960, 720  # drawn so
SENT = (640, 480)
HORIZON = 430
# What a picture shows, by words of the title; a quarrel or an enquiry has none.
SHOWN_BY = {
    "stall": ("摊贩", "经营", "水果车"),
    "lamp": ("路灯", "灯杆"),
    "bikes": ("单车", "电动车", "电瓶", "充电", "飞线"),
    "boxes": ("楼道",),
    "rubbish": ("垃圾", "偷倒", "粪便", "老鼠", "蚊虫"),
    "water": ("积水", "进水", "污水", "下水道", "水管"),
    "road": ("路面", "窨井", "地砖"),
    "tree": ("树",),
    "building": ("违建", "破墙", "搭棚"),
    "smoke": ("油烟", "扬尘"),
    "shop": ("后厨", "灭火器", "气瓶", "过期食品"),
    "cars": ("车辆", "违停", "停车", "堵路", "僵尸车"),
}
Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


def kind_of(title: str) -> str | None:
    return next((kind for kind, words in SHOWN_BY.items() if any(word in title for word in words)), None)


def draw(kind: str, rng: random.Random, *, after: bool, taken_at: datetime, lon: float, lat: float) -> bytes:
    """A JPEG. The two of one case have the same scene: give both the same seed."""
    image = Image.new("RGB", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(image)
    _scene(pen, rng, indoors=kind in INDOORS)
    thing = THINGS.get(kind, _boxes)
    if after:
        _cleared(pen, rng)
    else:
        thing(pen, rng)
    _note(pen, taken_at)
    image = image.resize(SENT, Image.Resampling.BILINEAR)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82, exif=_exif(taken_at, lon, lat))
    return out.getvalue()


def _scene(pen: Draw, rng: random.Random, *, indoors: bool) -> None:
    if indoors:
        wall = _tone(rng, (206, 200, 186), 22)
        pen.rectangle((0, 0, WIDTH, HORIZON + 60), fill=wall)
        pen.rectangle((0, HORIZON + 60, WIDTH, HEIGHT), fill=_tone(rng, (150, 146, 140), 15))
        left = rng.randrange(60, 520)
        pen.rectangle((left, 110, left + 210, HORIZON + 60), fill=_tone(rng, (112, 84, 62), 25))
        for step in range(6):
            pen.line(
                (left + 300, HORIZON + 60 - step * 46, WIDTH, HORIZON + 40 - step * 46), fill=(120, 118, 114), width=7
            )
        return
    sky = _tone(rng, (170, 196, 214), 25)
    for y in range(HORIZON):
        pen.line((0, y, WIDTH, y), fill=_lighter(sky, y / HORIZON * 40))
    x = -rng.randrange(0, 120)
    while x < WIDTH:
        width, height = rng.randrange(120, 290), rng.randrange(170, 390)
        _building(pen, rng, x, width, height)
        x += width + rng.randrange(0, 40)
    pen.rectangle((0, HORIZON, WIDTH, HEIGHT), fill=_tone(rng, (128, 128, 126), 14))
    kerb = HORIZON + rng.randrange(20, 70)
    pen.rectangle((0, HORIZON, WIDTH, kerb), fill=_tone(rng, (164, 158, 148), 12))
    for start in range(rng.randrange(0, 90), WIDTH, 190):
        pen.polygon(((start, 640), (start + 90, 640), (start + 84, 652), (start - 6, 652)), fill=(224, 222, 214))


def _building(pen: Draw, rng: random.Random, x: int, width: int, height: int) -> None:
    top = HORIZON - height
    pen.rectangle((x, top, x + width, HORIZON), fill=_tone(rng, (188, 176, 160), 30))
    pane = _tone(rng, (96, 116, 132), 20)
    for y in range(top + 18, HORIZON - 40, 46):
        for at in range(x + 16, x + width - 30, 44):
            pen.rectangle((at, y, at + 24, y + 28), fill=_lighter(pane, rng.randrange(-18, 40)))


def _boxes(pen: Draw, rng: random.Random) -> None:
    for _ in range(rng.randrange(5, 10)):
        x, size = rng.randrange(120, 760), rng.randrange(60, 150)
        y = rng.randrange(HORIZON + 90, 660)
        colour = _tone(rng, (168, 128, 82), 26)
        pen.rectangle((x, y - size, x + int(size * 1.2), y), fill=colour, outline=_lighter(colour, -45), width=3)
        pen.line((x, y - size // 2, x + int(size * 1.2), y - size // 2), fill=_lighter(colour, -25), width=3)


def _bikes(pen: Draw, rng: random.Random) -> None:
    x = rng.randrange(60, 200)
    for _ in range(rng.randrange(4, 8)):
        colour, y = _tone(rng, (120, 96, 96), 80), rng.randrange(560, 650)
        for wheel in (x, x + 92):
            pen.ellipse((wheel, y - 34, wheel + 48, y + 14), outline=(34, 34, 36), width=8)
        pen.line((x + 24, y - 10, x + 60, y - 52, x + 116, y - 10), fill=colour, width=11)
        pen.line((x + 96, y - 14, x + 88, y - 84, x + 70, y - 88), fill=colour, width=8)
        pen.rectangle((x + 22, y - 70, x + 62, y - 58), fill=(40, 38, 38))
        x += rng.randrange(88, 138)


def _rubbish(pen: Draw, rng: random.Random) -> None:
    pen.rectangle((90, 470, 210, 640), fill=_tone(rng, (58, 110, 74), 16))
    pen.rectangle((80, 452, 220, 476), fill=(46, 84, 58))
    for _ in range(rng.randrange(14, 26)):
        x, y, size = rng.randrange(150, 760), rng.randrange(560, 680), rng.randrange(24, 70)
        pen.ellipse((x, y - size, x + int(size * 1.3), y), fill=_tone(rng, (130, 130, 128), 90))


def _cars(pen: Draw, rng: random.Random) -> None:
    x = rng.randrange(-40, 80)
    for _ in range(rng.randrange(2, 4)):
        colour, y = _tone(rng, (140, 140, 146), 95), rng.randrange(590, 650)
        pen.rounded_rectangle((x, y - 80, x + 300, y), 26, fill=colour)
        pen.polygon(((x + 50, y - 78), (x + 96, y - 140), (x + 214, y - 140), (x + 262, y - 78)), fill=colour)
        pen.polygon(((x + 72, y - 80), (x + 104, y - 130), (x + 206, y - 130), (x + 238, y - 80)), fill=(70, 84, 94))
        for wheel in (x + 44, x + 212):
            pen.ellipse((wheel, y - 34, wheel + 58, y + 24), fill=(30, 30, 32))
        x += rng.randrange(300, 360)


def _water(pen: Draw, rng: random.Random) -> None:
    x, y = rng.randrange(80, 300), rng.randrange(540, 590)
    for ring in range(5):
        pen.ellipse(
            (x + ring * 26, y + ring * 9, x + 560 - ring * 26, y + 130 - ring * 9),
            fill=_lighter((92, 104, 108), ring * 13),
        )
    pen.ellipse((x + 200, y + 40, x + 310, y + 86), fill=(56, 54, 50), outline=(30, 30, 30), width=6)


def _road(pen: Draw, rng: random.Random) -> None:
    x, y = rng.randrange(180, 520), rng.randrange(520, 590)
    points = [(x + rng.randrange(-20, 20) + dx, y + rng.randrange(-12, 12) + dy) for dx, dy in _RING]
    pen.polygon(points, fill=(66, 62, 58), outline=(44, 42, 40))
    for _ in range(7):
        start = (x + 110, y + 60)
        for _ in range(4):
            end = (start[0] + rng.randrange(-90, 90), start[1] + rng.randrange(-34, 46))
            pen.line((*start, *end), fill=(70, 68, 66), width=4)
            start = end


_RING = ((0, 60), (50, 8), (130, 0), (220, 20), (250, 70), (200, 116), (110, 126), (30, 108))


def _lamp(pen: Draw, rng: random.Random) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=(20, 24, 36))
    for x in range(rng.randrange(40, 140), WIDTH, 210):
        pen.line((x, 620, x, 190, x + 66, 160), fill=(58, 62, 70), width=9)
        lit = rng.random() < 0.3
        pen.ellipse((x + 52, 148, x + 104, 178), fill=(250, 226, 150) if lit else (64, 66, 70))
    pen.rectangle((0, 600, WIDTH, HEIGHT), fill=(34, 36, 42))


def _stall(pen: Draw, rng: random.Random) -> None:
    x = rng.randrange(30, 110)
    for _ in range(rng.randrange(2, 4)):
        colour = _tone(rng, (176, 90, 76), 60)
        pen.polygon(((x, 410), (x + 240, 410), (x + 210, 350), (x + 30, 350)), fill=colour)
        pen.rectangle((x + 16, 500, x + 224, 600), fill=(150, 116, 82))
        for fruit in range(12):
            at = x + 24 + fruit % 6 * 33
            pen.ellipse(
                (at, 470 + fruit // 6 * 18, at + 30, 500 + fruit // 6 * 18), fill=_tone(rng, (206, 120, 60), 50)
            )
        x += rng.randrange(260, 330)


def _tree(pen: Draw, rng: random.Random) -> None:
    x = rng.randrange(240, 560)
    pen.polygon(((x, 640), (x + 44, 640), (x + 180, 300), (x + 150, 290)), fill=(92, 68, 48))
    for _ in range(34):
        at, y, size = x + rng.randrange(-40, 330), rng.randrange(170, 420), rng.randrange(50, 110)
        pen.ellipse((at, y, at + size, y + int(size * 0.8)), fill=_tone(rng, (72, 110, 62), 28))


def _shop(pen: Draw, rng: random.Random) -> None:
    pen.rectangle((120, 210, 820, 600), fill=_tone(rng, (196, 184, 170), 20))
    pen.rectangle((120, 210, 820, 280), fill=_tone(rng, (150, 60, 54), 60))
    pen.rectangle((160, 320, 420, 600), fill=(90, 108, 116))
    for _ in range(rng.randrange(3, 6)):
        x = rng.randrange(450, 760)
        pen.rounded_rectangle((x, 470, x + 56, 610), 16, fill=_tone(rng, (90, 110, 130), 40))
        pen.rectangle((x + 20, 450, x + 36, 472), fill=(60, 60, 60))


def _smoke(pen: Draw, rng: random.Random) -> None:
    x = rng.randrange(260, 560)
    pen.rectangle((x, 300, x + 70, 470), fill=(90, 88, 84))
    for puff in range(16):
        at, size = x + rng.randrange(-90, 110), 50 + puff * 6
        pen.ellipse((at, 280 - puff * 17, at + size, 330 - puff * 17), fill=_tone(rng, (152, 150, 148), 18))


def _building_works(pen: Draw, rng: random.Random) -> None:
    x = rng.randrange(240, 480)
    pen.rectangle((x, 150, x + 300, 250), fill=_tone(rng, (176, 116, 92), 20))
    for row in range(5):
        for brick in range(8):
            at = x + brick * 38 - row % 2 * 18
            pen.rectangle((at, 152 + row * 20, at + 34, 168 + row * 20), outline=(132, 84, 66), width=2)
    pen.polygon(((x - 20, 150), (x + 320, 150), (x + 280, 104), (x + 20, 104)), fill=(96, 122, 150))


def _cleared(pen: Draw, rng: random.Random) -> None:
    """The same place, empty and swept."""
    for _ in range(18):
        x, y = rng.randrange(0, WIDTH), rng.randrange(HORIZON + 110, HEIGHT)
        pen.line((x, y, x + rng.randrange(30, 90), y - 3), fill=(142, 142, 140), width=2)
    pen.rectangle((700, 300, 860, 400), fill=(246, 246, 240), outline=(64, 120, 84), width=5)
    pen.text((722, 330), "已整改", fill=(64, 120, 84), font=_font(36))


THINGS: dict[str, Callable[[Draw, random.Random], None]] = {
    "boxes": _boxes,
    "bikes": _bikes,
    "rubbish": _rubbish,
    "cars": _cars,
    "water": _water,
    "road": _road,
    "lamp": _lamp,
    "stall": _stall,
    "tree": _tree,
    "shop": _shop,
    "smoke": _smoke,
    "building": _building_works,
}
INDOORS = {"boxes"}


def _note(pen: Draw, taken_at: datetime) -> None:
    pen.rectangle((0, HEIGHT - 44, WIDTH, HEIGHT), fill=(24, 28, 34))
    words = f"演示图片 · 程序绘制，非实景    {local(taken_at):%Y-%m-%d %H:%M}"
    pen.text((18, HEIGHT - 36), words, fill=(232, 232, 228), font=_font(22))


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sorted(font_folder().glob("*.ttc"))[0]), size, index=2)


def _exif(taken_at: datetime, lon: float, lat: float) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "wangge demo"
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.DateTimeOriginal: f"{local(taken_at):%Y:%m:%d %H:%M:%S}",
            ExifTags.Base.OffsetTimeOriginal: "+08:00",
        }
    )
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: _sexagesimal(lat),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: _sexagesimal(lon),
        }
    )
    return exif


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = (degrees - whole) * 60
    return (float(whole), float(int(minutes)), round((minutes - int(minutes)) * 60, 3))


def _tone(rng: random.Random, colour: Colour, spread: int) -> Colour:
    shift = rng.randrange(-spread, spread + 1)
    near = max(4, spread // 4)
    red, green, blue = (max(0, min(255, part + shift + rng.randrange(-near, near + 1))) for part in colour)
    return (red, green, blue)


def _lighter(colour: Colour, by: float) -> Colour:
    red, green, blue = (max(0, min(255, int(part + by))) for part in colour)
    return (red, green, blue)
