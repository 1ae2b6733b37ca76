"""Middles: one slow moment of the machine must not decide."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, median


def middle(series: Sequence[float]) -> float:
    return float(median(series))


def of_each_step(walks: Sequence[Sequence[float]]) -> float:
    """The average step of a walk: each step at its median over all walks."""
    return float(mean(median(times) for times in zip(*walks, strict=True)))
