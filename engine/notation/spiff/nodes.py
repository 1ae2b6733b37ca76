"""What each kind of node does when a token comes and when it leaves: SpiffWorkflow's node classes, mended.

Stock joins search the tree of what was and will be; ours count what has arrived on each incoming flow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.util.task import TaskState

from engine.notation.spiff.events import Waiting
from engine.notation.spiff.token import Token
from engine.notation.spiff.undoing import remember
from engine.words.errors import CannotGoOn


@dataclass(frozen=True)
class Way:
    """A flow out of a node. `node` is where it leads."""

    id: str
    node: Any
    condition: str | None = None
    default: bool = False


class Node:
    """A node of the diagram. It tells the play when a token comes to it and when it leaves or is taken back."""

    name: str
    bpmn_id: str
    manual: bool
    joining = False  # whether it matters by which flow a token comes
    decides = False  # whether of several ways it takes one, conditions or not

    def draw(
        self,
        *,
        id: str,
        label: str,
        label_en: str,
        optional: bool = False,
        stage: str = "",
        clock: str = "",
        pauses: str = "",
        follows: str | None = None,
    ) -> None:
        """`stage`: the one that begins with it; `clock`: the clock that runs while it is open; `pauses`: the one that
        stands still meanwhile; `follows`: the one its due date follows."""
        self.bpmn_id = id
        self.stage, self.clock, self.pauses, self.follows = stage, clock, pauses, follows
        self.label, self.label_en = label or id, label_en or label or id
        self.optional = optional
        self.ways: list[Way] = []
        self.boundary: list[Any] = []
        self.waits: tuple[Waiting, ...] = ()
        # For ad-hoc sub-processes: whether it is work, ends them, or may be done any number of times.
        self.activity = self.finishes = self.again = False
        self.undoable = False  # whether it must be remembered that it was done
        self.undoes_itself = False  # whether an event sub-process inside says how it is compensated
        self.undone_by: Any = None

    # --- what a scope asks --------------------------------------------------------------------------------------

    def keeps_open(self, token: Any) -> bool:
        """Whether its scope must wait for this token before it is over."""
        return not self.optional and not token.internal_data.get("again")

    def replaces(self, token: Any) -> bool:
        return False

    # --- what SpiffWorkflow calls -------------------------------------------------------------------------------

    def _update(self, token: Any) -> None:
        """Nothing is guessed ahead, as stock would: a token is where it is."""
        if self._update_hook(token):
            token._ready()

    def _update_hook(self, token: Any) -> bool:
        self.arm(token)
        return True

    def _on_ready(self, token: Any) -> None:
        scope = token.workflow
        scope.script_engine.entered(token)
        if not self.manual:
            scope.top_workflow.ready.append(token)

    def _run_hook(self, token: Any) -> bool | None:
        return True

    def _on_complete(self, token: Any) -> None:
        scope = token.workflow
        if token.id not in scope.tasks:
            return  # what it threw has ended the scope it was in
        play = scope.script_engine
        play.left(token)
        repeated = token.parent if "index" in token.internal_data else None
        if self.undoable and scope.undoing is None:
            remember(token)
        scope.remove(token)
        if repeated is not None:
            repeated.task_spec.finished(repeated, token)
        elif scope.undoing is not None:
            return  # nothing goes on from what is being undone
        elif scope.host is None or not scope.host.task_spec.ended_inside(scope.host, token):
            over = play.passes_over(self.bpmn_id)
            for way in self.past() if over else self.choose(token):
                self.go(token, way)

    def _on_cancel(self, token: Any) -> None:
        token.workflow.script_engine.cancelled(token)

    def ended_inside(self, host: Any, token: Any) -> bool:
        """A token inside this node's token has ended. True: it does not go on from there."""
        return False

    def offers_again(self, part: Any) -> bool:
        """Whether something new begins in a part where nothing is open any more."""
        return False

    def holds_open(self, part: Any) -> bool:
        return False

    def closed(self, token: Any) -> None:
        """What went on inside its token is over."""
        token.complete()

    # --- the rules of BPMN --------------------------------------------------------------------------------------

    def arm(self, token: Any) -> None:
        """Boundary events begin to wait together with their host."""
        for event in self.boundary:
            if event.waits and not token.workflow.script_engine.passes_over(event.bpmn_id):
                Token(token.workflow, event, token, state=TaskState.WAITING)

    def go(self, token: Any, way: Way, **known: Any) -> None:
        if way.node.joining:
            known["via"] = way.id
        token.workflow.enter(way.node, **known)

    @cached_property
    def asks(self) -> bool:
        """Whether a condition or a default decides which of its ways are taken."""
        return any(way.condition or way.default for way in self.ways)

    def choose(self, token: Any) -> list[Way]:
        """The ways a token takes: all without a condition, those whose condition holds, the default if none does."""
        if not self.asks:
            return self.ways
        plain = [way for way in self.ways if not way.condition and not way.default]
        true = [way for way in self.ways if way.condition and not way.default and self._holds(token, way)]
        chosen = true or [way for way in self.ways if way.default]
        if not plain and not chosen:
            raise self._no_way()
        return [way for way in self.ways if way in plain or way in chosen]

    def past(self) -> list[Way]:
        """Where a token goes on that is let pass over this node: by the default flow, or where no condition asks."""
        if default := [way for way in self.ways if way.default]:
            return default
        if len(self.ways) < 2 or not (self.decides or any(way.condition for way in self.ways)):
            return self.ways
        raise CannotGoOn(
            self.bpmn_id,
            f"“{self.label}”之后有几条路，又没有默认连线，不能跳过",
            f"Several ways lead on from {self.label_en}, and none is the default: it cannot be passed over",
        )

    def _holds(self, token: Any, way: Way) -> bool:
        return bool(token.workflow.script_engine.evaluate(token, way.condition) is True)

    def _no_way(self) -> CannotGoOn:
        return CannotGoOn(
            self.bpmn_id,
            f"“{self.label}”之后的条件都不成立，又没有默认连线",
            f"No condition behind {self.label_en} holds, and there is no default flow",
        )


