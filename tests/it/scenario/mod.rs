//! Scenarios in, rows or mistakes out.

mod any_input;
mod files;
mod mistakes;
mod replacing;
mod steps;

use std::fmt::Write as _;

use ringback::contract::evidence::Evidence;
use ringback::contract::fields::{Cell, Field, Kind, Row, Rows, audit, column};
use ringback::contract::secret_fields::SecretFields;
use ringback::contract::section::{Section, SectionDecl, SeedError};
use ringback::contract::variant::{Needs, Variant, VariantValue};
use ringback::inside::scenario::{Document, Embedded, Shape, fields_from_json};
use serde_json::{Value, json};

const LISTS: &Rows = &Rows {
    fields: &[
        Field::required("dialer", Kind::Id, "The dialer's id.").unique(),
        Field::required("fields", Kind::List(&Kind::Text), "Lead fields that it takes."),
    ],
};

const CLIENTS: &Rows = &Rows {
    fields: &[
        Field::required("id", Kind::Id, "The tenant's id.").unique(),
        Field::optional("tokens", Kind::List(&Kind::Text), "Its API tokens."),
    ],
};

const CAMPAIGNS: &Rows = &Rows {
    fields: &[
        Field::required("id", Kind::Id, "The campaign's id.").unique(),
        Field::required("client", Kind::Id, "Its tenant.").refers("clients"),
        Field::required("name", Kind::Text, "Its name.").unique(),
        Field::optional("state", Kind::OneOf(&["running", "paused", "closed"]), "Its state."),
        Field::optional("lines", Kind::Integer { min: 1, max: 100 }, "Parallel lines."),
        Field::optional("begins", Kind::Time, "Its first day."),
        Field::optional("preview", Kind::Duration, "Time to read the contact."),
        Field::optional("lists", Kind::Rows(LISTS), "Where its leads go."),
    ],
};

const CONTACTS: &Rows = &Rows {
    fields: &[
        Field::required("id", Kind::Id, "The contact's id.").unique(),
        Field::required("campaign", Kind::Text, "Its campaign.").refers("campaigns.name"),
        Field::required("name", Kind::Text, "Surname."),
        Field::optional("phone", Kind::Checked(phone), "E.164."),
        Field::optional("amount", Kind::Decimal, "What is owed."),
        Field::optional("locked", Kind::Bool, "Whether an agent has it."),
        Field::optional("tags", Kind::List(&Kind::Text), "Labels."),
        Field::optional("tries", Kind::INTEGER, "Attempts so far."),
        Field::optional("next_try", Kind::Time, "Not before."),
        Field::optional("of", Kind::List(&Kind::Id), "Contacts of the same household.")
            .refers("contacts"),
    ],
};

const SETTINGS: &[Field] = &[
    Field::required("secret", Kind::Text, "The key that hashes are made with."),
    Field::optional("wait", Kind::Duration, "How long a hash holds."),
];

const JTEL: &[Field] = &[
    Field::optional("settings", Kind::Table(SETTINGS), "Of the installation."),
    Field::optional("zone", Kind::Text, "Its time zone."),
    Field::optional("clients", Kind::Rows(CLIENTS), "Tenants."),
    Field::optional("campaigns", Kind::Rows(CAMPAIGNS), "Campaigns."),
    Field::optional("contacts", Kind::Rows(CONTACTS), "Contacts."),
];

const USERS: &Rows = &Rows {
    fields: &[
        Field::required("username", Kind::Text, "The login.").unique(),
        Field::optional("type", Kind::OneOf(&["user", "admin"]), "Its role."),
    ],
};

const MOR: &[Field] = &[Field::required("users", Kind::Rows(USERS), "Users.")];

const ASSUMED: Evidence = Evidence::Assumed("jtel 4");

const PICK: &[Variant] = &[Variant {
    name: "pick",
    text: "Which of two contacts is meant.",
    values: &[
        VariantValue { name: "highest_id", text: "The newest.", evidence: ASSUMED },
        VariantValue { name: "lowest_id", text: "The oldest.", evidence: ASSUMED },
    ],
    needs: Needs::Read,
}];

const SECTIONS: &[SectionDecl] = &[
    SectionDecl {
        vendor: "jtel",
        fields: JTEL,
        variants: PICK,
        secrets: SecretFields::NONE,
        hosts: &[],
    },
    SectionDecl {
        vendor: "mor",
        fields: MOR,
        variants: &[],
        secrets: SecretFields::NONE,
        hosts: &[],
    },
];

