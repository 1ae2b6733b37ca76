"""On which line of a book of stories something stands, so that a mistake can be found."""

from __future__ import annotations

import yaml


def line_of(text: str, place: str) -> int | None:
    """`place`: "story:step", "story" or "", as the faults of `story_text.read` name it. None when it is not found."""
    id, _, number = place.partition(":")
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    for story in _parts(_entry(root, "stories")):
        named = _entry(story, "id")
        if not isinstance(named, yaml.ScalarNode) or named.value != id or not id:
            continue
        steps = _parts(_entry(story, "steps"))
        if number.isdigit() and 0 < int(number) <= len(steps):
            return int(steps[int(number) - 1].start_mark.line) + 1
        return int(story.start_mark.line) + 1
    return None


def _entry(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == name:
                found: yaml.Node = value
                return found
    return None


def _parts(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
