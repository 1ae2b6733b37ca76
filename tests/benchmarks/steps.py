"""One durable step: over the raw floor, in statements, and of cases that have been sent back very often."""

from __future__ import annotations

from time import perf_counter, thread_time
from typing import Any
from unittest.mock import patch

from models import journey
from tests.benchmarks.floor import Floor
from tests.benchmarks.loop import STEPS, answers_of
from tests.benchmarks.ours import Ours
from tests.benchmarks.ratios import middle, of_each_step

Figures = dict[str, Any]


def over_the_floor(figures: Figures, floor: Floor, stores: dict[str, Ours], cases: int) -> None:
    """By the clock on the wall, then by the processor's time of this process: what a step costs when neither disk nor
    neighbours are slow. Case by case in turn, so that whatever else this machine does slows all of them alike."""
    spent = _in_turn(floor, stores, cases)
    figures["floor_ms"] = spent["floor"] * 1000
    for name, store in stores.items():
        figures[f"step_{name}_ms"] = spent[name] * 1000
        figures[f"step_{name}_over_floor"] = spent[name] / spent["floor"]
        figures[f"commit_{name}_ms"] = middle(store.bare_commits()) * 1000
        store.clock = thread_time
    # Waiting awake is no work.
    with patch.object(journey, "AWAKE", 0.0):
        spent = _in_turn(floor, stores, cases)
    for name, store in stores.items():
        store.clock = perf_counter
        figures[f"cpu_{name}_over_floor"] = spent[name] / spent["floor"]


def _in_turn(floor: Floor, stores: dict[str, Ours], cases: int) -> dict[str, float]:
    by = next(iter(stores.values())).clock
    spent: dict[str, list[list[float]]] = {name: [] for name in ("floor", *stores)}
    for _ in range(cases):
        spent["floor"].append(floor.walk(clock=by))
        for name, store in stores.items():
            spent[name].append(store.walk())
    return {name: of_each_step(walks) for name, walks in spent.items()}


def statements(figures: Figures, store: Ours) -> None:
    """The most that any step of the loop needs, on a fresh case and on one of a hundred reworks."""
    fresh = store.told_per_step(store.raised(), STEPS)
    aged = store.told_per_step(store.aged(100), STEPS[3:])
    figures["sql_per_step"] = max(len(each.statements) for each in fresh)
    figures["sql_per_step_after_100"] = max(len(each.statements) for each in aged)
    figures["commits_per_step"] = max(each.commits for each in fresh + aged)


def age(figures: Figures, store: Ours, most: int, rounds: int) -> None:
    figures["growth_100"], figures["state_growth_100"] = _held_against(store, store.aged(100), rounds)
    case = store.aged(most)
    figures["growth_1000"], figures["state_growth_1000"] = _held_against(store, case, rounds)
    for step, following in (("rectify", ()), ("review", ("feedback",)), ("feedback", ())):
        store.step(case, step, answers_of(step, following))
    figures["reworks_1000_completed"] = store.has_ended(case)


def _held_against(store: Ours, old: int, rounds: int) -> tuple[float, float]:
    """A round of rework of an old case over one of a case that has never been sent back, turn by turn."""
    spent: list[tuple[float, float]] = []
    sizes: list[tuple[int, int]] = []
    for _ in range(rounds):
        (aged, long), (fresh, short) = store.rework(old), store.rework(store.aged(0))
        spent.append((aged, fresh))
        sizes.append((long, short))
    time = middle([aged for aged, _ in spent]) / middle([fresh for _, fresh in spent])
    return time, middle([long for long, _ in sizes]) / middle([short for _, short in sizes])
