"""One world: what it is given, what is asked of it.

Not here: making worlds (`_ringback`).
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, cast

from ringback import _environ
from ringback._checked import apart, conditions, count, mapping, one_of, switches
from ringback._errors import (
    ArgumentError,
    ProblemError,
    RingbackError,
    StrictError,
    VerifyError,
    hidden,
)
from ringback._names import ClockMode, FaultKind, Vendor
from ringback._process import no_room
from ringback._shapes import (
    Advanced,
    Clock,
    Diff,
    Entry,
    Findings,
    Happened,
    Strict,
    Verdict,
    WorldInfo,
)
from ringback._times import Instant, Length, clock_body, instant, is_instant, length
from ringback._wire import Wire, world_path

if TYPE_CHECKING:
    from ringback._ringback import Ringback

__all__ = ["World"]

__tracebackhide__ = hidden

_PAGE = 1000
"""Entries and rows asked for at once: the most that the control plane gives."""


class World:
    """A universe of its own: state, clock, seed, timers, switches and journal.

    As a context manager it is deleted at the end; if it is strict, it is judged before, unless another
    exception ends the block.
    """

    def __init__(self, ringback: Ringback, name: str) -> None:
        self.ringback = ringback
        self.name = name
        self._numbers = itertools.count(1)
        self.added_faults: list[int] = []
        """The ids of the rules for faults that were added here."""

    def __repr__(self) -> str:
        return f"<ringback.World {self.name} at {self.url()}>"

    def __getstate__(self) -> NoReturn:
        raise TypeError(
            f"the world {self.name} cannot be pickled, as for another process: it belongs to the one that"
            f" made it. Give a client world.url(…); what asks the world itself makes its own handle:"
            f" {self.ringback._elsewhere()}.get({self.name!r})"
        )

    def __enter__(self) -> World:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        watcher = self.ringback.watcher
        if kind is not None:
            # Why the block ended is what is to be told, not that there is nobody left to ask.
            with contextlib.suppress(RingbackError):
                self._leave(failing=True)
            return
        is_judged = watcher is None or watcher.judges(self)
        strict = self._not_as_expected() if is_judged else None
        self._leave(failing=strict is not None)
        if strict is not None:
            raise StrictError(strict, self.name)

    def _leave(self, failing: bool) -> None:
        watcher = self.ringback.watcher
        if watcher is None or not watcher.keeps(self, failing):
            self.delete(missing_ok=True)

    def _not_as_expected(self) -> Strict | None:
        """The verdict of a strict world's run that is not as expected."""
        try:
            strict = self.findings().strict
        except ProblemError as error:
            if error.status == 404:
                return None
            raise
        return None if strict is None or strict.verdict == "pass" else strict

    # What the client under test is given.

    def url(self, vendor: Vendor | None = None) -> str:
        """The base URL of a vendor in this world: the vendor's own paths come behind it. Without a
        vendor, the one that all vendors' paths may come behind."""
        base = f"{self.ringback.listen}/w/{self.name}"
        if vendor is None:
            return base
        return f"{base}/{one_of('there is no vendor', vendor, self.ringback.vendors())}"

    def proxies(self) -> dict[str, str]:
        """What `requests` takes as `proxies`: a client that has the vendors' own names in its text is
        led here by them. Whom to trust is `Ringback.ca_file`."""
        return _environ.proxies(self.ringback.listen, self.name)

    def environ(self) -> dict[str, str]:
        """Variables that lead a client as it is to this world: proxies, and whom to trust."""
        authority, no_roots = self.ringback.trust()
        found = dict(_environ.variables(self.ringback.listen, self.name, authority, no_roots))
        if _environ.is_led():
            # What names no world is for this one.
            own = self.ringback.listen if self.name == "default" else self.info().raw.get("listen")
            told = self._wire.get("/v1/vendors")
            found.update(_environ.by_address(self.ringback.listen, self.name, own, told))
        return found

    # What happens to it.

    def advance(self, by: Length | Instant | None = None, *, to: Instant | None = None) -> Advanced:
        """Moves the clock on, by a length of time or to an instant, `"next"` being that of the next due
        timer, and returns when all due work is done."""
        if (by is None) == (to is None):
            raise ArgumentError("advance() takes a length of time, or to=, and not both")
        goal = by if by == "next" or is_instant(by) else to
        body = {"by": length(by)} if goal is None else {"to": instant(goal)}
        return Advanced.of(self._call("POST", body, "clock", "advance"))

    def clock(self) -> Clock:
        """The clock as it is."""
        return _clock(self._get("clock"))

    def set_clock(
        self,
        mode: str,
        *,
        at: Instant | None = None,
        rate: float | None = None,
    ) -> Clock:
        """Sets the clock, where it stands or from an instant that is not past: `set_clock("frozen")`,
        `set_clock("scaled", rate=60)`, or in a word, `set_clock("scaled:60")`."""
        said = {"at": None if at is None else instant(at), "rate": rate}
        # A word says it all; a mode is completed by the other arguments.
        is_word = isinstance(mode, str) and ("@" in mode or ":" in mode)
        body = {**clock_body(mode, None), **_without_none(said)} if is_word else {"mode": mode, **said}
        return _clock(self._call("PUT", _without_none(body), "clock"))

    def event(self, vendor: Vendor, event: str, /, **fields: Any) -> Happened:
        """Lets something happen outside the vendor's API: `event("jtel", "start_campaign", campaign=612)`."""
        found = self._call("POST", fields, "events", vendor, event)
        return Happened(int(found.get("seq") or 0), found.get("result") or {})

    def fault(
        self,
        then: FaultKind | Mapping[str, Any] | None = None,
        *,
        on: Mapping[str, Any] | None = None,
        preset: str | None = None,
        **settings: Any,
    ) -> tuple[int, ...]:
        """Has requests go wrong: `fault("lose_reply", on={"vendor": "jtel", "nth": 1})`, or a `preset`; or
        a whole rule as a mapping. Returns the ids of the rules."""
        said = _without_none({**settings, "on": on, "preset": preset})
        rule = apart("fault()", then, said) if isinstance(then, Mapping) else {**said, "then": then}
        rule["on"] = self._struck(rule)
        ids = tuple(self._call("POST", _without_none(rule), "faults").get("ids") or [])
        self.added_faults.extend(ids)
        return ids

    def _struck(self, rule: Mapping[str, Any]) -> dict[str, Any] | None:
        """What a rule strikes; for a refusal the vendor whose it is, where nothing is said of it."""
        given, owner = rule.get("on"), str(rule.get("error") or "").partition(".")[0]
        on = None if given is None else mapping("on", given, "{'vendor': 'jtel', 'nth': 1}")
        is_refusal = rule.get("then") == "refuse" and "vendor" not in (on or {})
        if is_refusal and owner in self.ringback.vendors():
            return {**(on or {}), "vendor": owner}
        return on

    def faults(self) -> list[dict[str, Any]]:
        """The rules for faults, with how often each struck."""
        return list(self._get("faults").get("faults") or [])

    def clear_faults(self, fault: int | None = None) -> None:
        """Takes away one rule, or all."""
        parts: tuple[object, ...] = ("faults",) if fault is None else ("faults", fault)
        self._call("DELETE", None, *parts)

    def seed(self, piece: str | Mapping[str, Any]) -> dict[str, dict[str, int]]:
        """Takes a piece of scenario into the world as it is, all of it or nothing: a mapping, or TOML.
        Returns the number of rows by vendor and collection."""
        is_toml = isinstance(piece, str)
        body = piece if is_toml else mapping("piece", piece, "{'jtel': {'contacts': […]}}, or TOML as text")
        path = world_path(self.name, "seed")
        found = self._wire.call("POST", path, body, toml=is_toml)
        return dict(found.get("added") or {})

    def variants(self) -> dict[str, dict[str, str]]:
        """The position of each switch, by vendor and name."""
        return dict(self._get("variants"))

    def set_variants(
        self,
        variants: Mapping[str, Mapping[str, str]] | None = None,
        /,
        **by_vendor: Mapping[str, str],
    ) -> None:
        """Turns switches: `set_variants({"jtel": {"pick": "highest_id"}})`, or by name,
        `set_variants(jtel={"pick": "highest_id"})`. Those not named stay."""
        turned = apart("set_variants()", switches({} if variants is None else variants), switches(by_vendor))
        if not turned:
            raise ArgumentError(
                "set_variants() takes switches, such as jtel={'pick': 'highest_id'}; found none"
            )
        self._call("PUT", turned, "variants")

    def set_strict(self, strict: bool = True, expect: Sequence[Mapping[str, Any]] | None = None) -> None:
        """Has the run fail on whatever was not expected."""
        if expect and not strict:
            raise ArgumentError("set_strict(): expected no expect beside False; nobody would judge it")
        told = None if expect is None else conditions(expect)
        self._call("PUT", _without_none({"strict": strict, "expect": told}), "strict")

    def checkpoint(self, name: str | None = None) -> str:
        """Keeps the state, under a name or one that is made up; returns the name."""
        name = name or f"checkpoint-{next(self._numbers)}"
        self._call("POST", {"name": name}, "checkpoint")
        return name

    def rollback(self, name: str) -> None:
        """Puts a state back that was kept. The journal goes on."""
        self._call("POST", {"name": name}, "rollback")

    def reset(self) -> None:
        """Goes back to the seed. The journal goes on."""
        self._call("POST", None, "reset")

    def fork(self, name: str) -> World:
        """A new world that begins where this one is."""
        if self.ringback.watcher is not None:
            self.ringback.watcher.makes(name)
        self._call("POST", {"name": name}, "fork")
        self.ringback.made.append(name)
        return World(self.ringback, name)

    def delete(self, *, missing_ok: bool = False) -> None:
        """Ends it."""
        if self.ringback.watcher is not None:
            self.ringback.watcher.deletes(self)
        try:
            self._call("DELETE", None)
        except ProblemError as error:
            if not (missing_ok and error.status == 404):
                raise
        with contextlib.suppress(ValueError):
            self.ringback.made.remove(self.name)

    # What is asked of it.

    def verify(self, condition: Mapping[str, Any] | None = None, /, **rules: Any) -> Verdict:
        """Whether a condition over the journal holds; `VerifyError` with the whole explanation where
        it does not. `verify(vendor="jtel", operation="lock_contact_by_id", exactly=1)`."""
        return self._judged("verify", apart("verify()", _rules(condition), rules), 0)

    def wait(
        self,
        condition: Mapping[str, Any] | None = None,
        /,
        *,
        timeout: Length = 10.0,
        **rules: Any,
    ) -> Verdict:
        """Waits until a condition holds, in real time; `VerifyError` where it does not in time, or no
        longer can."""
        body = {**apart("wait()", _rules(condition), rules), "timeout": length(timeout)}
        began = time.monotonic()
        try:
            return self._judged("wait", body, _LONGEST_WAIT)
        except VerifyError as error:
            verdict = error.verdict
        # Of a world that was deleted meanwhile nothing more is to be waited for, and that is said.
        raise VerifyError(verdict, _waited(time.monotonic() - began, timeout, verdict, self.clock()))

    def journal(
        self,
        *,
        last: int | None = None,
        after: int = 0,
        vendor: Vendor | None = None,
        operation: str | None = None,
        outcome: str | None = None,
        trace: str | None = None,
    ) -> list[Entry]:
        """The journal in its order: all that it holds, what came after an entry, or the `last` so many."""
        count("journal(): after", after)
        if last is not None:
            count("journal(): last", last)
        asked = {"vendor": vendor, "operation": operation, "outcome": outcome, "trace": trace}
        path = world_path(self.name, "journal")
        return [Entry.of(it) for it in entries(partial(self._wire.get, path), after, last, asked)]

    def last_seq(self) -> int:
        """The sequence number of the newest entry, 0 where there is none."""
        return int(self._wire.get(world_path(self.name, "journal"), {"last": 1}).get("last_seq") or 0)

    def clear_journal(self) -> None:
        """Forgets all entries."""
        self._call("DELETE", None, "journal")

    def curl(self, seq: int) -> str:
        """A line for the shell that sends the request of an entry again, credentials masked."""
        found = self._wire.get(world_path(self.name, "journal", seq), {"as": "curl"})
        return str(found.get("curl") or "")

    def har(self, path: str | os.PathLike[str]) -> None:
        """Writes the exchanges as an HTTP archive (HAR 1.2)."""
        text = self._wire.text(world_path(self.name, "journal.har"))
        try:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise no_room(f"the archive {os.fspath(path)}", error) from None

    def findings(self) -> Findings:
        """What the client does wrong although it is answered; and the verdict of a strict world."""
        return Findings.of(self._get("findings"))

    def diff(self, other: World | str | None = None, *, limit: int | None = None) -> Diff:
        """How the state differs from the seed, from a checkpoint by its name, or from another world."""
        origin = "seed" if other is None else f"checkpoint:{other}"
        if isinstance(other, World):
            origin = f"world:{other.name}"
        try:
            return Diff.of(self._wire.get(world_path(self.name, "diff"), {"from": origin, "limit": limit}))
        except ProblemError as error:
            if not isinstance(other, World) or error.status != 404 or not self._wire.is_balanced:
                raise
            other._get()
            detail = (
                f"{error.detail}; there are several processes here, and two worlds are compared where one has"
                f" both: names that are alike up to two underscores, such as {self.name}__b, lead to one"
            )
            raise ProblemError({**error.problem, "detail": detail}, error.call) from None

    def state(self, vendor: Vendor, table: str) -> list[dict[str, Any]]:
        """All rows of a table behind the wire, credentials masked."""
        return list(self._rows(world_path(self.name, "state", vendor, table), "rows"))

    def people(self) -> list[dict[str, Any]]:
        """The people of the world."""
        return list(self._rows(world_path(self.name, "people"), "people"))

    def info(self) -> WorldInfo:
        """It in the list of worlds."""
        return WorldInfo.of(self._get())

    def scenario_toml(self) -> str:
        """The state now, as a scenario that makes it again. Credentials are not masked."""
        return self._wire.text(world_path(self.name, "scenario.toml"))

    @property
    def _wire(self) -> Wire:
        return self.ringback.wire

    def _rows(self, path: str, member: str) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            rows = self._wire.get(path, {"offset": offset, "limit": _PAGE}).get(member) or []
            yield from rows
            offset += len(rows)
            if len(rows) < _PAGE:
                return

    def _judged(self, call: str, body: Mapping[str, Any], longer: float) -> Verdict:
        path = world_path(self.name, call)
        found = self._wire.call("POST", path, body, fine=(422,), longer=longer)
        if "verdict" not in found:
            raise ProblemError(found, f"POST {path}")
        verdict = Verdict.of(found)
        if not verdict:
            raise VerifyError(verdict)
        return verdict

    def _get(self, *parts: object) -> dict[str, Any]:
        return self._wire.get(world_path(self.name, *parts))

    def _call(self, method: str, body: Any, *parts: object) -> dict[str, Any]:
        return self._wire.call(method, world_path(self.name, *parts), body)


