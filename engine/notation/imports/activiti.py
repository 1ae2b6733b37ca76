"""Diagrams of Activiti: attributes as Camunda 7 has them, form properties as fields."""

from __future__ import annotations

from lxml import etree

from engine.notation.imports import family
from engine.notation.imports.work import Work

NAME = "Activiti"
NAMESPACES = frozenset({"http://activiti.org/bpmn"})


def attribute(work: Work, node: etree._Element, key: str) -> None:
    family.attribute(work, node, key)


def extension(work: Work, owner: etree._Element, node: etree._Element) -> None:
    family.extension(work, owner, node)
