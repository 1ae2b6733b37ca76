"""Looks through a Word file before anything is done with it: no macros, nothing from elsewhere, nothing that swells."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from lxml import etree

from engine.words.errors import Fault, NotValid

MEGABYTE = 1024 * 1024
MOST_BYTES = 2 * MEGABYTE
MOST_UNPACKED = 24 * MEGABYTE
MOST_PARTS = 300
# Anything that swells more than this on unpacking is no paper but a trap.
MOST_SWELLING = 200
_NEEDED = ("[Content_Types].xml", "word/document.xml")
_MACROS = re.compile(r"vbaProject|vbaData|macroEnabled", re.I)
_STRANGERS = re.compile(r"^word/(embeddings|activeX|afchunk)|\.(bin|exe|ole|html?|mht)$", re.I)
# Field codes that fetch something or start a program when the paper is opened.
_FETCHING = re.compile(r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE|MACROBUTTON)\b", re.I)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def look_through(content: bytes, name: str = "") -> None:
    """Returns only for a Word file (.docx) that can be taken. Raises `NotValid` with all that is wrong with it."""
    if name.lower().endswith((".docm", ".dotm")):
        raise _refusal("是带宏的文件，请另存为 .docx 再上传", "is a file with macros; save it as .docx and send that")
    if len(content) > MOST_BYTES:
        raise _refusal(f"超过 {MOST_BYTES // MEGABYTE} MB", f"is larger than {MOST_BYTES // MEGABYTE} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            faults = _parts(archive) or _contents(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise _refusal("不是 Word 文件（.docx），或已损坏", "is no Word file (.docx), or is damaged") from None
    if faults:
        raise NotValid(faults)


def _refusal(zh: str, en: str) -> NotValid:
    return NotValid([_fault(zh, en)])


def _fault(zh: str, en: str) -> Fault:
    return Fault("file", f"文件{zh}。", f"The file {en}.")


def _parts(archive: zipfile.ZipFile) -> list[Fault]:
    """What the list of contents alone says."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    faults = []
    if any(entry.flag_bits & 1 for entry in entries):
        faults.append(_fault("有密码，请去掉密码再上传", "has a password; take it off and send it again"))
    if len(entries) > MOST_PARTS or len(names) != len(set(names)):
        faults.append(_fault("里的部件太多或重名", "has too many parts, or two of the same name"))
    if any(".." in name or name.startswith(("/", "\\")) for name in names):
        faults.append(_fault("里有越出文件夹的名字", "names parts outside itself"))
    unpacked = sum(entry.file_size for entry in entries)
    swelling = any(entry.file_size > MOST_SWELLING * max(entry.compress_size, 512) for entry in entries)
    if unpacked > MOST_UNPACKED or swelling:
        faults.append(_fault("展开后太大（压缩炸弹）", "becomes far too large when unpacked"))
    if missing := [name for name in _NEEDED if name not in names]:
        faults.append(_fault(f"不是 Word 文件，缺 {missing[0]}", f"is no Word file: {missing[0]} is missing"))
    if macros := [name for name in names if _MACROS.search(name)]:
        faults.append(_fault(f"带有宏（{macros[0]}）", f"carries macros ({macros[0]})"))
    if strangers := [name for name in names if _STRANGERS.search(name) and not _MACROS.search(name)]:
        faults.append(_fault(f"里嵌有别的文件（{strangers[0]}）", f"has another file inside ({strangers[0]})"))
    return faults


def _contents(archive: zipfile.ZipFile) -> list[Fault]:
    faults: list[Fault] = []
    left = MOST_UNPACKED
    for entry in archive.infolist():
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(entry) as part:
            read = part.read(left + 1)  # what the list says of sizes may be a lie
        left -= len(read)
        if left < 0:
            return [_fault("展开后太大（压缩炸弹）", "becomes far too large when unpacked")]
        faults += _part(entry.filename, read)
    return faults


def _part(name: str, content: bytes) -> list[Fault]:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return [_fault(f"里有实体声明（{name}）", f"declares entities ({name})")]
    try:
        root = etree.fromstring(content, _STRICT)
    except etree.XMLSyntaxError:
        return [_fault(f"已损坏（{name} 不是完整的 XML）", f"is damaged ({name} is no complete XML)")]
    if name.endswith(".rels"):
        outside = [str(each.get("Target")) for each in root if each.get("TargetMode") == "External"]
        return [
            _fault(f"引用了外部内容“{target[:80]}”，请改为文字或嵌入图片",
                   f"refers to something elsewhere, “{target[:80]}”; write it as text, or embed the picture")
            for target in outside
        ]  # fmt: skip
    if name == "[Content_Types].xml":
        return _types(content)
    codes = "".join(text or "" for text in (each.text for each in root.iter(f"{_W}instrText")))
    codes += " ".join(str(each.get(f"{_W}instr")) for each in root.iter(f"{_W}fldSimple"))
    if found := _FETCHING.search(codes):
        return [_fault(f"里有会取外部内容的域“{found[0]}”", f"has a field that fetches from elsewhere, “{found[0]}”")]
    if next(root.iter(f"{_W}altChunk"), None) is not None:
        return [_fault("里嵌有别的文件（altChunk）", "has another file inside (altChunk)")]
    return []


def _types(content: bytes) -> list[Fault]:
    text = content.decode("utf-8", "replace")
    if _MACROS.search(text):
        return [_fault("带有宏", "carries macros")]
    if _TYPE not in text:
        return [_fault("不是 Word 文档（.docx）", "is no Word document (.docx)")]
    return []
