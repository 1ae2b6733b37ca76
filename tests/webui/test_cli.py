"""The command line: each command does its work, and every refusal is a sentence with an exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.acts import worker_keys
from engine.jobs import pulse
from engine.record import journal
from engine.words import facts
from models import Case, Entry, Officer, Timer, Unit, Version
from tests.cast import install
from tests.processes.changed_loop import changed
from webui import cli
from webui.commands import inspecting
from webui.demo import load
from webui.place import MACHINE, Place

ROOT = Path(__file__).parent.parent.parent
LOOP = ROOT / "processes" / "issue_loop"
ISSUES = """问题编号,责任单位,点位,类别,问题描述,严重程度
B1,港口街道,码头社区,卡口值守,夜间无人值守,较重
B2,没有的单位,码头社区,卡口值守,栏杆损坏,一般
B3,港口街道,码头社区,卡口值守,没有登记,极其严重
"""

Bihuan = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with tables, the cast and the issue loop, made once."""
    home = tmp_path_factory.mktemp("settled")
    place = Place.of(home, None)
    place.migrate()
    with place.sessions.begin() as session:
        install(session)
    place.engine.dispose()
    assert cli.run(["--var", str(home), "publish", str(LOOP)]) == 0
    return home


@pytest.fixture
def home(settled: Path, tmp_path: Path) -> Path:
    """A copy of it, in a folder with a space in its name."""
    return shutil.copytree(settled, tmp_path / "var of mine")


@pytest.fixture
def bihuan(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Bihuan:
    """`bihuan("verify")` → exit code, what was said, what was complained about. In English."""
    monkeypatch.setenv("BIHUAN_LANG", "en")
    for name in ("BIHUAN_DATABASE", "BIHUAN_VAR", "BIHUAN_BY"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path, var: Path = home) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run(["--var", str(var), *map(str, arguments)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return run


def count(home: Path, model: type) -> int:
    place = Place.of(home, None)
    with place.sessions() as session:
        number = session.scalar(select(func.count()).select_from(model))
    place.engine.dispose()
    return number or 0


def test_every_command_has_help(bihuan: Bihuan) -> None:
    for command in cli.COMMANDS:
        code, said, _ = bihuan(command, "--help")
        assert (code, said.startswith("Usage: bihuan ")) == (0, True), command
    assert all(command in bihuan("--help")[1] for command in cli.COMMANDS)


def test_sentences_in_chinese_too(bihuan: Bihuan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANG", "zh")
    assert "完好。" in bihuan("verify")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["frobnicate"], 2, "No such command"),
        (["check", "/no/such/file.bpmn"], 2, "/no/such/file.bpmn"),
        (["--by", "nobody", "publish", str(LOOP)], 1, 'no officer with the login "nobody"'),
        (["officer", "add", "x", "--name", "x", "--unit", "NOWHERE", "--password", "p"], 1, "no unit NOWHERE"),
        (
            ["officer", "add", "x", "--name", "x", "--unit", "CP", "--role", "king", "--password", "p"],
            1,
            "no role king",
        ),
        (["export", "ledger", "-o", "/no/such/folder/x.csv"], 2, "/no/such/folder"),
        (["demo"], 1, "empty database only"),
        (["--database", "nonsense", "verify"], 2, "no address of a database"),
        (["--database", "oracle9://x", "verify"], 2, "no address of a database"),
    ],
)
def test_refusals(bihuan: Bihuan, arguments: list[str], code: int, said: str) -> None:
    answered, _, complained = bihuan(*arguments)
    assert answered == code
    assert said in complained


def test_without_a_database(bihuan: Bihuan, tmp_path: Path) -> None:
    code, _, complained = bihuan("verify", var=tmp_path / "nothing")
    assert (code, "bihuan migrate" in complained) == (1, True)
    assert not (tmp_path / "nothing").exists(), "asking makes no database"
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "bihuan.db").write_text("this is no database" * 99)
    code, _, complained = bihuan("verify", var=tmp_path / "junk")
    assert (code, "cannot be opened or used" in complained) == (2, True)