const SHAPE: Shape<'_> = Shape { top: &[], sections: SECTIONS };

fn phone(text: &str) -> Result<(), String> {
    let is_phone = text.starts_with('+') && text[1..].bytes().all(|b| b.is_ascii_digit());
    if is_phone { Ok(()) } else { Err("a phone number such as \"+15550100\"".into()) }
}

/// Reads everything as the vendors would, and prints what they were given or what is wrong.
fn transcript(mut document: Document) -> String {
    let mut told = String::new();
    if let Some(title) = document.title() {
        writeln!(told, "title {title}").unwrap();
    }
    if let Some(seed) = document.seed() {
        writeln!(told, "seed {seed}").unwrap();
    }
    if let Some(clock) = document.clock() {
        writeln!(told, "clock {}", clock.to_json()).unwrap();
    }
    for (vendor, variant, value) in document.variants() {
        writeln!(told, "{vendor} {variant} = {value}").unwrap();
    }
    seed_jtel(&mut document.part("jtel"), &mut told);
    match document.finish() {
        Ok(summary) => {
            let rows = summary.collections.iter();
            let counts: Vec<String> =
                rows.map(|c| format!("{}.{} {}", c.section, c.name, c.n_rows)).collect();
            format!("{told}fine: {}", counts.join(", ")).trim_end().to_owned()
        }
        Err(mistakes) => mistakes.to_string(),
    }
}

/// A vendor with one rule of its own: contact 13 is never taken. It leaves no section of `mor`
/// read, so that is checked by `finish`.
fn seed_jtel(source: &mut dyn Section, told: &mut String) {
    if let Some(settings) = source.table("settings").unwrap() {
        writeln!(told, "settings {}", shown(&settings)).unwrap();
        if settings.text("secret").len() < 4 {
            source.refuse("settings", Some("secret"), "the secret is too short".into());
        }
    }
    if let Some(zone) = source.value("zone").unwrap() {
        writeln!(told, "zone {}", zone.as_text().unwrap()).unwrap();
    }
    for name in ["clients", "campaigns", "contacts"] {
        let mut each = |row: &Row<'_>| {
            if name == "contacts" && row.text("id") == "13" {
                return Err(SeedError::field("id", "contact 13 is never taken"));
            }
            writeln!(told, "{name} {}", shown(row)).unwrap();
            Ok(())
        };
        source.rows(name, &mut each).unwrap();
    }
}

fn shown(row: &Row<'_>) -> String {
    let cells = row.fields().iter().zip(row.cells());
    let given = cells.filter(|(_, cell)| **cell != Cell::Absent);
    given
        .map(|(field, cell)| format!("{}={}", field.name, shown_cell(cell)))
        .collect::<Vec<_>>()
        .join(" ")
}

fn shown_cell(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Cell::Absent => "-".into(),
        Cell::Text(text) => text.to_string(),
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(number) => format!("{number:?}"),
        Cell::Bool(flag) => flag.to_string(),
        Cell::Time(at) => format!("{}ms", at.as_millis()),
        Cell::Duration(length) => format!("{}ms", length.as_millis()),
        Cell::List(cells) => format!("{:?}", cells.iter().map(shown_cell).collect::<Vec<_>>()),
        Cell::Table(row) => format!("({})", shown(row)),
        Cell::Rows(rows) => format!("{:?}", rows.iter().map(shown).collect::<Vec<_>>()),
        Cell::Json(value) => value.to_string(),
    }
}

fn toml(text: &str) -> String {
    toml_with(text, &[])
}

fn toml_with(text: &str, files: &'static [(&'static str, &'static str)]) -> String {
    transcript(Document::from_toml_text("demo.toml", text, Box::new(Embedded(files)), SHAPE))
}

fn json_body(value: &Value) -> String {
    transcript(Document::from_json("body", value, SHAPE))
}

const GOOD: &str = r#"
title = "Spring recall"
seed  = 42
clock = { mode = "scaled", at = 2026-03-02T10:00:00+01:00, rate = 60 }

[jtel]
zone      = "UTC"
settings  = { secret = "hush", wait = "1h30m" }
clients   = [{ id = 7, tokens = ["SIMTOKEN-7A"] }, { id = "8b" }]
contacts  = [{ csv = "spring.csv" }, { id = 99, campaign = "Spring", name = "Ruiz", of = [1, "2"], amount = 3 }]
variants  = { pick = "lowest_id" }

