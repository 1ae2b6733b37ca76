"""Every core mechanism of the source documents is carried by something that is there; most of the others, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from engine.notation import diagram, mechanisms
from engine.notation.mechanisms import Place
from engine.reads.mechanisms import listed
from engine.words.terms import DOCUMENTS
from tests.conftest import files_of
from tests.processes.coverage import ENOUGH, carried, counted
from webui.app import create_app
from webui.cli import bihuan

KNOWN = listed()


def test_the_list_is_whole() -> None:
    assert [one.id for one in KNOWN.values()] == [f"M{n:02}" for n in range(1, 181)]
    assert sum(one.core for one in KNOWN.values()) == 79


def test_every_core_mechanism_is_carried_and_enough_of_the_others() -> None:
    core, others, missing = counted()
    assert [f"{id} {KNOWN[id].name.zh}" for id in missing if KNOWN[id].core] == []
    assert others >= ENOUGH, [f"{id} {KNOWN[id].name.zh}" for id in missing]
    assert core == 79


def test_what_a_tag_says_is_told_in_both_languages() -> None:
    for places in carried().places.values():
        for place in places:
            assert place.said.zh, place
            assert place.said.en, place


def test_pages_commands_and_papers_that_are_named_exist(tmp_path: Path) -> None:
    app = create_app("sqlite://", config={"SECRET_KEY": "known", "HOME": tmp_path})
    for one in KNOWN.values():
        for also in one.also:
            if also.kind == "page":
                assert also.name in app.view_functions, (one.id, also.name)
            elif also.kind == "command":
                at: click.Command | None = bihuan
                for word in also.name.split():
                    assert isinstance(at, click.Group), (one.id, also.name)
                    at = at.get_command(click.Context(at), word)
                assert at is not None, (one.id, also.name)
            elif also.kind == "step":
                process, _, element = also.name.partition("/")
                assert element in diagram.read(files_of(process)[0]).elements, (one.id, also.name)
            elif also.kind == "table":
                process, _, file = also.name.partition("/")
                assert file in files_of(process)[1], (one.id, also.name)
            else:
                assert also.name in DOCUMENTS, (one.id, also.name)


def test_a_tag_is_found_wherever_it_may_stand() -> None:
    content, tables = files_of("inspection")
    kinds = {place.kind for _, place in _all(content, "inspection", tables)}
    assert kinds == {"process", "element", "field", "rule"}
    changed = content.replace(b'value="M56,M137"', b'value="M56,M999"')
    assert changed != content
    found = mechanisms.gather(KNOWN, iter(_all(changed, "inspection", {})))
    assert list(found.unknown) == ["M999"]


def _all(content: bytes, process: str, tables: dict[str, str]) -> list[tuple[str, Place]]:
    def both() -> Iterator[tuple[str, Place]]:
        yield from mechanisms.in_diagram(diagram.read(content))
        yield from mechanisms.in_tables(process, tables)

    return list(both())
