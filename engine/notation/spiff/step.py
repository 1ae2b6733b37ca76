"""Deciding: what follows when a case starts, a task is done, a timer fires, a message comes. State in, `Step` out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from engine.notation.diagram import Element
from engine.notation.scene import Scene, Step
from engine.notation.spiff import topics
from engine.notation.spiff.play import Play, scope_clock
from engine.notation.spiff.scopes import Whole, instance_of
from engine.notation.spiff.state import Memory, freeze, thaw
from engine.notation.timings import is_plain_timing
from engine.words import facts as f
from engine.words.durations import Duration
from engine.words.errors import CannotGoOn, Fault, NotValid, OutOfDate
from engine.words.values import from_json, to_json

_CYCLE = re.compile(r"R(?P<times>\d*)/(?P<every>P[^/]+)")
_CLOCK = re.compile(r"\bclocks\.(\w+)")


def start(scene: Scene, answers: Mapping[str, Any]) -> Step:
    """A case begins with the answers of its start form."""
    play = Play(scene)
    workflow = Whole(scene.published.specs.process, scene.published.specs.inner, play)
    play.variables.update(answers)
    play.note_variables()
    begin = scene.published.diagram.start
    if begin is not None:
        _did(play, begin.id)
    workflow.begin()
    return _play_on(play, workflow)


def complete(scene: Scene, state: bytes, task_id: str, answers: Mapping[str, Any]) -> Step:
    """An officer has done a task. Raises `OutOfDate` when the diagram no longer waits for it, `NotValid` when another
    task has to be done first."""
    play, workflow = _resumed(scene, state)
    waiting = play.memory.open.pop(task_id, None)
    task = _token(workflow, waiting) if waiting is not None else None
    if waiting is None or task is None or task.state != TaskState.READY:
        raise OutOfDate("这项任务已经办结或撤回", "This task has already been done or taken back")
    element = scene.published.diagram.element(waiting["element"])
    _refuse_before(play, element)
    due = from_json(waiting.get("due"))
    play.note(f.TaskCompleted(task_id, element.id, to_json(dict(answers)), late=due is not None and scene.at > due))
    _join(play, "handler", officer=scene.by.id)
    _did(play, element.id)
    play.assign(task, answers)
    play.note_variables()
    task.run()
    return _play_on(play, workflow)


def fire(scene: Scene, state: bytes, timer_id: str) -> Step | None:
    """A timer is due. None when the case no longer waits for it."""
    play, workflow = _resumed(scene, state)
    waiting = play.memory.open.pop(timer_id, None)
    task = _token(workflow, waiting) if waiting is not None else None
    if waiting is None or task is None or task.state != TaskState.WAITING:
        return None
    play.note(f.TimerFired(timer_id, waiting["element"], from_json(waiting.get("due"))))
    element = scene.published.diagram.element(waiting["element"])
    left = waiting.get("left")
    again = element.trigger.timing == "cycle" and left != 0
    if again:
        task.internal_data.update(left=left, since=from_json(waiting.get("due")))
    task.task_spec.happen(task, element.id, again=again)
    return _play_on(play, workflow)


def deliver(scene: Scene, state: bytes, wait_id: str, payload: Mapping[str, Any], sender: str | None) -> Step:
    """A message has come, from another case or from an officer's button. Raises `OutOfDate` when it came too late."""
    play, workflow = _resumed(scene, state)
    waiting = play.memory.open.pop(wait_id, None)
    task = _token(workflow, waiting) if waiting is not None else None
    if waiting is None or task is None or task.state != TaskState.WAITING:
        raise OutOfDate("该事项已不再等待这个消息", "The case no longer waits for this message")
    element = scene.published.diagram.element(waiting["element"])
    play.note(f.MessageReceived(wait_id, element.id, element.trigger.name, to_json(dict(payload)), sender))
    _join(play, "handler", officer=scene.by.id)
    _did(play, element.id)
    play.assign(task, payload)
    play.note_variables()
    task.task_spec.happen(task, element.id, again=True)
    return _play_on(play, workflow)


def _resumed(scene: Scene, state: bytes) -> tuple[Play, Whole]:
    play = Play(scene)
    workflow, memory = thaw(state, scene.published.specs, play)
    play.remember(memory)
    return play, workflow


