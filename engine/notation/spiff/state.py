"""The snapshot of a case: where its tokens are and what the play remembers, without the spec, as compact JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.notation.spiff.prune import prune
from engine.notation.spiff.specs import Specs
from engine.words.values import from_json, to_json

SCHEMA = 1


@dataclass
class Memory:
    """What must be remembered from step to step besides the tokens. All of it is JSON.

    open: id → {"kind": task|timer|wait, "element", "token", …}; doers: element → officer ids of this round;
    clocks: name → clock; counts: name → how many; parties: keys of those who take part already; due: the deadline the
    case as a whole lives by."""

    open: dict[str, dict[str, Any]] = field(default_factory=dict)
    doers: dict[str, list[int]] = field(default_factory=dict)
    clocks: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    parties: list[str] = field(default_factory=list)
    due: Any = None

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Memory:
        """The memory of a snapshot, read from its JSON."""
        return cls(**{name: kept[name] for name in cls.__dataclass_fields__})


def freeze(workflow: BpmnWorkflow, memory: Memory) -> bytes:
    prune(workflow)
    return orjson.dumps(
        {
            "schema": SCHEMA,
            "top": _frozen(workflow),
            "inner": {str(parent): _frozen(sub) for parent, sub in workflow.subprocesses.items()},
            "open": memory.open,
            "doers": memory.doers,
            "clocks": memory.clocks,
            "counts": memory.counts,
            "parties": memory.parties,
            "due": memory.due,
        }
    )


def _frozen(workflow: Any) -> dict[str, Any]:
    return {
        "spec": workflow.spec.name,
        "done": workflow.completed,
        "last": str(workflow.last_task.id) if workflow.last_task is not None else None,
        "tasks": [
            [
                str(task.id),
                str(task._parent) if task._parent is not None else None,
                task.task_spec.name,
                task.state,
                1 if task.triggered else 0,
                to_json(task.internal_data) if task.internal_data else 0,
                to_json(task.data) if task.data else 0,
            ]
            for task in workflow.tasks.values()
        ],
    }


def thaw(state: bytes, specs: Specs, play: Any) -> tuple[BpmnWorkflow, Memory]:
    """The live workflow and its memory. The specs are shared and stay as they are."""
    kept = orjson.loads(state)
    if kept["schema"] != SCHEMA:
        raise ValueError(f"a snapshot of schema {kept['schema']} cannot be read by this release")
    workflow = BpmnWorkflow(specs.process, specs.inner, script_engine=play, deserializing=True)
    _thawed(workflow, kept["top"])
    waiting = dict(kept["inner"])
    while waiting:
        known = {
            str(id): task for flow in (workflow, *workflow.subprocesses.values()) for id, task in flow.tasks.items()
        }
        ready = [parent for parent in waiting if parent in known]
        if not ready:
            break
        for parent in ready:
            task = known[parent]
            inner = waiting.pop(parent)
            sub = BpmnSubWorkflow(specs.inner[inner["spec"]], task.id, workflow, deserializing=True)
            workflow.subprocesses[task.id] = sub
            _thawed(sub, inner)
            sub.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
    return workflow, Memory.of(kept)


def _thawed(workflow: Any, kept: dict[str, Any]) -> None:
    specs = workflow.spec.task_specs
    manager = workflow.top_workflow.event_manager
    for id, parent, spec, state, triggered, internal, data in kept["tasks"]:
        task = Task(workflow, specs[spec], state=state, id=UUID(id))
        if parent is None:
            workflow.task_tree = task
        else:
            task._parent = UUID(parent)
            workflow.tasks[task._parent]._children.append(task.id)
        task.triggered = bool(triggered)
        task.internal_data = from_json(internal) if internal else {}
        task.data = from_json(data) if data else {}
        if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            manager.add_task(task)
    workflow.completed = kept["done"]
    workflow.last_task = workflow.tasks.get(UUID(kept["last"])) if kept["last"] else None
