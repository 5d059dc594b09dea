"""The mark `ringback`: what a test's world is made of.

`@pytest.mark.ringback(scenario=…, seed=…, strict=True, variants=…, faults=…)` on a test, a class or a
module; what stands nearest to the test counts, key by key.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ringback._checked import in_words, mapping, one_of, texts
from ringback._errors import ArgumentError
from ringback._making import Scenario, is_file, is_text
from ringback._world import World

__all__ = ["Wish", "wish_of"]

_KEYS = ("scenario", "seed", "clock", "strict", "expect", "variants", "faults", "claims", "fail_on")

_FAIL_ON = ("refused", "findings", "unmatched", "unread")
"""What else fails a test, in the words of `ringback run --fail-on`."""


@dataclass(frozen=True)
class Wish:
    """What a test wants its world to be."""

    scenario: Scenario = "demo"
    seed: int | None = None
    clock: str | Mapping[str, Any] | None = None
    strict: bool | None = None
    expect: Sequence[Mapping[str, Any]] | None = None
    variants: Mapping[str, Mapping[str, str]] | None = None
    faults: str | Mapping[str, Any] | Sequence[str | Mapping[str, Any]] | None = None
    claims: Sequence[str] | None = None
    fail_on: Sequence[str] | None = None

    def words(self) -> list[str]:
        """What else fails the test."""
        words = [] if self.fail_on is None else texts("fail_on", self.fail_on)
        return [one_of("fail_on: there is no", it, _FAIL_ON) for it in words]

    def add_faults(self, world: World) -> None:
        """Each fault is a rule, or the name of a preset."""
        faults = [self.faults] if isinstance(self.faults, (str, Mapping)) else self.faults or []
        if not isinstance(faults, Sequence) or isinstance(faults, (bytes, bytearray)):
            raise ArgumentError(f"faults: expected a list of rules or of presets, found {in_words(faults)}")
        for fault in faults:
            if isinstance(fault, str):
                world.fault(preset=fault)
            else:
                world.fault(mapping("faults", fault, "{'then': 'lose_reply', 'on': {'nth': 1}}"))


def wish_of(item: pytest.Item) -> Wish:
    """The marks of a test, put together; a wrong one fails it."""
    known: dict[str, Any] = {}
    for mark in item.iter_markers("ringback"):
        if mark.args:
            pytest.fail(
                "the mark ringback takes names: @pytest.mark.ringback(scenario=…), found"
                f" {mark.args[0]!r} without one",
                pytrace=False,
            )
        for key, value in mark.kwargs.items():
            if key not in _KEYS:
                near = difflib.get_close_matches(key, _KEYS, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                pytest.fail(
                    f"the mark ringback has no {key!r}; expected one of {', '.join(_KEYS)}{hint}",
                    pytrace=False,
                )
            known.setdefault(key, value)
    known.setdefault("scenario", str(item.config.getini("ringback_scenario")) or "demo")
    known["scenario"] = _found(known["scenario"], item)
    return Wish(**known)


def _found(scenario: Scenario, item: pytest.Item) -> Scenario:
    """A file is looked for beside the test, then from the root of the project."""
    if not isinstance(scenario, (str, os.PathLike, Mapping)):
        pytest.fail(
            "the mark ringback: scenario: expected a name, a file, TOML as text or a mapping, found"
            f" {in_words(scenario)}",
            pytrace=False,
        )
    if isinstance(scenario, Mapping) or is_text(scenario):
        return scenario
    places = [item.path.parent / Path(scenario), item.config.rootpath / Path(scenario)]
    # A name that the program knows has no ending.
    for place in places if is_file(scenario) or Path(scenario).suffix else []:
        if place.is_file():
            return place
    if not is_file(scenario):
        return scenario
    listed = " and ".join(str(place) for place in dict.fromkeys(places))
    pytest.fail(f"there is no scenario file {str(scenario)!r}; looked for it at {listed}", pytrace=False)
