"""Files that are no template, or a trap: each is refused with a sentence, and none gets at the program."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from engine.notation.papers import clerk, office_suite, parcel
from engine.words.errors import NotValid


def written(*paragraphs: str) -> bytes:
    paper, out = Document(), io.BytesIO()
    for text in paragraphs:
        paper.add_paragraph(text)
    paper.save(out)
    return out.getvalue()


def changed(change: Callable[[dict[str, bytes]], None]) -> bytes:
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(written("甲"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _link(parts: dict[str, bytes]) -> None:
    to = b'Target="http://elsewhere/t.dotm" TargetMode="External"'
    link = b'<Relationship Id="rX" Type="http://x/attachedTemplate" ' + to + b"/>"
    rels = "word/_rels/document.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", link + b"</Relationships>")


def _field(parts: dict[str, bytes]) -> None:
    code = b'<w:p><w:r><w:instrText> DDEAUTO c:\\\\x "y" </w:instrText></w:r></w:p>'
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body>" + code)


def _entity(parts: dict[str, bytes]) -> None:
    body = parts["word/document.xml"].split(b"?>", 1)[1]
    parts["word/document.xml"] = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + body


BIG = b"<a>" + b" " * 30_000_000 + b"</a>"
TRAPS: list[tuple[str, bytes, str, str]] = [
    ("no zip", b"PK no", "a.docx", "不是 Word 文件"),
    ("macro file", written("甲"), "a.docm", "带宏"),
    ("macros inside", changed(lambda parts: parts.update({"word/vbaProject.bin": b"x"})), "a.docx", "带有宏"),
    ("zip bomb", changed(lambda parts: parts.update({"word/big.xml": BIG})), "a.docx", "压缩炸弹"),
    ("elsewhere", changed(_link), "a.docx", "http://elsewhere/t.dotm"),
    ("field", changed(_field), "a.docx", "DDEAUTO"),
    ("entity", changed(_entity), "a.docx", "实体声明"),
    ("embedded", changed(lambda parts: parts.update({"word/embeddings/o.bin": b"x"})), "a.docx", "嵌有别的文件"),
    ("no document", changed(lambda parts: parts.pop("word/document.xml")), "a.docx", "缺 word/document.xml"),
    ("broken part", changed(lambda parts: parts.update({"word/styles.xml": b"<w:st"})), "a.docx", "不是完整的 XML"),
    ("outside", changed(lambda parts: parts.update({"../../x.xml": b"<a/>"})), "a.docx", "越出文件夹"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "name", "sentence"), [trap[1:] for trap in TRAPS], ids=[trap[0] for trap in TRAPS])
def test_a_file_that_is_a_trap_is_refused(content: bytes, name: str, sentence: str) -> None:
    with pytest.raises(NotValid) as refused:
        parcel.look_through(content, name)
    assert sentence in refused.value.zh
    assert refused.value.en


def test_a_plain_word_file_is_taken() -> None:
    parcel.look_through(written("{{ title }}"), "a.docx")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ nobody_knows }}", "第 2 段“{{ nobody_knows }}”：这里没有“nobody_knows”这个字段"),
        ("{% if title %}没有结尾", "标记写错了"),
        ("{{ title.nothing }}", "这里没有“nothing”这个字段"),
        ("{{ title.__class__.__mro__ }}", "只能打印字段、判断和循环"),
        ("{{ ''.__class__ }}", "只能打印字段、判断和循环"),
        ("{{ 'x' * 999999999 }}", "只能打印字段、判断和循环"),
        ("{{ cycler.__init__.__globals__.os }}", "cycler"),
        ("{% include '/etc/passwd' %}", "填不出来"),
        ("{{ 1 // 0 }}", "填不出来"),
    ],
)
def test_a_mark_that_cannot_be_filled_is_named_with_its_paragraph(text: str, sentence: str) -> None:
    template = written("头一段", text)
    with pytest.raises(NotValid) as refused:
        _taken(template)
    assert sentence in refused.value.zh
    assert refused.value.en


def _taken(template: bytes) -> None:
    clerk.names_in(template)
    clerk.filled(template, {"title": "甲"})


def test_a_template_that_would_never_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clerk, "PATIENCE", 4.0)
    loops = "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% if a %}{% endif %}"
    template = written(loops + "{% endfor %}{% endfor %}{% endfor %}")
    with pytest.raises(NotValid) as refused:
        clerk.filled(template, {})
    assert "耗时或占用内存过多" in refused.value.zh


def test_what_officers_wrote_is_text_and_nothing_else() -> None:
    said = "甲 & 乙 <w:br/> {{ title }} {% raw %} \x07\x00 “引号”\n第二行"
    made = clerk.filled(written("{{ title }}"), {"title": said})
    read = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(made)).paragraphs)
    assert "甲 & 乙 <w:br/> {{ title }} {% raw %}" in read
    assert "第二行" in read


def test_pdf_comes_from_the_office_suite_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours is a stand-in: it proves how it is called, not what LibreOffice draws."""
    suite = tmp_path / "soffice"
    asked = "*-env:UserInstallation=file://*--headless*--convert-to*pdf*"
    suite.write_text(
        f'#!/bin/sh\nfor last; do :; done\ncase "$*" in {asked}) ;; *) exit 3;; esac\n'
        'test -s "$last" && printf "%%PDF-1.7 stand-in" > "${last%.docx}.pdf"\n'
    )
    suite.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert office_suite.program() == str(suite)
    assert office_suite.pdf_of(written("甲")).startswith(b"%PDF-")
    suite.write_text("#!/bin/sh\nsleep 60\n")
    monkeypatch.setattr(office_suite, "PATIENCE", 0.5)
    with pytest.raises(office_suite.NoPdf, match="too long"):
        office_suite.pdf_of(written("甲"))
    suite.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(office_suite.NoPdf, match="no PDF"):
        office_suite.pdf_of(written("甲"))
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert office_suite.program() is None
