"""What each fact does to the rows: one fact, one writer, and no row is changed in any other way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from engine.record.page import Page
from engine.words import facts as f
from engine.words.values import from_json
from models import (
    Attachment,
    Bar,
    CalendarDay,
    Candidate,
    Case,
    Clock,
    Document,
    Grant,
    Notice,
    Officer,
    OutgoingMessage,
    Party,
    Process,
    Subscription,
    Task,
    Timer,
    Unit,
    Version,
    WorkCalendar,
)

F = TypeVar("F")
WRITERS: dict[type[Any], Callable[[Page, Any], None]] = {}

# Variables the ledger has a column for, and how long that column is.
_COLUMNS = {"title": 300, "place": 200, "category": 100, "severity": 40, "mode": 40, "source": 100}


def writes(kind: type[F]) -> Callable[[Callable[[Page, F], None]], Callable[[Page, F], None]]:
    def register(writer: Callable[[Page, F], None]) -> Callable[[Page, F], None]:
        if kind in WRITERS:
            raise ValueError(f"{kind.__name__} already has a writer")
        WRITERS[kind] = writer
        return writer

    return register


def apply(page: Page, fact: f.Fact) -> None:
    WRITERS[type(fact)](page, fact)


def _nothing(page: Page, fact: Any) -> None:
    """The entry itself is all that this fact leaves."""


for _kind in (f.TokensMoved, f.Counted, f.DecisionMade, f.Sealed):
    WRITERS[_kind] = _nothing


@writes(f.CaseOpened)
def case_opened(page: Page, fact: f.CaseOpened) -> None:
    page.add(
        Case,
        id=page.book,
        process_id=fact.process,
        version_id=fact.version,
        opened_at=page.at,
        opened_by=page.officer,
        raiser_unit_id=fact.raiser_unit,
        external_id=fact.external_id,
        stage="registered",
        round=1,
        level=0,
        title="",
        place="",
        category="",
        severity="",
        mode="",
        source="",
        variables={},
        state=b"",
        revision=0,
        entries=0,
        head="",
        serial=0,
    )


@writes(f.VariablesChanged)
def variables_changed(page: Page, fact: f.VariablesChanged) -> None:
    page.variables = {**page.variables, **fact.after}
    columns = {
        name: str(from_json(fact.after[name]) or "")[:length] for name, length in _COLUMNS.items() if name in fact.after
    }
    page.change(Case, page.book, variables=page.variables, **columns)


@writes(f.StageChanged)
def stage_changed(page: Page, fact: f.StageChanged) -> None:
    page.change(Case, page.book, stage=fact.after)


@writes(f.LeadUnitChanged)
def lead_unit_changed(page: Page, fact: f.LeadUnitChanged) -> None:
    page.change(Case, page.book, lead_unit_id=fact.after)


def _party_key(unit: int | None, officer: int | None, part: str) -> str:
    return f"unit:{unit}:{part}" if unit is not None else f"officer:{officer}:{part}"


@writes(f.PartyJoined)
def party_joined(page: Page, fact: f.PartyJoined) -> None:
    key = _party_key(fact.unit, fact.officer, fact.part)
    page.add(Party, case_id=page.book, key=key, part=fact.part, unit_id=fact.unit, officer_id=fact.officer)


@writes(f.PartyLeft)
def party_left(page: Page, fact: f.PartyLeft) -> None:
    page.remove(Party, page.book, _party_key(fact.unit, fact.officer, fact.part))


def _want(page: Page, owner: str, wanted: list[f.Wanted]) -> None:
    for wish in wanted:
        page.add(
            Candidate, owner=owner, role=wish.get("role"), unit_id=wish.get("unit"), officer_id=wish.get("officer")
        )


def _unwant(page: Page, owner: str) -> None:
    """Only what is open has candidates: the inbox stays as quick as it is short."""
    page.remove_loose(Candidate, "owner", owner)
    page.remove_loose(Bar, "task_id", owner)


@writes(f.TaskOpened)
def task_opened(page: Page, fact: f.TaskOpened) -> None:
    page.add(
        Task,
        id=fact.task,
        case_id=page.book,
        element=fact.element,
        name=fact.name,
        name_en=fact.name_en,
        token=fact.token,
        round=fact.round,
        item=fact.item,
        unit_id=fact.unit,
        priority=fact.priority,
        opened_at=page.at,
        due_at=fact.due,
        clock=fact.clock,
    )
    _want(page, fact.task, fact.wanted)
    for bar in fact.bars:
        page.add(Bar, task_id=fact.task, officer_id=bar.get("officer"), unit_id=bar.get("unit"), because=bar["because"])


@writes(f.TaskClaimed)
def task_claimed(page: Page, fact: f.TaskClaimed) -> None:
    page.change(Task, fact.task, claimed_by=page.officer, claimed_at=page.at)


@writes(f.TaskReleased)
def task_released(page: Page, fact: f.TaskReleased) -> None:
    page.change(Task, fact.task, claimed_by=None, claimed_at=None)


@writes(f.TaskCompleted)
def task_completed(page: Page, fact: f.TaskCompleted) -> None:
    page.change(Task, fact.task, done_at=page.at, done_by=page.officer, outcome="completed")
    _unwant(page, fact.task)


@writes(f.TaskCancelled)
def task_cancelled(page: Page, fact: f.TaskCancelled) -> None:
    page.change(Task, fact.task, done_at=page.at, done_by=None, outcome="cancelled")
    _unwant(page, fact.task)


@writes(f.TaskDueChanged)
def task_due_changed(page: Page, fact: f.TaskDueChanged) -> None:
    page.change(Task, fact.task, due_at=fact.after)


@writes(f.TimerSet)
def timer_set(page: Page, fact: f.TimerSet) -> None:
    page.add(
        Timer,
        id=fact.timer,
        case_id=page.book,
        element=fact.element,
        token=fact.token,
        due_at=fact.due,
        set_at=page.at,
    )


@writes(f.TimerMoved)
def timer_moved(page: Page, fact: f.TimerMoved) -> None:
    page.change(Timer, fact.timer, due_at=fact.after)


@writes(f.TimerFired)
def timer_fired(page: Page, fact: f.TimerFired) -> None:
    page.remove(Timer, fact.timer)


@writes(f.TimerDropped)
def timer_dropped(page: Page, fact: f.TimerDropped) -> None:
    page.remove(Timer, fact.timer)


@writes(f.WaitOpened)
def wait_opened(page: Page, fact: f.WaitOpened) -> None:
    page.add(
        Subscription,
        id=fact.wait,
        case_id=page.book,
        element=fact.element,
        token=fact.token,
        name=fact.name,
        correlation=fact.correlation,
        button=fact.button,
        button_en=fact.button_en,
        opened_at=page.at,
    )
    _want(page, fact.wait, fact.wanted)


@writes(f.WaitDropped)
def wait_dropped(page: Page, fact: f.WaitDropped) -> None:
    page.remove(Subscription, fact.wait)
    page.remove_loose(Candidate, "owner", fact.wait)


@writes(f.MessageReceived)
def message_received(page: Page, fact: f.MessageReceived) -> None:
    page.remove(Subscription, fact.wait)
    page.remove_loose(Candidate, "owner", fact.wait)


@writes(f.MessageSent)
def message_sent(page: Page, fact: f.MessageSent) -> None:
    page.add(
        OutgoingMessage,
        id=fact.message,
        case_id=page.book,
        element=fact.element,
        name=fact.name,
        correlation=fact.correlation,
        payload=fact.payload,
        sent_at=page.at,
        due_at=page.at,
        attempts=0,
    )


@writes(f.MessageDelivered)
def message_delivered(page: Page, fact: f.MessageDelivered) -> None:
    page.change(OutgoingMessage, fact.message, delivered_at=page.at, delivered_to=fact.to, due_at=None)


@writes(f.MessagePutAside)
def message_put_aside(page: Page, fact: f.MessagePutAside) -> None:
    page.change(OutgoingMessage, fact.message, dead_at=page.at, due_at=None, attempts=fact.attempts)


@writes(f.ClockStarted)
def clock_started(page: Page, fact: f.ClockStarted) -> None:
    set_to = {
        "limit_text": fact.limit,
        "calendar": fact.calendar,
        "started_at": page.at,
        "original_at": fact.original,
        "effective_at": fact.original,
        "near_at": fact.near,
    }
    if fact.again:
        stands = {"stopped_at": None, "paused_at": None, "remaining": None}
        page.change(Clock, page.book, fact.round, fact.clock, **set_to, **stands)
    else:
        page.add(Clock, case_id=page.book, round=fact.round, name=fact.clock, extended=0, **set_to)


@writes(f.ClockStopped)
def clock_stopped(page: Page, fact: f.ClockStopped) -> None:
    page.change(Clock, page.book, fact.round, fact.clock, stopped_at=page.at, paused_at=None, remaining=fact.remaining)


@writes(f.ClockResumed)
def clock_resumed(page: Page, fact: f.ClockResumed) -> None:
    page.change(
        Clock,
        page.book,
        fact.round,
        fact.clock,
        stopped_at=None,
        paused_at=None,
        remaining=None,
        effective_at=fact.effective,
        near_at=fact.near,
    )


@writes(f.ClockPaused)
def clock_paused(page: Page, fact: f.ClockPaused) -> None:
    page.change(Clock, page.book, fact.round, fact.clock, paused_at=page.at, remaining=fact.remaining)


@writes(f.DeadlineExtended)
def deadline_extended(page: Page, fact: f.DeadlineExtended) -> None:
    page.change(
        Clock,
        page.book,
        fact.round,
        fact.clock,
        effective_at=fact.after,
        near_at=fact.near,
        extended=fact.times,
    )


@writes(f.CaseDueChanged)
def case_due_changed(page: Page, fact: f.CaseDueChanged) -> None:
    page.change(Case, page.book, due_at=fact.after)


@writes(f.RoundOpened)
def round_opened(page: Page, fact: f.RoundOpened) -> None:
    page.change(Case, page.book, round=fact.round, level=0, closed_at=None, outcome=None)


@writes(f.LevelRaised)
def level_raised(page: Page, fact: f.LevelRaised) -> None:
    page.change(Case, page.book, level=fact.after)


@writes(f.DocumentIssued)
def document_issued(page: Page, fact: f.DocumentIssued) -> None:
    page.add(
        Document,
        id=fact.document,
        case_id=page.book,
        kind=fact.kind,
        number=fact.number,
        title=fact.title,
        fields=fact.fields,
        to_unit_id=fact.to_unit,
        round=fact.round,
        level=fact.level,
        issued_at=page.at,
        issued_by=page.officer,
    )


@writes(f.NoticeSent)
def notice_sent(page: Page, fact: f.NoticeSent) -> None:
    page.add(Notice, id=fact.notice, case_id=page.book, text=fact.text, text_en=fact.text_en, sent_at=page.at)
    _want(page, fact.notice, fact.wanted)


@writes(f.EvidenceAttached)
def evidence_attached(page: Page, fact: f.EvidenceAttached) -> None:
    page.add(
        Attachment,
        id=fact.attachment,
        case_id=page.book,
        task_id=fact.task,
        sha=fact.sha,
        name=fact.name,
        kind=fact.kind,
        field=fact.field,
        round=fact.round,
        added_at=page.at,
        added_by=page.officer,
    )


@writes(f.CaseMerged)
def case_merged(page: Page, fact: f.CaseMerged) -> None:
    page.change(Case, page.book, merged_into=fact.into)


@writes(f.CaseClosed)
def case_closed(page: Page, fact: f.CaseClosed) -> None:
    page.change(Case, page.book, outcome=fact.outcome, closed_at=page.at)


@writes(f.CaseReopened)
def case_reopened(page: Page, fact: f.CaseReopened) -> None:
    page.change(Case, page.book, outcome=None, closed_at=None)


@writes(f.CaseEnded)
def case_ended(page: Page, fact: f.CaseEnded) -> None:
    page.change(Case, page.book, ended_at=page.at)


@writes(f.CaseStuck)
def case_stuck(page: Page, fact: f.CaseStuck) -> None:
    why = {"element": fact.element, "zh": fact.zh, "en": fact.en, "trigger": fact.trigger}
    page.change(Case, page.book, stuck_at=page.at, stuck_why=why)


@writes(f.CaseFreed)
def case_freed(page: Page, fact: f.CaseFreed) -> None:
    page.change(Case, page.book, stuck_at=None, stuck_why=None)


# --- the office itself ---------------------------------------------------------------------------------------


@writes(f.UnitAdded)
def unit_added(page: Page, fact: f.UnitAdded) -> None:
    page.add(
        Unit,
        id=fact.unit,
        code=fact.code,
        name=fact.name,
        name_en=fact.name_en,
        kind=fact.kind,
        parent_id=fact.parent,
        path=fact.path,
    )


@writes(f.OfficerAdded)
def officer_added(page: Page, fact: f.OfficerAdded) -> None:
    page.add(
        Officer,
        id=fact.officer,
        login=fact.login,
        name=fact.name,
        name_en=fact.name_en,
        post=fact.post,
        post_en=fact.post_en,
        unit_id=fact.unit,
        # The secret never enters the journal; who may sign in is set beside it (`acts/officers.py`).
        password_hash=page.enclosed.get(fact.login, ""),
        locale="zh",
        session_key="",
    )


@writes(f.RoleGranted)
def role_granted(page: Page, fact: f.RoleGranted) -> None:
    page.add(Grant, officer_id=fact.officer, role=fact.role, unit_id=fact.unit)


@writes(f.RoleTakenBack)
def role_taken_back(page: Page, fact: f.RoleTakenBack) -> None:
    page.remove(Grant, fact.officer, fact.role, fact.unit)


@writes(f.CalendarSet)
def calendar_set(page: Page, fact: f.CalendarSet) -> None:
    page.remove_loose(CalendarDay, "calendar", fact.calendar)
    page.remove(WorkCalendar, fact.calendar)
    page.add(
        WorkCalendar,
        name=fact.calendar,
        title=fact.title,
        title_en=fact.title_en,
        zone=fact.zone,
        hours=fact.hours,
    )
    for day, (kind, title) in fact.days.items():
        page.add(CalendarDay, calendar=fact.calendar, day=date.fromisoformat(day), kind=kind, title=title)


@writes(f.VersionPublished)
def version_published(page: Page, fact: f.VersionPublished) -> None:
    if fact.number == 1:
        page.add(Process, id=fact.process, name=fact.name, name_en=fact.name_en, newest=1)
    else:
        page.change(Process, fact.process, name=fact.name, name_en=fact.name_en, newest=fact.number)
    # The files are too large for an entry; the fact holds their digest.
    diagram, tables = page.enclosed.get(fact.digest, (b"", {}))
    page.add(
        Version,
        id=fact.version,
        process_id=fact.process,
        number=fact.number,
        diagram=diagram,
        tables=tables,
        digest=fact.digest,
        note=fact.note,
        published_at=page.at,
        published_by=page.officer,
    )
