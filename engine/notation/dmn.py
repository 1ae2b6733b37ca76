"""Reads decision files (DMN 1.1 to 1.5) into tables and FEEL; what it cannot run it refuses, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.notation import boxed, expressions
from engine.notation.xml import line_of, local, open_xml
from engine.words.errors import Finding, NotPublishable

LAW = "tables_are_readable"
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
_NAMESPACE = re.compile(
    r"https?://www\.omg\.org/spec/DMN/(?:20151101|20151130|20180521|20191111|20211108|20230324)\b.*"
)
_FEEL = re.compile(r"(?:s-)?feel|https?://www\.omg\.org/spec/(?:DMN/\d+/FEEL|FEEL/\d+)/?", re.IGNORECASE)
_ELSEWHERE = {
    "import": ("引用了其他文件", "imports other files"),
    "decisionService": ("含决策服务", "has a decision service"),
}


class DecisionsNotReadable(NotPublishable):
    """A decision file that cannot be run as it is; one finding per cell, row or element, all of them at once."""


@dataclass(frozen=True, slots=True)
class Column:
    """An input (`text`: its expression, `alias`: the name its cells may use) or output (`name`) of a table.

    `allowed`: the tests an input must pass, or an output's values in order of priority; `default`: an output's.
    """

    label: str
    type: str
    name: str = ""
    text: str = ""
    alias: str = ""
    allowed: str | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row. Cells are None where everything passes; outputs are FEEL. `number` counts from 1."""

    id: str
    number: int
    cells: tuple[str | None, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: `logic` is a table or FEEL text; `requires`: ids of decisions; `functions`: names of models."""

    id: str
    name: str
    variable: str
    logic: Table | str
    requires: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    type: str = ""


@dataclass(slots=True)
class File:
    """What a decision file says: decisions by id, business knowledge models as FEEL functions by id, all findings."""

    decisions: dict[str, Decision] = field(default_factory=dict)
    models: dict[str, tuple[str, str, tuple[str, ...]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    texts: list[tuple[str, bool, str, int | None, str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def refuse(self, node: etree._Element, element: str, zh: str, en: str) -> None:
        self.findings.append(Finding(LAW, "error", element, line_of(node), zh, en))

    def check(self, node: etree._Element, element: str, place: tuple[str, str], text: str, *, unary: bool) -> str:
        """Remembers a text to be checked with all others, and gives it back without the leading "="."""
        language = node.get("expressionLanguage") or ""
        if language and not _FEEL.fullmatch(language):
            zh = f"{place[0]}用“{language}”书写；决策表只能用 FEEL"
            self.refuse(node, element, zh, f'{place[1]} is written in "{language}"; decision tables are FEEL only')
        self.texts.append((text, unary, element, line_of(node), *place))
        return expressions.plain(text)


def read_file(content: bytes) -> File:
    """Raises DecisionsNotReadable."""
    try:
        root = open_xml(content)
    except NotPublishable as refusal:
        raise DecisionsNotReadable(refusal.findings) from refusal
    file = File()
    namespace = etree.QName(root).namespace or ""
    if local(root) != "definitions" or not _NAMESPACE.fullmatch(namespace):
        file.refuse(root, "", "不是 DMN 决策文件", "This is not a DMN decision file")
        raise DecisionsNotReadable(file.findings)
    _language(file, root)
    nodes = [node for node in root if local(node) and etree.QName(node).namespace == namespace]
    for node in nodes:
        kind, id = local(node), node.get("id") or node.get("name") or ""
        if kind in _ELSEWHERE:
            zh, en = _ELSEWHERE[kind]
            file.refuse(
                node,
                id,
                f"文件{zh}，无法执行；请把所需的决策放在同一文件中",
                f"The file {en}; keep what it needs in it",
            )
        elif kind == "businessKnowledgeModel":
            _model(file, node, id)
        elif kind == "decision":
            _decision(file, node, id)
    if not file.decisions and not file.findings:
        file.refuse(root, "", "文件中没有决策", "There is no decision in the file")
    _check_references(file, root)
    _check_texts(file)
    if file.findings:
        raise DecisionsNotReadable(file.findings)
    return file


def _language(file: File, root: etree._Element) -> None:
    language = root.get("expressionLanguage") or ""
    if language and not _FEEL.fullmatch(language):
        file.refuse(root, "", f"文件用“{language}”书写；只能用 FEEL", f'The file is written in "{language}"; FEEL only')


def _model(file: File, node: etree._Element, id: str) -> None:
    name = _variable(node)
    logic = _child(node, "encapsulatedLogic")
    if logic is None:
        file.refuse(node, id, f"业务知识模型“{name}”没有内容", f'The business knowledge model "{name}" is empty')
        return
    text = boxed.function_text(logic, file.check, file.refuse, id)
    needs = tuple(_reference(each) for each in node.iter() if local(each) == "requiredKnowledge")
    file.models[id] = (name, text, needs)
    file.names |= {name, *boxed.names_in(logic)}


def _decision(file: File, node: etree._Element, id: str) -> None:
    name = node.get("name") or id
    if not id:
        file.refuse(node, "", "有一个决策没有标识（id）", "A decision has no id")
        return
    if id in file.decisions:
        file.refuse(node, id, f"决策标识 {id} 重复", f"The decision id {id} is used twice")
        return
    bodies = [child for child in node if local(child) in boxed.EXPRESSIONS or local(child) == "decisionTable"]
    if len(bodies) != 1:
        file.refuse(node, id, f"决策“{name}”没有写决策逻辑", f'The decision "{name}" has no logic')
        return
    (body,) = bodies
    logic: Table | str
    if local(body) == "decisionTable":
        logic = _table(file, body, id, name)
    else:
        logic = boxed.text_of(body, file.check, file.refuse, id)
        file.names |= boxed.names_in(body)
    variable = _child(node, "variable")
    file.decisions[id] = Decision(
        id,
        name,
        _variable(node),
        logic,
        tuple(_reference(each) for each in node.iter() if local(each) == "requiredDecision"),
        tuple(_reference(each) for each in node.iter() if local(each) == "requiredKnowledge"),
        (variable.get("typeRef") or "") if variable is not None else "",
    )


def _table(file: File, node: etree._Element, id: str, name: str) -> Table:
    policy, aggregation = node.get("hitPolicy") or "UNIQUE", node.get("aggregation") or ""
    if policy not in POLICIES or (aggregation and (policy != "COLLECT" or aggregation not in AGGREGATIONS)):
        zh = f"决策表“{name}”的命中策略“{policy} {aggregation}”不存在"
        file.refuse(node, id, zh, f'The hit policy "{policy} {aggregation}" of table "{name}" does not exist')
    inputs = tuple(_input(file, each, id, n) for n, each in enumerate(_children(node, "input"), 1))
    outputs = tuple(_output(file, each, id, n) for n, each in enumerate(_children(node, "output"), 1))
    names = [column.name for column in outputs]
    if not outputs:
        file.refuse(node, id, f"决策表“{name}”没有输出列", f'The table "{name}" has no output column')
    if len(outputs) > 1 and (not all(names) or len(set(names)) < len(names)):
        zh, en = f"决策表“{name}”的各输出列须有互不相同的名称", f'Each output of table "{name}" needs a name of its own'
        file.refuse(node, id, zh, en)
    if aggregation and len(outputs) > 1:
        zh = f"决策表“{name}”汇总（{aggregation}）时只能有一个输出列"
        file.refuse(node, id, zh, f'The table "{name}" aggregates ({aggregation}) and may have one output only')
    if policy in ("PRIORITY", "OUTPUT ORDER") and not any(column.allowed for column in outputs):
        zh = f"决策表“{name}”按优先级命中，输出列须按优先次序列出可选值"
        file.refuse(node, id, zh, f'The table "{name}" goes by priority: list the values of its outputs in order')
    rows = list(_children(node, "rule"))
    if len(rows) * (len(inputs) + len(outputs)) > MAX_CELLS:
        zh, en = f"决策表“{name}”超过 {MAX_CELLS} 格", f'The table "{name}" has more than {MAX_CELLS} cells'
        file.refuse(node, id, zh, en)
        rows = []
    rules = tuple(_rule(file, row, id, number, inputs, outputs) for number, row in enumerate(rows, 1))
    return Table(POLICIES.get(policy, "U") + AGGREGATIONS.get(aggregation, ""), inputs, outputs, rules)


def _input(file: File, node: etree._Element, id: str, number: int) -> Column:
    asked = _child(node, "inputExpression")
    text = _text(asked)
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
    default = _child(node, "defaultOutputEntry")
    text = _text(default)
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
    values = _child(node, tag)
    if values is None or expressions.cell(_text(values)) is None:
        return None
    return file.check(values, id, (f"{place[0]}的可选值", f"{place[1]}: values"), _text(values), unary=True)


def _rule(
    file: File, node: etree._Element, id: str, number: int, inputs: tuple[Column, ...], outputs: tuple[Column, ...]
) -> Rule:
    cells, results = list(_children(node, "inputEntry")), list(_children(node, "outputEntry"))
    if len(cells) != len(inputs) or len(results) != len(outputs):
        zh = f"第 {number} 行有 {len(cells)} 个输入格、{len(results)} 个输出格，应为 {len(inputs)} 和 {len(outputs)}"
        wanted = f"{len(inputs)} and {len(outputs)}"
        en = f"Row {number} has {len(cells)} input and {len(results)} output cells instead of {wanted}"
        file.refuse(node, node.get("id") or id, zh, en)
        return Rule(node.get("id") or f"#{number}", number, (), ())
    given: list[str | None] = []
    for entry, column in zip(cells, inputs, strict=True):
        text = _text(entry)
        place = (f"第 {number} 行“{column.label}”", f'Row {number}, "{column.label}"')
        everything = expressions.cell(text) is None
        given.append(None if everything else file.check(entry, entry.get("id") or id, place, text, unary=True))
    got = []
    for entry, column in zip(results, outputs, strict=True):
        text = _text(entry)
        place = (f"第 {number} 行“{column.label}”", f'Row {number}, "{column.label}"')
        empty = expressions.cell(text) is None
        got.append("null" if empty else file.check(entry, entry.get("id") or id, place, text, unary=False))
    return Rule(node.get("id") or f"#{number}", number, tuple(given), tuple(got))


def _check_references(file: File, root: etree._Element) -> None:
    known = file.decisions.keys() | file.models.keys()
    broken = {each.element for each in file.findings}
    for decision in file.decisions.values():
        for wanted in (*decision.requires, *decision.functions):
            if wanted not in known and wanted not in broken:
                zh = f"决策“{decision.name}”所依赖的 {wanted} 不在本文件中"
                file.refuse(
                    root, decision.id, zh, f'The decision "{decision.name}" requires {wanted}, which is not in the file'
                )
    for start in [*file.decisions, *file.models]:
        if _needs_itself(file, start):
            file.refuse(root, start, f"决策 {start} 依赖于自己", f"The decision {start} depends on itself")


def _needs_itself(file: File, start: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        id = waiting.pop()
        decision = file.decisions.get(id)
        wanted = (*decision.requires, *decision.functions) if decision else file.models.get(id, ("", "", ()))[2]
        if start in wanted:
            return True
        waiting += [each for each in wanted if each not in seen]
        seen.update(wanted)
    return False


def _check_texts(file: File) -> None:
    names = frozenset(file.names | {decision.variable for decision in file.decisions.values()} | set(file.decisions))
    distinct = list(dict.fromkeys((text, unary) for text, unary, *_ in file.texts))
    problems: dict[tuple[str, bool], tuple[expressions.Problem, ...]] = {}
    for start in range(0, len(distinct), 500):
        part = distinct[start : start + 500]
        problems.update(zip(part, expressions.problems_of_many(part, names), strict=True))
    for text, unary, element, line, zh, en in file.texts:
        for problem in problems[text, unary][:1]:
            said_zh, said_en = f"{zh}“{text.strip()}”：{problem.zh}", f'{en}, "{text.strip()}": {problem.en}'
            file.findings.append(Finding(LAW, "error", element, line, said_zh, said_en))


def _variable(node: etree._Element) -> str:
    variable = _child(node, "variable")
    named = variable.get("name") if variable is not None else None
    return named or node.get("name") or node.get("id") or ""


def _reference(node: etree._Element) -> str:
    return (node.get("href") or "").removeprefix("#")


def _child(node: etree._Element, name: str) -> etree._Element | None:
    return next(_children(node, name), None)


def _children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in node if local(child) == name)


def _text(node: etree._Element | None) -> str:
    text = _child(node, "text") if node is not None else None
    return "".join(str(part) for part in text.itertext()) if text is not None else ""
