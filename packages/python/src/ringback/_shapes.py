"""What the control plane answers, as frozen data classes.

Each has `raw`, the answer as it came, for whatever is not a field here.

Not here: asking for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ringback._names import ClockMode, Outcome

__all__ = [
    "Advanced",
    "Change",
    "Clock",
    "Diff",
    "Entry",
    "Finding",
    "Findings",
    "Happened",
    "Reply",
    "Request",
    "Strict",
    "Switch",
    "TableDiff",
    "Unexpected",
    "Unread",
    "Verdict",
    "Why",
    "WorldInfo",
]

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """A client's request, credentials masked."""

    method: str
    target: str
    """As it came, with a world's prefix."""
    path: str
    """As the vendor sees it, without query."""
    headers: tuple[tuple[str, str], ...]
    body: str
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Raw) -> Request:
        """Reads it."""
        return cls(
            _text(raw, "method"),
            _text(raw, "target"),
            _text(raw, "path"),
            _pairs(raw),
            _text(raw, "body"),
            raw,
        )


@dataclass(frozen=True)
class Reply:
    """What was answered, credentials masked."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Raw) -> Reply:
        """Reads it."""
        return cls(int(raw.get("status") or 0), _pairs(raw), _text(raw, "body"), raw)


@dataclass(frozen=True)
class Why:
    """Why a request was refused."""

    rule: str
    expected: str
    found: str
    hint: str | None
    evidence: str
    source: str
    """Where the vendor's contract has it, as a command that prints it."""
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Raw) -> Why:
        """Reads it."""
        words = (_text(raw, name) for name in ("rule", "expected", "found"))
        rule, expected, found = words
        return cls(
            rule,
            expected,
            found,
            raw.get("hint"),
            _text(raw, "evidence"),
            _text(raw, "source"),
            raw,
        )

    def __str__(self) -> str:
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.rule}: expected {self.expected}, found {self.found}{hint}"


@dataclass(frozen=True)
class Unread:
    """A parameter that was sent and that the operation does not have."""

    place: str
    name: str
    near: str | None
    """The nearest that it has."""
    belongs: str | None
    """Where it would be read."""

    def __str__(self) -> str:
        near = f"; did you mean {self.near}?" if self.near else ""
        belongs = f"; it is read in the {self.belongs}" if self.belongs else ""
        return f"{self.place} {self.name} is not read{near}{belongs}"


@dataclass(frozen=True)
class Entry:
    """One entry of a journal: an exchange, or something that was done to the world."""

    seq: int
    at: str
    """World time."""
    world: str
    vendor: str | None
    operation: str | None
    action: str | None
    """What was done to the world, such as `event`, `advance` or `reset`; `None` for an exchange."""
    outcome: str | None
    """`ok`, `refused`, `error`, `faulted` (a fault struck and the work was not done) or `canned`."""
    request: Request | None
    response: Reply | None
    """`None` where none was sent, or where it is no exchange."""
    why: Why | None
    unread: tuple[Unread, ...]
    fault: str | None
    """The kind of the fault that struck, also where the work was done and the outcome is `ok`."""
    effects: tuple[str, ...]
    """What changed, in words."""
    error: str | None
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Raw) -> Entry:
        """Reads it."""
        request, reply, why, fault = (raw.get(it) for it in ("request", "response", "why", "fault"))
        return cls(
            seq=int(raw.get("seq") or 0),
            at=_text(raw, "at"),
            world=_text(raw, "world"),
            vendor=raw.get("vendor"),
            operation=raw.get("operation"),
            action=raw.get("action"),
            outcome=raw.get("outcome"),
            request=Request.of(request) if isinstance(request, dict) else None,
            response=Reply.of(reply) if isinstance(reply, dict) else None,
            why=Why.of(why) if isinstance(why, dict) else None,
            unread=tuple(
                Unread(_text(it, "place"), _text(it, "name"), it.get("near"), it.get("belongs"))
                for it in raw.get("unread") or []
            ),
            fault=fault.get("kind") if isinstance(fault, dict) else fault,
            effects=tuple(_text(it, "text") for it in raw.get("effects") or []),
            error=raw.get("error"),
            raw=raw,
        )

    @property
    def is_exchange(self) -> bool:
        """Whether it is a request and its reply."""
        return self.request is not None

    @property
    def line(self) -> str:
        """It on one line, as the program's own reports have it."""
        if self.request is None:
            return f"{self.action or 'entry'} {'; '.join(self.effects)}".rstrip()
        status = self.response.status if self.response is not None else "no reply"
        outcome = f" {self.outcome}" if self.outcome else ""
        return f"{self.request.method} {self.request.target} -> {status}{outcome}"


