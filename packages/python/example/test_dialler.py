"""Ten tests of `dialler`, each against a world of its own."""

from __future__ import annotations

import pytest
from dialler import Dialler, Refused, poll_results

from ringback import World

pytestmark = pytest.mark.ringback(scenario="demo")


@pytest.fixture
def dialler(ringback_world: World) -> Dialler:
    return Dialler(ringback_world.url("jtel"), client=7, token="SIMTOKEN-7A")


def test_a_contact_is_read(dialler: Dialler) -> None:
    assert dialler.contact(301501)["Name"] == "Adler"


def test_a_campaign_is_listed(dialler: Dialler) -> None:
    assert [it["Name"] for it in dialler.contacts(612)] == ["Adler", "Brandt"]


def test_a_contact_is_imported(dialler: Dialler, ringback_world: World) -> None:
    dialler.add(612, "SIM-0003", "Conrad", "4940555100")
    added = ringback_world.diff().table("jtel", "contacts")
    assert added is not None
    assert added.added == 1


def test_an_import_twice_leaves_one_contact(dialler: Dialler, ringback_world: World) -> None:
    for _ in range(2):
        dialler.add(612, "SIM-0003", "Conrad", "4940555100")
    ringback_world.verify(operation="import_contact", outcome="ok", exactly=2)
    names = [it["name"] for it in ringback_world.state("jtel", "contacts")]
    assert names.count("Conrad") == 1


def test_a_locked_contact_is_not_dialled(dialler: Dialler, ringback_world: World) -> None:
    dialler.lock(301501)
    ringback_world.event("jtel", "start_campaign", campaign=612)
    ringback_world.advance("3h")
    assert dialler.history(301501) == []


def test_an_unlocked_contact_is_dialled(dialler: Dialler, ringback_world: World) -> None:
    ringback_world.event("jtel", "start_campaign", campaign=612)
    ringback_world.advance("3h")
    assert dialler.history(301501) != []


def test_a_contact_of_another_client_is_refused(dialler: Dialler) -> None:
    with pytest.raises(Refused, match="404"):
        dialler.contact(1)


@pytest.mark.ringback(faults=[{"then": "status", "status": 503, "on": {"vendor": "jtel", "nth": 1}}])
def test_a_busy_vendor_is_asked_again(dialler: Dialler, ringback_world: World) -> None:
    dialler.lock(301501)
    ringback_world.verify(operation="lock_contact_by_id", exactly=2)


@pytest.mark.ringback(strict=True)
def test_a_day_without_refusals(dialler: Dialler, ringback_world: World) -> None:
    for contact in dialler.contacts(612):
        dialler.lock(contact["ID"])
    assert not ringback_world.findings()


def test_poll_results(ringback_world: World) -> None:
    text = poll_results(ringback_world.url("mor"), "dialer_bob", 17, "sim-secret-1")
    assert "37060000003" in text
