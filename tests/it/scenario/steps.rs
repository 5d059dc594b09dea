//! The steps of a scenario, and scenarios that extend another.

use std::fs;

use ringback::inside::app;
use ringback::inside::base::time::Instant;
use ringback::inside::scenario::step::{Action, Wanted};
use ringback::inside::scenario::{Document, Embedded, NoFiles};
use ringback::inside::sim::loading::settings::ClockSpec;
use ringback::inside::sim::worlds::Worlds;
use ringback::inside::sim::worlds::folder::Keep;

use super::{SHAPE, check, toml, toml_with, transcript};

#[test]
fn a_step_is_read_with_the_places_of_its_parts() {
    let text = r#"
        [[step]]
        name = "log in"
        send = """
        POST /login HTTP/1.1
        """
        expect = { status = 200, capture = { token = { header = "Set-Cookie", regex = "T=(.+)" } } }

        [[step]]
        name = "read"
        send = { method = "GET", path = "/a/{{token}}", headers = { Cookie = "T={{token}}" } }
        repeat = 3
        [step.expect]
        json = { id = 5, tags = ["a"] }
        fields = { "/id" = 5 }
    "#;
    // What a text says begins at the left.
    let text = text.replace("        ", "");
    let document = Document::from_toml_text("a.toml", &text, Box::new(NoFiles), SHAPE);
    let [log_in, read] = document.steps() else { panic!("{:?}", document.finish()) };
    assert_eq!((log_in.name.as_str(), log_in.at.to_string()), ("log in", "a.toml:2:1".into()));
    let Action::Send(send) = &log_in.action else { panic!() };
    assert_eq!((send.method.as_str(), send.path.as_str()), ("POST", "/login"));
    assert_eq!(log_in.captures[0].name, "token");
    assert_eq!(read.rounds.len(), 3);
    assert_eq!(read.rounds[2].variables, [("round".to_owned(), "3".to_owned())]);
    let places: Vec<String> = read.expect.iter().map(|it| it.at.to_string()).collect();
    assert_eq!(places, ["a.toml:14:8", "a.toml:15:20"]);
    let Wanted::Json { marks, .. } = &read.expect[0].wanted else { panic!() };
    let tag = marks.iter().find(|(pointer, _)| pointer == "/tags/0").unwrap();
    assert_eq!(tag.1.to_string(), "a.toml:14:26");
}

#[test]
fn what_is_wrong_with_a_step_is_told_where_it_stands() {
    check(
        &toml(
            r#"
            [[step]]
            name = "nothing"
            [[step]]
            name = "two things"
            advance = "5m"
            send = "GET /"
            [[step]]
            name = "no request line"
            send = "hello"
            [[step]]
            name = "no header"
            send = """
GET /x
Accept application/json
"""
            [[step]]
            name = "bad target"
            send = { method = "GET", path = "x y" }
            expcet = { status = 200 }
            [[step]]
            name = "expectations"
            send = "GET /"
            expect = { status = 99, json = "{", regex = "(", csv = 5, xml = "<a>", reply = "soon", headers = { a = [] }, fields = { id = 1 } }
            [[step]]
            name = "captures"
            send = "GET /"
            expect = { capture = { "a b" = "/x", c = "x", d = {}, e = { header = "x", path = "/y" } } }
            [[step]]
            name = "clock"
            advance = "tomorrow"
            [[step]]
            name = "two bodies"
            send = { method = "POST", path = "/", body = "a", json = {} }
            [[step]]
            name = "rounds"
            send = "GET /"
            repeat = 0
        "#,
        ),
        r#"
        demo.toml:2:13: step "nothing" does nothing; expected one of send, event, advance, seed, verify
        demo.toml:6:13: step "two things" does two things; expected one of send, event, advance, seed, verify; make two steps of it
        demo.toml:10:20: the request line is "hello"; expected a method, a space and a target, such as GET /path?query
        demo.toml:15:1: the header line "Accept application/json" has no colon; expected Name: value; an empty line parts the headers from the body
        demo.toml:20:13: unknown key "expcet" in [[step]]; expected one of name, send, event, advance, seed, verify, expect, repeat, each, timeout, recorded; did you mean "expect"?
        demo.toml:24:33: "status" is 99; expected an integer from 100 to 599
        demo.toml:24:92: "reply" is "soon"; expected one of "whole", "cut", "none", "late"
        demo.toml:28:36: "a b" cannot be a variable; expected a name of letters, digits, "_" or "-", but not round
        demo.toml:28:54: the path is "x"; expected a JSON pointer such as "/0/id", or an XML path such as "/Reply/Id"; a header is { header = "…" }, a pattern { regex = "…" }
        demo.toml:28:63: "d" is taken from nowhere in particular; expected one of path and header, or a regex for the body
        demo.toml:28:71: "e" is taken from nowhere in particular; expected one of path and header, or a regex for the body
        demo.toml:31:23: "advance" is "tomorrow"; expected a length of time such as "90m", an instant such as "2026-03-02T17:00:00Z", or "next"
        demo.toml:34:63: a second body; expected one of body, json, form
        demo.toml:38:22: "repeat" is 0; expected an integer from 1 to 10000
        "#,
    );
}