@dataclass(frozen=True)
class Verdict:
    """Whether a condition holds, and what came closest."""

    verdict: Outcome
    expected: str
    found: int
    matched: tuple[int, ...]
    """Sequence numbers."""
    reason: str | None
    explanation: str
    """Empty where it holds."""
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Raw) -> Verdict:
        """Reads it."""
        return cls(
            cast(Outcome, _text(raw, "verdict")),
            _text(raw, "expected"),
            int(raw.get("found") or 0),
            tuple(raw.get("matched") or []),
            raw.get("reason"),
            _text(raw, "explanation"),
            raw,
        )

    def __bool__(self) -> bool:
        return self.verdict == "pass"


@dataclass(frozen=True)
class Finding:
    """A habit of the client that works in a test and goes wrong at the vendor's."""

    name: str
    vendor: str | None
    what: str
    entries: tuple[int, ...]
    count: int
    matters: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name} ({self.vendor}): {self.what}. {self.remedy}"


@dataclass(frozen=True)
class Unexpected:
    """A request that fails a strict world's run."""

    seq: int
    line: str
    reason: str


@dataclass(frozen=True)
class Strict:
    """How a strict world's run is."""

    verdict: Outcome
    unexpected: tuple[Unexpected, ...]
    unexpected_count: int
    unmet: tuple[Verdict, ...]

    @property
    def explanation(self) -> str:
        """What was not expected, and what was and did not happen."""
        lines = [f"strict: {self.verdict}"]
        lines += [f"  {it.seq}: {it.line}\n      {it.reason}" for it in self.unexpected]
        more = self.unexpected_count - len(self.unexpected)
        if more > 0:
            lines.append(f"  and {more} more")
        for verdict in self.unmet:
            text = verdict.explanation or f"{verdict.verdict}: {verdict.expected}"
            lines += [f"  {line}" for line in text.splitlines()]
        return "\n".join(lines)


@dataclass(frozen=True)
class Findings:
    """All findings of a world, and the verdict where it is strict. It is true where there are any."""

    findings: tuple[Finding, ...]
    more: int
    strict: Strict | None
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Raw) -> Findings:
        """Reads it."""
        found = tuple(
            Finding(
                _text(it, "name"),
                it.get("vendor"),
                _text(it, "what"),
                tuple(it.get("entries") or []),
                int(it.get("count") or 0),
                _text(it, "matters"),
                _text(it, "remedy"),
            )
            for it in raw.get("findings") or []
        )
        told, strict = raw.get("strict"), None
        if isinstance(told, dict):
            strict = Strict(
                cast(Outcome, _text(told, "verdict")),
                tuple(
                    Unexpected(int(it.get("seq") or 0), _text(it, "line"), _text(it, "reason"))
                    for it in told.get("unexpected") or []
                ),
                int(told.get("unexpected_count") or 0),
                tuple(Verdict.of(it) for it in told.get("unmet") or []),
            )
        return cls(found, int(raw.get("more") or 0), strict, raw)

    def __bool__(self) -> bool:
        return bool(self.findings)


@dataclass(frozen=True)
class Change:
    """One row that differs."""

    how: str
    """`added`, `removed` or `changed`."""
    row: Mapping[str, Any]
    fields: Mapping[str, tuple[Any, Any]]
    """By name: what was, what is."""


