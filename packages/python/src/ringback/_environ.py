"""The variables that lead a client as it is to a world: proxies, and whom to trust.

Not here: setting them; clients that read none (see `aiohttp` in the pytest plugin).
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["NOT_BY_PROXY", "proxies", "variables"]

NOT_BY_PROXY = "localhost,127.0.0.1,::1"
"""Whom no client asks by way of us: this machine, where its own servers and databases are."""

_PASSWORD = "world"
"""Of the proxy's user. Nobody asks for it."""

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")

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
