//! What is wrong with a scenario, whatever its form.

use ringback::inside::scenario::{Document, Embedded, Mistakes};
use serde_json::json;

use super::{SHAPE, check, json_body, toml, toml_with, transcript};

#[test]
fn unknown_keys_are_told_at_every_level() {
    check(
        &toml(
            r#"
            titel = "x"
            [jtel]
            variants = { pik = "lowest_id" }
            settings = { secret = "hush", wiat = "5s" }
            campaigns = [{ id = 1, client = 7, name = "a", lists = [{ dialer = 1, fields = [], x = 1 }] }]
            clients = [{ id = 7, token = [] }]
            [mro]
        "#,
        ),
        r#"
        demo.toml:2:13: unknown key "titel" at the top level; expected one of title, seed, clock, extends, step, jtel, mor; did you mean "title"?
        demo.toml:4:26: unknown key "pik" in [jtel.variants]; expected one of pick; did you mean "pick"?
        demo.toml:5:43: unknown key "wiat" in [jtel.settings]; expected one of secret, wait; did you mean "wait"?
        demo.toml:6:96: unknown key "x" in [[jtel.campaigns.lists]]; expected one of dialer, fields
        demo.toml:7:34: unknown key "token" in [[jtel.clients]]; expected one of id, tokens; did you mean "tokens"?
        demo.toml:8:14: unknown key "mro" at the top level; expected one of title, seed, clock, extends, step, jtel, mor; did you mean "mor"?
        "#,
    );
}

#[test]
fn wrong_types_say_what_was_found() {
    check(
        &toml(
            r#"
            title = 5
            [jtel]
            zone = ["UTC"]
            settings = "x"
            clients = { id = 7, tokens = [] }
            campaigns = [5]
            [[jtel.contacts]]
            id = 1.5
            campaign = { name = "x" }
            name = 2026-03-02
            amount = "12.50"
            locked = "true"
            tags = "a"
            of = [1, true]
        "#,
        ),
        r#"
        demo.toml:2:21: "title" is the integer 5; expected text; write it in quotes
        demo.toml:4:20: "zone" is a list; expected text
        demo.toml:5:24: "settings" is the text "x"; expected a table
        demo.toml:6:23: "clients" is a table; expected a list of tables, or { csv = "file.csv" }; put it in [ ]
        demo.toml:7:26: element 1 of "campaigns" is the integer 5; expected a table, or { csv = "file.csv" }
        demo.toml:9:18: "id" is the number 1.5; expected an id (text or an integer)
        demo.toml:10:24: "campaign" is a table; expected text
        demo.toml:11:20: "name" is the time 2026-03-02; expected text; write it in quotes
        demo.toml:12:22: "amount" is the text "12.50"; expected a number; write it without quotes
        demo.toml:13:22: "locked" is the text "true"; expected true or false; write it without quotes
        demo.toml:14:20: "tags" is the text "a"; expected a list, each element text; put it in [ ]
        demo.toml:15:19: element 1 of "of" is "1"; expected the id of one of contacts; there are no contacts
        demo.toml:15:22: element 2 of "of" is true; expected an id (text or an integer)
        "#,
    );
}

#[test]
fn values_out_of_their_bounds() {
    check(
        &toml(
            r#"
            seed = -1
            [jtel]
            clients = [{ id = "" }, { id = 7 }]
            [[jtel.campaigns]]
            id = 99999999999999999999
            client = 7
            name = "a"
            lines = 101
            preview = "1h 30m"
            begins = 2026-03-02T09:00:00
            [[jtel.campaigns]]
            id = 2
            client = 7
            name = "b"
            preview = 30
            begins = "2026-03-02"
            [[jtel.contacts]]
            id = 1
            campaign = "a"
            name = "x"
            phone = "0155"
            amount = nan
            next_try = "soon"
        "#,
        ),
        r#"
        demo.toml:2:20: "seed" is -1; expected an integer of at least 0
        demo.toml:4:31: "id" is ""; expected an id (text or an integer)
        demo.toml:6:18: "id" is the number 99999999999999999999; expected an id (text or an integer)
        demo.toml:9:21: "lines" is 101; expected an integer from 1 to 100
        demo.toml:10:23: "preview" is "1h 30m"; expected a length of time such as "30s", "90m" or "1h30m"
        demo.toml:11:22: "begins" is "2026-03-02T09:00:00"; expected a time with its offset, such as "2026-03-02T09:00:00Z"; the offset is missing; append Z for UTC
        demo.toml:16:23: "preview" is the integer 30; expected a length of time such as "30s", "90m" or "1h30m"; add the unit, such as "30ms" or "30s"
        demo.toml:17:22: "begins" is "2026-03-02"; expected a time with its offset, such as "2026-03-02T09:00:00Z"; time of day and offset are missing; append T00:00:00Z for midnight UTC
        demo.toml:22:21: "phone" is "0155"; expected a phone number such as "+15550100"
        demo.toml:23:22: "amount" is the number nan; expected a number
        demo.toml:24:24: "next_try" is "soon"; expected a time with its offset, such as "2026-03-02T09:00:00Z"
        "#,
    );
}

