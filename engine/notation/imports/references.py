"""References inside a stranger's file: prefixes go, and a code that stands for a name gets its element."""

from __future__ import annotations

import re

from lxml import etree

from engine.notation.imports import manifest as m
from engine.notation.imports.work import B, Work
from engine.notation.xml import local

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,99}")
# Attribute → the element it leads to. The standard lets each be written with a prefix (`tns:order`).
_LEADS = {
    "messageRef": "message", "signalRef": "signal", "errorRef": "error", "escalationRef": "escalation",
    "attachedToRef": "boundary", "dataObjectRef": "dataObject", "sourceRef": "flow", "targetRef": "flow",
    "default": "flow", "activityRef": "activity", "processRef": "process", "calledElement": "process",
}  # fmt: skip
# Activiti and what came of it take an error's code, jBPM a signal's name, for the reference itself.
_NAMES = ("error", "signal")


def straighten(work: Work) -> None:
    ids = {node.get("id") for node in work.manifest.nodes if node.get("id")}
    for node in work.manifest.nodes:
        if not str(node.tag).startswith(B):
            continue
        for key in _LEADS:
            wanted = node.get(key)
            if wanted is None or wanted in ids:
                continue
            bare = wanted.strip().rpartition(":")[2]
            if bare in ids:
                node.set(key, bare)
                work.note(node, key, wanted, bare, "引用的前缀已去掉", "the prefix of the reference went")
            elif _LEADS[key] in _NAMES and local(node) == f"{_LEADS[key]}EventDefinition":
                _named(work, node, key, wanted.strip(), ids)


def _named(work: Work, node: etree._Element, key: str, wanted: str, ids: set[str | None]) -> None:
    if not wanted:
        work.note(node, key, "", "-", "空的引用等于没有", "an empty reference is none")
        m.drop(node, key)
        return
    kind = _LEADS[key]
    id = wanted if _ID.fullmatch(wanted) else f"{kind.capitalize()}_{len(ids) + 1}"
    while id in ids:
        id += "_"
    ids.add(id)
    work.root.insert(0, etree.Element(f"{B}{kind}", {"id": id, "name": wanted}))
    for other in work.root.iter(str(node.tag)):
        if other.get(key, "").strip() == wanted:
            other.set(key, id)
    work.note(node, key, wanted, wanted, "没有这个元素，按名称补上", "there was no such element: taken as its name")
