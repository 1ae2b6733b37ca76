"""A decision file and all it imports, written out for the evaluator: types, decisions, functions, services by key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from engine.notation import boxed, expressions
from engine.notation.boxed import Box
from engine.notation.dmn import Decision, File, Reference, Table

MAX_FILES = 60


class Spec:
    """`mark` tells one model from another; `model` is what the evaluator is sent once."""

    def __init__(self, file: File) -> None:
        self.files: list[Box] = []
        self.nodes: dict[str, Box] = {}
        self._add(file, (), ())
        self.model: Box = {"files": self.files, "nodes": self.nodes}
        self.mark = hashlib.sha256(json.dumps(self.model, sort_keys=True).encode()).hexdigest()

    def _add(self, file: File, path: tuple[str, ...], above: tuple[str, ...]) -> int:
        """A file that is imported twice stands here twice: each import has inputs of its own."""
        place = len(self.files)
        entry: Box = {"types": file.types, "imports": {}, "names": sorted(_names(file))}
        self.files.append(entry)
        for prefix, namespace in file.imports.items():
            other = file.beside.get(namespace)
            if other is not None and namespace not in above and len(self.files) < MAX_FILES:
                entry["imports"][prefix] = self._add(other, (*path, prefix), (*above, file.namespace))
        prefixes = {namespace: prefix for prefix, namespace in file.imports.items()}

        def linked(references: Iterable[Reference]) -> list[Any]:
            return [each for each in (_linked(file, path, prefixes, reference) for reference in references) if each]

        for id, (name, kind) in file.inputs.items():
            self.nodes[key_of(path, id)] = {"file": place, "kind": "input", "path": [*path, name], "type": kind or None,
                                            "needs": []}  # fmt: skip
        for decision in file.decisions.values():
            self.nodes[key_of(path, decision.id)] = {
                "file": place,
                "kind": "decision",
                "aliases": [decision.id, decision.name, decision.variable],
                "type": decision.type or None,
                "logic": _logic(decision),
                "needs": linked(decision.needs),
                "reads": reads_of(decision),
            }
        for model in file.models.values():
            self.nodes[key_of(path, model.id)] = {"file": place, "kind": "knowledge", "type": model.type or None,
                                                  "logic": model.logic, "needs": linked(model.needs)}  # fmt: skip
        for service in file.services.values():
            self.nodes[key_of(path, service.id)] = {
                "file": place,
                "kind": "service",
                "type": service.type or None,
                "needs": [],
                "inputs": [[each[0][-1], each[1]] for each in linked(service.inputs)],
                "decisions": [[each[0][-1], each[1]] for each in linked(service.decisions)],
                "outputs": [[each[0][-1], each[1]] for each in linked(service.outputs)],
            }
        return place


def key_of(path: tuple[str, ...], id: str) -> str:
    return "/".join([*path, id])


def reads_of(decision: Decision) -> list[str]:
    """The names an expression reads; of a table its inputs tell."""
    if isinstance(decision.logic, Table):
        return []
    found: set[str] = set()
    texts = list(boxed.texts_in(decision.logic))
    for (_, _, bound), names in zip(
        texts, expressions.names_of_many([(text, unary) for text, unary, _ in texts]), strict=True
    ):
        found |= names - bound
    return sorted(found)


def _logic(decision: Decision) -> Box:
    return {"k": "table", "table": decision.logic.box()} if isinstance(decision.logic, Table) else decision.logic


def _linked(
    file: File, path: tuple[str, ...], prefixes: dict[str, str], reference: Reference
) -> tuple[list[str], str] | None:
    """The name a requirement is seen by, and the key of what it means."""
    namespace, id = reference
    if not namespace:
        return [_name(file, id)], key_of(path, id)
    other, prefix = file.beside.get(namespace), prefixes.get(namespace)
    if other is None or prefix is None:
        return None
    return [prefix, _name(other, id)], key_of((*path, prefix), id)


def _name(file: File, id: str) -> str:
    if id in file.decisions:
        return file.decisions[id].variable
    if id in file.models:
        return file.models[id].name
    if id in file.services:
        return file.services[id].name
    return file.inputs[id][0] if id in file.inputs else id


def _names(file: File) -> set[str]:
    names = set(file.names) | {name for name, _ in file.inputs.values()} | set(file.imports)
    names |= {name for each in file.decisions.values() for name in (each.id, each.name, each.variable)}
    names |= {each.name for each in file.models.values()} | {each.name for each in file.services.values()}
    for other in file.beside.values():
        names |= _names(other)
    return {name for name in names if name and not name.isidentifier()}
