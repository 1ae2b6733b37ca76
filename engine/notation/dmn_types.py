"""The item definitions of a decision file: named types, as the evaluator reads them."""

from __future__ import annotations

from lxml import etree

from engine.notation import expressions
from engine.notation.boxed import Box
from engine.notation.dmn import File, child, children, text_in

MAX_DEPTH = 30


def read_types(file: File, root: etree._Element) -> None:
    for node in children(root, "itemDefinition"):
        name = node.get("name") or ""
        file.types[name] = _type(file, node, node.get("id") or name, 0)
        file.names |= {name} | {each.get("name") or "" for each in node.iter() if each.get("name")}


def _type(file: File, node: etree._Element, id: str, depth: int) -> Box:
    called = child(node, "functionItem")
    if called is not None:
        takes = [each.get("typeRef") or "Any" for each in children(called, "parameters")]
        return {"takes": takes, "gives": called.get("outputTypeRef") or "Any"}
    listed = node.get("isCollection") == "true"
    parts = [
        {"name": part.get("name") or "", **_type(file, part, id, depth + 1)}
        for part in (children(node, "itemComponent") if depth < MAX_DEPTH else ())
    ]
    found: Box = {
        "ref": _plain(child(node, "typeRef")),
        "list": listed,
        "allows": _tests(file, node, "allowedValues", id),
        "listAllows": _tests(file, node, "typeConstraint", id),
    }
    if not listed and found["listAllows"]:
        found["allows"], found["listAllows"] = found["listAllows"], None
    return {**found, "parts": parts} if parts else found


def _plain(node: etree._Element | None) -> str | None:
    text = "".join(str(part) for part in node.itertext()).strip() if node is not None else ""
    return text or None


def _tests(file: File, node: etree._Element, tag: str, id: str) -> str | None:
    values = child(node, tag)
    if values is None or expressions.cell(text_in(values)) is None:
        return None
    name = node.get("name") or id
    place = (f"类型“{name}”的可选值", f'The values of type "{name}"')
    return file.check(values, id, place, text_in(values), unary=True)
