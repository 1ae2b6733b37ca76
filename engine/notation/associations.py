"""Values that go into a step and come out of it the standard's own way: an ioSpecification with data associations.

They mean what camunda:in and camunda:out mean (BPMN 2.0.2, 10.4.2): a transformation or an assignment is evaluated, or
else the one source is copied, and the result takes the place of the target. Nothing but the reading of a diagram knows
the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.notation.elements import DataObject, Handed
from engine.notation.xml import BPMN, line_of

_B = f"{{{BPMN}}}"
_NAME = re.compile(r"[^\W\d]\w*")
WAYS = {"in": "dataInputAssociation", "out": "dataOutputAssociation"}


@dataclass(frozen=True, slots=True)
class Association:
    """One data association, as drawn: ids of its ends, and what is computed on the way. `assigned`: from and to."""

    way: str
    sources: tuple[str, ...]
    target: str
    transformation: str
    assigned: tuple[tuple[str, str], ...]
    line: int | None

    @property
    def computed(self) -> tuple[str, ...]:
        """The expressions that give its value; none: the source is copied."""
        found = (self.transformation, *(text for text, _ in self.assigned))
        return tuple(text for text in found if text)


def associations(node: etree._Element) -> Iterator[Association]:
    """Those of one step, in the order of the file."""
    for way, tag in WAYS.items():
        for drawn in node.findall(f"{_B}{tag}"):
            yield Association(
                way,
                tuple(filter(None, (_text(ref) for ref in drawn.findall(f"{_B}sourceRef")))),
                _text(drawn.find(f"{_B}targetRef")),
                _formula(drawn.find(f"{_B}transformation")),
                tuple(
                    (_formula(each.find(f"{_B}from")), _formula(each.find(f"{_B}to")))
                    for each in drawn.findall(f"{_B}assignment")
                ),
                line_of(drawn),
            )


def parameters(node: etree._Element, way: str) -> dict[str, str]:
    """The inputs or outputs that an ioSpecification names, by id."""
    tag = "dataInput" if way == "in" else "dataOutput"
    found = node.findall(f"{_B}ioSpecification/{_B}{tag}")
    return {each.get("id", ""): each.get("name", "") or each.get("id", "") for each in found}


def repeats_over(node: etree._Element) -> str:
    """The id of what a multi-instance step repeats over, where it is said the standard's way."""
    return _text(node.find(f"{_B}multiInstanceLoopCharacteristics/{_B}loopDataInputRef"))


def collection(node: etree._Element, items: Mapping[str, str]) -> str | None:
    """What a multi-instance step repeats over, as FEEL: what fills the input it names, or the field it names."""
    id = repeats_over(node)
    for one in associations(node):
        if one.way == "in" and one.target == id:
            return one.computed[-1] if one.computed else items.get("".join(one.sources[:1]), "".join(one.sources[:1]))
    return items.get(id, id) or None


def handed_over(node: etree._Element, way: str, items: Mapping[str, str]) -> tuple[Handed, ...]:
    """What the associations of a step hand in, or bring back. One that only leads to the step, as it is drawn, names no
    input of it and hands nothing over. `items`: the names of fields by the ids associations know them by."""
    own, found = parameters(node, way), []
    for one in associations(node):
        if one.way != way:
            continue
        expression = "".join(one.computed[-1:])
        if way == "in" and one.target in own and one.target != repeats_over(node):
            source = "" if expression else items.get("".join(one.sources[:1]), "".join(one.sources[:1]))
            found.append(Handed(own[one.target], source, expression))
        elif way == "out" and not own.keys().isdisjoint(one.sources):
            source = "" if expression else own.get(one.sources[0], one.sources[0])
            found.append(Handed(items.get(one.target, one.target), source, expression))
    return tuple(found)


def items_of(process: etree._Element, objects: tuple[DataObject, ...]) -> dict[str, str]:
    """The field behind every id that an association may speak of: data objects, properties, members of a repetition,
    what the process itself is given and gives."""
    found = {id: drawn.variable for drawn in objects for id in drawn.drawn}
    declared = [
        *process.iter(f"{_B}property", f"{_B}inputDataItem"),
        *process.iterfind(f"{_B}ioSpecification/{_B}dataInput"),
        *process.iterfind(f"{_B}ioSpecification/{_B}dataOutput"),
    ]
    for node in declared:
        id, name = node.get("id", ""), node.get("name", "")
        found.setdefault(id, name if _NAME.fullmatch(name) else id)
    return found


def asked_by(process: etree._Element) -> frozenset[str]:
    """The inputs a process says it needs of whoever calls it."""
    optional = {_text(ref) for ref in process.iterfind(f"{_B}ioSpecification/{_B}inputSet/{_B}optionalInputRefs")}
    return frozenset(name for id, name in parameters(process, "in").items() if id not in optional)


def _text(node: etree._Element | None) -> str:
    return (node.text or "").strip() if node is not None else ""


def _formula(node: etree._Element | None) -> str:
    return _text(node).removeprefix("=").strip()
