"""What an import left for a designer to do: it stands on the element itself, until it is done or settled with a reason.

A to-do is a group of camunda:properties on the element (or the process): `todo.1` says it in Chinese, `todo.1.en` in
English; `.what` and `.was` are the word of the other engine and its text; `.until` names what would answer it without
anybody saying so; `.settled` is a designer's reason why nothing is to be done, `.by` who gave it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.notation.diagram import Diagram, Element
from engine.notation.extensions import TODO, every_property
from engine.notation.xml import BPMN, CAMUNDA, open_xml

_B = f"{{{BPMN}}}"
_C = f"{{{CAMUNDA}}}"
PREFIX = "todo."
LONGEST_REASON = 500
# What is written elsewhere in the same element, and is answered once it is gone or says something else.
TEXTS = frozenset(
    {
        "conditionExpression", "condition", "completionCondition", "loopCardinality", "loopCondition", "script",
        "timeDate", "timeDuration", "timeCycle",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToDo:
    """`element` it stands on; `number` among those of the element; `settled`: the reason, "" while it is open."""

    element: str
    number: int
    what: str
    was: str
    zh: str
    en: str
    until: str
    settled: str
    by: str


def of(node: etree._Element) -> tuple[ToDo, ...]:
    """The to-dos of one element, by their numbers."""
    found: dict[int, dict[str, str]] = {}
    for name, value in every_property(node).items():
        if match := TODO.fullmatch(name):
            found.setdefault(int(match[1]), {})[match[2] or "zh"] = value
    return tuple(
        ToDo(
            node.get("id", ""), number, said.get("what", ""), said.get("was", ""), said.get("zh", ""),
            said.get("en", ""), said.get("until", ""), said.get("settled", "").strip(), said.get("by", ""),
        )
        for number, said in sorted(found.items())
    )  # fmt: skip


def all_of(process: etree._Element) -> tuple[ToDo, ...]:
    """Of a whole process, in the order of the file."""
    return tuple(todo for node in process.iter(f"{_B}*") for todo in of(node))


def is_open(todo: ToDo, node: etree._Element, diagram: Diagram) -> bool:
    return not todo.settled and not is_answered(todo.until, todo.was, node, diagram)


def is_answered(until: str, was: str, node: etree._Element, diagram: Diagram) -> bool:
    """Whether what was left out has something of ours in its place, or what could not be read was written anew."""
    if until in TEXTS:
        return not _texts(node, until, was)
    element = diagram.elements.get(node.get("id", ""))
    answers = ANSWERS.get(until)
    return element is not None and answers is not None and answers(element)


def _texts(node: etree._Element, tag: str, was: str) -> bool:
    """Whether the old text still stands there. A conditional flow may sit on the element, a timer in its event."""
    said = [(each.text or "").strip() for each in node.iter(f"{_B}{tag}")]
    return any(text.startswith(was) if len(was) >= LONGEST_KEPT else text == was for text in said)


LONGEST_KEPT = 200  # of a long text only so much is kept


def _does_something(element: Element) -> bool:
    """Another kind of step than one a program does, or one that says what is done."""
    match element.kind:
        case "serviceTask":
            return bool(element.topic)
        case "businessRuleTask":
            return bool(element.decision)
        case "sendTask" | "receiveTask":
            return bool(element.trigger.name)
        case "scriptTask":
            return bool(element.script)
    return element.kind not in {"endEvent", "intermediateThrowEvent"} or element.trigger.kind != "message"


ANSWERS: Mapping[str, Callable[[Element], bool]] = {
    "program": _does_something,
    "form": lambda element: bool(element.form),
    "people": lambda element: bool(element.groups or element.assignee),
    "due": lambda element: bool(element.due or element.property("clock")),
    "collection": lambda element: element.repeat is not None and bool(element.repeat.collection),
    "decision": lambda element: bool(element.decision),
    "scripted": lambda element: bool(element.script),
    "called": lambda element: bool(element.calls) and not element.calls.startswith(("${", "#{")),
    "message": lambda element: bool(element.trigger.name) and not element.trigger.name.startswith(("${", "#{", "=")),
}


def settle(content: bytes, element: str, number: int, reason: str, by: str) -> bytes | None:
    """The diagram with the to-do settled for this reason (with an empty one it is open again), or None when there is no
    such to-do."""
    root = open_xml(content)
    node = next((each for each in root.iter(f"{_B}*") if each.get("id") == element and of(each)), None)
    group = None
    if node is not None:
        name = f"{PREFIX}{number}"
        groups = node.findall(f"{_B}extensionElements/{_C}properties")
        group = next((one for one in groups for prop in one if prop.get("name") == name), None)
    if node is None or group is None:
        return None
    for prop in list(group):
        if prop.get("name") in {f"{name}.settled", f"{name}.by"}:
            group.remove(prop)
    if reason:
        for end, value in (("settled", reason), ("by", by)):
            etree.SubElement(group, f"{_C}property", {"name": f"{name}.{end}", "value": value})
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
