"""No experiment is forgotten: each of them names tests of ours, and these tests are there."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.engine.breadth.experiments import EXPERIMENTS

TESTS = Path(__file__).parents[1]


def functions(file: str) -> set[str]:
    parsed = ast.parse((TESTS / f"{file}.py").read_text("utf-8"))
    return {node.name for node in ast.walk(parsed) if isinstance(node, ast.FunctionDef)}


def test_every_experiment_has_its_tests() -> None:
    assert len(EXPERIMENTS) == len({(one.area, one.what) for one in EXPERIMENTS}) == 141
    for one in EXPERIMENTS:
        assert one.tests, one.what
        for test in one.tests:
            file, _, name = test.partition("::")
            assert name in functions(file), test
