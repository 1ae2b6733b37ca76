"""The raw floor: SpiffWorkflow alone walks the loop in memory. Nothing is saved, nobody is asked, no fact is noted.

Its own parser, specs and Python script engine are used, as released. Only the sign that begins an expression with us
is taken from the durations: what is left reads the same in FEEL and in Python.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tests.benchmarks.loop import LOOP, STEPS, answers_of


class Floor:
    def __init__(self, path: Path = LOOP) -> None:
        text = path.read_text("utf-8").replace("<bpmn:timeDuration>=", "<bpmn:timeDuration>")
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(text.encode()), filename=path.name)
        self.spec = parser.get_spec("bench_loop")
        self.inner = parser.get_subprocess_specs("bench_loop")

    def walk(self, steps: tuple[str, ...] = STEPS, clock: Callable[[], float] = perf_counter) -> list[float]:
        """Seconds of each step of one case: a task is done, and the tokens run until every one waits again."""
        workflow = BpmnWorkflow(self.spec, self.inner)
        workflow.do_engine_steps()
        spent = []
        for place, name in enumerate(steps):
            answers = answers_of(name, steps[place + 1 : place + 2])
            began = clock()
            task = self._waiting(workflow, name)
            task.data.update(answers)
            task.run()
            workflow.do_engine_steps()
            spent.append(clock() - began)
        if not workflow.is_completed():
            raise AssertionError("the floor's case did not end")
        return spent

    def _waiting(self, workflow: BpmnWorkflow, name: str) -> Any:
        return next(iter(workflow.get_tasks(state=TaskState.READY, spec_name=name)))
