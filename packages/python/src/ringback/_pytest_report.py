"""What a failed test is told of its worlds: refusals and unmatched requests with their reasons, what was
not read, the last exchanges with what happened between them, findings, faults that never struck, and a line
to paste.

Not here: when it is told (`pytest_plugin`), what it is told of (`_pytest_watch`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ringback._errors import RingbackError
from ringback._pytest_watch import Seen, Since, command
from ringback._ringback import Ringback
from ringback._shapes import Entry, Findings, Unread
from ringback._world import World

__all__ = ["never_struck", "rule_line", "sections", "told_by"]

_REFUSALS_MAX = 10
"""Refusals told in full: a loop that retries makes many of one kind, and the last are the nearest."""

_EXCHANGES_MAX = 6
"""Last exchanges told: what led to the failure, on one screen."""

_HAPPENED_MAX = 12
"""Exchanges and what happened to the world between them."""

_EFFECTS_MAX = 8
"""Of one entry: a day that passes has hundreds."""

_FINDINGS_MAX = 5
"""There are nine kinds, and few clients have five of them."""

_BODY_CHARS_MAX = 240
"""Of a body: three lines of a terminal."""

_SAID_LINES_MAX = 20
"""Of a program that has ended: a panic with where it came from fits."""

_NOT_GOT = {
    "lose_reply": "no byte of it",
    "reset_after_head": "its head alone",
    "truncate": "its beginning alone",
    "malform": "it without its last byte",
}
"""What a client has of a reply, by the fault that struck it; all others let it through or make another."""


def sections(
    ringback: Ringback,
    worlds: Sequence[Seen],
    since: Since,
    test: str,
    keeps: bool,
) -> Iterable[tuple[str, str]]:
    """Headings and texts. `test` is what pytest takes to run it again, options included."""
    for seen in worlds:
        yield f"ringback: world {seen.world.name}", _world(ringback, seen, test, keeps)
    if not ringback.is_alive():
        yield "ringback", _end(ringback)
        return
    names = [it.world.name for it in worlds]
    elsewhere = _elsewhere(ringback, names, since)
    if elsewhere:
        yield "ringback: requests that reached no world of this test", elsewhere


def _end(ringback: Ringback) -> str:
    """How a program ended in a test, and what it said last."""
    if ringback.pid is None:
        return (
            f"nothing answers at {ringback.admin}; the program there was not started by this test run,"
            " so its own log says how it ended, and no other takes its place"
        )
    how = ringback.ended() or "the program has ended"
    said = ringback.log().rstrip().splitlines()
    if not said:
        return f"{how} and said nothing; the next test has a new one"
    lines = [f"{how}; the next test has a new one. What it said last on stderr:"]
    if len(said) > _SAID_LINES_MAX:
        lines.append(f"  ({len(said) - _SAID_LINES_MAX} lines before these)")
    return "\n".join([*lines, *(f"  {it}" for it in said[-_SAID_LINES_MAX:])])


def _world(ringback: Ringback, seen: Seen, test: str, keeps: bool) -> str:
    exchanges = [it for it in seen.journal if it.is_exchange]
    plural = "" if len(exchanges) == 1 else "s"
    began = " since the test began" if seen.after else ""
    gone = "; as it was when it was deleted" if seen.is_gone else ""
    lines = [f"{len(exchanges)} exchange{plural}{began}; clock {seen.clock.mode}, {seen.clock.now}{gone}"]
    refused = [it for it in exchanges if it.outcome in ("refused", "error")]
    lines += _refused(refused)
    lines += _titled("sent, and not read by the operation", _not_read(exchanges))
    answered = [it for it in exchanges if it.why is not None and it not in refused]
    lines += _titled("answered, with a reason", _each(answered))
    lines += _titled("struck by a fault", _struck(exchanges))
    lines += _titled("works here and goes wrong at the vendor's", _findings(seen))
    lines += _titled("faults that never struck", [rule_line(it) for it in never_struck(seen.faults)])
    lines += _last(seen.journal)
    if not exchanges:
        lines.append("no request reached this world; is the client given its url(…)?")
    lines += _titled("look at it", _pasted(ringback, seen, test, keeps))
    return "\n".join(lines)


def _findings(seen: Seen) -> list[str]:
    found = [it for it in seen.findings.findings if any(seq > seen.after for seq in it.entries)]
    lines: list[str] = []
    for it in found[:_FINDINGS_MAX]:
        numbers = ", ".join(str(seq) for seq in it.entries)
        lines += [f"{it.name} ({it.vendor}): {it.what} (entries {numbers})", f"  what to do: {it.remedy}"]
    more = len(found) - _FINDINGS_MAX
    return [*lines, f"and {more} more: ringback findings"] if more > 0 else lines


def _struck(exchanges: Sequence[Entry]) -> list[str]:
    struck = [it for it in exchanges if it.fault]
    return [f"{_line(it)}  {_short(json.dumps(it.raw.get('fault')))}" for it in struck[-_REFUSALS_MAX:]]


def never_struck(faults: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rules for faults that did nothing at all."""
    return [it for it in faults if not it.get("fired")]


