"""Repeated steps of other tools: what they repeat over, until when, and what is gathered."""

from __future__ import annotations

import re

from lxml import etree

from engine.notation.imports import manifest as m
from engine.notation.imports import translate
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import B, C, Work, language_of

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,99}")


def repeat(work: Work, loop: etree._Element) -> None:
    for tag in ("completionCondition", "loopCardinality"):
        node = loop.find(f"{B}{tag}")
        text = (node.text or "").strip() if node is not None else ""
        if node is None or not text:
            continue
        try:
            given = translate.condition(text, language_of(work, node), work.known)
        except NotCertain as reason:
            work.warn(
                node, tag, text, f"不能确切译成 FEEL：{reason.zh}", f"cannot be put into FEEL for sure: {reason.en}"
            )
            if not text.startswith(("${", "#{")):
                node.set("language", node.get("language") or "unknown")
            continue
        m.drop(node, "language")
        if given.language != "FEEL":
            work.note(node, tag, text, given.text, f"由 {given.language} 译成 FEEL", f"from {given.language} into FEEL")
            node.text = f"={given.text}"
    member = loop.find(f"{B}inputDataItem")
    if member is not None:
        variable = member.get("name") or member.get("id") or ""
        work.note(
            member,
            "inputDataItem",
            variable,
            f"elementVariable {variable}",
            "改为元素变量",
            "now the element variable",
            away=True,
        )
        if not loop.get(f"{C}elementVariable"):
            loop.set(f"{C}elementVariable", variable)
    source = loop.find(f"{B}loopDataInputRef")
    if source is not None and (source.text or "").strip():
        named = _data_name(work, (source.text or "").strip())
        work.note(
            source,
            "loopDataInputRef",
            (source.text or "").strip(),
            f"collection ={named}",
            "改为多实例集合",
            "now the collection",
            away=True,
        )
        if not loop.get(f"{C}collection"):
            loop.set(f"{C}collection", f"={named}")
    collected = any(etree.QName(key).localname == "collection" for key in loop.attrib)
    if collected and not any(etree.QName(key).localname == "elementVariable" for key in loop.attrib):
        work.note(loop, "elementVariable", "", "item", "没有元素变量，定为 item", "it had no element variable: item")
        loop.set(f"{C}elementVariable", "item")
    for tag in ("loopDataOutputRef", "outputDataItem"):
        node = loop.find(f"{B}{tag}")
        if node is not None:
            work.warn(
                node,
                tag,
                (node.text or node.get("name") or node.get("id") or "").strip(),
                "各实例的结果不会收进集合；需要时用属性 collect",
                "what they give is not gathered; use the property collect",
                away=True,
            )


def _data_name(work: Work, id: str) -> str:
    """The collection's variable: a data input stands for what is handed to it."""
    for each in work.root.iter(f"{B}dataInputAssociation"):
        if (each.findtext(f"{B}targetRef") or "").strip() == id:
            id = (each.findtext(f"{B}sourceRef") or "").strip() or id
    for each in work.root.iter(f"{B}property", f"{B}dataObjectReference", f"{B}dataObject", f"{B}dataInput"):
        if each.get("id") == id and _ID.fullmatch(each.get("name", "")):
            return str(each.get("name"))
    return id
