"""Takes in a diagram that was drawn for another engine: what is certain becomes ours, the rest is named and left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType

from lxml import etree

from engine.notation.imports import (
    activiti,
    camunda7,
    flowable,
    jbpm,
    leaving,
    operaton,
    pictures,
    spiffarena,
    standard,
    zeebe,
)
from engine.notation.imports import manifest as m
from engine.notation.imports.manifest import BINDING, KEPT, LEFT, MAPPED, MEANING, NOTHING, Remark
from engine.notation.imports.work import Work
from engine.notation.xml import BPMN, BPMNDI, CAMUNDA, local, open_xml, refuse, refuse_crowd
from engine.words.errors import NotPublishable

__all__ = [
    "BINDING",
    "KEPT",
    "LEFT",
    "MAPPED",
    "MEANING",
    "NOTHING",
    "Arrival",
    "Brought",
    "Remark",
    "bring",
    "is_foreign",
]

VENDORS: tuple[ModuleType, ...] = (camunda7, operaton, activiti, flowable, zeebe, jbpm, spiffarena)
_BY_SPACE: dict[str, ModuleType] = {space: vendor for vendor in VENDORS for space in vendor.NAMESPACES}
_JAVA = frozenset({"class", "delegateExpression", "expression"})
_PROCESS = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,99}")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One process as a draft of ours. `lines`: element id → line in the file it came from."""

    process: str
    name: str
    content: bytes = field(repr=False)
    lines: Mapping[str, int | None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file: one draft for each of its processes, and a remark on every foreign thing. `foreign`: the
    items that were counted before anything was touched; each is covered by exactly one remark. `executable`: some
    process of it was meant to be run, by its mark or by the words of an engine in it."""

    vendors: tuple[str, ...]
    arrivals: tuple[Arrival, ...]
    remarks: tuple[Remark, ...]
    foreign: frozenset[str]
    executable: bool = True

    def count(self, verdict: str, weight: str | None = None) -> int:
        return sum(1 for each in self.remarks if each.verdict == verdict and weight in {None, each.weight})


def bring(content: bytes, forms: Mapping[str, str] | None = None) -> Brought:
    """Raises `NotPublishable` for what is no BPMN at all. `forms`: form-js forms that came along, by their ids."""
    root = open_xml(content)
    if root.tag != f"{{{BPMN}}}definitions":
        raise refuse(
            "file_is_bpmn",
            "不是 BPMN 2.0 文件：根元素不是 definitions",
            "Not a BPMN 2.0 file: no <definitions>",
            line=1,
        )
    refuse_crowd(root)
    work = Work(root, forms or {})
    vendors = _vendors(work)
    executable = _meant_to_run(work)
    standard.begin(work)
    for vendor in VENDORS:
        if hasattr(vendor, "begin"):
            vendor.begin(work)
    standard.read(work)
    for node in work.manifest.nodes:
        if isinstance(node.tag, str) and etree.QName(node).namespace == BPMN:
            _unpack(work, node)
    _pictures(work)
    _rest(work)
    arrivals = _arrivals(work)
    return Brought(vendors, arrivals, tuple(work.manifest.remarks), work.manifest.foreign, executable)


def is_foreign(content: bytes) -> bool:
    """Whether another engine's words stand in it: any but Camunda's, which we share, or Java and JUEL in those."""
    try:
        root = open_xml(content)
    except NotPublishable:
        return False
    for node in root.iter(etree.Element):
        for key, value in node.attrib.items():
            name = etree.QName(key)
            if name.namespace in _BY_SPACE and (name.namespace != CAMUNDA or name.localname in _JAVA or "${" in value):
                return True
        space = etree.QName(node).namespace
        if space in _BY_SPACE and space != CAMUNDA:
            return True
    return False


def _meant_to_run(work: Work) -> bool:
    """Marked as executable, or not marked at all and written in the words of an engine (which then runs it)."""
    marks = {node.get("isExecutable", "") for node in work.root.iter(f"{{{BPMN}}}process")}
    if marks & {"true", "1"}:
        return True
    return "" in marks and any(
        space in _BY_SPACE
        for node in work.manifest.nodes
        for space in (etree.QName(node).namespace, *(etree.QName(key).namespace for key in node.attrib))
    )


def _vendors(work: Work) -> tuple[str, ...]:
    found = dict.fromkeys(
        _BY_SPACE[space].NAME
        for node in work.manifest.nodes
        for space in (etree.QName(node).namespace, *(etree.QName(key).namespace for key in node.attrib))
        if space in _BY_SPACE
    )
    tools = dict.fromkeys(tool for tool in (pictures.tool_of(space) for space in work.root.nsmap.values()) if tool)
    return (*found, *(tool for tool in tools if tool != "W3C"))


def _mapper(space: str | None) -> ModuleType | None:
    if space in _BY_SPACE:
        return _BY_SPACE[space]
    return pictures if pictures.tool_of(space) else None


def _unpack(work: Work, node: etree._Element) -> None:
    """The foreign attributes of one element of the standard, then what stands among its extension elements."""
    for key in m.keys(node):
        space = etree.QName(key).namespace
        mapper = _mapper(space) if space not in m.PLAIN else None
        if mapper is not None:
            mapper.attribute(work, node, key)
    owner = node.getparent() if local(node) == "extensionElements" else node
    for child in list(node):
        if not m.is_foreign(child) or owner is None:
            continue
        mapper = _mapper(etree.QName(child).namespace)
        if mapper is not None:
            mapper.extension(work, owner, child)


def _pictures(work: Work) -> None:
    """Colours and the like in the drawn part stay: they belong to the picture."""
    for node in work.manifest.nodes:
        if node.tag == f"{{{BPMNDI}}}BPMNDiagram":
            for each in node.iter():
                if each not in work.manifest.numbers:
                    continue
                if m.is_foreign(each):
                    work.keep(each, zh="属于图形，原样保留", en="it belongs to the picture and stays")
                for key in m.keys(each):
                    if etree.QName(key).namespace not in m.PLAIN:
                        work.keep(each, key, zh="属于图形，原样保留", en="it belongs to the picture and stays")


def _rest(work: Work) -> None:
    """Whatever nobody knew: left, by name."""
    for item in list(work.manifest.open):
        if item not in work.manifest.open:
            continue  # went with what is around it
        node, key = work.manifest.open[item]
        space = etree.QName(key).namespace if key is not None else etree.QName(node).namespace
        if key is not None and space is None:
            space = etree.QName(node).namespace
        weight = NOTHING if pictures.tool_of(space) or local(node) == "definitions" else BINDING
        what = space or "-"
        work.leave(
            node,
            key if not m.is_foreign(node) else None,
            weight,
            f"不认识的扩展（{what}）",
            f"an unknown extension ({what})",
        )
        work.manifest.open.pop(item, None)


def _arrivals(work: Work) -> tuple[Arrival, ...]:
    chosen = standard.processes(work)
    lines = {node.get("id", ""): work.manifest.lines[node] for node in reversed(work.manifest.nodes) if node.get("id")}
    every = list(work.root.iter(f"{{{BPMN}}}process"))
    leaving.write(work, chosen, work.manifest.remarks)
    _named(work, chosen)
    spaces = {prefix: space for prefix, space in work.root.nsmap.items() if prefix and space not in _BY_SPACE}
    free = "camunda" if spaces.get("camunda", CAMUNDA) == CAMUNDA else "camunda7"
    etree.cleanup_namespaces(work.root, top_nsmap={free: CAMUNDA}, keep_ns_prefixes=[str(prefix) for prefix in spaces])
    found = []
    for process in chosen:
        for each in every:
            each.set("isExecutable", "true" if each is process else "false")
        content = etree.tostring(work.root.getroottree(), encoding="UTF-8", xml_declaration=True)
        id = process.get("id", "")
        found.append(Arrival(id, process.get("name") or id, content, lines))
    return tuple(found)


def _named(work: Work, chosen: list[etree._Element]) -> None:
    """A process id of ours has letters, digits and a few signs; others are written anew, wherever they stand."""
    taken = {node.get("id") for node in work.manifest.nodes}
    for process in chosen:
        id = process.get("id", "")
        if _PROCESS.fullmatch(id):
            continue
        new = re.sub(r"[^A-Za-z0-9_.\-]", "_", id)[:80] or "process"
        new = new if _PROCESS.fullmatch(new) else f"p_{new}"
        while new in taken:
            new += "_"
        taken.add(new)
        process.set("id", new)
        for node in work.manifest.nodes:
            for key in ("processRef", "bpmnElement", "calledElement"):
                if node.get(key) == id:
                    node.set(key, new)
        work.note(
            process,
            "id",
            id,
            new,
            "流程 id 含有不能用的字符，已改写",
            "the process id held signs that cannot stand there",
        )
