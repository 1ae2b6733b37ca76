"""What every test may ask for: an empty database, the cast, the published process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions
from engine.words.officers import CLOCK
from models import Base
from models.session import open_database
from models.session import sessions as open_sessions
from tests import cast as people

PROCESSES = Path(__file__).parent.parent / "processes"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """After a run in which mechanisms were asked for, how many of them are carried."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    if any("test_mechanisms" in getattr(report, "nodeid", "") for report in reports):
        from tests.processes.coverage import sentence

        terminalreporter.write_line(sentence())


@pytest.fixture(scope="session")
def model_database(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, people.Cast]:
    """A database with the cast and the issue loop published, made once: each test works on a copy."""
    path = tmp_path_factory.mktemp("model") / "bihuan.db"
    database = open_database(f"sqlite:///{path}")
    Base.metadata.create_all(database)
    with open_sessions(database)() as session, session.begin():
        cast = people.install(session)
    with open_sessions(database)() as session, session.begin():
        definitions.publish(session, *files_of("issue_loop"), note="", by=CLOCK, at=people.MORNING)
    database.dispose()  # the last connection closed: SQLite has folded its log into the file
    return path, cast


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    database = open_database(f"sqlite:///{tmp_path / 'bihuan.db'}")
    if not (tmp_path / "bihuan.db").exists() or (tmp_path / "bihuan.db").stat().st_size == 0:
        Base.metadata.create_all(database)
    yield database
    database.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return open_sessions(engine)


@pytest.fixture
def cast(sessions: sessionmaker[Session]) -> people.Cast:
    with sessions() as session, session.begin():
        return people.install(session)


def files_of(process: str) -> tuple[bytes, dict[str, str]]:
    """Diagram and decision tables of a process of the library."""
    folder = PROCESSES / process
    tables = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.dmn"))}
    return (folder / f"{process}.bpmn").read_bytes(), tables


@pytest.fixture
def published(tmp_path: Path, model_database: tuple[Path, people.Cast]) -> people.Cast:
    """Puts the copy in place before the database is opened."""
    shutil.copyfile(model_database[0], tmp_path / "bihuan.db")
    return model_database[1]


@pytest.fixture
def issue_loop(published: people.Cast, sessions: sessionmaker[Session]) -> people.Cast:
    """The cast, with the issue loop published."""
    return published
