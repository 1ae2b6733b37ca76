"""Files made to hurt, or that never were diagrams: always a verdict with a line, in time, never a traceback."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.notation import checks
from engine.notation.checks import check
from engine.notation.imports import verdicts
from engine.notation.imports.verdicts import NO_BPMN, REFUSED, TAKEN, Verdict, judge

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
OPEN, SHUT = f'{HEAD}<process id="p" isExecutable="true">', "</process></definitions>"
TASK = f'{OPEN}<userTask id="t" name="签收"/>{SHUT}'
MANY = "<camunda:x/>" * 120_000
WIDE = " ".join(f'a{n}=""' for n in range(60_000))
CHAIN = "".join(
    f'<task id="t{n}"/><sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>' for n in range(4000)
)
WOUNDS = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=6)
FILES = sorted((Path(checks.__file__).parent / "examples").glob("*.bpmn"))


def judged(content: bytes) -> Verdict:
    """With all that must hold for any bytes at all."""
    began = perf_counter()
    found = judge(content, {})
    assert perf_counter() - began < 20
    assert found.kind in {*TAKEN, REFUSED, NO_BPMN}
    assert found.findings or found.kind in TAKEN
    assert not found.lost
    for finding in found.findings:
        assert finding.zh
        assert finding.en
        assert finding.line
        assert finding.element or finding.law in {"file_is_readable", "file_is_bpmn"}
    return found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"PK\x03\x04" + b"x" * 99, "ZIP"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"%PDF-1.4", "PDF"),
        (b"<!DOCTYPE html><html><br></html>", "HTML"),
        (b'{"components": []}', "JSON"),
        (f'<?xml version="1.0" encoding="UTF-8"?>{TASK}'.encode("gbk"), "GBK"),
        (TASK.encode("utf-16-le"), "UTF-16"),
        (b"<a>" * 10_000 + b"</a>" * 10_000, "well-formed"),
        (b" " * (50 * 1024 * 1024), "too large"),
        (TASK.encode() + TASK.encode(), "well-formed"),
        (TASK.encode()[:-20], "well-formed"),
        (TASK.replace("签收", "a\0b").encode(), "well-formed"),
        (f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>{OPEN}&x;{SHUT}'.encode(), "DOCTYPE"),
        (f"{OPEN}{'<userTask/>' * 100_000}{SHUT}".encode(), "too many elements"),
        (f"{OPEN}<task id='t'><extensionElements>{MANY}</extensionElements></task>{SHUT}".encode(), "too many"),
        (f"{OPEN}<task id='t' {WIDE}/>{SHUT}".encode(), "too many attributes"),
    ],
)  # fmt: skip
def test_what_is_no_diagram_is_told_for_what_it_is(content: bytes, said: str) -> None:
    found = judged(content)
    assert found.kind == NO_BPMN
    assert said in found.findings[0].en
    assert check(content, {})[0].law == "file_is_readable"


@pytest.mark.parametrize(
    "content",
    [
        f'<?xml version="1.0" encoding="UTF-16"?>{TASK}'.encode("utf-16"),
        f'<?xml version="1.0" encoding="UTF-16"?>{TASK}'.encode("utf-16-be"),
        f'<?xml version="1.0" encoding="GBK"?>{TASK}'.encode("gbk"),
        b"\xef\xbb\xbf" + TASK.encode(),
        f'<?xml version="1.0"?><?xml-stylesheet href="file:///etc/hosts"?>{TASK}'.encode(),
        TASK.replace("<", "<b:").replace("<b:/", "</b:").replace("xmlns=", "xmlns:b=").encode(),
    ],
)
def test_encodings_and_prefixes_are_as_free_as_xml_lets_them_be(content: bytes) -> None:
    found = judged(content)
    assert found.processes == ("p",)
    assert {finding.law for finding in found.findings} <= {"one_start", "ways_end", "nodes_are_reached"}


@pytest.mark.parametrize(
    "inside",
    [
        '<userTask id="t"/>' * 3000,
        "".join(f'<subProcess id="s{n}">' for n in range(150)) + "</subProcess>" * 150,
        f'<task id="t" name="{"x" * 2_000_000}"/>',
        f'<task id="{"x" * 100_000}"/>',
        '<dataObjectReference id="a" dataObjectRef="b"/><dataObjectReference id="b" dataObjectRef="a"/>',
        '<startEvent id="s"/><userTask id="t"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
        + "".join(f'<sequenceFlow id="f{n}" sourceRef="t" targetRef="t"/>' for n in range(1000)),
        CHAIN,
        "".join(f'<task id="t{n}"/>' for n in range(20_000)),
        '<parallelGateway id="a"/><parallelGateway id="b"/>'
        + "".join(
            f'<task id="t{n}"/><sequenceFlow id="f{n}" sourceRef="a" targetRef="t{n}"/>'
            f'<sequenceFlow id="g{n}" sourceRef="t{n}" targetRef="b"/>'
            for n in range(800)
        ),
    ],
)
def test_large_and_twisted_diagrams_get_their_verdict_in_time(inside: str) -> None:
    judged(f"{OPEN}{inside}{SHUT}".encode())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
@given(
    st.sampled_from(FILES), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=6)
)
def test_damaged_bytes(file: Path, wounds: list[tuple[float, bytes, int]]) -> None:
    content = file.read_bytes()
    for where, put, cut in wounds:
        at = int(where * len(content))
        content = content[:at] + put + content[at + cut :]
    judged(content)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 4)), min_size=1, max_size=6),
)
def test_damaged_trees(file: Path, wounds: list[tuple[int, int, int]]) -> None:
    """Elements moved, doubled, dropped, renamed; attributes exchanged: still XML, hardly BPMN."""
    root = etree.fromstring(file.read_bytes())
    for one, other, how in wounds:
        nodes = list(root.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}*"))
        a, b = nodes[one % len(nodes)], nodes[other % len(nodes)]
        if a is root or b is root or a in b.iterancestors() or a is b:
            continue
        match how:
            case 0:
                b.append(a)
            case 1:
                b.append(etree.fromstring(etree.tostring(a)))
            case 2:
                a.getparent().remove(a)  # type: ignore[union-attr]
            case 3:
                a.tag = b.tag
            case _:
                for key, value in b.attrib.items():
                    a.set(key, value)
    judged(etree.tostring(root))


def test_the_verdict_stands_on_the_lines_of_the_file() -> None:
    content = TASK.replace("<userTask", "\n\n<userTask").encode()
    found = verdicts.judge(content, {})
    assert {finding.line for finding in found.findings if finding.element == "t"} == {3}