def _token(workflow: Whole, waiting: Mapping[str, Any]) -> Any:
    token = UUID(waiting["token"])
    return next((one for one in workflow.tokens if one.id == token), None)


def _refuse_before(play: Play, element: Element) -> None:
    diagram = play.scene.published.diagram
    for other in play.memory.open.values():
        holding = diagram.elements.get(other["element"])
        if other["kind"] == "task" and holding is not None:
            held = [name.strip() for name in holding.property("before").split(",")]
            if element.id in held:
                zh = f"请先完成“{holding.name}”，再办理“{element.name}”"
                en = f"Please do “{holding.name_en or holding.id}” first, then “{element.name_en or element.id}”"
                raise NotValid([Fault("", zh, en)])


def _did(play: Play, element: str) -> None:
    """Remembers who did a step, once: the author is not the reviewer, nor the closer."""
    doers = play.memory.doers.setdefault(element, [])
    if play.by.id is not None and play.by.id not in doers:
        doers.append(play.by.id)


def _join(play: Play, part: str, *, unit: int | None = None, officer: int | None = None) -> None:
    key = f"unit:{unit}:{part}" if unit is not None else f"officer:{officer}:{part}"
    if (unit is not None or officer is not None) and key not in play.memory.parties:
        play.memory.parties.append(key)
        play.note(f.PartyJoined(part, unit, officer))


def _play_on(play: Play, workflow: Whole) -> Step:
    """Lets the tokens run until every one waits for somebody; then says what waits, and keeps the snapshot."""
    workflow.do_engine_steps()
    _refuse_dead_end(play, workflow)
    play.note_variables()
    if play.passed:
        play.note(f.TokensMoved(list(play.passed)))
    _parties(play)
    _due(play)
    _say_what_waits(play, workflow)
    if workflow.is_completed():
        play.note(f.CaseEnded())
    play.keep_clocks()
    return Step(play.facts, freeze(workflow, play.memory), play.serial)


def _refuse_dead_end(play: Play, workflow: Whole) -> None:
    """Tokens that nobody can ever move again: a join waits for a branch that was not taken, an event for a signal or a
    condition while nothing else goes on."""
    if workflow.is_completed() or any(True for _ in _waiting(workflow)):
        return
    held = next(token for token in workflow.tokens if token.state == TaskState.WAITING)
    element = play.element_of(held)
    assert element is not None
    raise CannotGoOn(
        element.id,
        f"办件会停在“{element.name or element.id}”：它等待的已不可能到来",
        f"The case would stop at {element.name_en or element.name or element.id}: what it waits for can never come",
    )


def _parties(play: Play) -> None:
    """The lead unit and co-units take part, and so see the case. There is one lead unit at any moment."""
    office = play.scene.office
    lead = office.units.get(str(play.variables.get("lead_unit") or ""))
    old = next((int(key.split(":")[1]) for key in play.memory.parties if key.endswith(":lead")), None)
    if lead != old:
        if old is not None:
            play.memory.parties.remove(f"unit:{old}:lead")
            play.note(f.PartyLeft("lead", old))
            _join(play, "former", unit=old)
        play.note(f.LeadUnitChanged(old, lead))
        _join(play, "lead", unit=lead)
    co_units = play.variables.get("co_units")
    for code in co_units if isinstance(co_units, list) else []:
        _join(play, "co", unit=office.units.get(str(code)))
    _join(play, "raiser", unit=play.scene.raiser_unit)
    _join(play, "raiser", officer=play.scene.opened_by)


def _due(play: Play) -> None:
    running = [clock for clock in play.clocks.values() if clock.running]
    last = max(running, key=lambda clock: clock.effective, default=None)
    before, after = from_json(play.memory.due), last.effective if last is not None else None
    if before != after:
        play.note(f.CaseDueChanged(last.name if last is not None else None, before, after))
        play.memory.due = to_json(after)


def _say_what_waits(play: Play, workflow: Whole) -> None:
    live = {(kind, str(task.id), element): task for kind, task, element in _waiting(workflow)}
    memory = play.memory
    known: dict[tuple[str, str, str], str] = {}
    for id, kept in list(memory.open.items()):
        key = (kept["kind"], kept["token"], kept["element"])
        if key in live:
            known[key] = id
        else:
            del memory.open[id]
            play.note(_gone(kept["kind"], id, kept["element"]))
    for key, task in live.items():
        kind, token, name = key
        element = play.scene.published.diagram.element(name)
        if key not in known:
            _opened(play, memory, kind, token, element, task)
        elif play.clocks_moved:
            _moved(play, memory.open[known[key]], known[key], kind, element, task)


