"""Steps done several times: for each member of a list, so many times, or as long as a condition holds."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.notation.diagram import Repeat
from engine.notation.spiff.nodes import Node


class Repeated(Node, LoopTask):  # type: ignore[misc]
    """Stands for the step as a whole; its instances are tokens that cling to it. What an instance knows stays with it,
    unless it is a plain loop; the play collects the results in the order of the members."""

    child: Any
    repeat: Repeat

    def _update_hook(self, token: Any) -> bool:
        self.arm(token)
        token.workflow.script_engine.entered(token)
        token._set_state(TaskState.STARTED)
        items = self._items(token)
        token.internal_data.update(done=0, begun=0, of=len(items) if items is not None else None)
        if items is not None and not items:
            token.workflow.script_engine.no_instances(token)
        if self.repeat.sequential:
            token.internal_data["items"] = items
            return not self._begin_next(token, first=True)
        for index, item in enumerate(items or ()):
            self._begin(token, index, item)
        return not items

    def _on_ready(self, token: Any) -> None:
        token.workflow.top_workflow.ready.append(token)

    def _items(self, token: Any) -> list[Any] | None:
        """None: as often as the condition says."""
        if self.repeat.loop:
            return None
        play = token.workflow.script_engine
        if self.repeat.collection:
            members: list[Any] = play.members(token, self.repeat.collection)
            return members
        return list(range(play.times(token, self.repeat.cardinality or "0")))

    def _begin(self, token: Any, index: int, item: Any) -> None:
        token.internal_data["begun"] = index + 1
        local = None if self.repeat.loop else {self.repeat.variable or "item": item}
        token.workflow.enter(self.child, host=token, local=local, index=index)

    def _begin_next(self, token: Any, *, first: bool = False) -> bool:
        """Begins the next of those done one after another; False when there is none."""
        begun, items = token.internal_data["begun"], token.internal_data["items"]
        if not self.repeat.loop:
            items = token.workflow.script_engine.whole(items) if items is not None else self._items(token) or []
            if begun >= len(items):
                return False
            self._begin(token, begun, items[begun])
            return True
        if self.repeat.maximum is not None and begun >= self.repeat.maximum:
            return False
        asked = not first or self.repeat.test_before
        if asked and self.repeat.condition and not self._true(token, self.repeat.condition):
            return False
        self._begin(token, begun, None)
        return True

    def finished(self, token: Any, instance: Any) -> None:
        play = token.workflow.script_engine
        known = token.internal_data
        known["done"] += 1
        if not self.repeat.loop:
            play.finished_instance(token, instance)
        if self.repeat.until and self._true(instance, self.repeat.until):
            token.complete()
        elif self.repeat.sequential:
            if not self._begin_next(token):
                token.complete()
        elif known["done"] == known["of"]:
            token.complete()

    def _true(self, token: Any, condition: str) -> bool:
        return bool(token.workflow.script_engine.evaluate(token, condition) is True)
