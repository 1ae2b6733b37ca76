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
    ("timers_pg", "同时到时的定时，两个后台进程，PostgreSQL  timers due at once, two workers, PostgreSQL", "100000"),
    ("timers_pg_per_s", "　每秒触发  fired a second", "≥ 500"),
    ("timers_pg_fired", "　触发的定时  of them fired", "= 100000"),
    ("timers_pg_twice", "　重复触发  fired twice", "0"),
    ("timers_pg_left", "　未触发  left", "0"),
    ("timers_pg_quiet_p50_ms", "　办一步（开页面、提交），无事时 p50 毫秒  an officer's act, nothing due, p50, ms", ""),
    ("timers_pg_quiet_p95_ms", "　　p95", ""),
    ("timers_pg_busy_p50_ms", "　同时触发时 p50  the same meanwhile, p50, ms", ""),
    ("timers_pg_busy_p95_ms", "　　p95", ""),
    ("timers_pg_p95_ratio", "　　÷ 无事时  p95 over that when nothing is due", "≤ 2"),
    ("timers_sqlite", "同上，SQLite  the same on SQLite", ""),
    ("timers_sqlite_per_s", "　每秒触发  fired a second", ""),
    ("timers_sqlite_twice", "　重复触发  fired twice", "0"),
    ("timers_sqlite_p95_ratio", "　办一步 p95 ÷ 无事时  an officer's p95 over that when nothing is due", ""),
    ("kills_sqlite", "随机 kill -9，SQLite  random kill -9, SQLite", "200"),
    ("kills_sqlite_acts", "　已确认的办理  acts that were acknowledged", ""),
    ("kills_sqlite_lost", "　丢失  lost", "0"),
    ("kills_sqlite_twice", "　办了两次  done twice", "0"),
    ("kills_sqlite_stuck", "　停住的事项  cases stuck", "0"),
    ("kills_sqlite_faults", "　其他不符  any other fault (chain, replay, timers, messages)", "0"),
    ("kills_pg", "随机 kill -9，PostgreSQL  random kill -9, PostgreSQL", "200"),
    ("kills_pg_acts", "　已确认的办理  acts that were acknowledged", ""),
    ("kills_pg_lost", "　丢失  lost", "0"),
    ("kills_pg_twice", "　办了两次  done twice", "0"),
    ("kills_pg_stuck", "　停住的事项  cases stuck", "0"),
    ("kills_pg_faults", "　其他不符  any other fault (chain, replay, timers, messages)", "0"),
    ("check_ms", "检查最大的流程一次，毫秒  one check of our largest process, ms", ""),
    ("check_over_parse_10", "　÷ SpiffWorkflow 读同一流程十次  over its parser reading it ten times", "≤ 0.5"),
)


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """The tables in Markdown, as they stand in the README."""
    yield (
        f"Python {platform.python_version()} · SpiffWorkflow {version('SpiffWorkflow')} · SQLAlchemy"
        f" {version('SQLAlchemy')} · SQLite {sqlite3.sqlite_version} · psycopg {version('psycopg')}"
    )
    yield from ("", "| 量什么 What | 量得 Measured | 须 Must |", "|---|---:|---|")
    for key, title, must in _ROWS:
        if key in figures:
            yield f"| {title} | {_shown(figures[key])} | {must} |"
    if "pg_why" in figures:
        yield f"| PostgreSQL | — | {figures['pg_why']} |"
    for part, why in figures.get("failed", {}).items():
        yield f"| {part} | 没有量成 failed | {_in_a_cell(why)} |"
    yield from _peers(figures.get("peers", []))
    if "seconds" in figures:
        yield ""
        yield "用时 Seconds: " + " · ".join(f"{part} {spent}" for part, spent in figures["seconds"].items())


def _peers(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Per store: each engine beside ours, measured in turn on that store."""
    ours: dict[str, float] = {row["store"]: row["ms"] for row in rows if row["name"] == "Bihuan"}
    if not rows:
        return
    yield from (
        "",
        "同行：同一流程、同一机器、同一数据库，每步落盘  Peers: the same loop, machine and store, each step durable",
        "",
        "| 引擎 Engine | 存储 Store | 一步毫秒 ms a step | ÷ 我们 over ours | 返工 100 次后 after 100 | 语句 SQL |",
        "|---|---|---:|---:|---:|---:|",
    )
    for row in rows:
        title = f"{row['name']} {row.get('version') or ''}".strip()
        if "why" in row:
            yield f"| {title} | {row['store']} | — {_in_a_cell(row['why'])} | | | |"
            continue
        ratio = _shown(row["ms"] / ours[row["store"]]) if row["store"] in ours else "—"
        sql = _shown(row["sql"]) if row["sql"] is not None else "—"
        cells = (title, row["store"], _shown(row["ms"]), ratio, _shown(row["ms_after_100"]), sql)
        yield f"| {' | '.join(cells)} |"


def _in_a_cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if value < 100 else f"{value:.0f}"
    return str(value)
