"""Fills a template, in a process of its own that may neither run long nor grow large: `python -m` this, told on stdin.

What comes in is one line of JSON {"order": "read" | "fill", "size": n, "context": …} and n bytes of the template; what
goes out is one line of JSON ({"names": […]} or {"size": n}, or {"refused": {…}}) and n bytes of the filled paper.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import sys
import traceback
from collections.abc import Mapping
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, meta
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from PIL import Image

SECONDS = 10
BYTES = 1536 * 1024 * 1024
MOST_OUT = 12 * 1024 * 1024
MOST_PICTURES = 24
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")
_OF_WORDS = frozenset({"day", "picture", "raw", "time"})
_DIGITS = "〇一二三四五六七八九"


class Word(str):
    """A value as the paper says it. `raw`: as the case keeps it, which conditions may ask for; `day` and `time` of a
    moment."""

    __slots__ = ("day", "raw", "time")
    raw: Any
    day: str
    time: str

    def __new__(cls, text: str, raw: Any = None, day: str = "", time: str = "") -> Word:
        word = super().__new__(cls, _ILLEGAL.sub("", text))
        word.raw, word.day, word.time = raw, day, time
        return word

    def __bool__(self) -> bool:
        return bool(self.raw)

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, str(other)) or (not isinstance(other, Word) and self.raw == other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class Record(dict[str, Any]):
    """Several values under names: `row.title`."""

    said = ""

    def __str__(self) -> str:
        return self.said


class Several(list[Any]):
    said = ""

    def __str__(self) -> str:
        return self.said


class Picture(Word):
    """A photo: printed it is its name; `picture` is the photo itself."""

    __slots__ = ("picture",)
    picture: Any


class Asked(StrictUndefined):
    """May be asked whether it is there, but not printed."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        return False

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name)


class Sealed(ImmutableSandboxedEnvironment):
    """What a template may do: print, choose, repeat. It reaches nothing of the program and no other file."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Record):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        # A text has no field `title`, though texts of the programming language have something of that name.
        own = _OF_WORDS if isinstance(obj, Word) else frozenset()
        if isinstance(obj, str | int | float | list) and not attribute.startswith("_") and attribute not in own:
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Record) and isinstance(argument, str):
            return self.getattr(obj, str(argument))
        return super().getitem(obj, argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if not all(isinstance(side, int | float) and abs(side) < 10**9 for side in (left, right)):
            raise SecurityError(f"{operator} is for numbers")
        return super().call_binop(context, operator, left, right)


class Paper(DocxTemplate):  # type: ignore[misc]
    """Says in which paragraph something is wrong."""

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml).split("\n")
        try:
            filled: str = super().render_xml_part(src_xml, part, context, jinja_env)
        except (
            TemplateError,
            SecurityError,
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            AttributeError,
        ) as broken:
            broken.paragraph = _paragraph(lines, broken)  # type: ignore[union-attr]
            raise
        if len(filled) > MOST_OUT:
            raise MemoryError
        return filled


def _printed(value: Any) -> Any:
    return "" if value is None else ("否", "是")[value] if isinstance(value, bool) else value


def environment() -> Sealed:
    made = Sealed(undefined=Asked, finalize=_printed)
    for name in ("lipsum", "cycler", "joiner", "dict"):
        made.globals.pop(name, None)
    for name in ("pprint", "tojson", "xmlattr", "urlize", "filesizeformat", "forceescape", "safe", "center", "indent"):
        made.filters.pop(name, None)
    made.filters["zh_number"] = zh_number
    return made


def zh_number(number: int) -> str:
    """一, 二, … 九十九: how headings of papers are counted."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "")
    return head + (_DIGITS[ones] if ones or not tens else "")


def read(content: bytes) -> list[str]:
    """Every name the template asks for. Raises what Jinja raises for text that is no template."""
    paper, made = Paper(io.BytesIO(content)), environment()
    paper.render_init()
    names: set[str] = set()
    for xml in _texts(paper):
        patched = paper.patch_xml(xml)
        lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", patched)
        try:
            names |= meta.find_undeclared_variables(made.parse(lines))
        except TemplateError as broken:
            broken.paragraph = _paragraph(lines.split("\n"), broken)  # type: ignore[attr-defined]
            raise
    return sorted(names - set(made.globals))


