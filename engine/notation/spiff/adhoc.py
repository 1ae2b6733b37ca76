"""Ad-hoc sub-processes: steps that officers choose from, all at once or one after the other, until a condition holds.

Where steps may go on side by side, all are offered at the beginning. Where they go in turn, each waits as a choice, and
choosing one takes the other choices away until it is done.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.notation.diagram import Element
from engine.notation.spiff.eventnodes import SubProcess
from engine.notation.spiff.token import Token


class AdHoc(SubProcess):
    element: Element

    def begin_inside(self, part: Any) -> None:
        if self.element.in_turn:
            part.arm()
            self._offer(part)
        else:
            part.begin()

    def _offer(self, part: Any) -> None:
        """In turn: every step not done yet in this pass, or that may be done again, can be chosen."""
        known = part.host.internal_data
        for node in part.spec.begins:
            done = node.name in known.get("done", ())
            if node.again or not done:
                token = Token(part, node, None, state=TaskState.WAITING)
                token.internal_data.update({"offered": True, **({"again": True} if done else {})})

    def ended_inside(self, host: Any, token: Any) -> bool:
        node, part, known = token.task_spec, token.workflow, host.internal_data
        if known.get("closing"):
            return True
        if not node.activity:
            return False
        if node.finishes or self._is_finished(host):
            known["closing"] = True
            for other in list(part.tasks.values()):
                offered = other.internal_data.get("offered") or other.internal_data.get("again")
                if self.element.drops_the_rest or offered:
                    part.take_back(other)
            return True
        if node.again and not self.element.in_turn and node in part.spec.begins:
            part.enter(node, again=True)
        return False

    def _is_finished(self, host: Any) -> bool:
        until = self.element.until
        return bool(until and host.workflow.script_engine.evaluate(host, until) is True)

    def offers_again(self, part: Any) -> bool:
        """Nothing is open inside. In turn, what is left is offered; as long as the condition does not hold, all is."""
        host = part.host
        if host.internal_data.get("closing") or self.holds_open(part):
            return False
        done = host.internal_data.get("done", ())
        if self.element.in_turn and any(node.again or node.name not in done for node in part.spec.begins):
            offered = any(token.internal_data.get("offered") for token in part.tasks.values())
            if not offered:
                self._offer(part)
            return not offered
        if self.element.until:
            host.internal_data.pop("done", None)
            if self.element.in_turn:
                self._offer(part)
            else:
                for node in part.spec.begins:
                    part.enter(node)
            return True
        return False

    def holds_open(self, part: Any) -> bool:
        """With a condition, whatever can still be done keeps it open."""
        if part.host.internal_data.get("closing") or not self.element.until:
            return False
        return any(token.parent is None and token.task_spec not in part.spec.handlers for token in part.tasks.values())


def choose(token: Any) -> None:
    """An officer takes one of the steps that go in turn; the others wait until it is done."""
    part, node = token.workflow, token.task_spec
    known = part.host.internal_data
    known["done"] = [*dict.fromkeys([*known.get("done", ()), node.name])]
    for other in list(part.tasks.values()):
        if other.internal_data.get("offered"):
            part.remove(other)
    part.enter(node)