class Held(Node):
    """A node whose token stays until somebody outside the diagram has answered."""

    def _update_hook(self, token: Any) -> bool:
        self.arm(token)
        token.workflow.script_engine.entered(token)
        token._set_state(TaskState.STARTED)
        return False


class UserTask(Node, stock.UserTask):  # type: ignore[misc]
    pass


class PlainTask(Node, stock.NoneTask):  # type: ignore[misc]
    """A task of no type does nothing; stock waits for somebody to do it."""

    def __init__(self, *given: Any, **described: Any) -> None:
        super().__init__(*given, **described)
        self.manual = False


class EngineTask(Node, stock.ScriptTask):  # type: ignore[misc]
    """Script, service and business rule tasks: the play does them. If that fails and an error event without a name
    sits on the task, the way goes on there; otherwise the case cannot go on."""

    def _run_hook(self, token: Any) -> bool:
        try:
            token.workflow.script_engine.perform(token)
        except CannotGoOn:
            hosts = [token] if "index" not in token.internal_data else [token, token.parent]
            for host in hosts:
                for event in host.task_spec.boundary:
                    if event.catches("error", ""):
                        event.interrupt(host)
                        return True
            raise
        return True


class ExclusiveGateway(Node, stock.ExclusiveGateway):  # type: ignore[misc]
    """The first way, in the order of the file, whose condition holds."""

    decides = True

    def choose(self, token: Any) -> list[Way]:
        if len(self.ways) < 2 and not any(way.condition for way in self.ways):
            return self.ways
        for way in self.ways:
            if way.condition and not way.default and self._holds(token, way):
                return [way]
        for way in self.ways:
            if way.default or not way.condition:
                return [way]
        raise self._no_way()


class ParallelGateway(Node, stock.ParallelGateway):  # type: ignore[misc]
    """Waits for one token on each incoming flow; more on the same flow wait for the next time."""

    joining = True
    arriving: frozenset[str] = frozenset()

    def _update_hook(self, token: Any) -> bool:
        if len(self.arriving) < 2:
            return True
        came = arrived(self, token.workflow)
        came.setdefault(token.internal_data["via"], token)
        if came.keys() != self.arriving:
            token._set_state(TaskState.WAITING)
            return False
        for other in came.values():
            if other is not token:
                token.workflow.remove(other)
        return True


class InclusiveGateway(Node, stock.InclusiveGateway):  # type: ignore[misc]
    """Waits as long as a token can still come on a flow that has none. `near`: from where each flow can be reached."""

    joining = True
    arriving: frozenset[str] = frozenset()
    near: dict[str, frozenset[str]]

    def _update_hook(self, token: Any) -> bool:
        if len(self.arriving) < 2:
            return True
        token._set_state(TaskState.WAITING)
        return False

    def join(self, scope: Any) -> bool:
        """Lets the waiting tokens go on together if nothing more can come. BPMN: a token elsewhere holds the join up
        if it can reach a flow without a token, unless it can reach one with a token as well."""
        came = arrived(self, scope)
        if not came:
            return False
        empty = self.arriving - came.keys()
        for token in scope.tasks.values():
            at = token.task_spec.name
            if token.task_spec is self or token.parent is not None or token.internal_data.get("gone"):
                continue
            reaches_empty = any(at in self.near[flow] for flow in empty)
            if reaches_empty and not any(at in self.near[flow] for flow in came):
                return False
        first, *others = came.values()
        for other in others:
            scope.remove(other)
        first._ready()
        return True


def arrived(node: Any, scope: Any) -> dict[str, Any]:
    """Tokens that wait at a join, the first on each incoming flow."""
    came: dict[str, Any] = {}
    for token in scope.tasks.values():
        if token.task_spec is node and token.state == TaskState.WAITING:
            came.setdefault(token.internal_data["via"], token)
    return came
