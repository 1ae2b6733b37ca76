"""Diagrams of Operaton: Camunda 7 under another name."""

from __future__ import annotations

from lxml import etree

from engine.notation.imports import camunda7, family
from engine.notation.imports.work import C, Work
from engine.notation.xml import local

NAME = "Operaton"
NAMESPACES = frozenset({"http://operaton.org/schema/1.0/bpmn"})


def attribute(work: Work, node: etree._Element, key: str) -> None:
    family.attribute(work, node, key)


def extension(work: Work, owner: etree._Element, node: etree._Element) -> None:
    name = local(node)
    if name not in {"properties", "formData"}:
        family.extension(work, owner, node)
        return
    # The same vocabulary: the element is given our name where it stands, then read like Camunda's.
    for each in list(node.iter()):
        if isinstance(each.tag, str) and etree.QName(each).namespace in NAMESPACES:
            each.tag = f"{C}{local(each)}"
    camunda7.extension(work, owner, node)
