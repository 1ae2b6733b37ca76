"""Photographs for the tests: real JPEG files with what a camera writes into them."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

ZONE = ZoneInfo("Asia/Shanghai")
# Off the coast: no real place.
LATITUDE, LONGITUDE = (36, 31, 12.0), (123, 52, 48.0)
PLACE = "36.52000, 123.88000"


def photo(name: str, at: datetime, *, fixed: bool) -> dict[str, object]:
    """A file for an upload field: a barrier, open (before) or closed (after), taken `at`."""
    at = at.astimezone(ZONE)
    image = Image.new("RGB", (1200, 900), (172, 196, 214))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 560, 1200, 900), fill=(120, 118, 112))
    pen.rectangle((120, 300, 300, 640), fill=(226, 222, 210), outline=(60, 60, 60), width=6)
    end = (1080, 520) if fixed else (720, 90)
    pen.line((300, 520, *end), fill=(196, 42, 38), width=26)
    if fixed:
        pen.ellipse((420, 400, 470, 450), fill=(40, 60, 120))
        pen.rectangle((410, 450, 480, 640), fill=(40, 60, 120))
    pen.rectangle((24, 828, 660, 880), fill=(0, 0, 0))
    pen.text((40, 836), f"{'AFTER' if fixed else 'BEFORE'} {at:%Y-%m-%d %H:%M}", fill=(255, 232, 150), font_size=34)
    written = BytesIO()
    image.save(written, "JPEG", quality=80, exif=_notes(at))
    return {"name": name, "mimeType": "image/jpeg", "buffer": written.getvalue()}


def _notes(at: datetime) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Model] = "Test camera"
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = f"{at:%Y:%m:%d %H:%M:%S}"
    details[Base.OffsetTimeOriginal] = "+08:00"
    place = exif.get_ifd(IFD.GPSInfo)
    for (side, tag), letter, value in zip(
        ((GPS.GPSLatitudeRef, GPS.GPSLatitude), (GPS.GPSLongitudeRef, GPS.GPSLongitude)),
        "NE",
        (LATITUDE, LONGITUDE),
        strict=True,
    ):
        degrees, minutes, seconds = value
        place[side] = letter
        place[tag] = (IFDRational(degrees), IFDRational(minutes), IFDRational(round(seconds * 100), 100))
    return exif
