"""Counting anew, from the journal's bodies alone, what the pages of the week say; and the rules no week may break."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import lxml.html
import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.record import chain, replay
from engine.words.terms import SETTLED, STAGES
from models import Case, Clock, Entry, OutgoingMessage, Subscription, Task, Timer
from tests.processes.week import recount
from tests.processes.week.city import TICK, Week
from tests.webui.conftest import Browser


@dataclass(slots=True)
class Course:
    """One case as its facts tell it. `closings`: how often it was closed in each round; `late`: clocks that ran out."""

    process: str
    stage: str = "registered"
    round: int = 1
    level: int = 0
    ended: bool = False
    stuck: bool = False
    closed: bool = False
    outcome: str = ""
    due: str | None = None
    closings: Counter[int] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Facts:
    """What the whole journal tells."""

    cases: dict[int, Course] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    arrived: dict[str, int] = field(default_factory=Counter)
    dropped: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)


def read(session: Session) -> Facts:
    """One pass over the entries, oldest first; no other table is asked."""
    told = Facts()
    for book, kind, text in session.execute(select(Entry.book, Entry.kind, Entry.body).order_by(Entry.id)):
        told.kinds[kind] += 1
        if book == 0:
            continue
        body: dict[str, Any] = orjson.loads(text)
        if kind == "CaseOpened":
            told.cases[book] = Course(body["process"])
        one = told.cases[book]
        match kind:
            case "StageChanged":
                one.stage = body["after"]
            case "RoundOpened":
                one.round, one.level = body["round"], body.get("level") or 0
                one.closed, one.outcome = False, ""
            case "LevelRaised":
                one.level = body["after"]
            case "CaseClosed":
                one.closed, one.outcome = True, body["outcome"]
                one.closings[one.round] += 1
            case "CaseReopened":
                one.closed, one.outcome = False, ""
            case "CaseDueChanged":
                one.due = body["after"]
            case "CaseEnded" | "CaseCancelled":
                one.ended = True
            case "CaseStuck":
                one.stuck = True
            case "CaseFreed":
                one.stuck = False
            case "Counted":
                one.counted[body["name"]] += 1
            case "TaskOpened":
                told.tasks[body["task"]] = book
            case "TaskCompleted" | "TaskCancelled":
                told.tasks.pop(body["task"])
            case "MessageSent":
                told.sent[body["message"]] = book
                told.names[body["message"]] = body["name"]
            case "MessageDelivered":
                told.arrived[body["message"]] += 1
            case "MessageDropped":
                told.dropped.add(body["message"])
    return told


def broken(week: Week) -> list[str]:
    """Every rule that does not hold at the end, as a sentence; an empty list is what is wanted."""
    with week.sessions() as session:
        facts = read(session)
        verdict = chain.verify(session)
        found = [] if verdict.intact else [f"the chain is broken: {verdict}"]
        found += [f"replay differs: {difference}" for difference in list(replay.differences(session))[:5]]
        found += _cases(session, facts)
        found += _tokens(session)
        found += _letters(session, facts)
        found += _late(session, week.at)
    return found


def _cases(session: Session, facts: Facts) -> Iterator[str]:
    rows = {case.id: case for case in session.scalars(select(Case))}
    if set(rows) != set(facts.cases):
        yield f"cases without facts or facts without cases: {set(rows) ^ set(facts.cases)}"
    for id, told in facts.cases.items():
        row = rows[id]
        stands = (row.stage, row.round, row.level, row.ended_at is not None, row.outcome or "")
        if stands != (told.stage, told.round, told.level, told.ended, told.outcome):
            yield f"case {id} stands at {stands}, its facts say {told}"
        if told.stuck or row.stuck_at is not None:
            yield f"case {id} ({told.process}) is stuck"
        if any(times > 1 for times in told.closings.values()):
            yield f"case {id} ({told.process}) was closed twice in one round: {dict(told.closings)}"


def _tokens(session: Session) -> Iterator[str]:
    """Every case that is not over waits for somebody, for a moment, for a message, or for a case it called."""
    waits: defaultdict[int, set[str]] = defaultdict(set)
    rows: defaultdict[int, set[str]] = defaultdict(set)
    for table in (Task, Timer, Subscription):
        query = select(table.case_id, table.token, table.id)
        if table is Task:
            query = query.where(Task.done_at.is_(None))
        for case, token, id in session.execute(query):
            waits[case].add(token)
            rows[case].add(id)
    called = set(session.scalars(select(Case.parent_id).where(Case.ended_at.is_(None), Case.parent_id.is_not(None))))
    asked = set(session.scalars(select(OutgoingMessage.case_id).where(OutgoingMessage.delivered_at.is_(None))))
    for id, process, ended, state in session.execute(select(Case.id, Case.process_id, Case.ended_at, Case.state)):
        if ended is not None:
            if waits[id]:
                yield f"case {id} ({process}) is over, and still something waits"
            continue
        if not waits[id] and id not in called and id not in asked:
            yield f"case {id} ({process}) is open, and nothing waits"
        kept = orjson.loads(state)
        remembered = set(kept["open"])
        if remembered != rows[id]:
            yield f"case {id} ({process}): the play and the rows differ: {sorted(remembered ^ rows[id])}"
        there = {
            token[0] for scope in (kept["top"], *(inner[1] for inner in kept["inner"].values())) for token in scope
        }
        gone = {token for token in waits[id] if token not in there}
        if gone:
            yield f"case {id} ({process}) has rows whose token is gone: {sorted(gone)}"


def _letters(session: Session, facts: Facts) -> Iterator[str]:
    rows = {row.id: row for row in session.scalars(select(OutgoingMessage)) if row.kind == "message"}
    lost = [id for id in facts.sent if id not in rows]
    if lost:
        yield f"messages that were sent and are nowhere: {lost[:5]}"
    for id, row in rows.items():
        times = facts.arrived[id]
        if times > 1:
            yield f"message {id} ({row.name}) was delivered {times} times"
        if bool(times) != (row.delivered_at is not None):
            yield f"message {id} ({row.name}): its facts say {times} deliveries, its row {row.delivered_at}"
        if row.delivered_at is None and row.dead_at is None and row.due_at is None and row.withdrawn_at is None:
            yield f"message {id} ({row.name}) is not received, not tried again and not put aside"


def _late(session: Session, at: datetime) -> Iterator[str]:
    """Whatever ran out of time was urged, whatever was not dispatched in time went up."""
    query = (
        select(Clock.case_id, Clock.name, Clock.effective_at, Case.level, Case.round, Clock.round)
        .join(Case, Case.id == Clock.case_id)
        .where(Case.process_id == "issue_loop", Clock.stopped_at.is_(None), Clock.paused_at.is_(None))
        .where(Case.ended_at.is_(None), Clock.effective_at < at - 2 * TICK)
    )
    up = set(session.scalars(select(OutgoingMessage.case_id).where(OutgoingMessage.name == "escalation_asked")))
    # The clock of dispatch also runs while the leader's instruction is awaited; what goes up is the dispatcher's delay.
    at_dispatch = set(session.scalars(select(Task.case_id).where(Task.element == "dispatch", Task.done_at.is_(None))))
    for case, name, due, level, now, then in session.execute(query):
        if now == then and name == "rectify" and level < 1:
            yield f"issue {case} should have been rectified by {due}, and nobody was urged"
        if now == then and name == "dispatch" and case in at_dispatch and case not in up:
            yield f"issue {case} should have been dispatched by {due}, and it did not go up"


# --- what the pages say -----------------------------------------------------------------------------------------------


def pages(week: Week) -> list[tuple[str, int, int]]:
    """What is counted, as a page says it, and as the facts do: all pairs, equal or not."""
    with week.sessions() as session:
        facts = read(session)
    auditor = recount.signed_in(week, "auditor")
    found = [*_ledger(auditor, facts, week.at), *_processes(auditor, facts)]
    dispatcher = recount.signed_in(week, "admin")
    page = dispatcher.get("/messages").text
    waiting = sum(1 for id in facts.sent if not facts.arrived[id] and id not in facts.dropped)
    found.append(("messages not received", _first(page, r"全部 (\d+)"), waiting))
    found += _inboxes(week, facts)
    found += recount.pages(week)
    return found


def _ledger(auditor: Browser, facts: Facts, at: datetime) -> Iterator[tuple[str, int, int]]:
    shown = _tally(auditor.get("/ledger").text)
    stages = Counter(STAGES[one.stage].zh for one in facts.cases.values())
    for stage in sorted(stages):
        yield f"ledger, {stage}", shown.get(stage, 0), stages[stage]
    yield "ledger, all", shown.get("全部", 0), len(facts.cases)
    settled = sum(one.closed or one.ended or one.stage in SETTLED for one in facts.cases.values())
    yield "ledger, in hand", shown.get("在办", 0), len(facts.cases) - settled
    late = sum(
        not one.closed and one.due is not None and datetime.fromisoformat(one.due) <= at for one in facts.cases.values()
    )
    yield "ledger, overdue", shown.get("已超期", 0), late


def _processes(auditor: Browser, facts: Facts) -> Iterator[tuple[str, int, int]]:
    for process, many in sorted(Counter(one.process for one in facts.cases.values()).items()):
        yield f"ledger, {process}", _tally(auditor.get(f"/ledger?process={process}").text).get("全部", 0), many


def _tally(page: str) -> dict[str, int]:
    links = lxml.html.fromstring(page).xpath("//nav[@class='tally']//a")
    return {link.xpath("string(text()[last()])").strip(): int(link.xpath("string(b)")) for link in links}


def _inboxes(week: Week, facts: Facts) -> Iterator[tuple[str, int, int]]:
    """The numbers of the trays, by officer, against the tasks that the facts have opened and not ended."""
    wanted: dict[str, list[dict[str, Any]]] = {}
    bars: dict[str, list[dict[str, Any]]] = {}
    claimed: dict[str, int] = {}
    with week.sessions() as session:
        query = select(Entry.kind, Entry.body, Entry.officer_id).where(
            Entry.kind.in_(["TaskOpened", "TaskClaimed", "TaskReleased"])
        )
        for kind, text, officer in session.execute(query.order_by(Entry.id)):
            body = orjson.loads(text)
            if body["task"] not in facts.tasks:
                continue
            if kind == "TaskOpened":
                wanted[body["task"]], bars[body["task"]] = body["wanted"], body["bars"]
            elif kind == "TaskClaimed":
                claimed[body["task"]] = officer
            else:
                claimed.pop(body["task"], None)
    for login in ("dispatcher", "reviewer", "jiefang_clerk", "binhai_head", "leader"):
        one = week._somebody(login)
        many = 0
        for task, wishes in wanted.items():
            meant = any(
                wish.get("officer") == one.id
                or (wish.get("role") is not None and one.holds(wish["role"], wish.get("unit")))
                for wish in wishes
            )
            barred = any(bar.get("officer") == one.id or bar.get("unit") == one.unit_id for bar in bars[task])
            if meant and not barred and claimed.get(task) in {None, one.id}:
                many += 1
        page = recount.signed_in(week, login).get("/inbox").text
        yield f"inbox of {login}", _first(page, r'aria-label="(\d+) 件待办"'), many


def _first(page: str, pattern: str) -> int:
    found = re.search(pattern, page)
    return int(found[1]) if found else 0


def rhythm(week: Week) -> dict[str, Counter[str]]:
    """By day, what began by the clock: process → how often."""
    days: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with week.sessions() as session:
        query = select(Case.process_id, Case.opened_at).where(Case.opened_by.is_(None))
        for process, at in session.execute(query):
            days[f"{at + timedelta(hours=8):%m-%d}"][process] += 1
    return dict(days)


def day_by_clock(week: Week) -> Counter[str]:
    """What the daily rhythm brought about, by the facts."""
    told: Counter[str] = Counter()
    with week.sessions() as session:
        processes = dict(session.execute(select(Case.id, Case.process_id)).all())
        query = select(Entry.book, Entry.kind, Entry.body).where(
            Entry.kind.in_(["TaskOpened", "TokensMoved", "DocumentIssued"])
        )
        for book, kind, text in session.execute(query):
            body, process = orjson.loads(text), processes.get(book, "")
            if kind == "TaskOpened" and process == "daily_report" and body["element"] == "fill":
                told["reports asked for"] += 1
            elif kind == "TokensMoved" and process == "daily_report":
                told["reports missing and chased"] += sum(step in {"remind", "chase"} for step in body["passed"])
            elif kind == "DocumentIssued":
                told["meetings prepared"] += body["kind"] == "meeting_paper"
                told["rankings frozen"] += body["kind"] == "ranking"
                told["special reports drafted"] += body["kind"] == "special_report"
    return told