def test_an_older_database_is_not_touched(bihuan: Bihuan, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    sqlite3.connect(tmp_path / "old" / "bihuan.db").execute("CREATE TABLE x (y)").connection.commit()
    code, _, complained = bihuan("verify", var=tmp_path / "old")
    assert (code, "First run: bihuan migrate" in complained) == (1, True)
    assert bihuan("migrate", var=tmp_path / "old")[0] == 0
    assert bihuan("verify", var=tmp_path / "old")[0] == 0


def test_publish_only_what_changed(bihuan: Bihuan, home: Path, tmp_path: Path) -> None:
    assert "unchanged, still version 1" in bihuan("publish", LOOP)[1]
    mine = shutil.copytree(LOOP, tmp_path / "issue_loop")
    diagram = mine / "issue_loop.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace('label="标题"', 'label="题目"'), "utf-8")
    assert "issue_loop: version 2" in bihuan("--by", "designer", "publish", mine, "--note", "shorter")[1]
    diagram.write_text(diagram.read_text("utf-8").replace("<bpmn:process ", "<bpmn:process x"), "utf-8")
    code, _, complained = bihuan("publish", mine)
    assert (code, "was not published" in complained) == (1, True)
    assert count(home, Version) == 2


def test_check(bihuan: Bihuan, tmp_path: Path) -> None:
    code, said, _ = bihuan("check", LOOP, "--json")
    files = json.loads(said)["files"]
    assert code == 0
    assert {Path(file["file"]).suffix for file in files} == {".bpmn", ".dmn"}
    assert [file["processes"] for file in files if file["file"].endswith(".bpmn")] == [
        [{"id": "issue_loop", "executable": True}]
    ]
    bad = tmp_path / "bad.bpmn"
    bad.write_text((LOOP / "issue_loop.bpmn").read_text("utf-8").replace('camunda:candidateGroups="reviewer"', ""))
    code, said, _ = bihuan("check", bad)
    assert (code, "tasks_have_a_role" in said) == (1, True)
    bomb = tmp_path / "bomb.bpmn"
    bomb.write_text('<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>')
    code, said, _ = bihuan("check", bomb, "--json")
    assert code == 2
    assert {"law", "severity", "element", "line", "zh", "en"} == set(json.loads(said)["files"][0]["findings"][0])


def test_a_file_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "PATIENCE", 0.0)
    begun = time.monotonic()
    reports = list(inspecting.inspect([LOOP / "issue_loop.bpmn", LOOP / "triage.dmn"]))
    assert [report["unreadable"] for report in reports] == [True, True]
    assert "stopped" in reports[0]["findings"][0]["en"]
    assert time.monotonic() - begun < 20


def test_evaluate(bihuan: Bihuan) -> None:
    inputs = {"severity": "critical", "needs_city": False, "on_spot": False, "source_level": "city"}
    asked = ["evaluate", LOOP / "triage.dmn", "--decision", "triage", "--input", json.dumps(inputs)]
    code, said, _ = bihuan(*asked, "--json")
    assert (code, json.loads(said)["outcome"]) == (0, "leading_group")
    assert bihuan(*asked[:3], "nothing", *asked[4:])[0] == 1
    assert "no JSON" in bihuan(*asked[:-1], "{")[2]


