"""A small client of jtel's dialler contacts and of MOR's poll results: what the tests beside it test."""

from __future__ import annotations

import hashlib
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any


class Refused(Exception):
    """The vendor said no."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status


class Dialler:
    """jtel's dialler contacts of one client account."""

    def __init__(self, base: str, client: int, token: str, attempts: int = 3) -> None:
        self._contacts = f"{base}/rest/v1.0/{client}/dialler/contacts"
        self._token = token
        self._attempts = attempts

    def contact(self, contact: int) -> dict[str, Any]:
        found: dict[str, Any] = self._call("GET", f"/{contact}")["records"][0]
        return found

    def contacts(self, campaign: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call("GET", f"?diallerCampaignsID={campaign}")["records"]
        return found

    def add(self, campaign: int, key: str, name: str, phone: str) -> None:
        contact = {"UserData": key, "Name": name, "PhoneNumber1": phone}
        body = {"DiallerCampaignsID": campaign, **contact}
        self._call("POST", "/import?overwriteDuplicates=true", body)

    def lock(self, contact: int) -> None:
        self._call("PATCH", f"/contact/{contact}/lock")

    def history(self, contact: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call("GET", f"/contact/{contact}/history")["records"]
        return found

    def _call(self, method: str, path: str, body: Any | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._contacts + path, data, headers, method=method)
        for attempt in range(1, self._attempts + 1):
            try:
                with urllib.request.urlopen(request, timeout=10) as reply:
                    return json.load(reply)
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503) or attempt == self._attempts:
                    raise Refused(error.code, error.read().decode()) from error
                time.sleep(0)
        raise AssertionError("attempts is at least one")


def poll_results(base: str, user: str, campaign: int, key: str) -> str:
    """The poll results of a MOR campaign, as the text that MOR gives."""
    digest = hashlib.sha1(f"{user}{campaign}{key}".encode()).hexdigest()
    query = urllib.parse.urlencode({"u": user, "id": campaign, "hash": digest})
    address = f"{base}/billing/api/autodialer_get_campaign_ivr_poll_results?{query}"
    with urllib.request.urlopen(urllib.request.Request(address, method="POST"), timeout=10) as reply:
        text: str = reply.read().decode()
    return text
