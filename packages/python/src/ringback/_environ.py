"""The variables that lead a client as it is to a world: proxies, and whom to trust.

Under `ringback run`, or with what `ringback env` prints, this process has inherited more of them, which lead
runtimes that read no proxy variable to the world `default` by an address alone. A world has a port of its own
then, and they are set to that.

Not here: setting them; clients that read none (see `aiohttp` in the pytest plugin).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

__all__ = [
    "NOT_BY_PROXY",
    "by_address",
    "is_led",
    "is_of_run",
    "listeners",
    "proxies",
    "variables",
]

NOT_BY_PROXY = "localhost,127.0.0.1,::1"
"""Whom no client asks by way of us: this machine, where its own servers and databases are."""

_PASSWORD = "world"
"""Of the proxy's user. Nobody asks for it."""

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")

_LEAD = "RINGBACK_LEAD"
"""Whom Node is led to, and for which hosts, by the preload of `ringback run`."""

_NOWHERE = {"address": "127.0.0.1", "port": 0}
"""Where nobody listens."""

_TRUST = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "AWS_CA_BUNDLE",
    "HTTPLIB2_CA_CERTS",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
    "GIT_SSL_CAINFO",
    "NODE_EXTRA_CA_CERTS",
    "DENO_CERT",
)


def proxies(listen: str, world: str) -> dict[str, str]:
    """What `requests` takes as `proxies`, and httpx a part at a time; the proxy's user names the world."""
    scheme, _, address = listen.partition("://")
    # urllib and requests send no user that has no password; what that is does not matter.
    proxy = f"{scheme}://{world}:{_PASSWORD}@{address}"
    return {"http": proxy, "https": proxy}


def variables(listen: str, world: str, authority: str, no_roots: str) -> Mapping[str, str]:
    """All variables. `no_roots` is an empty folder: nobody but our authority is to be trusted, so that
    a client which slips past the proxy cannot verify the real vendor either."""
    proxy = proxies(listen, world)["http"]
    found = {"no_proxy": NOT_BY_PROXY, "NO_PROXY": NOT_BY_PROXY}
    for name in _PROXIES:
        found[name] = found[name.upper()] = proxy
    found.update(dict.fromkeys(_TRUST, authority))
    found["SSL_CERT_DIR"] = no_roots
    return found


def is_led() -> bool:
    """Whether this process has inherited what leads Node by an address."""
    return _lead() is not None


def is_of_run(listen: str, told: Mapping[str, Any]) -> bool:
    """Whether a program, by its listener and what it tells of its vendors, is the one that this process is
    led to, and on this machine. One in a container tells an address within."""
    lead = _lead()
    return lead is not None and f"http://{lead['address']}:{lead['port']}" == listen in listeners(told)


def listeners(told: Mapping[str, Any]) -> list[str]:
    """Where a program serves all vendors, by what it tells of them."""
    return [str(it) for it in told.get("listen") or []]


def by_address(listen: str, world: str, own: str | None, told: Mapping[str, Any]) -> Mapping[str, str]:
    """What was inherited and knows an address and no world, led to a world's own; nowhere if it has none: a
    client that fails is better than one that works in another test's world, or asks the real vendor. And the
    addresses that `ringback run` tells, as this world has them.

    PHP and Java trust whom `ringback run` has named to them, so they are led only to worlds of its own."""
    lead = _lead()
    if lead is None:
        return {}
    place: Mapping[str, Any] = _NOWHERE
    if own is not None:
        parts = urlsplit(own)
        place = {"address": parts.hostname, "port": parts.port}
    hosts = [host for it in told.get("vendors") or [] for host in it.get("hosts") or []]
    found = {_LEAD: json.dumps({**place, "hosts": hosts}), **_addresses(f"{listen}/w/{world}", world, told)}
    if own is not None and is_of_run(listen, told):
        if os.environ.get("RINGBACK_PHP_PROXY"):
            found["RINGBACK_PHP_PROXY"] = f"tcp://{place['address']}:{place['port']}"
        java = os.environ.get("JAVA_TOOL_OPTIONS")
        if java:
            led = rf"(-Dhttps?\.proxyPort=){lead['port']}\b"
            found["JAVA_TOOL_OPTIONS"] = re.sub(led, rf"\g<1>{place['port']}", java)
    return found


def _addresses(base: str, world: str, told: Mapping[str, Any]) -> Mapping[str, str]:
    found = {"RINGBACK_URL": base, "RINGBACK_WORLD": world}
    for vendor in told.get("vendors") or []:
        path = next(iter(vendor.get("paths") or []), "/")
        found[f"RINGBACK_{vendor['name'].upper()}_URL"] = f"{base}{path}"
    return found


def _lead() -> Mapping[str, Any] | None:
    try:
        lead = json.loads(os.environ.get(_LEAD) or "null")
    except ValueError:
        return None
    return lead if isinstance(lead, dict) and "address" in lead and "port" in lead else None
