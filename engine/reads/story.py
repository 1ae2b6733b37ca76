"""The story of one case: what each officer did and what came of it, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.reads.drawn import drawings
from engine.reads.kept import wholes
from engine.reads.names import ZONE, Mentioned, Names, names_for
from engine.reads.sentences import Detail, Line, Voice, tell
from engine.reads.sentences.deed import SPEAKERS, deed
from engine.reads.sentences.line import Body
from engine.words.terms import Term
from models import Entry

# Facts read for the newest part of a story, and for each part that is read on. An act leaves about ten: a case opens
# with what was done lately, as quickly after ten thousand facts as after a hundred.
NEWEST = 120
FACTS = 500


class Told(NamedTuple):
    """One entry with its body read."""

    seq: int
    at: datetime
    kind: str
    officer_id: int | None
    unit_id: int | None
    body: Body | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One act (or one fact of it, among `lines`). `zh` and `en` are whole sentences with who did it; `who` and `unit`
    are None for the clock. `lines` say what came of it, `folded` the machinery behind."""

    seq: int
    at: datetime
    kind: str
    zh: str
    en: str
    who: Term | None
    unit: Term | None
    mood: str
    why: str
    details: tuple[Detail, ...]
    evidence: tuple[str, str] | None = None
    lines: tuple[Sentence, ...] = ()
    folded: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """`earlier`: pass it as `before` to read on; None at the beginning of the case."""

    sentences: tuple[Sentence, ...]
    earlier: int | None


def of(session: Session, case_id: int, *, after: int = 0, limit: int = FACTS, zone: tzinfo = ZONE) -> list[Sentence]:
    """The acts of a case in the order they happened, from the fact after `after` on, out of at most `limit` facts."""
    query = _facts(case_id).where(Entry.seq > after).order_by(Entry.seq).limit(limit)
    return _story(session, case_id, [_told(row) for row in session.execute(query)], zone)


def newest(
    session: Session, case_id: int, *, before: int | None = None, limit: int | None = None, zone: tzinfo = ZONE
) -> Story:
    """The acts of a case, newest first, from the fact before `before` back; the same number of statements and about
    as many facts however old the case is (`limit`; unless it is said, few at first and more in what is read on)."""
    limit = limit or (NEWEST if before is None else FACTS)
    query = _facts(case_id).order_by(Entry.seq.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(Entry.seq < before)
    facts = [_told(row) for row in session.execute(query)]
    more = len(facts) > limit
    cut = more and _act_of(facts[0]) == _act_of(facts[-1])
    if more:
        facts = _without_cut_act(facts)
    spoken = _speaking(session, case_id, facts[-1]) if cut else []
    sentences = _story(session, case_id, [*spoken, *facts[::-1]], zone)
    return Story(tuple(reversed(sentences)), facts[-1].seq if more and facts else None)


def _speaking(session: Session, case_id: int, last: Told) -> list[Told]:
    """Of an act larger than the page, what it was: the page has only the rest of it."""
    if last.kind in SPEAKERS:
        return []
    earlier = _facts(case_id).where(Entry.seq < last.seq, Entry.at == last.at, Entry.kind.in_(SPEAKERS))
    heads = session.execute(earlier.order_by(Entry.seq).limit(2))
    return [_told(row) for row in heads if row.officer_id == last.officer_id][:1]


def _facts(case_id: int) -> Any:
    return select(Entry.seq, Entry.at, Entry.kind, Entry.officer_id, Entry.unit_id, Entry.body).where(
        Entry.book == case_id
    )


def _told(row: Any) -> Told:
    return Told(
        row.seq, row.at, row.kind, row.officer_id, row.unit_id, None if row.body is None else orjson.loads(row.body)
    )


def _act_of(fact: Told) -> tuple[datetime, int | None]:
    return fact.at, fact.officer_id


def _without_cut_act(facts: list[Told]) -> list[Told]:
    """Newest first, one too many: leaves the last act to the next page, unless it is all there is."""
    whole = [fact for fact in facts if _act_of(fact) != _act_of(facts[-1])]
    return whole or facts[:-1]


def _story(session: Session, case_id: int, facts: Sequence[Told], zone: tzinfo) -> list[Sentence]:
    """`facts` in the order they were written."""
    if not facts:
        return []
    bodies = wholes(session, [(case_id, fact.body) for fact in facts])
    facts = [fact._replace(body=body) for fact, body in zip(facts, bodies, strict=True)]
    drawn = drawings(session, [case_id])
    names = names_for(session, None, mentioned_in(facts), zone=zone)
    # By the drawing the case had then; what a move changed is told by the new one.
    return [_act(list(act), names.by(drawn.diagram(case_id, act[-1].seq))) for act in acts(facts)]


def mentioned_in(facts: Iterable[Told]) -> Mentioned:
    mentioned = Mentioned()
    for fact in facts:
        if fact.officer_id is not None:
            mentioned.officer_ids.add(fact.officer_id)
        if fact.unit_id is not None:
            mentioned.unit_ids.add(fact.unit_id)
        mentioned.read(fact.body)
    return mentioned


def acts(facts: Sequence[Told]) -> Iterable[list[Told]]:
    """Facts that one officer (or the clock) left at one moment belong to one act."""
    act: list[Told] = []
    for fact in facts:
        if act and (fact.at, fact.officer_id) != (act[-1].at, act[-1].officer_id):
            yield act
            act = []
        act.append(fact)
    if act:
        yield act


def _act(facts: list[Told], names: Names) -> Sentence:
    first = facts[0]
    voice = Voice(names, first.at.astimezone(names.zone).year)
    who = None if first.officer_id is None else names.officer(first.officer_id)
    unit = None if first.unit_id is None else names.unit(first.unit_id)
    lines = [(fact, tell(fact.kind, fact.body, voice)) for fact in facts]
    done = deed([(fact.kind, fact.body, told) for fact, told in lines], voice)
    head, line = facts[done.speaker], done.line
    subject = _subject(who, unit, names)
    rest = [(fact, told, told.folded or n in done.said) for n, (fact, told) in enumerate(lines) if n != done.speaker]
    return Sentence(
        seq=head.seq,
        at=head.at,
        kind=head.kind,
        zh=f"{subject.zh} {line.text.zh}",
        en=f"{subject.en} {line.text.en}",
        who=who,
        unit=unit,
        mood=line.mood,
        why=line.why,
        details=line.details,
        evidence=line.evidence,
        lines=tuple(_line(fact, told) for fact, told, folded in rest if not folded),
        folded=tuple(_line(fact, told) for fact, told, folded in rest if folded),
    )


def _subject(who: Term | None, unit: Term | None, names: Names) -> Term:
    if who is None:
        return names.officer(None)
    return Term(f"{unit.zh} {who.zh}", f"{who.en} ({unit.en})") if unit else who


def _line(fact: Told, told: Line) -> Sentence:
    zh, en = told.text.zh, told.text.en
    return Sentence(fact.seq, fact.at, fact.kind, zh, en, None, None, told.mood, told.why, told.details, told.evidence)
