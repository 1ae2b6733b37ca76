"""One fact, one sentence, in Chinese and English: every kind of fact has its teller here."""

from __future__ import annotations

from engine.reads.sentences import between, course, moves, office, papers, personal, service, time, work
from engine.reads.sentences.line import TELLERS, Body, Detail, Line, Voice
from engine.words.terms import Term

__all__ = [
    "ERASED", "TELLERS", "Body", "Detail", "Line", "Voice", "between", "course", "moves", "office", "papers",
    "personal", "service", "tell", "time", "work",
]  # fmt: skip

ERASED = Term("内容已按期限清除", "the content was erased after its retention time")


def tell(kind: str, body: Body | None, voice: Voice) -> Line:
    """The line for one fact; `body` is None when it was erased. A kind this version does not know is shown by name."""
    if body is None:
        return Line(ERASED)
    teller = TELLERS.get(kind)
    return teller(body, voice) if teller else Line(Term(kind, kind))