_LONGEST_WAIT = 600.0
"""Seconds: the longest wait that the control plane takes."""


def _waited(seconds: float, timeout: Length, verdict: Verdict, clock: Clock) -> str:
    """What was waited for, how long, and by which clock: one that stands is the most frequent reason."""
    most = timeout if isinstance(timeout, str) else f"{_seconds(timeout):g} s"
    told = {
        "frozen": f"stands at {clock.now}; waiting does not move it, advance() does",
        "scaled": f"ran meanwhile, by {clock.rate:g}, and is at {clock.now}"
        if clock.rate
        else "ran meanwhile",
    }.get(clock.mode, f"ran meanwhile, as the real one does, and is at {clock.now}")
    wanted = f"of real time (at most {most}) for {verdict.expected}"
    return f"waited {seconds:.1f} s {wanted}; the world's clock {told}"


def _seconds(timeout: float | datetime.timedelta) -> float:
    return timeout.total_seconds() if isinstance(timeout, datetime.timedelta) else timeout


def entries(
    get: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    after: int,
    last: int | None,
    asked: Mapping[str, str | None],
) -> Iterator[dict[str, Any]]:
    """A journal, page by page, or its last so many entries; `get` asks for it with a query."""
    if last is not None:
        if last > 0:
            yield from get({**asked, "last": last}).get("entries") or []
        return
    while True:
        page = get({**asked, "after": after, "limit": _PAGE}).get("entries") or []
        yield from page
        if not page:
            return
        after = int(page[-1]["seq"])


def _rules(condition: Mapping[str, Any] | None) -> dict[str, Any]:
    example = "{'operation': 'lock_contact_by_id', 'exactly': 1}"
    return {} if condition is None else mapping("condition", condition, example)


def _clock(raw: Mapping[str, Any]) -> Clock:
    return Clock(
        cast(ClockMode, str(raw.get("mode"))),
        str(raw.get("now")),
        raw.get("rate"),
        raw.get("next_due"),
        int(raw.get("timers") or 0),
    )


def _without_none(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}