@dataclass(frozen=True)
class TableDiff:
    """What differs in one table."""

    vendor: str
    table: str
    added: int
    removed: int
    changed: int
    rows: tuple[Change, ...]


@dataclass(frozen=True)
class Diff:
    """How the state differs from another. All rows are counted; `tables` shows so many of them. It is
    true where something differs."""

    origin: str
    same: bool
    added: int
    removed: int
    changed: int
    tables: tuple[TableDiff, ...]
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Raw) -> Diff:
        """Reads it."""
        tables = tuple(_table(it) for it in raw.get("tables") or [])
        counts = (int(raw.get(it) or 0) for it in ("added", "removed", "changed"))
        added, removed, changed = counts
        return cls(_text(raw, "from"), bool(raw.get("same")), added, removed, changed, tables, raw)

    def __bool__(self) -> bool:
        return not self.same

    def table(self, vendor: str, table: str) -> TableDiff | None:
        """What differs in one table; `None` where nothing does."""
        return next((it for it in self.tables if (it.vendor, it.table) == (vendor, table)), None)


@dataclass(frozen=True)
class Advanced:
    """What happened while the clock was moved on."""

    origin: str
    now: str
    fired: int
    kinds: Mapping[str, Mapping[str, int]]
    """By vendor and kind, how often."""
    firings: tuple[Mapping[str, Any], ...]
    """The first thousand."""
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Raw) -> Advanced:
        """Reads it."""
        return cls(
            _text(raw, "from"),
            _text(raw, "now"),
            int(raw.get("fired") or 0),
            raw.get("kinds") or {},
            tuple(raw.get("firings") or []),
            raw,
        )


@dataclass(frozen=True)
class Happened:
    """What came of something outside the vendors' APIs."""

    seq: int
    """Of its entry in the journal."""
    result: Mapping[str, Any]


@dataclass(frozen=True)
class Clock:
    """A world's clock."""

    mode: ClockMode
    now: str
    rate: float | None
    next_due: str | None
    timers: int


@dataclass(frozen=True)
class WorldInfo:
    """A world in the list of worlds. One that does not serve has a name, a state and a reason alone."""

    name: str
    title: str
    seed: int
    clock_mode: str
    now: str
    checkpoints: tuple[str, ...]
    state: str
    """`open`; `busy` while it is being made or deleted; `unreadable`."""
    why: str | None
    """Why it does not serve."""
    process: str | None
    """Which one has it, where a balancer stands before several."""
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: Raw, process: str | None = None) -> WorldInfo:
        """Reads it."""
        clock = raw.get("clock") or {}
        return cls(
            _text(raw, "name"),
            _text(raw, "title"),
            int(raw.get("seed") or 0),
            _text(clock, "mode"),
            _text(clock, "now"),
            tuple(raw.get("checkpoints") or []),
            _text(raw, "state"),
            raw.get("why"),
            process,
            raw,
        )


@dataclass(frozen=True)
class Switch:
    """A behaviour that a vendor's papers leave open, with its positions; the default is the likeliest."""

    vendor: str
    name: str
    text: str
    default: str
    values: tuple[str, ...]
    operations: tuple[str, ...] | None
    """Those that it touches; `None` where the program does not tell."""


def _table(raw: Raw) -> TableDiff:
    rows = tuple(
        Change(
            _text(it, "how"),
            it.get("row") or {},
            {name: (of.get("from"), of.get("to")) for name, of in (it.get("fields") or {}).items()},
        )
        for it in raw.get("rows") or []
    )
    counts = (int(raw.get(it) or 0) for it in ("added", "removed", "changed"))
    added, removed, changed = counts
    return TableDiff(_text(raw, "vendor"), _text(raw, "table"), added, removed, changed, rows)


def _text(raw: Raw, name: str) -> str:
    value = raw.get(name)
    return "" if value is None else str(value)


def _pairs(raw: Raw) -> tuple[tuple[str, str], ...]:
    return tuple((str(it[0]), str(it[1])) for it in raw.get("headers") or [] if len(it) == 2)
