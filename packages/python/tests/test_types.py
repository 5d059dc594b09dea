"""Types of closed sets: they are the program's own, and a name that is in none is found by a checker.

A comment that keeps a checker quiet is itself a mistake where there is nothing to be quiet of: to mypy by
`--strict`, to pyright by the line below.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import ringback

if TYPE_CHECKING:

    def misspelt(world: ringback.World) -> None:
        world.url("jtl")  # type: ignore[arg-type]
        world.event("jtl", "start_campaign")  # type: ignore[arg-type]
        world.state("jtl", "contacts")  # type: ignore[arg-type]
        world.journal(vendor="jtl")  # type: ignore[arg-type]
        world.fault("loose_reply")  # type: ignore[arg-type]
        mode: ringback.ClockMode = "frozn"  # type: ignore[assignment]
        outcome: ringback.Outcome = "passed"  # type: ignore[assignment]
        assert (mode, outcome) != (world.clock().mode, world.verify().verdict)

    def right(simulator: ringback.Ringback, world: ringback.World, vendor: ringback.Vendor) -> None:
        for it in simulator.vendors():
            world.url(it)
        world.state(vendor, "contacts")
        kind: ringback.FaultKind = "lose_reply"
        world.fault(kind, on={"vendor": vendor})
        world.fault({"then": kind})


def test_they_are_the_programs_own(simulator: ringback.Ringback) -> None:
    paths = simulator.wire.get("/openapi.json")["paths"]

    def listed(path: str, member: str) -> list[str]:
        content = paths[f"/v1/worlds/{{world}}/{path}"]["post" if path != "clock" else "put"]
        schema = content["requestBody" if path != "verify" else "responses"]
        schema = schema["200"] if path == "verify" else schema
        return sorted(schema["content"]["application/json"]["schema"]["properties"][member]["enum"])

    assert sorted(get_args(ringback.Vendor)) == sorted(simulator.vendors())
    assert sorted(get_args(ringback.FaultKind)) == listed("faults", "then")
    assert sorted(get_args(ringback.ClockMode)) == listed("clock", "mode")
    assert sorted(get_args(ringback.Outcome)) == listed("verify", "verdict")
