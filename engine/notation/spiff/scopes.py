"""Where the tokens of a case are: the process and every sub-process that is open, each a flat set of what is going on.

SpiffWorkflow keeps a tree of everything that was and might be: it grows with every rework, doubles with every parallel
diamond ahead, and joins look for their arrivals in it. Here a token is where it is, and nothing is kept that is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.notation.spiff.token import Token
from engine.notation.spiff.undoing import Done, undo


class ScopeSpec(BpmnProcessSpec):  # type: ignore[misc]
    """The spec of one process or sub-process. `begins`: where its tokens start; `handlers`: its event sub-processes;
    `joins`: its inclusive joins; `conditional`: whether anything in it waits for a condition."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.begins: list[Any] = []
        self.handlers: list[Any] = []
        self.joins: list[Any] = []
        self.conditional = False


class _Scope:
    """What both the process and a sub-process do with their tokens.

    Stock's own beginning is left out: it would set up logs, events and correlations that nobody asks for."""

    spec: ScopeSpec
    tasks: dict[Any, Token]
    completed: bool
    top_workflow: Whole
    script_engine: Any  # the play
    # The token of the sub-process this scope is the inside of; None for the process itself.
    host: Any
    # What was done here and can be compensated, in the order in which it was completed.
    undo: list[Done]
    # In a scope opened to undo: what is still to be undone, the first last. None where things are done.
    undoing: list[Done] | None

    def begin(self, at: str | None = None) -> None:
        """Where nothing else is said, at its plain start; else at the start event `at`."""
        self.arm()
        for node in self.spec.begins if at is None else [self.spec.task_specs[at]]:
            self.enter(node)

    def arm(self) -> None:
        """Event sub-processes begin to wait."""
        for node in self.spec.handlers:
            if node.waits:
                Token(self, node, None, state=TaskState.WAITING)

    def enter(
        self,
        node: Any,
        *,
        host: Any = None,
        local: Mapping[str, Any] | None = None,
        lent: Mapping[str, Any] | None = None,
        **known: Any,
    ) -> None:
        """A token comes to a node. `known` is what it has to remember there, `local` what only it may know, `lent`
        what an instance that it undoes knew."""
        play = self.script_engine
        if host is None and not node.joining and play.passes_over(node.bpmn_id):
            play.passed_over(node.bpmn_id)
            for way in node.past() if self.undoing is None else ():
                self.enter(way.node, **({"via": way.id} if way.node.joining else {}))
            return
        token = Token(self, node, host, state=TaskState.FUTURE, known=known)
        if local is not None:
            token.data, token.internal_data["local"] = dict(local), True
        elif lent:
            token.data, token.internal_data["lent"] = dict(lent), True
        node._update(token)

    def remove(self, token: Any) -> None:
        """A token leaves; what clung to it (boundary events, open instances) goes with it."""
        if token._children:
            for child in token.children:
                self.take_back(child)
        self.tasks.pop(token.id, None)
        if token._parent is not None and (host := token.parent) is not None:
            host._children.remove(token.id)

    def take_back(self, token: Any) -> None:
        """A token is cancelled, with all that goes on inside it."""
        if token.id not in self.tasks:
            return
        inside = self.top_workflow.subprocesses.pop(token.id, None)
        if inside is not None:
            inside.clear()
        self.remove(token)
        token._set_state(TaskState.CANCELLED)
        token.task_spec._on_cancel(token)

    def clear(self, *, but: Any = None) -> None:
        for token in list(self.tasks.values()):
            if token is not but:
                self.take_back(token)

    @property
    def over(self) -> bool:
        return not any(token.task_spec.keeps_open(token) for token in self.tasks.values())

    @property
    def taken_over(self) -> bool:
        """An interrupting event sub-process has taken the place of what went on here."""
        return any(token.task_spec.replaces(token) for token in self.tasks.values())


