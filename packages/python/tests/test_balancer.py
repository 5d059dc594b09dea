"""Several processes behind the balancer of packages/deploy, used as one."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import until

import ringback

CONFIG = Path(__file__).parents[2] / "deploy" / "haproxy" / "haproxy.cfg"
LOCK = "/rest/v1.0/7/dialler/contacts/contact/301501/lock"


@dataclass
class Many:
    """Three processes, and the balancer before them."""

    processes: list[ringback.Ringback]
    vendors: str
    control: str

    def connect(self) -> ringback.Ringback:
        return ringback.connect(self.control, url=self.vendors)

    def holders(self, world: str) -> list[int]:
        """Which processes have a world, asked behind the balancer's back."""
        return [n for n, it in enumerate(self.processes, 1) if world in [one.name for one in it.worlds()]]


def free() -> str:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return f"127.0.0.1:{found.getsockname()[1]}"


def is_ready(control: str) -> bool:
    try:
        with urllib.request.urlopen(f"{control}/readyz", timeout=10) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Many]:
    if shutil.which("haproxy") is None and os.environ.get("RINGBACK_CI") != "1":
        pytest.skip("there is no haproxy")
    authority = str(tmp_path_factory.mktemp("authority"))
    with contextlib.ExitStack() as stack:
        processes = [stack.enter_context(ringback.start(arguments=("--ca-dir", authority))) for _ in range(3)]
        vendors, control = free(), free()
        environment = {**os.environ, "RINGBACK_BIND_VENDORS": vendors, "RINGBACK_BIND_CONTROL": control}
        for n, it in enumerate(processes, 1):
            environment[f"RINGBACK{n}_VENDORS"] = it.listen.replace("http://", "")
            environment[f"RINGBACK{n}_CONTROL"] = it.admin.replace("http://", "")
        log = stack.enter_context(open(tmp_path_factory.mktemp("haproxy") / "log", "wb"))
        balancer = subprocess.Popen(["haproxy", "-db", "-f", CONFIG], env=environment, stderr=log, stdout=log)
        stack.callback(balancer.wait)
        stack.callback(balancer.terminate)
        until(lambda: is_ready(f"http://{control}"), "the balancer is ready")
        yield Many(processes, f"http://{vendors}", f"http://{control}")


def lock(world: ringback.World) -> None:
    request = urllib.request.Request(
        world.url("jtel") + LOCK, headers={"Authorization": "Bearer SIMTOKEN-7A"}, method="PATCH"
    )
    urllib.request.urlopen(request, timeout=20).close()


def test_worlds_are_made_used_and_deleted(many: Many) -> None:
    with many.connect() as simulator:
        assert simulator.processes() == ["ringback1", "ringback2", "ringback3"]
        assert simulator.is_alive()
        worlds = [simulator.world(clock="frozen") for _ in range(12)]
        holders = {it.name: many.holders(it.name) for it in worlds}
        assert all(len(it) == 1 for it in holders.values()), holders
        assert len({it[0] for it in holders.values()}) > 1
        listed = {it.name: it.process for it in simulator.worlds() if it.name != "default"}
        assert listed == {name: f"ringback{number}" for name, (number,) in holders.items()}
        for world in worlds:
            lock(world)
            world.event("jtel", "start_campaign", campaign=612)
            world.advance("3h")
            assert world.verify(operation="lock_contact_by_id", outcome="ok", exactly=1)
            assert world.wait(operation="lock_contact_by_id", timeout=1)
            assert [it.operation for it in world.journal() if it.is_exchange] == ["lock_contact_by_id"]
            assert world.diff()
            world.rollback(world.checkpoint())
            fork = world.fork(f"{world.name}__more")
            assert not world.diff(fork)
            fork.delete()
            world.delete()
        assert {it.name for it in simulator.worlds()} == {"default"}


def test_scenarios_of_every_form_are_made_however_long(many: Many, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('title = "Own"\n[jtel]\n')
    # Longer than the balancer looks for a name.
    long = {"title": "x" * 100_000, "jtel": {}}
    with many.connect() as simulator:
        for scenario in ("demo", file, file.read_text(), long):
            with simulator.world(scenario=scenario) as world:
                assert len(many.holders(world.name)) == 1


def test_what_cannot_be_says_why(many: Many) -> None:
    with many.connect() as simulator, simulator.world("origin") as world:
        with pytest.raises(ringback.ProblemError, match="call it ORIGIN__MORE"):
            world.fork("elsewhere-1")
        names = (f"other{n}" for n in range(100))
        other = next(
            it for it in map(simulator.world, names) if many.holders(it.name) != many.holders("origin")
        )
        told = r"there are several processes here, and two worlds are compared where one has both"
        with pytest.raises(ringback.ProblemError, match=told):
            world.diff(other)
        with pytest.raises(
            ringback.ArgumentError, match="the balancer before them leads nobody by credentials"
        ):
            simulator.world(claims=["jtel:SIMTOKEN-7A"])
        with pytest.raises(
            ringback.ArgumentError, match=r"expected process= beside after=1, one of ringback1, "
        ):
            simulator.unmatched(after=1)
        for name in list(simulator.made):
            simulator.get(name).delete()
        world.delete(missing_ok=True)


def test_the_way_past_the_balancer_is_not_taken(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RINGBACK_URL", raising=False)
    assert ringback.connect(many.control).listen == "http://127.0.0.1:8080"


def test_what_nobody_took_is_that_of_all_processes(many: Many) -> None:
    with many.connect() as simulator:
        before = {it: len(simulator.unmatched(process=it)) for it in simulator.processes()}
        for number in range(12):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(f"{many.vendors}/w/nobody-{number}/jtel", timeout=20)
        found = {it: len(simulator.unmatched(process=it)) - before[it] for it in simulator.processes()}
        assert sum(found.values()) == 12
        assert len([it for it in found.values() if it]) > 1
        assert len(simulator.unmatched()) == sum(before.values()) + 12


def test_tests_are_run_and_told(
    many: Many, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGBACK_URL", many.vendors)
    pytester.makepyfile(
        """
        import urllib.request

        import pytest

        PATH = "/rest/v1.0/7/dialler/contacts/contact/{}/lock"

        def lock(base, contact=301501):
            headers = {"Authorization": "Bearer SIMTOKEN-7A"}
            request = urllib.request.Request(base + PATH.format(contact), headers=headers, method="PATCH")
            urllib.request.urlopen(request, timeout=20).close()

        @pytest.mark.parametrize("number", range(6))
        @pytest.mark.ringback(strict=True)
        def test_right(ringback_world, number):
            lock(ringback_world.url("jtel"))
            ringback_world.advance("1h")
            ringback_world.verify(operation="lock_contact_by_id", exactly=1)

        def test_wrong(ringback_world):
            lock(ringback_world.url("jtel"), 1)

        def test_stray(ringback, ringback_world):
            lock(ringback.listen + "/w/nowhere/jtel")
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--ringback-admin", many.control)
    result.assert_outcomes(passed=6, failed=2)
    text = result.stdout.str()
    assert "jtel.contact: expected the ID of a contact of client account 7" in text
    assert "ringback: requests that reached no world of this test" in text
    assert "/w/nowhere/jtel" in text.split("requests that reached no world of this test")[1]
    assert "the program has ended" not in text
    assert [
        name for it in many.processes for name in [one.name for one in it.worlds()] if name != "default"
    ] == []