[[jtel.campaigns]]
id = 612
client = 7
name = "Spring"
state = "running"
lines = 0x10
begins = "2026-03-02T09:00:00.250Z"
preview = "90s"
lists = [{ dialer = "DI1", fields = ["leadPhone", "leadEmail"] }]

[mor]
users = [{ username = "dialer_bob", type = "user" }]
"#;

const CSVS: &[(&str, &str)] = &[(
    "spring.csv",
    "id,name,campaign,phone,amount,locked,tags,tries,next_try,of\r\n\
     1,Okafor,Spring,+15550100,12.50,true,a|b,3,2026-03-02T09:00:00Z,\r\n\
     \r\n\
     2,\"Lindgren, \"\"Pat\"\"\",Spring,,,,,,,1\r\n\
     x3,,Spring,,,false,,-4,,1|2\r\n",
)];

/// Compares line by line; the expected text may be indented.
#[track_caller]
fn check(told: &str, expected: &str) {
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(told, expected.join("\n"));
}

#[test]
fn declarations_of_these_tests_are_sound() {
    assert_eq!(audit(JTEL), Vec::<String>::new());
    assert_eq!(audit(MOR), Vec::<String>::new());
}

#[test]
fn good_scenario_gives_its_rows() {
    check(
        &toml_with(GOOD, CSVS),
        r#"
        title Spring recall
        seed 42
        clock {"mode":"scaled","at":"2026-03-02T09:00:00Z","rate":60.0}
        jtel pick = lowest_id
        settings secret=hush wait=5400000ms
        zone UTC
        clients id=7 tokens=["SIMTOKEN-7A"]
        clients id=8b
        campaigns id=612 client=7 name=Spring state=running lines=16 begins=1772442000250ms preview=90000ms lists=["dialer=DI1 fields=[\"leadPhone\", \"leadEmail\"]"]
        contacts id=1 campaign=Spring name=Okafor phone=+15550100 amount=12.5 locked=true tags=["a", "b"] tries=3 next_try=1772442000000ms
        contacts id=2 campaign=Spring name=Lindgren, "Pat" of=["1"]
        contacts id=x3 campaign=Spring name= locked=false tries=-4 of=["1", "2"]
        contacts id=99 campaign=Spring name=Ruiz amount=3.0 of=["1", "2"]
        fine: jtel.clients 2, jtel.campaigns 1, jtel.contacts 4, mor.users 1
    "#,
    );
}

#[test]
fn same_scenario_as_json_gives_the_same_rows() {
    let scenario = json!({
        "title": "Spring recall",
        "seed": 42,
        "clock": {"mode": "scaled", "at": "2026-03-02T10:00:00+01:00", "rate": 60},
        "jtel": {
            "zone": "UTC",
            "settings": {"secret": "hush", "wait": "1h30m"},
            "clients": [{"id": 7, "tokens": ["SIMTOKEN-7A"]}, {"id": "8b", "tokens": null}],
            "contacts": [
                {"csv": CSVS[0].1},
                {"id": 99, "campaign": "Spring", "name": "Ruiz", "of": [1, "2"], "amount": 3},
            ],
            "variants": {"pick": "lowest_id"},
            "campaigns": [{
                "id": 612, "client": 7, "name": "Spring", "state": "running", "lines": 16,
                "begins": "2026-03-02T09:00:00.250Z", "preview": "90s",
                "lists": [{"dialer": "DI1", "fields": ["leadPhone", "leadEmail"]}],
            }],
        },
        "mor": {"users": [{"username": "dialer_bob", "type": "user"}]},
    });
    let from_toml = toml_with(GOOD, CSVS);
    assert_eq!(json_body(&scenario), from_toml);
    let from_text = Document::from_json_text("body", &scenario.to_string(), SHAPE);
    assert_eq!(transcript(from_text), from_toml);
}

#[test]
fn empty_scenario_is_a_scenario() {
    check(&toml(""), "fine:");
    check(&json_body(&json!({})), "fine:");
}

#[test]
fn five_mistakes_of_five_kinds_are_all_told() {
    check(
        &toml(
            r#"
            seed = "42"
            [jtel]
            clients = [{ id = 7 }]
            campains = []
            [[jtel.campaigns]]
            id = 612
            client = 8
            state = "runing"
        "#,
        ),
        r#"
        demo.toml:2:20: "seed" is the text "42"; expected an integer of at least 0; write it without quotes
        demo.toml:5:13: unknown key "campains" in [jtel]; expected one of settings, zone, clients, campaigns, contacts, variants, hosts; did you mean "campaigns"?
        demo.toml:6:13: "name" is missing in [[jtel.campaigns]]; expected text
        demo.toml:8:22: "client" is "8"; expected the id of one of clients
        demo.toml:9:21: "state" is "runing"; expected one of "running", "paused", "closed"; did you mean "running"?
        "#,
    );
}

