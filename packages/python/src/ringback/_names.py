"""Names of which there are so many and no more, as types: a checker finds the one that is misspelt.

Not here: what the program says of them; a test holds these lists to its own.
"""

from __future__ import annotations

from typing import Literal

__all__ = ["ClockMode", "FaultKind", "Outcome", "Vendor"]

Vendor = Literal["infocu5", "jtel", "maestro", "maxcontact", "mor"]
"""The vendors. One of a build of your own is `cast(Vendor, "acme")`."""

FaultKind = Literal[
    "close",
    "delay",
    "drip",
    "fail",
    "hang",
    "lose_reply",
    "malform",
    "rate_limit",
    "refuse",
    "reset",
    "reset_after_head",
    "status",
    "truncate",
]
"""What a fault does to a request."""

ClockMode = Literal["frozen", "real", "scaled"]
"""How a clock goes."""

Outcome = Literal["pass", "fail", "inconclusive"]
"""What a judgement comes to."""