def rule_line(rule: dict[str, Any]) -> str:
    """A rule on one line."""
    on = " ".join(
        f"{name}={value if isinstance(value, str) else json.dumps(value)}"
        for name, value in (rule.get("on") or {}).items()
    )
    name = f" {rule['name']}" if rule.get("name") else ""
    matched = int(rule.get("matched") or 0)
    requests = f"{matched} request" if matched == 1 else f"{matched} requests"
    return f"rule {rule.get('id')}{name}: {rule.get('then')} on {on or 'all'}; it matched {requests}"


def told_by(word: str, journal: Sequence[Entry], findings: Findings, strays: int) -> list[str]:
    """What a test fails for by a word of `fail_on`, a line each; none where there is nothing."""
    exchanges = [it for it in journal if it.is_exchange]
    unmatched = [it for it in exchanges if it.operation is None and it.why is None]
    if word == "refused":
        found = len([it for it in exchanges if it.outcome == "refused" and it not in unmatched])
        return [f"{_requests(found)} refused"] if found else []
    if word == "unmatched":
        found = len(unmatched) + strays
        return [f"{_requests(found)} taken by no vendor"] if found else []
    if word == "findings":
        return [f"finding {it.name}: {it.what}" for it in findings.findings]
    lines = [f"unread: {it.vendor} {it.operation}: {_unread(one)}" for it in exchanges for one in it.unread]
    return list(dict.fromkeys(lines))


def _requests(count: int) -> str:
    return "1 request" if count == 1 else f"{count} requests"


def _unread(unread: Unread) -> str:
    cure = f"; did you mean {unread.near}?" if unread.near else ""
    cure = f"; it is read in the {unread.belongs}" if unread.belongs else cure
    return f"{unread.place} {unread.name}{cure}"


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
    lines += [f"    {it}" for it in _edited(why.raw.get("edit"))]
    if why.source:
        lines.append(f"    ({why.evidence}; {why.source})")
    return lines


def _edited(edit: Any) -> list[str]:
    """What is to be sent in place of what was: a text, or parts of the request by their names."""
    if isinstance(edit, str) and edit:
        return [f"put there: {edit}"]
    parts = edit.items() if isinstance(edit, dict) else []
    return [
        f"put there, as its {name.replace('_', ' ')}: {_short(it if isinstance(it, str) else json.dumps(it))}"
        for name, it in parts
    ]


def _not_read(exchanges: Sequence[Entry]) -> list[str]:
    seen: dict[str, str] = {}
    for it in exchanges:
        for unread in it.unread:
            seen.setdefault(f"{it.operation}: {unread}", f"{it.seq:>4}  {it.operation}: {unread}")
    return list(seen.values())[-_REFUSALS_MAX:]


def _last(journal: Sequence[Entry]) -> list[str]:
    """The last exchanges, with what happened to the world before, between and after them."""
    told: list[Entry] = []
    for it in reversed(journal):
        if sum(one.is_exchange for one in told) == _EXCHANGES_MAX or len(told) == _HAPPENED_MAX:
            break
        # What a test is made of stands in its text.
        if it.is_exchange or it.action in _HAPPENINGS:
            told.insert(0, it)
    happened, asked = any(not it.is_exchange for it in told), any(it.is_exchange for it in told)
    between = "last exchanges, and what happened between" if asked else "what happened"
    title = between if happened else "last exchanges"
    return _titled(title, [line for it in told for line in (_exchange(it) if it.is_exchange else _done(it))])


_HAPPENINGS = ("event", "advance", "due", "clock", "seed", "reset", "reseed", "rollback")
"""Actions that change what a client finds; faults, switches and expectations are told where they count."""


