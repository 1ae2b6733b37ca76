"""One step being played: it answers what SpiffWorkflow asks (conditions, collections, tasks to do) and notes the facts.

It stands where SpiffWorkflow expects its script engine. Case data lives here, in one place per case, not in each token;
only what belongs to one instance of a repeated step stays with that instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.notation import clocks as clockwork
from engine.notation import expressions
from engine.notation.diagram import Element
from engine.notation.scene import Scene
from engine.notation.spiff import doing, topics
from engine.notation.spiff.scopes import instance_of, local_names
from engine.notation.spiff.state import Memory
from engine.words import facts as f
from engine.words.calendar import Calendar, LimitNotReadable, NoWorkTime
from engine.words.errors import CannotGoOn
from engine.words.values import from_json, to_json

# More nodes than this in one step is a diagram that runs in circles.
MAX_NODES = 2_000


def scope_clock(element: Element) -> str:
    """The clock that runs while this element is open; for a service task the property only names the clock it moves."""
    return element.property("clock") if element.kind in {"userTask", "manualTask", "subProcess"} else ""


class Play:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.at = scene.at
        self.by = scene.by
        self.round = scene.round
        self.level = scene.level
        self.stage = scene.stage
        self.outcome = scene.outcome
        self.serial = scene.serial
        self.variables: dict[str, Any] = dict(scene.variables)
        self.memory = Memory()
        self.clocks: dict[str, clockwork.Running] = {}
        self.clocks_moved = False
        self.facts: list[f.CaseFact] = []
        self.passed: list[str] = []
        self._noted = dict(scene.variables)

    # --- memory -------------------------------------------------------------------------------------------------

    def remember(self, memory: Memory) -> None:
        self.memory = memory
        self.clocks = {name: clockwork.Running(**from_json(kept)) for name, kept in memory.clocks.items()}

    def keep_clocks(self) -> None:
        self.memory.clocks = {
            name: {slot: to_json(getattr(clock, slot)) for slot in clockwork.Running.__dataclass_fields__}
            for name, clock in self.clocks.items()
        }

    def note(self, fact: f.CaseFact) -> None:
        self.facts.append(fact)

    def new_id(self) -> str:
        self.serial += 1
        return f"{self.scene.case}-{self.serial}"

    def note_variables(self) -> None:
        """One fact for all fields that changed since the last such fact."""
        changed = [k for k, v in self.variables.items() if k not in self._noted or self._noted[k] != v]
        if changed:
            before = {k: to_json(self._noted[k]) for k in changed if k in self._noted}
            self.note(f.VariablesChanged(before, {k: to_json(self.variables[k]) for k in changed}))
            self._noted = dict(self.variables)

    # --- what expressions see -----------------------------------------------------------------------------------

    def names(self, task: Any = None) -> dict[str, Any]:
        scene = self.scene
        case = {
            "number": scene.number,
            "process": scene.published.diagram.process,
            "version": scene.published.number,
            "stage": self.stage,
            "round": self.round,
            "level": self.level,
            "outcome": self.outcome,
            "opened_at": scene.opened_at,
            "raised_by": scene.office.logins.get(scene.opened_by or 0),
            "raiser_unit": scene.office.codes.get(scene.raiser_unit or 0),
            "counts": dict(self.memory.counts),
        }
        clocks = {name: clock.seen(self.at) for name, clock in self.clocks.items()}
        local = local_names(task) if task is not None else {}
        actor = {"login": self.by.login, "name": self.by.name, "unit": self.by.unit_code}
        blank = scene.published.diagram.blank
        return {**blank, **self.variables, **local, "case": case, "clocks": clocks, "officer": actor}

    def value(self, element: Element, expression: str, task: Any = None) -> Any:
        try:
            return expressions.evaluate(expression, self.names(task), at=self.at)
        except expressions.ExpressionFailed as failed:
            zh = f"“{element.name or element.id}”的表达式 {expression} 无法求值：{failed.sentence_zh}"
            en = f"{element.name_en or element.id}: {expression} cannot be evaluated: {failed.sentence_en}"
            raise CannotGoOn(element.id, zh, en) from failed

    def text_or_value(self, element: Element, text: str, task: Any = None) -> Any:
        """A parameter: `=expression`, or the text itself."""
        return self.value(element, text[1:], task) if text.startswith("=") else text

    def calendar(self, element: Element, task: Any = None) -> Calendar:
        name = (
            self.text_or_value(element, element.property("calendar"), task) if element.property("calendar") else "work"
        )
        return clockwork.calendar_named(self.scene.office.calendars, str(name or "work"))

    def moment(self, element: Element, value: Any, start: datetime, calendar: Calendar) -> datetime | None:
        try:
            return clockwork.moment_of(value, start, calendar)
        except (LimitNotReadable, NoWorkTime) as error:
            zh = f"“{element.name or element.id}”的期限无法计算：{error.zh}"
            en = f"{element.name_en or element.id}: no deadline can be computed: {error.en}"
            raise CannotGoOn(element.id, zh, en) from error

    def assign(self, task: Any, values: Mapping[str, Any]) -> None:
        """Answers and results: inside a repeated step they stay with their instance, elsewhere they are the case's."""
        instance = instance_of(task) if task is not None else None
        if instance is not None:
            instance.data = {**instance.data, **values}
        else:
            self.variables.update(values)

    # --- what SpiffWorkflow asks --------------------------------------------------------------------------------

    def element_of(self, task: Any) -> Element | None:
        return self.scene.published.diagram.elements.get(task.task_spec.bpmn_id or "")

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        element = self.element_of(task)
        assert element is not None
        return self.value(element, expression, task)

    def members(self, task: Any, expression: str) -> list[Any]:
        element = self.element_of(task)
        assert element is not None
        value = self.value(element, expression, task)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        raise CannotGoOn(
            element.id,
            f"“{element.name}”要对列表逐项办理，但 {expression} 不是列表",
            f"{element.name_en or element.id} repeats over a list, but {expression} is none",
        )

    def times(self, task: Any, expression: str) -> int:
        element = self.element_of(task)
        assert element is not None
        value = self.value(element, expression, task)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_NODES:
            return value
        raise CannotGoOn(
            element.id,
            f"“{element.name}”要办理的次数 {expression} 不是 0 到 {MAX_NODES} 之间的整数",
            f"{element.name_en or element.id} is to be done {expression} times, which is no whole number "
            f"from 0 to {MAX_NODES}",
        )

    def holds(self, task: Any, element: str, condition: str) -> bool:
        return self.value(self.scene.published.diagram.element(element), condition, task) is True

    def perform(self, task: Any) -> None:
        element = self.element_of(task)
        assert element is not None
        does = {"scriptTask": doing.script, "businessRuleTask": doing.decide}.get(element.kind, topics.perform)
        does(self, element, task)

    def throw(self, task: Any, element: str) -> None:
        doing.send(self, self.scene.published.diagram.element(element), task)

    def finished_instance(self, task: Any, child: Any) -> None:
        element = self.element_of(task)
        assert element is not None
        name = element.property("collect")
        if not name:
            return
        gathered = task.internal_data.setdefault("gathered", {})
        gathered[str(child.internal_data["index"])] = {**child.data, "by": self.by.login, "at": self.at}
        ordered = [gathered[key] for key in sorted(gathered, key=int)]
        self.assign(task, {name: ordered})

    def no_instances(self, task: Any) -> None:
        """There was no member: what an earlier round collected is not this round's."""
        element = self.element_of(task)
        if element is not None and element.property("collect"):
            self.assign(task, {element.property("collect"): []})

    # --- tokens come and go -------------------------------------------------------------------------------------

    def entered(self, task: Any) -> None:
        element = self.element_of(task)
        if element is None:
            return
        self.passed.append(element.id)
        if len(self.passed) > MAX_NODES:
            raise CannotGoOn(
                element.id,
                f"流程在“{element.name or element.id}”附近不停循环，已被制止",
                f"The process runs in circles near {element.name_en or element.id} and was stopped",
            )
        if task.task_spec.name != element.id:
            return  # one instance of a repeated step; the step itself has been entered already
        task.internal_data["in"] = True
        if element.property("stage"):
            self.to_stage(element.property("stage"))
        if scope_clock(element):
            self._run_clock(element, task)
        if element.property("clock.pauses"):
            self._pause(element.property("clock.pauses"))

    def left(self, task: Any) -> None:
        element = self.element_of(task)
        if element is None or not task.internal_data.pop("in", False):
            return
        clock = self.clocks.get(scope_clock(element))
        if clock is not None and clock.running:
            self._put(clockwork.stop(clock, self.round, calendars=self.scene.office.calendars, at=self.at))
        if element.property("clock.pauses"):
            self._resume(element.property("clock.pauses"))

    cancelled = left

    def to_stage(self, stage: str) -> None:
        if stage != self.stage:
            self.note(f.StageChanged(self.stage, stage))
            self.stage = stage

    def _run_clock(self, element: Element, task: Any) -> None:
        name = element.property("clock")
        if name in self.clocks:
            self._resume(name)
            return
        limit = self.text_or_value(element, element.property("clock.limit"), task)
        calendar = self.text_or_value(element, element.property("clock.calendar"), task) or "work"
        share = self.text_or_value(element, element.property("clock.near"), task) or 0.8
        self.start_clock(element, name, limit, str(calendar), float(share))

    def start_clock(self, element: Element, name: str, limit: Any, calendar: str, share: float) -> None:
        calendars = self.scene.office.calendars
        try:
            again = name in self.clocks
            self._put(clockwork.start(name, limit, calendar, share, self.round, again, calendars=calendars, at=self.at))
        except (LimitNotReadable, NoWorkTime) as error:
            raise CannotGoOn(
                element.id,
                f"“{element.name}”的期限无法计算：{error.zh}",
                f"{element.name_en or element.id}: no deadline can be computed: {error.en}",
            ) from error

    def _pause(self, name: str) -> None:
        clock = self.clocks.get(name)
        if clock is not None and clock.running:
            self._put(clockwork.pause(clock, self.round, calendars=self.scene.office.calendars, at=self.at))

    def _resume(self, name: str) -> None:
        clock = self.clocks.get(name)
        if clock is not None and not clock.running:
            self._put(clockwork.resume(clock, self.round, calendars=self.scene.office.calendars, at=self.at))

    def extend_clock(self, element: Element, name: str, until: Any, reason: str) -> None:
        clock = self.clocks.get(name)
        if clock is None:
            raise CannotGoOn(
                element.id,
                f"时限“{name}”还没有开始，不能延期",
                f"The clock {name} has not started; it cannot be extended",
            )
        try:
            calendars = self.scene.office.calendars
            self._put(clockwork.extend(clock, until, reason, self.round, calendars=calendars, at=self.at))
        except (LimitNotReadable, NoWorkTime) as error:
            raise CannotGoOn(element.id, error.zh, error.en) from error

    def _put(self, moved: tuple[clockwork.Running, f.CaseFact]) -> None:
        clock, fact = moved
        self.clocks[clock.name] = clock
        self.clocks_moved = True
        self.note(fact)
