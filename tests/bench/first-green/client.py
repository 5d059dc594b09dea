"""The client under test: it locks a contact of a dialler."""

from urllib.request import Request, urlopen


def lock(base, contact):
    url = f"{base}/rest/v1.0/7/dialler/contacts/contact/{contact}/lock"
    with urlopen(Request(url, headers={"Authorization": "Bearer SIMTOKEN-7A"}, method="PATCH")):
        pass
