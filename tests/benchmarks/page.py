"""A case's page, the whole answer an officer's browser gets: of a case with a hundred facts, and with ten thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from engine.reads.sentences.course import case_number
from models import Case
from tests.benchmarks import officer
from tests.benchmarks.ours import Ours
from tests.benchmarks.ratios import middle
from tests.cast import MORNING

FEW, MANY = 100, 10_000
TURNS = 40


@dataclass(frozen=True, slots=True)
class Opened:
    """Seconds until the page is there. `facts`: how many each of the two cases has."""

    short: float
    long: float
    facts: tuple[int, int]


def opened(ours: Ours, folder: Path, many: int = MANY) -> Opened:
    """Turn by turn, so that whatever else this machine does slows both alike."""
    short, long = (_grown(ours, facts) for facts in (FEW, many))
    browser = officer.signed_in(ours.url, folder, "reviewer", lambda: MORNING + timedelta(hours=6))
    spent: dict[int, list[float]] = {short: [], long: []}
    for case in (short, long) * (TURNS + 2):
        path = f"/cases/{case_number(case)}"
        began = perf_counter()
        answer = browser.get(path)
        assert answer.status_code == 200, answer.status
        spent[case].append(perf_counter() - began)
    facts = (_facts(ours, short), _facts(ours, long))
    return Opened(middle(spent[short][2:]), middle(spent[long][2:]), facts)


def _grown(ours: Ours, facts: int) -> int:
    """A case that has been sent back until it has so many facts."""
    case = ours.aged(0)
    while _facts(ours, case) < facts:
        ours.rework(case)
    return case


def _facts(ours: Ours, case: int) -> int:
    with ours.sessions() as session:
        found = session.get(Case, case)
        assert found is not None
        return found.entries
