"""Compensation: what was completed is undone by what is drawn for it, the last first; and a transaction is cancelled.

A throwing event opens the scope it looks back on once more, only to undo: what compensates a step runs there, one after
the other, and nothing goes on from it. A sub-process that was completed is opened again in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.notation.spiff.token import Token

# The name of a node that was completed, what only that instance knew (or 0), what was done inside it (or 0).
Done = list[Any]


def remember(token: Any) -> None:
    """A step that can be compensated is completed."""
    inside = token.internal_data.get("inside", 0)
    node = token.task_spec
    if inside or node.undone_by is not None or node.undoes_itself:
        known = token.data if token.internal_data.get("local") else 0
        token.workflow.undo.append([node.name, known, inside])


def begin(token: Any, only: str) -> bool:
    """Whether there is something to undo for a throwing event: all that can be seen from it, or one step."""
    for level, scope in enumerate(_seen(token)):
        if level < token.internal_data.get("level", 0):
            continue
        steps = scope.spec.task_specs
        chosen = [done for done in scope.undo if only in {"", steps[done[0]].bpmn_id}]
        if chosen:
            scope.undo = [done for done in scope.undo if done not in chosen]
            token.internal_data["level"] = level + 1
            token.workflow.top_workflow.open(token, scope.spec.name).undoing = chosen
            return True
    return False


def _seen(token: Any) -> Iterator[Any]:
    """The scope around; from an event sub-process, also the scope that it belongs to."""
    scope = token.workflow
    yield scope
    while scope.host is not None and scope.host.task_spec in scope.host.workflow.spec.handlers:
        scope = scope.host.workflow
        yield scope


def undo(part: Any, done: Done) -> None:
    """One completed step is undone, in a scope opened for that."""
    name, known, inside = done
    node = part.spec.task_specs[name]
    part.script_engine.undoes(node.bpmn_id, node.undone_by.bpmn_id if node.undone_by is not None else "")
    if node.undone_by is not None:
        part.enter(node.undone_by, lent=known or None)
        return
    host = Token(part, node, None, state=TaskState.STARTED)
    if known:
        host.data, host.internal_data["lent"] = dict(known), True
    again = part.top_workflow.open(host, node.bpmn_id)
    again.undo, again.undoing = inside or [], []
    if node.undoes_itself:
        again.enter(next(one for one in again.spec.handlers if one.trigger[0] == "compensate"))
    else:
        again.undo, again.undoing = [], again.undo
