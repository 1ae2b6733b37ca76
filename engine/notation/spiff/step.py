"""Deciding: what follows when a case starts, a task is done, a timer fires, a message comes. State in, `Step` out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.notation.diagram import Element
from engine.notation.scene import Scene, Step
from engine.notation.seen import Names
from engine.notation.spiff import serving
from engine.notation.spiff.adhoc import choose
from engine.notation.spiff.calling import Answer, handed_out, waits_for_answer
from engine.notation.spiff.events import broadcast, rise
from engine.notation.spiff.parties import follow, join
from engine.notation.spiff.play import Play
from engine.notation.spiff.scopes import Whole
from engine.notation.spiff.state import Memory, freeze, legible, read, restored
from engine.notation.spiff.waits import all_waiting, say_what_waits
from engine.words import facts as f
from engine.words.errors import CannotGoOn, Fault, NotValid, OutOfDate
from engine.words.values import from_json, to_json


def start(scene: Scene, answers: Mapping[str, Any], at: str | None = None) -> Step:
    """A case begins with the answers of its start form; at another start event, `at`, with what that one was told."""
    play = Play(scene)
    workflow = Whole(scene.published.specs.process, scene.published.specs.inner, play)
    play.variables.update(answers)
    play.note_variables()
    plain = scene.published.diagram.start
    begin = at if at is not None else plain.id if plain is not None else None
    if begin is not None:
        _did(play, begin)
    workflow.begin(at)
    return play_on(play, workflow)


@dataclass(frozen=True, slots=True)
class Resumed:
    """A case taken from its snapshot, not yet moved: it can be looked at, and then moved once."""

    play: Play
    workflow: Whole

    def names(self, task_id: str) -> Names:
        """What the form of an open task may speak of."""
        waiting = self.play.memory.open.get(task_id)
        return self.play.names(_token(self.workflow, waiting) if waiting is not None else None)


def resume(scene: Scene, state: bytes) -> Resumed:
    """Raises `CannotGoOn` for a snapshot that cannot be read."""
    return Resumed(*_resumed(scene, state))


def complete(
    scene: Scene, state: bytes, task_id: str, answers: Mapping[str, Any], *, resumed: Resumed | None = None
) -> Step:
    """An officer has done a task. Raises `OutOfDate` when the diagram no longer waits for it, `NotValid` when another
    task has to be done first. `resumed`: this very case, where it has been taken from its snapshot already."""
    play, workflow = (resumed.play, resumed.workflow) if resumed is not None else _resumed(scene, state)
    waiting = play.memory.open.pop(task_id, None)
    task = _token(workflow, waiting) if waiting is not None else None
    if waiting is None or task is None or task.state != TaskState.READY:
        raise OutOfDate("这项任务已经办结或撤回", "This task has already been done or taken back")
    element = scene.published.diagram.element(waiting["element"])
    _refuse_before(play, element)
    due = from_json(waiting.get("due"))
    play.note(f.TaskCompleted(task_id, element.id, to_json(answers), late=due is not None and scene.at > due))
    join(play, "handler", officer=scene.by.id)
    _did(play, element.id)
    play.assign(task, answers)
    play.variables.update(scene.corrected)
    play.note_variables()
    task.run()
    return play_on(play, workflow)


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
        task.internal_data.update(left=left, anchor=from_json(waiting["set"]))
    task.task_spec.happen(task, element.id, again=again)
    return play_on(play, workflow)


def deliver(scene: Scene, state: bytes, wait_id: str, payload: Mapping[str, Any], sender: str | None) -> Step:
    """A message has come, from another case or from an officer's button. Raises `OutOfDate` when it came too late."""
    play, workflow = _resumed(scene, state)
    waiting = play.memory.open.pop(wait_id, None)
    task = _token(workflow, waiting) if waiting is not None else None
    if waiting is None or task is None or task.state != TaskState.WAITING:
        raise OutOfDate("该事项已不再等待这个消息", "The case no longer waits for this message")
    element = scene.published.diagram.element(waiting["element"])
    if task.internal_data.get("offered"):
        play.note(f.StepChosen(wait_id, element.id))
        play.variables.update(scene.corrected)
        play.note_variables()
        choose(task)
        return play_on(play, workflow)
    play.note(f.MessageReceived(wait_id, element.id, element.trigger.name, to_json(dict(payload)), sender))
    join(play, "handler", officer=scene.by.id)
    _did(play, element.id)
    play.assign(task, payload)
    play.variables.update(scene.corrected)
    play.note_variables()
    task.task_spec.happen(task, element.id, again=True)
    return play_on(play, workflow)


