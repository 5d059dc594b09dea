"""Clients as they are, with the vendors' own names in their text, led by variables alone."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import urllib.request

import pytest
from conftest import needed

import ringback

ADDRESS = "https://api.infocu5.com/dialer/"
BODY = (
    b'{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0",'
    b'"dialerFunction":"getAgents","showAll":"n"}'
)
HEADERS = {"Content-Type": "application/json"}


def came(world: ringback.World) -> None:
    """It came to this world, by its own name, and was answered."""
    world.verify(vendor="infocu5", operation="get_agents", outcome="ok", exactly=1)
    (entry,) = (it for it in world.journal() if it.is_exchange)
    assert entry.request is not None
    assert ("host", "api.infocu5.com") in entry.request.headers


def test_urllib(ringback_world: ringback.World, ringback_environ: dict[str, str]) -> None:
    request = urllib.request.Request(ADDRESS, BODY, HEADERS)
    with urllib.request.urlopen(request, timeout=20) as reply:
        assert b"Okafor" in reply.read()
    came(ringback_world)


def test_requests(ringback_world: ringback.World, ringback_environ: dict[str, str]) -> None:
    requests = needed("requests")
    assert "Okafor" in requests.post(ADDRESS, BODY, headers=HEADERS, timeout=20).text
    came(ringback_world)


def test_requests_by_arguments(ringback_world: ringback.World) -> None:
    requests = needed("requests")
    proxies, verify = ringback_world.proxies(), ringback_world.ringback.ca_file
    reply = requests.post(ADDRESS, BODY, headers=HEADERS, timeout=20, proxies=proxies, verify=verify)
    assert "Okafor" in reply.text
    came(ringback_world)


def test_httpx(ringback_world: ringback.World, ringback_environ: dict[str, str]) -> None:
    httpx = needed("httpx")
    assert "Okafor" in httpx.post(ADDRESS, content=BODY, headers=HEADERS, timeout=20).text
    came(ringback_world)


def test_httpx_in_an_event_loop(ringback_world: ringback.World, ringback_environ: dict[str, str]) -> None:
    httpx = needed("httpx")

    async def ask() -> str:
        async with httpx.AsyncClient(timeout=20) as client:
            return str((await client.post(ADDRESS, content=BODY, headers=HEADERS)).text)

    assert "Okafor" in asyncio.run(ask())
    came(ringback_world)


def test_aiohttp(ringback_world: ringback.World, ringback_environ: dict[str, str]) -> None:
    aiohttp = needed("aiohttp")

    async def ask() -> str:
        async with (
            aiohttp.ClientSession() as session,
            session.post(ADDRESS, data=BODY, headers=HEADERS) as it,
        ):
            return str(await it.text())

    assert "Okafor" in asyncio.run(ask())
    came(ringback_world)


def test_a_child_process(ringback_world: ringback.World, ringback_environ: dict[str, str]) -> None:
    text = (
        "import urllib.request as u;"
        f"print(u.urlopen(u.Request({ADDRESS!r}, {BODY!r}, {HEADERS!r}), timeout=20).read())"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, check=True)
    assert b"Okafor" in done.stdout
    came(ringback_world)


def test_other_hosts_are_refused(ringback_world: ringback.World, ringback_environ: dict[str, str]) -> None:
    with pytest.raises(OSError, match="403"):
        urllib.request.urlopen("https://example.org/", timeout=20)


def test_within_ringback_run_children_are_led_to_the_world_of_their_test(pytester: pytest.Pytester) -> None:
    """Those that read an address and no proxy as well: `run` has set them all to its world `default`."""
    pytester.makepyfile(
        f"""
        import json, os, re, shutil, subprocess, urllib.request

        ADDRESS, BODY = {ADDRESS!r}, {BODY.decode()!r}

        def test_led(ringback, ringback_world, ringback_environ):
            own = ringback_world.info().raw["listen"]
            lead = json.loads(os.environ["RINGBACK_LEAD"])
            assert own == f"http://{{lead['address']}}:{{lead['port']}}"
            assert "api.infocu5.com" in lead["hosts"]
            assert os.environ["RINGBACK_PHP_PROXY"] == own.replace("http:", "tcp:")
            ports = re.findall(r"proxyPort=(\\d+)", os.environ["JAVA_TOOL_OPTIONS"])
            # The last counts, where there are more: of a run around this one.
            assert set(ports[-2:]) == {{str(lead["port"])}}
            contact = os.environ["RINGBACK_JTEL_URL"] + "7/dialler/contacts/301501"
            asked = urllib.request.Request(contact, headers={{"Authorization": "Bearer SIMTOKEN-7A"}})
            urllib.request.urlopen(asked, timeout=20).close()
            ringback_world.verify(vendor="jtel", operation="get_contact", exactly=1)
            node = shutil.which("node")
            if node:
                script = f"fetch('{{ADDRESS}}', {{{{ method: 'POST', body: '{{BODY}}' }}}})"
                subprocess.run([node, "-e", script], check=True, timeout=60)
                ringback_world.verify(vendor="infocu5", operation="get_agents", outcome="ok", exactly=1)
            assert not [it for it in ringback.default.journal() if it.is_exchange]

        def test_a_fork_has_no_port(ringback, ringback_world):
            with ringback_world.fork("a-fork") as fork:
                assert json.loads(fork.environ()["RINGBACK_LEAD"])["port"] == 0
        """
    )
    result = pytester.run(ringback.find_binary(), "run", "--", sys.executable, "-m", "pytest", "-q")
    result.assert_outcomes(passed=2)
    assert result.ret == 0


def test_all_is_as_before(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    pytester.makepyfile(
        """
        import os, ssl

        def test_led(ringback_environ):
            assert os.environ["HTTPS_PROXY"] == ringback_environ["HTTPS_PROXY"] != "http://127.0.0.1:9"
            assert os.environ["NO_PROXY"] == "localhost,127.0.0.1,::1"

        def test_as_before():
            assert os.environ["HTTPS_PROXY"] == "http://127.0.0.1:9"
            assert "SSL_CERT_FILE" not in os.environ
        """
    )
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=2)
    assert os.environ["HTTPS_PROXY"] == "http://127.0.0.1:9"
