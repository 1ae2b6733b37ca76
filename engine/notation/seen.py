"""What expressions see of a case: its fields and what is told of it, each worked out only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from engine.words.kept import Kept


class Names(Mapping[str, Any]):
    """`told`: the names of what is worked out (the case, its clocks) by `tell`; they hide the fields. `layers`: fields
    by name, the nearest first. `whole`: gives a field with its large values looked up."""

    __slots__ = ("_known", "_layers", "_tell", "_told", "_whole")

    def __init__(
        self,
        told: Collection[str],
        tell: Callable[[str], Any],
        layers: Sequence[Mapping[str, Any]],
        whole: Callable[[Any], Any],
    ) -> None:
        self._told, self._tell, self._layers, self._whole = told, tell, layers, whole
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._tell(name) if name in self._told else self._whole(self._field(name))
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._told or any(name in layer for layer in self._layers)

    def __iter__(self) -> Iterator[str]:
        names: dict[str, None] = {}
        for layer in reversed(self._layers):
            names |= dict.fromkeys(layer)
        return iter(names | dict.fromkeys(self._told))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def near(self, asked: Callable[[], Collection[str] | None]) -> dict[str, Any]:
        """All names but those of large values that are not asked for; None asks for all."""
        beside = {name for name in self if name not in self._told and isinstance(self._field(name), Kept)}
        wanted = asked() if beside else None
        left_out = beside.difference(wanted) if wanted is not None else ()
        return {name: self[name] for name in self if name not in left_out}

    def _field(self, name: str) -> Any:
        for layer in self._layers:
            if name in layer:
                return layer[name]
        raise KeyError(name)