def answered(scene: Scene, state: bytes, call: str, answer: Answer) -> Step | None:
    """A called case has said something. None when this one no longer waits for it."""
    play, workflow = _resumed(scene, state)
    waiting = play.memory.open.get(call)
    task = _token(workflow, waiting) if waiting is not None else None
    if waiting is None or task is None or not waits_for_answer(task):
        return None
    element = scene.published.diagram.element(waiting["element"])
    values = handed_out(play, element, answer)
    play.note(f.CallAnswered(call, element.id, answer.child, answer.kind, answer.code, to_json(values)))
    if answer.kind != "escalation":
        del play.memory.open[call]
    play.assign(task, values)
    play.note_variables()
    if answer.kind == "done":
        task.complete()
    elif not rise(task, answer.kind, answer.code) and answer.kind == "error":
        if not play.tell_caller("error", answer.code):
            raise CannotGoOn(
                element.id,
                f"“{element.name or element.id}”调用的事项以错误“{answer.code}”结束，没有任何错误事件接住",
                f"The case called by {element.name_en or element.name or element.id} has failed with the error "
                f"{answer.code}, which nothing catches",
            )
        workflow.clear()
    return play_on(play, workflow)


def served(scene: Scene, state: bytes, job: str, answer: serving.Answer) -> Step | None:
    """A job is over: done, with a BPMN error, given up where the border catches that, or passed over by hand. None
    when the case no longer waits for it."""
    play, workflow = _resumed(scene, state)
    waiting = play.memory.open.pop(job, None)
    task = _token(workflow, waiting) if waiting is not None else None
    if waiting is None or task is None or not serving.waits_for_work(task):
        return None
    element = scene.published.diagram.element(waiting["element"])
    values = serving.handed_back(play, element, task, answer)
    play.note(
        f.JobAnswered(
            job, element.id, answer.kind, answer.worker, answer.code, answer.message, to_json(values), answer.lease
        )
    )
    play.assign(task, values)
    play.variables.update(scene.corrected)
    play.note_variables()
    if answer.kind in {"done", "skipped"}:
        task.complete()
    elif not rise(task, "error", answer.code):
        if not play.tell_caller("error", answer.code):
            raise CannotGoOn(
                element.id,
                f"“{element.name or element.id}”的外部程序报告错误“{answer.code}”，没有任何错误事件接住",
                f"The worker of {element.name_en or element.name or element.id} has thrown the error {answer.code}, "
                "which nothing catches",
            )
        workflow.clear()
    return play_on(play, workflow)


def tried_anew(scene: Scene, state: bytes, job: str) -> Step | None:
    """A job that had failed for good is tried again, with what the case says now. None when it waits no more."""
    play, workflow = _resumed(scene, state)
    waiting = play.memory.open.get(job)
    task = _token(workflow, waiting) if waiting is not None else None
    if waiting is None or task is None or not serving.waits_for_work(task):
        return None
    element = scene.published.diagram.element(waiting["element"])
    play.variables.update(scene.corrected)
    play.note_variables()
    retries, _waits = serving.patience(play, element, task)
    play.note(f.JobRetried(job, element.id, retries, serving.inputs(play, element, task)))
    return play_on(play, workflow)


