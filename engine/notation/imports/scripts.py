"""Scripts that only set variables become FEEL contexts; whatever does more is not translated."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from engine.notation.imports import curly, pieces, python_text
from engine.notation.imports.curly import Reader, Token
from engine.notation.imports.pieces import NotCertain, Piece

# They say something on a console nobody reads and change nothing.
_TALK = ("print", "println", "printf")
_LOCAL = frozenset({"def", "var", "let", "const", "final"})


def context(settings: Mapping[str, Piece]) -> str:
    return "{" + ", ".join(f"{key}: {piece.text}" for key, piece in settings.items()) + "}"


def of_python(text: str) -> str:
    """Raises NotCertain."""
    found: dict[str, Piece] = {}
    for statement in python_text.parse(text, "exec").body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=id)], value=value):
                _set(found, id, python_text.value(value))
            case ast.AnnAssign(target=ast.Name(id=id), value=ast.expr() as value):
                _set(found, id, python_text.value(value))
            case ast.AugAssign(target=ast.Name(id=id), op=op, value=value):
                _set(found, id, python_text.value(ast.BinOp(ast.Name(id), op, value)))
            case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=arguments, keywords=[])):
                for each in arguments:
                    python_text.value(each)  # nothing hides in what is printed
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                what = type(statement).__name__
                raise NotCertain(
                    f"Python 语句 {what} 不只是赋值", f"the Python statement {what} does more than set a variable"
                )
    return context(found)


def of_curly(text: str, dialect: str, *, result: str = "", keeps_bindings: bool = True) -> str:
    """Groovy, Java, JavaScript. `result`: the variable that gets the value of the last statement; `keeps_bindings`:
    whether a plain assignment sets a variable of the case, as it does in Camunda 7. Raises NotCertain."""
    found: dict[str, Piece] = {}
    local: dict[str, Piece] = {}
    statements = _statements(text)
    for at, statement in enumerate(statements):
        words = [token.text for token in statement]
        is_last = at == len(statements) - 1
        if words[:4] in (["System", ".", "out", "."], ["System", ".", "err", "."]) or words[:3] == [
            "console",
            ".",
            "log",
        ]:
            _talk(statement[words.index("(") :] if "(" in words else statement, dialect, local)
        elif words[0] in _TALK and words[1:2] == ["("]:
            _talk(statement[1:], dialect, local)
        elif words[:4] in (["execution", ".", "setVariable", "("], ["kcontext", ".", "setVariable", "("]):
            key, value = _pair(statement[4:], dialect, local)
            _set(found, key, value)
        elif words[0] in _LOCAL and words[2:3] == ["="]:
            local[words[1]] = _bracketed(_read(statement[3:], dialect, local))
        elif len(words) > 2 and statement[0].kind == "name" and words[1] == "=" and words[0] not in local:
            if not keeps_bindings:
                raise NotCertain("原引擎不保存脚本里赋值的变量", "the other engine does not keep what its scripts set")
            _set(found, words[0], _read(statement[2:], dialect, local))
        elif is_last and result:
            value = _read(statement[1:] if words[0] == "return" else statement, dialect, local)
            _set(found, result, value)
        else:
            raise NotCertain(
                f"语句“{' '.join(words)[:40]}”不只是赋值", f'"{" ".join(words)[:40]}" does more than set a variable'
            )
    return context(found)


def expression(text: str, dialect: str) -> Piece:
    """A condition written as a script: one expression, with or without `return`."""
    statements = _statements(text)
    if len(statements) != 1:
        raise NotCertain("条件由几条语句组成", "the condition is made of several statements")
    only = statements[0][1:] if statements[0][0].text == "return" else statements[0]
    return _read(only, dialect, {})


def _set(found: dict[str, Piece], key: str, value: Piece) -> None:
    if key in found:
        raise NotCertain(f"变量“{key}”赋值两次", f'the variable "{key}" is set twice')
    pieces.name(key)
    found[key] = value


def _read(statement: list[Token], dialect: str, local: Mapping[str, Piece]) -> Piece:
    return Reader(statement, dialect, local).whole()


def _bracketed(piece: Piece) -> Piece:
    return piece if piece.rank >= pieces.PATH else Piece(f"({piece.text})", logical=piece.logical)


def _talk(statement: list[Token], dialect: str, local: Mapping[str, Piece]) -> None:
    """What is printed may join texts as it likes, but not call anything."""
    names = [token for token in statement if token.kind == "name"]
    for token in names:
        after = next((other for other in statement if other.begin >= token.end), None)
        if after is not None and after.text == "(" and token.text not in {"getVariable", "toString"}:
            raise NotCertain(f"输出时调用了“{token.text}(…)”", f'it calls "{token.text}(…)" in what it prints')
    if any(token.text in {"=", "{", ";"} for token in statement):
        raise NotCertain("输出语句里还有别的语句", "something else happens in what it prints")


def _pair(statement: list[Token], dialect: str, local: Mapping[str, Piece]) -> tuple[str, Piece]:
    if len(statement) < 4 or statement[0].kind != "text" or statement[1].text != "," or statement[-1].text != ")":
        raise NotCertain("变量名不是固定文本", "the name of the variable is no fixed text")
    return curly.unquoted(statement[0].text), _read(statement[2:-1], dialect, local)


def _statements(text: str) -> list[list[Token]]:
    """Split at semicolons, and at line ends where no bracket is open and no operator waits for its other side."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in curly.tokens(text):
        last = found[-1][-1] if found[-1] else None
        ends = last is not None and depth == 0 and "\n" in text[last.end : token.begin] and _ends(last)
        if ends and _begins(token):
            found.append([])
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if token.text == ";" and token.kind == "sign":
            found.append([])
        else:
            found[-1].append(token)
    return [statement for statement in found if statement]


def _ends(token: Token) -> bool:
    return token.kind != "sign" or token.text in {")", "]", "}"}


def _begins(token: Token) -> bool:
    return token.kind != "sign" or token.text in {"(", "[", "{"}
