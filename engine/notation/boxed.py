"""Boxed expressions of a decision file (contexts, lists, functions, calls …) written out as FEEL text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol

from lxml import etree

from engine.notation.xml import local

EXPRESSIONS = frozenset(
    {"literalExpression", "context", "list", "relation", "invocation", "functionDefinition"}
    | {"conditional", "filter", "for", "every", "some"}
)


class Check(Protocol):
    """Remembers a FEEL text to be checked and gives it back as FEEL reads it."""

    def __call__(
        self, node: etree._Element, element: str, place: tuple[str, str], text: str, *, unary: bool
    ) -> str: ...


Refuse = Callable[[etree._Element, str, str, str], None]


def text_of(node: etree._Element, check: Check, refuse: Refuse, element: str) -> str:
    """The expression as FEEL; what has no FEEL form is refused, and is null."""

    def feel(inner: etree._Element | None) -> str:
        if inner is None:
            refuse(node, element, f"“{local(node)}”中缺少表达式", f'An expression is missing in "{local(node)}"')
            return "null"
        return f"({text_of(inner, check, refuse, element)}\n)"

    def part(name: str) -> str:
        return feel(next((_inside(child) for child in node if local(child) == name), None))

    match local(node):
        case "literalExpression":
            place = ("表达式", "The expression")
            if not _text(node).strip():
                refuse(node, element, "表达式是空的", "The expression is empty")
                return "null"
            return check(node, element, place, _text(node), unary=False)
        case "context":
            return _context(node, feel)
        case "list":
            return "[" + ", ".join(feel(child) for child in node if _is_expression(child)) + "]"
        case "relation":
            columns = [child.get("name") or "" for child in node if local(child) == "column"]
            rows = [[feel(cell) for cell in row if _is_expression(cell)] for row in node if local(row) == "row"]
            written = (
                ", ".join(
                    f"{json.dumps(name, ensure_ascii=False)}: {cell}" for name, cell in zip(columns, row, strict=False)
                )
                for row in rows
            )
            return "[" + ", ".join(f"{{{row}}}" for row in written) + "]"
        case "invocation":
            return _call(node, feel)
        case "functionDefinition":
            return function_text(node, check, refuse, element)
        case "conditional":
            return f"if {part('if')} then {part('then')} else {part('else')}"
        case "filter":
            return f"{part('in')}[{part('match')}]"
        case "for":
            return f"for {node.get('iteratorVariable')} in {part('in')} return {part('return')}"
        case "every" | "some":
            return f"{local(node)} {node.get('iteratorVariable')} in {part('in')} satisfies {part('satisfies')}"
    refuse(
        node,
        element,
        f"“{local(node)}”不能写在其他表达式里面；请单独作为一个决策",
        f'"{local(node)}" cannot stand inside another expression; make it a decision of its own',
    )
    return "null"


def function_text(node: etree._Element, check: Check, refuse: Refuse, element: str) -> str:
    """A function definition (a business knowledge model's logic) as a FEEL function."""
    if (node.get("kind") or "FEEL") != "FEEL":
        refuse(node, element, "只支持用 FEEL 写的函数", "Only functions written in FEEL are run")
        return "null"
    parameters = ", ".join(child.get("name") or "" for child in node if local(child) == "formalParameter")
    body = _inside(node)
    if body is None:
        refuse(node, element, "函数是空的", "A function is empty")
        return "null"
    return f"function({parameters}) ({text_of(body, check, refuse, element)}\n)"


def names_in(node: etree._Element) -> set[str]:
    """Names that contexts, parameters and loops bind inside a boxed expression."""
    named = {"variable", "formalParameter", "column"}
    found = {each.get("name") or "" for each in node.iter() if local(each) in named}
    return (found | {each.get("iteratorVariable") or "" for each in node.iter() if local(each)}) - {""}


def _context(node: etree._Element, feel: Callable[[etree._Element | None], str]) -> str:
    """The last entry may have no name: then it is the result, and the others are steps towards it."""
    written, result = [], ""
    for entry in node:
        if local(entry) != "contextEntry":
            continue
        variable = next((child for child in entry if local(child) == "variable"), None)
        if variable is None:
            result = feel(_inside(entry))
        else:
            written.append(f"{json.dumps(variable.get('name') or '', ensure_ascii=False)}: {feel(_inside(entry))}")
    if result:
        return "{" + ", ".join([*written, f"result__: {result}"]) + "}.result__"
    return "{" + ", ".join(written) + "}"


def _call(node: etree._Element, feel: Callable[[etree._Element | None], str]) -> str:
    called = next((child for child in node if local(child) in EXPRESSIONS), None)
    bindings = []
    for binding in node:
        if local(binding) == "binding":
            name = next((child.get("name") or "" for child in binding if local(child) == "parameter"), "")
            bindings.append(f"{name}: {feel(_inside(binding))}")
    target = _text(called).strip() if called is not None and local(called) == "literalExpression" else feel(called)
    return f"{target}({', '.join(bindings)})"


def _inside(node: etree._Element) -> etree._Element | None:
    """The expression inside an entry, binding, function …"""
    return next((child for child in node if _is_expression(child)), None)


def _is_expression(node: etree._Element) -> bool:
    """A decision table counts, to be refused by name."""
    return local(node) in EXPRESSIONS or local(node) == "decisionTable"


def _text(node: etree._Element) -> str:
    text = next((child for child in node if local(child) == "text"), None)
    return "".join(str(part) for part in text.itertext()) if text is not None else ""
