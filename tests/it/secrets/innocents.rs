//! What looks like a credential and is none stays readable.

use ringback::Ringback;
use serde_json::Value;

use super::{get, send};

/// Values that are somebody's number, id, name or date; some are a short password too.
const INNOCENTS: &[&str] = &[
    "+492214710123",
    "0221 4710-123",
    "15105550188",
    "07700900142",
    "4915112345674",
    "301501",
    "17",
    "4711",
    "dialer_bob",
    "agent101",
    "Wilhelmina",
    "Smith",
    "SIM-0001",
    "A7k2Qm9ZrT4x",
    "2026-03-02T09:00:00Z",
    "1772442000000",
    "19.99",
    "deadbeef",
    "c0a80101-4111-4111-8111-111111111111",
    "the token is checked before the key",
];

const POSITIONS: &[(&str, &str)] = &[
    ("GET /rest/v1.0/7/dialler/contacts/301501 HTTP/1.1\r\nX-Note: @", ""),
    ("POST /dialer/ HTTP/1.1\r\nContent-Type: application/json", "{\"note\":\"@\",\"n\":[\"@\"]}"),
    ("POST /billing/api/x HTTP/1.1\r\nContent-Type: text/xml", "<a note=\"@\">@</a>"),
    ("POST /billing/api/x HTTP/1.1\r\nContent-Type: text/csv", "phone;name\n@;x\n"),
    ("POST /nowhere HTTP/1.1\r\nX-Note: @", "@"),
];

#[test]
fn nothing_else_is_masked() {
    let ringback = Ringback::start().serve().unwrap();
    for innocent in INNOCENTS {
        for (head, body) in POSITIONS {
            send(&ringback, &head.replace('@', innocent), &body.replace('@', innocent));
        }
    }
    let journal = get(&ringback, "/v1/worlds/default/journal?limit=1000");
    let strays = get(&ringback, "/v1/journal?limit=1000");
    for shown in [journal, strays] {
        assert!(!shown.contains("***"), "{shown}");
    }
    // Who stands beside a credential is shown, be it that others have it as their password.
    let tokens: Value =
        serde_json::from_str(&get(&ringback, "/v1/worlds/default/state/jtel/tokens")).unwrap();
    assert_eq!(tokens["rows"][0]["client_id"], 7);
    assert_eq!(tokens["rows"][0]["token"], "***(11.80)");
}
