"""Diagrams of Flowable: as Activiti, with decision tables called by a service task of type `dmn`."""

from __future__ import annotations

from lxml import etree

from engine.notation.imports import family
from engine.notation.imports import manifest as m
from engine.notation.imports.work import B, C, Work
from engine.notation.xml import local

NAME = "Flowable"
SPACE = "http://flowable.org/bpmn"
NAMESPACES = frozenset({SPACE, "http://flowable.org/design", "http://flowable.org/modeler"})
_F = f"{{{SPACE}}}"


def attribute(work: Work, node: etree._Element, key: str) -> None:
    name = etree.QName(key)
    if name.namespace != SPACE:
        work.leave(node, key, m.NOTHING, "只管原工具的界面", "it steers the other tool's pages only")
    elif name.localname == "type" and node.get(key) == "dmn" and local(node) == "serviceTask":
        _decision(work, node, key)
    else:
        family.attribute(work, node, key)


def extension(work: Work, owner: etree._Element, node: etree._Element) -> None:
    if etree.QName(node).namespace != SPACE:
        work.leave(node, None, m.NOTHING, "只管原工具的界面", "it steers the other tool's pages only")
    else:
        family.extension(work, owner, node)


def _decision(work: Work, node: etree._Element, key: str) -> None:
    """A service task of type dmn is a business rule task; the table's key stands in a field."""
    wanted = {"decisionTableReferenceKey", "decisionServiceReferenceKey"}
    for field in node.findall(f"{B}extensionElements/{_F}field"):
        if field.get("name") in wanted:
            table = field.get("stringValue") or (field.findtext(f"{_F}string") or "").strip()
            if table:
                work.map(node, key, "businessRuleTask", zh="改为决策任务", en="now a business rule task")
                work.map(field, None, table, zh="决策表的 id", en="the id of the decision")
                node.tag = f"{B}businessRuleTask"
                node.set(f"{C}decisionRef", table)
                return
    work.leave(node, key, m.BINDING, "没有写明是哪张决策表", "it does not say which decision table")
