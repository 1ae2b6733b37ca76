"""Drawing lots: the same again from its seed, fair, told in the story, and found out where it was tampered with."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import pytest

from engine.notation.checks import check
from engine.notation.diagram import Diagram
from engine.record import chain
from engine.words import draws
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played
from tests.told import AMINA, Told, office

UNITS = [f"unit_{n}" for n in range(20)]


def lottery(**said: str) -> Diagram:
    properties = {"from": "=units", "count": "=n", "result": "picked", **said}
    service = d.el("serviceTask", "x", d.properties(**properties), camunda_type="external",
                   camunda_topic="draw.sample")  # fmt: skip
    return d.process(d.start(), service, d.task("n"), d.end(), d.flows("s x n e"))


def drawn(played: Played) -> f.SampleDrawn:
    return next(fact for fact in played.facts if isinstance(fact, f.SampleDrawn))


def test_the_way_of_drawing_is_what_the_notation_says() -> None:
    """Written out anew by hand: SHA-256 of seed, line feed, member as JSON; the smallest win."""
    lots = sorted(UNITS, key=lambda unit: hashlib.sha256(b"seed\n" + f'"{unit}"'.encode()).hexdigest())
    assert draws.draw("seed", UNITS, 3) == lots[:3]
    assert draws.draw("seed", [*reversed(UNITS), UNITS[0]], 3) == lots[:3]
    assert draws.draw("seed", [*UNITS, "late"], 21)[:1] in ([lots[0]], ["late"])
    assert draws.draw("seed", UNITS, 99) == lots
    assert draws.draw("seed", UNITS, 0) == []


def test_every_member_has_the_same_chance() -> None:
    won = Counter(unit for n in range(4_000) for unit in draws.draw(f"seed {n}", UNITS, 2))
    assert set(won) == set(UNITS)
    assert all(330 < count < 470 for count in won.values()), won  # 400 expected; beyond 3.6 standard deviations


def test_service_draws_and_keeps_all_that_proves_it() -> None:
    played = Played(lottery(), units=UNITS, n=3)
    fact = drawn(played)
    assert played.scene.variables["picked"] == fact.drawn
    assert len(fact.drawn) == 3
    assert set(fact.drawn) <= set(UNITS)
    assert draws.holds(fact.seed, fact.members, fact.digest, fact.count, fact.drawn)
    again = Played(lottery(), units=list(reversed(UNITS)), n=3)
    assert drawn(again) == fact  # the same case, step, moment and officer: the same lots


@pytest.mark.parametrize("given", [{"units": [], "n": 1}, {"units": "all", "n": 1}, {"units": UNITS, "n": "many"},
                                   {"units": UNITS, "n": -1}, {"units": None, "n": 1}])  # fmt: skip
def test_what_cannot_be_drawn_from_stops_the_case_with_a_sentence(given: dict[str, object]) -> None:
    with pytest.raises(CannotGoOn) as why:
        Played(lottery(), **given)
    assert "名单" in why.value.zh
    assert "list" in why.value.en


def test_check_names_what_is_missing() -> None:
    service = d.el("serviceTask", "x", d.properties(count="2"), camunda_type="external", camunda_topic="draw.sample")
    xml = d.xml(d.start(), service, d.task("n"), d.end(), d.flows("s x n e"))
    told = [found.zh for found in check(xml.encode(), {}) if found.law == "topics_are_known"]
    assert len(told) == 2
    assert "from" in told[0]
    assert "result" in told[1]


def test_verify_draws_again_and_finds_lots_that_were_changed(url: str) -> None:
    fact = drawn(Played(lottery(), units=UNITS, n=3))
    with office(url) as session:
        case = Told(session, 2026_000_001).raised()
        case.act(AMINA, fact)
        assert chain.verify(session).intact
        loser = next(unit for unit in UNITS if unit not in fact.drawn)
        case.act(AMINA, replace(fact, drawn=[*fact.drawn[:2], loser]))
        (broken,) = chain.verify(session).breaks
        assert "复算" in broken.zh
        assert "drawn again" in broken.en.lower()


def test_story_says_who_was_drawn_and_that_it_holds(url: str) -> None:
    from engine.reads import story

    fact = drawn(Played(lottery(), units=UNITS, n=2))
    with office(url) as session:
        case = Told(session, 2026_000_001).raised()
        case.act(AMINA, fact)
        acts = story.newest(session, case.id, limit=50).sentences
        lines = [line for act in acts for line in (act, *act.lines, *act.folded)]
        (told,) = [line for line in lines if "双随机" in line.zh]
        assert "从 20 个对象中抽取 2 个" in told.zh
        assert "已按种子复算，一致" in told.zh
        assert "2 of 20" in told.en
