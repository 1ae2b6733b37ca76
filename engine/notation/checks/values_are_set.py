"""What a deadline, a role or a sum is worked out from has been given before, on whatever way a case comes there.

期限、办理角色、计算用到的值，无论从哪条路走来，都已经给出。

Why: An empty value makes the deadline, the role or the sum empty as well, and the case stops or goes to nobody.

为什么：空值会让期限、角色、计算结果也成为空，办件停住或没有人办。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import Place
from engine.notation.diagram import Flow
from engine.notation.variables.kinds import pairs
from engine.notation.variables.settled import Settled
from engine.notation.variables.sources import BUILT_IN
from engine.words.errors import Finding

LAW = "values_are_set"
# Here an empty value leaves a step without a deadline, without anybody to do it, or with nothing to run over.
NEEDED = frozenset({"到期时间", "办理人", "办理角色", "多实例集合", "多实例次数", "定时", "属性 clock.limit "})
_PLAIN = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_NULL = re.compile(r"([^\W\d][\w.]*)\s*!?=\s*null")


def check(drawing: Drawing) -> Iterator[Finding]:
    settled = Settled(drawing.diagram, drawing.variables)
    given = {each.name for each in drawing.variables.given if not each.local}
    for place, names in drawing.expressions:
        needed = _needed(place, names) & given - BUILT_IN
        if not needed:
            continue
        thing = place.thing
        known = settled.after(thing.source) if isinstance(thing, Flow) else settled.before(thing.id)
        own = frozenset(field.id for field in thing.form) if not isinstance(thing, Flow) else frozenset()
        for name in sorted(needed - known - own):
            yield drawing.warning(
                LAW,
                thing,
                f"{{it}}的{place.zh}用到“{name}”，但有的路走到这里时它还没有给出，会是空值。"
                "请在前面给出，或写明为空时怎么办（if … = null then …）。",
                f'The {place.en} of {{it}} uses "{name}", which on some ways has not been given yet and is null. '
                "Give it before, or say what holds without it (if … = null then …).",
                place.line,
            )


def _needed(place: Place, names: frozenset[str]) -> frozenset[str]:
    """The names that must not be empty: the value as a whole, or what is reckoned with."""
    found: set[str] = set()
    if place.zh in NEEDED and _PLAIN.fullmatch(place.text.strip()):
        found.add(place.text.strip())
    for pair in pairs(place.text):
        if pair.sign in {"+", "-", "*", "/", "<", ">", "<=", ">="}:
            found |= {side for side in (pair.left, pair.right) if _PLAIN.fullmatch(side)}
    heads = {name.partition(".")[0] for name in found} & names
    return frozenset(heads - {name.partition(".")[0] for name in _NULL.findall(place.text)})