def test_import_issues(bihuan: Bihuan, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "issues.csv"
    file.write_bytes(ISSUES.encode("gbk"))
    code, _, complained = bihuan("import", "issues", file)
    assert (code, "Who raises them?" in complained) == (1, True)
    code, said, complained = bihuan("import", "issues", file, "--raiser-unit", "EXPERTS", "--dry-run")
    assert (code, count(home, Case)) == (1, 0)
    assert "row 4 B3 refused: severity" in complained
    code, said, _ = bihuan("import", "issues", file, "--raiser-unit", "EXPERTS")
    assert (code, count(home, Case)) == (1, 2)
    assert "row 3 B2 raised" in said
    assert 'no unit is called "没有的单位"' in said
    assert "3 rows: 2 raised, 1 refused." in said
    file.write_text(ISSUES.replace("极其严重", "严重"), "utf-8-sig")
    code, said, _ = bihuan("--by", "expert", "import", "issues", file)
    assert (code, count(home, Case)) == (0, 3)
    assert "3 rows: 1 raised, 2 already there." in said


def test_import_of_no_table(bihuan: Bihuan, tmp_path: Path) -> None:
    file = tmp_path / "picture.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    code, _, complained = bihuan("import", "issues", file, "--raiser-unit", "EXPERTS")
    assert (code, "no table in text" in complained) == (1, True)
    assert bihuan("import", "issues", tmp_path / "none.csv")[0] == 2


def test_units_and_officers(bihuan: Bihuan, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text("unit,kind,parent\n西区,区,青澜市\n西街,街道,西区\n", "utf-8")
    before = count(home, Unit)
    assert bihuan("unit", "import", file, "--dry-run")[0] == 0
    assert count(home, Unit) == before
    assert "2 rows: 2 added." in bihuan("unit", "import", file)[1]
    assert "2 rows: 2 already there." in bihuan("unit", "import", file)[1]
    added = ("officer", "add", "west_clerk", "--name", "西街经办", "--unit", "U0002", "--password", "long enough")
    assert bihuan(*added, "--role", "unit_clerk", "--role", "unit_head@U0001")[0] == 0
    assert bihuan("officer", "role", "west_clerk", "inspector@U0001")[0] == 0
    assert bihuan("officer", "role", "west_clerk", "inspector@U0001", "--take-back")[0] == 0
    assert "no role king" in bihuan("officer", "role", "west_clerk", "king")[2]
    assert "no officer nobody" in bihuan("officer", "role", "nobody", "inspector")[2]
    code, _, complained = bihuan(*added)
    assert (code, "already an account" in complained) == (1, True)
    place = Place.of(home, None)
    with place.sessions() as session:
        clerk = session.execute(select(Officer).where(Officer.login == "west_clerk")).scalar_one()
        assert sorted((grant.role, grant.unit.name) for grant in clerk.grants) == [
            ("unit_clerk", "西街"),
            ("unit_head", "西区"),
        ]
        assert clerk.password_hash.startswith("$argon2id$")
        assert session.scalar(select(func.count()).select_from(Entry).where(Entry.body.contains("long enough"))) == 0
    place.engine.dispose()


def test_a_changed_byte_is_noticed(bihuan: Bihuan, home: Path) -> None:
    assert bihuan("verify", "--replay") == (0, bihuan("verify", "--replay")[1], "")
    with sqlite3.connect(home / "bihuan.db") as database:
        database.execute("UPDATE entries SET body = replace(body, '督查组', '督查级') WHERE kind = 'UnitAdded'")
    code, said, _ = bihuan("verify")
    assert (code, "Not intact." in said) == (1, True)
    assert "book 0, entry 4: Its content was changed" in said


def test_a_changed_row_is_noticed_by_replay(bihuan: Bihuan, home: Path) -> None:
    with sqlite3.connect(home / "bihuan.db") as database:
        database.execute("UPDATE units SET name = '改名' WHERE code = 'PIER'")
    assert bihuan("verify")[0] == 0
    code, said, _ = bihuan("verify", "--replay")
    assert (code, "replay differs: units" in said) == (1, True)


def test_backup_and_restore(bihuan: Bihuan, home: Path, tmp_path: Path) -> None:
    (home / "evidence" / "ab").mkdir(parents=True)
    (home / "evidence" / "ab" / "abcd").write_bytes(b"photo")
    archive = tmp_path / "all of it.tar"
    assert bihuan("backup", archive)[0] == 0
    other = tmp_path / "elsewhere"
    assert bihuan("restore", archive, var=other)[0] == 0
    assert (other / "evidence" / "ab" / "abcd").read_bytes() == b"photo"
    assert count(other, Entry) == count(home, Entry)
    assert bihuan("verify", "--replay", var=other)[0] == 0

    (other / "evidence" / "new").write_bytes(b"later")
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    code, _, complained = bihuan("restore", archive, "--yes", var=other)
    assert (code, "nothing was changed" in complained) == (1, True)
    assert (other / "evidence" / "new").exists()
    archive.write_bytes(whole)
    assert bihuan("restore", archive, "--yes", var=other)[0] == 0
    assert not (other / "evidence" / "new").exists()


def test_a_backup_that_reaches_out_of_its_folder(bihuan: Bihuan, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        entry = tarfile.TarInfo("../../escaped")
        entry.size = 4
        archive.addfile(entry, io.BytesIO(b"evil"))
    code, _, complained = bihuan("restore", tmp_path / "evil.tar", var=tmp_path / "a" / "b")
    assert (code, "not a whole backup" in complained) == (1, True)
    assert not list(tmp_path.rglob("escaped"))


def test_postgresql_is_backed_up_by_its_own_tools(bihuan: Bihuan, tmp_path: Path) -> None:
    code, _, complained = bihuan("--database", "postgresql+psycopg://localhost/x", "backup", tmp_path / "x.tar")
    assert (code, "pg_dump" in complained) == (1, True)


def test_exports(bihuan: Bihuan, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "issues.csv"
    file.write_text(ISSUES, "utf-8")
    bihuan("--by", "expert", "import", "issues", file)
    ledger, log = tmp_path / "ledger.csv", tmp_path / "log.jsonl"
    assert bihuan("export", "ledger", "-o", ledger)[0] == 0
    rows = list(csv.reader(io.StringIO(ledger.read_text("utf-8-sig"))))
    assert len(rows) == 3
    assert bihuan("--by", "health_clerk", "export", "ledger", "-o", ledger)[0] == 0
    assert len(ledger.read_text("utf-8-sig").splitlines()) == 1, "an officer exports what he may see"
    assert bihuan("export", "log", "--format", "jsonl", "-o", log)[0] == 0
    facts = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert len(facts) == count(home, Entry)
    assert facts[0]["body"]["code"] == "CITY"
    assert bihuan("export", "log", "--format", "xlsx", "--from", "2026-03-10", "-o", tmp_path / "log.xlsx")[0] == 0
    assert (tmp_path / "log.xlsx").read_bytes().startswith(b"PK")
    assert not list(tmp_path.glob(".*unfinished"))


def test_work_once_fires_what_is_due(bihuan: Bihuan, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "issues.csv"
    file.write_text(ISSUES, "utf-8")
    bihuan("--by", "expert", "import", "issues", file)
    bihuan("work", "--once")
    place = Place.of(home, None)
    with place.sessions() as session:
        late = session.scalar(select(func.count()).select_from(Timer).where(Timer.due_at < datetime.now(UTC)))
    place.engine.dispose()
    assert late == 0
    assert "Things done that were due: 0." in bihuan("work", "--once")[1]


def test_status_is_an_alarm_until_a_worker_is_heard(bihuan: Bihuan, home: Path) -> None:
    code, told, _ = bihuan("status")
    assert (code, "No worker is running" in told) == (1, True)
    place = Place.of(home, None)
    with place.sessions() as session, session.begin():
        at = datetime.now(UTC)
        pulse.beat(session, "worker-7", pulse.due(session, at=at), 3, at=at)
    place.engine.dispose()
    code, told, _ = bihuan("status")
    assert (code, "worker-7  running" in told, "0 due and not done" in told) == (0, True, True), told


def test_demo_asks_before_it_wipes(bihuan: Bihuan, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[Path] = []
    monkeypatch.setattr(load, "everything", lambda place, **_: loaded.append(place.home))
    (home / "evidence").mkdir()
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, _, complained = bihuan("demo", "--reset")
    assert (code, "Cancelled" in complained, loaded, count(home, Unit) > 0) == (1, True, [], True)
    assert bihuan("demo", "--reset", "--yes")[0] == 0
    assert loaded == [home]
    assert count(home, Unit) == 0
    assert not (home / "evidence").exists()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_until_told_to_stop(home: Path, tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    told = {**os.environ, "BIHUAN_LANG": "en", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "webui", "--var", str(home), "serve", "--port", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=told
    ) as served:
        try:
            page = ""
            for _ in range(300):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as answer:
                        page = answer.read().decode()
                        break
                except OSError:
                    time.sleep(0.1)
            assert "csrf_token" in page
            second = subprocess.run(
                [*command[:-1], str(free_port())], capture_output=True, text=True, cwd=tmp_path, env=told, check=False
            )
            assert (second.returncode, "Stop it first." in second.stderr) == (1, True)
        finally:
            served.send_signal(number)
        said, complained = served.communicate(timeout=40)
    assert served.returncode == 0, complained
    assert f"http://127.0.0.1:{port}" in said
    assert "Stopped." in said
    assert "Traceback" not in complained


def test_worker_alone_until_told_to_stop(bihuan: Bihuan, home: Path, tmp_path: Path) -> None:
    (tmp_path / "issues.csv").write_text(ISSUES, "utf-8")
    bihuan("--by", "expert", "import", "issues", tmp_path / "issues.csv")
    command = [sys.executable, "-m", "webui", "--var", str(home), "work"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}) as working:  # fmt: skip
        for _ in range(300):
            if _sealed(home) or working.poll() is not None:
                break
            time.sleep(0.1)
        working.send_signal(signal.SIGTERM)
        _, complained = working.communicate(timeout=30)
    assert (working.returncode, "Traceback" in complained) == (0, False), complained
    assert _sealed(home), "the worker's first round seals what has grown"


def _sealed(home: Path) -> bool:
    with sqlite3.connect(home / "bihuan.db") as database:
        return bool(database.execute("SELECT count(*) FROM entries WHERE kind = 'Sealed'").fetchone()[0])


def test_a_taken_port_is_said(bihuan: Bihuan) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, complained = bihuan("serve", "--port", str(taken.getsockname()[1]))
    assert (code, "Choose another port" in complained) == (1, True)


def test_the_engines_own_door(home: Path) -> None:
    def door(*arguments: str, **told: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "engine", *arguments],
            capture_output=True, text=True, cwd=ROOT, env={**os.environ, **told}, check=False,
        )  # fmt: skip

    assert door("verify", BIHUAN_DATABASE=f"sqlite:///{home / 'bihuan.db'}").returncode == 0
    assert door("dance", BIHUAN_DATABASE="sqlite://").returncode == 2


def test_stuck_cases_are_listed_and_tried_again(bihuan: Bihuan, home: Path) -> None:
    code, out, _err = bihuan("--var", str(home), "incidents", "list")
    assert (code, out) == (0, "No case is stuck.\n")
    code, out, _err = bihuan("--var", str(home), "incidents", "list", "--json")
    assert json.loads(out) == []
    assert bihuan("--var", str(home), "incidents", "retry")[0] == 1
    place = Place.of(home, None)
    with place.sessions.begin() as session:
        fact = facts.CaseOpened("issue_loop", 1, 1, None)
        case = journal.CaseFile(id=2026000001, version_id=1, process="issue_loop")
        stuck = facts.CaseStuck("triage", "没有命中任何规则", "no rule matched", {})
        journal.record(session, case, [fact, stuck], by=MACHINE, at=datetime.now(UTC))
    place.engine.dispose()
    assert "2026-000001" in bihuan("--var", str(home), "incidents", "list")[1]
    code, out, _err = bihuan("--var", str(home), "incidents", "retry", "2026-000001", "--reason", "table mended")
    assert (code, out) == (0, "2026-000001 goes on.\n")
    code, _out, err = bihuan("--var", str(home), "incidents", "retry", "2026-000001")
    assert code == 1
    assert "dealt with already" in err


def test_running_cases_move_and_come_back(bihuan: Bihuan, home: Path, tmp_path: Path) -> None:
    register = tmp_path / "two.csv"
    register.write_text("\n".join(ISSUES.splitlines()[:2]) + "\nB4,港口街道,码头社区,卡口值守,栏杆损坏,一般\n", "utf-8")
    assert bihuan("--by", "liaison", "import", "issues", register)[0] == 0
    newer = shutil.copytree(LOOP, tmp_path / "issue_loop")
    drawn = newer / "issue_loop.bpmn"
    drawn.write_bytes(changed(drawn.read_bytes()))
    assert bihuan("publish", newer)[:2] == (0, "issue_loop: version 2.\n")

    code, said, _ = bihuan("move", "issue_loop", "--to", "2", "--dry-run")
    assert (code, said.splitlines()[-2:]) == (0, ["Move 1: 2 cases.", "  2 can move"])
    code, said, _ = bihuan("move", "issue_loop", "--to", "2", "--map", "register=", "--dry-run")
    assert code == 1
    assert "  2 cannot move" in said
    assert "    The step is not in the new version: 2" in said
    assert said.count("no such step, and none was named to take its place") == 2
    assert bihuan("move", "issue_loop", "--to", "2", "--timer", "*=restart", "--reason", "a change")[0] == 0
    code, said, _ = bihuan("move", "--undo", "3", "--reason", "too early")
    assert (code, said.splitlines()[-2:]) == (0, ["Move 3: 2 cases.", "  2 went back"])
    assert bihuan("verify", "--replay")[0] == 0

    for arguments, sentence in (
        ([], "Name the process and the version"),
        (["issue_loop", "--to", "2"], "Say why the cases move"),
        (["issue_loop", "--to", "7", "--reason", "x"], "has no version 7"),
        (["nothing", "--to", "1", "--reason", "x"], 'no process "nothing"'),
        (["issue_loop", "--to", "1", "--reason", "x"], "No open case fits"),
        (["issue_loop", "--to", "2", "--map", "register", "--reason", "x"], "not of the form A=B"),
        (["issue_loop", "--to", "2", "--map", "register=nowhere", "--reason", "x"], 'no step "nowhere"'),
        (["issue_loop", "--to", "2", "--timer", "*=later", "--reason", "x"], "keep, restart or recount"),
        (["--undo", "3", "--reason", "again"], "taken back already"),
        (["--undo", "1", "--reason", "a trial"], "no move 1"),
        (["--undo", "99", "--reason", "x"], "no move 99"),
    ):
        code, said, complained = bihuan("move", *arguments)
        assert (code, sentence in complained) == (1, True), (arguments, said, complained)
    code, _, complained = bihuan("--by", "clerk", "move", "issue_loop", "--to", "2", "--reason", "x")
    assert code == 1
    assert "Only process designers and administrators" in complained


def test_tokens_of_programs_are_made_listed_and_ended(bihuan: Bihuan, home: Path) -> None:
    assert bihuan("token", "list")[1] == "There are no tokens yet.\n"
    code, worker, _ = bihuan("token", "create", "--name", "permits", "--topic", "permits.lookup")
    assert (code, worker.startswith("bihuan_")) == (0, True)
    made = ("token", "create", "--name", "cameras", "--officer", "expert", "--message", "tip_reported")
    source = bihuan(*made)[1]
    assert source != worker
    listed = bihuan("token", "list")[1]
    assert listed.splitlines() == [
        "1  permits  permits.lookup  holds",
        "2  cameras  source: expert tip_reported  holds",
    ]
    assert worker.strip() not in listed
    place = Place.of(home, None)
    with place.sessions() as session:
        known = worker_keys.known(session, source.strip())
        assert known is not None
        assert (known.name, known.messages) == ("cameras", ["tip_reported"])
    place.engine.dispose()
    assert bihuan("token", "end", "2")[0] == 0
    assert bihuan("token", "list")[1].endswith("2  cameras  source: expert tip_reported  ended\n")
    assert bihuan("verify")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["token", "create"], 2, "--name"),
        (["token", "create", "--name", " "], 1, "Name the program"),
        (["token", "create", "--name", "x", "--officer", "nobody"], 1, "no account in use"),
        (["token", "create", "--name", "x", "--officer", "expert", "--topic", "t"], 1, "for no topics"),
        (["token", "create", "--name", "x", "--message", "m"], 1, "needs an officer"),
        (["--by", "clerk", "token", "create", "--name", "x"], 1, "Only administrators"),
        (["token", "end", "7"], 1, "There is no token 7"),
        (["token", "end", "seven"], 2, "not a valid integer"),
        (["hosts", "--allow", "http://x/"], 1, "is no host"),
        (["hosts", "--allow", "x.example:99999"], 1, "is no host"),
        (["--by", "clerk", "hosts", "--allow", "x.example"], 1, "Only administrators"),
    ],
)
def test_tokens_and_hosts_refused(bihuan: Bihuan, arguments: list[str], code: int, said: str) -> None:
    answered, _, complained = bihuan(*arguments)
    assert (answered, said in complained) == (code, True), complained


def test_a_token_is_ended_once(bihuan: Bihuan) -> None:
    bihuan("token", "create", "--name", "x")
    assert bihuan("token", "end", "1")[0] == 0
    code, _, complained = bihuan("token", "end", "1")
    assert (code, "ended already" in complained) == (1, True)


def test_hosts_are_allowed_and_forbidden(bihuan: Bihuan) -> None:
    assert bihuan("hosts")[1] == "No host may be spoken to.\n"
    assert bihuan("hosts", "--allow", "B.example", "--allow", "a.example:8443")[1] == "a.example:8443\nb.example\n"
    assert bihuan("--by", "admin", "hosts", "--forbid", "b.example")[1] == "a.example:8443\n"
    assert bihuan("hosts")[1] == "a.example:8443\n"
    assert bihuan("hosts", "--forbid", "a.example:8443")[1] == "No host may be spoken to.\n"
