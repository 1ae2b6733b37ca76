"""Published versions, read once in each process and kept: reading a diagram is a hundred times the work of one step."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock

from engine.notation import decisions as dmn
from engine.notation import diagram as bpmn
from engine.notation.diagram import Diagram
from engine.notation.scene import Published
from engine.notation.spiff.specs import build

# Versions kept in memory at once; a city runs some dozens of processes.
_ROOM = 200
_shelf: OrderedDict[tuple[str, int], Published] = OrderedDict()
_diagrams: OrderedDict[str, Diagram] = OrderedDict()
_lock = Lock()


def digest_of(diagram: bytes, tables: Mapping[str, str]) -> str:
    """What tells one version's content from another's."""
    whole = hashlib.sha256(diagram)
    for name in sorted(tables):
        whole.update(f"\0{name}\0{tables[name]}".encode())
    return whole.hexdigest()


def read_published(number: int, diagram: bytes, tables: Mapping[str, str]) -> Published:
    """Raises `NotPublishable` or `DecisionsNotReadable` when a file cannot be read."""
    drawing = bpmn.read(diagram)
    decisions: dict[str, dmn.Decisions] = {}
    for text in tables.values():
        read = dmn.read(text.encode(), [other.encode() for other in tables.values()])
        decisions.update(dict.fromkeys(read.ids, read))
    return Published(number, drawing, decisions, build(drawing))


def published(digest: str, number: int, load: Callable[[], tuple[bytes, Mapping[str, str]]]) -> Published:
    """The version of this digest and number; `load` gives its files when it is not on the shelf yet."""
    key = (digest, number)
    with _lock:
        found = _shelf.get(key)
        if found is not None:
            _shelf.move_to_end(key)
            return found
    found = read_published(number, *load())
    with _lock:
        _shelf[key] = found
        while len(_shelf) > _ROOM:
            _shelf.popitem(last=False)
    return found


def diagram_of(digest: str, load: Callable[[], bytes]) -> Diagram:
    """Only the drawing of a version, for pages that show names of its elements."""
    with _lock:
        for (kept, _number), version in _shelf.items():
            if kept == digest:
                return version.diagram
        if digest in _diagrams:
            return _diagrams[digest]
    drawing = bpmn.read(load())
    with _lock:
        _diagrams[digest] = drawing
        while len(_diagrams) > _ROOM:
            _diagrams.popitem(last=False)
    return drawing
