"""What the play of one step knows and can say: the case as it stands, what expressions see of it, facts noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.notation import clocks as clockwork
from engine.notation import expressions, simple
from engine.notation.correlation import key_of
from engine.notation.diagram import Element
from engine.notation.scene import Scene
from engine.notation.seen import Names
from engine.notation.spiff.scopes import instance_of, instances, local_names
from engine.notation.spiff.state import Memory, legible
from engine.words import facts as f
from engine.words.calendar import Calendar, LimitNotReadable, NoWorkTime
from engine.words.errors import CannotGoOn
from engine.words.kept import Kept, weighed
from engine.words.values import from_json, to_json

_NEW = object()  # what a field was that the case did not have


class Sight:
    def __init__(self, scene: Scene, memory: Memory | None = None) -> None:
        self.scene = scene
        self.at = scene.at
        self.by = scene.by
        self.round = scene.round
        self.level = scene.level
        self.stage = scene.stage
        self.outcome = scene.outcome
        self.serial = scene.serial
        self.variables: dict[str, Any] = dict(scene.variables)
        self.memory = memory if memory is not None else Memory()
        self.clocks_moved = False
        self.facts: list[f.CaseFact] = []
        self.passed: list[str] = []
        self._noted = scene.variables

    # --- memory -------------------------------------------------------------------------------------------------

    @cached_property
    def clocks(self) -> dict[str, clockwork.Running]:
        """Most steps ask for none of them."""
        with legible:
            return {name: clockwork.Running(**from_json(kept)) for name, kept in self.memory.clocks.items()}

    def keep_clocks(self) -> None:
        if self.clocks_moved:
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
        if self.variables == self._noted:
            return
        noted = self._noted
        changed = [k for k, v in self.variables.items() if (was := noted.get(k, _NEW)) is not v and _differs(was, v)]
        if changed:
            before = {k: to_json(noted[k]) for k in changed if k in noted}
            self.note(f.VariablesChanged(before, {k: to_json(self.variables[k]) for k in changed}))
            self._noted = dict(self.variables)

    # --- what expressions see -----------------------------------------------------------------------------------

    def whole(self, value: Any) -> Any:
        """A value as expressions see it: what is kept beside the case is looked up."""
        if isinstance(value, Kept):
            return self.whole(from_json(self._source(value.digest)))
        if isinstance(value, dict):
            return {name: self.whole(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.whole(part) for part in value]
        return value

    def _source(self, digest: str) -> Any:
        try:
            if self.scene.kept is not None:
                return self.scene.kept(digest)
        except KeyError:
            pass
        zh, en = "本事项的一个值（{}…）已经找不到", "A value of this case ({}…) cannot be found any more"
        raise CannotGoOn("", zh.format(digest[:12]), en.format(digest[:12]))

    def names(self, task: Any = None) -> Names:
        local = local_names(task) if task is not None else {}
        return Names(_TOLD, self._tell, (local, self.variables, self.scene.published.diagram.blank), self.whole)

    def _tell(self, name: str) -> Any:
        return _TOLD[name](self)

    def _case(self) -> dict[str, Any]:
        scene = self.scene
        return {
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
            "doers": {
                name: [login for id in ids if (login := scene.office.logins.get(id))]
                for name, ids in self.memory.doers.items()
            },
        }

    def _clocks(self) -> dict[str, Any]:
        return {name: clock.seen(self.at) for name, clock in self.clocks.items()}

    def _officer(self) -> dict[str, Any]:
        return dict(self.by.told)

    def value(self, element: Element, expression: str, task: Any = None) -> Any:
        if (always := simple.constant(expression)) is not simple.NOT_SIMPLE:
            return always
        try:
            return expressions.evaluate(expression, self.names(task), at=self.at)
        except expressions.ExpressionFailed as failed:
            zh = f"“{element.name or element.id}”的表达式 {expression} 无法求值：{failed.sentence_zh}"
            en = f"{element.name_en or element.id}: {expression} cannot be evaluated: {failed.sentence_en}"
            raise CannotGoOn(element.id, zh, en) from failed

    def text_or_value(self, element: Element, text: str, task: Any = None) -> Any:
        """A parameter: `=expression`, or the text itself."""
        return self.value(element, text[1:], task) if text.startswith("=") else text

    def correlation(self, element: Element, task: Any = None) -> str:
        """What tells one case from another for a message: `correlation`, or several keys `correlation.<name>`; the
        case's number when the diagram says nothing."""
        several = {
            name.removeprefix("correlation."): self.text_or_value(element, text, task)
            for name, text in element.properties.items()
            if name.startswith("correlation.")
        }
        one = self.text_or_value(element, element.property("correlation"), task)
        return key_of(several or one) or self.scene.number

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
        """Answers and results: inside a repeated step they stay with their instance, elsewhere they are the case's.
        What a step writes into a data object goes where the object lives."""
        instance = instance_of(task) if task is not None else None
        if instance is None:
            self.variables.update(values)
            return
        diagram = self.scene.published.diagram
        element = diagram.elements.get(task.task_spec.bpmn_id or "")
        for name, drawn in diagram.written(element).items() if element is not None else ():
            if name in values:
                home = next((one for one in instances(task) if self._lies_in(drawn.inside, one)), None)
                if home is None:
                    self.variables[name] = values[name]
                else:
                    home.data = {**home.data, name: values[name]}
                values = {other: value for other, value in values.items() if other != name}
        instance.data = {**instance.data, **values}

    def _lies_in(self, scope: str, instance: Any) -> bool:
        """Whether a process or sub-process is the inside of an instance of a repeated step, or part of it."""
        elements, within = self.scene.published.diagram.elements, instance.task_spec.bpmn_id
        while scope in elements and scope != within:
            scope = elements[scope].inside
        return bool(scope == within)

    def empty(self, task: Any) -> None:
        """A sub-process begins: its own data objects hold nothing yet."""
        for drawn in self.scene.published.diagram.objects:
            if drawn.inside == task.task_spec.bpmn_id and self.names(task).get(drawn.variable) is not None:
                self.assign(task, {drawn.variable: None})


_TOLD: Mapping[str, Callable[[Sight], Any]] = {
    "case": Sight._case, "clocks": Sight._clocks, "officer": Sight._officer,
}  # fmt: skip


def _differs(before: Any, after: Any) -> bool:
    """Whether a field has changed. What is handed in again word for word has not, though it was kept beside."""
    if isinstance(before, Kept) and not isinstance(after, Kept):
        found = weighed(to_json(after))
        return found is None or found[0] != before
    return bool(before != after)
