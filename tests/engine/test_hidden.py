"""What is kept from a unit (an unannounced visit) it sees nowhere: not in the ledger, nor by search, export, task,
notice, button, picture, or by the number of the case; and once it is over, the unit sees what concerns it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine.acts.permits import refuse_unless_doable, refuse_unless_pressable
from engine.reads import case_page, exhibits, inbox, ledger, sight, slips, unreceived
from engine.reads.exports import ledger_rows
from engine.reads.filters import Filters
from engine.record import replay
from engine.words import facts as f
from engine.words.errors import NotFound
from models import Subscription, Task
from tests.told import AMINA, BRAM, DORA, EMIL, MORNING, Told, actor, office

AT = MORNING + timedelta(hours=20)
SHA = "ab" * 32
DONGJIE = 4  # below Chengguan (3), where Bram works


@pytest.fixture
def told(url: str) -> Iterator[Told]:
    """A case which Bram's unit would see in every way there is: as lead, by a task, a button, a notice, a photo."""
    with office(url) as session:
        case = Told(session, 2026_000_001).raised(title="夜查卡口").dispatched(3)
        photo = f.EvidenceAttached(case.next(), case.stored(SHA), "gate.jpg", "before", "photos", None, 1)
        notice = f.NoticeSent(case.next(), "督查组将到", "The team will come", [{"role": "unit_clerk", "unit": 3}])
        letter = f.MessageSent(case.next(), "visit", "round_ended", case.number, {})
        slip = f.SlipLaid(letter.message, "visit", "移交", "Hand-over", [], [], None)
        case.act(AMINA, photo, notice, letter, slip, f.PartyJoined("hidden", unit=3))
        yield case


def ways_to_see(session: Session, case: Told) -> dict[str, bool]:
    found = Filters(text="夜查")
    task, wait = session.get_one(Task, case.rectify_task), session.get_one(Subscription, case.wait)

    def refused(act: object, *given: object) -> bool:
        try:
            act(session, *given)  # type: ignore[operator]
        except NotFound:
            return True
        return False

    return {
        "ledger": bool(ledger.page(session, Filters(), actor=BRAM, at=AT).rows),
        "search": bool(ledger.page(session, found, actor=BRAM, at=AT).rows),
        "counts": any(ledger.counts(session, Filters(), actor=BRAM, at=AT).values()),
        "export": bool(list(ledger_rows(session, found, actor=BRAM, at=AT))),
        "page": sight.may_see(session, case.id, BRAM),
        "tasks": inbox.count(session, BRAM) > 0,
        "trays": any(inbox.counts(session, BRAM, at=AT).values()),
        "notices": bool(inbox.notices(session, BRAM, at=AT)),
        "photo": exhibits.name_for(session, SHA, BRAM) is not None,
        "doing": not refused(refuse_unless_doable, task, BRAM),
        "messages": unreceived.count(session, BRAM) > 0,
        "messages by age": any(unreceived.counts(session, BRAM, at=AT).values()),
        "list of messages": bool(unreceived.listed(session, BRAM, at=AT)),
        "slips": bool(slips.listed(session, BRAM, at=AT)),
        "counts of slips": any(slips.counts(session, BRAM, at=AT).values()),
        "pressing": not refused(refuse_unless_pressable, wait, BRAM),
    }


def test_hidden_unit_sees_it_nowhere_and_all_of_it_when_it_is_over(told: Told) -> None:
    session = told.session
    assert not any(ways_to_see(session, told).values()), ways_to_see(session, told)
    with pytest.raises(NotFound):
        case_page.find(session, told.id, actor=BRAM)
    told.act(AMINA, f.PartyLeft("hidden", 3))
    assert all(ways_to_see(session, told).values()), ways_to_see(session, told)
    assert replay.differences(session) == []


def test_those_below_the_unit_are_kept_in_the_dark_too_others_and_auditors_are_not(told: Told) -> None:
    below = sight.Actor(7, "below", "东街经办", DONGJIE, "1.3.4.", "dongjie")
    told.act(AMINA, f.PartyJoined("co", unit=DONGJIE))
    assert not sight.may_see(told.session, told.id, below)
    assert sight.may_see(told.session, told.id, AMINA)
    assert sight.may_see(told.session, told.id, DORA)


def test_being_kept_in_the_dark_is_no_way_of_seeing(told: Told) -> None:
    told.act(AMINA, f.PartyJoined("hidden", unit=6))
    assert not sight.may_see(told.session, told.id, EMIL)
    told.act(AMINA, f.PartyLeft("hidden", 6))
    assert not sight.may_see(told.session, told.id, EMIL)
    assert actor(5).unit_id == 6
