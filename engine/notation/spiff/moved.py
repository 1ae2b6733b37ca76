"""Deciding how a running case goes on by another version: its tokens, tasks, timers, waits, clocks; or why it cannot.

What waits is asked of the new version as if it began to wait now (`_asked`): whom a task is for, what a wait listens
to, when a timer would be due. What has begun already keeps its id and, unless somebody wished otherwise, the moment it
is due.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.notation import clocks as clockwork
from engine.notation.clocks import scope_clock
from engine.notation.diagram import Element
from engine.notation.moving import CannotMove, Holders, Order, Plan, Refused, Rows
from engine.notation.moving_back import backwards
from engine.notation.scene import Scene, Step
from engine.notation.spiff.play import Play
from engine.notation.spiff.replanting import Stood, at_no_join, replant
from engine.notation.spiff.scopes import Whole
from engine.notation.spiff.state import Memory, legible, read, restored
from engine.notation.spiff.step import play_on
from engine.notation.spiff.waits import all_waiting, say_what_waits
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from engine.words.values import from_json, to_json

Key = tuple[str, str, str]  # kind, token, element


@dataclass(frozen=True, slots=True)
class Moved:
    """`back`: the facts that undo it, None when something went on at once; `report`: JSON, see `_report`."""

    step: Step
    back: list[f.CaseFact] | None
    report: dict[str, Any]
    before: str
    after: str


@dataclass(slots=True)
class _Told:
    tasks: list[dict[str, Any]] = field(default_factory=list)
    timers: list[dict[str, Any]] = field(default_factory=list)
    waits: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)


def digest_of(state: bytes) -> str:
    return hashlib.sha256(state).hexdigest()


def move(scene: Scene, plan: Plan, state: bytes, rows: Rows, holders: Holders, order: Order) -> Moved:
    """`scene` is the case on its old version. Raises `CannotMove` with every reason that was found."""
    missing = plan.missing_tables()
    if missing:
        raise CannotMove(missing)
    over = replace(scene, published=plan.new)
    try:
        kept = read(state, plan.old.specs)
        with legible:
            old, memory = restored(kept, plan.old.specs, Play(scene)), Memory.of(kept)
    except CannotGoOn as error:
        raise CannotMove([Refused("unreadable", "", error.zh, error.en)]) from error
    play = Play(over, memory)
    new, stood = replant(plan, old, play)
    before = deepcopy(memory)
    told = _Told()
    try:
        _redraw(plan, play, new, stood)
        told.clocks = _clocks(play, stood)
        _rewait(plan, play, new, rows, holders, told)
        mapping = {id: to for id, to in plan.wishes.mapping.items() if to}
        moved = f.CaseMoved(
            order.move, order.before, order.after, plan.old.number, plan.new.number, mapping, order.reason,
            digest_of(state),
        )  # fmt: skip
        play.facts.insert(0, moved)
        for token in at_no_join(new):
            token._ready()
        step = play_on(play, new)
    except CannotGoOn as stuck:
        raise CannotMove([Refused("stops", stuck.element, stuck.zh, stuck.en)]) from stuck
    back = backwards(step.facts, rows, before)
    return Moved(step, back, _report(step, told, rows, back), digest_of(state), digest_of(step.state))


def _redraw(plan: Plan, play: Play, new: Whole, stood: list[Stood]) -> None:
    """What is remembered by element is remembered by the elements of the new drawing."""
    there = {str(token.id) for token in new.tokens}
    faults: list[Refused] = []
    for kept in play.memory.open.values():
        here, target = plan.old.diagram.elements.get(kept["element"]), plan.target(kept["element"])
        if kept["token"] not in there or target is None or here is None:
            continue
        if here.kind in {"intermediateCatchEvent", "receiveTask"}:
            faults.extend(plan.misfits(here))  # one of those behind an event-based gateway holds no token itself
        kept["element"] = target.id
    if faults:
        raise CannotMove(faults)
    doers: dict[str, list[int]] = {}
    for element, officers in play.memory.doers.items():
        target = plan.target(element)
        known = doers.setdefault(target.id if target is not None else element, [])
        known.extend(officer for officer in officers if officer not in known)
    play.memory.doers = doers


def _clocks(play: Play, stood: list[Stood]) -> list[dict[str, Any]]:
    """Clocks run by the new drawing: one that no open step names any more stops, one named now starts or goes on; what
    was set once stays set."""
    told: list[dict[str, Any]] = []
    live = [one for one in stood if one.there is None or one.here is None or one.token.internal_data.get("in")]
    for one in live:
        stage = one.there.property("stage") if one.there is not None else ""
        if stage and (one.here is None or one.here.property("stage") != stage):
            play.to_stage(stage)
        if one.here is not None and one.there is not None and scope_clock(one.here) == scope_clock(one.there) != "":
            was, now = one.here.property("clock.limit"), one.there.property("clock.limit")
            clock = play.clocks.get(scope_clock(one.there))
            if was != now and clock is not None and clock.running:
                due = clock.effective.isoformat()
                told.append({"clock": clock.name, "due": due, "limit": was, "limit_new": now})
    olds = {scope_clock(one.here) for one in live if one.here is not None} - {""}
    news = {scope_clock(one.there): one for one in live if one.there is not None}
    for name in sorted(olds - news.keys()):
        clock = play.clocks.get(name)
        if clock is not None and clock.running:
            play.put(clockwork.stop(clock, play.round, calendars=play.scene.office.calendars, at=play.at))
    paused = {one.here.property("clock.pauses") for one in live if one.here is not None}
    pauses = {one.there.property("clock.pauses") for one in live if one.there is not None}
    for name, one in news.items():
        if name and name not in olds and one.there is not None:
            play.run_clock(one.there, one.token)
    for name in sorted(paused - pauses):
        play.resume(name)
    for name in sorted(pauses - paused):
        play.pause(name)
    return told


def _rewait(plan: Plan, play: Play, new: Whole, rows: Rows, holders: Holders, told: _Told) -> None:
    """Tasks, timers and waits that go on: as the new version draws them."""
    now = _asked(play, new, play.at)
    faults: list[Refused] = []
    for id, kept in play.memory.open.items():
        asked = now.get((kept["kind"], kept["token"], kept["element"]))
        if asked is None:
            continue  # not waited for any more: said by `say_what_waits`
        fact, fresh = asked
        if isinstance(fact, f.TaskOpened):
            faults.extend(_task(plan, play, new, id, kept, fact, rows, holders, told))
        elif isinstance(fact, f.TimerSet):
            _timer(plan, play, new, id, kept, fresh, rows, told)
        elif isinstance(fact, f.WaitOpened):
            _wait(plan, play, id, fact, rows, told)
        elif isinstance(fact, f.JobMade):
            _job(play, id, fact, rows)
    if faults:
        raise CannotMove(faults)


def _asked(play: Play, new: Whole, at: datetime) -> dict[Key, tuple[f.CaseFact, dict[str, Any]]]:
    """What the new version would say if all that is open began to wait at `at`: the fact, and what is kept of it."""
    probe = Play(replace(play.scene, at=at), replace(deepcopy(play.memory), open={}))
    probe.clocks, probe.variables, probe.stage = dict(play.clocks), play.variables, play.stage
    say_what_waits(probe, all_waiting(new))
    facts: dict[str, f.CaseFact] = {}
    for fact in probe.facts:
        if isinstance(fact, f.TaskOpened):
            facts[fact.task] = fact
        elif isinstance(fact, f.TimerSet):
            facts[fact.timer] = fact
        elif isinstance(fact, f.WaitOpened):
            facts[fact.wait] = fact
        elif isinstance(fact, f.JobMade):
            facts[fact.job] = fact
    return {
        (kept["kind"], kept["token"], kept["element"]): (facts[id], kept)
        for id, kept in probe.memory.open.items()
        if id in facts
    }


def _task(
    plan: Plan, play: Play, new: Whole, id: str, kept: dict[str, Any], fact: f.TaskOpened, rows: Rows,
    holders: Holders, told: _Told,
) -> list[Refused]:  # fmt: skip
    row = rows.tasks[id]
    names = ("element", "name", "name_en", "wanted", "bars", "unit", "priority", "clock")
    changed = [name for name in names if _differs(row[name], getattr(fact, name))]
    if changed:
        after = {name: getattr(fact, name) for name in changed}
        play.note(f.TaskRedrawn(id, fact.element, {name: row[name] for name in changed}, after))
    if fact.clock:
        kept["clock"] = fact.clock
    else:
        kept.pop("clock", None)
    due = before = from_json(kept.get("due"))
    if plan.wishes.dues == "recount":
        again = _asked(play, new, row["opened_at"])[("task", kept["token"], kept["element"])][0]
        due = again.due if isinstance(again, f.TaskOpened) else due
        if due != before:
            kept["due"] = to_json(due)
            play.note(f.TaskDueChanged(id, fact.element, before, due))
    if row["claimed_by"] is not None and not holders.fits(row["claimed_by"], fact.wanted, fact.bars):
        play.note(f.TaskReleased(id, fact.element))
    told.tasks.append({"from": row["element"], "to": fact.element, "changed": changed, "before": _text(before),
                       "after": _text(due)})  # fmt: skip
    if "wanted" in changed and not holders.anybody(fact.wanted):
        return [_nobody(plan, row["element"], fact.element)]
    return []


def _nobody(plan: Plan, here: str, there: str) -> Refused:
    element = plan.new.diagram.element(there)
    meant = element.groups or element.assignee
    return Refused(
        "nobody",
        here,
        f"新版的“{element.name or there}”由 {meant} 办理，目前无人担任。",
        f"“{element.name_en or element.name or there}” of the new version is for {meant}, and nobody holds that now.",
    )


def _timer(
    plan: Plan, play: Play, new: Whole, id: str, kept: dict[str, Any], fresh: dict[str, Any], rows: Rows, told: _Told
) -> None:
    row, element = rows.timers[id], plan.new.diagram.element(kept["element"])
    if row["element"] != element.id:
        play.note(f.TimerRedrawn(id, element.id, row["element"]))
    here = plan.old.diagram.elements.get(row["element"])
    other = here is not None and _timing(here) != _timing(element)
    how = plan.wishes.timing(element.id)
    before = from_json(kept.get("due"))
    begun = from_json(kept["set"])
    again = fresh
    if other or how == "recount":
        counted = _asked(play, new, begun).get(("timer", kept["token"], element.id))
        again = counted[1] if counted is not None else fresh
    chosen = {"restart": fresh, "recount": again}.get(how)
    if chosen is not None:
        kept.update({name: chosen[name] for name in ("due", "set", "left") if name in chosen})
        if how == "recount":
            kept["set"] = to_json(begun)
        after = from_json(chosen.get("due"))
        if after != before:
            play.note(f.TimerMoved(id, element.id, before, after))
    elif "left" in fresh:
        kept.setdefault("left", fresh["left"])
    told.timers.append(
        {
            "from": row["element"], "to": element.id, "how": how if how in {"restart", "recount"} else "keep",
            "before": _text(before), "after": _text(from_json(kept.get("due"))),
            "by_new": _text(from_json(again.get("due"))) if other else None,
        }
    )  # fmt: skip


def _timing(element: Element) -> tuple[str, str, str]:
    return element.trigger.timing, element.trigger.text, element.property("calendar")


def _wait(plan: Plan, play: Play, id: str, fact: f.WaitOpened, rows: Rows, told: _Told) -> None:
    row = rows.waits[id]
    here = plan.old.diagram.elements.get(row["element"])
    there = plan.new.diagram.element(fact.element)
    names = ["element", "name", "button", "button_en", "wanted"]
    # What it listens for was worked out when it began to wait; only another rule gives another answer.
    if here is None or here.property("correlation") != there.property("correlation"):
        names.append("correlation")
    changed = [name for name in names if _differs(row[name], getattr(fact, name))]
    if changed:
        before, after = {name: row[name] for name in changed}, {name: getattr(fact, name) for name in changed}
        play.note(f.WaitRedrawn(id, fact.element, before, after))
    told.waits.append({"from": row["element"], "to": fact.element, "how": "keep", "changed": changed})


def _job(play: Play, id: str, fact: f.JobMade, rows: Rows) -> None:
    """What a worker was given stays as it was; if another program is asked now, that one is given what it wants."""
    row = rows.jobs[id]
    names = ["element", "topic", "backoff", "leases"]
    if row["topic"] != fact.topic:
        names += ["inputs", "retries"]
    changed = [name for name in names if row[name] != getattr(fact, name)]
    if changed:
        before, after = {name: row[name] for name in changed}, {name: getattr(fact, name) for name in changed}
        play.note(f.JobRedrawn(id, fact.element, before, after))


def _differs(before: Any, after: Any) -> bool:
    if isinstance(before, list) and isinstance(after, list):
        return sorted(map(_plain, before)) != sorted(map(_plain, after))
    return bool(before != after)


def _plain(wish: Mapping[str, Any]) -> str:
    """Rows say null where a fact says nothing."""
    return str(sorted((key, value) for key, value in wish.items() if value is not None))


def _report(step: Step, told: _Told, rows: Rows, back: list[f.CaseFact] | None) -> dict[str, Any]:
    """{"tasks": [from, to, changed, before, after], "timers": [from, to, how, before, after, by_new], "waits": [from,
    to, how, changed], "clocks": [clock, due, limit, limit_new], "passed": [element], "back": whether it can be
    undone}; moments as ISO text; `how`: keep restart recount new dropped."""
    passed = [element for fact in step.facts if isinstance(fact, f.TokensMoved) for element in fact.passed]
    for fact in step.facts:
        if isinstance(fact, f.TimerSet):
            told.timers.append({"from": "", "to": fact.element, "how": "new", "before": None, "after": _text(fact.due),
                                "by_new": None})  # fmt: skip
        elif isinstance(fact, f.TimerDropped):
            was = rows.timers.get(fact.timer, {})
            told.timers.append({"from": was.get("element", fact.element), "to": "", "how": "dropped",
                                "before": _text(was.get("due")), "after": None, "by_new": None})  # fmt: skip
        elif isinstance(fact, f.WaitOpened):
            told.waits.append({"from": "", "to": fact.element, "how": "new", "changed": []})
        elif isinstance(fact, f.WaitDropped):
            was = rows.waits.get(fact.wait, {})
            told.waits.append({"from": was.get("element", fact.element), "to": "", "how": "dropped", "changed": []})
    return {
        "tasks": told.tasks, "timers": told.timers, "waits": told.waits, "clocks": told.clocks, "passed": passed,
        "back": back is not None,
    }  # fmt: skip


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