#[test]
fn failure_of_the_program_stops_the_loading() {
    let text = "[jtel]\nclients = [{ id = 7 }, { id = 8 }]";
    let mut document = Document::from_toml_text("demo.toml", text, Box::new(Embedded(&[])), SHAPE);
    let mut n_rows = 0;
    let outcome = document.part("jtel").rows("clients", &mut |_| {
        n_rows += 1;
        Err(SeedError::internal("disk full"))
    });
    assert!(matches!(outcome, Err(SeedError::Internal(_))));
    assert_eq!(n_rows, 1);
    assert!(document.is_sound());
}

#[test]
fn fields_at_the_top_can_be_added() {
    const STEP: &Rows = &Rows { fields: &[Field::required("send", Kind::Text, "The request.")] };
    const TOP: &[Field] = &[Field::optional("line", Kind::Rows(STEP), "Steps to replay.")];
    let shape = Shape { top: TOP, sections: SECTIONS };
    let text = "[[line]]\nsend = \"GET /\"\n[[line]]\nsent = \"GET /\"";
    let mut document = Document::from_toml_text("demo.toml", text, Box::new(Embedded(&[])), shape);
    let mut sent = Vec::new();
    let mut each = |row: &Row<'_>| {
        sent.push(row.text("send").to_owned());
        Ok(())
    };
    document.top().rows("line", &mut each).unwrap();
    assert_eq!(sent, ["GET /"]);
    check(
        &document.finish().unwrap_err().to_string(),
        r#"
        demo.toml:3:1: "send" is missing in [[line]]; expected text
        demo.toml:4:1: unknown key "sent" in [[line]]; expected one of send; did you mean "send"?
        "#,
    );
}

#[test]
fn bodies_of_events_are_checked_alike() {
    const LISTS_COLUMN: usize = column(CAMPAIGNS.fields, "lists");
    let body = json!({"id": 5, "client": "x", "name": "a", "begins": "2026-03-02T09:00:00Z",
        "lists": [{"dialer": 1, "fields": []}]});
    let row = fields_from_json(CAMPAIGNS.fields, "event", &body).unwrap();
    assert_eq!((row.text("id"), row.time("begins").as_millis()), ("5", 1_772_442_000_000));
    assert_eq!((row.opt_int("lines"), row.opt_duration("preview")), (None, None));
    assert_eq!(row.rows("lists")[0].text("dialer"), "1");
    assert!(matches!(row.cell(LISTS_COLUMN), Cell::Rows(_)));

    let told = |body: &Value| fields_from_json(SETTINGS, "event", body).unwrap_err().to_string();
    check(
        &told(&json!({"secrt": "x", "wait": "5"})),
        r#"
        event: "secret" is missing in event; expected text
        event#/secrt: unknown key "secrt" in event; expected one of secret, wait; did you mean "secret"?
        event#/wait: "wait" is "5"; expected a length of time such as "30s", "90m" or "1h30m"
        "#,
    );
    check(&told(&json!(5)), "event: the body is the integer 5; expected a table");
}

#[test]
fn audit_finds_faulty_declarations() {
    const BAD: &[Field] = &[
        Field::optional("late", Kind::Id, "").refers("rows"),
        Field::optional("rows", Kind::Rows(&Rows { fields: BAD_ROWS }), ""),
        Field::optional("rows", Kind::List(&Kind::List(&Kind::Text)), ""),
    ];
    const BAD_ROWS: &[Field] = &[
        Field::optional("csv", Kind::Bool, "").unique(),
        Field::required("to", Kind::Id, "").refers("rows.to"),
    ];
    check(
        &audit(BAD).join("\n"),
        "
        late refers to rows, which is not a unique field further up
        rows declares csv, a name that scenarios reserve
        rows.csv is unique, but neither text nor an integer
        rows.to refers to rows.to, which is not a unique field further up
        rows is a list of something that is not a scalar
        the section declares rows twice
        ",
    );
}

#[test]
fn document_can_be_read_on_another_thread() {
    fn check_send<T: Send>(_: &T) {}
    check_send(&Document::from_json("body", &json!({}), SHAPE));
}
