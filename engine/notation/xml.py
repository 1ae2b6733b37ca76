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
MAX_ELEMENTS = 10_000  # of BPMN; the largest process anybody drew has some hundreds
MAX_ATTRIBUTES = 500
MAX_PARTS = 100_000  # of anything, pictures and other tools' extensions included
# What people send by mistake, by its first bytes.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "这是 ZIP 压缩文件（或 Office 文件）。请先解压，选里面的 .bpmn 文件",
     "This is a ZIP (or Office) file. Unpack it and choose the .bpmn file inside"),
    (b"\x89PNG", "这是 PNG 图片，不是流程图文件。请从画图工具导出 BPMN 2.0 XML",
     "This is a PNG picture. Export BPMN 2.0 XML from the drawing tool"),
    (b"\xff\xd8\xff", "这是 JPEG 图片，不是流程图文件。请从画图工具导出 BPMN 2.0 XML",
     "This is a JPEG picture. Export BPMN 2.0 XML from the drawing tool"),
    (b"GIF8", "这是 GIF 图片，不是流程图文件。请从画图工具导出 BPMN 2.0 XML",
     "This is a GIF picture. Export BPMN 2.0 XML from the drawing tool"),
    (b"%PDF", "这是 PDF 文件，不是流程图文件。请从画图工具导出 BPMN 2.0 XML",
     "This is a PDF file. Export BPMN 2.0 XML from the drawing tool"),
    (b"\xd0\xcf\x11\xe0", "这是 Office 或 Visio 文件。请从画图工具导出 BPMN 2.0 XML",
     "This is an Office or Visio file. Export BPMN 2.0 XML from the drawing tool"),
    (b"{", "这是 JSON 文件，不是 BPMN 2.0 XML", "This is a JSON file, no BPMN 2.0 XML"),
)  # fmt: skip


def refuse(law: str, zh: str, en: str, *, element: str = "", line: int | None = None) -> NotPublishable:
    return NotPublishable([Finding(law, "error", element, line, zh, en)])


def open_xml(content: bytes) -> etree._Element:
    """The root element. Raises `NotPublishable` (with the line) for what is no XML, too large, too deep, or declares
    entities of its own: nobody draws a diagram with entities, but attackers do."""
    if len(content) > MAX_BYTES:
        raise refuse("file_is_readable", "文件过大（上限 20 MB）", "The file is too large (limit 20 MB)", line=1)
    _refuse_others(content)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!ENTITY" in content:  # a billion laughs: stopped by the parser, and said as what it is
            raise _entities() from error
        if (encoding := _misnamed(content)) is not None:
            raise refuse(
                "file_is_readable",
                f"文件声明的编码不对：内容不是它声明的编码，看来是 {encoding}。请另存为 UTF-8",
                f"The file is not in the encoding it names; it looks like {encoding}. Save it as UTF-8",
                line=1,
            ) from error
        line = getattr(error, "lineno", None) or 1
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


def _refuse_others(content: bytes) -> None:
    begin = content.lstrip()[:64]
    found = next(((zh, en) for sign, zh, en in _OTHERS if begin.startswith(sign)), None)
    if begin.lower().startswith((b"<!doctype html", b"<html")):
        found = (
            "这是网页（HTML），不是流程图文件。请下载 BPMN 文件本身",
            "This is a web page (HTML). Download the BPMN file itself",
        )
    if not begin:
        found = ("文件是空的", "The file is empty")
    if found is not None:
        raise refuse("file_is_readable", *found, line=1)


def _misnamed(content: bytes) -> str | None:
    """GB 18030 is told from UTF-8 by what it cannot be; UTF-16 without its mark by the zeros between the letters."""
    if content[:4].count(0) == 2:
        return "UTF-16"
    head = content[:200].lower()
    if b"encoding" in head and b"utf-8" not in head:
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            content.decode("gb18030")
        except UnicodeDecodeError:
            return None
        return "GBK"
    return None


def refuse_crowd(root: etree._Element) -> None:
    """More than anybody can have drawn is not looked at any closer."""
    for tag, most in ((f"{{{BPMN}}}*", MAX_ELEMENTS), ("*", MAX_PARTS)):
        for count, node in enumerate(root.iter(tag)):
            if count >= most:
                raise _crowded(node, f"元素太多（上限 {most} 个）", f"There are too many elements (limit {most})")
            if len(node.attrib) > MAX_ATTRIBUTES:
                what = f"一个元素的属性太多（上限 {MAX_ATTRIBUTES} 个）"
                raise _crowded(node, what, f"An element has too many attributes (limit {MAX_ATTRIBUTES})")


def _crowded(node: etree._Element, zh: str, en: str) -> NotPublishable:
    line = line_of(node) or 1
    return refuse("file_is_readable", f"{zh}，请拆成几个流程", f"{en}; split it into several processes", line=line)


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
