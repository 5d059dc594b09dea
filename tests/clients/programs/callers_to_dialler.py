"""Takes the callers of a day from MaestroConference and puts them into a campaign of the dialler (jtel).

Run once a night. A caller who is there already is overwritten, so a night that is run twice does no harm.
The addresses of both vendors stand here and nowhere else.
"""

import csv
import io
import os
import sys

import requests

MAESTRO = "https://myaccount.maestroconference.com/_access/fetchCallersByDate"
OFFER = {
    "offer_id": "4711",
    "offer_token": os.environ.get("MAESTRO_TOKEN", "5c0e77a1d94b42f8a6e13b90cf28d451"),
}
JTEL = "https://portal.example.test/rest/v1.0/7/dialler/contacts/import"
CAMPAIGN = 612
TIMEOUT = 10


def callers(day_from, day_to):
    """The callers of the calls that ended within the window."""
    window = {"dateFrom": f"{day_from} 00:00:00", "dateTo": f"{day_to} 00:00:00"}
    reply = requests.get(MAESTRO, params={**OFFER, **window}, timeout=TIMEOUT)
    reply.raise_for_status()
    rows = list(csv.reader(io.StringIO(reply.text)))
    # An error is one line of a negative code and a text, with status 200.
    if rows and rows[0][0].startswith("-"):
        raise SystemExit(f"MaestroConference: {', '.join(rows[0])}")
    head, *rows = rows
    return [dict(zip(head, row)) for row in rows]


def contact(caller):
    return {
        "DiallerCampaignsID": CAMPAIGN,
        "UserData": caller["callerUID"],
        "Name": caller["name"] or caller["ANI"],
        "Company": caller["callName"],
        "PhoneNumber1": f"1{caller['ANI']}",
    }


def main(day_from, day_to):
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {os.environ.get('JTEL_TOKEN', 'SIMTOKEN-7A')}"
    found = callers(day_from, day_to)
    for caller in found:
        once = {"overwriteDuplicates": "true"}
        reply = session.post(JTEL, params=once, json=contact(caller), timeout=TIMEOUT)
        reply.raise_for_status()
    print(f"{len(found)} callers")


if __name__ == "__main__":
    main(*sys.argv[1:3])
