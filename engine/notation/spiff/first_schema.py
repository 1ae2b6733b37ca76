"""Reads snapshots of the first schema, which held SpiffWorkflow's tree of past and predicted steps, as flat tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.notation.spiff.nodes import Node
from engine.notation.spiff.repeats import Repeated
from engine.notation.spiff.scopes import ScopeSpec
from engine.notation.spiff.specs import Specs

_LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_SPLIT, _JOIN, _CHILD = ".BoundaryEventSplit", ".BoundaryEventJoin", " [child]"
# A step of the old tree: id, parent, node, state, triggered, internal, data.
_Step = list[Any]


def translated(kept: Mapping[str, Any], specs: Specs) -> dict[str, Any]:
    """The same case in the schema of today."""
    inner: dict[str, list[Any]] = {}
    top = list(_tokens(kept["top"], specs.process))
    known = {token[0]: token for token in top}
    waiting = dict(kept["inner"])
    while ready := [id for id in waiting if id in known]:
        for id in ready:
            old = waiting.pop(id)
            tokens = list(_tokens(old, specs.inner[old["spec"]]))
            inner[id] = [old["spec"], tokens]
            known.update({token[0]: token for token in tokens})
            _gather(known[id], old["tasks"])
    memory = {k: v for k, v in kept.items() if k not in {"schema", "top", "inner"}}
    return {"schema": 2, "done": kept["top"]["done"], "top": top, "inner": inner, **memory}


def _tokens(old: Mapping[str, Any], spec: ScopeSpec) -> Iterator[list[Any]]:
    steps = {step[0]: step for step in old["tasks"]}
    joins = {s[2] for s in steps.values() if s[3] == TaskState.WAITING and getattr(_node(spec, s), "joining", False)}
    for step in steps.values():
        id, parent, name, state, _, internal, data = step
        node = _node(spec, step)
        arrived = name in joins and state in {TaskState.WAITING, TaskState.CANCELLED}
        if not isinstance(node, Node) or not (state & _LIVE or arrived):
            continue
        above = steps.get(parent)
        remembered = {k: v for k, v in (internal or {}).items() if k in {"in", "gathered", "left"}}
        host: Any = 0
        if arrived:
            state = int(TaskState.WAITING)
            remembered["via"] = _via(spec, node, above[2].removesuffix(_JOIN) if above is not None else "")
        elif above is not None and above[2].endswith(_SPLIT) and above[2] != f"{name}{_SPLIT}":
            hosts = [s for s in steps.values() if s[1] == parent and s[2] == above[2].removesuffix(_SPLIT)]
            host = hosts[0][0]
        elif name.endswith(_CHILD):
            host = parent
            remembered |= {"index": (internal or {}).get("key_or_index", 0), "local": True}
        elif isinstance(node, Repeated):
            remembered |= _counted(internal, [s for s in steps.values() if s[1:3] == [id, name + _CHILD]])
        own = {k: v for k, v in data.items() if k != "$local"} if name.endswith(_CHILD) and data else 0
        yield [id, host, node.name, state, remembered or 0, own]


def _node(spec: ScopeSpec, step: _Step) -> Any:
    return spec.task_specs.get(step[2].replace(_CHILD, " [instance]"))


def _via(spec: ScopeSpec, node: Any, source: str) -> str:
    return str(next(way.id for way in spec.task_specs[source].ways if way.node is node))


def _counted(internal: Mapping[str, Any] | None, instances: list[_Step]) -> dict[str, Any]:
    """A sequence asks for its members again."""
    done = len((internal or {}).get("merged", []))
    return {"done": done, "begun": len(instances), "of": len(instances), "items": None}


def _gather(host: list[Any], steps: list[_Step]) -> None:
    """What an instance of a repeated sub-process knew was copied from step to step; the newest has it all."""
    if host[4] and host[4].get("local"):
        for step in steps:
            host[5] = {**(host[5] or {}), **{k: v for k, v in (step[6] or {}).items() if k != "$local"}}
