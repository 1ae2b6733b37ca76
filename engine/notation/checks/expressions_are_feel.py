"""Every expression (conditions, scripts, due dates, roles, collections, fields) can be read as FEEL.

每个表达式（条件、脚本、期限、角色、集合、字段）都能按 FEEL 读懂。

Why: An expression that cannot be read stops the case at the very moment it is needed.

为什么：表达式读不懂，办件一用到它就停住。
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.notation import expressions
from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import LONGEST_EXPRESSION, is_juel, places
from engine.notation.feel.script import LANGUAGES
from engine.notation.xml import local
from engine.words.errors import Finding

LAW = "expressions_are_feel"
_FLOW = "sequenceFlow"


def check(drawing: Drawing) -> Iterator[Finding]:
    written = list(places(drawing.diagram))
    readable = [p.text for p in written if not is_juel(p.text) and len(p.text) <= LONGEST_EXPRESSION]
    known = _problems(readable)
    for place in written:
        if is_juel(place.text):
            yield drawing.error(
                LAW,
                place.thing,
                f"{{it}}的{place.zh}“{place.shown}”是 Camunda 7 的写法。请改成 FEEL，例如 "
                f"={place.shown[2:].rstrip('}')}。",
                f'The {place.en} "{place.shown}" of {{it}} is written for Camunda 7. '
                f"Write it in FEEL, for example ={place.shown[2:].rstrip('}')}.",
                place.line,
            )
            continue
        if len(place.text) > LONGEST_EXPRESSION:
            yield drawing.error(
                LAW,
                place.thing,
                f"{{it}}的{place.zh}超过 {LONGEST_EXPRESSION} 个字符，太长了。请拆成几个脚本任务。",
                f"The {place.en} of {{it}} has more than {LONGEST_EXPRESSION} characters. Split it up.",
                place.line,
            )
            continue
        for zh, en in known[place.text]:
            yield drawing.error(
                LAW,
                place.thing,
                f"{{it}}的{place.zh}“{place.shown}”看不懂：{zh.rstrip('。')}。",
                f'The {place.en} "{place.shown}" of {{it}} cannot be read: {en.rstrip(".")}.',
                place.line,
            )
    for node in drawing.inside("conditionExpression", "script", "scriptTask", "transformation", "from"):
        language = node.get("language", "") or (node.get("scriptFormat", "") if node.tag.endswith("scriptTask") else "")
        if node.tag.endswith("scriptTask") and language.lower() in LANGUAGES:
            continue  # scripts_have_text reads it
        if language and language.lower() not in {"feel", "http://www.omg.org/spec/feel/20140401"}:
            about: etree._Element | None = node
            while about is not None and not (about.get("id") in drawing.diagram.elements or local(about) == _FLOW):
                about = about.getparent()
            if about is None:
                continue
            yield drawing.error(
                LAW,
                about,
                f"{{it}}用“{language}”书写；条件和脚本只能用 FEEL。",
                f'{{it}} is written in "{language}"; conditions and scripts are FEEL only.',
            )


def _problems(texts: list[str]) -> dict[str, list[tuple[str, str]]]:
    """By text. All at once; one by one only where one of them takes too long."""
    try:
        found = expressions.problems_of_many([(text, False) for text in texts], frozenset())
    except expressions.ExpressionFailed:
        return {text: _alone(text) for text in texts}
    return {text: [(one.zh, one.en) for one in told] for text, told in zip(texts, found, strict=True)}


def _alone(text: str) -> list[tuple[str, str]]:
    try:
        return [(problem.zh, problem.en) for problem in expressions.problems(text)]
    except expressions.ExpressionFailed as failed:
        return [(failed.sentence_zh, failed.sentence_en)]
