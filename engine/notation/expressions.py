"""What a designer wrote in FEEL (conditions, deadlines, cells), evaluated in isolation for one case at one moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from engine.notation import simple
from engine.notation.feel import sandbox, sentences, values
from engine.words.errors import Refusal
from engine.words.worktime import HOME

Names = Mapping[str, object]
# Such variables would hide what every expression may rely on.
_TOLD = frozenset({"now", "today"})


class ExpressionFailed(Refusal):
    """The expression gives no value: it cannot be read, breaks, or takes too long. Sentences name the reason only."""

    def __init__(self, expression: str, sentence_zh: str, sentence_en: str) -> None:
        super().__init__(sentence_zh, sentence_en)
        self.expression = expression
        self.sentence_zh = sentence_zh
        self.sentence_en = sentence_en


@dataclass(frozen=True, slots=True)
class Problem:
    """A place in an expression (characters `start` to `end`, from 0, as written) and what is wrong with it."""

    start: int
    end: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A value, and why parts of the expression came out as null."""

    value: Any
    warnings: tuple[Problem, ...]


def evaluate(expression: str, names: Names, *, at: datetime, zone: tzinfo = HOME) -> Any:
    """The value of an expression; a leading "=" is allowed. Raises ExpressionFailed.

    Values are text, int, float, bool, None, list, dict, datetime (in UTC), date, time and Duration. `now` and `today`
    are the moment `at`, and every moment is seen on the clock of `zone`. As FEEL has it, what is unknown is null.
    """
    value = simple.evaluate(plain(expression), names)
    if value is not simple.NOT_SIMPLE:
        return value
    # The interpreter is told only what the expression speaks of: a case knows a hundred fields, and some are large.
    near = {name: names[name] for name in names if name in expression or not values.is_plain(name)}
    if not values.odd_names(near):
        near = {name: near[name] for name in names_used(expression) if name in near}
    return explain(expression, near, at=at, zone=zone).value


def evaluate_many(questions: Sequence[tuple[str, Names]], *, at: datetime, zone: tzinfo = HOME) -> list[Any]:
    """The values of many expressions at the price of one; raises ExpressionFailed for the first that fails."""
    return [each.value for each in _explain(questions, at, zone)]


def explain(expression: str, names: Names, *, at: datetime, zone: tzinfo = HOME) -> Explained:
    """Like `evaluate`, with warnings: unknown variables, wrong types, calls that fail."""
    return _explain([(expression, names)], at, zone)[0]


def matches(unary_tests: str, value: object, names: Names, *, at: datetime, zone: tzinfo = HOME) -> bool:
    """Whether a value passes the tests of a decision table's cell (`"a", "b"`, `>= 3`, `[1..5]`, `-`)."""
    text = cell(unary_tests)
    if text is None:
        return True
    question = {"kind": "test", "context": 0, "text": text, "value": values.encode(value, zone)}
    (answer,) = put([question], [names], at, zone)
    if "error" in answer:
        raise failure(unary_tests, answer["error"])
    return bool(answer["value"])


@lru_cache(maxsize=4096)
def problems(expression: str, *, unary: bool = False, names: frozenset[str] = frozenset()) -> tuple[Problem, ...]:
    """What keeps an expression (or a cell: `unary`) from being read, without evaluating it; empty when all is well.

    `names` matters only for names that are no plain words, which FEEL can tell from operators only when it knows them,
    and for functions among the variables.
    """
    return problems_of_many([(expression, unary)], names)[0]


def problems_of_many(texts: Sequence[tuple[str, bool]], names: frozenset[str]) -> list[tuple[Problem, ...]]:
    """The problems of many expressions, or cells where the second is true, at the price of one."""
    asked = []
    for text, unary in texts:
        read = cell(text) if unary else plain(text)
        asked.append({"kind": "problems", "context": 0, "text": "true" if read is None else read, "unary": unary})
    found: list[tuple[Problem, ...]] = []
    for (text, _), answer in zip(texts, put(asked, [dict.fromkeys(names)], _NEVER, HOME), strict=True):
        if "error" in answer:
            failed = failure(text, answer["error"])
            found.append((Problem(0, len(text), failed.sentence_zh, failed.sentence_en),))
            continue
        places = [(each["kind"], _shift(text) + each["from"], _shift(text) + each["to"]) for each in answer["problems"]]
        found.append(
            tuple(
                Problem(start, end, *sentences.of_problem(kind, text[start:end], start)) for kind, start, end in places
            )
        )
    return found


