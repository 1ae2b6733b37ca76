"""What waits after a step: tasks for officers, timers for the clock, events for messages; each new one is a fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.notation.clocks import named_in
from engine.notation.diagram import Element
from engine.notation.spiff import calling, serving, topics
from engine.notation.spiff.play import Play
from engine.notation.spiff.scopes import Whole, instance_of
from engine.notation.spiff.state import Memory
from engine.notation.timings import is_cycle, is_plain_timing
from engine.words import facts as f
from engine.words.commas import listed
from engine.words.recurrence import read_cycle
from engine.words.values import from_json, to_json

# What comes from outside the case, and what it is called while it is waited for.
_OUTSIDE = {"timer": "timer", "message": "wait", "signal": "signal"}
# Kind, token, element.
Waits = tuple[str, Any, str]


def say_what_waits(play: Play, waiting: Iterable[Waits]) -> None:
    """`waiting`: all that waits now (`all_waiting`), of which the memory knows what waited before."""
    live = {(kind, str(task.id), element): task for kind, task, element in waiting}
    memory = play.memory
    known: dict[tuple[str, str, str], str] = {}
    for id, kept in list(memory.open.items()):
        key = (kept["kind"], kept["token"], kept["element"])
        if key in live:
            known[key] = id
        else:
            del memory.open[id]
            play.note(_gone(play, kept["kind"], id, kept["element"]))
    for key, task in live.items():
        kind, token, name = key
        element = play.scene.published.diagram.element(name)
        if key not in known:
            _opened(play, memory, kind, token, element, task)
        elif play.clocks_moved:
            _moved(play, memory.open[known[key]], known[key], kind, element, task)


def all_waiting(workflow: Whole) -> Iterator[Waits]:
    """What an officer, the clock or a message can move."""
    for task in workflow.tokens:
        state, node = task.state, task.task_spec
        if state == TaskState.READY and node.manual:
            yield "task", task, node.bpmn_id
        elif task.internal_data.get("offered"):
            yield "wait", task, node.bpmn_id
        elif calling.waits_for_answer(task):
            yield "call", task, node.bpmn_id
        elif serving.waits_for_work(task):
            yield "job", task, node.bpmn_id
        elif state == TaskState.WAITING:
            for waits in node.waits:
                if waits.kind in _OUTSIDE:
                    yield _OUTSIDE[waits.kind], task, waits.element


def _gone(play: Play, kind: str, id: str, element: str) -> f.CaseFact:
    if kind == "task":
        return f.TaskCancelled(id, element)
    if kind == "call":
        return f.CallWithdrawn(id, element, play.new_id())
    if kind == "job":
        return f.JobDropped(id, element)
    return f.TimerDropped(id, element) if kind == "timer" else f.WaitDropped(id, element)


def _opened(play: Play, memory: Memory, kind: str, token: str, element: Element, task: Any) -> None:
    id = play.new_id()
    kept: dict[str, Any] = {"kind": kind, "element": element.id, "token": token}
    memory.open[id] = kept
    if kind == "task":
        _open_task(play, id, kept, element, task)
    elif kind == "timer":
        due = _first_due(play, kept, element, task)
        kept["due"] = to_json(due)
        play.note(f.TimerSet(id, element.id, token, due))
    elif task.internal_data.get("offered"):
        _offer(play, id, element, task)
    elif kind == "call":
        calling.call(play, id, element, task)
    elif kind == "job":
        serving.lay_down(play, id, element, task)
    elif kind == "signal":
        play.note(f.WaitOpened(id, element.id, token, element.trigger.name, "", None, None, [], "signal"))
    else:
        correlation = play.correlation(element, task)
        wishes = topics.wanted(play, element, task, element.property("role")) if element.property("role") else []
        button = element.property("button") or None
        button_en = element.property("button.en") or None
        play.note(f.WaitOpened(id, element.id, token, element.trigger.name, correlation, button, button_en, wishes))


def _offer(play: Play, id: str, element: Element, task: Any) -> None:
    """A step that an officer may choose: those may who will do it, or whom its property `role` names."""
    by = element.property("role")
    wishes = topics.wanted(play, element, task, by or element.groups, "" if by else element.assignee)
    button, button_en = element.property("button") or element.name, element.property("button.en") or element.name_en
    play.note(
        f.WaitOpened(id, element.id, str(task.id), "", play.scene.number, button or element.id, button_en, wishes)
    )


def _open_task(play: Play, id: str, kept: dict[str, Any], element: Element, task: Any) -> None:
    wishes = topics.wanted(play, element, task, element.groups, element.assignee)
    clock = task.task_spec.follows
    due = _task_due(play, element, task, clock, play.at)
    kept["due"] = to_json(due)
    if clock:
        kept["clock"] = clock
    instance = instance_of(task)
    item = play.whole(next(iter(instance.data.values()), None)) if instance is not None else None
    priority = play.text_or_value(element, element.priority, task) if element.priority else 0
    play.note(
        f.TaskOpened(
            task=id,
            element=element.id,
            name=element.name,
            name_en=element.name_en,
            token=kept["token"],
            wanted=wishes,
            bars=_bars(play, element, task),
            unit=next((w["unit"] for w in wishes if w.get("unit") is not None), None),
            item=to_json(item),
            due=due,
            clock=clock,
            round=play.round,
            priority=int(priority or 0),
        )
    )


def _bars(play: Play, element: Element, task: Any) -> list[dict[str, Any]]:
    bars: list[dict[str, Any]] = []
    for name in listed(element.property("not_by")):
        doers = [play.scene.opened_by] if name == "*raiser" else play.memory.doers.get(name, [])
        bars.extend({"officer": officer, "because": name} for officer in dict.fromkeys(doers) if officer is not None)
    if element.property("not_unit"):
        units = topics.units_of(play, element, task, element.property("not_unit"))
        bars.extend({"unit": unit, "because": "unit"} for unit in units)
    if element.property("not_officer"):
        named = play.text_or_value(element, element.property("not_officer"), task)
        officers = play.scene.office.officers
        found = {officers.get(str(login)) for login in (named if isinstance(named, list) else [named])}
        bars.extend({"officer": id, "because": "officer"} for id in sorted(id for id in found if id is not None))
    return bars


def _task_due(play: Play, element: Element, task: Any, clock: str | None, opened: datetime) -> datetime | None:
    if element.due:
        value = play.text_or_value(element, element.due, task)
        return play.moment(element, value, opened, play.calendar(element, task))
    running = play.clocks.get(clock) if clock else None
    return running.effective if running is not None and running.running else None


def _first_due(play: Play, kept: dict[str, Any], element: Element, task: Any) -> datetime | None:
    """When a timer is due that begins to wait. One that comes again keeps the beat it began with, however late the
    worker saw it; what was missed altogether is not made up for."""
    kept["set"] = to_json(task.internal_data.pop("anchor", None) or play.at)
    return _timer_due(play, kept, element, task)


def _timer_due(play: Play, kept: dict[str, Any], element: Element, task: Any) -> datetime | None:
    text = element.trigger.text
    start: datetime = from_json(kept["set"])
    value = play.value(element, text.removeprefix("="), task) if not is_plain_timing(text) else text
    if element.trigger.timing == "cycle" and isinstance(value, str) and is_cycle(value):
        cycle = read_cycle(value)
        if "left" not in kept:
            kept["left"] = task.internal_data.pop("left", cycle.times)
            kept["left"] = kept["left"] - 1 if kept["left"] is not None else None
        return play.again(element, cycle, start, play.calendar(element, task))
    return play.moment(element, value, start, play.calendar(element, task))


def _moved(play: Play, kept: dict[str, Any], id: str, kind: str, element: Element, task: Any) -> None:
    before = from_json(kept.get("due"))
    if kind == "timer" and named_in(element.trigger.text):
        after = _timer_due(play, kept, element, task)
        fact: f.CaseFact = f.TimerMoved(id, element.id, before, after)
    elif kind == "task" and kept.get("clock"):
        running = play.clocks.get(kept["clock"])
        if element.due:
            after = _task_due(play, element, task, kept["clock"], play.at)
        else:
            after = running.effective if running is not None and running.running else None
        fact = f.TaskDueChanged(id, element.id, before, after)
    else:
        return
    if after != before:
        kept["due"] = to_json(after)
        play.note(fact)
