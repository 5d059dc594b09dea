//! The commands, with lines for a shell that show what each prints; and what they are shown with.
//!
//! The lines of a row are run one after the other, and the rows in this order, on one running program whose
//! world is the demo, on a frozen clock. `$LISTEN` is where it listens for the vendors' clients, `$ADMIN` for
//! commands.

/// Requests that come before the first line: one that is answered and two that are refused.
pub(super) const SENT: &[&str] = &[
    "GET /rest/v1.0/7/dialler/contacts/301501 HTTP/1.1
Host: portal.example.test
Authorization: Bearer SIMTOKEN-7A
Connection: close

",
    "GET /rest/v1.0/7/dialler/contacts/301501 HTTP/1.1
Host: portal.example.test
Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
Connection: close

",
    "POST /dialer/ HTTP/1.1
Host: portal.example.test
Content-Length: 1
Connection: close

{",
];

/// Files of the folder in which the lines are run.
pub(super) const FILES: &[(&str, &str)] = &[
    (
        "own.toml",
        r#"title = "Own"
extends = "jtel"

[[jtel.contacts]]
id = 301601
campaign = 612
name = "Vale"
phone_number1 = "4943155601"

[[step]]
name = "the contact is there"
send = """
GET /rest/v1.0/7/dialler/contacts/301601
Authorization: Bearer SIMTOKEN-7A
"""
expect.status = 200
expect.fields = { "/records/0/Name" = "Vale" }
"#,
    ),
    (
        "mistaken.toml",
        r#"titel = "Own"
extends = "jtl"

[[jtel.contacts]]
campaign = 612
phone = "4943155601"
"#,
    ),
    (
        "differs.toml",
        r#"title = "Differs"
extends = "jtel"

[[step]]
name = "the contact is there"
send = """
GET /rest/v1.0/7/dialler/contacts/301501
Authorization: Bearer SIMTOKEN-7A
"""
expect.status = 200
expect.fields = { "/records/0/name" = "Vale" }

[[step]]
name = "another one"
send = "GET /rest/v1.0/7/dialler/contacts/301502"
expect.status = 200
"#,
    ),
    (
        "struck.toml",
        r#"title = "Struck"
extends = "jtel"

[[fault]]
name = "outage"
then = "status"
status = 503
on.vendor = "jtel"

[[step]]
name = "the contact is there"
send = """
GET /rest/v1.0/7/dialler/contacts/301501
Authorization: Bearer SIMTOKEN-7A
"""
expect.fields = { "/records/0/Name" = "Vale" }
"#,
    ),
    ("empty.json", ""),
    ("json.toml", "{ \"title\": \"Own\" }\n"),
];

/// Each command of the help, with its lines.
pub(super) const ROWS: &[(&str, &[&str])] = &[
    (
        "serve",
        &[
            "ringback serve --clock frozen@2026-03-02T09:00:00Z --until-stdin-closes",
            "ringback serve workng-day",
            "ringback serve mistaken.toml",
            "ringback serve --listen jtl=127.0.0.1:0",
            "ringback serve --log wran",
            "RINGBACK_STRICT=perhaps ringback serve",
        ],
    ),
    (
        "run",
        &[
            "ringback run --clock frozen@2026-03-02T09:00:00Z -- true",
            "ringback run true",
            "ringback run --no-lever nod -- true",
            "ringback run --report jnit -- true",
            "ringback run -- there-is-no-such-client",
        ],
    ),
    ("env", &["ringback env --folder led --for dotenv", "ringback env --for bsh"]),
    ("ca", &["ringback ca", "ringback ca --admin 127.0.0.1:1"]),
    (
        "check",
        &[
            "ringback check demo own.toml",
            "ringback check mistaken.toml empty.json json.toml",
            "ringback check mistaken.toml --report github",
            "ringback check workng-day",
        ],
    ),
    (
        "new",
        &[
            "ringback new first.toml",
            "ringback new first.toml",
            "ringback new - --vendor mro",
            "ringback new - --from-world http://127.0.0.1:1/worlds/a",
        ],
    ),
    ("routes", &["ringback routes infocu5", "ringback routes mor -v", "ringback routes joel"]),
    ("events", &["ringback events infocu5", "ringback events jtel dial_contct"]),
    ("fidelity", &["ringback fidelity infocu5", "ringback fidelity infocus5"]),
    ("contract", &["ringback contract jtel 4.4", "ringback contract mor 9.9"]),
    ("explain", &["ringback explain jtel.token", "ringback explain jtel.tokn"]),
    ("manual", &["ringback manual --search lose_reply", "ringback manual fault"]),
    ("variants", &["ringback variants infocu5", "ringback variants more"]),
    (
        "generate",
        &[
            "ringback generate jtel-contacts --count 3",
            "ringback generate jtel-contact",
            "ringback generate jtel-contacts --count -3",
        ],
    ),
    (
        "world",
        &[
            "ringback world list",
            "ringback world make own --scenario own.toml --clock frozen@2026-03-02T09:00:00Z",
            "ringback world make other --scenario mistaken.toml",
            "ringback world make other demo",
            "ringback world fork copy --world own",
            "ringback world fork own copy",
            "ringback world reset own",
            "ringback world export own.world --world own",
            "ringback world import taken own.world",
            "ringback world diff own --from world:copy",
            "ringback world diff --from world:cpy",
            "ringback world delete taken",
            "ringback world delete taken",
        ],
    ),
    (
        "advance",
        &[
            "ringback advance 10m",
            "ringback advance next",
            "ringback advance 10",
            "ringback advance",
        ],
    ),
    (
        "clock",
        &[
            "ringback clock",
            "ringback clock --json",
            "ringback clock frozen@2020-01-01T00:00:00Z",
            "ringback clock scaled",
            "ringback clock --admin 127.0.0.1:1",
            "ringback clock --admin http://$ADMIN/v1",
        ],
    ),
    (
        "event",
        &[
            "ringback event jtel add_token client=7 token=token-2",
            "ringback event jtel dial_contact contact=1",
            "ringback event jtel dial_contct contact=1",
            "ringback event jtel dial_contact contac=301501",
            "ringback event jtel",
        ],
    ),
    (
        "fault",
        &[
            "ringback fault add then=lose_reply on.vendor=jtel on.nth=1 name=lost",
            "ringback fault add then=lose_repl on.vendor=jtl",
            "ringback fault list",
            "ringback fault clear los",
            "ringback fault clear lost",
            "ringback fault clear 9",
            "ringback fault list",
        ],
    ),
    (
        "verify",
        &[
            "ringback verify vendor=jtel at_least=1",
            "ringback verify outcome=faulted exactly=0",
            "ringback verify vendor=jtel exactly=7",
            "ringback verify operation=get_contct",
        ],
    ),
    (
        "findings",
        &["ringback findings", "ringback findings --list", "ringback findings --world ownn"],
    ),
    (
        "journal",
        &[
            "ringback journal",
            "ringback journal 2",
            "ringback journal 99",
            "ringback journal --vendor maxcontct",
            "ringback journal --outcome refuse",
        ],
    ),
    (
        "tail",
        &[
            "ringback tail --no-follow --outcome refused",
            "ringback tail --no-follow --trace 4bf92f3577b34da6a3ce929d0e0e4736 -v",
            "ringback tail --no-follow --why jtel.tokn",
            "ringback tail --no-follow --since tomorrow",
            "ringback tail --no-follow --world nosuch",
        ],
    ),
    // Where there is nothing that opens a browser.
    ("open", &["PATH=/nowhere ringback open", "ringback open --admin nowhere"]),
    ("mcp", &["ringback mcp", "ringback mcp --log wran"]),
    (
        "lineage",
        &[
            "ringback lineage 4943155501",
            "ringback lineage '+1 510 555 0188'",
            "ringback lineage nobody",
        ],
    ),
    (
        "wait",
        &[
            "ringback wait",
            "ringback wait --world nosuch",
            "ringback wait --for 'vendor=jtel at_least=2'",
            "ringback wait --timeout soon",
        ],
    ),
    (
        "healthcheck",
        &["ringback healthcheck --timeout 1m", "ringback healthcheck --admin 127.0.0.1:1"],
    ),
    (
        "schema",
        &[
            "ringback schema infocu5",
            "ringback schema jtel.clients",
            "ringback schema jtel.client_list",
            "ringback schema jtl",
            "ringback schema",
        ],
    ),
    ("completions", &["ringback completions fish", "ringback completions fsh"]),
    ("man", &["ringback man pages", "ringback man own.toml"]),
    (
        "calibrate",
        &[
            "ringback calibrate --vendor jtel --against $LISTEN",
            "ringback calibrate --vendor jtl --against $LISTEN",
            "ringback calibrate --against $LISTEN",
        ],
    ),
    (
        "import",
        &[
            "ringback journal --har >archive.har && ringback import har archive.har --out taken",
            "ringback import har own.toml --out taken2",
            "ringback import recording own.toml --out taken3",
        ],
    ),
    (
        "record",
        &[
            "ringback record --to http://127.0.0.1:1 --vendor jtell --out recorded.toml",
            "ringback record --to nowhere --vendor jtel --out recorded.toml",
        ],
    ),
    (
        "drift",
        &[
            "ringback drift taken/recording.toml --against $LISTEN",
            "ringback drift nosuch.toml --against $LISTEN",
        ],
    ),
    (
        "replay",
        &[
            "ringback replay own.toml",
            "ringback replay own.toml --verbose",
            "ringback replay differs.toml",
            "ringback replay struck.toml",
            "ringback replay differs.toml --report junit",
            "ringback replay workng-day",
            "ringback replay own.toml --report jnit",
            "ringback replay own.toml --against 127.0.0.1:1",
        ],
    ),
    ("help", &["ringback help", "ringback help world", "ringback help wrld"]),
];
