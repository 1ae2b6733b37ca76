"""Form fields have an id that expressions can use, a known type, values to choose from, and limits that are numbers.

表单字段的 id 能用在表达式里，类型可用，选择项有值，限制是数字。

Why: Officers meet this form in the middle of their work; a field that cannot be filled in, or not be named later,
stops them.

为什么：人员办理时才见到这张表；填不了、以后也引用不到的字段会把人挡住。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import is_expression
from engine.notation.diagram import Field
from engine.notation.timings import is_moment
from engine.words.errors import Finding

LAW = "forms_are_well_formed"
TYPES = (
    "string", "text", "long", "number", "date", "datetime", "boolean", "enum", "multi",
    "unit", "units", "officer", "photo", "file", "issue", "checklist", "note",
)  # fmt: skip
FLAGS = frozenset({"required", "readonly", "future", "past"})
COUNTS = frozenset({"minlength", "maxlength", "mincount", "maxcount"})
NUMBERS = frozenset({"min", "max"})
FIELD_PROPERTIES = frozenset(
    {
        "label.en", "help", "help.en", "show", "required_if", "evidence", "check", "check.text", "check.text.en",
        "role", "kind", "below", "items", "mechanism", "personal", "default.en",
    }
)  # fmt: skip
EVIDENCE = frozenset({"before", "after", "document"})
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_TAKEN = frozenset(
    {
        "case", "clocks", "now", "item", "true", "false", "null", "if", "then", "else", "for", "in", "return", "some",
        "every", "satisfies", "between", "and", "or", "not", "function", "instance", "of",
    }
)  # fmt: skip


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        seen: set[str] = set()
        for field in element.form:
            for zh, en in _faults(field, seen):
                yield drawing.error(
                    LAW,
                    element,
                    f"{{it}}的表单字段“{field.label or field.id}”{zh}",
                    f'The form field "{field.label_en or field.id}" of {{it}} {en}',
                    field.line,
                )
            for zh, en in _oddities(field):
                yield drawing.warning(
                    LAW,
                    element,
                    f"{{it}}的表单字段“{field.label or field.id}”{zh}",
                    f'The form field "{field.label_en or field.id}" of {{it}} {en}',
                    field.line,
                )
            seen.add(field.id)


def _faults(field: Field, seen: set[str]) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(field.id):
        yield (
            f"的 id“{field.id}”不能用在表达式里；只能用英文字母、数字和“_”，以字母开头。",
            f'has the id "{field.id}", which expressions cannot use; take letters, digits and "_", starting '
            "with a letter.",
        )
    elif field.id in _TAKEN:
        yield f"的 id“{field.id}”是保留字，请换一个。", f'has the id "{field.id}", a reserved word; choose another.'
    if field.id in seen:
        yield "的 id 与前面的字段重复，请换一个。", "has the same id as a field before it; choose another."
    if field.type not in TYPES:
        yield (
            f"的类型“{field.type}”不存在。可用：{'、'.join(TYPES)}。",
            f'has the unknown type "{field.type}". The types are: {", ".join(TYPES)}.',
        )
    if field.type in {"enum", "multi"}:
        yield from _choice_faults(field)
    if field.type == "checklist" and not field.properties.get("items", "").strip():
        yield (
            "没有说明检查哪些项（属性 items，如 =checklist）。",
            "does not say what is checked (property items, such as =checklist).",
        )
    for name, value in field.constraints.items():
        yield from _constraint_faults(field.type, name, value)
    if (kind := field.properties.get("evidence", "")) and kind not in EVIDENCE:
        yield (
            f"的 evidence“{kind}”只能是 before、after 或 document。",
            f'has evidence "{kind}"; it is before, after or document.',
        )


def _choice_faults(field: Field) -> Iterator[tuple[str, str]]:
    if not field.choices:
        yield "是选择项，却没有可选的值，请添加。", "is a choice, but has no values; add them."
    ids = [choice.id for choice in field.choices]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        yield f"的选项“{id}”重复。", f'has the value "{id}" twice.'
    if any(not id.strip() for id in ids):
        yield "有一个选项没有 id。", "has a value without an id."
    if field.default and not is_expression(field.default) and field.type == "enum" and field.default not in ids:
        yield (
            f"的默认值“{field.default}”不在选项之中。",
            f'has the default "{field.default}", which is none of its values.',
        )


def _constraint_faults(type: str, name: str, value: str) -> Iterator[tuple[str, str]]:
    if name in FLAGS or is_expression(value):
        return
    if name in COUNTS:
        if not value.isascii() or not value.isdigit():
            yield f"的约束 {name}“{value}”不是整数。", f'has the constraint {name} "{value}", which is no whole number.'
    elif name in NUMBERS and type in {"date", "datetime"}:
        if not is_moment(value):
            yield f"的约束 {name}“{value}”不是日期。", f'has the constraint {name} "{value}", which is no date.'
    elif name in NUMBERS:
        try:
            float(value)
        except ValueError:
            yield f"的约束 {name}“{value}”不是数字。", f'has the constraint {name} "{value}", which is no number.'
    else:
        known = ", ".join(sorted(FLAGS | COUNTS | NUMBERS))
        yield f"的约束“{name}”不存在。可用：{known}。", f'has the unknown constraint "{name}". They are: {known}.'


def _oddities(field: Field) -> Iterator[tuple[str, str]]:
    for name in field.properties:
        english_choice = name.startswith("name.") and name.endswith(".en")
        if name not in FIELD_PROPERTIES and not english_choice:
            yield f"的属性“{name}”不起作用。", f'has the property "{name}", which has no effect.'
    for choice in field.choices:
        if not choice.name_en:
            yield (
                f"的选项“{choice.name}”没有英文名（属性 name.{choice.id}.en）。",
                f'has the value "{choice.id}" without an English name (property name.{choice.id}.en).',
            )
