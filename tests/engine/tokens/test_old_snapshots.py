"""A case whose snapshot an earlier release wrote goes on as if nothing had happened."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from engine.notation.diagram import read
from engine.notation.spiff.state import read as read_snapshot
from engine.words.kept import unfolded
from engine.words.values import from_json, to_json
from tests.engine.tokens.play import Played

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.mark.parametrize("schema", [1, 2, 3, 4])
def test_a_snapshot_of_an_earlier_schema_goes_on(schema: int) -> None:
    kept = json.loads((FIXTURES / f"snapshot_schema_{schema}.json").read_text("utf-8"))
    assert kept["state"]["schema"] == schema
    played = Played(read(kept["diagram"].encode()), list=["x", "y"])
    beside = {digest: json.loads(body) for digest, body in kept.get("kept", {}).items()}
    variables = from_json(kept["variables"])
    played.scene = replace(played.scene, variables=variables, serial=kept["serial"], kept=beside.__getitem__)
    # Read as it was written; the first step writes it anew.
    played.state = orjson.dumps(kept["state"])
    specs = played.scene.published.specs
    played.state = orjson.dumps(read_snapshot(played.state, specs))
    played.since = dict.fromkeys(played.open, 0)
    assert played.waiting == "a c1 c2 h k late r tick u v"

    for element, left in (("tick", 1), ("tick", 0)):
        assert [k.get("left") for k in played.open.values() if k["element"] == "tick"] == [left]
        played.do(element)
    assert played.waiting == "a c1 c2 h h h k late r u v"
    played.do("r", said="two")
    assert [(one["one"], one["said"]) for one in played.variables["told"]] == [("x", "one"), ("y", "two")]
    played.do("v", checked=1)
    played.do("u", found="second")
    played.do("v", checked=2)
    whole = unfolded(to_json(played.variables["all"]), beside.__getitem__)
    assert [(one["one"], one["found"], one["checked"]) for one in whole] == [
        ("x", kept.get("first", "first"), 1),
        ("y", "second", 2),
    ]
    played.do("c2")
    played.do("k")
    played.do("a")
    assert played.waiting == "h h h n"
    for element in ("h", "h", "h", "n"):
        played.do(element)
    assert played.over
