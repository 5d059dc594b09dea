"""The option `--ringback-capsule`: for each failed test a file with which `ringback replay` does again, on
another machine, what its client did.

The program keeps one file of all that the test run did; it is divided when that has ended.

Not here: when a test is taken for failed, and what is said at the end (`pytest_plugin`).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ringback._errors import RingbackError
from ringback._pytest_watch import Seen, command
from ringback._ringback import Ringback
from ringback._wire import world_path
from ringback._world import entries

__all__ = ["Capsules"]

_NAME_MAX = 120
"""Characters of a file's name before its end: most systems take 255 bytes, and a number comes behind it."""


@dataclass
class _Failed:
    test: str
    worlds: list[str]
    why: str
    journal: dict[str, Any] = field(default_factory=dict)


class Capsules:
    """Those of one test run, or of one of its workers."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.abspath(folder)
        os.makedirs(self.folder, exist_ok=True)
        self._whole = os.path.join(self.folder, f".whole-{os.getpid()}.capsule")
        self._command = "ringback"
        # Tried now: who cannot write there is to hear of it before all tests have run.
        with open(self._whole, "wb"):
            pass
        os.remove(self._whole)
        self._failed: list[_Failed] = []

    @property
    def arguments(self) -> tuple[str, ...]:
        """With these the program is started."""
        return ("--capsule", self._whole)

    def fail(self, ringback: Ringback, test: str, worlds: Sequence[Seen], why: str) -> None:
        """Takes note of a test that failed, while its worlds are there."""
        self._command = command(ringback)
        failed = _Failed(test, [it.world.name for it in worlds], why)
        for it in worlds:
            name, journal = it.world.name, [entry.raw for entry in it.journal]
            if it.after:
                # One that lasts is done again from its beginning.
                with contextlib.suppress(RingbackError):
                    journal = list(
                        entries(partial(ringback.wire.get, world_path(name, "journal")), 0, None, {})
                    )
            failed.journal[name] = journal
        self._failed.append(failed)

    def divide(self) -> list[dict[str, str]]:
        """Once the program has ended: a file for each failed test; its name, or why there is none."""
        try:
            with open(self._whole, encoding="utf-8") as file:
                whole = json.load(file)
        except FileNotFoundError:
            whole = {"scenarios": []}
        except (OSError, ValueError) as error:
            return [{"test": it.test, "reason": f"{self._whole}: {error}"} for it in self._failed]
        told = [self._write(whole, it) for it in self._failed]
        with contextlib.suppress(OSError):
            os.remove(self._whole)
        return told

    def _write(self, whole: dict[str, Any], failed: _Failed) -> dict[str, str]:
        scenarios = [it for it in whole["scenarios"] if _world_of(it) in failed.worlds]
        if not scenarios:
            asked = any("request" in it for journal in failed.journal.values() for it in journal)
            beyond = "worlds of 200 other tests come before its own; run it alone"
            reason = beyond if asked else "no client asked a world of its own"
            return {"test": failed.test, "reason": reason}
        report = {"test": failed.test, "failed": failed.why}
        capsule = {**whole, "scenarios": scenarios, "report": report, "journal": {"worlds": failed.journal}}
        try:
            path = self._path(failed.test)
            with open(path, "x", encoding="utf-8") as file:
                json.dump(capsule, file, indent=2, ensure_ascii=False)
                file.write("\n")
        except OSError as error:
            return {"test": failed.test, "reason": str(error)}
        return {"test": failed.test, "file": path, "command": self._command}

    def _path(self, test: str) -> str:
        base = re.sub(r"[^\w.-]+", "-", test).strip("-")[-_NAME_MAX:]
        path, number = os.path.join(self.folder, f"{base}.capsule"), 1
        while os.path.exists(path):
            number += 1
            path = os.path.join(self.folder, f"{base}-{number}.capsule")
        return path


def _world_of(scenario: dict[str, Any]) -> str:
    """A scenario is called as its world, with a number behind it once that was reset."""
    return str(scenario.get("name", "")).split(" ", 1)[0]