def _waiting(workflow: Whole) -> Iterator[tuple[str, Any, str]]:
    """What an officer, the clock or a message can move: kind, token, element."""
    for task in workflow.tokens:
        if task.state == TaskState.READY and task.task_spec.manual:
            yield "task", task, task.task_spec.bpmn_id
        elif task.state == TaskState.WAITING:
            for waits in task.task_spec.waits:
                if waits.kind in {"timer", "message"}:
                    yield ("timer" if waits.kind == "timer" else "wait"), task, waits.element


def _gone(kind: str, id: str, element: str) -> f.CaseFact:
    if kind == "task":
        return f.TaskCancelled(id, element)
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
    else:
        correlation = play.text_or_value(element, element.property("correlation"), task) or play.scene.number
        wishes = topics.wanted(play, element, task, element.property("role")) if element.property("role") else []
        button = element.property("button") or None
        button_en = element.property("button.en") or None
        play.note(
            f.WaitOpened(id, element.id, token, element.trigger.name, str(correlation), button, button_en, wishes)
        )


def _open_task(play: Play, id: str, kept: dict[str, Any], element: Element, task: Any) -> None:
    wishes = topics.wanted(play, element, task, element.groups, element.assignee)
    clock = _clock_of(play, element)
    due = _task_due(play, element, task, clock, play.at)
    kept["due"] = to_json(due)
    if clock:
        kept["clock"] = clock
    instance = instance_of(task)
    item = next(iter(instance.data.values()), None) if instance is not None else None
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
    for name in (part.strip() for part in element.property("not_by").split(",")):
        doers = [play.scene.opened_by] if name == "*raiser" else play.memory.doers.get(name, [])
        bars.extend({"officer": officer, "because": name} for officer in dict.fromkeys(doers) if officer is not None)
    if element.property("not_unit"):
        units = topics.units_of(play, element, task, element.property("not_unit"))
        bars.extend({"unit": unit, "because": "unit"} for unit in units)
    return bars


def _clock_of(play: Play, element: Element) -> str | None:
    """The clock a task's due date follows: the one its due date names, its own, or that of the scope around it."""
    if element.due:
        named = _CLOCK.search(element.due)
        return named.group(1) if named else None
    for scope in (element, *play.scene.published.diagram.scopes_of(element.id)):
        if scope_clock(scope):
            return scope_clock(scope)
    return None


def _task_due(play: Play, element: Element, task: Any, clock: str | None, opened: datetime) -> datetime | None:
    if element.due:
        value = play.text_or_value(element, element.due, task)
        return play.moment(element, value, opened, play.calendar(element, task))
    running = play.clocks.get(clock or "")
    return running.effective if running is not None and running.running else None


def _first_due(play: Play, kept: dict[str, Any], element: Element, task: Any) -> datetime | None:
    """When a timer is due that begins to wait. One that comes again counts from when it was due, not from when a late
    worker saw it; what was missed altogether is not made up for."""
    since = task.internal_data.pop("since", None)
    if since is not None:
        kept["set"] = to_json(since)
        due = _timer_due(play, kept, element, task)
        if due is None or due > play.at:
            return due
    kept["set"] = to_json(play.at)
    return _timer_due(play, kept, element, task)


def _timer_due(play: Play, kept: dict[str, Any], element: Element, task: Any) -> datetime | None:
    text = element.trigger.text
    start: datetime = from_json(kept["set"])
    value = play.value(element, text.removeprefix("="), task) if not is_plain_timing(text) else text
    if isinstance(value, str):
        cycle = _CYCLE.fullmatch(value.strip())
        if cycle is not None:
            if "left" not in kept:
                kept["left"] = task.internal_data.pop("left", int(cycle["times"]) if cycle["times"] else None)
                kept["left"] = kept["left"] - 1 if kept["left"] is not None else None
            value = Duration.read(cycle["every"])
    return play.moment(element, value, start, play.calendar(element, task))


def _moved(play: Play, kept: dict[str, Any], id: str, kind: str, element: Element, task: Any) -> None:
    before = from_json(kept.get("due"))
    if kind == "timer" and _CLOCK.search(element.trigger.text):
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
