"""Reads Python expressions (never runs them) and says them in FEEL, where both mean the same."""

from __future__ import annotations

import ast
from typing import Any

from engine.notation.imports import pieces
from engine.notation.imports.pieces import NotCertain, Piece

LONGEST = 4000
DEEPEST = 60
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "=", ast.IsNot: "!=",
}  # fmt: skip
_CALCULATE: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
}  # fmt: skip
_FUNCTIONS = {"abs": "abs", "min": "min", "max": "max", "sum": "sum"}
_METHODS = {
    "lower": ("lower case", 0), "upper": ("upper case", 0), "startswith": ("starts with", 1),
    "endswith": ("ends with", 1),
}  # fmt: skip


def parse(text: str, mode: str = "eval") -> Any:
    """The tree of an expression (`eval`) or of statements (`exec`). Raises NotCertain."""
    if len(text) > LONGEST:
        raise NotCertain(f"超过 {LONGEST} 个字符", f"it has more than {LONGEST} characters")
    try:
        tree = ast.parse(text.strip(), mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotCertain("不是能读懂的 Python", "it is no Python that can be read") from error
    if _depth(tree) > DEEPEST:
        raise NotCertain("嵌套太深", "it is nested too deeply")
    return tree


def _depth(tree: ast.AST) -> int:
    level, deepest = [tree], 0
    while level and deepest <= DEEPEST:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        deepest += 1
    return deepest


def translate(text: str) -> Piece:
    """Raises NotCertain."""
    return value(parse(text).body)


def condition(text: str) -> Piece:
    """Like `translate`, for a place that asks yes or no: Python takes empty things for no."""
    return truth(parse(text).body)


def truth(node: ast.expr) -> Piece:
    return pieces.is_something(value(node))


def value(node: ast.expr) -> Piece:
    match node:
        case ast.Constant(value=bool() as fixed):
            return pieces.TRUE if fixed else pieces.FALSE
        case ast.Constant(value=None):
            return pieces.NULL
        case ast.Constant(value=str() as fixed):
            return pieces.text(fixed)
        case ast.Constant(value=int() | float() as fixed):
            return pieces.number(str(fixed))
        case ast.Name(id=id):
            return pieces.name(id)
        case ast.BoolOp(op=op, values=values):
            word = "and" if isinstance(op, ast.And) else "or"
            found = truth(values[0])
            for each in values[1:]:
                found = pieces.both(word, found, truth(each))
            return found
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return pieces.opposite(truth(operand))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return pieces.negative(value(operand))
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compared(left, ops, others)
        case ast.BinOp(left=left, op=op, right=right):
            return _calculated(value(left), op, value(right))
        case ast.IfExp(test=test, body=body, orelse=other):
            return pieces.choose(truth(test), value(body), value(other))
        case ast.List(elts=members) | ast.Tuple(elts=members):
            return Piece(f"[{', '.join(value(each).text for each in members)}]")
        case ast.Dict(keys=keys, values=values):
            return _context(keys, values)
        case ast.Attribute(value=owner, attr=key):
            return pieces.member(value(owner), key)
        case ast.Subscript(value=owner, slice=ast.Constant(value=str() as key)):
            return pieces.member(value(owner), key)
        case ast.Subscript(value=owner, slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as back))):
            return pieces.item(value(owner), -back)
        case ast.Subscript(value=owner, slice=ast.Constant(value=int() as position)):
            return pieces.item(value(owner), position)
        case ast.Call(func=function, args=arguments, keywords=[]):
            return _called(function, arguments)
    what = type(node).__name__
    raise NotCertain(f"Python 的 {what} 没有确定的 FEEL 写法", f"{what} of Python has no certain counterpart in FEEL")


def _compared(left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr]) -> Piece:
    found: Piece | None = None
    for op, right in zip(ops, others, strict=True):
        one, other = value(left), value(right)
        if isinstance(op, ast.Is | ast.IsNot) and other.text not in {"null", "true", "false"}:
            raise NotCertain("Python 的 is 比较的是对象", '"is" of Python compares objects')
        if isinstance(op, ast.In | ast.NotIn):
            step = _member(one, other)
            step = pieces.opposite(step) if isinstance(op, ast.NotIn) else step
        else:
            step = pieces.compare(_COMPARE[type(op)], one, other)
        found = step if found is None else pieces.both("and", found, step)
        left = right
    assert found is not None  # a comparison has at least one operator
    return found


def _member(part: Piece, whole: Piece) -> Piece:
    if whole.text.startswith("[") or whole.literal is not None:
        return pieces.holds(whole, part)
    one = whole.at(pieces.PATH)
    keys = f"list contains(get entries({whole.text}).key, {part.text})"
    return Piece(f"if {one} instance of context then {keys} else {pieces.holds(whole, part).text}", pieces.IF, True)


def _calculated(left: Piece, op: ast.operator, right: Piece) -> Piece:
    if isinstance(op, ast.Mod):
        return pieces.call("modulo", left, right)
    if isinstance(op, ast.FloorDiv):
        return pieces.call("floor", pieces.calculate("/", left, right))
    sign = _CALCULATE.get(type(op))
    if sign is None or "[" in (left.text[:1], right.text[:1]) or (sign == "*" and (left.literal or right.literal)):
        what = type(op).__name__
        raise NotCertain(
            f"Python 的 {what} 没有确定的 FEEL 写法", f"{what} of Python has no certain counterpart in FEEL"
        )
    return pieces.calculate(sign, left, right)


def _context(keys: list[ast.expr | None], values: list[ast.expr]) -> Piece:
    entries = []
    for key, each in zip(keys, values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise NotCertain("字典的键不是固定文本", "a key of the dictionary is no fixed text")
        entries.append(f"{pieces.text(key.value).text}: {value(each).text}")
    return Piece("{" + ", ".join(entries) + "}")


def _called(function: ast.expr, arguments: list[ast.expr]) -> Piece:
    match function, arguments:
        case ast.Name(id="len"), [one]:
            return pieces.length(value(one))
        case ast.Name(id="bool"), [one]:
            return truth(one)
        case ast.Name(id=id), [_, *_] if id in _FUNCTIONS:
            return pieces.call(_FUNCTIONS[id], *(value(each) for each in arguments))
        case ast.Attribute(value=owner, attr="get"), [ast.Constant(value=str() as key)]:
            return pieces.member(value(owner), key)
        case ast.Attribute(value=owner, attr=key), _ if key in _METHODS and len(arguments) == _METHODS[key][1]:
            word = _METHODS[key][0]
            return pieces.call(word, value(owner), *map(value, arguments), logical=bool(arguments))
    name = ast.unparse(function)[:40]
    raise NotCertain(f"调用了程序代码“{name}(…)”", f'it calls program code, "{name}(…)"')
