"""Types of values, as far as they can be told from the text of an expression without evaluating it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# text number boolean date moment (date and time) time duration list context; ANY: could be anything.
ANY, NULL = "any", "null"
Types = Mapping[str, str]

FIELDS: Mapping[str, str] = {
    "string": "text", "text": "text", "enum": "text", "unit": "text", "officer": "text", "issue": "text",
    "long": "number", "number": "number", "boolean": "boolean", "date": "date", "datetime": "moment",
    "multi": "list", "units": "list", "photo": "list", "file": "list", "checklist": "list",
}  # fmt: skip
COLUMNS: Mapping[str, str] = {
    "string": "text", "number": "number", "integer": "number", "long": "number", "double": "number",
    "boolean": "boolean", "date": "date", "time": "time", "dateTime": "moment", "date and time": "moment",
    "dayTimeDuration": "duration", "yearMonthDuration": "duration", "days and time duration": "duration",
    "years and months duration": "duration",
}  # fmt: skip
CASE: Mapping[str, str] = {
    "number": "text", "process": "text", "version": "number", "stage": "text", "round": "number", "level": "number",
    "outcome": "text", "opened_at": "moment", "raised_by": "text", "raiser_unit": "text", "counts": "context",
    "doers": "context",
}  # fmt: skip
CLOCK: Mapping[str, str] = {
    "due": "moment", "near": "moment", "original": "moment", "started": "moment", "overdue": "boolean",
    "running": "boolean", "limit": "text", "extended": "number",
}  # fmt: skip
OFFICER: Mapping[str, str] = {"login": "text", "name": "text", "unit": "text"}
WORDS: Mapping[str, tuple[str, str]] = {
    "text": ("文字", "text"), "number": ("数字", "a number"), "boolean": ("是否", "yes or no"),
    "date": ("日期", "a date"), "moment": ("日期和时间", "a date and time"), "time": ("时间", "a time"),
    "duration": ("时长", "a duration"), "list": ("列表", "a list"), "context": ("一组值", "a context"),
}  # fmt: skip
_CALLS = {
    "date": "date", "date and time": "moment", "time": "time", "duration": "duration", "string": "text",
    "number": "number", "count": "number", "sum": "number", "string length": "number", "upper case": "text",
    "lower case": "text", "substring": "text", "floor": "number", "ceiling": "number", "abs": "number",
    "contains": "boolean", "not": "boolean", "now": "moment", "today": "date", "append": "list", "concatenate": "list",
    "distinct values": "list", "starts with": "boolean", "list contains": "boolean",
}  # fmt: skip
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"|@"[^"]*"|\d+(?:\.\d+)?|[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*|<=|>=|!=|\*\*|\.\.|\s+|.', re.DOTALL
)
_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_KEYWORDS = frozenset(
    {"and", "or", "if", "then", "else", "return", "in", "between", "satisfies", "for", "some", "every", "not", "of"}
)
_OPENING = frozenset({"(", "[", "{", ",", ":", "and", "or", "if", "then", "else", "return", "satisfies"})
_CLOSING = frozenset({")", "]", "}", ",", "and", "or", "then", "else", "return", "satisfies"})
_COMPARING = frozenset({"=", "!=", "<", ">", "<=", ">="})
_RECKONING = frozenset({"+", "-", "*", "/"})
_GAPS = {"date": {"date"}, "moment": {"moment", "date"}}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two operands beside one sign, each a literal or a path, with nothing else that binds to them."""

    left: str
    sign: str
    right: str

    @property
    def text(self) -> str:
        return f"{self.left} {self.sign} {self.right}"


def pairs(text: str) -> Iterator[Pair]:
    """Every such place of an expression. Inside filters, loops and functions names may mean something else, so texts
    with these are searched only before the first of them."""
    tokens = [re.sub(r"\s+", "", t) if t[0] not in '"@' else t for t in _TOKEN.findall(text) if not t.isspace()]
    for at in range(1, len(tokens) - 1):
        if tokens[at] in {"for", "some", "every", "function", "["}:
            return
        left, sign, right = tokens[at - 1 : at + 2]
        if sign not in _COMPARING | _RECKONING or not _operand(left) or not _operand(right):
            continue
        before = tokens[at - 2] if at > 1 else "("
        after = tokens[at + 2] if at + 2 < len(tokens) else ")"
        if before in _OPENING and after in _CLOSING:
            yield Pair(left, sign, right)


