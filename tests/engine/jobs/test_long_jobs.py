"""A long job is done once, goes on where a killed worker left it, can be called off, and says why it failed."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from engine.jobs import desk
from engine.jobs.exports import LedgerExport, asked
from engine.jobs.kinds import Errand
from engine.reads.filters import Filters
from engine.words.errors import NotFound, OutOfDate
from models import LongJob, Pulse
from tests.cast import MORNING, Cast
from tests.engine.jobs.worker import PARTS
from tests.stores import ON_POSTGRESQL_ONLY
from tests.walk import Walk


@contextmanager
def worker(url: str, home: Path) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.jobs.worker", url, str(home)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert started.stdout is not None
        name = started.stdout.readline().strip()
        assert name not in {"", "none"}, "the executor did not start"
        yield started
    finally:
        started.terminate()
        started.wait(timeout=30)


def until(told: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def job_of(sessions: sessionmaker[Session], id: str) -> LongJob:
    with sessions() as session:
        return session.get_one(LongJob, id)


def ask(sessions: sessionmaker[Session], cast: Cast, **args: int) -> str:
    with sessions() as session, session.begin():
        return desk.ask(session, "slow", args, by=cast.actor(session, "liaison"), at=MORNING)


def test_a_killed_worker_s_job_goes_on_where_it_stopped(
    url: str, sessions: sessionmaker[Session], cast: Cast, tmp_path: Path
) -> None:
    id = ask(sessions, cast)
    with worker(url, tmp_path) as first:
        until(lambda: job_of(sessions, id).done >= 3)
        first.kill()
        first.wait()
    assert job_of(sessions, id).state == desk.RUNNING
    with worker(url, tmp_path):
        until(lambda: job_of(sessions, id).state == desk.DONE)
    parts = [int(line) for line in (tmp_path / "jobs" / id / "done.txt").read_text().split()]
    assert sorted(set(parts)) == list(range(PARTS))
    assert len(parts) <= PARTS + 1, "only the part under way is done again"
    assert job_of(sessions, id).done == PARTS


@ON_POSTGRESQL_ONLY
def test_one_of_two_workers_takes_over_from_the_other_and_each_job_runs_once(
    url: str, sessions: sessionmaker[Session], cast: Cast, tmp_path: Path
) -> None:
    with worker(url, tmp_path) as first, worker(url, tmp_path):
        ids = [ask(sessions, cast) for _ in range(4)]
        until(lambda: all(job_of(sessions, id).done >= 2 for id in ids))
        first.kill()
        first.wait()
        until(lambda: all(job_of(sessions, id).state == desk.DONE for id in ids))
    for id in ids:
        parts = (tmp_path / "jobs" / id / "done.txt").read_text().split()
        assert {int(part) for part in parts} == set(range(PARTS))
        assert len(parts) <= PARTS + 1
    with sessions() as session:
        assert len(set(session.scalars(select(Pulse.worker)))) == 2


@ON_POSTGRESQL_ONLY
def test_a_worker_that_loses_its_lock_exits(url: str, tmp_path: Path) -> None:
    with worker(url, tmp_path) as alone:
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        cut = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        with admin.connect() as connection:
            until(lambda: bool(connection.execute(cut).all()))
        admin.dispose()
        assert alone.wait(timeout=20) == 75


def test_what_fails_says_so_and_what_is_called_off_stops(
    url: str, cast: Cast, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    breaks, refuses, called = ask(sessions, cast, breaks=1), ask(sessions, cast, refuses=2), ask(sessions, cast)
    with worker(url, tmp_path):
        until(lambda: job_of(sessions, called).done >= 1)
        with sessions() as session, session.begin():
            with pytest.raises(NotFound):
                desk.call_off(session, called, by=cast.actor(session, "clerk"), at=MORNING)
            desk.call_off(session, called, by=cast.actor(session, "liaison"), at=MORNING)
        until(lambda: job_of(sessions, breaks).state == job_of(sessions, refuses).state == desk.FAILED)
        stopped = job_of(sessions, called).done
        time.sleep(1)
    assert job_of(sessions, called).state == desk.CANCELLED
    assert stopped <= job_of(sessions, called).done <= stopped + 1 < PARTS
    assert "日志" in (job_of(sessions, breaks).trouble or "")
    assert job_of(sessions, refuses).trouble_en == "This part cannot be done"
    with sessions() as session, session.begin(), pytest.raises(OutOfDate):
        desk.call_off(session, called, by=cast.actor(session, "liaison"), at=MORNING)


def test_asked_twice_under_one_key_it_is_one_job(sessions: sessionmaker[Session], cast: Cast) -> None:
    with sessions() as session, session.begin():
        by = cast.actor(session, "liaison")
        first = desk.ask(session, "ledger", {}, by=by, at=MORNING, key="a")
        assert desk.ask(session, "ledger", {}, by=by, at=MORNING, key="a") == first
        assert desk.ask(session, "ledger", {}, by=by, at=MORNING, key="b") != first
        assert [job.id for job in desk.mine(session, by=by)].count(first) == 1
        assert not desk.mine(session, by=cast.actor(session, "clerk"))


def test_what_was_asked_for_in_a_transaction_that_is_undone_was_never_asked_for(
    sessions: sessionmaker[Session], cast: Cast
) -> None:
    with sessions() as session:
        desk.ask(session, "ledger", {}, by=cast.actor(session, "liaison"), at=MORNING)
        session.rollback()
        assert not desk.waiting(session)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_ledger_in_parts_is_the_ledger(
    format: str, issue_loop: Cast, sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.jobs.exports.PER_PART", 2)
    for number in range(5):
        Walk(sessions, issue_loop).raise_issue(title=f"问题{number}")
    with sessions() as session:
        liaison = issue_loop.actor(session, "liaison")
    args = asked(Filters(stages=("registered",)), format=format, english=False, zone="Asia/Shanghai")
    errand = Errand("x", args, liaison, MORNING, tmp_path / "x")
    kind = LedgerExport()
    total = kind.plan(sessions, errand)
    assert total == 3
    for number in (0, 1, 1, 2):
        kind.part(sessions, errand, number, at=MORNING)
    result = kind.finish(sessions, errand, at=MORNING)
    content = (tmp_path / "x" / result["file"]).read_bytes()
    assert len(content) == result["size"]
    if format == "xlsx":
        rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
        assert [row[0] for row in rows] == ["序号", 1, 2, 3, 4, 5]
    else:
        lines = content.decode("utf-8-sig").splitlines()
        assert len(lines) == 6
        assert {f"问题{n}" for n in range(5)} <= {cell for line in lines for cell in line.split(",")}
