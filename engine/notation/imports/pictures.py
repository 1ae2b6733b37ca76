"""Drawing tools (bpmn.io, Signavio, Bizagi, Eclipse …): what they add is about the picture, not the process."""

from __future__ import annotations

from lxml import etree

from engine.notation.imports import manifest as m
from engine.notation.imports.work import Work

# Namespace begins with → the tool. What it adds says how a thing looks, or where it lies in the tool's own folders.
TOOLS: tuple[tuple[str, str], ...] = (
    ("http://bpmn.io/", "bpmn.io"),
    ("http://www.omg.org/spec/BPMN/non-normative/", "bpmn.io"),
    ("http://camunda.org/schema/modeler/", "Camunda Modeler"),
    ("http://www.signavio.com", "Signavio"),
    ("http://www.bizagi.com", "Bizagi"),
    ("http://www.trisotech.com", "Trisotech"),
    ("http://www.yaoqiang.com", "Yaoqiang"),
    ("http://bpmn.sourceforge.net", "Yaoqiang"),
    ("http://org.eclipse.bpmn2/", "Eclipse BPMN2"),
    ("http://www.eclipse.org/bpmn2", "Eclipse BPMN2"),
    ("http://eclipse.org/bpmn2", "Eclipse BPMN2"),
    ("http://www.bpsim.org", "BPSim"),
    ("http://www.visual-paradigm.com", "Visual Paradigm"),
    ("http://www.sparxsystems.com", "Enterprise Architect"),
    ("http://www.w3.org/", "W3C"),
    ("http://fixflow.org", "FixFlow"),
)


def tool_of(namespace: str | None) -> str | None:
    for begin, name in TOOLS:
        if namespace is not None and namespace.startswith(begin):
            return name
    return None


def attribute(work: Work, node: etree._Element, key: str) -> None:
    work.leave(node, key, m.NOTHING, "只关系到画图工具的显示", "it is about the picture in the drawing tool only")


def extension(work: Work, owner: etree._Element, node: etree._Element) -> None:
    work.leave(node, None, m.NOTHING, "只关系到画图工具的显示", "it is about the picture in the drawing tool only")
