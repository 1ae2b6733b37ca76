"""Photos and files are kept by the hash of what is in them: checked by content, never changed, stored once."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy.orm import Session

from engine.acts.evidence_kinds import Picture, Refused, look, thumbnail_of
from engine.words.errors import Fault, NotFound, NotValid
from engine.words.officers import Actor
from models import Evidence

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
WIDTHS = (320, 1280)
_CHUNK = 256 * 1024


def store(
    session: Session,
    stream: IO[bytes],
    name: str,
    *,
    folder: Path,
    by: Actor,
    at: datetime,
    largest: int = LARGEST,
) -> dict[str, Any]:
    """Keeps one upload and answers {"sha", "name", "media", "size", "width", "height", "taken_at", "latitude",
    "longitude"}. The stream is read in pieces and never past `largest` bytes. The same content is kept once.
    Raises NotValid: empty, too large, of a kind that is not taken, or a damaged picture.

    The bytes hang on no case yet, so no fact is written: `EvidenceAttached` is, when a form is handed in with them."""
    name = _plain_name(name)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, incoming = tempfile.mkstemp(dir=folder, prefix=".incoming-")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            sha, size = _receive(stream, opened, name, largest)
        try:
            seen = look(Path(incoming), name)
        except Refused as refused:
            raise NotValid([Fault("", f"“{name}”{refused.zh}", f"“{name}” {refused.en}")]) from None
        _settle(Path(incoming), sha, folder, seen.picture)
    finally:
        Path(incoming).unlink(missing_ok=True)
    picture = seen.picture
    if session.get(Evidence, sha) is None:
        session.add(
            Evidence(
                sha=sha,
                size=size,
                media=seen.media,
                width=picture.width if picture else None,
                height=picture.height if picture else None,
                taken_at=picture.taken_at if picture else None,
                latitude=picture.latitude if picture else None,
                longitude=picture.longitude if picture else None,
                camera=picture.camera if picture else None,
                stored_at=at,
            )
        )
        session.flush()
    return {
        "sha": sha,
        "name": name,
        "media": seen.media,
        "size": size,
        "width": picture.width if picture else None,
        "height": picture.height if picture else None,
        "taken_at": picture.taken_at if picture else None,
        "latitude": picture.latitude if picture else None,
        "longitude": picture.longitude if picture else None,
    }


def path(folder: Path, sha: str) -> Path:
    """Where the bytes lie: ab/cd/abcd…. Raises NotFound when they do not."""
    found = _place(folder, sha)
    if not found.is_file():
        raise NotFound("没有找到这份附件。", "This attachment was not found.")
    return found


def thumbnail(folder: Path, sha: str, width: int) -> Path:
    """The small JPEG of a picture, 320 or 1280 pixels at its longer side. Raises NotFound."""
    found = _place(folder, sha).with_name(f"{sha}-{width}.jpg")
    if width not in WIDTHS or not found.is_file():
        raise NotFound("没有找到这张图片。", "This picture was not found.")
    return found


def _place(folder: Path, sha: str) -> Path:
    if len(sha) != 64 or not set(sha) <= set("0123456789abcdef"):
        raise NotFound("没有找到这份附件。", "This attachment was not found.")
    return folder / sha[:2] / sha[2:4] / sha


def _receive(stream: IO[bytes], into: IO[bytes], name: str, largest: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > largest:
            limit = largest // MEGABYTE
            raise NotValid(
                [
                    Fault(
                        "",
                        f"“{name}”超过 {limit} MB，没有保存。",
                        f"“{name}” is larger than {limit} MB and was not kept.",
                    )
                ]
            )
        digest.update(chunk)
        into.write(chunk)
    if size == 0:
        raise NotValid([Fault("", f"“{name}”是空文件。", f"“{name}” is empty.")])
    into.flush()
    os.fsync(into.fileno())
    return digest.hexdigest(), size


def _settle(incoming: Path, sha: str, folder: Path, picture: Picture | None) -> None:
    """Renamed into place: whoever looks finds the whole file or none. Thumbnails first, so that a file that is there
    has them."""
    final = _place(folder, sha)
    final.parent.mkdir(parents=True, exist_ok=True)
    if picture is not None:
        for width in WIDTHS:
            small = final.with_name(f"{sha}-{width}.jpg")
            if not small.exists():
                descriptor, beside = tempfile.mkstemp(dir=final.parent, prefix=".incoming-")
                with os.fdopen(descriptor, "wb") as opened:
                    opened.write(thumbnail_of(incoming, width))
                os.replace(beside, small)
    try:
        os.utime(final)  # sent again: it waits for its form as long as any other (`engine/acts/orphans.py`)
    except FileNotFoundError:
        incoming.chmod(0o640)
        os.replace(incoming, final)
        directory = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _plain_name(name: str) -> str:
    """The last part of whatever the browser calls the file, without what could confuse a reader or a header."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(char for char in plain if char.isprintable() and char not in '<>:"|?*').strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return (f"{stem[:110]}{dot}{ending[:10]}" if dot else plain[:120]) or "file"
