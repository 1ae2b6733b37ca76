"""Inputs and outputs (ioSpecification) stand on calls and on work of other programs, each filled and taken just once.

输入输出（ioSpecification）只写在调用活动和外部任务上，每项只传一次、只取一次。

Why: A value that is drawn on its way and never arrives is missed only when the case is decided without it.

为什么：画了传递却没有送到的值，要到办件因缺了它而判错时才会被发现。
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from engine.notation.associations import Association, associations, parameters, repeats_over
from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import CONNECTORS, EVENTS, Element
from engine.notation.xml import BPMN, line_of, local
from engine.words.errors import Finding

LAW = "inputs_and_outputs_go_over"
_B = f"{{{BPMN}}}"
_SETS = {"inputSet": ("输入组", "sets of inputs"), "outputSet": ("输出组", "sets of outputs")}


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        node = drawing.nodes[element.id]
        if element.kind in EVENTS:
            yield from _of_event(drawing, element, node)
        elif _has_place(element):
            yield from _sets(drawing, element, node)
            yield from _inputs(drawing, element, node)
            yield from _outputs(drawing, element, node)
            yield from _twice(drawing, element)
        else:
            yield from _out_of_place(drawing, element, node)
        for one in associations(node):
            yield from _computed(drawing, element, node, one)


def _has_place(element: Element) -> bool:
    return element.kind == "callActivity" or element.outside


def _of_event(drawing: Drawing, element: Element, node: etree._Element) -> Iterator[Finding]:
    for child in node:
        if local(child) in {"dataInput", "dataOutput"}:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}里的 {local(child)} 不起作用：事件带走的值写在属性 payload 里，收到的值按同名字段写入。",
                f"{local(child)} of {{it}} has no effect: what an event takes along stands in its property payload, "
                "and what it receives is written into the fields of that name.",
                line_of(child),
            )


def _out_of_place(drawing: Drawing, element: Element, node: etree._Element) -> Iterator[Finding]:
    """Only what a repeated step repeats over may stand everywhere."""
    names = {
        id: name for way in ("in", "out") for id, name in parameters(node, way).items() if id != repeats_over(node)
    }
    for id, name in names.items():
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的输入输出“{name or id}”不会传递：只有调用活动和外部任务才有。这一步本来就能看到、写入事项的字段，"
            "请删掉 ioSpecification。",
            f'The input or output "{name or id}" of {{it}} goes nowhere: only calls and work of other programs have '
            "them. This step sees and writes the fields of the case anyway; remove the ioSpecification.",
        )


def _sets(drawing: Drawing, element: Element, node: etree._Element) -> Iterator[Finding]:
    for tag, (zh, en) in _SETS.items():
        found = node.findall(f"{_B}ioSpecification/{_B}{tag}")
        if len(found) > 1:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}有 {len(found)} 个{zh}（{tag}），不会从中挑选。请只留一个，可有可无的写进 optional。",
                f"{{it}} has {len(found)} {en} ({tag}), and none is chosen among them. Keep one; what may be missing "
                "is optional in it.",
                line_of(found[1]),
            )
        for each in (ref for one in found for ref in one):
            if local(each).startswith("whileExecuting"):
                yield drawing.error(
                    LAW,
                    element,
                    f"{{it}}要在办理中途传值（{local(each)}），不会执行：值在开始时传入，办完时取回。",
                    f"{{it}} passes values while it is at work ({local(each)}), which is not done: they go in when it "
                    "begins and come back when it is done.",
                    line_of(each),
                )


def _inputs(drawing: Drawing, element: Element, node: etree._Element) -> Iterator[Finding]:
    own = parameters(node, "in")
    own.pop(repeats_over(node), None)
    if own and element.topic in CONNECTORS:
        yield drawing.error(
            LAW,
            element,
            f"{{it}}由系统自己办理，参数写在扩展属性里，输入“{'、'.join(own.values())}”不会传递，请删掉。",
            f"{{it}} is done by Bihuan itself and takes its parameters from properties; its inputs "
            f"({', '.join(own.values())}) go nowhere, remove them.",
        )
        return
    refs = node.iterfind(f"{_B}ioSpecification/{_B}inputSet/{_B}optionalInputRefs")
    optional = {(ref.text or "").strip() for ref in refs}
    filled = {one.target for one in associations(node) if one.way == "in"}
    for id, name in own.items():
        if id not in filled | optional:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的输入“{name}”没有数据关联给它值。请画上关联，或写成可有可无（optionalInputRefs），或删掉。",
                f'No data association gives the input "{name}" of {{it}} a value. Draw one, call it optional '
                "(optionalInputRefs), or remove it.",
            )


def _outputs(drawing: Drawing, element: Element, node: etree._Element) -> Iterator[Finding]:
    taken = {id for one in associations(node) if one.way == "out" for id in one.sources}
    for id, name in parameters(node, "out").items():
        if id not in taken:
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}的输出“{name}”没有数据关联取走，不会写入事项。",
                f'No data association takes the output "{name}" of {{it}}; it does not come into the case.',
            )


def _twice(drawing: Drawing, element: Element) -> Iterator[Finding]:
    for handed, zh, en in ((element.hands_in, "传入", "handed over"), (element.hands_out, "取回", "brought back")):
        for target, times in Counter(one.target for one in handed if one.target).items():
            if times > 1:
                yield drawing.error(
                    LAW,
                    element,
                    f"{{it}}有 {times} 处{zh}“{target}”，只能有一处。请删掉多余的，或用一个表达式算出。",
                    f'"{target}" is {en} {times} times at {{it}}; keep one, or reckon it in one expression.',
                )


def _computed(drawing: Drawing, element: Element, node: etree._Element, one: Association) -> Iterator[Finding]:
    own = parameters(node, one.way)
    mine = one.target in own if one.way == "in" else not own.keys().isdisjoint(one.sources)
    if not mine or not (_has_place(element) or one.target == repeats_over(node)):
        if one.computed or one.assigned:
            yield drawing.error(
                LAW,
                element,
                "{it}的数据关联里写了转换或赋值，却没有连到它的输入输出（ioSpecification），不会执行。请用脚本任务计算，"
                "或写在字段的默认值里。",
                "A data association of {it} holds a transformation or an assignment, but leads to no input or output "
                "of it (ioSpecification), and is not run. Compute it in a script task, or in the default of a field.",
                one.line,
            )
        return
    name, stores = (
        own.get(one.target, one.target),
        {each.get("id", "") for each in drawing.inside("dataStoreReference")},
    )
    if not one.target:
        yield drawing.error(
            LAW,
            element,
            "{it}的数据关联没有写传给谁（targetRef）。",
            "A data association of {it} does not say whither it leads (targetRef).",
            one.line,
        )
    if one.way == "out" and not own.keys() >= set(one.sources):
        yield drawing.error(
            LAW,
            element,
            f"{{it}}取回“{name}”的数据关联，来源必须都是它自己的输出（dataOutput）。",
            f'The data association of {{it}} that brings back "{name}" has a source that is no output of it '
            "(dataOutput).",
            one.line,
        )
    if len(one.computed) > 1 or len(one.assigned) > 1:
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的“{name}”由 {len(one.computed)} 个表达式给值。请合成一个转换（transformation）；要给出几个成员，"
            "就写成一个上下文，如 {a: 1, b: 2}。",
            f'"{name}" of {{it}} is given by {len(one.computed)} expressions. Write one transformation; for several '
            "members of a value let it be a context, as {a: 1, b: 2}.",
            one.line,
        )
    elif one.assigned and not one.computed:
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的“{name}”有赋值（assignment），但没有写取什么值（from）。",
            f'The assignment to "{name}" of {{it}} does not say from what.',
            one.line,
        )
    elif any(to not in {one.target, name, drawing.diagram.items.get(one.target, "")} for _, to in one.assigned):
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的赋值写到“{one.assigned[0][1]}”，只能写到整个“{name}”。要给出几个成员，请写一个转换，得出上下文。",
            f'An assignment of {{it}} writes to "{one.assigned[0][1]}"; it can only write to "{name}" as a whole. For '
            "members of it write a transformation that gives a context.",
            one.line,
        )
    elif not stores.isdisjoint((*one.sources, one.target)):
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的“{name}”连到数据存储，数据存储只作说明，不会读写。请改连数据对象。",
            f'"{name}" of {{it}} leads to a data store, which is documentation only. Let it lead to a data object.',
            one.line,
        )
    elif not one.computed and len(one.sources) != 1:
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的“{name}”没有转换，所以只能有一个来源（sourceRef），这里有 {len(one.sources)} 个。",
            f'Without a transformation "{name}" of {{it}} has just one source (sourceRef); it has {len(one.sources)}.',
            one.line,
        )
