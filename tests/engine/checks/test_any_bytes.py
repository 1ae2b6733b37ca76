"""Whatever a stranger sends, the gate answers with findings: no traceback, no hang, nothing opened on the way."""

from __future__ import annotations

import random
from time import perf_counter

import pytest

from engine.notation.checks import MOST, check
from engine.notation.checks.examples import FILES

GOOD = (FILES / "splits_decide.valid.bpmn").read_bytes()
HEAD = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]>'
TWO = f'{HEAD}<bpmn:process id="a" isExecutable="true"/><bpmn:process id="b" isExecutable="1"/></bpmn:definitions>'
BOMB = "".join(
    f'<!ENTITY e{level} "{"".join(f"&e{level - 1};" for _ in range(10))}">' if level else '<!ENTITY e0 "closed loop">'
    for level in range(10)
)


def laws(content: bytes) -> set[str]:
    return {finding.law for finding in check(content, {})}


@pytest.mark.parametrize(
    ("content", "law"),
    [
        (b"", "file_is_readable"),
        (b"\x00\x01\x02", "file_is_readable"),
        (b"not xml at all", "file_is_readable"),
        (GOOD[: len(GOOD) // 2], "file_is_readable"),
        (GOOD + GOOD, "file_is_readable"),
        (GOOD.replace(b"UTF-8", b"UTF-16"), "file_is_readable"),
        (GOOD.replace(b"UTF-8", b"KLINGON"), "file_is_readable"),
        (GOOD.decode().encode("gbk"), "file_is_readable"),
        (f"{OUTSIDE}{HEAD}&x;</bpmn:definitions>".encode(), "file_is_readable"),
        (f"<!DOCTYPE a [{BOMB}]>{HEAD}&e9;</bpmn:definitions>".encode(), "file_is_readable"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "file_is_readable"),
        (b"<a>" * 250 + b"</a>" * 250, "file_is_readable"),
        (b"<a>" * 100_000, "file_is_readable"),
        (b" " * (20 * 1024 * 1024 + 1), "file_is_readable"),
        (b"<definitions/>", "file_is_bpmn"),
        (f"{HEAD}</bpmn:definitions>".encode(), "process_is_executable"),
        (GOOD.replace(b'isExecutable="true"', b""), "process_is_executable"),
        (
            TWO.encode(),
            "one_process_a_file",
        ),
    ],
)  # fmt: skip
def test_what_is_no_diagram_is_refused_by_name(content: bytes, law: str) -> None:
    assert laws(content) == {law}


def test_an_empty_process_says_what_it_lacks() -> None:
    content = f'{HEAD}<bpmn:process id="a" isExecutable="true"/></bpmn:definitions>'.encode()
    assert {"one_start", "ways_end"} <= laws(content)


def test_a_scope_inside_itself_does_not_go_round() -> None:
    inner = (
        '<bpmn:subProcess id="a"><bpmn:subProcess id="a"><bpmn:startEvent id="a"/></bpmn:subProcess></bpmn:subProcess>'
    )
    content = f'{HEAD}<bpmn:process id="a" isExecutable="true">{inner}</bpmn:process></bpmn:definitions>'.encode()
    assert laws(content) == {"ids_are_unique"}


@pytest.mark.parametrize(
    "text", ["=" + "(" * 15_000, "=1" + "+1" * 9_000, '="' + "\\" * 15_000, "=a" + " or " * 4_000, " " * 19_000]
)
def test_an_endless_expression_ends(text: str) -> None:
    content = GOOD.replace(b'=result = "pass"', text.encode().replace(b"\\", b"\\\\"))
    started = perf_counter()
    check(content, {"x.dmn": text})
    assert perf_counter() - started < 20


def test_long_attributes_take_no_square_time() -> None:
    """A megabyte of what each reader looks for: commas, quotes, digits, brackets."""
    for filling in (",", "&quot;", "1", "(,", "P1D", "clocks.", "= or "):
        long = filling * (1_000_000 // len(filling))
        content = GOOD.replace(
            b'candidateGroups="unit_clerk"', f'candidateGroups="{long}" camunda:dueDate="{long}"'.encode()
        )
        started = perf_counter()
        findings = check(content, {})
        assert perf_counter() - started < 20
        assert all(len(finding.zh) <= 1200 and len(finding.en) <= 1200 for finding in findings)


def test_thousands_of_faults_are_counted_not_listed() -> None:
    tasks = "".join(f'<bpmn:userTask id="t{n}"/>' for n in range(3000))
    content = f'{HEAD}<bpmn:process id="a" isExecutable="true">{tasks}</bpmn:process></bpmn:definitions>'.encode()
    findings = check(content, {})
    assert len(findings) == MOST + 1
    assert findings[-1].law == "and_more"


WORDS = [
    b'"sign"', b'"closed"', b'"raised"', b'"passed"', b'"loop"', b'""', b" id=", b" name=", b"bpmn:", b"camunda:",
    b"userTask", b"subProcess", b"startEvent", b"sequenceFlow", b"boundaryEvent", b"serviceTask", b"scriptTask",
    b"eventBasedGateway", b"exclusiveGateway", b"businessRuleTask", b"sourceRef", b"targetRef", b"attachedToRef",
    b"camunda:formField", b"camunda:property", b"extensionElements", b"timerEventDefinition", b"messageRef",
    b"conditionExpression", b"multiInstanceLoopCharacteristics",
]  # fmt: skip


def test_random_damage_never_breaks_the_gate() -> None:
    """A thousand diagrams with bytes swapped, cut, doubled; and, more often, whole words exchanged for each other."""
    chance = random.Random(20261121)
    files = sorted(FILES.glob("*.bpmn"))
    read = 0
    for _ in range(1000):
        content = chance.choice(files).read_bytes()
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(content))
            match chance.randrange(20):
                case 0:
                    content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
                case 1:
                    content = content[:at] + content[at + chance.randrange(1, 80) :]
                case 2:
                    content = content[:at] + content[at : at + chance.randrange(1, 300)] + content[at:]
                case _:
                    content = content.replace(chance.choice(WORDS), chance.choice(WORDS), chance.choice((1, -1)))
        findings = check(content, {"damaged.dmn": content.decode(errors="replace")})
        read += "file_is_readable" not in {finding.law for finding in findings}
        assert all(finding.zh and finding.en for finding in findings)
    assert read > 300  # the damage reached the laws, not only the parser
