"""`bihuan story`: what it prints, in which language, and with which exit code it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.test_stories import DONE, ERRAND, HEAD, RAISED
from webui.cli import run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIHUAN_LANG", "en")
    home = tmp_path / "small_errand"
    home.mkdir()
    (home / "small_errand.bpmn").write_bytes(ERRAND)
    return home


def write(folder: Path, *steps: str) -> None:
    (folder / "stories.yaml").write_text(HEAD + "".join(f"      - {step}\n" for step in steps), "utf-8")


def test_a_story_a_line_and_how_much_was_passed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, RAISED, DONE)
    assert run(["story", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "  ✓ errand: A small errand (2 steps)\n" in printed
    assert "  Passed: elements 50% (5/10), connections 37% (3/8).\n" in printed
    assert "  Connections of which the facts cannot tell: to_left, to_right\n" in printed


def test_failures_in_full_and_in_chinese(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIHUAN_LANG", "zh")
    write(folder, RAISED, "expect: {stage: closed}", "{does: run, by: watcher}", DONE)
    assert run(["story", str(folder / "stories.yaml")]) == 1
    printed = capsys.readouterr().out
    assert "  ✗ errand 办一件小事（4 步）\n" in printed
    assert '      第 2 步 expect：stage 应为 "closed"，实为 "registered"\n' in printed
    assert "      第 3 步 does run（watcher）：watcher 被拒绝：这项任务不属于您的岗位职责。\n" in printed
    assert "      其余 2 步没有再走。\n" in printed


def test_for_another_program(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, RAISED, DONE)
    assert run(["story", str(folder.parent), "--json"]) == 0
    (book,) = json.loads(capsys.readouterr().out)["books"]
    assert [(one["id"], one["went_well"], one["done"]) for one in book["stories"]] == [("errand", True, 2)]
    assert book["coverage"]["elements"]["percent"] == 50.0
    assert book["coverage"]["flows"]["unsure"] == ["to_left", "to_right"]


def test_what_cannot_be_played_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["story", str(folder)]) == 2
    assert "There are no stories here" in capsys.readouterr().err
    assert run(["story", str(folder / "nowhere")]) == 2
    assert "there is no such file" in capsys.readouterr().err
    write(folder, "{raise: {}, by: nobody}")
    assert run(["story", str(folder)]) == 2
    assert "Story “errand”, step 1: the cast has no “nobody”" in capsys.readouterr().err
    (folder / "stories.yaml").write_bytes("故事".encode("gbk"))
    assert run(["story", str(folder)]) == 2
    assert "It is not UTF-8 text" in capsys.readouterr().err
    write(folder, RAISED)
    (folder / "small_errand.bpmn").write_bytes(ERRAND.replace(b"R3/PT1H", b"every now and then"))
    assert run(["story", str(folder)]) == 1
    assert "remind" in capsys.readouterr().err
    (folder / "small_errand.bpmn").rename(folder.parent / "gone.bpmn")
    assert run(["story", str(folder)]) == 2
    assert "needs the diagram small_errand.bpmn" in capsys.readouterr().err
