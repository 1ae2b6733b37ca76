"""Photos that were sent and never handed in go after a while; none goes that a fact refers to, whenever one dies."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import evidence, orphans
from engine.acts.casefiles import find_case
from engine.record.journal import record
from engine.words import facts as f
from engine.words.officers import CLOCK
from models import Base, Evidence
from models.session import open_database
from models.session import sessions as open_sessions
from tests.cast import Cast
from tests.walk import Walk

LONG = orphans.WAITS + timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


def sent(sessions: sessionmaker[Session], folder: Path, text: str, *, ago: timedelta) -> str:
    """A file that was sent so long before now."""
    at = datetime.now(UTC) - ago
    with sessions() as session, session.begin():
        kept: dict[str, Any] = evidence.store(
            session, io.BytesIO(f"%PDF-1.7\n{text}\n%%EOF\n".encode()), "notes.pdf", folder=folder, by=CLOCK, at=at
        )
    os.utime(evidence.path(folder, kept["sha"]), (at.timestamp(), at.timestamp()))
    return str(kept["sha"])


def left(sessions: sessionmaker[Session], folder: Path) -> set[str]:
    """What is there, row and bytes."""
    with sessions() as session:
        rows = set(session.scalars(select(Evidence.sha).where(Evidence.media != "image/jpeg")))
    files = {path.name for path in folder.rglob("*") if path.is_file()}
    assert rows == files
    return rows


def sweep(sessions: sessionmaker[Session], folder: Path) -> int:
    return orphans.sweep(sessions, folder, at=datetime.now(UTC))


def test_what_hangs_on_nothing_goes_after_a_while(sessions: sessionmaker[Session], folder: Path, cast: Cast) -> None:
    sent(sessions, folder, "old", ago=LONG)
    young = sent(sessions, folder, "young", ago=timedelta(days=2))
    assert sweep(sessions, folder) == 1
    assert left(sessions, folder) == {young}
    assert sweep(sessions, folder) == 0


def test_what_a_fact_refers_to_stays(issue_loop: Cast, sessions: sessionmaker[Session], folder: Path) -> None:
    attached, spoken, sent_on = (sent(sessions, folder, text, ago=LONG) for text in "abc")
    walk = Walk(sessions, issue_loop, at=datetime.now(UTC))
    walk.raise_issue(photos_before=[{"sha": attached, "name": "a.pdf"}])
    with sessions() as session, session.begin():
        many = [{"sha": spoken, "name": "b" * 60} for _ in range(60)]  # kept beside the case
        one = f.MessageSent("m-1", "send", "hello", "key", {"files": [{"sha": sent_on}]})
        facts = [f.VariablesChanged({}, {"many": many}), one]
        record(session, find_case(session, walk.case), facts, by=CLOCK, at=walk.at)
    assert sweep(sessions, folder) == 0
    assert left(sessions, folder) == {attached, spoken, sent_on}


def test_what_was_sent_again_waits_again(sessions: sessionmaker[Session], folder: Path, cast: Cast) -> None:
    sha = sent(sessions, folder, "twice", ago=LONG)
    with sessions() as session, session.begin():
        content = evidence.path(folder, sha).read_bytes()
        evidence.store(session, io.BytesIO(content), "again.pdf", folder=folder, by=CLOCK, at=datetime.now(UTC))
    assert sweep(sessions, folder) == 0
    assert left(sessions, folder) == {sha}


def test_bytes_that_no_row_knows_go_too(sessions: sessionmaker[Session], folder: Path, cast: Cast) -> None:
    """Whoever sends dies after the file lies in its place, before the row is committed."""
    at = datetime.now(UTC) - LONG
    with sessions() as session:
        evidence.store(session, io.BytesIO(b"%PDF-1.7\nlost\n%%EOF\n"), "x.pdf", folder=folder, by=CLOCK, at=at)
        session.rollback()
    (folder / ".incoming-half").write_bytes(b"half")
    for path in folder.rglob("*"):
        os.utime(path, (at.timestamp(), at.timestamp()))
    assert sweep(sessions, folder) == 0
    assert left(sessions, folder) == set()


_SWEEPER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from engine.acts import orphans
from models.session import open_database, sessions
url, folder, where = sys.argv[1:]
def die(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "row":
    orphans._delete_bytes = die
else:
    orphans._settle = die
orphans.sweep(sessions(open_database(url)), Path(folder), at=datetime.now(UTC))
"""


@pytest.mark.parametrize("where", ["row", "bytes"])
def test_whoever_is_killed_between_leaves_nothing_half(where: str, tmp_path: Path, folder: Path) -> None:
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    database = open_database(url)
    Base.metadata.create_all(database)
    opened = open_sessions(database)
    old, young = sent(opened, folder, "old", ago=LONG), sent(opened, folder, "young", ago=timedelta(days=1))
    told = [sys.executable, "-c", _SWEEPER, url, str(folder), where]
    assert subprocess.run(told, check=False).returncode == -signal.SIGKILL
    with opened() as session:
        assert session.get(Evidence, old) is None
    assert any(old in path.name for path in folder.rglob("*")), "the bytes are still there"
    assert sweep(opened, folder) == 0
    assert left(opened, folder) == {young}
    database.dispose()
