"""One isolate per process that answers FEEL questions: no host objects, no clock, a budget of time and memory."""

from __future__ import annotations

import asyncio
import atexit
import ctypes
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from time import process_time

from py_mini_racer import JSEvalException, JSFunction, JSTimeoutException, MiniRacer, mini_racer

SECONDS = 2.0
BYTES = 256 * 1024 * 1024
_BUNDLE = Path(__file__).parent / "dist" / "feel.js"


class NotBuilt(RuntimeError):
    """The evaluator's bundle is missing: the front end has not been built."""


class OutOfBudget(Exception):
    """The question took too long or too much memory; the isolate has been replaced."""


@dataclass(slots=True)
class _Isolate:
    """The isolate's callbacks run on a loop of ours, which ends after it: they never find a loop that is closed."""

    loop: asyncio.AbstractEventLoop
    opened: AbstractContextManager[MiniRacer]
    context: MiniRacer
    ask: JSFunction


_lock = Lock()
_isolate: _Isolate | None = None


def ask(text: str) -> str:
    """Asks the bundle's `ask`; JSON in, JSON out. Raises OutOfBudget."""
    with _lock:
        began = process_time()
        try:
            answer = _answer(text, SECONDS)
        except JSTimeoutException as error:
            # The budget is meant for the question, not for a machine that had no time for it.
            used = max(process_time() - began, SECONDS / 10)
            if used > SECONDS / 2:
                raise OutOfBudget(str(error)) from error
            answer = _patiently(text, SECONDS * SECONDS / used)
        except JSEvalException as error:
            close()
            raise OutOfBudget(str(error)) from error
        if _isolate is not None and _isolate.context.was_soft_memory_limit_reached():
            close()  # the answer is good, but what grew so large starts anew
    assert isinstance(answer, str)
    return answer


def _answer(text: str, seconds: float) -> object:
    global _isolate
    if _isolate is None:
        _isolate = _open()
    try:
        return _isolate.ask(text, timeout_sec=seconds)
    except JSTimeoutException:
        close()
        raise


def _patiently(text: str, seconds: float) -> object:
    """Once more, on a machine so busy that the first time hardly any of the budget was computing. So many seconds on
    the wall are, by its share of the processor the first time, again one budget."""
    try:
        return _answer(text, seconds)
    except JSEvalException as error:
        close()
        raise OutOfBudget(str(error)) from error


def _open() -> _Isolate:
    try:
        bundle = _BUNDLE.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotBuilt("engine/notation/feel/dist/feel.js is missing: build the front end first") from error
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="feel", daemon=True).start()
    opened = mini_racer(loop)
    context = opened.__enter__()
    context.set_hard_memory_limit(BYTES)
    context.set_soft_memory_limit(BYTES // 2)
    context.eval(bundle)
    function = context.eval("feel.ask")
    assert isinstance(function, JSFunction)
    return _Isolate(loop, opened, context, function)


@contextmanager
def fresh() -> Iterator[MiniRacer]:
    """An isolate for one use, with the same limit of memory, and nothing in it."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="script", daemon=True).start()
    try:
        with mini_racer(loop) as context:
            context.set_hard_memory_limit(BYTES)
            yield context
    finally:
        loop.call_soon_threadsafe(loop.stop)


def close() -> None:
    """Ends the isolate. At exit too, while threads still run: freed later, it would wait for them for ever."""
    global _isolate
    isolate, _isolate = _isolate, None
    if isolate is not None:
        isolate.opened.__exit__(None, None, None)
        isolate.loop.call_soon_threadsafe(isolate.loop.stop)


def _forked() -> None:
    """A child process has none of the isolate's threads: it opens its own, and never touches its parent's."""
    global _isolate, _lock
    _lock = Lock()
    if _isolate is not None:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(_isolate))  # freeing it would wait for threads that do not exist
        _isolate = None


os.register_at_fork(after_in_child=_forked)
atexit.register(close)
