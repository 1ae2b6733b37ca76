"""What an uploaded file really is, told by its content: pictures with the camera's notes, papers, films, plain text."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import puremagic
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

# Read by Pillow; a camera's multi-picture file (MPO) is a JPEG with company.
PICTURES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
# MPO has no reader of its own in Pillow: the JPEG one finds it.
_READERS = [kind for kind in PICTURES if kind != "MPO"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What must be inside, so that a renamed archive is not taken for a paper.
PAPERS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
FILMS = {"video/mp4", "video/quicktime"}
TEXTS = {".txt": "text/plain", ".csv": "text/csv"}
# A "photo" of a few kB can unpack to gigabytes. A JPEG is unpacked at a lower scale, the others are not.
MOST_PIXELS = {"JPEG": 220_000_000, "MPO": 220_000_000}
MOST_PIXELS_ELSE = 40_000_000
# A camera writes the wall clock; only newer ones say which.
CAMERA_ZONE = ZoneInfo("Asia/Shanghai")
_MARKUP = re.compile(rb"<\s*(svg|html|!doctype|\?xml|script|body|iframe|xsl)", re.IGNORECASE)


class Refused(Exception):
    """Not taken. Both sentences follow the file's name."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    camera: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    media: str
    picture: Picture | None = None


def look(file: Path, name: str) -> Seen:
    """The kind of a file, whatever it calls itself. Raises Refused."""
    with file.open("rb") as opened:
        head = opened.read(4096)
    if _MARKUP.search(head) and not head.startswith((b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF", b"%PDF", b"PK")):
        raise Refused(
            "是网页或矢量图（SVG/HTML），可能含有脚本，不能上传。",
            "is a web page or an SVG drawing, which may carry scripts, and is not taken.",
        )
    kinds = [match.mime_type for match in puremagic.magic_file(file) if match.confidence >= 0.5]
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"}:
        raise Refused("是 HEIC 格式，请转换为 JPEG 后上传。", "is a HEIC picture; save it as JPEG and upload that.")
    if any(kind.startswith("image/") for kind in kinds[:1]) or head.startswith((b"\xff\xd8", b"\x89PNG", b"GIF8")):
        return _picture(file)
    if head[:1024].lstrip().startswith(b"%PDF-"):
        return Seen("application/pdf")
    if zipfile.is_zipfile(file) and head.startswith(b"PK"):
        return _paper(file)
    film = next((kind for kind in kinds if kind in FILMS), None)
    if film is not None:
        return Seen(film)
    ending = Path(name).suffix.lower()
    if ending in TEXTS and _is_text(file):
        return Seen(TEXTS[ending])
    raise Refused(
        "的类型不能上传。可以上传：JPEG、PNG、WebP、GIF 图片，PDF、DOCX、XLSX、TXT、CSV 文件，MP4 视频。",
        "is of a kind that is not taken. Taken are JPEG, PNG, WebP, GIF; PDF, DOCX, XLSX, TXT, CSV; MP4.",
    )


def thumbnail_of(file: Path, width: int) -> bytes:
    """A JPEG at most `width` pixels wide and high, upright, without the camera's notes."""
    with Image.open(file, formats=_READERS) as image:
        image.draft("RGB", (width, width))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((width, width))
        flat = Image.new("RGB", upright.size, "white")
        transparent = upright.convert("RGBA")
        flat.paste(transparent, mask=transparent.getchannel("A"))
        written = io.BytesIO()
        flat.save(written, "JPEG", quality=82, optimize=True)
    return written.getvalue()


def _picture(file: Path) -> Seen:
    damaged = Refused("不是完好的图片，无法打开。", "is not a sound picture and cannot be opened.")
    try:
        with Image.open(file, formats=_READERS) as image:
            _not_huge(image)
            image.verify()
        # verify() leaves the file unusable; opening again and loading finds what is cut off.
        with Image.open(file, formats=_READERS) as image:
            notes = image.getexif()
            turned = notes.get(ExifTags.Base.Orientation, 1) in {5, 6, 7, 8}
            width, height = (image.height, image.width) if turned else (image.width, image.height)
            media = PICTURES[image.format or ""]
            noted = _noted(notes, width, height)
            # At a lower scale where the format can: what is cut off is found all the same, in less memory.
            image.draft("RGB", (1280, 1280))
            image.load()
            return Seen(media, noted)
    except Image.DecompressionBombError:
        raise _too_many_pixels(MOST_PIXELS_ELSE) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise damaged from None


def _not_huge(image: Image.Image) -> None:
    most = MOST_PIXELS.get(image.format or "", MOST_PIXELS_ELSE)
    if image.width * image.height > most:
        raise _too_many_pixels(most)


def _too_many_pixels(most: int) -> Refused:
    limit = most // 10_000
    return Refused(
        f"的像素太多（超过 {limit} 万），请缩小后上传。",
        f"has too many pixels (more than {most // 1_000_000} million); make it smaller first.",
    )


def _noted(notes: Image.Exif, width: int, height: int) -> Picture:
    details = notes.get_ifd(ExifTags.IFD.Exif)
    place = notes.get_ifd(ExifTags.IFD.GPSInfo)
    maker, model = (str(notes.get(tag, "")).strip("\0 ") for tag in (ExifTags.Base.Make, ExifTags.Base.Model))
    camera = model if model.startswith(maker) else f"{maker} {model}"
    camera = "".join(char for char in camera if char.isprintable()).strip()[:100]
    latitude = _degrees(place, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S", 90)
    longitude = _degrees(place, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W", 180)
    both = latitude is not None and longitude is not None
    return Picture(
        width, height, _taken(details), latitude if both else None, longitude if both else None, camera or None
    )


def _taken(details: Mapping[int, Any]) -> datetime | None:
    text = str(details.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    offset = str(details.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    try:
        moment = datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=CAMERA_ZONE)
        if re.fullmatch(r"[+-]\d\d:\d\d", offset):
            moment = datetime.fromisoformat(f"{moment:%Y-%m-%dT%H:%M:%S}{offset}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _degrees(place: Mapping[int, Any], tag: int, side: int, negative: str, most: int) -> float | None:
    """Degrees, minutes, seconds → degrees; None for what no camera should write (0/0, 200°, two numbers)."""
    try:
        degrees, minutes, seconds = (float(part) for part in place[tag])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(found) or abs(found) > most:
        return None
    return round(-found if str(place.get(side, "")).strip("\0 ") == negative else found, 6)


def _paper(file: Path) -> Seen:
    """Only the archive's list of contents is read, never what is packed in it."""
    try:
        with zipfile.ZipFile(file) as archive:
            inside = set(archive.namelist())
    except zipfile.BadZipFile:
        raise Refused("已损坏，无法打开。", "is damaged and cannot be opened.") from None
    media = next((media for media, needed in PAPERS.items() if needed in inside), None)
    if media is None or "[Content_Types].xml" not in inside:
        raise Refused("是压缩包，不能上传，请直接上传其中的文件。", "is an archive; upload the files in it instead.")
    if any(part.endswith("vbaProject.bin") for part in inside):
        raise Refused("含有宏，不能上传。", "carries macros and is not taken.")
    return Seen(media)


def _is_text(file: Path) -> bool:
    content = file.read_bytes()
    if b"\0" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
