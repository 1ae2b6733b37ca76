"""Forgetting: finished branches leave the snapshot, so that a case of a thousand reworks is as light as a new one.

What happened is in the journal; the tree of tokens is only needed for what can still happen. Kept are: tasks that are
not finished, the forks above them, and what a join has still to look at (the step before it, arrivals it has counted
but not yet used, the split of a boundary event whose host is open).
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

_JOINS = (ParallelGateway, InclusiveGateway)


def prune(workflow: BpmnWorkflow) -> None:
    """Prunes the process and every sub-process that is still open; forgets those that are over."""
    finished = {
        id for flow in (workflow, *workflow.subprocesses.values()) for id, task in flow.tasks.items()
        if task.has_state(TaskState.FINISHED_MASK)
    }  # fmt: skip
    known = {id for flow in (workflow, *workflow.subprocesses.values()) for id in flow.tasks}
    for parent in list(workflow.subprocesses):
        if parent in finished or parent not in known:
            del workflow.subprocesses[parent]
    for flow in (workflow, *workflow.subprocesses.values()):
        _prune(flow)


def _prune(flow: Any) -> None:
    tasks = flow.tasks
    waiting_joins = {
        t.task_spec.name for t in tasks.values() if isinstance(t.task_spec, _JOINS) and t.state == TaskState.WAITING
    }
    kept: set[Any] = set()
    for task in tasks.values():
        counted = task.task_spec.name in waiting_joins and task.state == TaskState.CANCELLED
        if not task.has_state(TaskState.FINISHED_MASK) or counted or _in_open_loop(task):
            step = task
            while step is not None and step.id not in kept:
                kept.add(step.id)
                step = step.parent
    kept.add(flow.task_tree.id)
    for id in [id for id in tasks if id not in kept]:
        del tasks[id]
    for task in tasks.values():
        task._children = [id for id in task._children if id in kept]
    _shorten(flow)
    if flow.last_task is not None and flow.last_task.id not in tasks:
        flow.last_task = None


def _in_open_loop(task: Any) -> bool:
    """Instances of a repeated step are looked at until the step as a whole is over."""
    parent = task.parent
    return (
        parent is not None and isinstance(parent.task_spec, LoopTask) and not parent.has_state(TaskState.FINISHED_MASK)
    )


def _shorten(flow: Any) -> None:
    """A finished task with one way on, which nobody looks back at, is left out: its child hangs on its parent."""
    tasks = flow.tasks
    pending = {
        t.task_spec.split_task for t in tasks.values()
        if isinstance(t.task_spec, BoundaryEventJoin) and not t.has_state(TaskState.FINISHED_MASK)
    }  # fmt: skip
    for id in list(tasks):
        task = tasks[id]
        parent = task.parent
        if parent is None or len(task._children) != 1 or not task.has_state(TaskState.FINISHED_MASK):
            continue
        if isinstance(task.task_spec, BoundaryEventSplit) and task.task_spec.name in pending:
            continue
        child = tasks[task._children[0]]
        if isinstance(child.task_spec, _JOINS) and child.state != TaskState.COMPLETED:
            continue
        if _is_looked_at(parent):
            continue
        child._parent = parent.id
        parent._children[parent._children.index(id)] = child.id
        del tasks[id]


def _is_looked_at(parent: Any) -> bool:
    """Children of an open split or of a repeated step are asked for their own state; they stay where they are."""
    return isinstance(parent.task_spec, BoundaryEventSplit | LoopTask)
