"""Reads decision files (DMN 1.1 to 1.5) into tables and FEEL; what cannot be run is refused, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from engine.notation import boxed, expressions
from engine.notation.dmn import (
    FEEL,
    LAW,
    Decision,
    DecisionsNotReadable,
    File,
    Model,
    Reference,
    Service,
    Table,
    child,
    children,
)
from engine.notation.dmn_tables import table_of
from engine.notation.dmn_types import read_types
from engine.notation.xml import line_of, local, open_xml
from engine.words.errors import Finding, NotPublishable

_NAMESPACE = re.compile(
    r"https?://www\.omg\.org/spec/DMN/(?:20151101|20151130|20180521|20191111|20211108|20230324)\b.*"
)
MAX_IMPORTS = 10


def read_file(content: bytes, beside: Iterable[bytes] = (), *, lenient: bool = False) -> File:
    """`beside`: files it may import from. Raises DecisionsNotReadable."""
    file = _read(content, list(beside), (), lenient)
    if file.findings:
        raise DecisionsNotReadable(file.findings)
    return file


def _read(content: bytes, beside: list[bytes], above: tuple[str, ...], lenient: bool) -> File:
    try:
        root = open_xml(content)
    except NotPublishable as refusal:
        raise DecisionsNotReadable(refusal.findings) from refusal
    file = File(lenient=lenient)
    space = etree.QName(root).namespace or ""
    if local(root) != "definitions" or not _NAMESPACE.fullmatch(space):
        file.refuse(root, "", "不是 DMN 决策文件", "This is not a DMN decision file")
        raise DecisionsNotReadable(file.findings)
    file.namespace = root.get("namespace") or ""
    _language(file, root)
    nodes = [node for node in root if local(node) and etree.QName(node).namespace == space]
    for node in nodes:
        if local(node) == "import":
            _import(file, node, beside, (*above, file.namespace))
    read_types(file, root)
    for node in nodes:
        kind, id = local(node), node.get("id") or node.get("name") or ""
        if kind == "businessKnowledgeModel":
            _model(file, node, id)
        elif kind == "inputData":
            file.inputs[id] = (_variable(node), _type(node))
        elif kind == "decisionService":
            _service(file, node, id)
        elif kind == "decision":
            _decision(file, node, id)
    if not file.decisions and not file.findings and not above and not file.models and not file.services:
        file.refuse(root, "", "文件中没有决策", "There is no decision in the file")
    _check_references(file, root)
    if lenient:
        return file
    try:
        _check_texts(file)
    except expressions.ExpressionFailed as failed:
        file.refuse(root, "", failed.zh, failed.en)
    return file


def _import(file: File, node: etree._Element, beside: list[bytes], above: tuple[str, ...]) -> None:
    """Of another decision file; types and diagrams of other kinds say nothing that is run."""
    prefix, namespace = node.get("name") or "", node.get("namespace") or ""
    if not _NAMESPACE.fullmatch(node.get("importType") or ""):
        zh, en = f"引用“{prefix}”不是 DMN 文件", f'The import "{prefix}" is no DMN file'
        file.refuse(node, prefix, zh, en)
        return
    if namespace in above or len(above) > MAX_IMPORTS:
        zh, en = f"引用“{prefix}”又引用了本文件", f'The import "{prefix}" imports this file itself'
        file.refuse(node, prefix, zh, en)
        return
    content = next((each for each in beside if _namespace_of(each) == namespace), None)
    if content is None:
        zh = f"引用了其他文件“{prefix}”（{namespace}），但它不在图旁"
        file.refuse(node, prefix, zh, f'The file imports "{prefix}" ({namespace}), which is not beside the diagram')
        return
    try:
        other = _read(content, beside, above, file.lenient)
    except DecisionsNotReadable as refusal:
        other = File(findings=list(refusal.findings))
    if other.findings:
        zh = f"引用的文件“{prefix}”本身有问题：{other.findings[0].zh}"
        file.refuse(node, prefix, zh, f'The imported file "{prefix}" is wrong itself: {other.findings[0].en}')
        return
    file.imports[prefix] = namespace
    file.beside[namespace] = other


def _namespace_of(content: bytes) -> str | None:
    try:
        return open_xml(content).get("namespace")
    except NotPublishable:
        return None


def _language(file: File, root: etree._Element) -> None:
    language = root.get("expressionLanguage") or ""
    if language and not FEEL.fullmatch(language):
        file.refuse(root, "", f"文件用“{language}”书写；只能用 FEEL", f'The file is written in "{language}"; FEEL only')


def _boxes(file: File, id: str) -> boxed.Boxes:
    def table(node: etree._Element) -> boxed.Box:
        return table_of(file, node, id, id).box()

    return boxed.Boxes(file.check, file.refuse, table, id, lenient=file.lenient)


def _model(file: File, node: etree._Element, id: str) -> None:
    name = _variable(node)
    logic = child(node, "encapsulatedLogic")
    if logic is None:
        file.refuse(node, id, f"业务知识模型“{name}”没有内容", f'The business knowledge model "{name}" is empty')
        return
    box = _boxes(file, id).function(logic)
    file.models[id] = Model(id, name, box, _needs(file, node), _type(node))
    file.names |= {name, *boxed.names_in(logic)}


def _service(file: File, node: etree._Element, id: str) -> None:
    def references(kind: str) -> tuple[Reference, ...]:
        return tuple(_reference(file, each) for each in children(node, kind))

    outputs = references("outputDecision")
    name = _variable(node)
    if not outputs:
        zh, en = f"决策服务“{name}”没有输出决策", f'The decision service "{name}" has no output decision'
        file.refuse(node, id, zh, en)
    file.services[id] = Service(id, name, references("inputData"), references("inputDecision"), outputs, _type(node))
    file.names.add(name)


def _decision(file: File, node: etree._Element, id: str) -> None:
    name = node.get("name") or id
    if not id:
        file.refuse(node, "", "有一个决策没有标识（id）", "A decision has no id")
        return
    if id in file.decisions:
        file.refuse(node, id, f"决策标识 {id} 重复", f"The decision id {id} is used twice")
        return
    bodies = [child for child in node if local(child) in boxed.EXPRESSIONS]
    if not bodies and file.lenient:
        bodies = [etree.fromstring("<literalExpression><text>null</text></literalExpression>")]
    if len(bodies) != 1:
        file.refuse(node, id, f"决策“{name}”没有写决策逻辑", f'The decision "{name}" has no logic')
        return
    (body,) = bodies
    logic: Table | boxed.Box
    if local(body) == "decisionTable":
        logic = table_of(file, body, id, name)
    else:
        logic = _boxes(file, id).read(body)
        file.names |= boxed.names_in(body)
    needs = _needs(file, node)
    file.decisions[id] = Decision(
        id,
        name,
        _variable(node),
        logic,
        needs,
        tuple(
            _reference(file, each)[1] for each in _required(node, "requiredDecision") if not _reference(file, each)[0]
        ),
        tuple(
            _reference(file, each)[1] for each in _required(node, "requiredKnowledge") if not _reference(file, each)[0]
        ),
        _type(node),
        line_of(node),
    )


def _required(node: etree._Element, kind: str) -> list[etree._Element]:
    return [each for each in node.iter() if local(each) == kind]


def _needs(file: File, node: etree._Element) -> tuple[Reference, ...]:
    kinds = ("requiredDecision", "requiredInput", "requiredKnowledge")
    return tuple(_reference(file, each) for each in node.iter() if local(each) in kinds)


def _check_references(file: File, root: etree._Element) -> None:
    broken = {each.element for each in file.findings}
    for decision in file.decisions.values():
        for wanted in decision.needs:
            if not file.has(wanted) and not broken & {wanted[1], *file.imports} and not _is_input(root, wanted):
                zh = f"决策“{decision.name}”所依赖的 {wanted[1]} 不在本文件中"
                en = f'The decision "{decision.name}" requires {wanted[1]}, which is not in the file'
                file.refuse(root, decision.id, zh, en)
    for service in file.services.values():
        for wanted in (*service.inputs, *service.decisions, *service.outputs):
            if not file.has(wanted) and wanted[1] not in broken:
                zh = f"决策服务“{service.name}”所用的 {wanted[1]} 不在本文件中"
                en = f'The decision service "{service.name}" uses {wanted[1]}, which is not in the file'
                file.refuse(root, service.id, zh, en)
    for start in [*file.decisions, *file.models]:
        if _needs_itself(file, start):
            file.refuse(root, start, f"决策 {start} 依赖于自己", f"The decision {start} depends on itself")


def _is_input(root: etree._Element, wanted: Reference) -> bool:
    """Inputs that are not drawn are variables of the case all the same."""
    return any(local(each) == "requiredInput" and (each.get("href") or "").endswith(wanted[1]) for each in root.iter())


def _needs_itself(file: File, start: str) -> bool:
    """A decision may not; a function may call itself, but not by way of a decision."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        id = waiting.pop()
        node: Decision | Model | None = file.decisions.get(id) or file.models.get(id)
        wanted = [each for namespace, each in (node.needs if node else ()) if not namespace and each in (
            file.decisions.keys() | file.models.keys())]  # fmt: skip
        if start in wanted:
            return True
        waiting += [each for each in wanted if each not in seen]
        seen.update(wanted)
    return False


