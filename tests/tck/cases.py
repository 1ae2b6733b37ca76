"""Test cases of the DMN Technology Compatibility Kit (TCK), read from its files and asked one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from engine.notation import decisions
from engine.notation.decisions import Decisions, DecisionsNotReadable
from engine.notation.expressions import ExpressionFailed
from engine.notation.hits import DecisionFailed
from engine.notation.xml import local
from tests.tck.values import same, value_of

AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: `wrong` is empty when everything it asks for came out right."""

    file: str
    id: str
    labels: tuple[str, ...]
    wrong: tuple[str, ...] = ()


@dataclass(slots=True)
class Files:
    """The decision files of one folder, each read once."""

    folder: Path
    read: dict[str, Decisions | str] = field(default_factory=dict)

    def decisions(self, name: str) -> Decisions | str:
        """The file's decisions, or why it is refused. What our gate refuses as surely null is asked all the same."""
        if name not in self.read:
            beside = [path.read_bytes() for path in sorted(self.folder.glob("*.dmn")) if path.name != name]
            try:
                self.read[name] = decisions.read((self.folder / name).read_bytes(), beside, lenient=True)
            except DecisionsNotReadable as refusal:
                self.read[name] = refusal.findings[0].en
        return self.read[name]


def cases_in(folder: Path) -> Iterator[Case]:
    """Every test case of a folder, asked."""
    for path in sorted(folder.rglob("*.xml")):
        root = etree.parse(path).getroot()
        if local(root) != "testCases":
            continue
        files = Files(path.parent)
        labels = tuple(each.text or "" for each in root.iter() if local(each) == "label")
        model = next((each.text or "" for each in root if local(each) == "modelName"), "").strip()
        for case in (each for each in root if local(each) == "testCase"):
            id = case.get("id") or ""
            name = f"{path.parent.name}/{path.name}"
            yield Case(name, id, labels, tuple(_ask(files.decisions(model), case)))


def _ask(taken: Decisions | str, case: etree._Element) -> Iterator[str]:
    given = {each.get("name") or "": value_of(each) for each in case if local(each) == "inputNode"}
    for result in (each for each in case if local(each) == "resultNode"):
        wanted = next((value_of(each) for each in result if local(each) == "expected"), None)
        name = case.get("invocableName") or result.get("name") or ""
        if isinstance(taken, str):
            yield f"{name}: the file is refused: {taken}"
            continue
        try:
            got = taken.exactly(taken.id_of(name), given, at=AT)
        except KeyError:
            yield f"{name}: there is no such decision"
            continue
        except (DecisionFailed, ExpressionFailed) as failed:
            got, said = None, failed.en
        else:
            said = ""
            got = _one_of(got, case, result)
        if not same(got, wanted):
            yield f"{name}: {shown(got)} instead of {shown(wanted)} {said}".strip()


def _one_of(got: Any, case: etree._Element, result: etree._Element) -> Any:
    """A service with several outputs gives a context; each result node asks for one of them."""
    name = result.get("name")
    if case.get("invocableName") and isinstance(got, dict) and "$" not in got and name in got:
        return got[name]
    return got


def shown(value: Any) -> str:
    if isinstance(value, dict) and "$" in value:
        return str(value["v"])
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(shown, value)) + "]"
    return repr(value)
