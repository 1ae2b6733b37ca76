"""A case that stands on one drawing goes on by another: what moves, what begins anew, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.notation.diagram import Diagram, read
from engine.notation.moving import Wishes
from engine.notation.pairing import pairs, suggested
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from tests.engine.tokens import drawn as d
from tests.engine.tokens.game import Game
from tests.engine.tokens.moving import Movable
from tests.engine.tokens.play import BEGIN
from tests.engine.tokens.random_processes import NAMES, VALUES, processes
from tests.engine.tokens.test_random_processes import RUNS, STEPS


def line(*parts: str, way: str = "s u e") -> Diagram:
    """A start, an end, and what is given, on one way."""
    return d.process(d.start(), d.end(), *parts, d.flows(way))


PLAIN = line(d.task("u"))


@given(drawn=processes(), data=st.data())
@settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_copy_of_the_drawing_changes_nothing(drawn: str, data: st.DataObject) -> None:
    """At any moment, however often: the game goes on as if nothing had happened."""
    diagram = read(drawn.encode())
    game = Game(diagram)
    if game.dead:
        return
    played = Movable(diagram)
    for _ in range(STEPS):
        if game.over:
            return
        before, held = played.enabled(), {id: dict(kept) for id, kept in played.open.items()}
        if data.draw(st.booleans()):
            if played.undoes():
                return
            done = played.move(read(drawn.encode()))
            assert [type(fact) for fact in done.step.facts] == [f.CaseMoved]
            assert played.open == held
        assert played.enabled() == before == game.enabled()
        chosen = data.draw(st.sampled_from(before))
        answers = dict(zip(NAMES, data.draw(st.tuples(*[st.sampled_from(VALUES)] * len(NAMES))), strict=True))
        game.do(chosen, answers)
        if game.dead:
            with pytest.raises(CannotGoOn):
                played.choose(chosen, answers)
            return
        played.choose(chosen, answers)


@given(drawn=processes(), data=st.data())
@settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck))
def test_other_ids_and_the_game_goes_on_as_if_begun_there(drawn: str, data: st.DataObject) -> None:
    """Every id of the new drawing is another; the mapping says which is which. From there on the case does just what
    one does that was begun on the new drawing."""
    old = read(drawn.encode())
    ids = [*old.elements, *(flow.id for flow in old.flows)]
    text = drawn
    for id in sorted(ids, key=len, reverse=True):
        text = text.replace(f'"{id}"', f'"new_{id}"')
    new = read(text.encode())
    if Game(old).dead:
        return
    played, there = Movable(old), Movable(new)
    moved = False
    for _ in range(STEPS):
        if played.over:
            assert there.over
            return
        if not moved and data.draw(st.booleans()):
            if played.undoes():
                return
            played.move(new, Wishes({id: f"new_{id}" for id in old.elements}))
            moved = True
        here, over = played.enabled(), there.enabled()
        renamed = sorted((kind, id if moved else f"new_{id}", path, since) for kind, id, path, since in here)
        assert renamed == over
        kind, id, path, since = data.draw(st.sampled_from(here))
        answers = dict(zip(NAMES, data.draw(st.tuples(*[st.sampled_from(VALUES)] * len(NAMES))), strict=True))
        try:
            played.choose((kind, id, path, since), answers)
        except CannotGoOn:
            return
        there.choose((kind, id if moved else f"new_{id}", path, since), answers)


# --- what moves ----------------------------------------------------------------------------------------------------


def test_a_step_with_another_id_goes_on_where_the_mapping_says() -> None:
    played = Movable(PLAIN)
    new = line(d.task("v"), d.task("w"), way="s v w e")
    assert played.refused(new) == "gone:u"
    played.move(new, Wishes({"u": "v"}))
    assert played.waiting == "v"
    played.do("v")
    assert played.waiting == "w"


def test_a_timer_keeps_its_moment_or_begins_anew_or_counts_by_the_new_rule() -> None:
    old, new = (
        d.process(d.start(), d.task("u"), d.end(), d.boundary("late", "u", d.timer(limit)), d.end("e2"),
                  d.flows("s u e", "late e2"))
        for limit in ("P3D", "P5D")
    )  # fmt: skip
    day = timedelta(days=1)
    for how, due in (("keep", 3 * day), ("recount", 5 * day), ("restart", 5 * day + timedelta(minutes=1))):
        played = Movable(old)
        done = played.move(new, Wishes(timers={"late": how}))
        assert next(iter(played.timers.values()))["due"] == BEGIN + due
        (told,) = done.report["timers"]
        assert told["how"] == how
        assert told["by_new"] == (BEGIN + 5 * day).isoformat()
        assert told["before"] == (BEGIN + 3 * day).isoformat()


def test_what_is_new_on_a_step_begins_to_wait_and_what_is_gone_waits_no_longer() -> None:
    bare = PLAIN
    watched = d.process(
        d.start(), d.task("u"), d.end(), d.boundary("late", "u", d.timer("P3D"), interrupting=False), d.task("remind"),
        d.end("e2"), d.flows("s u e", "late remind e2"),
    )  # fmt: skip
    played = Movable(bare)
    done = played.move(watched)
    assert played.waiting == "late u"
    assert [(timer["how"], timer["to"]) for timer in done.report["timers"]] == [("new", "late")]
    played.do("late")
    assert played.waiting == "remind u"
    # The reminder has been sent: moving on does not send it again.
    played.move(d.process(
        d.start(), d.task("u"), d.end(), d.boundary("late", "u", d.timer("P3D"), interrupting=False), d.task("remind"),
        d.end("e2"), d.flows("s u e", "late remind e2"),
    ))  # fmt: skip
    assert played.waiting == "remind u"
    gone = Movable(watched)
    done = gone.move(bare)
    assert gone.waiting == "u"
    assert [(timer["how"], timer["from"]) for timer in done.report["timers"]] == [("dropped", "late")]


def test_a_new_event_subprocess_listens_at_once() -> None:
    handler = d.sub("es", d.start("hs", d.on("message", "m"), isInterrupting="true"), d.task("h"), d.end("he"),
                    d.flows("hs h he"), triggeredByEvent="true")  # fmt: skip
    played = Movable(PLAIN)
    played.move(line(d.task("u"), handler))
    assert played.waiting == "hs u"
    played.do("hs")
    assert played.waiting == "h"


def test_a_subprocess_drawn_around_a_lonely_step_opens_around_it_and_closes_again() -> None:
    around = line(d.sub("p", d.start("ps"), d.task("u"), d.end("pe"), d.flows("ps u pe")), d.task("v"), way="s p v e")
    played = Movable(line(d.task("u"), d.task("v"), way="s u v e"))
    played.move(around)
    played.do("u")
    assert played.waiting == "v"
    back = Movable(around)
    back.move(line(d.task("u"), d.task("v"), way="s u v e"))
    back.do("u")
    assert back.waiting == "v"


def test_instances_keep_their_members_and_where_they_stand() -> None:
    old = line(d.el("userTask", "u", d.several("3")))
    new = line(d.el("userTask", "many", d.several("5")), way="s many e")
    played = Movable(old)
    played.do("u")
    played.move(new, Wishes({"u": "many"}))
    assert played.waiting == "many many"
    played.do("many")
    played.do("many")
    assert played.over


def test_a_branch_that_waits_at_a_join_is_known_there_by_where_it_came_from() -> None:
    parts = (d.gateway("parallel", "g"), d.task("a"), d.task("b"), d.gateway("parallel", "j"))
    old = d.process(d.start(), d.end(), *parts, d.flows("s g a j e", "g b j"))
    new = d.process(
        d.start(), d.end(), *parts, d.flows("s g a", "g b j e"), d.flow("a", "j", id="another"),
    )  # fmt: skip
    played = Movable(old)
    played.do("a")
    played.move(new)
    assert played.waiting == "b"
    played.do("b")
    assert played.over


def test_who_did_a_step_is_remembered_under_its_new_name() -> None:
    played = Movable(line(d.task("u"), d.task("v"), way="s u v e"))
    played.do("u")
    kept = dict(played.kept["doers"])
    played.move(line(d.task("first"), d.task("v"), way="s first v e"), Wishes({"u": "first"}))
    assert played.kept["doers"] == {{"u": "first"}.get(id, id): who for id, who in kept.items()}


# --- what is refused -------------------------------------------------------------------------------------------------


def test_refused_another_kind() -> None:
    assert Movable(PLAIN).refused(line(d.catch("u", d.timer("P1D")))) == "kind:u"


def test_refused_another_trigger() -> None:
    played = Movable(line(d.catch("c", d.on("message", "m")), way="s c e"))
    assert played.refused(line(d.catch("c", d.timer("P1D")), way="s c e")) == "trigger:c"


def test_refused_from_one_to_many_and_back() -> None:
    many = line(d.el("userTask", "u", d.several("2")))
    assert Movable(PLAIN).refused(many) == "repeat:u"
    assert Movable(many).refused(PLAIN) == "repeat:u"
    assert Movable(many).refused(line(d.el("userTask", "u", d.several("2", sequential=True)))) == "repeat:u"


def test_refused_into_a_subprocess_beside_something_else() -> None:
    parts = (d.gateway("parallel", "g"), d.task("a"), d.task("b"), d.gateway("parallel", "j"))
    old = d.process(d.start(), d.end(), *parts, d.flows("s g a j e", "g b j"))
    inside = d.sub("p", d.start("ps"), d.task("b"), d.end("pe"), d.flows("ps b pe"))
    new = d.process(
        d.start(), d.end(), parts[0], parts[1], inside, parts[3], d.flows("s g a j e", "g p j")
    )  # fmt: skip
    assert Movable(old).refused(new) == "scope:b"


def test_refused_out_of_a_subprocess_in_which_two_things_go_on() -> None:
    fork = (d.gateway("parallel", "g"), d.task("a"), d.task("b"), d.end("e1"), d.end("e2"))
    inside = d.sub("p", d.start("ps"), *fork, d.flows("ps g a e1", "g b e2"))
    old = line(inside, way="s p e")
    new = d.process(d.start(), d.end(), *fork, d.flows("s g a e1", "g b e2"))
    assert Movable(old).refused(new) == "scope:p"


def test_refused_other_flows_into_a_join() -> None:
    parts = (d.gateway("parallel", "g"), d.task("a"), d.task("b"), d.gateway("parallel", "j"))
    played = Movable(d.process(d.start(), d.end(), *parts, d.flows("s g a j e", "g b j")))
    played.do("a")
    more = d.process(d.start(), d.end(), *parts, d.task("c"), d.flows("s g a j e", "g b j", "g c j"))
    assert played.refused(more) == "join:j"


def test_refused_what_could_not_go_on_there() -> None:
    asks = line(d.el("userTask", "u", camunda_assignee="nobody_here"))
    assert Movable(PLAIN).refused(asks) == "stops:u"


def test_refused_another_called_process() -> None:
    one, other = (line(d.el("callActivity", "c", calledElement=name), way="s c e") for name in ("one", "other"))
    played = Movable(one)
    assert played.refused(other) == "called:c"
    played.move(one)


def test_refused_a_decision_that_is_not_there() -> None:
    asks = d.el("businessRuleTask", "r", camunda_decisionRef="rates", camunda_resultVariable="x")
    assert Movable(PLAIN).refused(line(d.task("u"), asks, way="s u r e")) == "table:r"


def test_refused_while_something_is_undone() -> None:
    parts = (d.task("a"), d.undone("a", d.task("back")), d.throws("t", d.compensate()))
    drawn = line(*parts, way="s a t e")
    played = Movable(drawn)
    played.do("a")
    assert played.waiting == "back"
    assert "undoing:" in played.refused(drawn)
    played.do("back")
    assert played.waiting == ""


def test_refused_a_state_nobody_can_read() -> None:
    played = Movable(PLAIN)
    for state in (b"what no release has written", b"", b"{}"):
        played.state = state
        assert played.refused(PLAIN) == "unreadable:"


def test_refused_names_every_reason_at_once() -> None:
    parts = (d.gateway("parallel", "g"), d.task("a"), d.task("b"), d.gateway("parallel", "j"))
    old = d.process(d.start(), d.end(), *parts, d.flows("s g a j e", "g b j"))
    assert Movable(old).refused(line(d.catch("a", d.timer("P1D")), way="s a e")) == "gone:b kind:a"


# --- what is suggested -----------------------------------------------------------------------------------------------


def test_suggestions_by_id_by_name_by_place_or_none() -> None:
    old = line(d.task("u"), d.el("userTask", "sign2").replace('name="sign2"', 'name="签收"'), d.task("mid"),
               d.task("odd"), way="s u sign2 mid e")  # fmt: skip
    new = line(d.task("u"), d.el("userTask", "sign").replace('name="sign"', 'name="签收"'), d.task("mid2"),
               d.catch("odd", d.timer("P1D")), way="s u sign mid2 e")  # fmt: skip
    found = {pair.old: (pair.new, pair.why) for pair in pairs(old, new)}
    assert found["u"] == ("u", "same")
    assert found["sign2"] == ("sign", "name")
    assert found["mid"] == ("mid2", "place")
    assert found["odd"] == ("", "misfit")
    assert suggested(old, new) == {"sign2": "sign", "mid": "mid2"}