class Whole(_Scope, BpmnWorkflow):  # type: ignore[misc]
    """The process of a case, with all the sub-processes open in it."""

    host = None
    script_engine: Any = None  # a plain attribute in the place of stock's property

    def __init__(self, spec: ScopeSpec, inner: Mapping[str, ScopeSpec], play: Any) -> None:
        self.spec, self.subprocess_specs, self.script_engine = spec, inner, play
        self.tasks: dict[Any, Token] = {}
        self.subprocesses: dict[str, Part] = {}
        self.completed = False
        self.ready: deque[Any] = deque()
        self.undo, self.undoing = [], None

    @property
    def scopes(self) -> tuple[Any, ...]:
        return (self, *self.subprocesses.values())

    @property
    def tokens(self) -> Iterator[Any]:
        return (token for scope in self.scopes for token in list(scope.tasks.values()))

    def find(self, id: str | None) -> Any:
        """The token of this id, in whatever scope it is; None if it has left."""
        return next((scope.tasks[id] for scope in self.scopes if id in scope.tasks), None)

    def open(self, host: Any, name: str) -> Part:
        part = Part(self.spec if name == self.spec.name else self.subprocess_specs[name], host, self)
        self.subprocesses[host.id] = part
        return part

    def dissolve(self) -> None:
        """The step is over. Scopes and tokens know each other: unless they let go, all that the step knew (the
        session, too) stays in memory until Python searches for what is in the way."""
        for scope in self.scopes:
            scope.tasks.clear()
        self.subprocesses.clear()

    def do_engine_steps(self, *_: Any, **__: Any) -> None:
        """Lets every token run until it waits for somebody. Joins that ask what can still arrive are asked last."""
        while self._run() or self._close() or self._compare() or self._join():
            pass

    def _run(self) -> bool:
        ran = False
        while self.ready:
            token = self.ready.popleft()
            if token.id in token.workflow.tasks and token.state == TaskState.READY:
                token.run()
                ran = True
        return ran

    def _close(self) -> bool:
        """A scope without a token is over, and its sub-process is done."""
        for id, part in reversed(self.subprocesses.items()):
            if not part.over:
                continue
            if part.undoing:
                undo(part, part.undoing.pop())
                return True
            host, goes_on = part.host, part.undoing is None
            if goes_on and host.task_spec.offers_again(part):
                return True
            if not (goes_on and host.task_spec.holds_open(part)):
                part.clear()
                part.completed = True
                del self.subprocesses[id]
                if part.undo and part.undoing is None:
                    host.internal_data["inside"] = part.undo
                host.task_spec.closed(host)
                return True
        if not self.completed and self.over:
            self.clear()
            self.completed = True
        return False

    def _compare(self) -> bool:
        """Conditional events happen when their condition becomes true."""
        happened = False
        asked = [scope for scope in self.scopes if scope.spec.conditional]
        for token in (token for scope in asked for token in list(scope.tasks.values())):
            for waiting in token.task_spec.waits if token.state == TaskState.WAITING else ():
                if waiting.kind == "conditional" and token.id in token.workflow.tasks and waiting.came_true(token):
                    token.task_spec.happen(token, waiting.element)
                    happened = True
                    break
        return happened

    def _join(self) -> bool:
        return any(node.join(scope) for scope in self.scopes for node in scope.spec.joins)

    def is_completed(self) -> bool:
        return bool(self.completed)


class Part(_Scope, BpmnSubWorkflow):  # type: ignore[misc]
    """The inside of a sub-process that is open."""

    script_engine: Any = None  # a plain attribute in the place of stock's property

    def __init__(self, spec: ScopeSpec, host: Any, whole: Whole) -> None:
        self.spec, self.host, self.top_workflow, self.script_engine = spec, host, whole, whole.script_engine
        self.tasks: dict[Any, Token] = {}
        self.completed = False
        self.undo, self.undoing = [], None


def around(token: Any) -> Iterator[Any]:
    """The token, and those it lies in: the repeated step it is an instance of, the sub-process around it …"""
    while token is not None:
        yield token
        token = token.around


def instances(token: Any) -> Iterator[Any]:
    """The instances of repeated steps that this token is or lies in, innermost first."""
    return (one for one in around(token) if one.internal_data.get("local"))


def instance_of(token: Any) -> Any:
    """The innermost of them; None outside of any."""
    return next(instances(token), None)


def local_names(token: Any) -> dict[str, Any]:
    """What belongs only to the instances around a token, or to one it undoes; the inner hides the outer."""
    names: dict[str, Any] = {}
    for one in around(token):
        if one.internal_data.get("local") or one.internal_data.get("lent"):
            names = {**one.data, **names}
    return names
