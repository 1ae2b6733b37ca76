"""Every word of BPMN in the diagram is one that is read, or only documents; any other is named.

图中每个 BPMN 元素和属性要么读得懂，要么只是说明；其余的一一指出。

Why: What is drawn but not read is a promise nobody keeps; it is said here rather than found out in a running case.

为什么：画了却不读的内容是没有人兑现的承诺；在这里说出来，好过在办件中才发现。
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.nothing_unsupported import ELEMENTS
from engine.notation.diagram import NODES
from engine.notation.vocabulary import CHILDREN, PICTURE, WEIGHTY, has_place, is_usual, reads
from engine.notation.xml import BPMN, line_of, local
from engine.words.errors import Finding

LAW = "every_word_is_read"
_B = f"{{{BPMN}}}"
# Of these one is read; a second one would be passed over.
_ONCE = frozenset(
    {
        "conditionExpression", "script", "condition", "completionCondition", "loopCardinality", "loopCondition",
        "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "ioSpecification", "transformation",
        "loopDataInputRef", "inputDataItem",
    }
)  # fmt: skip
_TIMES = ("timeDate", "timeDuration", "timeCycle")


def check(drawing: Drawing) -> Iterator[Finding]:
    yield from _inside(drawing, drawing.process)


def _inside(drawing: Drawing, node: etree._Element) -> Iterator[Finding]:
    """A walk with a list of what still waits: a stranger's file may be deep."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        tag = local(node)
        for key, value in node.attrib.items():
            if etree.QName(key).namespace is None and not reads(tag, str(key)) and not is_usual(str(key), str(value)):
                yield _attribute(drawing, node, str(key), str(value))
        told: set[str] = set()
        for child in node:
            name = local(child)
            if not isinstance(child.tag, str) or not child.tag.startswith(_B) or name in PICTURE or name in ELEMENTS:
                continue  # of another tool, or said by another law
            if name == "extensionElements":
                yield from _astray(drawing, child)
                continue
            family = "time" if name in _TIMES else name
            if not (name in NODES or name in CHILDREN) or not has_place(name, tag):
                yield _element(drawing, child, name)
            elif family in told and (family in _ONCE or family == "time"):
                yield _element(drawing, child, name, again=True)
            else:
                waiting.append(child)
            told.add(family)


def _astray(drawing: Drawing, extensions: etree._Element) -> Iterator[Finding]:
    """Steps and flows among what other tools wrote are no part of the process, however they look."""
    for node in extensions.iter(f"{_B}*"):
        if local(node) in NODES or local(node) == "sequenceFlow":
            yield _element(drawing, node, local(node))


def _attribute(drawing: Drawing, node: etree._Element, key: str, value: str) -> Finding:
    said = drawing.error if key in WEIGHTY else drawing.warning
    return said(
        LAW,
        _owner(node),
        f"{{it}}的 {local(node)} 属性 {key}“{value[:60]}”不起作用，流程不会按它执行。请删掉，或换一种画法。",
        f'The attribute {key} "{value[:60]}" ({local(node)}) of {{it}} has no effect here. Remove it, or draw it '
        "in another way.",
        line_of(node),
    )


def _element(drawing: Drawing, node: etree._Element, name: str, *, again: bool = False) -> Finding:
    if again:
        return drawing.error(
            LAW,
            _owner(node),
            f"{{it}}里有两个 {name}（或两种时间），只能有一个。请删掉多余的。",
            f"{{it}} has a second {name} (or time); there can be one only. Remove the other.",
            line_of(node),
        )
    is_heavy = name in WEIGHTY or name in NODES or name == "sequenceFlow" or name.endswith(("Task", "Event", "Gateway"))
    said = drawing.error if is_heavy else drawing.warning
    return said(
        LAW,
        _owner(node),
        f"{{it}}里的 {name} 在这个位置不起作用。请删掉，或换一种画法。",
        f"{name} has no effect where it stands in {{it}}. Remove it, or draw it in another way.",
        line_of(node),
    )


def _owner(node: etree._Element) -> etree._Element:
    """The nearest element around that a designer can click."""
    at: etree._Element | None = node
    while at is not None and not (local(at) in NODES | {"process", "sequenceFlow", "lane"} and at.get("id")):
        at = at.getparent()
    return node if at is None else at
