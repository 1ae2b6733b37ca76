"""What says who somebody is stays in its field: no title, text, notice, condition or table reads it, and it has an end.

能认出个人的内容只留在它的字段里：标题、文字、通知、条件和决策表都不引用它，并写明保存多久。

Why: A personal value lies beside the case; only a reference goes with it. A text made of it would be empty, and if it
were not, everybody who sees a list would read it. And what nobody needs any longer must not be kept.

为什么：个人信息另行保管，事项里只有一个引用。拿它拼文字只会得到空白；若拼得出来，看得到列表的人就都看到了。不再需要的也不该一直留着。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import Place, places
from engine.notation.diagram import Field
from engine.notation.expressions import names_of_many
from engine.words.calendar import LimitNotReadable, read_limit
from engine.words.errors import Finding

LAW = "persons_are_kept_apart"
# Of these alone a mask can be made.
TYPES = frozenset({"string", "text", "long", "number", "date", "datetime"})
# Fields that lists show, and search looks through.
LISTED = frozenset({"title", "place", "category", "severity", "mode", "source"})
# A form's own rules see what is being typed; messages, calls and papers carry the reference on.
_ALLOWED = re.compile(
    r"^(show|required_if|check) of field|^default of field|^property (payload|fields)|^value handed over"
)
_NULL = re.compile(r"\b([A-Za-z_]\w*)\s*!?=\s*null\b")


def check(drawing: Drawing) -> Iterator[Finding]:
    diagram = drawing.diagram
    if not diagram.personal:
        return
    yield from _of_fields(drawing)
    yield from _of_keeping(drawing)
    asked = [place for place in places(diagram) if not _ALLOWED.match(place.en)]
    known = names_of_many([(place.text, False) for place in asked], in_filters=False)
    for place, names in zip(asked, known, strict=True):
        if read := sorted((set(names) & diagram.personal) - _only_asked_for(place)):
            yield _reads(drawing, place, read[0])
    for element in diagram.elements.values():
        if element.decision and (read := sorted(_inputs(drawing, element.decision) & diagram.personal)):
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}的决策表要读个人信息“{read[0]}”，读到的只是一个引用。请另设一个不认人的字段作依据。",
                f'The decision table of {{it}} reads the personal field "{read[0]}", and will find a reference only. '
                "Give it a field that names nobody.",
            )


def _only_asked_for(place: Place) -> set[str]:
    """Whether there is a value at all may be asked everywhere."""
    text = place.text
    found = set(_NULL.findall(text))
    rest = _NULL.sub(" ", text)
    return {name for name in found if not re.search(rf"(?<![\w.\"]){name}(?!\w)", rest)}


def _inputs(drawing: Drawing, decision: str) -> set[str]:
    text = next((text for name, text in drawing.tables.items() if f'id="{decision}"' in text), "")
    return set(re.findall(r"[A-Za-z_]\w*", " ".join(re.findall(r"<inputExpression[^>]*>\s*<text>([^<]*)", text))))


def _reads(drawing: Drawing, place: Place, name: str) -> Finding:
    return drawing.warning(
        LAW,
        place.thing,
        f"{{it}}的{place.zh}引用了个人信息“{name}”：{place.shown}。它在这里只是一个引用，拼不出文字；请去掉，或用编号。",
        f'The {place.en} of {{it}} reads the personal field "{name}": {place.shown}. Here it is only a reference, '
        "of which no text can be made; leave it out, or say the number of the case.",
        place.line,
    )


def _of_fields(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        for field in element.form:
            for zh, en in _faults(field, drawing.diagram.personal):
                yield drawing.error(
                    LAW,
                    element,
                    f"{{it}}的表单字段“{field.label or field.id}”{zh}",
                    f'The form field "{field.label_en or field.id}" of {{it}} {en}',
                    field.line,
                )


def _faults(field: Field, personal: frozenset[str]) -> Iterator[tuple[str, str]]:
    if field.id in personal and not field.personal:
        yield (
            "在别的表单里是个人信息，在这里也要标为个人信息（personal=true）。",
            "is personal in another form; call it personal (personal=true) here as well.",
        )
    if not field.personal:
        return
    if field.type not in TYPES:
        yield (
            f"的类型“{field.type}”不能标为个人信息；可用：{'、'.join(sorted(TYPES))}。",
            f'is of the type "{field.type}", which cannot be personal; take {", ".join(sorted(TYPES))}.',
        )
    if field.id in LISTED:
        yield (
            "会出现在列表里，不能是个人信息；请换一个 id，标题里写事由而不写人名。",
            "is shown in lists and cannot be personal; give it another id, and say in the title what it is about, "
            "not whom.",
        )


def _of_keeping(drawing: Drawing) -> Iterator[Finding]:
    diagram = drawing.diagram
    first = next(element for element in diagram.elements.values() if any(field.personal for field in element.form))
    kept = diagram.properties.get("personal.keep", "").strip()
    if not kept:
        yield drawing.warning(
            LAW,
            first,
            "流程有个人信息，却没有写明办结后保存多久（流程属性 personal.keep，如 P30D），会一直留着。",
            "The process has personal fields and does not say how long they are kept after its end (property "
            "personal.keep of the process, such as P30D): they would stay for ever.",
        )
        return
    try:
        read_limit(kept)
    except LimitNotReadable as error:
        yield drawing.error(
            LAW,
            first,
            f"流程属性 personal.keep“{kept}”不是时限：{error.zh}",
            f'The property personal.keep "{kept}" of the process is no length of time: {error.en}',
        )
