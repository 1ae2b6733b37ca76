"""`make bench`: everything is measured side by side in one run, and told as tables in Markdown.

    python -m tests.benchmarks                          # all of it; half an hour on a quiet machine
    python -m tests.benchmarks --only floor,pg,peers    # parts of it
    python -m tests.benchmarks --small                  # tiny sizes: does every part still run?
    python -m tests.benchmarks --markdown FILE --json FILE

The parts: floor (a step on SQLite over SpiffWorkflow in memory; its statements; old cases), pg (the same step on
PostgreSQL), far (a distant database), page (a long case's page), check (the gate before publishing), timers (all due
at once, two workers, an officer meanwhile), kills (-9 at random), peers (other engines; installed the first time).
What fails is told in its row, and the rest is measured all the same. BENCH_JSON=FILE is the same as --json.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any

import orjson

from tests import postgresql
from tests.benchmarks import checking, clock, far, kills, page, peers, steps, table
from tests.benchmarks.floor import Floor
from tests.benchmarks.ours import Ours

PARTS = ("floor", "pg", "far", "page", "check", "timers", "kills", "peers")
_log = logging.getLogger("bench")


@dataclass(frozen=True, slots=True)
class Sizes:
    cases: int = 60
    reworks: int = 1_000
    rounds: int = 40  # reworks of an old and of a new case that are held against each other
    facts: int = page.MANY
    timers: int = 100_000
    quiet: float = clock.QUIET
    kills: int = 200
    peers: int = peers.CASES


SMALL = Sizes(cases=3, reworks=20, rounds=3, facts=300, timers=300, quiet=8.0, kills=4, peers=2)


@dataclass
class Bench:
    """The places where it is measured, made when they are first wanted."""

    sizes: Sizes
    parts: frozenset[str]
    until_the_end: ExitStack
    figures: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def folder(self) -> Path:
        return Path(self.until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="bihuan-bench-")))

    @cached_property
    def sqlite(self) -> Ours:
        return self._opened(f"sqlite:///{self.folder}/bench.db")

    @cached_property
    def pg(self) -> Ours:
        """Raises FileNotFoundError where there is no PostgreSQL."""
        return self._opened(self.until_the_end.enter_context(postgresql.cluster(durable=True)))

    def stores(self) -> dict[str, Ours]:
        """SQLite, and PostgreSQL where it was asked for and can be had."""
        found = {"sqlite": self.sqlite}
        if "pg" in self.parts:
            if postgresql.programs() is None:
                self.figures["pg_why"] = postgresql.MISSING
            else:
                found["pg"] = self.pg
        return found

    def _opened(self, url: str) -> Ours:
        store = Ours(url)
        self.until_the_end.callback(store.database.dispose)
        return store


def _floor(bench: Bench) -> None:
    stores = bench.stores()
    steps.over_the_floor(bench.figures, Floor(), stores, bench.sizes.cases)
    if "floor" in bench.parts:
        steps.statements(bench.figures, bench.sqlite)
        steps.age(bench.figures, bench.sqlite, bench.sizes.reworks, bench.sizes.rounds)


def _far(bench: Bench) -> None:
    bench.figures["far_sqlite_ms"] = far.statement_by_statement(bench.sqlite) * 1000
    bench.figures["far_pg_ms"] = far.over_a_wire(bench.pg) * 1000


def _page(bench: Bench) -> None:
    opened = page.opened(bench.sqlite, bench.folder / "evidence", bench.sizes.facts)
    bench.figures |= {
        "page_short_ms": opened.short * 1000, "page_long_ms": opened.long * 1000,
        "page_growth": opened.long / opened.short, "page_facts": opened.facts[1],
    }  # fmt: skip


def _check(bench: Bench) -> None:
    bench.figures |= checking.measured()


def _timers(bench: Bench) -> None:
    """On databases of its own: nothing else is due there."""
    sqlite = Ours(f"sqlite:///{bench.folder}/timers.db")
    few = max(bench.sizes.timers // 50, min(bench.sizes.timers, 2000))
    _swept(bench.figures, "sqlite", clock.sweep(sqlite, few, bench.folder / "at_work", quiet=bench.sizes.quiet))
    sqlite.database.dispose()
    with postgresql.cluster(durable=True) as address:
        pg = Ours(address)
        _swept(
            bench.figures, "pg", clock.sweep(pg, bench.sizes.timers, bench.folder / "office", quiet=bench.sizes.quiet)
        )
        pg.database.dispose()


def _swept(figures: dict[str, Any], store: str, found: clock.Swept) -> None:
    figures |= {
        f"timers_{store}": found.timers, f"timers_{store}_per_s": found.per_second,
        f"timers_{store}_fired": found.fired, f"timers_{store}_twice": found.twice,
        f"timers_{store}_left": found.left,
        f"timers_{store}_quiet_p50_ms": found.quiet.middle * 1000,
        f"timers_{store}_quiet_p95_ms": found.quiet.p95 * 1000,
        f"timers_{store}_busy_p50_ms": found.busy.middle * 1000,
        f"timers_{store}_busy_p95_ms": found.busy.p95 * 1000,
        f"timers_{store}_acts": found.busy.acts,
        f"timers_{store}_p95_ratio": found.busy.p95 / found.quiet.p95,
    }  # fmt: skip


def _kills(bench: Bench) -> None:
    for store, kind in (("sqlite", "sqlite"), ("pg", "postgresql")):
        home = bench.folder / f"kills_{store}"
        home.mkdir()
        with kills.place(kind, home) as url:
            found = kills.at_random(url, home, kills=bench.sizes.kills)
        bench.figures |= {
            f"kills_{store}": found["kills"], f"kills_{store}_cases": found["cases"],
            f"kills_{store}_acts": found["acknowledged"], f"kills_{store}_lost": found["lost"],
            f"kills_{store}_twice": found["twice"],
            f"kills_{store}_stuck": found["cases_stuck"] + found["cases_open"],
            f"kills_{store}_faults": sum(found[name] for name in kills.FAULTS),
        }  # fmt: skip


def _peers(bench: Bench) -> None:
    rows: list[dict[str, Any]] = []
    bench.figures["peers"] = rows  # those before one that fails are kept
    rows.extend(peers.measured(bench.sizes.peers))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between them")
    parser.add_argument("--small", action="store_true", help="tiny sizes, to see that every part runs")
    parser.add_argument("--timers", type=int, help="how many fall due at once (100000)")
    parser.add_argument("--kills", type=int, help="how many on each database (200)")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--json", type=Path, default=os.environ.get("BENCH_JSON"))
    asked = parser.parse_args()
    parts = frozenset(asked.only.split(","))
    if strange := parts - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(strange))}; there are {', '.join(PARTS)}")
    given = {name: value for name in ("timers", "kills") if (value := getattr(asked, name)) is not None}
    small = {name: getattr(SMALL, name) for name in Sizes.__slots__} if asked.small else {}
    with ExitStack() as until_the_end:
        bench = Bench(Sizes(**(small | given)), parts, until_the_end)
        for names, measure in _MEASURES.items():
            if parts.intersection(names):
                _guarded(bench, names[0], measure)
    told = "\n".join(table.lines(bench.figures))
    print(told)
    if asked.markdown:
        asked.markdown.write_text(told + "\n", "utf-8")
    if asked.json:
        Path(asked.json).write_bytes(orjson.dumps(bench.figures, option=orjson.OPT_INDENT_2))
    return 1 if bench.figures.get("failed") else 0


_MEASURES: dict[tuple[str, ...], Callable[[Bench], None]] = {
    ("floor", "pg"): _floor, ("far",): _far, ("page",): _page, ("check",): _check, ("timers",): _timers,
    ("kills",): _kills, ("peers",): _peers,
}  # fmt: skip


def _guarded(bench: Bench, name: str, measure: Callable[[Bench], None]) -> None:
    """One part that breaks must not cost the half hour of all others."""
    with _timed(bench.figures, name):
        try:
            measure(bench)
        except Exception as error:  # the border of a part: said in the table and at the end
            _log.exception("%s could not be measured", name)
            bench.figures.setdefault("failed", {})[name] = f"{type(error).__name__}: {error}"[:200]


@contextmanager
def _timed(figures: dict[str, Any], name: str) -> Iterator[None]:
    print(f"… {name}", file=sys.stderr, flush=True)
    began = monotonic()
    yield
    figures.setdefault("seconds", {})[name] = round(monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