def _exchange(entry: Entry) -> list[str]:
    lines = [_line(entry)]
    if entry.request is not None and entry.request.body:
        lines.append(f"    sent  {_short(entry.request.body)}")
    not_got = _NOT_GOT.get(entry.fault or "")
    body = entry.response.body if entry.response is not None else ""
    if not_got:
        lines.append(f"    fault {entry.fault}: of the reply the client got {not_got}")
        lines += [f"    meant {_short(body)}"] if body else []
    else:
        lines += [f"    got   {_short(body)}"] if body else []
        lines += [f"    fault {entry.fault}"] if entry.fault else []
    return lines + _did(entry)


def _done(entry: Entry) -> list[str]:
    detail = entry.raw.get("detail")
    known = detail if isinstance(detail, dict) else {}
    what = ""
    if entry.action == "event":
        fields = " ".join(f"{name}={value}" for name, value in (known.get("fields") or {}).items())
        what = _short(f" {entry.vendor} {known.get('event')} {fields}").rstrip()
    elif entry.action in ("advance", "due"):
        what = f"to {known.get('to')}, {known.get('fired')} fired"
    elif known:
        what = _short(json.dumps(known))
    return [f"{entry.seq:>4}  {entry.action} {what.strip()}".rstrip(), *_did(entry)]


def _did(entry: Entry) -> list[str]:
    effects = [it for it in entry.effects if it]
    lines = [f"    did   {it}" for it in effects[:_EFFECTS_MAX]]
    more = len(effects) - _EFFECTS_MAX
    return [*lines, f"    and {more} more"] if more > 0 else lines


def _pasted(ringback: Ringback, seen: Seen, test: str, keeps: bool) -> list[str]:
    if not keeps:
        return [f"pytest {test} --ringback-keep"]
    if seen.is_gone:
        return ["the test deleted it, so it is not kept"]
    world = seen.world
    lines = [f"{command(ringback)} journal --admin {ringback.admin} --world {world.name}"]
    lines.append(f"{ringback.admin}/  (the page)   {world.url()}  (the world's own address)")
    return lines


def _elsewhere(ringback: Ringback, worlds: Sequence[str], since: Since) -> str:
    lines: list[str] = []
    try:
        unmatched = [
            it
            for process in ringback._each()
            for it in ringback.unmatched(after=since.unmatched.get(process, 0), process=process)
        ]
        strayed = [] if "default" in worlds else ringback.default.journal(after=since.default)
    except RingbackError as error:
        return str(error)
    lines += [_in_settings(ringback, it) for it in _titled("no world or vendor took", _each(unmatched))]
    found = [it for it in strayed if it.is_exchange]
    if found and worlds:
        lines.append(
            "went to the world default: give the client"
            f" {World(ringback, worlds[-1]).url()} as its base, or its proxy variables (ringback_environ)"
        )
        lines += [f"  {line}" for it in found[-_REFUSALS_MAX:] for line in _reason(it)]
    elif found:
        # A test without a world of its own: this is the one that it uses.
        lines += _refused([it for it in found if it.outcome in ("refused", "error")])
        lines += _last([it for it in strayed if it.is_exchange or it.action in _HAPPENINGS])
    return "\n".join(lines)


def _in_settings(ringback: Ringback, text: str) -> str:
    """The program's words for its own options, in those of whoever has them set by pytest."""
    if ringback.pid is None:
        return text
    for pattern, words in _IN_SETTINGS:
        text = re.sub(pattern, words, text)
    return text


_IN_SETTINGS = (
    (
        r"--host VENDOR=(\S+) has a vendor answer for it, --others pass lets it through untouched",
        r"the line VENDOR=\1 of the setting ringback_hosts has a vendor answer for it",
    ),
    (
        r"; POST /v1/worlds on the admin listener makes one",
        "; one that was deleted serves nobody, and ringback.world(…) makes one",
    ),
    (
        r"the file that RINGBACK_CA names in a run, else GET /ca\.pem on the admin listener,"
        r" or `ringback ca`",
        "the file ringback.ca_file of the fixture ringback; ringback_environ sets the usual variables to it",
    ),
)
"""What is said of a host of nobody's, of a world that is gone, and of a client that trusts others."""


def _each(entries: Sequence[Entry]) -> list[str]:
    return [line for it in entries[-_REFUSALS_MAX:] for line in _reason(it)]


def _titled(title: str, lines: Sequence[str]) -> list[str]:
    return [f"{title}:", *(f"  {line}" for line in lines)] if lines else []


def _line(entry: Entry) -> str:
    return f"{entry.seq:>4}  {entry.line}"


def _short(body: str) -> str:
    text = " ".join(body.split())
    return text if len(text) <= _BODY_CHARS_MAX else f"{text[:_BODY_CHARS_MAX]}… ({len(body)} characters)"
