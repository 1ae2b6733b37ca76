"""Boxed expressions of a decision file (contexts, lists, functions, calls, tables in each other …) as the evaluator
reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from lxml import etree

from engine.notation.xml import local

EXPRESSIONS = frozenset(
    {"literalExpression", "context", "list", "relation", "invocation", "functionDefinition", "decisionTable"}
    | {"conditional", "filter", "for", "every", "some"}
)
Box = dict[str, Any]


class Check(Protocol):
    """Remembers a FEEL text to be checked and gives it back as FEEL reads it."""

    def __call__(
        self, node: etree._Element, element: str, place: tuple[str, str], text: str, *, unary: bool
    ) -> str: ...


Refuse = Callable[[etree._Element, str, str, str], None]
NOTHING: Box = {"k": "literal", "text": "null"}


class Boxes:
    """Reads the boxes of one decision; `table` reads a decision table."""

    def __init__(
        self,
        check: Check,
        refuse: Refuse,
        table: Callable[[etree._Element], Box],
        element: str,
        *,
        lenient: bool = False,
    ) -> None:
        self._check, self._refuse, self._table, self._element = check, refuse, table, element
        self._lenient = lenient

    def read(self, node: etree._Element) -> Box:
        """The expression as a box; what is not there is refused, and is null."""
        box = self._read(node)
        kind = node.get("typeRef")
        return {**box, "type": kind} if kind else box

    def function(self, node: etree._Element) -> Box:
        """A function definition, or a business knowledge model's logic."""
        kind = node.get("kind") or "FEEL"
        parameters = [
            {"name": child.get("name") or "", "type": child.get("typeRef") or None}
            for child in node
            if local(child) == "formalParameter"
        ]
        body = inside(node)
        if kind != "FEEL" and not self._lenient:
            zh, en = "只支持用 FEEL 写的函数", "Only functions written in FEEL are run"
            self._refuse(node, self._element, zh, en)
        elif body is None and not self._lenient:
            self._refuse(node, self._element, "函数是空的", "A function is empty")
        if kind != "FEEL" or body is None:
            return {"k": "function", "parameters": parameters, "external": True, "body": NOTHING}
        return {"k": "function", "parameters": parameters, "external": False, "body": self.read(body)}

    def _inside(self, node: etree._Element, of: etree._Element) -> Box:
        found = inside(node)
        if found is None:
            self._refuse(of, self._element, f"“{local(of)}”中缺少表达式", f'An expression is missing in "{local(of)}"')
            return NOTHING
        return self.read(found)

    def _part(self, node: etree._Element, name: str) -> Box:
        found = next((child for child in node if local(child) == name), None)
        return self._inside(found if found is not None else etree.Element("nothing"), node)

    def _read(self, node: etree._Element) -> Box:
        kind = local(node)
        match kind:
            case "literalExpression":
                if not text_of(node).strip():
                    self._refuse(node, self._element, "表达式是空的", "The expression is empty")
                    return NOTHING
                place = ("表达式", "The expression")
                return {"k": "literal", "text": self._check(node, self._element, place, text_of(node), unary=False)}
            case "decisionTable":
                return {"k": "table", "table": self._table(node)}
            case "context":
                return {"k": "context", "entries": list(self._entries(node))}
            case "list":
                return {"k": "list", "items": [self.read(child) for child in node if local(child) in EXPRESSIONS]}
            case "relation":
                columns = [child.get("name") or "" for child in node if local(child) == "column"]
                rows = [self._row(row) for row in node if local(row) == "row"]
                if any(len(row) != len(columns) for row in rows):
                    zh, en = "关系表各行的格数须与列数相同", "Each row of a relation needs one cell for each column"
                    self._refuse(node, self._element, zh, en)
                return {"k": "relation", "columns": columns, "rows": [row for row in rows if len(row) == len(columns)]}
            case "invocation":
                return self._call(node)
            case "functionDefinition":
                return self.function(node)
            case "conditional":
                names = (("test", "if"), ("yes", "then"), ("no", "else"))
                return {"k": "if", **{key: self._part(node, name) for key, name in names}}
            case "filter":
                return {"k": "filter", "over": self._part(node, "in"), "match": self._part(node, "match")}
        body = self._part(node, "return" if kind == "for" else "satisfies")
        return {"k": kind, "name": node.get("iteratorVariable") or "", "over": self._part(node, "in"), "body": body}

    def _entries(self, node: etree._Element) -> Iterator[Box]:
        """The last entry may have no name: then it is the result, and the others are steps towards it."""
        for entry in node:
            if local(entry) == "contextEntry":
                variable = next((child for child in entry if local(child) == "variable"), None)
                name = variable.get("name") if variable is not None else None
                kind = variable.get("typeRef") if variable is not None else None
                yield {"name": name, "type": kind, "box": self._inside(entry, node)}

    def _row(self, row: etree._Element) -> list[Box]:
        return [self.read(cell) for cell in row if local(cell) in EXPRESSIONS]

    def _call(self, node: etree._Element) -> Box:
        called = inside(node)
        bindings = []
        for binding in node:
            if local(binding) == "binding":
                name = next((child.get("name") or "" for child in binding if local(child) == "parameter"), "")
                given = inside(binding)
                bindings.append({"name": name, "box": None if given is None else self.read(given)})
        if called is None:
            self._refuse(node, self._element, "调用中没有写函数", "A call names no function")
            return NOTHING
        return {"k": "call", "target": self.read(called), "bindings": bindings}


