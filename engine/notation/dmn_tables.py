"""Reads one decision table: columns, rows and cells, and what is wrong with them."""

from __future__ import annotations

from lxml import etree

from engine.notation import expressions
from engine.notation.dmn import Column, File, Rule, Table, child, children, text_in
from engine.notation.xml import line_of

POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}
AGGREGATIONS = {"SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}
MAX_CELLS = 20_000


def table_of(file: File, node: etree._Element, id: str, name: str) -> Table:
    policy, aggregation = node.get("hitPolicy") or "UNIQUE", node.get("aggregation") or ""
    if policy not in POLICIES or (aggregation and (policy != "COLLECT" or aggregation not in AGGREGATIONS)):
        zh = f"决策表“{name}”的命中策略“{policy} {aggregation}”不存在"
        file.refuse(node, id, zh, f'The hit policy "{policy} {aggregation}" of table "{name}" does not exist')
    inputs = tuple(_input(file, each, id, n) for n, each in enumerate(children(node, "input"), 1))
    outputs = tuple(_output(file, each, id, n) for n, each in enumerate(children(node, "output"), 1))
    names = [column.name for column in outputs]
    if not outputs:
        file.refuse(node, id, f"决策表“{name}”没有输出列", f'The table "{name}" has no output column')
    if len(outputs) > 1 and (not all(names) or len(set(names)) < len(names)):
        zh, en = f"决策表“{name}”的各输出列须有互不相同的名称", f'Each output of table "{name}" needs a name of its own'
        file.refuse(node, id, zh, en)
    if aggregation and len(outputs) > 1:
        zh = f"决策表“{name}”汇总（{aggregation}）时只能有一个输出列"
        file.refuse(node, id, zh, f'The table "{name}" aggregates ({aggregation}) and may have one output only')
    listed = any(column.allowed or file.types.get(column.type, {}).get("allows") for column in outputs)
    if policy in ("PRIORITY", "OUTPUT ORDER") and not listed:
        zh = f"决策表“{name}”按优先级命中，输出列须按优先次序列出可选值"
        file.refuse(node, id, zh, f'The table "{name}" goes by priority: list the values of its outputs in order')
    rows = list(children(node, "rule"))
    if len(rows) * (len(inputs) + len(outputs)) > MAX_CELLS:
        zh, en = f"决策表“{name}”超过 {MAX_CELLS} 格", f'The table "{name}" has more than {MAX_CELLS} cells'
        file.refuse(node, id, zh, en)
        rows = []
    rules = tuple(_rule(file, row, id, number, inputs, outputs) for number, row in enumerate(rows, 1))
    return Table(POLICIES.get(policy, "U") + AGGREGATIONS.get(aggregation, ""), inputs, outputs, rules, line_of(node))


def _input(file: File, node: etree._Element, id: str, number: int) -> Column:
    asked = child(node, "inputExpression")
    text = text_in(asked)
    label = node.get("label") or text.strip() or f"{number}"
    place = (f"输入列“{label}”", f'The input "{label}"')
    if not text.strip():
        file.refuse(node, id, f"{place[0]}没有写表达式", f"{place[1]} has no expression")
    elif asked is not None:
        text = file.check(asked, id, place, text, unary=False)
    alias = next(
        (str(value) for key, value in node.attrib.items() if etree.QName(key).localname == "inputVariable"), ""
    )
    allowed = _allowed(file, node, "inputValues", id, place)
    kind = (asked.get("typeRef") or "") if asked is not None else ""
    return Column(label, kind, text=text, alias=alias, allowed=allowed)


def _output(file: File, node: etree._Element, id: str, number: int) -> Column:
    name = node.get("name") or ""
    label = node.get("label") or name or f"{number}"
    place = (f"输出列“{label}”", f'The output "{label}"')
    default = child(node, "defaultOutputEntry")
    text = text_in(default)
    if default is not None and text.strip():
        text = file.check(default, id, (f"{place[0]}的默认值", f"{place[1]}: default"), text, unary=False)
    return Column(
        label,
        node.get("typeRef") or "",
        name,
        allowed=_allowed(file, node, "outputValues", id, place),
        default=text if text.strip() else None,
    )


def _allowed(file: File, node: etree._Element, tag: str, id: str, place: tuple[str, str]) -> str | None:
    values = child(node, tag)
    if values is None or expressions.cell(text_in(values)) is None:
        return None
    return file.check(values, id, (f"{place[0]}的可选值", f"{place[1]}: values"), text_in(values), unary=True)


def _rule(
    file: File, node: etree._Element, id: str, number: int, inputs: tuple[Column, ...], outputs: tuple[Column, ...]
) -> Rule:
    cells, results = list(children(node, "inputEntry")), list(children(node, "outputEntry"))
    if len(cells) != len(inputs) or len(results) != len(outputs):
        zh = f"第 {number} 行有 {len(cells)} 个输入格、{len(results)} 个输出格，应为 {len(inputs)} 和 {len(outputs)}"
        wanted = f"{len(inputs)} and {len(outputs)}"
        en = f"Row {number} has {len(cells)} input and {len(results)} output cells instead of {wanted}"
        file.refuse(node, node.get("id") or id, zh, en)
        return Rule(node.get("id") or f"#{number}", number, (), ())
    given: list[str | None] = []
    for entry, column in zip(cells, inputs, strict=True):
        text = text_in(entry)
        place = (f"第 {number} 行“{column.label}”", f'Row {number}, "{column.label}"')
        everything = expressions.cell(text) is None
        given.append(None if everything else file.check(entry, entry.get("id") or id, place, text, unary=True))
    got = []
    for entry, column in zip(results, outputs, strict=True):
        text = text_in(entry)
        place = (f"第 {number} 行“{column.label}”", f'Row {number}, "{column.label}"')
        empty = expressions.cell(text) is None
        got.append("null" if empty else file.check(entry, entry.get("id") or id, place, text, unary=False))
    return Rule(node.get("id") or f"#{number}", number, tuple(given), tuple(got), line_of(node))
