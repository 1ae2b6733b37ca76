"""The invented city: every stage has something in it, every fact holds, the pictures are the same everywhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from sqlalchemy import select

from engine.acts import officers, stories
from engine.jobs import pulse
from engine.notation import diagram
from engine.reads import case_story, openings
from engine.reads.office import calendar_from
from engine.record import chain
from engine.words.errors import NotValid
from engine.words.terms import ROLES
from models import Attachment, Case, Evidence, Grant, Officer, Process, Task, Unit, Version
from webui.demo import city, holidays, load, photos
from webui.demo.issues import KINDS, issue
from webui.demo.morning import BEGUN
from webui.demo.paths import PATHS
from webui.demo.scenes import SCENES
from webui.place import Place

# A Wednesday at ten in the morning, in the year whose holidays are known.
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place.of(tmp_path_factory.mktemp("demo"), None)
    load.everything(made, at=NOW, tell=lambda zh, en: None)
    yield made
    made.engine.dispose()


def test_every_stage_has_something_in_it(place: Place) -> None:
    with place.sessions() as session:
        found = session.execute(
            select(Case.stage, Case.level, Case.round, Case.stuck_at).where(Case.process_id == load.PROCESS)
        ).all()
        # What is to be put right elsewhere, too, is found by other processes' cases of today.
        processes = set(session.scalars(select(Process.id)))
        others = set(session.scalars(select(Case.process_id).where(Case.process_id != load.PROCESS)))
    assert len(found) == len(PATHS)
    assert processes == {path.parent.name for path in load.PROCESSES.glob("*/*.bpmn")}
    assert set(BEGUN) <= others
    assert {stage for stage, *_ in found} == {
        "registered", "rejected", "filed", "dispatched", "disputed", "rectifying", "suspended", "submitted",
        "verifying", "closed", "merged", "voided", "archived",
    }  # fmt: skip
    assert {level for _, level, *_ in found} == {0, 1, 2, 3, 4}
    assert {number for _, _, number, _ in found} == {1, 2}
    assert all(stuck is None for *_, stuck in found)


def test_nothing_is_overdue_by_the_clock_when_the_city_is_first_seen(place: Place) -> None:
    """What begins by the clock has begun with the city; the first page of an administrator warns of nothing."""
    with place.sessions() as session:
        assert pulse.due(session, at=NOW) == pulse.Due(0, None)
        opened = session.scalars(select(Case.opened_at).where(Case.process_id == "daily_report")).all()
    assert opened == [NOW]


def test_the_main_loop_stands_first_where_something_can_be_begun(place: Place) -> None:
    with place.sessions() as session:
        ways = openings.open_to_all(session)
    assert [way.id for way in ways if way.group == "main"] == [load.PROCESS]
    assert ways[0].id == load.PROCESS


def test_something_waits_at_every_step(place: Place) -> None:
    drawing = diagram.read((load.PROCESSES / load.PROCESS / f"{load.PROCESS}.bpmn").read_bytes())
    steps = {element.id for element in drawing.elements.values() if element.kind == "userTask"}
    with place.sessions() as session:
        done = set(session.scalars(select(Task.element)))
    # A third return, a second extension and a dispatcher's second thoughts are too rare for three weeks.
    assert steps - done <= {"joint_ruling", "approve_second", "approve_withdrawal"}


def test_the_journal_is_intact_and_nothing_lies_in_the_future(place: Place) -> None:
    with place.sessions() as session:
        assert chain.verify(session).intact
        assert max(session.scalars(select(Case.opened_at))) <= NOW


def test_before_and_after_can_be_seen(place: Place) -> None:
    with place.sessions() as session:
        kinds = session.execute(select(Attachment.kind, Evidence.width, Evidence.taken_at, Evidence.latitude).join(
            Evidence, Evidence.sha == Attachment.sha
        )).all()  # fmt: skip
    assert {kind for kind, *_ in kinds} >= {"before", "after"}
    assert all(width == photos.SIZE[0] and taken is not None and north for _, width, taken, north in kinds)


def test_it_is_put_in_place_whole(place: Place) -> None:
    assert [path.name for path in place.home.iterdir() if "loading" in path.name] == []
    with place.sessions() as session:
        assert city.is_there(session)
        assert not city.is_new(session)
        assert [login for login, _ in city.accounts(session)] == list(city.SHOWN)


def test_every_role_is_held_and_every_unit_that_may_be_asked_has_a_clerk_and_a_head(place: Place) -> None:
    with place.sessions() as session:
        held = session.execute(select(Grant.role, Unit.code).join(Unit)).all()
        assert {role for role, _ in held} == set(ROLES)
        clerks = {code for role, code in held if role == "unit_clerk"}
        heads = {code for role, code in held if role == "unit_head"}
        named = session.scalar(select(Officer).where(Officer.login == "jiefang_clerk"))
        assert named is not None
        assert officers.actor(session, named.id, at=NOW).holds("unit_clerk", named.unit_id)
    assert clerks == heads
    assert {issue(number).unit for number in range(len(PATHS))} <= clerks


def test_holidays_and_make_up_days() -> None:
    days = {day: "work" if kind == "work" else "rest" for day, (kind, _) in holidays.days().items()}
    work = calendar_from("work", city.ZONE, {str(day): city.SHIFTS for day in range(1, 6)}, days)
    eve = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
    assert work.next_work_day(eve.date()).isoformat() == "2026-10-08"
    assert work.is_work_day(datetime(2026, 10, 10, tzinfo=UTC).date()), "a Saturday that is worked (调休)"
    assert sum(kind == "rest" for kind, _ in holidays.days().values()) == 3 + 9 + 3 + 5 + 3 + 3 + 7


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_a_photo_is_what_a_camera_makes_and_the_same_each_time(scene: str) -> None:
    pictures = [photos.photo(scene, 0, fixed=fixed, place="Jiefang", at=NOW) for fixed in (False, True, False)]
    assert pictures[0] == pictures[2]
    assert pictures[0] != pictures[1]
    image = Image.open(BytesIO(pictures[0]))
    assert (image.format, image.size) == ("JPEG", photos.SIZE)
    assert image.getexif().get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] == "2026:11:18 10:00:00"
    assert image.getexif().get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] == "N"


def test_kinds_name_what_there_is() -> None:
    codes = {code for code, *_ in city.UNITS}
    assert {kind.scene for kind in KINDS} == set(SCENES)
    assert {issue(number).unit for number in range(132)} <= codes
    assert len({issue(number).title for number in range(132)}) == 132


def test_an_interrupted_load_leaves_no_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(city, "settle", stop)
    place = Place.of(tmp_path, None)
    place.migrate()
    with pytest.raises(KeyboardInterrupt):
        load.everything(place, at=NOW + timedelta(days=1), tell=lambda zh, en: None)
    with place.sessions() as session:
        assert city.is_new(session)
    place.engine.dispose()


def test_cases_of_the_city_are_stories_that_go_well_on_their_version(place: Place) -> None:
    with place.sessions() as session:
        stages: dict[str, list[int]] = {}
        issues = select(Case.id, Case.stage, Case.outcome).where(Case.process_id == load.PROCESS).order_by(Case.id)
        for id, stage, outcome in session.execute(issues):
            stages.setdefault(f"{stage} {outcome}", []).append(id)
        chance = random.Random(20261122)
        chosen = [chance.choice(ids) for stage, ids in stages.items() if "merged" not in stage]
        people = set(session.scalars(select(Officer.name)))
        for id in chosen:
            text = case_story.of_case(session, id)
            case = session.get_one(Case, id)
            version = session.get_one(Version, case.version_id)
            book = stories.read(text)
            told = stories.run(version.diagram, version.tables, book, book.stories[0])
            assert told.went_well, (id, [(failure.step, failure.en) for failure in told.failures])
            assert told.done == len(book.stories[0].steps) > 2
            for name in people:
                assert name not in text, (id, name)
            description = str(case.variables.get("description") or "")
            assert not description or description not in text
        (merged,) = stages["merged merged"][:1]
        with pytest.raises(NotValid, match="CaseMerged"):
            case_story.of_case(session, merged)