def _operand(token: str) -> bool:
    if token[0] in '"@' or token[0].isdigit():
        return True
    return _PATH.fullmatch(token) is not None and token not in _KEYWORDS


def fits(pair: Pair, types: Types) -> bool:
    """Whether the sign can be used between values of these types; what is not known for certain fits."""
    left, right = of_operand(pair.left, types), of_operand(pair.right, types)
    if {left, right} & {ANY, NULL, "list", "context"}:
        return True
    if pair.sign in _COMPARING:
        return left == right
    match pair.sign:
        case "+":
            same = left == right and left in {"number", "text", "duration"}
            return same or _moved(left, right) or _moved(right, left)
        case "-":
            near = right in _GAPS.get(left, set()) or left in _GAPS.get(right, set())
            return (left == right and left in {"number", "duration", "time"}) or _moved(left, right) or near
        case _:
            return (left, right) in {("number", "number"), ("duration", "number"), ("number", "duration")} or (
                pair.sign == "/" and left == right == "duration"
            )


def _moved(moment: str, by: str) -> bool:
    return moment in {"date", "moment", "time"} and by == "duration"


def of_operand(token: str, types: Types) -> str:
    if token in {"true", "false"}:
        return "boolean"
    if token == NULL:
        return NULL
    if token[0] == '"':
        return "text"
    if token[0].isdigit():
        return "number"
    if token[0] == "@":
        return ANY
    return of_path(token, types)


def of_path(path: str, types: Types) -> str:
    """Of `case.round`, `clocks.rectify.due`, `limits.sign`: entries of contexts stand in `types` by their path."""
    head, _, rest = path.partition(".")
    if head == "now":
        return "moment" if not rest else ANY
    if head == "today":
        return "date" if not rest else ANY
    if head == "case":
        return CASE.get(rest, ANY) if rest else "context"
    if head == "officer":
        return OFFICER.get(rest, ANY) if rest else "context"
    if head == "clocks":
        return CLOCK.get(rest.partition(".")[2], ANY) if "." in rest else "context"
    return types.get(path, ANY)


def of_text(text: str, types: Types) -> str:
    """The type of a whole expression, ANY where it is not plain to see."""
    text = text.strip()
    if not text:
        return ANY
    if text[0] == "{":
        return "context"
    tokens = [t for t in _TOKEN.findall(text) if not t.isspace()]
    if len(tokens) == 1 and _operand(tokens[0]):
        return of_operand(re.sub(r"\s+", "", tokens[0]) if tokens[0][0] not in '"@' else tokens[0], types)
    if text[0] == "[" and text[-1] == "]" and text.count("[") == 1:
        return "list"
    called = re.fullmatch(r"([a-z][a-z ]*?)\s*\([^()]*\)", text)
    if called is not None:
        return _CALLS.get(called[1], ANY)
    if tokens[0] == "-" and len(tokens) == 2:
        return of_text(tokens[1], types)
    found = list(pairs(text))
    if len(found) == 1 and len(tokens) == 3:
        pair = found[0]
        if pair.sign in _COMPARING:
            return "boolean"
        sides = {of_operand(pair.left, types), of_operand(pair.right, types)}
        if len(sides) == 1 and sides <= {"number", "text", "duration"}:
            return sides.pop() if pair.sign == "+" or "number" in sides else ANY
    return ANY


def entries(text: str) -> Iterator[tuple[str, str]]:
    """The entries of a context: name and expression, in order; nothing for what is none."""
    text = text.strip()
    if not (text.startswith("{") and text.endswith("}")):
        return
    depth, name, begun = 0, "", 1
    tokens = list(_TOKEN.finditer(text, 1, len(text) - 1))
    for found in [*tokens, None]:
        sign = found[0] if found is not None else ","
        if sign in {"(", "[", "{"}:
            depth += 1
        elif sign in {")", "]", "}"}:
            depth -= 1
        elif sign == ":" and depth == 0 and not name and found is not None:
            name, begun = text[begun : found.start()].strip().strip('"'), found.end()
        elif sign == "," and depth == 0:
            end = found.start() if found is not None else len(text) - 1
            if name:
                yield name, text[begun:end].strip()
            name, begun = "", end + 1
