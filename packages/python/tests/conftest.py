"""What the tests of this package share.

They run against the program that `RINGBACK_BIN` names, or that is installed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

import ringback as package

pytest_plugins = ["pytester"]

DEADLINE = 30.0


@pytest.fixture(scope="session")
def simulator() -> Iterator[package.Ringback]:
    with package.start() as running:
        yield running


@pytest.fixture
def world(simulator: package.Ringback) -> Iterator[package.World]:
    with simulator.world(clock="frozen") as made:
        yield made


def until(holds: Callable[[], bool], what: str) -> None:
    """Waits for a condition, and says which one did not come about."""
    deadline = time.monotonic() + DEADLINE
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {DEADLINE:g} s: {what}")
        time.sleep(0.01)


def needed(name: str) -> ModuleType:
    """A package that a test is about: skipped where it is missing, a failure under `RINGBACK_CI=1`."""
    if os.environ.get("RINGBACK_CI") == "1":
        return __import__(name)
    found = pytest.importorskip(name)
    assert isinstance(found, ModuleType)
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there and not only waiting to be fetched."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
