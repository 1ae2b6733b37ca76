"""What changed between two versions of a decision table file: rows, cells, columns, hit policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.notation.xml import local, open_xml
from engine.words.errors import NotPublishable


@dataclass(frozen=True, slots=True)
class Change:
    table: str
    what: str
    what_zh: str
    what_en: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class _Table:
    """One decision: `columns` id → label, `rules` id → cells by column id; `other`: the text of what is no table."""

    name: str
    policy: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    expressions: dict[str, str] = field(default_factory=dict)
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    other: str = ""


def changes(before: str | None, after: str | None) -> Iterator[Change]:
    """`None` where the file is not there. A file that cannot be read is compared as a whole."""
    if before == after:
        return
    if before is None or after is None:
        words = ("新增文件", "new file") if before is None else ("删除文件", "file removed")
        yield Change("", "added" if before is None else "removed", *words, None, None)
        return
    try:
        were, are = _tables(before), _tables(after)
    except NotPublishable:
        yield Change("", "text", "内容", "text", None, "…")
        return
    for id, table in are.items():
        if id not in were:
            yield Change(table.name, "added", "新增决策", "new decision", None, table.name)
        else:
            yield from _table(were[id], table)
    for id, table in were.items():
        if id not in are:
            yield Change(table.name, "removed", "删除决策", "decision removed", table.name, None)


def _table(was: _Table, table: _Table) -> Iterator[Change]:
    name = table.name
    if was.name != name:
        yield Change(name, "name", "名称", "name", was.name, name)
    if was.policy != table.policy:
        yield Change(name, "hit policy", "命中策略", "hit policy", was.policy, table.policy)
    if was.other != table.other:
        yield Change(name, "expression", "表达式", "expression", was.other[:2000], table.other[:2000])
    for id, label in table.columns.items():
        if id not in was.columns:
            yield Change(name, f"column {id}", "新增列", "new column", None, label)
            continue
        if was.columns[id] != label:
            yield Change(name, f"column {id}", "列名", "column label", was.columns[id], label)
        if was.expressions.get(id) != table.expressions.get(id):
            words = (f"列“{label}”的表达式", f'expression of column "{label}"')
            yield Change(name, f"column {id} expression", *words, was.expressions.get(id), table.expressions.get(id))
    for id, label in was.columns.items():
        if id not in table.columns:
            yield Change(name, f"column {id}", "删除列", "column removed", label, None)
    yield from _rules(was, table)


def _rules(was: _Table, table: _Table) -> Iterator[Change]:
    for number, (id, cells) in enumerate(table.rules.items(), start=1):
        if id not in was.rules:
            words = (f"新增第 {number} 行", f"new row {number}")
            yield Change(table.name, f"rule {id}", *words, None, _row(table, cells))
            continue
        for column, text in cells.items():
            old = was.rules[id].get(column)
            if old is not None and old != text:
                label = table.columns.get(column, column)
                words = (f"第 {number} 行“{label}”", f'row {number}, "{label}"')
                yield Change(table.name, f"rule {id} {column}", *words, old or "-", text or "-")
    for number, (id, cells) in enumerate(was.rules.items(), start=1):
        if id not in table.rules:
            words = (f"删除原第 {number} 行", f"former row {number} removed")
            yield Change(table.name, f"rule {id}", *words, _row(was, cells), None)
    kept_before = [id for id in was.rules if id in table.rules]
    kept_after = [id for id in table.rules if id in was.rules]
    if kept_before != kept_after:
        yield Change(table.name, "order", "行的顺序", "order of rows", ", ".join(kept_before), ", ".join(kept_after))


def _row(table: _Table, cells: dict[str, str]) -> str:
    return "；".join(f"{table.columns.get(column, column)}：{text or '-'}" for column, text in cells.items())


def _tables(text: str) -> dict[str, _Table]:
    root = open_xml(text.encode())
    found: dict[str, _Table] = {}
    for node in root:
        if local(node) in {"decision", "businessKnowledgeModel"}:
            found[node.get("id", "")] = _read(node)
    return found


def _read(node: etree._Element) -> _Table:
    name = node.get("name") or node.get("id") or ""
    table = next((child for child in node if local(child) == "decisionTable"), None)
    if table is None:
        logic = [child for child in node if local(child) not in {"variable", "extensionElements", "description", ""}]
        return _Table(name, other="\n".join(_text(child) for child in logic))
    policy = " ".join(filter(None, (table.get("hitPolicy", "UNIQUE"), table.get("aggregation"))))
    columns: dict[str, str] = {}
    expressions: dict[str, str] = {}
    for place, column in enumerate(child for child in table if local(child) in {"input", "output", "annotation"}):
        id = column.get("id") or f"column {place + 1}"
        asked = _text(next((part for part in column if local(part) == "inputExpression"), None))
        columns[id] = column.get("label") or column.get("name") or asked or id
        expressions[id] = asked or column.get("name", "")
    order = list(columns)
    rules: dict[str, dict[str, str]] = {}
    for place, rule in enumerate(child for child in table if local(child) == "rule"):
        entries = [part for part in rule if local(part) in {"inputEntry", "outputEntry", "annotationEntry"}]
        rules[rule.get("id") or f"row {place + 1}"] = {
            column: _text(entry) for column, entry in zip(order, entries, strict=False)
        }
    return _Table(name, policy, columns, expressions, rules)


def _text(node: etree._Element | None) -> str:
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()
