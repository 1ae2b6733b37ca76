"""What every test may ask for: an empty database, the cast, the published process.

The tests of the engine, the tables and the process library run twice: on SQLite, and on PostgreSQL where its programs
are on this machine. Pages run on SQLite, but for those that say otherwise: what they ask, the engine asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions
from engine.words.officers import CLOCK
from models.session import open_database
from models.session import sessions as open_sessions
from tests import cast as people
from tests import postgresql
from tests.stores import KINDS, Files, Server

TESTS = Path(__file__).parent
PROCESSES = TESTS.parent / "processes"
ROOMS_ON_BOTH = {"engine", "house", "models", "processes"}

# No test is about the clock on the wall: a busy machine must not fail one.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    if "store" in metafunc.fixturenames and "store" not in chosen:
        room = metafunc.definition.path.relative_to(TESTS).parts[0]
        metafunc.parametrize("store", KINDS if room in ROOMS_ON_BOTH else KINDS[:1], indirect=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was not run; where mechanisms were asked for, how many are carried; where stories, how much they tell."""
    left_out = [told for told in terminalreporter.stats.get("skipped", []) if postgresql.MISSING in str(told.longrepr)]
    if left_out:
        said = f"{len(left_out)} tests were NOT run on PostgreSQL. {postgresql.MISSING}"
        terminalreporter.write_line(said, red=True, bold=True)
    reports = [report for found in terminalreporter.stats.values() for report in found]
    if any("test_mechanisms" in getattr(report, "nodeid", "") for report in reports):
        from tests.processes.coverage import sentence

        terminalreporter.write_line(sentence())
    if any("test_events_told" in getattr(report, "nodeid", "") for report in reports):
        from tests.processes.coverage import told

        properties = [
            one for report in reports if getattr(report, "when", "") == "call" for one in report.user_properties
        ]
        terminalreporter.write_line(told(properties))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL of our own, for whoever wants databases on it."""
    if postgresql.programs() is None:
        pytest.skip(postgresql.MISSING)
    with postgresql.cluster() as address:
        yield Server(address)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("models"))


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Files | Server:
    """Where the test's database lies; a test that asks for it, or for anything below, runs once on each."""
    kept: Files | Server = request.getfixturevalue("files" if request.param == "sqlite" else "server")
    return kept


@pytest.fixture(scope="session")
def known_cast(files: Files) -> people.Cast:
    """Everybody's ids: the same in each copy. Passwords take long to keep, so people are installed once."""
    found: list[people.Cast] = []
    files.model("cast", lambda database: found.append(_install(database)))
    return found[0]


@pytest.fixture
def url(request: pytest.FixtureRequest, store: Files | Server, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, with all tables; and in it what the test asks for besides: cast, issue loop."""
    wanted = next((name for name in ("published", "cast") if name in request.fixturenames), "empty")
    store.model("empty", lambda _: None)
    if wanted != "empty":
        store.model("cast", _install, like="empty")
    if wanted == "published":
        store.model("published", _publish, like="cast")
    with store.copy(wanted, tmp_path) as address:
        yield address


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    database = open_database(url)
    yield database
    database.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return open_sessions(engine)


@pytest.fixture
def cast(url: str, known_cast: people.Cast) -> people.Cast:
    return known_cast


@pytest.fixture
def published(url: str, known_cast: people.Cast) -> people.Cast:
    return known_cast


@pytest.fixture
def issue_loop(published: people.Cast) -> people.Cast:
    """The cast, with the issue loop published."""
    return published


def files_of(process: str) -> tuple[bytes, dict[str, str]]:
    """Diagram and decision tables of a process of the library."""
    folder = PROCESSES / process
    tables = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.dmn"))}
    return (folder / f"{process}.bpmn").read_bytes(), tables


def _install(database: Engine) -> people.Cast:
    with open_sessions(database)() as session, session.begin():
        return people.install(session)


def _publish(database: Engine) -> None:
    with open_sessions(database)() as session, session.begin():
        definitions.publish(session, *files_of("issue_loop"), note="", by=CLOCK, at=people.MORNING)
