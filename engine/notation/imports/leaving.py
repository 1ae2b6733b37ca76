"""Writes what an import could not bring onto the elements themselves: the draft carries its to-dos wherever it goes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from lxml import etree

from engine.notation import diagram as diagrams
from engine.notation import todos
from engine.notation.diagram import Diagram
from engine.notation.imports import manifest as m
from engine.notation.imports.manifest import BINDING, LEFT, MEANING, Remark
from engine.notation.imports.work import Work
from engine.notation.xml import BPMN, local
from engine.words.errors import NotPublishable

_B = f"{{{BPMN}}}"
_PROGRAM = dict.fromkeys(
    (
        "class", "delegateExpression", "expression", "type", "topic", "connector", "field", "taskDefinition",
        "resultVariable", "resultVariableName",
    ),
    "program",
)  # fmt: skip
_FORM = dict.fromkeys(("formKey", "formRef", "formDefinition", "formRefBinding", "formRefVersion"), "form")
_PEOPLE = dict.fromkeys(
    (
        "candidateGroups", "candidateUsers", "assignee", "potentialOwner", "humanPerformer", "performer",
        "resourceRole", "assignmentDefinition",
    ),
    "people",
)  # fmt: skip
# What would answer a to-do by itself, by the word that was left; of all others a designer says that it is done.
UNTIL = (
    _PROGRAM
    | _FORM
    | _PEOPLE
    | {tag: tag for tag in todos.TEXTS}
    | {
        "dueDate": "due", "taskSchedule": "due", "collection": "collection", "loopCharacteristics": "collection",
        "calledElement": "called", "calledDecision": "decision", "decisionRef": "decision", "messageRef": "message",
        "name": "message", "zeebe:script": "scripted",
    }
)  # fmt: skip


def is_todo(remark: Remark) -> bool:
    """Left, and not without loss: the process runs otherwise, or something is to be tied in anew."""
    return remark.verdict == LEFT and remark.weight in {BINDING, MEANING}


def write(work: Work, chosen: Sequence[etree._Element], remarks: Sequence[Remark]) -> None:
    """Puts every to-do on its element. What is said of a message stands on those who send or await it, and what is said
    of the file as a whole on each process of it; in a process that is only drawn there is nothing to be done."""
    todo = [remark for remark in remarks if is_todo(remark)]
    if not todo:
        return
    nodes = {node.get("id", ""): node for node in work.root.iter(f"{_B}*") if node.get("id")}
    drawings = _drawings(work, chosen)
    for remark in todo:
        for owner in _owners(nodes.get(remark.element), chosen, work):
            _put(work, owner, remark, drawings)


def _owners(node: etree._Element | None, chosen: Sequence[etree._Element], work: Work) -> list[etree._Element]:
    if node is not None and local(node) == "participant":
        named = [process for process in chosen if process.get("id") == node.get("processRef")]
        return named or list(chosen)
    around = None if node is None else next((each for each in (node, *node.iterancestors()) if _is_process(each)), None)
    if node is not None and around is not None:
        return [node] if around in chosen else []
    users = [] if node is None else _users(node, chosen)
    return users or list(chosen)


def _is_process(node: etree._Element) -> bool:
    return local(node) == "process"


def _users(declared: etree._Element, chosen: Sequence[etree._Element]) -> list[etree._Element]:
    """Who sends, throws or awaits a message, a signal, an error or an escalation."""
    found = []
    for process in chosen:
        for node in process.iter(f"{_B}*"):
            if node.get(f"{local(declared)}Ref") == declared.get("id"):
                owner = m.owner_of(node)
                found += [owner] if owner not in found else []
    return found


def _put(work: Work, owner: etree._Element, remark: Remark, drawings: Sequence[Diagram]) -> None:
    name = f"{todos.PREFIX}{len(todos.of(owner)) + 1}"
    is_own = owner.get("id") == remark.element
    what = remark.what if is_own or not remark.element else f"{remark.what} ({remark.element})"
    until = UNTIL.get(remark.what) or UNTIL.get(remark.what.rpartition(":")[2], "")
    until = until if is_own or until == "message" else ""
    if until and any(todos.is_answered(until, remark.before, owner, drawing) for drawing in drawings):
        until = ""  # something of ours stands there already: whether that is enough a designer must say
    told = {"": f"{what}：{remark.zh}", ".en": f"{what}: {remark.en}", ".what": what, ".was": remark.before,
            ".until": until}  # fmt: skip
    for end, value in told.items():
        if value:
            work.property(owner, f"{name}{end}", value)


def _drawings(work: Work, chosen: Sequence[etree._Element]) -> list[Diagram]:
    """What we read in each process as it is now."""
    every = list(work.root.iter(f"{_B}process"))
    found = []
    for process in chosen:
        for each in every:
            each.set("isExecutable", "true" if each is process else "false")
        with suppress(NotPublishable):  # the laws will say why it cannot be read
            found.append(diagrams.read(etree.tostring(work.root)))
    return found
