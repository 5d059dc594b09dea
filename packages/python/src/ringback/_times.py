"""Lengths of time, instants and clocks, as users write them and as the control plane takes them.

Not here: moving a clock (`_world`).
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from typing import Any, Union

from ringback._checked import in_words, one_of
from ringback._errors import ArgumentError, hidden

__all__ = ["STARTS_AT", "Instant", "Length", "clock_body", "clock_word", "instant", "is_instant", "length"]

Length = Union[str, float, datetime.timedelta]
"""A length of time: text such as `"90m"`, seconds, or a `timedelta`."""

Instant = Union[str, datetime.datetime]
"""An instant: text with its offset, such as `"2026-03-02T09:00:00Z"`, or an aware `datetime`."""

STARTS_AT = "2026-03-02T09:00:00Z"
"""Where a frozen clock begins that nothing else is said about: as in the crate and in replays."""

__tracebackhide__ = hidden

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_FORMS = "'real', 'frozen', 'frozen@2026-03-02T09:00:00Z' or 'scaled:60'"
_MODES = ("frozen", "real", "scaled")


def length(value: object) -> str:
    """A length in the form of a body. Text is left to the program, which says what is wrong with it."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.timedelta):
        value = value.total_seconds()
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return f"{round(value * 1000)}ms"
    raise ArgumentError(
        f"expected a length of time such as '90m', seconds or a timedelta, found {in_words(value)}"
    )


def is_instant(value: object) -> bool:
    """Whether it is meant as an instant, not as a length."""
    return isinstance(value, datetime.datetime) or (
        isinstance(value, str) and re.match(r"\d{4}-", value) is not None
    )


def instant(value: object) -> str:
    """An instant in the form of a body."""
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ArgumentError(f"expected a time with its offset, found {value!r}; add tzinfo")
        return value.isoformat()
    if isinstance(value, str):
        return value
    raise ArgumentError(
        f"expected a time such as '{STARTS_AT}', or a datetime with tzinfo, found {in_words(value)}"
    )


def clock_body(clock: str | Mapping[str, Any], at: str | None = STARTS_AT) -> dict[str, Any]:
    """A clock in the form of a body; `at` is where one stands or begins that does not say so itself."""
    if isinstance(clock, Mapping):
        return _mapped(clock, at)
    if not isinstance(clock, str):
        raise ArgumentError(f"clock: expected {_FORMS}, found {in_words(clock)}")
    matched = re.fullmatch(r"(real)|(frozen)(?:@(.+))?|(scaled):([^@]+)(?:@(.+))?", clock)
    if matched is None:
        hint = _near(clock)
        raise ArgumentError(f"clock: expected {_FORMS}, found {clock!r}{hint}")
    real, frozen, frozen_at, _, rate, scaled_at = matched.groups()
    if real:
        return {"mode": "real"}
    begins = _checked_at(clock, frozen_at or scaled_at) or at
    body: dict[str, Any] = {"mode": "frozen"} if frozen else {"mode": "scaled", "rate": _rate(clock, rate)}
    return body if begins is None else {**body, "at": begins}


def clock_word(clock: str | Mapping[str, Any]) -> str:
    """A clock in the form of the command line."""
    known = clock_body(clock)
    rate = f":{known['rate']:g}" if known.get("rate") is not None else ""
    at = f"@{known['at']}" if known.get("at") is not None else ""
    return f"{known['mode']}{rate}{at}"


def _mapped(clock: Mapping[str, Any], at: str | None) -> dict[str, Any]:
    known = {name: value for name, value in clock.items() if value is not None}
    for name in known:
        one_of("a clock has no key", name, ("mode", "at", "rate"))
    mode = one_of("a clock has no mode", known.get("mode"), _MODES)
    if mode != "real":
        begins = known.get("at", at)
        if begins is not None:
            known["at"] = _checked_at(str(clock), instant(begins))
    if mode == "scaled" and not isinstance(known.get("rate"), (int, float)):
        raise ArgumentError(f"clock: expected a rate such as 60, found {in_words(known.get('rate'))}")
    return known


def _checked_at(clock: str, at: str | None) -> str | None:
    if at is None or _INSTANT.fullmatch(at):
        return at
    hint = "; time of day and offset are missing" if re.fullmatch(r"\d{4}-\d\d-\d\d", at) else ""
    raise ArgumentError(f"clock: expected a time such as {STARTS_AT}, found {at!r} in {clock!r}{hint}")


def _rate(clock: str, rate: str) -> float:
    try:
        return float(rate)
    except ValueError:
        message = f"clock: expected a rate, as in 'scaled:60', found {rate!r} in {clock!r}"
        raise ArgumentError(message) from None


def _near(clock: str) -> str:
    if _INSTANT.fullmatch(clock):
        return f"; did you mean 'frozen@{clock}'?"
    return "; a rate is missing, as in 'scaled:60'" if clock.startswith("scaled") else ""
