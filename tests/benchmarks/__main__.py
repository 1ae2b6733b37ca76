"""`make bench`: everything is measured side by side in one run; BENCH_JSON=file writes the figures."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson

from tests import postgresql
from tests.benchmarks import clock, table
from tests.benchmarks.floor import Floor
from tests.benchmarks.loop import REWORK, STEPS, reworked
from tests.benchmarks.ours import Ours
from tests.benchmarks.ratios import middle, of_each_step

CASES = 60
AGED_CASES = 3
ROUNDS = 10  # reworks at each end that are held against each other
TIMERS = 2_000


def main() -> None:
    figures: dict[str, Any] = {"peers": {}, "why_no_peers": "not measured in this run"}
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
        _statements(figures, stores["sqlite"])
        _age(figures, stores["sqlite"])
        _timers(figures, stores)
        for store in stores.values():
            store.database.dispose()
    table.show(figures)
    if wanted := os.environ.get("BENCH_JSON"):
        Path(wanted).write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2))


def _steps(figures: dict[str, Any], floor: Floor, stores: dict[str, Ours]) -> None:
    """Case by case in turn, so that whatever else this machine does slows all of them alike."""
    spent: dict[str, list[list[float]]] = {name: [] for name in ("floor", *stores)}
    for _ in range(CASES):
        spent["floor"].append(floor.walk())
        for name, store in stores.items():
            spent[name].append(store.walk()[0])
    figures["floor_ms"] = of_each_step(spent["floor"]) * 1000
    for name in stores:
        figures[f"step_{name}_ms"] = of_each_step(spent[name]) * 1000
        figures[f"step_{name}_over_floor"] = figures[f"step_{name}_ms"] / figures["floor_ms"]
        figures[f"commit_{name}_ms"] = middle(stores[name].bare_commits()) * 1000


def _statements(figures: dict[str, Any], store: Ours) -> None:
    """The most that any step of the loop needs, on a fresh case and on one of a hundred reworks."""
    fresh, aged = store.told_per_step(STEPS), store.told_per_step(reworked(100))
    figures["sql_per_step"] = max(statements for statements, _ in fresh)
    figures["sql_per_step_after_100"] = max(statements for statements, _ in aged)
    figures["commits_per_step"] = max(commits for _, commits in fresh + aged)


def _age(figures: dict[str, Any], store: Ours) -> None:
    walks = [store.walk(reworked(100 + ROUNDS)) for _ in range(AGED_CASES)]
    figures["growth_100"] = middle([_growth(spent, ROUNDS) for spent, _ in walks])
    figures["state_growth_100"] = middle([_growth(sizes, ROUNDS) for _, sizes in walks])
    figures["state_bytes"] = int(middle([float(size) for _, sizes in walks for size in sizes]))
    spent, sizes = store.walk(reworked(1_000))
    figures["reworks_1000_completed"] = True  # `walk` raises when the case does not end
    figures["growth_1000"] = _growth(spent, ROUNDS)
    figures["state_growth_1000"] = _growth(sizes, ROUNDS)


def _growth(series: list[float] | list[int], rounds: int) -> float:
    """The last rounds of rework over the first; the case's first three steps and its very last are no rework."""
    reworks = [float(each) for each in series[len(STEPS) - 1 - len(REWORK) : -1]]
    many = rounds * len(REWORK)
    return middle(reworks[-many:]) / middle(reworks[:many])


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
