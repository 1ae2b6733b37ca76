"""Every name in an expression is a variable that a form, script, decision or repeated step of the diagram gives.

表达式里的每个名称，都是图中表单、脚本、决策或多实例给出的变量。

Why: A misspelt name is no error in FEEL but an empty value: the condition is quietly never true.

为什么：写错的名称在 FEEL 里不报错，只是空值：条件会悄悄地永远不成立。
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.naming import clip
from engine.notation.diagram import Element, Flow
from engine.notation.variables.sources import BUILT_IN
from engine.words.errors import Finding

LAW = "names_are_known"


def check(drawing: Drawing) -> Iterator[Finding]:
    repeated = _repeated(drawing)
    for place, names in drawing.expressions:
        around = _around(drawing, place.thing)
        for name in sorted(names - drawing.variables.names - BUILT_IN):
            yield _unknown(drawing, place.thing, name, place.zh, place.en, place.line)
        for name in sorted(name for name in names & repeated.keys() if not repeated[name] & around):
            yield drawing.error(
                LAW,
                place.thing,
                f"{{it}}的{place.zh}用到“{name}”，但它只在那个多实例步骤里才有。",
                f'The {place.en} of {{it}} uses "{name}", which exists only inside the repeated step it belongs to.',
                place.line,
            )
    for element in drawing.diagram.elements.values():
        if element.kind == "businessRuleTask" and element.decision in drawing.decisions:
            used = drawing.decisions[element.decision].names_used(element.decision)
            for name in sorted(used - drawing.variables.names - BUILT_IN):
                yield _unknown(
                    drawing, element, name, f"决策“{element.decision}”", f'decision "{element.decision}"', None
                )


def _around(drawing: Drawing, thing: Element | Flow) -> frozenset[str]:
    """The step an expression belongs to, and all it lies in."""
    id = thing.source if isinstance(thing, Flow) else thing.id
    if id not in drawing.diagram.elements:
        return frozenset()
    return frozenset({id, *(scope.id for scope in drawing.diagram.scopes_of(id))})


def _repeated(drawing: Drawing) -> dict[str, frozenset[str]]:
    """Names that only repeated steps give, each with those steps."""
    given: dict[str, set[str]] = {}
    for each in drawing.variables.given:
        given.setdefault(each.name, set()).add(each.local)
    return {name: frozenset(steps) for name, steps in given.items() if "" not in steps}


def _unknown(drawing: Drawing, thing: Element | Flow, name: str, zh: str, en: str, line: int | None) -> Finding:
    known = drawing.variables.names
    near = get_close_matches(name, known | (BUILT_IN - {"partial", "item"}), n=1, cutoff=0.75)
    # Somebody outside may bring it: a message, a service elsewhere, whoever opens the case.
    outside = bool(drawing.variables.open) or not known
    told, shown = drawing.warning if outside else drawing.error, clip(name)
    if near:
        hint_zh, hint_en = f"也许想写“{near[0]}”。", f'Perhaps "{near[0]}" is meant.'
    elif outside:
        hint_zh = "只有外来的消息、服务或立案时能带来它；没有时按空值处理。"
        hint_en = "Only a message, a service or whoever opens the case could bring it; without, it counts as null."
    else:
        hint_zh, hint_en = (
            "请改正，或在表单、脚本、决策表中给出它。",
            "Correct it, or let a form, script or table give it.",
        )
    return told(
        LAW,
        thing,
        f"{{it}}的{zh}用到“{shown}”，但图中没有任何地方给出这个变量。{hint_zh}",
        f'The {en} of {{it}} uses "{shown}", a variable that nothing in the diagram gives. {hint_en}',
        line,
    )