def fill(content: bytes, context: Mapping[str, Any]) -> bytes:
    paper = Paper(io.BytesIO(content))
    given = {name: _taken(value, paper, [MOST_PICTURES]) for name, value in context.items()}
    paper.render(given, environment(), autoescape=True)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _texts(paper: Paper) -> list[str]:
    texts = [paper.get_xml()]
    for uri in (paper.HEADER_URI, paper.FOOTER_URI):
        texts += [paper.get_part_xml(part) for _key, part in paper.get_headers_footers(uri)]
    return texts


def _taken(value: Any, paper: Paper, left: list[int]) -> Any:
    """A value as it was sent: {"t": said, "v": kept}, {"l": [...]}, {"d": {...}}, {"p": name, "b": bytes}."""
    if value is None:
        return Word("")
    if isinstance(value, str):
        return Word(value, value)
    if not isinstance(value, dict):
        return value
    if "l" in value:
        several = Several(_taken(each, paper, left) for each in value["l"])
        several.said = _ILLEGAL.sub("", value.get("t", ""))
        return several
    if "d" in value:
        record = Record({name: _taken(each, paper, left) for name, each in value["d"].items()})
        record.said = _ILLEGAL.sub("", value.get("t", ""))
        return record
    if "p" in value:
        return _picture(value, paper, left)
    return Word(value["t"], value.get("v"), value.get("day", ""), value.get("time", ""))


def _picture(value: Mapping[str, Any], paper: Paper, left: list[int]) -> Picture:
    picture = Picture(value["p"], value["p"])
    picture.picture = Word(value["p"], value["p"])
    if value.get("b") and left[0] > 0:
        left[0] -= 1
        small = io.BytesIO()
        try:
            with Image.open(io.BytesIO(base64.b64decode(value["b"]))) as photo:
                photo.thumbnail((1000, 1000))
                photo.convert("RGB").save(small, "JPEG", quality=80)
        except (OSError, ValueError, Image.DecompressionBombError):
            return picture
        small.seek(0)
        picture.picture = InlineImage(paper, small, width=Mm(60))
    return picture


def _paragraph(lines: list[str], broken: BaseException) -> dict[str, Any]:
    """Which paragraph (counted from 1) and what it says, as far as the fault tells its line."""
    line = broken.lineno if isinstance(broken, TemplateSyntaxError) else None
    if line is None:
        for frame, number in traceback.walk_tb(broken.__traceback__):
            if "__jinja_exception__" in frame.f_globals:
                line = number
    if line is None or not 0 < line <= len(lines):
        return {"number": None, "text": ""}
    said = [html.unescape(re.sub(r"<[^>]*>", "", text)).strip() for text in lines]
    return {"number": max(1, line - 1), "text": said[line - 1][:120]}


def _refused(broken: BaseException) -> dict[str, Any]:
    paragraph = getattr(broken, "paragraph", {"number": None, "text": ""})
    if isinstance(broken, UndefinedError):
        why = "name"
    elif isinstance(broken, TemplateSyntaxError):
        why = "syntax"
    elif isinstance(broken, SecurityError):
        why = "forbidden"
    elif isinstance(broken, MemoryError | RecursionError):
        why = "large"
    else:
        why = "broken"
    return {"why": why, "said": str(broken)[:300], **paragraph}


def _bound() -> None:
    """The system itself stops what runs too long or grows too large, where it can."""
    try:
        import resource
    except ImportError:  # no such thing there; whoever started this waits only so long
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def main() -> None:
    _bound()
    order = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read(order["size"])
    made = b""
    answer: dict[str, Any]
    try:
        if order["order"] == "read":
            answer = {"names": read(content)}
        else:
            made = fill(content, order["context"])
            answer = {"size": len(made)}
    except Exception as broken:  # the border of this process: whatever a template does comes out as a sentence
        answer = {"refused": _refused(broken)}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)


if __name__ == "__main__":
    main()
