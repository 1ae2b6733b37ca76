"""Photographs of the drawn scenes: some grain and blur, the caption, and what a camera writes beside them."""

from __future__ import annotations

import random
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from webui.demo.scenes import SCENES

SIZE = (1024, 768)
CAMERA = "Bihuan demo, drawn"
ZONE = ZoneInfo("Asia/Shanghai")
# At sea, so that no real place stands accused.
LATITUDE, LONGITUDE = 36.52, 123.88


def photo(scene: str, variant: int, *, fixed: bool, place: str, at: datetime) -> bytes:
    """A JPEG of 1024 × 768 with caption, time and place. The same arguments give the same bytes."""
    rng = random.Random(f"{scene} {variant} {fixed} {place} {at.isoformat()}")
    image = _scene(scene, variant, fixed).copy()
    image = ImageEnhance.Brightness(image).enhance(rng.uniform(0.86, 1.06))
    _caption(image, f"{place}   {at.astimezone(ZONE):%Y-%m-%d %H:%M}   {'AFTER' if fixed else 'BEFORE'}")
    written = BytesIO()
    latitude, longitude = LATITUDE + rng.uniform(-0.03, 0.03), LONGITUDE + rng.uniform(-0.03, 0.03)
    image.save(written, "JPEG", quality=82, exif=_exif(at.astimezone(ZONE), latitude, longitude))
    return written.getvalue()


@lru_cache(maxsize=64)
def _scene(scene: str, variant: int, fixed: bool) -> Image.Image:
    drawn = SCENES[scene](random.Random(f"{scene} {variant}"), fixed=fixed)
    rng = random.Random(f"camera {scene} {variant} {fixed}")
    drawn = drawn.rotate(rng.uniform(-2.2, 2.2), resample=Image.Resampling.BICUBIC)
    edge = rng.randint(50, 90)  # nobody stands in the same spot twice
    drawn = drawn.crop((edge, edge, drawn.width - edge, drawn.height - round(edge * 0.75)))
    drawn = drawn.resize(SIZE, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.7))
    grain = Image.frombytes("L", (SIZE[0] // 2, SIZE[1] // 2), rng.randbytes(SIZE[0] * SIZE[1] // 4)).resize(SIZE)
    grain = grain.point(lambda value: 118 + value * 20 // 255)
    return ImageChops.overlay(drawn, Image.merge("RGB", (grain, grain, grain)))


def _caption(image: Image.Image, text: str) -> None:
    """Latin letters only: the picture must look the same on a machine without Chinese fonts."""
    font = ImageFont.load_default(size=30)
    pen = ImageDraw.Draw(image, "RGBA")
    width = pen.textlength(text, font=font)
    top = image.height - 64
    pen.rectangle((24, top, 56 + width, top + 46), fill=(0, 0, 0, 150))
    pen.text((40, top + 5), text, font=font, fill=(255, 232, 150, 255))


def _exif(at: datetime, latitude: float, longitude: float) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Make] = "Bihuan"
    exif[Base.Model] = CAMERA
    camera = exif.get_ifd(IFD.Exif)
    camera[Base.DateTimeOriginal] = f"{at:%Y:%m:%d %H:%M:%S}"
    camera[Base.OffsetTimeOriginal] = "+08:00"
    position = exif.get_ifd(IFD.GPSInfo)
    position[GPS.GPSLatitudeRef], position[GPS.GPSLatitude] = "N", _degrees(latitude)
    position[GPS.GPSLongitudeRef], position[GPS.GPSLongitude] = "E", _degrees(longitude)
    return exif


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    minutes = (value - int(value)) * 60
    return IFDRational(int(value)), IFDRational(int(minutes)), IFDRational(round((minutes % 1) * 6000), 100)
