"""Calls of the control plane.

Straight to its address: proxy variables, which lead the client under test, are for nobody here. Each
call has a connection of its own, so a `Wire` may be used from many threads.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ringback._errors import (
    ArgumentError,
    ProblemError,
    RingbackError,
    ScenarioError,
    UnreachableError,
    hidden,
)

__all__ = ["PROCESS", "Wire", "as_json", "world_path"]

__tracebackhide__ = hidden

_TIMEOUT = 60.0
"""Seconds for an answer; calls that wait for something add their own."""

PROCESS = "X-Ringback-Process"
"""Who has answered, where a balancer stands before several processes; and whom a call is for."""

Json = dict[str, Any]


def world_path(world: str, *parts: object) -> str:
    """A path below a world, each part quoted."""
    try:
        return "/".join(["/v1/worlds", *(quote(str(it), safe="") for it in (world, *parts))])
    except UnicodeEncodeError as error:
        raise ArgumentError(f"expected a name that UTF-8 has, found {error}") from None


@dataclass
class Wire:
    """The control plane at one address."""

    base: str
    token: str | None = field(default=None, repr=False)
    ended: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    """How the program ended that was there and answers no more; empty where it runs, or nobody knows."""
    is_balanced: bool = field(default=False, init=False, compare=False)
    """Whether an answer came by a balancer, from one of several processes."""

    def __post_init__(self) -> None:
        address = self.base if "://" in self.base else f"http://{self.base}"
        try:
            parts = urlsplit(address)
            scheme, host, port = parts.scheme, parts.hostname, parts.port
        except ValueError:
            scheme, host, port = "", None, None
        if scheme != "http" or not host:
            raise ArgumentError(f"expected an address such as http://127.0.0.1:8081, found {self.base!r}")
        self.base = address.rstrip("/")
        self._host, self._port = host, port or 80

    def get(
        self,
        path: str,
        query: Mapping[str, Any] | None = None,
        *,
        longer: float = 0,
        process: str | None = None,
    ) -> Json:
        """What is there; at one process of several, where one is named."""
        return self.call("GET", path, query=query, longer=longer, process=process)

    def text(self, path: str) -> str:
        """What is there, where that is no JSON."""
        status, body = self._sent("GET", path, None, None, _TIMEOUT)
        self._refused("GET", path, status, body)
        return body.decode("utf-8", "replace")

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        fine: tuple[int, ...] = (),
        toml: bool = False,
        longer: float = 0,
        process: str | None = None,
    ) -> Json:
        """One call. `fine` are statuses that are answers although they are no success."""
        known = {name: _shown(value) for name, value in (query or {}).items() if value is not None}
        target = f"{path}?{urlencode(known)}" if known else path
        sent, kind = None, None
        if body is not None:
            kind = "application/toml" if toml else "application/json"
            sent = _sendable(str(body)) if toml else as_json(body)
        status, answer = self._sent(method, target, sent, kind, _TIMEOUT + longer, process)
        if status not in fine:
            self._refused(method, target, status, answer)
        found = _json(answer)
        if not isinstance(found, dict):
            raise RingbackError(f"{method} {target}: expected an object, found {answer[:200]!r}")
        return found

    def _sent(
        self,
        method: str,
        target: str,
        body: bytes | None,
        kind: str | None,
        timeout: float,
        process: str | None = None,
    ) -> tuple[int, bytes]:
        headers = {"Accept": "application/json, */*"}
        if kind is not None:
            headers["Content-Type"] = kind
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if process is not None:
            headers[PROCESS] = process
        connection = http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            self.is_balanced = self.is_balanced or answer.headers.get(PROCESS) is not None
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            # One that only takes its time runs on.
            is_gone = not isinstance(error, TimeoutError)
            how = self.ended() if self.ended is not None and is_gone else ""
            told = f"; {how}" if how else ""
            # The error beneath stands in the text; as a cause it would be shown with all of `http.client`.
            raise UnreachableError(
                f"nothing answers at {self.base} ({method} {target}): {error}{told}"
            ) from None
        except ValueError as error:
            # A token that no header may have; it is not shown.
            told = str(error).partition(" b'")[0].partition(' b"')[0]
            raise ArgumentError(f"expected what HTTP can say, found {told}; is it the token?") from None
        finally:
            connection.close()

    def _refused(self, method: str, target: str, status: int, body: bytes) -> None:
        if 200 <= status < 300:
            return
        problem = _json(body)
        if not isinstance(problem, dict) or "detail" not in problem:
            text = body[:500].decode("utf-8", "replace")
            problem = {"type": "about:blank", "title": "", "status": status, "detail": text}
        is_scenario = str(problem.get("detail", "")).startswith(("the scenario", "there is no scenario"))
        kind = ScenarioError if is_scenario else ProblemError
        raise kind(problem, f"{method} {target}")


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_json(body: Any) -> bytes:
    """A body, or an error that says what has no form in it."""
    try:
        # JSON has no infinity and nothing that is no number, and Python would write them.
        return json.dumps(body, default=_plain, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        shown = "expected what JSON can say" if isinstance(error, ValueError) else str(error)
        detail = f", found {error}" if isinstance(error, ValueError) else ""
        raise ArgumentError(f"{shown}{detail}") from None


def _sendable(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ArgumentError(f"expected text that UTF-8 has, found {error}") from None


def _plain(value: Any) -> Any:
    """What JSON has no form for: times, as text with their offset, and other mappings and lists."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (Sequence, Set)) and not isinstance(value, (bytes, bytearray)):
        return list(value)
    raise TypeError(f"expected what JSON can say, found {type(value).__name__}")