#[test]
fn clock_has_rules_between_its_fields() {
    let clock = |clock: &str| toml(&format!("clock = {clock}"));
    let at = r#"at = "2026-03-02T09:00:00Z""#;
    check(
        &clock(r#"{ mode = "frozen" }"#),
        r#"demo.toml:1:9: "at" is missing in [clock], which is frozen; expected a time with its offset, such as "2026-03-02T09:00:00Z""#,
    );
    check(
        &clock(&format!(r#"{{ mode = "scaled", {at} }}"#)),
        r#"demo.toml:1:9: "rate" is missing in [clock], which is scaled; expected a number"#,
    );
    check(
        &clock(&format!(r#"{{ mode = "scaled", rate = 0, {at} }}"#)),
        r#"demo.toml:1:35: "rate" is 0; expected a rate above 0 and up to 100000"#,
    );
    check(
        &clock(&format!(r#"{{ mode = "frozen", rate = 2, {at} }}"#)),
        r#"demo.toml:1:28: "rate" is given in [clock], which is frozen; expected it only where the clock is scaled"#,
    );
    check(
        &clock(&format!(r#"{{ mode = "real", {at} }}"#)),
        r#"demo.toml:1:26: "at" is given in [clock], which is real; expected it only where the clock is frozen or scaled"#,
    );
    check(&clock(r#"{ mode = "real" }"#), "clock {\"mode\":\"real\"}\nfine:");
}

#[test]
fn variants_are_checked_against_their_declaration() {
    check(
        &toml("[jtel]\nvariants = { pick = \"lowest_idd\" }\n[mor]\nusers = []\nvariants = 5"),
        r#"
        demo.toml:2:21: "pick" is the text "lowest_idd"; expected one of "highest_id", "lowest_id"; did you mean "lowest_id"?
        demo.toml:5:12: "variants" is the integer 5; expected a table of names and values
        "#,
    );
}

#[test]
fn duplicates_tell_where_the_first_one_is() {
    check(
        &toml_with(
            r#"
            [jtel]
            clients = [{ id = 7 }, { id = "7" }]
            campaigns = [{ id = 1, client = 7, name = "Spring" }]
            contacts = [
                { id = 3, campaign = "Spring", name = "a" },
                { csv = "more/dup.csv" },
                { id = 5, campaign = "Spring", name = "b" },
            ]
            "#,
            &[("more/dup.csv", "id,campaign,name\n5,Spring,x\n3,Spring,y\n")],
        ),
        r#"
        demo.toml:3:43: "id" is "7", already used at demo.toml:3; expected a value that no other row has
        demo.toml:8:24: "id" is "5", already used at more/dup.csv:2; expected a value that no other row has
        more/dup.csv:3:1: "id" is "3", already used at demo.toml:6; expected a value that no other row has
        "#,
    );
}

#[test]
fn row_with_a_mistake_can_still_be_referred_to() {
    check(
        &toml(
            r#"
            [jtel]
            clients = [{ id = 7 }]
            campaigns = [{ id = 1, client = 7, name = "Spring", lines = 0 }]
            contacts = [{ id = 1, campaign = "Sprung", name = "x" }, { id = 2, campaign = "Spring", name = "y", of = [2] }]
        "#,
        ),
        r#"
        demo.toml:4:73: "lines" is 0; expected an integer from 1 to 100
        demo.toml:5:46: "campaign" is "Sprung"; expected the name of one of campaigns; did you mean "Spring"?
        demo.toml:5:119: element 1 of "of" is "2"; expected the id of one of contacts
        "#,
    );
}

#[test]
fn vendor_refuses_rows_and_tables_in_their_place() {
    check(
        &toml(
            r#"
            [jtel]
            settings = { secret = "no" }
            clients = [{ id = 7 }]
            campaigns = [{ id = 1, client = 7, name = "Spring" }]
            contacts = [{ name = "x", id = 13, campaign = "Spring" }]
        "#,
        ),
        "
        demo.toml:3:35: the secret is too short
        demo.toml:6:44: contact 13 is never taken
        ",
    );
}

#[test]
fn section_that_nobody_reads_is_checked_all_the_same() {
    check(
        &toml("[mor]\nusers = [{ username = 5, type = \"boss\" }]"),
        r#"
        demo.toml:2:23: "username" is the integer 5; expected text; write it in quotes
        demo.toml:2:33: "type" is "boss"; expected one of "user", "admin"
        "#,
    );
    check(
        &toml("[mor]\n"),
        r#"demo.toml:1:1: "users" is missing in [mor]; expected a list of tables, or { csv = "file.csv" }"#,
    );
}

#[test]
fn syntax_mistakes_are_told_with_the_rest() {
    check(
        &toml(
            r#"
            title =
            seed 42
            seed = -5
            [jtel]
            zone = "UTC
            clients = [{ id = 7 }, { idd = 7 }]
            zone = 5
            contacts = [{ id = 1 campaign = "x" }]
        "#,
        ),
        r#"
        demo.toml:2:20: a value is missing; expected a value after =
        demo.toml:3:18: key with no value; expected `=`
        demo.toml:4:20: "seed" is -5; expected an integer of at least 0
        demo.toml:6:24: invalid basic string; expected `"`
        demo.toml:7:38: unknown key "idd" in [[jtel.clients]]; expected one of id, tokens; did you mean "id"?
        demo.toml:8:13: duplicate key
        demo.toml:9:32: string values must be quoted; expected literal string
        "#,
    );
    check(
        &toml("[jtel]\nclients = [{ id = 7 ]\nzone = 5\nsettings = 6\n"),
        "demo.toml:2:21: invalid inline table element; expected `,`",
    );
}

#[test]
fn json_mistakes_have_pointers() {
    check(
        &json_body(&json!({
            "seed": 1.5,
            "jtel": {
                "clients": [{"id": 7}, {"id": "7", "tokens": ["a", 5]}, {"id": null}],
                "contacts": {"csv": "id,campaign,name\n1,x,y\n1,Spring,\n"},
                "campaigns": [{"id": 1, "client": 9, "name": "Spring"}],
                "zo/ne~": 1,
            },
            "mor": {"users": {"csv": ["username"]}},
        })),
        r#"
        body#/seed: "seed" is the number 1.5; expected an integer of at least 0
        body#/jtel/clients/1/id: "id" is "7", already used at body#/jtel/clients/0; expected a value that no other row has
        body#/jtel/clients/1/tokens/1: element 2 of "tokens" is the integer ***(1); expected text; write it in quotes
        body#/jtel/clients/2: "id" is missing in [[jtel.clients]]; expected an id (text or an integer)
        body#/jtel/campaigns/0/client: "client" is "9"; expected the id of one of clients
        body#/jtel/zo~1ne~0: unknown key "zo/ne~" in [jtel]; expected one of settings, zone, clients, campaigns, contacts, variants, hosts; did you mean "zone"?
        body#/mor/users/csv: "csv" is a list; expected CSV as text
        body#/jtel/contacts/csv:2:3: "campaign" is "x"; expected the name of one of campaigns
        body#/jtel/contacts/csv:3:1: "id" is "1", already used at body#/jtel/contacts/csv:2; expected a value that no other row has
        "#,
    );
    check(&json_body(&json!([])), "body: the scenario is a list; expected a table");
}

#[test]
fn json_syntax_mistakes_have_lines() {
    let told = |text: &str| transcript(Document::from_json_text("body", text, SHAPE));
    check(&told("{\"title\": \"é\",\n \"é\": }"), "body:2:7: expected value; expected JSON");
    check(&told("{\"seed\": 1"), "body:1:10: EOF while parsing an object; expected JSON");
}

#[test]
fn deep_nesting_is_refused() {
    let lists = format!("zone = {}{}", "[".repeat(40), "]".repeat(40));
    check(
        &toml(&format!("[jtel]\n{lists}")),
        "demo.toml:2:38: nested too deeply; expected at most 32 levels of tables and lists",
    );
    let keys = format!("{}a = 1", "a.".repeat(100_000));
    assert!(toml(&keys).starts_with("demo.toml:1:"));
    let mut value = json!(5);
    for _ in 0..40 {
        value = json!([value]);
    }
    assert!(json_body(&value).contains("nested too deeply"));
}

#[test]
fn only_so_many_mistakes_are_kept() {
    let rows = "{ id = 1 },".repeat(250);
    let told = toml(&format!("[jtel]\nclients = [{rows}]"));
    assert_eq!(told.lines().count(), 101);
    assert!(told.ends_with("\nand 149 more"), "{told}");
}

#[test]
fn mistakes_are_rendered_as_json() {
    let text = "[jtel]\nclients = [{ idd = 7 }]";
    let document = Document::from_toml_text("demo.toml", text, Box::new(Embedded(&[])), SHAPE);
    let mistakes: Mistakes = document.finish().unwrap_err();
    assert_eq!(
        mistakes.to_json()["mistakes"][1],
        json!({
            "file": "demo.toml",
            "line": 2,
            "column": 14,
            "pointer": null,
            "expected": "one of id, tokens",
            "found": "unknown key \"idd\" in [[jtel.clients]]",
            "hint": "did you mean \"id\"?",
            "message": "demo.toml:2:14: unknown key \"idd\" in [[jtel.clients]]; expected one of id, tokens; did you mean \"id\"?",
        })
    );
}
