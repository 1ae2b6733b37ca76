"""One file that holds a whole office: the database as it was at one moment, and the evidence."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from models.migrate import steps
from webui.place import Place, Unfit, now

KIND = "bihuan-backup"
DATABASE = "bihuan.db"


def backup(place: Place, to: Path) -> int:
    """Writes the archive; photos that arrive meanwhile may or may not be in it. Returns the count of evidence files."""
    file = _file_of(place)
    place.ready()
    with tempfile.TemporaryDirectory(dir=to.absolute().parent) as beside:
        copy, unfinished = Path(beside) / DATABASE, Path(beside) / "unfinished.tar"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
        about = Path(beside) / "about.json"
        about.write_text(
            json.dumps({"kind": KIND, "made_at": now().isoformat(), "step": steps()[-1]}), encoding="utf-8"
        )
        with tarfile.open(unfinished, "w") as archive:
            archive.add(about, "about.json")
            archive.add(copy, DATABASE)
            kept = (
                sorted(path for path in place.evidence.rglob("*") if path.is_file()) if place.evidence.is_dir() else []
            )
            for path in kept:
                archive.add(path, f"evidence/{path.relative_to(place.evidence).as_posix()}")
        unfinished.replace(to)
    return len(kept)


def restore(place: Place, source: Path) -> str:
    """Puts the archive in the place of whatever is there, after it has been read whole. Returns when it was made."""
    file = _file_of(place)
    place.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.home) as beside:
        unpacked = Path(beside)
        made_at = _unpack(source, unpacked)
        file.parent.mkdir(parents=True, exist_ok=True)
        wipe(place)
        (unpacked / DATABASE).replace(file)
        if (unpacked / "evidence").is_dir():
            (unpacked / "evidence").replace(place.evidence)
    return made_at


def wipe(place: Place) -> None:
    """Removes the database and the evidence. Whoever calls this has asked first and holds the place to itself."""
    file = _file_of(place)
    place.engine.dispose()
    for leftover in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        leftover.unlink(missing_ok=True)
    if place.evidence.is_dir():
        shutil.rmtree(place.evidence)


def _file_of(place: Place) -> Path:
    if place.file is None:
        raise Unfit(
            "这个命令只用于 SQLite。PostgreSQL 请用 pg_dump / pg_restore（或 dropdb / createdb），并另行复制证据目录 "
            f"{place.evidence}",
            "This command is for SQLite. On PostgreSQL use pg_dump / pg_restore (or dropdb / createdb) and copy the "
            f"evidence folder {place.evidence} besides.",
        )
    return place.file


def _unpack(source: Path, into: Path) -> str:
    try:
        with tarfile.open(source, "r:*") as archive:
            archive.extractall(into, filter="data")
        about = json.loads((into / "about.json").read_text("utf-8"))
        made_at, step = str(about["made_at"]), str(about["step"])
        if about["kind"] != KIND:
            raise ValueError(about["kind"])
        with closing(sqlite3.connect(into / DATABASE)) as copy:
            sound = copy.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    except (
        tarfile.TarError,
        EOFError,
        KeyError,
        ValueError,
        TypeError,
        FileNotFoundError,
        sqlite3.DatabaseError,
    ) as error:
        if isinstance(error, FileNotFoundError) and not source.exists():
            raise
        raise Unfit(
            f"{source} 不是完整的闭环备份文件，没有改动任何内容。",
            f"{source} is not a whole backup of Bihuan; nothing was changed.",
        ) from error
    if not sound:
        raise Unfit(
            f"{source} 里的数据库已损坏，没有改动任何内容。",
            f"The database in {source} is damaged; nothing was changed.",
        )
    if step not in steps():
        raise Unfit(
            f"{source} 来自更新版本的程序（{step}），请先升级。",
            f"{source} comes from a newer program ({step}); upgrade first.",
        )
    return made_at
