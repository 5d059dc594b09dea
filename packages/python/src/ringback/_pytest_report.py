"""What a failed test is told of its worlds: refusals and unmatched requests with their reasons, what was
not read, the last exchanges, and a line to paste.

Not here: when it is told (`pytest_plugin`).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ringback._errors import ProblemError, RingbackError
from ringback._ringback import Ringback
from ringback._shapes import Entry
from ringback._world import World

__all__ = ["Since", "sections"]

_REFUSALS_MAX = 10
"""Refusals told in full: a loop that retries makes many of one kind, and the last are the nearest."""

_EXCHANGES_MAX = 6
"""Last exchanges told: what led to the failure, on one screen."""

_BODY_CHARS_MAX = 240
"""Of a body: three lines of a terminal."""


@dataclass(frozen=True)
class Since:
    """Where the journals stood that a test shares with others."""

    default: int = 0
    unmatched: int = 0


def sections(
    ringback: Ringback, worlds: Sequence[str], since: Since, nodeid: str, keeps: bool, options: str = ""
) -> Iterable[tuple[str, str]]:
    """Headings and texts. `options` are those without which the test passes."""
    if not ringback.is_alive():
        log = ringback.log().strip()
        yield "ringback", f"the program has ended{': ' + log if log else ' and said nothing'}"
        return
    for name in worlds:
        told = _world(ringback, World(ringback, name), nodeid, keeps, options)
        if told is not None:
            yield told
    elsewhere = _elsewhere(ringback, worlds, since)
    if elsewhere:
        yield "ringback: requests that reached no world of this test", elsewhere


def _world(
    ringback: Ringback, world: World, nodeid: str, keeps: bool, options: str
) -> tuple[str, str] | None:
    heading = f"ringback: world {world.name}"
    try:
        journal = world.journal()
        clock = world.clock()
    except RingbackError as error:
        # One that was deleted has nothing to tell; why the test failed stands above.
        is_gone = isinstance(error, ProblemError) and error.status == 404
        return None if is_gone else (heading, str(error))
    exchanges = [it for it in journal if it.is_exchange]
    plural = "" if len(exchanges) == 1 else "s"
    lines = [f"{len(exchanges)} exchange{plural}; clock {clock.mode}, {clock.now}"]
    refused = [it for it in exchanges if it.outcome in ("refused", "error")]
    lines += _refused(refused)
    lines += _titled("sent, and not read by the operation", _not_read(exchanges))
    lines += _titled("last exchanges", _last(exchanges))
    lines += _titled("look at it", _pasted(ringback, world, nodeid, keeps, options))
    return heading, "\n".join(lines)


def _refused(refused: Sequence[Entry]) -> list[str]:
    unmatched = [it for it in refused if it.operation is None]
    known = [it for it in refused if it.operation is not None]
    told: list[str] = []
    for title, found in (("no operation took", unmatched), ("refused", known)):
        lines = [line for it in found[-_REFUSALS_MAX:] for line in _reason(it)]
        if len(found) > _REFUSALS_MAX:
            lines.insert(0, f"({len(found) - _REFUSALS_MAX} before these)")
        told += _titled(title, lines)
    return told


def _reason(entry: Entry) -> list[str]:
    lines = [_line(entry)]
    why = entry.why
    if why is None:
        return lines + ([f"    {entry.error}"] if entry.error else [])
    lines.append(f"    {why.rule}: expected {why.expected}")
    lines.append(f"    found {why.found}")
    if why.hint:
        lines.append(f"    {why.hint}")
    if why.source:
        lines.append(f"    ({why.evidence}; {why.source})")
    return lines


def _not_read(exchanges: Sequence[Entry]) -> list[str]:
    seen: dict[str, str] = {}
    for it in exchanges:
        for unread in it.unread:
            seen.setdefault(f"{it.operation}: {unread}", f"{it.seq:>4}  {it.operation}: {unread}")
    return list(seen.values())[-_REFUSALS_MAX:]


def _last(exchanges: Sequence[Entry]) -> list[str]:
    lines: list[str] = []
    for it in exchanges[-_EXCHANGES_MAX:]:
        lines.append(_line(it))
        if it.request is not None and it.request.body:
            lines.append(f"    sent  {_short(it.request.body)}")
        if it.response is not None and it.response.body:
            lines.append(f"    got   {_short(it.response.body)}")
        if it.fault:
            lines.append(f"    fault {it.fault}")
        lines += [f"    did   {effect}" for effect in it.effects if effect]
    return lines


def _pasted(ringback: Ringback, world: World, nodeid: str, keeps: bool, options: str) -> list[str]:
    if not keeps:
        return [f"pytest {shlex.quote(nodeid)}{options} --ringback-keep"]
    lines = [f"ringback journal --admin {ringback.admin} --world {world.name}"]
    lines.append(f"{ringback.admin}/  (the page)   {world.url()}  (the world's own address)")
    return lines


def _elsewhere(ringback: Ringback, worlds: Sequence[str], since: Since) -> str:
    lines: list[str] = []
    try:
        unmatched = ringback.unmatched(after=since.unmatched)
        strayed = [] if "default" in worlds else ringback.default.journal(after=since.default)
    except RingbackError as error:
        return str(error)
    lines += _titled("no world or vendor took", _each(unmatched))
    found = [it for it in strayed if it.is_exchange]
    if found and worlds:
        lines.append(
            "went to the world default: give the client"
            f" {World(ringback, worlds[-1]).url()} as its base, or its proxy variables (ringback_environ)"
        )
        lines += [f"  {line}" for it in found[-_REFUSALS_MAX:] for line in _reason(it)]
    return "\n".join(lines)


def _each(entries: Sequence[Entry]) -> list[str]:
    return [line for it in entries[-_REFUSALS_MAX:] for line in _reason(it)]


def _titled(title: str, lines: Sequence[str]) -> list[str]:
    return [f"{title}:", *(f"  {line}" for line in lines)] if lines else []


def _line(entry: Entry) -> str:
    return f"{entry.seq:>4}  {entry.line}"


def _short(body: str) -> str:
    text = " ".join(body.split())
    return text if len(text) <= _BODY_CHARS_MAX else f"{text[:_BODY_CHARS_MAX]}… ({len(body)} characters)"
