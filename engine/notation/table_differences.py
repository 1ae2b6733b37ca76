"""What changed between two versions of a decision table file: rows, cells, columns, hit policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.notation.tables import Table, tables_in
from engine.words.errors import NotPublishable


@dataclass(frozen=True, slots=True)
class Change:
    table: str
    what: str
    what_zh: str
    what_en: str
    before: str | None
    after: str | None


def changes(before: str | None, after: str | None) -> Iterator[Change]:
    """`None` where the file is not there. A file that cannot be read is compared as a whole."""
    if before == after:
        return
    if before is None or after is None:
        words = ("新增文件", "new file") if before is None else ("删除文件", "file removed")
        yield Change("", "added" if before is None else "removed", *words, None, None)
        return
    try:
        were, are = tables_in(before), tables_in(after)
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


def _table(was: Table, table: Table) -> Iterator[Change]:
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


def _rules(was: Table, table: Table) -> Iterator[Change]:
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


def _row(table: Table, cells: dict[str, str]) -> str:
    return "；".join(f"{table.columns.get(column, column)}：{text or '-'}" for column, text in cells.items())
