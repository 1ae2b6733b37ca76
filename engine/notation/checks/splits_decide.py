"""Where an exclusive or inclusive gateway splits, every way has a condition, and one way is the default.

排他、包容网关分流时，每条路都有条件，并有一条默认连线。

Why: When no condition holds and no way is the default, the case stops at the gateway.

为什么：条件都不成立、又没有默认连线，办件就停在网关。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.conditions_count import ACTIVITIES
from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import LONGEST_EXPRESSION
from engine.notation.diagram import Element, Flow
from engine.words.errors import Finding

LAW = "splits_decide"
_EQUALS = re.compile(r'=?\s*([A-Za-z_]\w*)\s*=\s*"([^"]*)"')


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        ways = drawing.diagram.outgoing(element.id)
        if element.kind in ACTIVITIES and any(way.condition for way in ways):
            if all(way.condition for way in ways) and not _cover(drawing, ways):
                yield _no_default(drawing, element)
            continue
        if element.kind not in {"exclusiveGateway", "inclusiveGateway"}:
            continue
        default = element.attributes.get("default", "")
        if default and default not in {way.id for way in ways}:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的默认连线“{default}”不是从它流出的，请重新选择默认连线。",
                f'The default flow "{default}" of {{it}} does not leave it; choose the default again.',
            )
        if len(ways) < 2:
            continue
        for way in ways:
            if way.default and way.condition:
                yield drawing.error(
                    LAW,
                    way,
                    "{it}是默认连线，却又写了条件。请删掉条件，或另选默认连线。",
                    "{it} is the default and has a condition as well; remove one of the two.",
                )
            elif not way.default and not way.condition:
                yield drawing.error(
                    LAW,
                    way,
                    "{it}没有条件，也不是默认连线。请写上条件，或设为默认。",
                    "{it} has no condition and is not the default; write a condition or make it the default.",
                )
        if not any(way.default for way in ways) and all(way.condition for way in ways) and not _cover(drawing, ways):
            yield _no_default(drawing, element)


def _no_default(drawing: Drawing, element: Element) -> Finding:
    return drawing.warning(
        LAW,
        element,
        "{it}没有默认连线：如果所有条件都不成立，办件会卡在这里。建议设一条默认连线。",
        "{it} has no default flow: when no condition holds, the case is stuck there. Make one flow the default.",
    )


def _cover(drawing: Drawing, ways: tuple[Flow, ...]) -> bool:
    """Whether the conditions are the values of one enum field, all of them: then a default could never be taken."""
    values: dict[str, set[str]] = {}
    for way in ways:
        if len(way.condition or "") > LONGEST_EXPRESSION:
            return False
        for part in re.split(r"\s+or\s+", (way.condition or "").strip().lstrip("=")):
            found = _EQUALS.fullmatch(part.strip())
            if found is None:
                return False
            values.setdefault(found[1], set()).add(found[2])
    if len(values) != 1:
        return False
    (name, covered), *_ = values.items()
    return any(
        _choices(element, name) and _choices(element, name) <= covered for element in drawing.diagram.elements.values()
    )


def _choices(element: Element, name: str) -> set[str]:
    return {choice.id for field in element.form if field.id == name for choice in field.choices}