#[test]
fn what_an_expectation_cannot_be_is_told_once_the_rest_is_right() {
    check(
        &toml(
            r#"
            [[step]]
            name = "expectations"
            send = "GET /"
            [step.expect]
            json = """
{ "a": 1,
  "b" }"""
            regex = ["fine", "("]
            csv = 5
            xml = "<a>"
            headers = { a = [] }
            fields = { id = 1 }
            body_contains = 7
            [[step]]
            name = "bad target"
            send = { method = "GET", path = "x y" }
        "#,
        ),
        r#"
        demo.toml:8:1: "json" is no JSON: expected `:`; expected a table, a list, or JSON as text
        demo.toml:9:30: the pattern "(" cannot be read: unclosed group; expected a regular expression
        demo.toml:10:19: "csv" is the integer 5; expected CSV as text, a list of lists, or a list of tables
        demo.toml:11:19: "xml" is no XML: it ends before its root is closed; expected one element, as text
        demo.toml:12:29: the header "a" is a list; expected its value as text, or true or false for whether it is there
        demo.toml:13:24: the path is "id"; expected a JSON pointer such as "/0/id", or an XML path such as "/Reply/Id"
        demo.toml:14:29: "body_contains" is the integer 7; expected text, or a list of texts
        demo.toml:17:20: the target is "x y"; expected a path that begins with /, other characters percent-encoded
        "#,
    );
}

#[test]
fn a_variable_that_nobody_captured_names_the_step_and_the_line() {
    check(
        &toml(
            r#"
            [[step]]
            name = "use"
            send = """
GET /a
Accept: x

{{tokn}}
"""
            expect = { fields = { "/{{row}}" = "{{round}}" }, capture = { token = "/t" } }
            [[step]]
            name = "use again"
            send = "GET /{{token}}"
            expect = { body = "{{tokn}}" }
        "#,
        ),
        r#"
        demo.toml:8:1: step "use" uses {{tokn}}, which no step before it captures; expected one of round
        demo.toml:10:48: step "use" uses {{row}}, which no step before it captures; expected one of round
        demo.toml:14:31: step "use again" uses {{tokn}}, which no step before it captures; expected one of token, round; did you mean "token"?
        "#,
    );
}

#[test]
fn a_step_for_each_row_needs_rows_and_columns_that_can_be_names() {
    check(
        &toml_with(
            r#"
            [[step]]
            name = "import"
            send = "GET /{{phone}}"
            each = { csv = "rows.csv" }
            [[step]]
            name = "import again"
            send = "GET /"
            each = { csv = "none.csv" }
            [[step]]
            name = "no file"
            send = "GET /"
            each = { csv = "lost.csv" }
        "#,
            &[("rows.csv", "phone,first name\n1,2\n3\n"), ("none.csv", "phone\n")],
        ),
        r#"
        demo.toml:9:28: the CSV has no rows; expected a row for each round of the step
        demo.toml:13:28: the CSV file "lost.csv" cannot be read; expected a file beside the scenario; there is no such file
        rows.csv:1:7: column "first name" cannot be a variable; expected a name of letters, digits, "_" or "-"
        rows.csv:3:1: a row of 1 cell; expected 2 as in the header
        "#,
    );
}

#[test]
fn rounds_come_from_the_rows_of_a_file() {
    let text =
        "[[step]]\nname = \"import\"\nsend = \"GET /{{phone}}\"\neach = { csv = \"rows.csv\" }";
    let files = Embedded(&[("rows.csv", "phone\n37060000001\n37060000002\n")]);
    let document = Document::from_toml_text("a.toml", text, Box::new(files), SHAPE);
    let rounds = &document.steps()[0].rounds;
    assert_eq!(rounds[1].at.to_string(), "rows.csv:3:1");
    assert_eq!(rounds[1].variables[0], ("phone".to_owned(), "37060000002".to_owned()));
}

#[test]
fn a_step_has_only_so_many_rounds() {
    let text =
        "[[step]]\nname = \"a\"\nsend = \"GET /{{n}}\"\nrepeat = 1000\neach = { csv = \"n.csv\" }";
    let rows = "1\n".repeat(11);
    let rows: &'static str = Box::leak(format!("n\n{rows}").into_boxed_str());
    let files: &'static [(&str, &str)] = Box::leak(Box::new([("n.csv", rows)]));
    check(
        &transcript(Document::from_toml_text("a.toml", text, Box::new(Embedded(files)), SHAPE)),
        "a.toml:5:1: 11000 rounds, one for each row and repetition; expected at most 10000",
    );
}

