"""Counts everything in a diagram that another tool put there, and holds what became of each: kept, mapped or left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.notation.diagram import NODES
from engine.notation.xml import BPMN, BPMNDI, XSI, line_of, local

KEPT, MAPPED, LEFT = "kept", "mapped", "left"
# What leaving it behind means: nothing for how the process runs · work to be tied in anew here (a form, a program, a
# person) · the process runs differently without it.
NOTHING, BINDING, MEANING = "nothing", "binding", "meaning"
PLAIN = frozenset(
    {
        None, BPMN, BPMNDI, XSI, "http://www.omg.org/spec/DD/20100524/DI", "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.w3.org/XML/1998/namespace",
    }
)  # fmt: skip
PREFIXES = {
    "http://camunda.org/schema/1.0/bpmn": "camunda", "http://operaton.org/schema/1.0/bpmn": "operaton",
    "http://activiti.org/bpmn": "activiti", "http://flowable.org/bpmn": "flowable",
    "http://camunda.org/schema/zeebe/1.0": "zeebe", "http://www.jboss.org/drools": "drools",
    "http://www.signavio.com": "signavio", "http://www.bizagi.com/bpmn20": "bizagi",
    "http://camunda.org/schema/modeler/1.0": "modeler", "http://bpmn.io/schema/bpmn/biocolor/1.0": "bioc",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0": "color",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow", "http://www.bpsim.org/schemas/1.0": "bpsim",
}  # fmt: skip
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of one thing. `covers`: the counted items it speaks of; `before`/`after`: texts, after is "" where
    it is left; `weight`: nothing, binding, meaning (of what is left)."""

    verdict: str
    element: str
    line: int | None
    what: str
    before: str
    after: str
    zh: str
    en: str
    weight: str = NOTHING
    covers: tuple[str, ...] = ()


def namespace_of(node: etree._Element) -> str | None:
    return etree.QName(node).namespace if isinstance(node.tag, str) else None


def keys(node: etree._Element) -> list[str]:
    return [str(key) for key in node.attrib]


def drop(node: etree._Element, key: str) -> None:
    if key in node.attrib:
        del node.attrib[key]


def is_foreign(node: etree._Element) -> bool:
    """Not of the standard: an element of another namespace, or any element inside one."""
    return isinstance(node.tag, str) and namespace_of(node) not in PLAIN - {None}


def prefixed(name: str) -> str:
    """`{namespace}local` as people write it: `camunda:assignee`."""
    qualified = etree.QName(name)
    if qualified.namespace is None:
        return str(qualified.localname)
    return f"{PREFIXES.get(qualified.namespace, qualified.namespace)}:{qualified.localname}"


def items_of(node: etree._Element, number: int) -> Iterator[str]:
    """The names of what is counted on one node: the foreign element itself, its text, foreign attributes."""
    foreign = is_foreign(node)
    if foreign:
        yield f"{number}"
        if (node.text or "").strip():
            yield f"{number}#text"
    for key in keys(node):
        if foreign or etree.QName(key).namespace not in PLAIN:
            yield f"{number}@{key}"


def owner_of(node: etree._Element) -> etree._Element:
    """The nearest element around that a designer can click."""
    at: etree._Element | None = node
    while at is not None:
        if local(at) in NODES | {"process", "sequenceFlow", "lane", "participant"} and at.get("id"):
            return at
        at = at.getparent()
    return node


class Manifest:
    def __init__(self, root: etree._Element) -> None:
        self.nodes = [node for node in root.iter() if isinstance(node.tag, str)]  # held, so that they stay themselves
        self.numbers = {node: number for number, node in enumerate(self.nodes)}
        self.lines = {node: line_of(node) for node in self.nodes}
        self.open: dict[str, tuple[etree._Element, str | None]] = {}
        for node, number in self.numbers.items():
            for item in items_of(node, number):
                _, at, key = item.partition("@")
                self.open[item] = (node, key if at else None)
        self.foreign = frozenset(self.open)
        self.remarks: list[Remark] = []
        self.owners: dict[etree._Element, str] = {}

    def remark(
        self,
        verdict: str,
        node: etree._Element,
        what: str,
        before: str,
        after: str,
        zh: str,
        en: str,
        *,
        weight: str = NOTHING,
        covers: tuple[str, ...] = (),
    ) -> None:
        element = self.owners.get(node) or owner_of(node).get("id") or ""
        told = Remark(
            verdict, element[:LONGEST], self.lines.get(node), what, before[:LONGEST], after[:LONGEST], zh, en, weight,
            covers,
        )  # fmt: skip
        self.remarks.append(told)

    def take(self, node: etree._Element, key: str | None = None, *, only: bool = False) -> tuple[str, ...]:
        """Ticks off an attribute, or (without a key) an element with all that is in it that nobody has ticked off yet
        (`only`: the element alone). Gives the items' names."""
        if key is not None:
            return self._tick([f"{self.numbers[node]}@{key}"])
        inner = [node] if only else [each for each in node.iter() if each in self.numbers]
        return self._tick([item for each in inner for item in items_of(each, self.numbers[each])])

    def _tick(self, items: list[str]) -> tuple[str, ...]:
        return tuple(item for item in items if self.open.pop(item, None) is not None)
