"""What a designer brings in may be several files, or a ZIP of them: diagrams, tables, forms, each told apart."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from engine.notation.xml import MAX_BYTES, local, open_xml
from engine.words.errors import Fault, NotPublishable, NotValid

MOST_FILES = 200
LARGEST = 64 * 1024 * 1024
_ENDINGS = (".bpmn", ".xml", ".bpmn2", ".dmn", ".form", ".json")


@dataclass(frozen=True, slots=True)
class Parcel:
    """By plain file name: diagrams and decision tables as bytes, form-js forms as text by the form's id."""

    diagrams: Mapping[str, bytes] = field(default_factory=dict)
    tables: Mapping[str, bytes] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)


def unpack(files: Mapping[str, bytes]) -> Parcel:
    """Raises NotValid for a ZIP that cannot be read or is too much, and for a file that is none of the three kinds."""
    diagrams: dict[str, bytes] = {}
    tables: dict[str, bytes] = {}
    forms: dict[str, str] = {}
    for name, content in _spread(files).items():
        form = _form(name, content)
        if form is not None:
            forms[form] = content.decode("utf-8-sig")
        elif _is_table(content):
            tables[name if name.lower().endswith(".dmn") else f"{name.rsplit('.', 1)[0]}.dmn"] = content
        else:
            diagrams[name] = content
    return Parcel(diagrams, tables, forms)


def _spread(files: Mapping[str, bytes]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, content in files.items():
        if content[:4] == b"PK\x03\x04":
            found.update(_zipped(name, content))
        else:
            found[name] = content
    return found


def _zipped(name: str, content: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            wanted = [each for each in archive.infolist() if each.filename.lower().endswith(_ENDINGS)]
            for each in wanted[: MOST_FILES + 1]:
                with archive.open(each) as opened:
                    inner = opened.read(MAX_BYTES + 1)  # what the list of contents says about sizes need not be true
                total += len(inner)
                if len(found) >= MOST_FILES or total > LARGEST or len(inner) > MAX_BYTES:
                    raise _refused(
                        name,
                        f"内容太多：最多 {MOST_FILES} 个文件，共 64 MB，每个 20 MB",
                        f"there is too much in it: at most {MOST_FILES} files, 64 MB in all, 20 MB each",
                    )
                found[each.filename.rsplit("/", 1)[-1]] = inner
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise _refused(name, "不是能打开的 ZIP 文件", "it is no ZIP file that can be opened") from error
    if not found:
        raise _refused(name, "ZIP 里没有 .bpmn、.dmn 或 .form 文件", "the ZIP holds no .bpmn, .dmn or .form file")
    return found


def _refused(name: str, zh: str, en: str) -> NotValid:
    return NotValid([Fault("files", f"“{name[:100]}”{zh}。", f'"{name[:100]}": {en}.')])


def _form(name: str, content: bytes) -> str | None:
    """The id of a form-js form; None for anything else."""
    if not name.lower().endswith((".form", ".json")):
        return None
    try:
        form = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _refused(
            name, "不是能读懂的表单（form-js JSON）", "it is no form (form-js JSON) that can be read"
        ) from None
    if not isinstance(form, dict) or not isinstance(form.get("components"), list):
        raise _refused(name, "不是表单（form-js JSON）", "it is no form (form-js JSON)")
    return str(form.get("id") or name.rsplit(".", 1)[0])


def _is_table(content: bytes) -> bool:
    try:
        root = open_xml(content)
    except NotPublishable:
        return False
    return local(root) == "definitions" and "/DMN/" in (etree.QName(root).namespace or "").upper()
