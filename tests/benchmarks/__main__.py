"""`make bench`: everything is measured side by side in one run; BENCH_JSON=file writes the figures.

BENCH_PEERS=no leaves the other engines out: installing them the first time takes minutes.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import orjson

from tests import postgresql
from tests.benchmarks import checking, clock, far, page, peers, table
from tests.benchmarks.floor import Floor
from tests.benchmarks.loop import STEPS, answers_of
from tests.benchmarks.ours import Ours
from tests.benchmarks.ratios import middle, of_each_step

CASES = 60
ROUNDS = 40  # reworks of an old and of a new case that are held against each other
TIMERS = 2_000


def main() -> None:
    figures: dict[str, Any] = {"peers": []}
    with ExitStack() as open_until_the_end:
        folder = open_until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="bihuan-bench-"))
        stores = {"sqlite": Ours(f"sqlite:///{folder}/bench.db")}
        if postgresql.programs() is None:
            figures["why_no_postgresql"] = postgresql.MISSING
        else:
            address = open_until_the_end.enter_context(postgresql.cluster(durable=True))
            stores["pg"] = Ours(address)
        floor = Floor()
        _steps(figures, floor, stores)
        _work(figures, floor, stores)
        _statements(figures, stores["sqlite"])
        _age(figures, stores["sqlite"])
        _away(figures, stores)
        _page(figures, stores["sqlite"], Path(folder))
        _timers(figures, stores)
        for store in stores.values():
            store.database.dispose()
    figures |= checking.measured()
    if os.environ.get("BENCH_PEERS", "yes") != "no":
        figures["peers"] = list(peers.measured())
    table.show(figures)
    if wanted := os.environ.get("BENCH_JSON"):
        Path(wanted).write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2))


def _steps(figures: dict[str, Any], floor: Floor, stores: dict[str, Ours]) -> None:
    """Case by case in turn, so that whatever else this machine does slows all of them alike."""
    spent: dict[str, list[list[float]]] = {name: [] for name in ("floor", *stores)}
    for _ in range(CASES):
        spent["floor"].append(floor.walk())
        for name, store in stores.items():
            spent[name].append(store.walk())
    figures["floor_ms"] = of_each_step(spent["floor"]) * 1000
    for name in stores:
        figures[f"step_{name}_ms"] = of_each_step(spent[name]) * 1000
        figures[f"step_{name}_over_floor"] = figures[f"step_{name}_ms"] / figures["floor_ms"]
        figures[f"commit_{name}_ms"] = middle(stores[name].bare_commits()) * 1000


def _work(figures: dict[str, Any], floor: Floor, stores: dict[str, Ours]) -> None:
    """The same by the processor's time of this process: what a step costs when neither disk nor neighbours are slow."""
    spent: dict[str, list[list[float]]] = {name: [] for name in ("floor", *stores)}
    for store in stores.values():
        store.clock = thread_time
    for _ in range(CASES):
        spent["floor"].append(floor.walk(clock=thread_time))
        for name, store in stores.items():
            spent[name].append(store.walk())
    for name, store in stores.items():
        store.clock = perf_counter
        figures[f"cpu_{name}_over_floor"] = of_each_step(spent[name]) / of_each_step(spent["floor"])


def _statements(figures: dict[str, Any], store: Ours) -> None:
    """The most that any step of the loop needs, on a fresh case and on one of a hundred reworks."""
    fresh = store.told_per_step(store.raised(), STEPS)
    aged = store.told_per_step(store.aged(100), STEPS[3:])
    figures["sql_per_step"] = max(len(each.statements) for each in fresh)
    figures["sql_per_step_after_100"] = max(len(each.statements) for each in aged)
    figures["commits_per_step"] = max(each.commits for each in fresh + aged)


def _age(figures: dict[str, Any], store: Ours) -> None:
    for reworks in (100, 1_000):
        time, size = _held_against(store, store.aged(reworks))
        named = ("growth_100", "state_growth_100") if reworks == 100 else ("growth_1000", "state_growth_1000")
        figures |= dict(zip(named, (time, size), strict=True))
    case = store.aged(1_000)
    for step, following in (("rectify", ()), ("review", ("feedback",)), ("feedback", ())):
        store.step(case, step, answers_of(step, following))
    figures["reworks_1000_completed"] = store.has_ended(case)


def _held_against(store: Ours, old: int) -> tuple[float, float]:
    """A round of rework of an old case over one of a case that has never been sent back, turn by turn."""
    spent: list[tuple[float, float]] = []
    sizes: list[tuple[int, int]] = []
    for _ in range(ROUNDS):
        (aged, long), (fresh, short) = store.rework(old), store.rework(store.aged(0))
        spent.append((aged, fresh))
        sizes.append((long, short))
    time = middle([aged for aged, _ in spent]) / middle([fresh for _, fresh in spent])
    return time, middle([long for long, _ in sizes]) / middle([short for _, short in sizes])


def _away(figures: dict[str, Any], stores: dict[str, Ours]) -> None:
    figures["far_sqlite_ms"] = far.statement_by_statement(stores["sqlite"]) * 1000
    if "pg" in stores:
        figures["far_pg_ms"] = far.over_a_wire(stores["pg"]) * 1000


def _page(figures: dict[str, Any], store: Ours, folder: Path) -> None:
    opened = page.opened(store, folder / "evidence")
    figures["page_short_ms"], figures["page_long_ms"] = opened.short * 1000, opened.long * 1000
    figures["page_growth"] = opened.long / opened.short
    figures["page_facts"] = opened.facts[1]


def _timers(figures: dict[str, Any], stores: dict[str, Ours]) -> None:
    twice = 0
    for name, store in stores.items():
        swept = clock.sweep(store, TIMERS)
        twice += swept.twice
        figures[f"timers_per_s_{name}"] = swept.per_second
        figures[f"timers_left_{name}"] = swept.left
    figures["timers_per_s"] = figures.get("timers_per_s_pg", figures["timers_per_s_sqlite"])
    figures["timers_fired_twice"] = twice


if __name__ == "__main__":
    main()
