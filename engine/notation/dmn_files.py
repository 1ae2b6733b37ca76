"""Reads decision files (DMN 1.1 to 1.5) into tables and FEEL; what cannot be run is refused, cell by cell."""

from __future__ import annotations

import re

from lxml import etree

from engine.notation import boxed, expressions
from engine.notation.dmn import FEEL, LAW, Decision, DecisionsNotReadable, File, Table, child
from engine.notation.dmn_tables import table_of
from engine.notation.xml import local, open_xml
from engine.words.errors import Finding, NotPublishable

_NAMESPACE = re.compile(
    r"https?://www\.omg\.org/spec/DMN/(?:20151101|20151130|20180521|20191111|20211108|20230324)\b.*"
)
_ELSEWHERE = {
    "import": ("引用了其他文件", "imports other files"),
    "decisionService": ("含决策服务", "has a decision service"),
}


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
    try:
        _check_texts(file)
    except expressions.ExpressionFailed as failed:
        file.refuse(root, "", failed.zh, failed.en)
    if file.findings:
        raise DecisionsNotReadable(file.findings)
    return file


def _language(file: File, root: etree._Element) -> None:
    language = root.get("expressionLanguage") or ""
    if language and not FEEL.fullmatch(language):
        file.refuse(root, "", f"文件用“{language}”书写；只能用 FEEL", f'The file is written in "{language}"; FEEL only')


def _model(file: File, node: etree._Element, id: str) -> None:
    name = _variable(node)
    logic = child(node, "encapsulatedLogic")
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
        logic = table_of(file, body, id, name)
    else:
        logic = boxed.text_of(body, file.check, file.refuse, id)
        file.names |= boxed.names_in(body)
    variable = child(node, "variable")
    file.decisions[id] = Decision(
        id,
        name,
        _variable(node),
        logic,
        tuple(_reference(each) for each in node.iter() if local(each) == "requiredDecision"),
        tuple(_reference(each) for each in node.iter() if local(each) == "requiredKnowledge"),
        (variable.get("typeRef") or "") if variable is not None else "",
    )


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
    for start in range(0, len(distinct), 100):
        part = distinct[start : start + 100]
        problems.update(zip(part, expressions.problems_of_many(part, names), strict=True))
    for text, unary, element, line, zh, en in file.texts:
        for problem in problems[text, unary][:1]:
            said_zh, said_en = f"{zh}“{text.strip()}”：{problem.zh}", f'{en}, "{text.strip()}": {problem.en}'
            file.findings.append(Finding(LAW, "error", element, line, said_zh, said_en))


def _variable(node: etree._Element) -> str:
    variable = child(node, "variable")
    named = variable.get("name") if variable is not None else None
    return named or node.get("name") or node.get("id") or ""


def _reference(node: etree._Element) -> str:
    """The id a reference means; one may begin with the file's own namespace."""
    own = node.getroottree().getroot().get("namespace") or ""
    return (node.get("href") or "").removeprefix(own).removeprefix("#")