@lru_cache(maxsize=4096)
def names_used(expression: str, *, unary: bool = False, in_filters: bool = True) -> frozenset[str]:
    """The variables an expression takes from its surroundings (of `case.level`: `case`), nothing if it cannot be read.

    Inside a filter (`units[kind = "town"]`) a name may also be a field of the item: leave `in_filters` out to be told
    only what is a variable for sure. `now`, `today` and FEEL's functions are not counted.
    """
    return names_of_many([(expression, unary)], in_filters=in_filters)[0]


def names_of_many(texts: Sequence[tuple[str, bool]], *, in_filters: bool = True) -> list[frozenset[str]]:
    """`names_used` of many expressions, or cells where the second is true, at the price of one."""
    distinct = list(dict.fromkeys(texts))  # the cells of a table are often the same
    asked = []
    for text, unary in distinct:
        read = cell(text) if unary else plain(text)
        asked.append({"kind": "names", "context": 0, "text": "true" if read is None else read, "unary": unary})
    answers = put(asked, [{}], _NEVER, HOME) if asked else []
    found = {
        one: frozenset(each["name"] for each in answer.get("names", ()) if in_filters or not each["filter"])
        for one, answer in zip(distinct, answers, strict=True)
    }
    return [found[one] for one in texts]


def plain(expression: str) -> str:
    """Without the leading "=" that marks an expression where literal text could stand."""
    return expression[_shift(expression) :]


def cell(unary_tests: str) -> str | None:
    """The tests of a cell as FEEL reads them; None for an empty one and "-", which everything passes."""
    text = plain(unary_tests)
    return None if text.strip() in ("", "-") else text


def put(
    questions: list[dict[str, Any]], contexts: Iterable[Names], at: datetime, zone: tzinfo, *, exact: bool = False
) -> list[Any]:
    """Puts questions of the bundle's protocol (`feel/entry.js`) in one call; raises ExpressionFailed out of budget.

    `exact`: the contexts are written as the bundle reads them, and `zone` is not lent to moments without one.
    """
    shown = [{name: value for name, value in context.items() if name not in _TOLD} for context in contexts]
    request = {
        "now": values.wall(at, zone),
        "zone": values.zone_name(zone, at),
        "mixed": not exact,
        "contexts": shown if exact else [values.encode(context, zone) for context in shown],
        "shapes": ["\n".join(sorted(set(values.odd_names(context)))) for context in shown],
        "questions": questions,
    }
    try:
        answers: list[Any] = json.loads(sandbox.ask(json.dumps(request, separators=(",", ":"))))
    except sandbox.OutOfBudget as error:
        raise ExpressionFailed(
            "; ".join(str(question.get("text", "")) for question in questions), *sentences.OUT_OF_BUDGET
        ) from error
    return answers


def failure(expression: str, error: Mapping[str, Any]) -> ExpressionFailed:
    """The exception for an answer that is an error."""
    if error["from"] is None:
        return ExpressionFailed(expression, *sentences.of_failure(error["message"]))
    start, shift = error["from"], _shift(expression)
    kind = error.get("kind") or ("unfinished" if start == error["to"] else "unreadable")
    text = plain(expression)[start : error["to"]]
    return ExpressionFailed(expression, *sentences.of_problem(kind, text, shift + start))


def out_of_reach(far: values.OutOfReach) -> tuple[str, str]:
    return f"结果 {far} 超出可用的范围", f"The result {far} is beyond what can be used"


def warned(expression: str, warnings: Iterable[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """The bundle's warnings as sentences, each once."""
    text, shift = plain(expression), _shift(expression)
    found = {}
    for each in warnings:
        start, end = each["from"], each["to"]
        found[(start, end)] = Problem(shift + start, shift + end, *sentences.of_warning(each["type"], text[start:end]))
    return tuple(found.values())


_NEVER = datetime(2000, 1, 1, tzinfo=HOME)


def _explain(questions: Sequence[tuple[str, Names]], at: datetime, zone: tzinfo) -> list[Explained]:
    contexts: dict[int, tuple[int, Names]] = {}
    asked = []
    for expression, names in questions:
        place, _ = contexts.setdefault(id(names), (len(contexts), names))
        asked.append({"kind": "expression", "context": place, "text": plain(expression)})
    answers = put(asked, [names for _, names in contexts.values()], at, zone)
    explained = []
    for (expression, _), answer in zip(questions, answers, strict=True):
        if "error" in answer:
            raise failure(expression, answer["error"])
        try:
            value = values.decode(answer["value"])
        except values.OutOfReach as far:
            raise ExpressionFailed(expression, *out_of_reach(far)) from far
        explained.append(Explained(value, warned(expression, answer["warnings"])))
    return explained


def _shift(expression: str) -> int:
    """How many characters stand before the expression proper."""
    bare = expression.lstrip()
    return len(expression) - len(bare) + (1 if bare.startswith("=") and not bare.startswith("==") else 0)
