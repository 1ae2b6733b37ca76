"""Opens XML that strangers wrote, without ever letting it open anything itself."""

from __future__ import annotations

from typing import cast

from lxml import etree

from engine.words.errors import Finding, NotPublishable

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 200


def refuse(law: str, zh: str, en: str, *, element: str = "", line: int | None = None) -> NotPublishable:
    return NotPublishable([Finding(law, "error", element, line, zh, en)])


def open_xml(content: bytes) -> etree._Element:
    """The root element. Raises `NotPublishable` (with the line) for what is no XML, too large, too deep, or declares
    entities of its own: nobody draws a diagram with entities, but attackers do."""
    if len(content) > MAX_BYTES:
        raise refuse("file_is_readable", "文件过大（上限 20 MB）", "The file is too large (limit 20 MB)")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!ENTITY" in content:  # a billion laughs: stopped by the parser, and said as what it is
            raise _entities() from error
        line = getattr(error, "lineno", None)
        where_zh, where_en = (f"第 {line} 行：", f"Line {line}: ") if line else ("", "")
        raise refuse(
            "file_is_readable",
            f"{where_zh}不是有效的 XML（{error}）",
            f"{where_en}not well-formed XML ({error})",
            line=line,
        ) from error
    doctype = root.getroottree().docinfo
    if doctype.internalDTD is not None or doctype.doctype:
        raise _entities()
    _refuse_depth(root)
    return root


def _entities() -> NotPublishable:
    return refuse(
        "file_is_readable",
        "文件含有 DOCTYPE 或实体定义，出于安全原因不予读取",
        "The file declares a DOCTYPE or entities; it is not read, for safety",
        line=1,
    )


def _refuse_depth(root: etree._Element) -> None:
    depth = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise refuse(
                "file_is_readable",
                f"第 {node.sourceline} 行：嵌套超过 {MAX_DEPTH} 层",
                f"Line {node.sourceline}: nested deeper than {MAX_DEPTH} levels",
                line=node.sourceline,
            )


def local(node: etree._Element) -> str:
    """The element's name without its namespace; comments have none ("")."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def line_of(node: etree._Element) -> int | None:
    line: int | None = cast("int | None", node.sourceline)
    return line
