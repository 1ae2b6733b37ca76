"""Taking a move back: for every fact it left, the fact that undoes it, in the opposite order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from engine.notation.moving import Rows
from engine.words import facts as f
from engine.words.values import from_json


class Kept(Protocol):
    """What a case remembered before it moved: its clocks, by name."""

    clocks: dict[str, dict[str, Any]]


def backwards(facts: Sequence[f.CaseFact], rows: Rows, before: Kept) -> list[f.CaseFact] | None:
    """None when the case went on at once in the move (a join opened, a condition came true): what was done then cannot
    be undone by going back."""
    found: list[f.CaseFact] = []
    for fact in reversed(facts):
        undone = _back(fact, rows, before.clocks)
        if undone is None:
            return None
        found.extend(undone)
    # The case says first that it goes back, then what that changes.
    return sorted(found, key=lambda fact: not isinstance(fact, f.CaseMoved))


def _back(fact: f.CaseFact, rows: Rows, clocks: Mapping[str, Any]) -> list[f.CaseFact] | None:
    match fact:
        case f.CaseMoved():
            mapping = {to: id for id, to in fact.mapping.items()}
            return [
                f.CaseMoved(
                    fact.move, fact.after, fact.before, fact.after_number, fact.before_number, mapping, "", fact.held,
                    back=True,
                )
            ]  # fmt: skip
        case f.TaskRedrawn():
            element = fact.before.get("element", fact.element)
            return [f.TaskRedrawn(fact.task, element, fact.after, fact.before)]
        case f.WaitRedrawn():
            element = fact.before.get("element", fact.element)
            return [f.WaitRedrawn(fact.wait, element, fact.after, fact.before)]
        case f.JobRedrawn():
            return [f.JobRedrawn(fact.job, fact.before.get("element", fact.element), fact.after, fact.before)]
        case f.JobMade():
            return [f.JobDropped(fact.job, fact.element)]
        case f.JobDropped():
            job = rows.jobs[fact.job]
            return [
                f.JobMade(
                    fact.job, job["element"], job["token"], job["topic"], dict(job["inputs"]), job["retries"],
                    job["backoff"], job["leases"],
                )
            ]  # fmt: skip
        case f.TimerRedrawn():
            return [f.TimerRedrawn(fact.timer, fact.before, fact.element)]
        case f.TaskDueChanged():
            return [f.TaskDueChanged(fact.task, fact.element, fact.after, fact.before)]
        case f.TimerMoved():
            return [f.TimerMoved(fact.timer, fact.element, fact.after, fact.before)]
        case f.TimerSet():
            return [f.TimerDropped(fact.timer, fact.element)]
        case f.TimerDropped():
            timer = rows.timers[fact.timer]
            return [f.TimerSet(fact.timer, timer["element"], timer["token"], timer["due"])]
        case f.WaitOpened():
            return [f.WaitDropped(fact.wait, fact.element)]
        case f.WaitDropped():
            wait = rows.waits[fact.wait]
            return [
                f.WaitOpened(
                    fact.wait, wait["element"], wait["token"], wait["name"], wait["correlation"], wait["button"],
                    wait["button_en"], wait["wanted"],
                )
            ]  # fmt: skip
        case f.StageChanged():
            return [f.StageChanged(fact.after, fact.before)]
        case f.CaseDueChanged():
            return [f.CaseDueChanged(fact.clock, fact.after, fact.before)]
        case f.LeadUnitChanged():
            return [f.LeadUnitChanged(fact.after, fact.before)]
        case f.PartyJoined():
            return [f.PartyLeft(fact.part, fact.unit, fact.officer)]
        case f.PartyLeft():
            return [f.PartyJoined(fact.part, fact.unit, fact.officer)]
        case f.TaskReleased():
            return []  # whoever had it may take it again
        case f.ClockStarted() if not fact.again:
            return [f.ClockTakenBack(fact.clock, fact.round)]
        case f.ClockStopped() | f.ClockPaused() | f.ClockResumed():
            return [_clock(fact.clock, fact.round, clocks[fact.clock])]
        case _:
            return None


def _clock(name: str, round: int, kept: Mapping[str, Any]) -> f.CaseFact:
    """A clock as it was: running to its moment, or standing still with what was left."""
    remaining = kept["remaining"]
    if remaining is not None:
        return f.ClockPaused(name, round, remaining)
    effective: datetime = from_json(kept["effective"])
    return f.ClockResumed(name, round, effective, from_json(kept["near"]))
