"""`--ringback-variants`: each test again under each other position of the switches that it touches.

A test that passes is run again, in the same item with its fixtures set up anew, once for each position
that its world did not have, of each switch that its operations touch: those that its journal shows. A
run that does not pass is a failure of its own, told with the switch; those that pass are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from ringback._errors import RingbackError
from ringback._pytest_mark import wish_of
from ringback._shapes import Switch
from ringback._world import World

__all__ = ["PASSED", "POSITION", "WORLD", "Position", "Tally", "by_switch", "run"]


@dataclass(frozen=True)
class Position:
    """One switch, turned."""

    vendor: str
    switch: str
    value: str
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.vendor}.{self.switch}={self.value}"


@dataclass
class Tally:
    """What came of all those runs."""

    tests: int = 0
    runs: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, other: dict[str, Any]) -> None:
        """Adds what a worker counted."""
        self.tests += int(other["tests"])
        self.runs += int(other["runs"])
        self.failed += other["failed"]


def by_switch(failed: list[str]) -> list[str]:
    """What failed, by the switch that was turned: many failures often have one cause. Of those that one line
    stands for anyway, nothing."""
    found: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for line in failed:
        test, _, position = line.rpartition(" with ")
        switch, _, value = position.partition("=")
        tests, values = found.setdefault(switch, ({}, {}))
        tests[test] = values[value] = None
    counts = Counter(line.rpartition(" with ")[2].partition("=")[0] for line in failed)
    if len(found) == len(failed):
        return []
    lines = ["by switch:"]
    for switch, runs in counts.most_common():
        tests, values = found[switch]
        tests_told = "1 test" if len(tests) == 1 else f"{len(tests)} tests"
        lines.append(f"  {runs:>4}  {switch} ({', '.join(values)}) in {tests_told}")
    return lines


POSITION = pytest.StashKey[Position]()
"""The switch that is turned in the run that goes on."""

PASSED = pytest.StashKey[bool]()
"""Whether the test itself passed."""

WORLD = pytest.StashKey[World]()
"""The world of the run that goes on."""


class _Next:
    """Stands for the next test: as long as the same one runs again, only what is its own is torn down."""

    def __init__(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        self.item, self.nextitem = item, nextitem
        self.positions: list[Position] | None = None

    def listchain(self) -> list[Any]:
        """Asked before anything is torn down, so the world of the first run is still there."""
        if self.positions is None:
            self.positions = touched(self.item)
        if self.positions:
            return [*self.item.listchain()[:-1], self]
        return list(self.nextitem.listchain()) if self.nextitem is not None else []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.item, name)


def run(item: pytest.Item, nextitem: pytest.Item | None, tally: Tally) -> None:
    """Runs a test, and again."""
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    follows = _Next(item, nextitem)
    runtestprotocol(item, nextitem=follows)  # type: ignore[arg-type]
    if follows.positions:
        tally.tests += 1
    while follows.positions:
        if item.session.shouldfail or item.session.shouldstop:
            # Nothing more of this test; what is above it is torn down as far as the next one needs.
            follows.positions = []
            item.session._setupstate.teardown_exact(nextitem)
            break
        position = follows.positions.pop(0)
        item.stash[POSITION] = position
        try:
            again = runtestprotocol(item, log=False, nextitem=follows)  # type: ignore[arg-type]
        finally:
            del item.stash[POSITION]
        tally.runs += 1
        failed = [report for report in again if report.failed]
        if failed:
            tally.failed.append(f"{item.nodeid} with {position}")
        for report in failed:
            hook.pytest_runtest_logreport(report=_told(report, position))
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def touched(item: pytest.Item) -> list[Position]:
    """The other positions of the switches that the operations of a test's world touch."""
    world = item.stash.get(WORLD, None)
    if world is None or not item.stash.get(PASSED, False):
        return []
    try:
        return list(_positions(world, wish_of(item).variants or {}))
    except RingbackError:
        return []


def _positions(world: World, pinned: Any) -> Iterator[Position]:
    exchanges = [it for it in world.journal() if it.is_exchange]
    vendors = {it.vendor for it in exchanges}
    operations = {(it.vendor, it.operation) for it in exchanges}
    now = world.variants()
    for switch in world.ringback.variants():
        if switch.vendor not in vendors or switch.name in pinned.get(switch.vendor, {}):
            continue
        if not _is_touched(switch, operations):
            continue
        for value in switch.values:
            if value != now.get(switch.vendor, {}).get(switch.name):
                yield Position(switch.vendor, switch.name, value, switch.text)


def _is_touched(switch: Switch, operations: set[tuple[str | None, str | None]]) -> bool:
    if switch.operations is None:
        return True
    # A request that no operation takes may be one that another position lets an operation take.
    named = {name for vendor, name in operations if vendor == switch.vendor}
    return None in named or not named.isdisjoint(switch.operations)


def _told(report: pytest.TestReport, position: Position) -> pytest.TestReport:
    file, line, domain = report.location
    report.location = (file, line, f"{domain} with {position}")
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        crash.message = f"with {position}: {crash.message}"
    turned = f'{{"{position.vendor}": {{"{position.switch}": "{position.value}"}}}}'
    mark = f"@pytest.mark.ringback(variants={turned})"
    text = f"{position.text}\nThe test passes without it. To run it with this reading alone: {mark}"
    report.sections.insert(0, (f"ringback: with {position}", text))
    return report
