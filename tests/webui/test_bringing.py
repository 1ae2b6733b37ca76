"""Diagrams from other tools at the command line: import diagram, check of one, check of a whole folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models import Draft
from tests.cast import install
from webui import cli
from webui.commands import corpora
from webui.place import Place

LEAVE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn">
<process id="leave" name="Leave" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s"
targetRef="t"/><serviceTask id="t" flowable:expression="${b.c()}"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>
<endEvent id="e"/></process></definitions>"""
BROKEN = LEAVE.replace('targetRef="e"', 'targetRef="gone"')


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIHUAN_LANG", "en")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "leave.bpmn").write_text(LEAVE, "utf-8")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "broken.bpmn20.xml").write_text(BROKEN, "utf-8")
    (tmp_path / "two" / "invalid.bpmn").write_text(BROKEN, "utf-8")
    (tmp_path / "two" / "nothing.bpmn").write_text("hello", "utf-8")
    return tmp_path


def test_a_diagram_becomes_a_draft(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place.of(files / "var", None)
    place.migrate()
    with place.sessions.begin() as session:
        install(session)
    report = files / "report.json"
    leave = files / "one" / "leave.bpmn"
    wanted = ["import", "diagram", str(leave), "--report", str(report)]
    assert cli.run(["--var", str(files / "var"), "--by", "designer", *wanted]) == 0
    said = capsys.readouterr().out
    assert "accepted with to-dos (Flowable)" in said
    assert "to do t (line 3)" in said
    with place.sessions() as session:
        draft = session.get(Draft, "leave")
        assert draft is not None
        assert b'id="t"' in draft.diagram
    told = json.loads(report.read_text("utf-8"))["files"][0]
    assert {"expression"} <= {remark["what"].split(":")[-1] for remark in told["remarks"]}
    place.engine.dispose()


def test_a_refused_one_is_not_kept(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place.of(files / "var", None)
    place.migrate()
    page = files / "report.html"
    broken = files / "two" / "broken.bpmn20.xml"
    assert cli.run(["--var", str(files / "var"), "import", "diagram", str(broken), "--report", str(page)]) == 1
    assert "refused g (line 3)" in capsys.readouterr().out
    assert "<code>g</code>" in page.read_text("utf-8")
    with place.sessions() as session:
        assert session.get(Draft, "leave") is None
    place.engine.dispose()


def test_check_reads_a_foreign_file_the_import_way(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["check", str(files / "one")]) == 0
    said = capsys.readouterr().out
    assert "bihuan import diagram brings it in" in said
    assert "flowable:expression" in said
    assert cli.run(["check", str(files / "two" / "broken.bpmn20.xml")]) == 1


def test_a_folder_of_strangers(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = files / "out.json"
    assert cli.run(["check", "--corpus", str(files), "--jobs", "1", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "4 files" in said
    assert "one | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0" in said
    assert "two | 0 | 0 | 0 | 0 | 2 | 1 | 0 | 0" in said
    assert "taken in 1 (50.0 %)" in said
    assert "silent losses: extensions 0, words of BPMN 0" in said
    reports = json.loads(out.read_text("utf-8"))["files"]
    assert [report["verdict"] for report in reports] == ["accepted with to-dos", "refused", "refused", "not BPMN"]
    assert [finding["weight"] for finding in reports[1]["findings"] if finding["law"] == "flows_join_neighbours"] == [
        "refuses"
    ]


def test_the_corpus_fails_where_something_is_lost(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = corpora.look_at(files / "one" / "leave.bpmn")
    assert corpora.show([report], folder=files, out=None)
    assert not corpora.show([report | {"words lost": ["t (3): userTask"]}], folder=files, out=None)
    assert not corpora.show([report | {"verdict": "hang"}], folder=files, out=None)
    assert "t (3): userTask" in capsys.readouterr().out
