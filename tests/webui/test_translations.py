"""English equally: every sentence a page can say in Chinese has its English, with the same blanks to fill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from webui.translations.compile import CATALOGUES, compiled

PAGES = Path(__file__).parent.parent.parent / "webui"
OPTIONS = {"trim_blocks": "1", "lstrip_blocks": "1", "encoding": "utf-8"}
BLANK = re.compile(r"%\((\w+)\)")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def spoken() -> Iterator[tuple[str, str]]:
    """Each sentence given to gettext, and the file that says it."""
    found = extract_from_dir(
        PAGES,
        method_map=[("*.py", "python"), ("templates/**.html", "jinja2")],
        options_map={"templates/**.html": OPTIONS},
        directory_filter=lambda folder: Path(folder).name not in {"frontend", "static", "__pycache__"},
    )
    for file, _line, message, _comments, _context in found:
        for text in [message] if isinstance(message, str) else message:
            if CHINESE.search(text):
                yield text, file


def catalogue() -> dict[str, str]:
    together: dict[str, str] = {}
    for file in sorted(CATALOGUES.glob("en/LC_MESSAGES/*.po")):
        with file.open("rb") as opened:
            for message in read_po(opened, abort_invalid=True):
                if message.id:
                    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
                    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
                    together.update(zip(ids, texts, strict=False))
    return together


def test_every_sentence_has_its_english() -> None:
    english = catalogue()
    silent = sorted({f"{file}: {text}" for text, file in spoken() if not english.get(text)})
    assert silent == []


def test_the_english_fills_the_same_blanks_and_is_english() -> None:
    for chinese, english in catalogue().items():
        assert set(BLANK.findall(chinese)) >= set(BLANK.findall(english)), chinese
        assert not CHINESE.search(english) or chinese in {"中文"}, english


def test_a_catalogue_per_room_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "shop.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "店"\nmsgstr "Shop"\n'
    )
    monkeypatch.setattr("webui.translations.compile.CATALOGUES", tmp_path)
    assert compiled() == ["shop"]
    first = (folder / "shop.mo").stat().st_mtime_ns
    assert compiled() == ["shop"]
    assert (folder / "shop.mo").stat().st_mtime_ns == first
