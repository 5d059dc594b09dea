"""Looks on as a test's worlds come and go: what a report needs of one that is deleted while the test goes on,
where a lasting one stood when the test began, and which ones stay with `--ringback-keep`.

Not here: what is told of it (`_pytest_report`), when tests begin and end (`pytest_plugin`).
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ringback._binary import find_binary
from ringback._errors import ProblemError, RingbackError
from ringback._ringback import Ringback
from ringback._shapes import Clock, Entry, Findings
from ringback._world import World

__all__ = ["Seen", "Since", "Watch", "command"]

_ALIVE_MAX = 20
"""Lasting worlds that are looked at, the oldest and the newest: each costs a call for every test, and a test
run that never deletes any would come to spend its time with them."""

_GONE_MAX = 10
"""Deleted worlds of one test that are remembered: a report of more is read by nobody."""

_REMEMBERED_MAX = 1000
"""Entries that are remembered of a deleted world: one page of its journal."""


_NOT_LOOKED_AT = -1
"""Stands for the sequence number of a lasting world beyond those."""


@dataclass(frozen=True)
class Since:
    """Where the journals stood that a test shares with others."""

    default: int = 0
    unmatched: Mapping[str | None, int] = field(default_factory=dict)
    """By process, where there are several; one that is alone has no name."""


@dataclass(frozen=True)
class Seen:
    """A world as it is or was, since the test began."""

    world: World
    url: str
    after: int
    """The sequence number at which the test began; 0 where the world is its own."""
    journal: list[Entry]
    clock: Clock
    findings: Findings
    faults: list[dict[str, Any]]
    is_gone: bool = False

    @classmethod
    def of(cls, world: World, after: int = 0, most: int | None = None) -> Seen:
        """Looks at it now."""
        journal = world.journal(after=after) if most is None else world.journal(last=most)
        journal = [it for it in journal if it.seq > after]
        return cls(world, world.url(), after, journal, world.clock(), world.findings(), world.faults())


class Watch:
    """Of one test run, one test after the other."""

    def __init__(self, keeps: bool, whole: bool) -> None:
        self._keeps = keeps
        self._most = None if whole else _REMEMBERED_MAX
        self._test: str | None = None
        self._failed = False
        self._since: dict[str, int] = {}
        self._gone: dict[str, Seen] = {}
        self._wanted: dict[str, str] = {}
        """By name, the test that failed with a world."""
        self._stays: dict[str, World] = {}
        """Worlds whose block has ended, and that are there all the same."""
        self._replaced: list[dict[str, Any]] = []

    def begin(self, test: str, ringback: Ringback | None) -> Since:
        """A test begins."""
        self._test, self._failed = test, False
        self._since, self._gone = {}, {}
        if ringback is None:
            return Since()
        with contextlib.suppress(RingbackError):
            self._since = dict.fromkeys(ringback.made, _NOT_LOOKED_AT)
            for name in _some([it for it in ringback.made if it not in self._stays]):
                self._since[name] = World(ringback, name).last_seq()
            return Since(ringback.default.last_seq(), _newest_unmatched(ringback))
        return Since()

    def fail(self, seen: Collection[Seen]) -> None:
        """The test has failed; these worlds are its own, or were used by it."""
        self._failed = True
        for it in seen:
            self._wanted.setdefault(it.world.name, str(self._test))

    def end(self) -> None:
        """The test is over, its worlds torn down."""
        for name, world in list(self._stays.items()):
            if self._failed:
                self._wanted.setdefault(name, str(self._test))
            elif name not in self._wanted:
                self._end(world)
        self._test = None

    def kept(self, ringback: Ringback) -> list[dict[str, Any]]:
        """What is told of the worlds that stay when the test run ends."""
        told = list(self._replaced)
        for name, test in self._wanted.items() if self._keeps else ():
            world = World(ringback, name)
            with contextlib.suppress(RingbackError):
                world.info()
                place = {"url": world.url(), "admin": ringback.admin, "command": command(ringback)}
                told.append({"test": test, "world": name, "pid": ringback.pid, **place})
        return told

    def _end(self, world: World) -> None:
        self._stays.pop(world.name, None)
        with contextlib.suppress(RingbackError):
            world.delete(missing_ok=True)

    def seen(self, ringback: Ringback, used: Collection[str]) -> list[Seen]:
        """The worlds that were made in this test, that something happened to, or that it has by a fixture."""
        return [*self._gone.values(), *self._alive(ringback, used)]

    def gone(self, name: str) -> Seen | None:
        """A world that was deleted in this test, as it was."""
        return self._gone.get(name)

    def lasting(self, ringback: Ringback) -> Iterator[tuple[World, int]]:
        """Worlds that are there, and where they stood when the test began."""
        for name in _some([it for it in ringback.made if it not in self._stays]):
            after = self._since.get(name, 0)
            if after != _NOT_LOOKED_AT:
                yield World(ringback, name), after

    def _alive(self, ringback: Ringback, used: Collection[str]) -> Iterator[Seen]:
        for world, after in self.lasting(ringback):
            # One that is deleted by somebody else, or at the end of its time, has nothing to tell.
            with contextlib.suppress(ProblemError):
                seen = Seen.of(world, after)
                if seen.journal or world.name in used or world.name not in self._since:
                    yield seen

    def forget(self, name: str) -> None:
        """A world was no part of the test."""
        self._gone.pop(name, None)

    # As `Watcher`.

    def makes(self, name: str) -> None:
        """The name of a world that only stays is free for the next one of that name."""
        test, world = self._wanted.pop(name, None), self._stays.get(name)
        if world is None:
            return
        self._end(world)
        if test is not None:
            self._replaced.append({"test": test, "world": name, "replaced": True, "pid": None})

    def deletes(self, world: World) -> None:
        """Remembers what a report needs of it."""
        if self._test is None:
            return
        with contextlib.suppress(RingbackError):
            seen = Seen.of(world, max(self._since.get(world.name, 0), 0), self._most)
            self._gone.pop(world.name, None)
            self._gone[world.name] = replace(seen, is_gone=True)
            while len(self._gone) > _GONE_MAX:
                del self._gone[next(iter(self._gone))]

    def keeps(self, world: World, failing: bool) -> bool:
        """With `--ringback-keep` a world of a failed test stays, and one whose block an exception ended until
        it is known what becomes of the test."""
        stays = self._keeps and (failing or self._failed or world.name in self._wanted)
        if stays and self._test is not None:
            self._stays[world.name] = world
        return stays and self._test is not None

    def judges(self, world: World) -> bool:
        """Whether no test has failed with it, which is told already."""
        return not self._failed and world.name not in self._wanted


def command(ringback: Ringback) -> str:
    """How the program is called from a shell: by its name where that leads to it."""
    binary = ringback.binary
    if binary is None:
        with contextlib.suppress(RingbackError):
            binary = find_binary()
    found = shutil.which("ringback")
    if binary is None or (found is not None and os.path.realpath(found) == os.path.realpath(binary)):
        return "ringback"
    return shlex.quote(binary)


def _newest_unmatched(ringback: Ringback) -> dict[str | None, int]:
    newest: dict[str | None, int] = {}
    for process in ringback._each():
        # One of several that is down has nothing to tell, and keeps nobody from the others.
        with contextlib.suppress(ProblemError):
            last = ringback.unmatched(last=1, process=process)
            newest[process] = last[-1].seq if last else 0
    return newest


def _some(names: list[str]) -> list[str]:
    half = _ALIVE_MAX // 2
    return names if len(names) <= _ALIVE_MAX else [*names[:half], *names[-half:]]
