"""One step being played: it answers what SpiffWorkflow asks (conditions, collections, tasks to do) and notes the facts.

It stands where SpiffWorkflow expects its script engine. Case data lives here, in one place per case, not in each token;
only what belongs to one instance of a repeated step stays with that instance.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from engine.notation import clocks as clockwork
from engine.notation.diagram import Element
from engine.notation.scene import Scene
from engine.notation.spiff import doing, topics
from engine.notation.spiff.state import Memory
from engine.notation.spiff.timekeeping import Timekeeping
from engine.words import facts as f
from engine.words.errors import CannotGoOn

# More nodes than this in one step is a diagram that runs in circles.
MAX_NODES = 2_000
# Longer than this (seconds) no step takes, however it spends its time: the others wait for the case and the database.
MOST_SECONDS = 20.0


class Play(Timekeeping):
    def __init__(self, scene: Scene, memory: Memory | None = None) -> None:
        super().__init__(scene, memory)
        self._until = monotonic() + MOST_SECONDS
        self.answered = False  # the case that called this one has been told how it ended

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

    def signals(self, task: Any, element: str) -> None:
        doing.signal(self, self.scene.published.diagram.element(element), task)

    def tell_caller(self, kind: str, code: str = "") -> bool:
        """Tells the case that called this one; False when none did."""
        if self.scene.call is None:
            return False
        self.note(f.AnswerSent(self.new_id(), self.scene.call, kind, code))
        self.answered = self.answered or kind != "escalation"
        return True

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

    def undoes(self, element: str, handler: str) -> None:
        self.note(f.StepUndone(element, handler))

    def cancels(self, task: Any) -> None:
        self.note(f.TransactionCancelled(task.task_spec.bpmn_id))

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
        if monotonic() > self._until:
            raise CannotGoOn(
                element.id,
                f"这一步到“{element.name or element.id}”时已超过 {MOST_SECONDS:.0f} 秒，已被制止",
                f"At {element.name_en or element.id} this step had taken more than {MOST_SECONDS:.0f} seconds; stopped",
            )
        node = task.task_spec
        if node.name != element.id:
            return  # one instance of a repeated step; the step itself has been entered already
        task.internal_data["in"] = True
        if node.stage:
            self.to_stage(node.stage)
        if node.clock:
            self.run_clock(element, task)
        if node.pauses:
            self.pause(node.pauses)

    def passes_over(self, element: str) -> bool:
        """Whether whoever repairs this case lets its token pass over this element."""
        return bool(element) and element == self.scene.passing_over

    def passed_over(self, element: str) -> None:
        self.passed.append(element)
        if len(self.passed) > MAX_NODES:
            raise CannotGoOn(element, "跳过之后流程不停循环", "Passed over, the process runs in circles")

    def left(self, task: Any) -> None:
        if not task.internal_data.pop("in", False):
            return
        node = task.task_spec
        if node.clock and (clock := self.clocks.get(node.clock)) is not None and clock.running:
            self.put(clockwork.stop(clock, self.round, calendars=self.scene.office.calendars, at=self.at))
        if node.pauses:
            self.resume(node.pauses)

    cancelled = left

    def to_stage(self, stage: str) -> None:
        if stage != self.stage:
            self.note(f.StageChanged(self.stage, stage))
            self.stage = stage
