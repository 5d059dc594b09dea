"""Ringback for tests in Python: stands in for telephony vendors' HTTP APIs.

    import ringback

    with ringback.start(scenario="demo", seed=7) as simulator:
        world = simulator.world("a")
        client = MyClient(world.url("jtel"))
        ...
        world.verify(vendor="jtel", operation="lock_contact_by_id", exactly=1)

All calls block, none owns an event loop; from a coroutine, `asyncio.to_thread(world.wait, …)`. With
pytest there is nothing to import: see the fixtures `ringback`, `ringback_world`, `ringback_environ`.
"""

from ringback._binary import find_binary
from ringback._errors import (
    ArgumentError,
    BinaryError,
    FileError,
    ProblemError,
    RingbackError,
    ScenarioError,
    StartError,
    StrictError,
    UnreachableError,
    VerifyError,
)
from ringback._making import Scenario
from ringback._names import ClockMode, FaultKind, Outcome, Vendor
from ringback._ringback import Ringback, connect, start
from ringback._shapes import (
    Advanced,
    Change,
    Clock,
    Diff,
    Entry,
    Finding,
    Findings,
    Happened,
    Reply,
    Request,
    Strict,
    Switch,
    TableDiff,
    Unexpected,
    Unread,
    Verdict,
    Why,
    WorldInfo,
)
from ringback._times import Instant, Length
from ringback._version import VERSION as __version__
from ringback._world import World

__all__ = [
    "Advanced",
    "ArgumentError",
    "BinaryError",
    "Change",
    "Clock",
    "ClockMode",
    "Diff",
    "Entry",
    "FaultKind",
    "FileError",
    "Finding",
    "Findings",
    "Happened",
    "Instant",
    "Length",
    "Outcome",
    "ProblemError",
    "Reply",
    "Request",
    "Ringback",
    "RingbackError",
    "Scenario",
    "ScenarioError",
    "StartError",
    "Strict",
    "StrictError",
    "Switch",
    "TableDiff",
    "Unexpected",
    "UnreachableError",
    "Unread",
    "Vendor",
    "Verdict",
    "VerifyError",
    "Why",
    "World",
    "WorldInfo",
    "__version__",
    "connect",
    "find_binary",
    "start",
]