/// Makes a world of a scenario that may extend the demo; answers title, seed, time and what is
/// wrong.
fn made(text: &str) -> Result<String, String> {
    let library = app::library(None, ClockSpec::Frozen { at: Instant::MIN });
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    let mut opened = library.read_toml("own.toml", text);
    let json = opened.to_json().unwrap();
    let world = worlds.make("a", &mut opened).map_err(|error| error.to_string())?;
    let again = worlds.make("b", &mut library.read_json(&json)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let told = |world: &ringback::inside::sim::world::World| {
        let facts = world.facts();
        let variants = runtime.block_on(world.variants());
        format!(
            "{} {} {} {}",
            facts.title,
            facts.seed,
            facts.now.as_millis(),
            variants["jtel"]["pick"]
        )
    };
    assert_eq!(told(&world), told(&again), "as JSON it is the same world");
    Ok(told(&world))
}

#[test]
fn a_scenario_begins_with_the_world_of_another() {
    let text = r#"
        extends = "demo"
        title = "Own"
        clock = { mode = "frozen", at = "1970-01-01T00:00:01Z" }
        [jtel.variants]
        pick = "highest_id"
    "#;
    assert_eq!(made(text).unwrap(), r#"Own 42 1000 "highest_id""#);
    assert_eq!(made(r#"extends = "demo""#).unwrap(), r#"Demo 42 0 "lowest_id""#);
}

#[test]
fn what_cannot_be_extended_is_told() {
    check(
        &made("seed = 1\nextends = \"dmo\"").unwrap_err(),
        "own.toml:2:11: there is no scenario called \"dmo\"; expected one of demo, working-day, empty, jtel, \
         infocu5, maestro, maxcontact, mor, or a file beside this one, such as \"floor.toml\"; did you mean \"demo\"?",
    );
}

#[test]
fn rows_come_on_top_of_those_of_the_extended_scenario() {
    let text = r#"
        extends = "demo"
        [[jtel.contacts]]
        id = 9001
        campaign = 612
        name = "Own"
        phone_number1 = "4940555001"
        [mor.settings]
        allow_get = true
        [[mor.users]]
        username = "own"
        [[mor.campaigns]]
        id = 901
        name = "Own"
        user = "own"
    "#;
    assert_eq!(made(text).unwrap(), r#"Demo 42 0 "lowest_id""#);
    // An id that is there, and one that leads nowhere.
    let text =
        "extends = \"demo\"\n[[jtel.contacts]]\nid = 301501\ncampaign = 6120\nname = \"x\"\n";
    let told = [
        "own.toml:3:6: \"id\" is \"301501\", already there among the contacts of what this one extends; expected a value that no other row has; replace = true at the row takes the place of that one",
        "own.toml:4:12: \"campaign\" is \"6120\"; expected the id of one of campaigns; did you mean \"612\"?",
    ];
    check(&made(text).unwrap_err(), &told.join("\n"));
}

#[test]
fn several_are_extended_in_order_and_none_itself() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    write("floor.toml", "extends = \"demo\"\n[[mor.users]]\nusername = \"floor\"\n");
    write("more.toml", "title = \"More\"\n[jtel.variants]\npick = \"highest_id\"\n");
    let campaign = "[[mor.campaigns]]\nid = 901\nname = \"Own\"\nuser = \"floor\"\n";
    let own = format!("extends = [\"floor.toml\", \"more.toml\"]\n{campaign}");
    let own = write("own.toml", &own);
    let library = app::library(Some(own), ClockSpec::Frozen { at: Instant::MIN });
    let mut opened = library.open_first().unwrap();
    let told = opened.to_json().unwrap();
    assert_eq!(
        (&told["title"], told["mor"]["users"].as_array().unwrap().len()),
        (&"More".into(), 4)
    );
    let worlds = Worlds::new(app::vendors(), Keep::Memory).unwrap();
    worlds.make("a", &mut opened).unwrap_or_else(|error| panic!("{error}"));
    let lost = write("lost.toml", "title = \"a\"\nextends = [\"demo\", \"nowhere.toml\"]\n");
    let library = app::library(Some(lost), ClockSpec::Frozen { at: Instant::MIN });
    let refused = worlds.make("b", &mut library.open_first().unwrap()).unwrap_err().to_string();
    let told = "lost.toml:2:11: the scenario nowhere.toml cannot be read: there is no such file";
    assert!(refused.contains(told), "{refused}");
    let round = write("round.toml", "extends = \"round.toml\"\n");
    let library = app::library(Some(round), ClockSpec::Frozen { at: Instant::MIN });
    let refused = worlds.make("b", &mut library.open_first().unwrap()).unwrap_err().to_string();
    assert!(refused.contains("\"round.toml\" extends itself"), "{refused}");
}