def _check_texts(file: File) -> None:
    names = frozenset(_known(file))
    distinct = list(dict.fromkeys((text, unary) for text, unary, *_ in file.texts))
    problems: dict[tuple[str, bool], tuple[expressions.Problem, ...]] = {}
    for start in range(0, len(distinct), 100):
        part = distinct[start : start + 100]
        problems.update(zip(part, expressions.problems_of_many(part, names), strict=True))
    for text, unary, element, line, zh, en in file.texts:
        for problem in problems[text, unary][:1]:
            said_zh, said_en = f"{zh}“{text.strip()}”：{problem.zh}", f'{en}, "{text.strip()}": {problem.en}'
            file.findings.append(Finding(LAW, "error", element, line, said_zh, said_en))


def _known(file: File) -> set[str]:
    """Every name the texts of a file may use."""
    names = set(file.names) | set(file.imports) | {name for name, _ in file.inputs.values()}
    names |= {name for each in file.decisions.values() for name in (each.id, each.name, each.variable)}
    return names.union(*(_known(other) for other in file.beside.values()))


def _variable(node: etree._Element) -> str:
    variable = child(node, "variable")
    named = variable.get("name") if variable is not None else None
    return named or node.get("name") or node.get("id") or ""


def _type(node: etree._Element) -> str:
    variable = child(node, "variable")
    return (variable.get("typeRef") or "") if variable is not None else ""


def _reference(file: File, node: etree._Element) -> Reference:
    """What an `href` means; one into this file may begin with the file's own namespace."""
    namespace, _, id = (node.get("href") or "").rpartition("#")
    return ("" if namespace in ("", file.namespace) else namespace), id
