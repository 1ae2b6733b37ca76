"""A token: one place where a case stands. SpiffWorkflow's task, without the log it would write at every move."""

from __future__ import annotations

import secrets
from typing import Any

from SpiffWorkflow.task import Task


class Token(Task):  # type: ignore[misc]
    """`id` is short and random: it need only differ from every token this case has had, and is read and written at
    every step."""

    def __init__(self, scope: Any, node: Any, host: Token | None, *, state: int, id: str = "") -> None:
        self.id = id or secrets.token_hex(8)
        scope.tasks[self.id] = self
        self.workflow, self.task_spec = scope, node
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.triggered = False
        # Stock would read the clock for its log.
        self.last_state_change = 0.0
        self._state = state
        self._children: list[str] = []
        self._parent = host.id if host is not None else None
        if host is not None:
            host._children.append(self.id)

    def _set_state(self, value: int) -> None:
        """Stock gathers a dozen words for its log each time, whether anybody reads them or not: a third of its work."""
        self._state = value