def hear(scene: Scene, state: bytes, name: str, payload: Mapping[str, Any], message: str) -> Step | None:
    """A signal of another case. None when nothing here waits for it."""
    play, workflow = _resumed(scene, state)
    waiting = [
        kept["token"]
        for kept in play.memory.open.values()
        if kept["kind"] == "signal" and scene.published.diagram.element(kept["element"]).trigger.name == name
    ]
    if not waiting:
        return None
    play.note(f.SignalReceived(message, name, to_json(dict(payload))))
    play.assign(None, payload)
    play.note_variables()
    broadcast(workflow, name)
    return play_on(play, workflow)


def cancel(scene: Scene, state: bytes, call: str) -> Step | None:
    """The case that called this one needs it no longer. None when it is over already."""
    play, workflow = _resumed(scene, state)
    if workflow.is_completed():
        return None
    play.note(f.CaseCancelled(call))
    play.answered = True
    workflow.clear()
    if play.outcome is None:
        play.outcome = "cancelled"
        play.note(f.CaseClosed(play.outcome))
    return play_on(play, workflow)


def _resumed(scene: Scene, state: bytes) -> tuple[Play, Whole]:
    specs = scene.published.specs
    kept = read(state, specs)
    with legible:
        play = Play(scene, Memory.of(kept))
        return play, restored(kept, specs, play)


def _token(workflow: Whole, waiting: Mapping[str, Any]) -> Any:
    return workflow.find(waiting["token"])


def _refuse_before(play: Play, element: Element) -> None:
    diagram = play.scene.published.diagram
    first = diagram.held_up.get(element.id, ())
    for other in play.memory.open.values() if first else ():
        if other["kind"] == "task" and other["element"] in first:
            holding = diagram.element(other["element"])
            zh = f"请先完成“{holding.name}”，再办理“{element.name}”"
            en = f"Please do “{holding.name_en or holding.id}” first, then “{element.name_en or element.id}”"
            raise NotValid([Fault("", zh, en)])


def _did(play: Play, element: str) -> None:
    """Remembers who did a step, once: the author is not the reviewer, nor the closer."""
    doers = play.memory.doers.setdefault(element, [])
    if play.by.id is not None and play.by.id not in doers:
        doers.append(play.by.id)


def play_on(play: Play, workflow: Whole) -> Step:
    """Lets the tokens run until every one waits for somebody; then says what waits, and keeps the snapshot."""
    workflow.do_engine_steps()
    waiting = list(all_waiting(workflow))
    if not waiting and not workflow.is_completed():
        raise _dead_end(play, workflow)
    play.note_variables()
    if play.passed:
        play.note(f.TokensMoved(play.passed))
    follow(play)
    if play.clocks_moved:
        _due(play)
    say_what_waits(play, waiting)
    if workflow.is_completed():
        play.note(f.CaseEnded())
        if not play.answered:
            play.tell_caller("done")
    play.keep_clocks()
    state, large = freeze(workflow, play.memory)
    workflow.dissolve()
    return Step(play.facts, state, play.serial, large)


def _dead_end(play: Play, workflow: Whole) -> CannotGoOn:
    """Tokens that nobody can ever move again: a join waits for a branch that was not taken, an event for a signal or a
    condition while nothing else goes on."""
    held = next(token for token in workflow.tokens if token.state == TaskState.WAITING)
    element = play.element_of(held)
    assert element is not None
    return CannotGoOn(
        element.id,
        f"办件会停在“{element.name or element.id}”：它等待的已不可能到来",
        f"The case would stop at {element.name_en or element.name or element.id}: what it waits for can never come",
    )


def _due(play: Play) -> None:
    running = [clock for clock in play.clocks.values() if clock.running]
    last = max(running, key=lambda clock: clock.effective, default=None)
    before, after = from_json(play.memory.due), last.effective if last is not None else None
    if before != after:
        play.note(f.CaseDueChanged(last.name if last is not None else None, before, after))
        play.memory.due = to_json(after)
