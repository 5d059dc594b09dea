"""Arguments that make no sense, told before anything is asked: what was expected, what was found, and the
near name where there is one.

Not here: what the program checks by itself, such as the rows of a scenario or the rules of a condition.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from ringback._errors import ArgumentError, hidden

__all__ = ["apart", "conditions", "count", "in_words", "mapping", "one_of", "switches", "texts"]

__tracebackhide__ = hidden


def in_words(value: object) -> str:
    """A value in words, as the end of a message."""
    if value is None:
        return "nothing"
    kinds = {bool: "the value", str: "the text", int: "the number", float: "the number"}
    kind = kinds.get(type(value))
    if kind is not None:
        return f"{kind} {value!r}"
    article = "an" if type(value).__name__[:1] in "aeiou" else "a"
    return f"{article} {type(value).__name__}"


def one_of(lead: str, name: object, known: Iterable[str]) -> str:
    """A name that has to be one of those; `lead` begins the message, such as `there is no vendor`."""
    names = list(known)
    if isinstance(name, str) and name in names:
        return name
    word = str(name).lower()
    close = difflib.get_close_matches(word, names, 1)
    # `max` for maxcontact is less alike than it is a beginning.
    near = close or [it for it in names if len(word) > 1 and it.startswith(word)]
    hint = f"; did you mean {near[0]!r}?" if len(near) == 1 else ""
    raise ArgumentError(f"{lead} {name!r}; expected one of {', '.join(names)}{hint}")


def mapping(what: str, value: object, example: str) -> dict[str, Any]:
    """A mapping, such as the example."""
    if isinstance(value, Mapping):
        return dict(value)
    raise ArgumentError(f"{what}: expected a mapping such as {example}, found {in_words(value)}")


def apart(what: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The two together. What both say would be said by one of them in silence."""
    both = [name for name in one if name in other]
    if both:
        raise ArgumentError(f"{what}: expected {both[0]!r} once, found it in the mapping and by name")
    return {**one, **other}


def count(what: str, value: object) -> int:
    """A number of things, none or more."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ArgumentError(f"{what}: expected a number from 0 on, found {in_words(value)}")


def texts(what: str, value: object, *, secret: bool = False) -> list[str]:
    """A list of texts. One text is none: it would be read letter by letter. What is secret is not shown."""
    are_several = isinstance(value, (Sequence, Set)) and not isinstance(value, (str, bytes, bytearray))
    several: list[Any] = list(value) if isinstance(value, (Sequence, Set)) and are_several else []
    others = [it for it in several if not isinstance(it, str)]
    if are_several and not others:
        return several
    words = _without_value if secret else in_words
    hint = f"; write [{'…' if secret else repr(value)}]" if isinstance(value, str) else ""
    shown = f"a list with {words(others[0])}" if others else words(value)
    raise ArgumentError(f"{what}: expected a list of texts, found {shown}{hint}")


def _without_value(value: object) -> str:
    """What kind of value it is."""
    kinds = {str: "a text", int: "a number", float: "a number"}
    return kinds.get(type(value)) or in_words(value)


def conditions(value: object) -> list[dict[str, Any]]:
    """A list of conditions. One condition is none: it would be read name by name."""
    example = "{'operation': 'lock_contact_by_id', 'exactly': 1}"
    if isinstance(value, (Sequence, Set)) and not isinstance(value, (str, bytes, bytearray)):
        return [mapping("expect", it, example) for it in value]
    hint = "; write [{…}]" if isinstance(value, Mapping) else ""
    found = in_words(value)
    raise ArgumentError(f"expect: expected a list of conditions such as {example}, found {found}{hint}")


def switches(variants: object) -> dict[str, dict[str, str]]:
    """Positions of switches by vendor and name."""
    if not isinstance(variants, Mapping):
        raise ArgumentError(f"variants: expected {_SWITCHES}, found {in_words(variants)}")
    return {str(vendor): _positions(str(vendor), positions) for vendor, positions in variants.items()}


_SWITCHES = "a mapping by vendor, such as {'jtel': {'pick': 'highest_id'}}"


def _positions(vendor: str, positions: object) -> dict[str, str]:
    if isinstance(positions, Mapping):
        return {str(name): _position(f"{vendor}.{name}", it) for name, it in positions.items()}
    owner, _, name = vendor.partition(".")
    hint = f"; write {{{owner!r}: {{{name!r}: {positions!r}}}}}" if name else ""
    raise ArgumentError(
        f"variants: expected {_SWITCHES}, found {in_words(positions)} under {vendor!r}{hint}",
    )


def _position(switch: str, position: Any) -> str:
    """Positions are texts, also those that look like a number or like true and false."""
    if isinstance(position, bool):
        return str(position).lower()
    if isinstance(position, (str, int)):
        return str(position)
    raise ArgumentError(f"variants: expected the position of {switch} as text, found {in_words(position)}")
