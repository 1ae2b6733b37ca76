"""Reads the expressions of JUEL, Groovy, Java and JavaScript as far as they say the same, and says them in FEEL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.notation.imports import pieces
from engine.notation.imports.pieces import NotCertain, Piece

LONGEST = 4000
DEEPEST = 40
_TOKEN = re.compile(
    r"\s+|//[^\n]*|/\*.*?\*/"
    r"|(?P<number>(?:\d+(?:\.\d+)?|\.\d+)[lLfFdDgG]?)"
    r"|(?P<text>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)"
    r"|(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||\?\.|\?:|[-+*/%!<>()\[\]{}?:.,=;])",
    re.DOTALL,
)
_WORDS = {
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "and": "&&", "or": "||",
    "not": "!", "div": "/", "mod": "%",
}  # fmt: skip
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_TIMES = {
    "plusDays": "P{}D", "plusHours": "PT{}H", "plusMinutes": "PT{}M", "plusSeconds": "PT{}S", "plusWeeks": "P{}W",
    "minusDays": "-P{}D", "minusHours": "-PT{}H", "minusMinutes": "-PT{}M", "minusSeconds": "-PT{}S",
}  # fmt: skip
_VARIABLES = frozenset({"variables", "vars", "var"})
_ASKED = {
    "eq": "=", "equals": "=", "ne": "!=", "notEquals": "!=", "lt": "<", "lessThan": "<", "lte": "<=",
    "lessThanOrEquals": "<=", "gt": ">", "greaterThan": ">", "gte": ">=", "greaterThanOrEquals": ">=",
}  # fmt: skip
# What belongs to the other engine, not to the case.
_ENGINE = frozenset(
    {
        "execution", "task", "loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances",
        "authenticatedUserId", "kcontext", "S", "JSON", "Math", "System", "this", "new", "currentUser",
        "connector", "event", "caseExecution",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    begin: int
    end: int


def tokens(text: str) -> list[Token]:
    if len(text) > LONGEST:
        raise NotCertain(f"超过 {LONGEST} 个字符", f"it has more than {LONGEST} characters")
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotCertain(f"看不懂“{text[at : at + 12]}”", f'"{text[at : at + 12]}" cannot be read')
        if match.lastgroup is not None:
            found.append(Token(match.lastgroup, match.group(), at, match.end()))
        at = match.end()
    return found


def unquoted(token: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), token[1:-1])


@dataclass
class Reader:
    """One expression. `dialect`: juel, groovy, java, javascript. `known`: names that stand for something else here."""

    tokens: list[Token]
    dialect: str
    known: Mapping[str, Piece] = field(default_factory=dict)
    at: int = 0
    depth: int = 0

    def whole(self) -> Piece:
        piece = self.choice()
        if self.at < len(self.tokens):
            raise self.strange()
        return piece

    def peek(self) -> str:
        if self.at >= len(self.tokens):
            return ""
        token = self.tokens[self.at]
        if token.kind == "name" and self.dialect == "juel":
            return _WORDS.get(token.text, token.text)
        return token.text if token.kind != "text" else "''"

    def take(self, *texts: str) -> str:
        """The next sign if it is one of these."""
        text = self.peek()
        if text and text in texts:
            self.at += 1
            return text
        return ""

    def must(self, text: str) -> None:
        if not self.take(text):
            raise self.strange()

    def strange(self) -> NotCertain:
        if self.at >= len(self.tokens):
            return NotCertain("表达式不完整", "the expression is not finished")
        text = self.tokens[self.at].text[:40]
        return NotCertain(f"“{text}”没有确定的 FEEL 写法", f'"{text}" has no certain counterpart in FEEL')

    def choice(self) -> Piece:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotCertain("嵌套太深", "it is nested too deeply")
        condition = self.disjunction()
        if self.take("?"):
            yes = self.choice()
            self.must(":")
            condition = pieces.choose(self.truth(condition), yes, self.choice())
        self.depth -= 1
        return condition

    def truth(self, piece: Piece) -> Piece:
        return pieces.is_something(piece) if self.dialect in {"groovy", "javascript"} else piece

    def disjunction(self) -> Piece:
        left = self.conjunction()
        while self.take("||"):
            left = pieces.both("or", self.truth(left), self.truth(self.conjunction()))
        return left

    def conjunction(self) -> Piece:
        left = self.equality()
        while self.take("&&"):
            left = pieces.both("and", self.truth(left), self.truth(self.equality()))
        return left

    def equality(self) -> Piece:
        left = self.relation()
        while sign := self.take("==", "!=", "===", "!=="):
            if self.dialect == "java" and (left.literal is not None or self.peek() == "''"):
                raise NotCertain("Java 的 == 比较的是对象", "== of Java compares objects, not texts")
            loose = len(sign) == 2 and self.dialect in {"juel", "javascript"}
            left = pieces.compare("=" if sign[0] == "=" else "!=", left, self.relation(), loose=loose)
        return left

    def relation(self) -> Piece:
        left = self.sum()
        while sign := self.take("<", ">", "<=", ">="):
            left = pieces.compare(sign, left, self.sum())
        return left

    def sum(self) -> Piece:
        left = self.product()
        while sign := self.take("+", "-"):
            right = self.product()
            if sign == "+" and (left.literal is not None or right.literal is not None or left.text.endswith('"')):
                if self.dialect == "juel":
                    raise NotCertain("JUEL 的 + 只算数字", "+ of JUEL is for numbers only")
                raise NotCertain(
                    "文本与其他值相加，各语言写法不同", "joining texts gives different texts in each language"
                )
            left = pieces.calculate(sign, left, right)
        return left

    def product(self) -> Piece:
        left = self.unary()
        while sign := self.take("*", "/", "%"):
            if sign == "/" and self.dialect == "java":
                raise NotCertain("Java 的除法对整数取整", "division of Java cuts whole numbers")
            left = pieces.calculate(sign, left, self.unary())
        return left

    def unary(self) -> Piece:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotCertain("嵌套太深", "it is nested too deeply")
        try:
            if self.take("!"):
                inner = self.unary()
                return pieces.opposite(self.truth(inner))
            if self.take("-"):
                return pieces.negative(self.unary())
            if self.dialect == "juel" and self.peek() == "empty":
                self.at += 1
                return pieces.is_empty(self.unary())
            return self.path()
        finally:
            self.depth -= 1

    def path(self) -> Piece:
        piece = self.first()
        while sign := self.take(".", "[", "?."):
            if sign == "[":
                piece = self.position(piece)
                continue
            key = self.word()
            piece = self.method(piece, key) if self.take("(") else self.attribute(piece, key)
        return piece

    def word(self) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at].kind != "name":
            raise self.strange()
        self.at += 1
        return self.tokens[self.at - 1].text

    def attribute(self, owner: Piece, key: str) -> Piece:
        if key == "length" and self.dialect == "javascript":
            return pieces.length(owner)
        return pieces.member(owner, key)

    def position(self, owner: Piece) -> Piece:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None or token.kind not in {"number", "text"}:
            raise NotCertain("方括号里不是数字或文本", "what stands in the brackets is no number or text")
        self.at += 1
        self.must("]")
        if token.kind == "text":
            return pieces.member(owner, unquoted(token.text))
        if not token.text.isdigit():
            raise NotCertain("方括号里不是整数", "what stands in the brackets is no whole number")
        return pieces.item(owner, int(token.text))

    def arguments(self) -> list[Piece]:
        given: list[Piece] = []
        if self.take(")"):
            return given
        given.append(self.choice())
        while self.take(","):
            given.append(self.choice())
        self.must(")")
        return given

    def method(self, owner: Piece, key: str) -> Piece:
        """Only methods that change nothing and mean the same in every class that has them."""
        given = self.arguments()
        match key, given:
            case "equals", [other]:
                return pieces.compare("=", owner, other)
            case "equalsIgnoreCase", [other]:
                return pieces.compare("=", pieces.call("lower case", owner), pieces.call("lower case", other))
            case "size", []:
                return pieces.call("count", owner)
            case "length", []:
                return pieces.call("string length", owner)
            case "isEmpty", []:
                one = owner.at(pieces.ADD)
                return Piece(f'({one} = "" or {one} = []) = true', pieces.COMPARE, logical=True)
            case (("contains" | "includes"), [part]):
                return pieces.holds(owner, part)
            case "startsWith", [part]:
                return pieces.call("starts with", owner, part, logical=True)
            case "endsWith", [part]:
                return pieces.call("ends with", owner, part, logical=True)
            case "toLowerCase", []:
                return pieces.call("lower case", owner)
            case "toUpperCase", []:
                return pieces.call("upper case", owner)
            case (("intValue" | "booleanValue" | "longValue" | "doubleValue" | "toDate"), []):
                return owner
            case "get", [Piece(literal=str() as part)]:
                return pieces.member(owner, part)
            case "get", [Piece(text=position)] if position.isdigit():
                return pieces.item(owner, int(position))
            case _, [Piece(text=amount)] if key in _TIMES and amount.isdigit() and owner.text.startswith("now"):
                limit = _TIMES[key].format(amount)
                sign = "-" if limit.startswith("-") else "+"
                return Piece(f'{owner.at(pieces.ADD)} {sign} duration("{limit.lstrip("-")}")', pieces.ADD)
        raise NotCertain(f"调用了程序代码“{key}(…)”", f'it calls program code, "{key}(…)"')

    def first(self) -> Piece:
        if self.at >= len(self.tokens):
            raise self.strange()
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "number":
            return pieces.number(token.text)
        if token.kind == "text":
            value = unquoted(token.text)
            if self.dialect == "groovy" and token.text[0] == '"' and "$" in value:
                raise NotCertain("Groovy 文本里含有“$”", 'the Groovy text holds a "$"')
            return pieces.text(value)
        if token.kind == "name":
            return self.named(token.text)
        if token.text == "(":
            inner = self.choice()
            self.must(")")
            return Piece(inner.text, inner.rank, inner.logical)
        if token.text == "[" and self.dialect in {"groovy", "javascript"}:
            return self.listed()
        self.at -= 1
        raise self.strange()

    def listed(self) -> Piece:
        members: list[Piece] = []
        while not self.take("]"):
            members.append(self.choice())
            if not self.take(",") and self.peek() != "]":
                raise self.strange()
        return Piece(f"[{', '.join(each.text for each in members)}]")

    def named(self, text: str) -> Piece:
        if text in {"true", "false", "null", "undefined"}:
            return {"true": pieces.TRUE, "false": pieces.FALSE}.get(text, pieces.NULL)
        if text in _VARIABLES and self.dialect == "juel" and self.take(":"):
            return self.asked(self.word())
        if text in {"now", "dateTime"} and self.take("("):
            self.must(")")
            return Piece("now")
        if text == "execution" and self.peek() == ".":
            return self.of_execution()
        if self.peek() == "(":
            raise NotCertain(f"调用了程序代码“{text}(…)”", f'it calls program code, "{text}(…)"')
        if text in self.known:
            return self.known[text]
        if text in _ENGINE:
            raise NotCertain(f"“{text}”是原引擎自己的变量", f'"{text}" belongs to the other engine')
        return pieces.name(text)

    def of_execution(self) -> Piece:
        self.must(".")
        if self.word() not in {"getVariable", "getVariableLocal"} or not self.take("("):
            raise NotCertain("用到了原引擎的 execution", "it uses the execution of the other engine")
        given = self.arguments()
        if len(given) != 1 or given[0].literal is None:
            raise NotCertain("变量名不是固定文本", "the name of the variable is no fixed text")
        return self.known.get(given[0].literal) or pieces.name(given[0].literal)

    def asked(self, key: str) -> Piece:
        """Flowable's `vars:equals(x, 1)`: the first argument is the name of a variable, bare or in quotes."""
        self.must("(")
        given = self.arguments()
        if not given:
            raise self.strange()
        variable = pieces.name(given[0].literal if given[0].literal is not None else given[0].text)
        match key, given[1:]:
            case "get", []:
                return variable
            case (("isEmpty" | "empty"), []):
                return pieces.is_empty(variable)
            case (("isNotEmpty" | "notEmpty"), []):
                return pieces.opposite(pieces.is_empty(variable))
            case "getOrDefault", [other]:
                return pieces.choose(pieces.compare("=", variable, pieces.NULL), other, variable)
            case _, [other] if key in _ASKED:
                return pieces.compare(_ASKED[key], variable, other)
        raise NotCertain(f"函数“{key}”没有确定的 FEEL 写法", f'the function "{key}" has no certain counterpart in FEEL')


def translate(text: str, dialect: str, known: Mapping[str, Piece] | None = None) -> Piece:
    """Raises NotCertain."""
    return Reader(tokens(text), dialect, known or {}).whole()
