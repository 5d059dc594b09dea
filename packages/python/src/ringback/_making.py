"""Worlds from scenarios: by name, from a file, from text, from a mapping.

A file, with what it extends and the CSV files that it names, is read by the program itself, so that its
mistakes have their file, line and column.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Union

from ringback._binary import find_binary
from ringback._checked import conditions, switches, texts
from ringback._errors import ArgumentError, ProblemError, RingbackError, ScenarioError, hidden
from ringback._process import new_folder, no_room
from ringback._times import clock_body, clock_word
from ringback._wire import Wire, as_json, world_path

__all__ = ["Made", "Scenario", "make", "served"]

__tracebackhide__ = hidden

Scenario = Union[str, "os.PathLike[str]", Mapping[str, Any]]
"""A name that the program knows, a file, TOML as text of several lines, or a mapping."""

_TEXT = "scenario.toml"
"""What a scenario given as text is called in its mistakes."""

_UNKNOWN = "there is no scenario called"
"""How the program says that it knows no scenario of a name."""

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
    expect: Sequence[Mapping[str, Any]] | None = None
    claims: Sequence[str] | None = None
    ttl: str | None = None
    listen: str | None = None


def make(wire: Wire, name: str, made: Made, binary: str | None) -> None:
    """Makes it."""
    made = _checked_over(made)
    scenario = made.scenario
    if is_text(scenario):
        folder = new_folder()
        try:
            _written(folder, str(scenario))
            _from_file(wire, name, made, _TEXT, binary, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    elif is_file(scenario):
        assert not isinstance(scenario, Mapping)
        assert scenario is not None
        _from_file(wire, name, made, os.fspath(scenario), binary)
    else:
        body = {
            "name": name,
            "scenario": scenario,
            "seed": made.seed,
            "clock": None if made.clock is None else clock_body(made.clock),
            "variants": made.variants,
            "strict": made.strict,
            "expect": made.expect,
            "claims": made.claims,
            "ttl": made.ttl,
            "listen": made.listen,
        }
        known = {key: value for key, value in body.items() if value is not None}
        try:
            wire.call("POST", "/v1/worlds", known)
        except ProblemError as error:
            if not isinstance(scenario, str) or not error.detail.startswith(_UNKNOWN):
                raise
            detail = f"{error.detail}; nor is there a file {os.path.abspath(scenario)}"
            problem = {**error.problem, "detail": detail}
            raise type(error)(problem, "POST /v1/worlds") from None


def _checked_over(made: Made) -> Made:
    """What stands over the scenario, in the form in which it is sent, or an error that names it."""
    if made.expect and not made.strict:
        raise ArgumentError(
            "expect needs strict=True: only a strict world's run is judged by it,"
            f" found strict={made.strict!r}"
        )
    return replace(
        made,
        variants=None if made.variants is None else switches(made.variants),
        expect=None if made.expect is None else conditions(made.expect),
        claims=None if made.claims is None else texts("claims", made.claims, secret=True),
    )


def served(scenario: Scenario, folder: str) -> str:
    """What `serve` is given for a scenario: a name or a file; text and mappings are written to one."""
    if isinstance(scenario, Mapping):
        return _written(folder, as_json(scenario).decode(), "scenario.json")
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


def _written(folder: str, text: str, name: str = _TEXT) -> str:
    path = os.path.join(folder, name)
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise no_room(f"the file {path} of a scenario", error) from None
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
    clock = None if made.clock is None else clock_word(made.clock)
    _checked(binary, path, folder)
    command = ["world", "make", name, "--scenario", path if "/" in path else f"./{path}", "--json"]
    command += ["--admin", wire.base]
    if made.seed is not None:
        command += ["--seed", str(made.seed)]
    if clock is not None:
        command += ["--clock", clock]
    for vendor, positions in (made.variants or {}).items():
        for switch, value in positions.items():
            # In quotes: a position is text also where it looks like a number.
            command += ["--variants", f"{vendor}.{switch}={json.dumps(value)}"]
    if made.ttl is not None:
        command += ["--ttl", made.ttl]
    if made.listen is not None:
        command += ["--listen", made.listen]
    if made.strict and made.expect is None:
        command.append("--strict")
    # Not as arguments, which all of the machine can see, and so can whoever reads why it went wrong.
    secrets = {"RINGBACK_ADMIN_TOKEN": wire.token, "RINGBACK_CLAIMS": ",".join(made.claims or []) or None}
    code, _, said = _run(binary, command, secrets, folder)
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
    code, out, said = _run(binary, ["check", path, "--report", "json"], {}, folder)
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


def _run(
    binary: str, command: list[str], secrets: Mapping[str, str | None], folder: str | None
) -> tuple[int, str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RINGBACK_")}
    environment.update({name: value for name, value in secrets.items() if value is not None})
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
