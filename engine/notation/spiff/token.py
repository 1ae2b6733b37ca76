"""A token: one place where a case stands. SpiffWorkflow's task, without the log it would write at every move."""

from __future__ import annotations

from random import getrandbits
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

_OVER = TaskState.COMPLETED | TaskState.CANCELLED


def fresh_id() -> str:
    """Short and random: it need only differ from every token this case has had, and is read and written at every
    step. Nobody gains by guessing it."""
    return f"{getrandbits(64):016x}"


class Token(Task):  # type: ignore[misc]
    """`known`: what it has to remember; `data`: what only it may know."""

    triggered = False
    last_state_change = 0.0  # stock would read the clock for its log

    def __init__(
        self,
        scope: Any,
        node: Any,
        host: Token | None,
        *,
        state: int,
        id: str = "",
        known: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        self.id = id or fresh_id()
        scope.tasks[self.id] = self
        self.workflow, self.task_spec = scope, node
        self.internal_data: dict[str, Any] = {} if known is None else known
        self.data: dict[str, Any] = {} if data is None else data
        self._state = state
        self._children: list[str] = []
        self._parent = None
        if host is not None:
            self._parent = host.id
            host._children.append(self.id)

    @property
    def around(self) -> Any:
        """The token it lies in: the repeated step it is an instance of, its sub-process; None for the outermost."""
        return self.parent if self._parent is not None else self.workflow.host

    def _set_state(self, value: int) -> None:
        """Stock gathers a dozen words for its log each time, whether anybody reads them or not: a third of its work."""
        self._state = value

    def _ready(self) -> None:
        if not self._state & _OVER:
            self._state = TaskState.READY
            self.task_spec._on_ready(self)
