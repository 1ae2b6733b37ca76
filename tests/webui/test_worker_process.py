"""A worker in a process of its own works over HTTP; killed with a job in its hands, nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import story_checks, worker_keys
from engine.words.officers import CLOCK
from models import Case, Entry, ServiceJob
from tests.cast import Cast
from tests.engine.breadth.outside import outside
from tests.engine.poison import Ward, user
from tests.engine.tokens.drawn import boundary, end, flows, on, start
from tests.stores import ON_BOTH
from webui.outside_help import WORKER

pytestmark = ON_BOTH
CASES = 5
FIELD = """<extensionElements><camunda:formData><camunda:formField id="permit" type="string"/></camunda:formData>
</extensionElements>"""
# Takes a job for two seconds, says so, and never answers.
FALTERS = """
import json, os, time, urllib.request
told = json.dumps({"topics": ["permits.lookup"], "worker": "falters", "lease_seconds": 2}).encode()
asked = urllib.request.Request(os.environ["BIHUAN_URL"] + "/api/v1/jobs/lease", told, method="POST")
asked.add_header("Authorization", "Bearer " + os.environ["BIHUAN_TOKEN"])
print(len(json.load(urllib.request.urlopen(asked))["jobs"]), flush=True)
time.sleep(60)
"""


@pytest.fixture
def ward(cast: Cast, sessions: sessionmaker[Session]) -> Ward:
    step = outside("ask", "permits.lookup", "in permit number", "out status status", "out =answer.holder.name holder")
    border = boundary("b", "ask", on("error", "unknown_permit")) + user("by_hand") + end("he") + flows("b by_hand he")
    return Ward(
        sessions, cast, start(), user("tell", FIELD), step, user("use"), end(), flows("s tell ask use e"), border
    )


@pytest.fixture
def worker(
    ward: Ward, address: str, sessions: sessionmaker[Session]
) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a program with a token of its own; all are ended with the test."""
    running: list[subprocess.Popen[bytes]] = []
    with sessions() as session, session.begin():
        token = worker_keys.make_token(session, "permits", ["permits.lookup"], by=CLOCK, at=datetime.now(UTC))

    def begin(*command: str, **more: Any) -> subprocess.Popen[bytes]:
        told = {**os.environ, "BIHUAN_URL": address, "BIHUAN_TOKEN": token}
        running.append(subprocess.Popen([sys.executable, *command], env=told, **more))
        return running[-1]

    yield begin
    for program in running:
        program.kill()
        program.wait()


def cases(ward: Ward, *permits: str) -> list[int]:
    """Cases that wait for the program now."""
    ward.at = datetime.now(UTC) - timedelta(minutes=5)
    found = []
    for permit in permits:
        found.append(ward.open())
        ward.do(found[-1], "tell", permit=permit)
    return found


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


def left(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(ServiceJob)) or 0


def test_the_program_of_the_help_page_works_off_what_waits(
    ward: Ward, worker: Callable[..., Any], sessions: sessionmaker[Session]
) -> None:
    known, unknown = cases(ward, "P-1", "P-9")
    worker("-P", str(WORKER))
    until(lambda: left(sessions) == 0)
    assert ward.row(known).variables == {"permit": "P-1", "status": "valid", "holder": "青澜码头"}
    assert (ward.waiting(known), ward.waiting(unknown)) == (["use"], ["by_hand"])


def test_killed_between_taking_and_completing_nothing_is_lost_and_nothing_runs_twice(
    ward: Ward, worker: Callable[..., Any], sessions: sessionmaker[Session]
) -> None:
    waiting = cases(ward, *["P-1"] * CASES)
    for _ in range(2):
        program = worker("-c", FALTERS, stdout=subprocess.PIPE)
        assert program.stdout.readline() == b"1\n"
        os.kill(program.pid, signal.SIGKILL)
    for pause in (0.6, 0.9):  # somewhere in the middle of its work
        program = worker("-P", str(WORKER))
        time.sleep(pause)
        os.kill(program.pid, signal.SIGKILL)
    with sessions() as session, session.begin():  # what those held is due again a minute later; we do not wait so long
        for job in session.scalars(select(ServiceJob).where(ServiceJob.worker == "permits-1")):
            job.due_at = job.leased_until = datetime.now(UTC)
    worker("-P", str(WORKER))
    until(lambda: left(sessions) == 0)
    with sessions() as session:
        told = session.execute(
            select(Entry.book, func.count()).where(Entry.kind == "JobAnswered").group_by(Entry.book)
        ).all()
        assert sorted(tuple(row) for row in told) == [(case, 1) for case in waiting]
        assert list(story_checks.broken_laws(session)) == []
        assert session.scalar(select(func.count()).where(Case.stuck_at.is_not(None)).select_from(Case)) == 0
    assert all(ward.waiting(case) == ["use"] for case in waiting)
