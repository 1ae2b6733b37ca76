"""What another tool wrote into the diagram and we do not use is named, never dropped without a word.

其他工具写进图里而我们不用的内容都点名说出，绝不悄悄丢掉。

Why: Setting a property that is not used looks like a rule in force: whoever set it must be told.

为什么：设了却不起作用的属性，看上去像是生效的规矩：设的人必须知道。
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.topics_are_known import TOPICS
from engine.notation.diagram import CONNECTORS, NODES, Element
from engine.notation.xml import BPMN, CAMUNDA, XSI, line_of, local
from engine.words.errors import Finding

LAW = "nothing_is_ignored"
ATTRIBUTES: dict[str, frozenset[str]] = {
    "userTask": frozenset({"candidateGroups", "assignee", "dueDate", "priority"}),
    "manualTask": frozenset({"candidateGroups", "assignee", "dueDate", "priority"}),
    "businessRuleTask": frozenset({"decisionRef", "resultVariable"}),
    "serviceTask": frozenset({"type", "topic"}),
    "sendTask": frozenset({"type", "topic"}),
    "multiInstanceLoopCharacteristics": frozenset({"collection", "elementVariable"}),
}
# They steer another engine's job queue or gallery and change nothing about what happens.
HARMLESS = frozenset(
    {
        "asyncBefore", "asyncAfter", "exclusive", "jobPriority", "historyTimeToLive", "versionTag",
        "isStartableInTasklist", "modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon",
        "diagramRelationId",
    }
)  # fmt: skip
EXTENSIONS = frozenset({"properties", "formData"})
HANDED = frozenset({"in", "out"})
FORMS = frozenset({"userTask", "manualTask", "startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})
OUTSIDE = frozenset({"worker", "retries", "backoff", "leases"})
PROPERTIES = frozenset(
    {
        "name.en", "stage", "clock", "clock.limit", "clock.calendar", "clock.near", "clock.pauses", "not_by",
        "not_unit", "before", "collect", "optional", "mechanism", "document", "hint", "hint.en", "action", "action.en",
        "payload", "correlation", "timer.decision", "again", "finishes", "button", "button.en", "role", "raiser_unit",
        "not_officer", "hidden_from", "coverage", "coverage.en", "outside", "slip", "slip.en", "slip.accept",
        "slip.return", "slip.due", "personal.keep", "loops", "areas", "areas.kinds",
    }
)  # fmt: skip


def check(drawing: Drawing) -> Iterator[Finding]:
    strangers: dict[str, tuple[etree._Element, int]] = {}
    for node in drawing.process.iter(f"{{{BPMN}}}*"):
        for key in node.attrib:
            name = etree.QName(key)
            if name.namespace == CAMUNDA and name.localname not in ATTRIBUTES.get(local(node), frozenset()) | HARMLESS:
                yield _ignored(drawing, node, f"camunda:{name.localname}")
            elif name.namespace not in {None, CAMUNDA, XSI, BPMN}:
                _meet(strangers, str(name.namespace), node)
        if local(node) == "extensionElements":
            yield from _extensions(drawing, node, strangers)
    for namespace, (node, times) in strangers.items():
        yield drawing.warning(
            LAW,
            _owner(node),
            f"{{it}}等 {times} 处含有其他工具的扩展（{namespace}），不起作用。",
            f"{times} extensions of another tool ({namespace}), the first at {{it}}, have no effect.",
            line_of(node),
        )
    for element in drawing.diagram.elements.values():
        yield from _properties(drawing, element)


def _extensions(
    drawing: Drawing, node: etree._Element, strangers: dict[str, tuple[etree._Element, int]]
) -> Iterator[Finding]:
    owner = node.getparent()
    for child in node:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child)
        if name.namespace != CAMUNDA:
            _meet(strangers, str(name.namespace), child)
        elif name.localname in HANDED and owner is not None and _hands_over(drawing, owner, name.localname):
            continue
        elif name.localname not in EXTENSIONS or (
            name.localname == "formData" and owner is not None and local(owner) not in FORMS
        ):
            yield _ignored(drawing, child, f"camunda:{name.localname}")


def _hands_over(drawing: Drawing, owner: etree._Element, way: str) -> bool:
    """A called process and a program outside are handed something; what Bihuan itself works off, by properties."""
    element = drawing.diagram.elements.get(owner.get("id", ""))
    if element is None or not (element.kind == "callActivity" or element.outside):
        return False
    return way == "out" or element.topic not in CONNECTORS


def _meet(strangers: dict[str, tuple[etree._Element, int]], namespace: str, node: etree._Element) -> None:
    first, times = strangers.get(namespace, (node, 0))
    strangers[namespace] = (first, times + 1)


def _ignored(drawing: Drawing, node: etree._Element, what: str) -> Finding:
    return drawing.warning(
        LAW,
        _owner(node),
        f"{{it}}的 {what} 不起作用，会被忽略。请删掉，或改用支持的写法。",
        f"{what} of {{it}} has no effect and is ignored. Remove it, or write it in a way we support.",
        line_of(node),
    )


def _owner(node: etree._Element) -> etree._Element:
    """The nearest element around that a designer can click."""
    at: etree._Element | None = node
    while at is not None and local(at) not in NODES | {"process", "sequenceFlow", "lane"}:
        at = at.getparent()
    return node if at is None else at


def _properties(drawing: Drawing, element: Element) -> Iterator[Finding]:
    topic = TOPICS.get(element.topic)
    known = PROPERTIES | (frozenset({*topic.needs, *topic.may}) if topic is not None else frozenset())
    known |= OUTSIDE if element.outside else frozenset()
    for name in element.properties:
        if name not in known and not name.startswith("correlation."):
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}的扩展属性“{name}”不起作用，请检查拼写。",
                f'The extension property "{name}" of {{it}} has no effect; check its spelling.',
            )
