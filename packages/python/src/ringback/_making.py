"""Worlds from scenarios: by name, from a file, from text, from a mapping.

A file, with what it extends and the CSV files that it names, is read by the program itself, so that its
mistakes have their file, line and column.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

from ringback._binary import find_binary
from ringback._errors import ProblemError, RingbackError, ScenarioError
from ringback._wire import Wire, world_path

__all__ = ["STARTS_AT", "Made", "Scenario", "make", "served"]

Scenario = Union[str, "os.PathLike[str]", Mapping[str, Any]]
"""A name that the program knows, a file, TOML as text of several lines, or a mapping."""

STARTS_AT = "2026-03-02T09:00:00Z"
"""Where a frozen clock begins that nothing else is said about: as in the crate and in replays."""

_TEXT = "scenario.toml"
"""What a scenario given as text is called in its mistakes."""

_READ_TIMEOUT = 60.0
"""Seconds for reading a scenario file."""


@dataclass(frozen=True)
class Made:
    """What a world is made of, but for its name."""

    scenario: Scenario | None = None
    seed: int | None = None
    clock: str | Mapping[str, Any] | None = None
    variants: Mapping[str, Mapping[str, str]] | None = None
    strict: bool | None = None
    expect: list[Mapping[str, Any]] | None = None
    claims: list[str] | None = None
    ttl: str | None = None


def make(wire: Wire, name: str, made: Made, binary: str | None) -> None:
    """Makes it."""
    scenario = made.scenario
    if is_text(scenario):
        with tempfile.TemporaryDirectory(prefix="ringback-") as folder:
            _written(folder, str(scenario))
            _from_file(wire, name, made, _TEXT, binary, folder)
    elif is_file(scenario):
        assert not isinstance(scenario, Mapping)
        assert scenario is not None
        _from_file(wire, name, made, os.fspath(scenario), binary)
    else:
        body = {
            "name": name,
            "scenario": scenario,
            "seed": made.seed,
            "clock": _clock(made.clock),
            "variants": made.variants,
            "strict": made.strict,
            "expect": made.expect,
            "claims": made.claims,
            "ttl": made.ttl,
        }
        known = {key: value for key, value in body.items() if value is not None}
        wire.call("POST", "/v1/worlds", known)


def served(scenario: Scenario, folder: str) -> str:
    """What `serve` is given for a scenario: a name or a file; text and mappings are written to one."""
    if isinstance(scenario, Mapping):
        path = os.path.join(folder, "scenario.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(dict(scenario), file)
        return path
    return _written(folder, str(scenario)) if is_text(scenario) else os.fspath(scenario)


def is_text(scenario: object) -> bool:
    """Whether it is a scenario itself, in TOML."""
    return isinstance(scenario, str) and "\n" in scenario


def is_file(scenario: object) -> bool:
    """Whether it is a file, not a name that the program knows."""
    if isinstance(scenario, os.PathLike):
        return True
    if not isinstance(scenario, str) or is_text(scenario):
        return False
    return "/" in scenario or os.sep in scenario or scenario.lower().endswith((".toml", ".json"))


def _written(folder: str, text: str) -> str:
    path = os.path.join(folder, _TEXT)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def _from_file(
    wire: Wire,
    name: str,
    made: Made,
    path: str,
    binary: str | None,
    folder: str | None = None,
) -> None:
    binary = binary or find_binary()
    _checked(binary, path, folder)
    command = ["world", "make", name, "--scenario", path if "/" in path else f"./{path}", "--json"]
    command += ["--admin", wire.base]
    if made.seed is not None:
        command += ["--seed", str(made.seed)]
    if made.clock is not None:
        command += ["--clock", _clock_word(made.clock)]
    for vendor, switches in (made.variants or {}).items():
        for switch, value in switches.items():
            command += ["--variants", f"{vendor}.{switch}={value}"]
    for claim in made.claims or []:
        command += ["--claims", claim]
    if made.ttl is not None:
        command += ["--ttl", made.ttl]
    if made.strict and made.expect is None:
        command.append("--strict")
    code, _, said = _run(binary, command, wire.token, folder)
    if code != 0:
        detail = said.replace("ringback: ", "", 1).strip()
        problem = {"title": "", "status": code, "detail": detail, "type": "about:blank"}
        kind = ScenarioError if detail.startswith("the scenario") else ProblemError
        raise kind(problem, "ringback world make")
    if made.expect is not None or made.strict is False:
        strict = {"strict": bool(made.strict), "expect": made.expect}
        known = {key: value for key, value in strict.items() if value is not None}
        wire.call("PUT", world_path(name, "strict"), known)


def _checked(binary: str, path: str, folder: str | None) -> None:
    """Reads the file alone, for the places of its mistakes: `FILE:LINE:COLUMN`."""
    code, out, said = _run(binary, ["check", path, "--report", "json"], None, folder)
    if code == 0:
        return
    try:
        reports = json.loads(out)
    except ValueError:
        reports = []
    mistakes = [it for report in reports for it in report.get("mistakes") or []]
    detail = f"the scenario {path} has mistakes" if mistakes else said.strip() or f"cannot read {path}"
    problem = {
        "type": "urn:ringback:problem:bad-request",
        "title": "Bad Request",
        "status": 400,
        "detail": detail,
        "mistakes": mistakes,
        "more": sum(int(report.get("more") or 0) for report in reports),
    }
    raise ScenarioError(problem)


def _run(binary: str, command: list[str], token: str | None, folder: str | None) -> tuple[int, str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RINGBACK_")}
    if token is not None:
        environment["RINGBACK_ADMIN_TOKEN"] = token
    try:
        done = subprocess.run(
            [binary, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_READ_TIMEOUT,
            env=environment,
            cwd=folder,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RingbackError(f"cannot run {binary}: {error}") from error
    return (
        done.returncode,
        done.stdout.decode(errors="replace"),
        done.stderr.decode(errors="replace"),
    )


def _clock(clock: str | Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A clock in the form of a body: from `real`, `frozen`, `frozen@TIME` or `scaled:RATE`."""
    if clock is None or isinstance(clock, Mapping):
        return None if clock is None else dict(clock)
    mode, _, at = clock.partition("@")
    mode, _, rate = mode.partition(":")
    known: dict[str, Any] = {"mode": mode}
    if mode != "real":
        known["at"] = at or STARTS_AT
    if rate:
        try:
            known["rate"] = float(rate)
        except ValueError:
            raise ValueError(f"expected a clock such as 'scaled:60', found {clock!r}") from None
    return known


def _clock_word(clock: str | Mapping[str, Any]) -> str:
    known = _clock(clock) or {}
    rate = f":{known['rate']:g}" if "rate" in known else ""
    at = f"@{known['at']}" if "at" in known else ""
    return f"{known.get('mode')}{rate}{at}"
