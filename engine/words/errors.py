"""Refusals: each is a sentence for the officer, in both languages, and names what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class Refusal(Exception):
    """An act that will not be done. Nothing has been written. `zh` and `en` are for the officer."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class NotFound(Refusal):
    """It does not exist, or this officer may not know that it does."""


class NotAllowed(Refusal):
    """The officer may see it, but this is not for him to do."""


class OutOfDate(Refusal):
    """It was true when the page was drawn, and is no longer: somebody else was first."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field ("" = the form as a whole), file row, or element of a diagram."""

    field: str
    zh: str
    en: str


class NotValid(Refusal):
    """Input that cannot be taken; one fault per field, all of them at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "；".join(fault.zh for fault in faults) or "输入有误",
            "; ".join(fault.en for fault in faults) or "Not valid",
        )
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a law says about one element of a diagram or table. `severity`: error | warning | info. `path`: the way of a
    case to the bad place, ids of elements and flows in order; `there`: flows and elements where
    tokens are then."""

    law: str
    severity: str
    element: str
    line: int | None
    zh: str
    en: str
    path: tuple[str, ...] = ()
    there: tuple[str, ...] = ()


class NotPublishable(Refusal):
    """A diagram or table that cannot be run as it is."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        errors = [finding for finding in findings if finding.severity == "error"]
        super().__init__("；".join(f.zh for f in errors), "; ".join(f.en for f in errors))
        self.findings = tuple(findings)


class CannotGoOn(Refusal):
    """The diagram cannot be run further from here: an expression fails, a unit is unknown, a loop never ends."""

    def __init__(self, element: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.element = element
