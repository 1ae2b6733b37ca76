"""Evidence: told by content, limited, kept once, thumbnails upright, the camera's notes read."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import evidence, evidence_kinds
from engine.words.errors import NotFound, NotValid
from engine.words.officers import CLOCK
from models import Evidence
from tests.cast import MORNING


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Session:
    return sessions()


def photo(format: str = "JPEG", *, size: tuple[int, int] = (600, 400), exif: Image.Exif | None = None) -> bytes:
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((20, 30, 200), (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    image.save(written, format, **({"exif": exif} if exif is not None else {}))
    return written.getvalue()


def archive(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in names:
            opened.writestr(name, b"\0" * 1000)
    return written.getvalue()


def keep(session: Session, folder: Path, content: bytes, name: str, **limits: int) -> dict[str, object]:
    return evidence.store(session, io.BytesIO(content), name, folder=folder, by=CLOCK, at=MORNING, **limits)


def left_behind(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_photo_is_kept_by_its_hash_with_its_thumbnails(session: Session, folder: Path) -> None:
    content = photo(size=(2000, 1000))
    kept = keep(session, folder, content, "C:\\照片\\卡口.jpg")
    sha = hashlib.sha256(content).hexdigest()
    assert (kept["sha"], kept["name"], kept["media"]) == (sha, "卡口.jpg", "image/jpeg")
    assert (kept["width"], kept["height"], kept["size"]) == (2000, 1000, len(content))
    assert evidence.path(folder, sha) == folder / sha[:2] / sha[2:4] / sha
    assert evidence.path(folder, sha).read_bytes() == content
    for width in (320, 1280):
        with Image.open(evidence.thumbnail(folder, sha, width)) as small:
            assert small.size == (width, width // 2)
            assert small.format == "JPEG"


def test_the_same_content_is_kept_once(session: Session, folder: Path) -> None:
    content = photo()
    first, second = keep(session, folder, content, "a.jpg"), keep(session, folder, content, "b.jpg")
    assert first["sha"] == second["sha"]
    assert session.scalar(select(func.count()).select_from(Evidence)) == 1
    assert len(left_behind(folder)) == 3


def test_what_the_camera_wrote_is_read_and_the_thumbnail_stands_upright(session: Session, folder: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Huawei", "P60"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:03:09 16:20:05"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (24.0, 30.0, 36.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (118.0, 6.0, 0.0)
    kept = keep(session, folder, photo(exif=exif), "a.jpg")
    assert kept["taken_at"] == datetime(2026, 3, 9, 8, 20, 5, tzinfo=UTC)
    assert (kept["latitude"], kept["longitude"]) == (24.51, 118.1)
    assert (kept["width"], kept["height"]) == (400, 600)
    row = session.get(Evidence, kept["sha"])
    assert row is not None
    assert row.camera == "Huawei P60"
    with Image.open(evidence.thumbnail(folder, str(kept["sha"]), 320)) as small:
        assert small.height > small.width
        assert not small.getexif()


def test_nonsense_of_a_camera_is_left_out(session: Session, folder: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "0000:00:00 00:00:00"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (240.0, 0.0, 0.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (118.0, 6.0, 0.0)
    kept = keep(session, folder, photo(exif=exif), "a.jpg")
    assert (kept["taken_at"], kept["latitude"], kept["longitude"]) == (None, None, None)


@pytest.mark.parametrize(
    ("content", "name", "media"),
    [
        (photo("PNG"), "a.png", "image/png"),
        (photo("WEBP"), "a.webp", "image/webp"),
        (photo("GIF"), "a.gif", "image/gif"),
        (photo("PNG"), "told.pdf", "image/png"),
        (b"%PDF-1.7\n1 0 obj\n%%EOF\n", "a.pdf", "application/pdf"),
        (archive("[Content_Types].xml", "word/document.xml"), "a.docx", evidence_kinds.DOCX),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "a.xlsx", evidence_kinds.XLSX),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41" + bytes(200), "a.mp4", "video/mp4"),
        ("整改说明".encode(), "a.txt", "text/plain"),
        ("序号,问题\n1,卡口".encode("gbk"), "a.csv", "text/csv"),
    ],
)  # fmt: skip
def test_kinds_that_are_taken_are_told_by_content(
    session: Session, folder: Path, content: bytes, name: str, media: str
) -> None:
    assert keep(session, folder, content, name)["media"] == media


def bomb() -> bytes:
    """A PNG of 60,000 × 60,000 pixels in a few hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    packed = zlib.compress(bytes(60_001))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.jpg", "空文件"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a.jpg", "SVG"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><script>1</script>", "a.txt", "SVG/HTML"),
        (b"MZ\x90\x00" + bytes(300), "a.jpg", "类型不能上传"),
        (archive("a.exe"), "a.docx", "压缩包"),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx", "宏"),
        (photo()[:200], "a.jpg", "不是完好的图片"),
        (photo("PNG")[:-40], "a.png", "不是完好的图片"),
        (bomb(), "a.png", "像素太多"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200), "a.heic", "HEIC"),
        (b"a\x00b", "a.txt", "类型不能上传"),
    ],
)
def test_what_is_not_taken_leaves_nothing_behind(
    session: Session, folder: Path, content: bytes, name: str, said: str
) -> None:
    with pytest.raises(NotValid) as refused:
        keep(session, folder, content, name)
    assert said in refused.value.zh
    assert refused.value.en
    assert left_behind(folder) == []
    assert session.scalar(select(func.count()).select_from(Evidence)) == 0


def test_reading_stops_at_the_limit(session: Session, folder: Path) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return bytes(size)

    endless = Endless()
    with pytest.raises(NotValid, match="larger than 2 MB"):
        evidence.store(session, endless, "a.jpg", folder=folder, by=CLOCK, at=MORNING, largest=2 * 1024 * 1024)  # type: ignore[arg-type]
    assert endless.given < 3 * 1024 * 1024
    assert left_behind(folder) == []


@pytest.mark.parametrize("sha", ["", "..", "../../etc/passwd", "a" * 63, "g" * 64, "A" * 64, "0" * 64])
def test_no_other_file_can_be_asked_for(folder: Path, sha: str) -> None:
    with pytest.raises(NotFound):
        evidence.path(folder, sha)
    with pytest.raises(NotFound):
        evidence.thumbnail(folder, sha, 320)