def texts_in(box: Box) -> Iterator[tuple[str, bool, frozenset[str]]]:
    """Every FEEL text of a box, whether it is a cell, and the names that the boxes around it bind."""
    yield from _texts(box, frozenset())


def _texts(box: Any, bound: frozenset[str]) -> Iterator[tuple[str, bool, frozenset[str]]]:
    match box["k"]:
        case "literal":
            yield box["text"], False, bound
        case "context":
            for entry in box["entries"]:
                yield from _texts(entry["box"], bound)
                bound |= {entry["name"] or ""}
        case "function":
            yield from _texts(box["body"], bound | {each["name"] for each in box["parameters"]})
        case "call":
            yield from _texts(box["target"], bound)
            for each in box["bindings"]:
                if each["box"] is not None:
                    yield from _texts(each["box"], bound)
        case "list":
            for item in box["items"]:
                yield from _texts(item, bound)
        case "relation":
            for row in box["rows"]:
                for cell in row:
                    yield from _texts(cell, bound)
        case "if":
            for key in ("test", "yes", "no"):
                yield from _texts(box[key], bound)
        case "filter":
            yield from _texts(box["over"], bound)
            yield from _texts(box["match"], bound | {"item"})
        case "for" | "some" | "every":
            yield from _texts(box["over"], bound)
            yield from _texts(box["body"], bound | {box["name"], "partial"})
        case "table":
            yield from ((text, unary, bound) for text, unary in table_texts(box["table"]))


def table_texts(table: Box) -> Iterator[tuple[str, bool]]:
    for column in table["inputs"]:
        yield column["text"], False
    for column in (*table["inputs"], *table["outputs"]):
        if column["allowed"]:
            yield column["allowed"], True
    for column in table["outputs"]:
        if column["default"]:
            yield column["default"], False
    for rule in table["rules"]:
        yield from ((cell, True) for cell in rule["cells"] if cell)
        yield from ((text, False) for text in rule["outputs"])


def names_in(node: etree._Element) -> set[str]:
    """Names that contexts, parameters and loops bind inside a boxed expression."""
    named = {"variable", "formalParameter", "column", "parameter"}
    found = {each.get("name") or "" for each in node.iter() if local(each) in named}
    return (found | {each.get("iteratorVariable") or "" for each in node.iter() if local(each)}) - {""}


def inside(node: etree._Element) -> etree._Element | None:
    """The expression inside an entry, binding, function …"""
    return next((child for child in node if local(child) in EXPRESSIONS), None)


def text_of(node: etree._Element) -> str:
    text = next((child for child in node if local(child) == "text"), None)
    return "".join(str(part) for part in text.itertext()) if text is not None else ""
