"""What an import could not bring along is done, or settled with a reason, before the process is published.

导入时没能带来的内容，发布前都已补上，或写明理由了结。

Why: A program of the other engine that nobody replaced is a step that never happens; a running case would be the first
to find out.

为什么：原引擎的程序没有人补上，那一步就永远不会发生，直到办件出了事才有人发现。
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.notation import todos
from engine.notation.checks.drawing import Drawing
from engine.notation.checks.naming import clip
from engine.notation.diagram import NODES
from engine.notation.xml import BPMN, CAMUNDA, line_of, local
from engine.words.errors import Finding

LAW = "imports_are_settled"
# Words of Camunda 7, whose other words we share, by which a program takes part in the process.
PROGRAMS = frozenset(
    {
        "class", "delegateExpression", "expression", "executionListener", "taskListener", "connector", "field",
        "inputOutput", "formKey", "formRef", "formHandlerClass", "mapException", "errorEventDefinition",
        "variableMappingClass", "variableMappingDelegateExpression",
    }
)  # fmt: skip
# Of these engines no word is ours.
ENGINES = frozenset(
    {
        "http://operaton.org/schema/1.0/bpmn", "http://activiti.org/bpmn", "http://flowable.org/bpmn",
        "http://camunda.org/schema/zeebe/1.0", "http://www.jboss.org/drools",
        "http://spiffworkflow.org/bpmn/schema/1.0/core",
    }
)  # fmt: skip


def check(drawing: Drawing) -> Iterator[Finding]:
    for node in drawing.process.iter(f"{{{BPMN}}}*"):
        for todo in todos.of(node):
            if todos.is_open(todo, node, drawing.diagram):
                yield _open(drawing, node, todo)
    yield from _raw(drawing)


def _open(drawing: Drawing, node: etree._Element, todo: todos.ToDo) -> Finding:
    was = clip(todo.was.replace("\n", " "), 80)
    zh, en = clip(todo.zh.rstrip("。"), 300), clip(todo.en.rstrip("."), 300)
    was_zh, was_en = (f"（原为“{was}”）", f' (it was "{was}")') if was else ("", "")
    return drawing.error(
        LAW,
        node,
        f"{{it}}有一条导入待办：{zh}{was_zh}。补上后写明理由了结它，或删去属性 todo.{todo.number}。",
        f"{{it}} has something left to do from its import: {en}{was_en}. Do it and settle it with a reason, or remove "
        f"the property todo.{todo.number}.",
        line_of(node),
    )


def _raw(drawing: Drawing) -> Iterator[Finding]:
    """What stands there in the other engine's own words was never brought in: its report was passed over."""
    told: set[tuple[str, str]] = set()
    for node in drawing.process.iter(etree.Element):
        for name in (etree.QName(each) for each in (node.tag, *node.attrib)):
            if not (name.namespace in ENGINES or (name.namespace == CAMUNDA and name.localname in PROGRAMS)):
                continue
            owner = _owner(node)
            if (key := (owner.get("id", ""), name.localname)) not in told:
                told.add(key)
                yield drawing.error(
                    LAW,
                    owner,
                    f"{{it}}的 {name.localname} 是另一个引擎的写法，不会执行。请经“导入”放入这张图，或删去它。",
                    f"{name.localname} of {{it}} is a word of another engine and would not be run. Bring the diagram "
                    "in through the import, or remove it.",
                    line_of(node),
                )


def _owner(node: etree._Element) -> etree._Element:
    """The nearest element around that a designer can click."""
    at: etree._Element | None = node
    while at is not None and not (local(at) in NODES | {"process", "sequenceFlow", "lane"} and at.get("id")):
        at = at.getparent()
    return node if at is None else at
