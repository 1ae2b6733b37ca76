"""The figures as a table that is read at one glance, in both languages."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

# Key, what it is, what it must be (a reading of it; empty: shown only).
_ROWS: tuple[tuple[str, str, str], ...] = (
    ("floor_ms", "裸引擎一步（内存）毫秒  raw floor: SpiffWorkflow in memory, ms", ""),
    ("step_sqlite_ms", "一步落盘 SQLite 毫秒  durable step, SQLite FULL, ms", ""),
    ("commit_sqlite_ms", "　其中空提交  of it a bare commit of one row, ms", ""),
    ("step_sqlite_over_floor", "　÷ 裸引擎  over floor", "≤ 5"),
    ("cpu_sqlite_over_floor", "　÷ 裸引擎，只计处理器时间  over floor, processor time only", ""),
    ("step_pg_ms", "一步落盘 PostgreSQL 毫秒  durable step, PostgreSQL, ms", ""),
    ("commit_pg_ms", "　其中空提交  of it a bare commit of one row, ms", ""),
    ("step_pg_over_floor", "　÷ 裸引擎  over floor", "≤ 7"),
    ("cpu_pg_over_floor", "　÷ 裸引擎，只计处理器时间  over floor, processor time of this process only", ""),
    ("sql_per_step", "每步语句数（最多）  SQL statements a step, at most", "≤ 14"),
    ("sql_per_step_after_100", "　返工 100 次后  after 100 reworks", "≤ 14"),
    ("commits_per_step", "每步提交数  commits a step", "1"),
    ("growth_100", "返工 100 次后耗时 ÷ 起初  time after 100 reworks ÷ after 0", "≤ 1.2"),
    ("state_growth_100", "　快照字节之比  bytes of state", "≤ 1.2"),
    ("reworks_1000_completed", "返工 1000 次走完  1,000 reworks complete", "True"),
    ("growth_1000", "　耗时之比  time, last ÷ first", "≤ 1.2"),
    ("state_growth_1000", "　快照字节之比  bytes of state, last ÷ first", "≤ 1.2"),
    ("far_sqlite_ms", "每条语句慢 25 毫秒时一步，毫秒  a step when each statement takes 25 ms longer, SQLite", "≤ 500"),
    (
        "far_pg_ms",
        "每次往返慢 25 毫秒时一步，毫秒  a step when each round trip takes 25 ms longer, PostgreSQL",
        "≤ 500",
    ),
    ("page_short_ms", "事项页面（约 100 条记录）毫秒  the page of a case with 100 facts, whole answer, ms", ""),
    ("page_facts", "　记录多的那件的条数  facts of the long case", "≥ 10000"),
    ("page_long_ms", "　其页面毫秒  its page, ms", ""),
    ("page_growth", "　÷ 约 100 条的  over that of the short one", "≤ 1.5"),
    ("timers_per_s_sqlite", "每秒触发定时 SQLite  timers fired a second, two workers", ""),
    ("timers_per_s_pg", "每秒触发定时 PostgreSQL  the same", "≥ 500"),
    ("timers_fired_twice", "重复触发  fired twice", "0"),
    ("check_ms", "检查最大的流程一次，毫秒  one check of our largest process, ms", ""),
    ("check_over_parse_10", "　÷ SpiffWorkflow 读同一流程十次  over its parser reading it ten times", "≤ 0.5"),
)


def show(figures: dict[str, Any]) -> None:
    print("\n".join(_lines(figures)))


def _lines(figures: dict[str, Any]) -> Iterator[str]:
    yield "测量结果  What was measured"
    yield (
        f"Python {platform.python_version()} · SpiffWorkflow {version('SpiffWorkflow')} · SQLAlchemy"
        f" {version('SQLAlchemy')} · SQLite {sqlite3.sqlite_version} · psycopg {version('psycopg')}"
    )
    yield ""
    for key, title, must in _ROWS:
        if key in figures:
            yield f"{_shown(figures[key]):>10}  {must:<7} {title}"
    if "why_no_postgresql" in figures:
        yield f"{'—':>10}  {'':<7} PostgreSQL: {figures['why_no_postgresql']}"
    yield from _peers(figures["peers"])


def _peers(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Per store: each engine beside ours, measured in turn on that store."""
    ours: dict[str, float] = {row["store"]: row["ms"] for row in rows if row["name"] == "Bihuan"}
    if rows:
        yield ""
        yield "同行：同一流程、同一机器、同一数据库，每步落盘  Peers: same loop, machine and store, each step durable"
        yield f"{'ms':>8} {'× ours':>8} {'@100':>8} {'SQL':>6}"
    for row in rows:
        title = f"{row['name']} {row.get('version') or ''} · {row['store']}".replace("  ", " ")
        if "why" in row:
            yield f"{'—':>8} {'':>8} {'':>8} {'':>6}  {title}: {row['why']}"
            continue
        ratio = row["ms"] / ours[row["store"]]
        sql = _shown(row["sql"]) if row["sql"] is not None else "—"
        yield f"{_shown(row['ms']):>8} {_shown(ratio):>8} {_shown(row['ms_after_100']):>8} {sql:>6}  {title}"


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if value < 100 else f"{value:.0f}"
    return str(value)
