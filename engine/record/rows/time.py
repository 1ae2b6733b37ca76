"""Rows of timers and clocks, and the deadline of the case."""

from __future__ import annotations

from engine.record.page import Page
from engine.record.writers import writes
from engine.words import facts as f
from models import Case, Clock, Timer


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


@writes(f.TimerRedrawn)
def timer_redrawn(page: Page, fact: f.TimerRedrawn) -> None:
    page.change(Timer, fact.timer, element=fact.element)


@writes(f.TimerFired)
def timer_fired(page: Page, fact: f.TimerFired) -> None:
    page.remove(Timer, fact.timer)


@writes(f.TimerDropped)
def timer_dropped(page: Page, fact: f.TimerDropped) -> None:
    page.remove(Timer, fact.timer)


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


@writes(f.ClockTakenBack)
def clock_taken_back(page: Page, fact: f.ClockTakenBack) -> None:
    page.remove(Clock, page.book, fact.round, fact.clock)


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
