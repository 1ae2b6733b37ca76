"""What goes wrong in Qinglan: sixty findings, made of what expert teams and inspectors of the seeds wrote down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of trouble. `unit`: who answers for it; empty means whoever answers for the place."""

    title: str
    description: str
    category: str
    severity: str
    scene: str
    measure: str
    done: str
    cause: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, as people and as the camera's caption call it, and who answers for it."""

    zh: str
    en: str
    unit: str


@dataclass(frozen=True, slots=True)
class Issue:
    kind: Kind
    spot: Spot

    @property
    def title(self) -> str:
        return f"{self.spot.zh}{self.kind.title}"

    @property
    def unit(self) -> str:
        return self.kind.unit or self.spot.unit


def _read() -> tuple[tuple[Kind, ...], tuple[Spot, ...]]:
    listed = yaml.safe_load((Path(__file__).parent / "issues.yaml").read_text("utf-8"))
    return tuple(Kind(**kind) for kind in listed["kinds"]), tuple(Spot(**spot) for spot in listed["spots"])


KINDS, SPOTS = _read()


def issue(number: int) -> Issue:
    """The issue of this number; kinds and spots walk at different paces, so that no two of the first 132 are alike."""
    return Issue(KINDS[number % len(KINDS)], SPOTS[number % len(SPOTS)])
