//! The commands that ask a running program's control plane: worlds, clock, events, faults, verdicts.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::thread;

use serde_json::{Value, json};

use super::{ask, told};
use crate::support::http::http;
use crate::support::program::{AGENTS, ringback, run, serve};

fn json_told(running: &crate::support::program::Running, args: &[&str]) -> Value {
    let all: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    serde_json::from_str(&told(running, &all)).unwrap()
}

#[test]
fn worlds_are_made_listed_forked_reset_and_deleted() {
    let running = serve(&[]);
    let made = told(&running, &["world", "make", "a", "--seed", "7", "--ttl", "10m"]);
    assert!(made.starts_with("made a: ") && made.contains("seed 7"), "{made}");
    let made = json_told(&running, &["world", "make", "b", "--strict", "--claims", "mor:u=bob"]);
    assert_eq!((&made["name"], &made["claims"]), (&json!("b"), &json!(["mor:u=bob"])));
    assert_eq!(running.admin("GET", "/v1/worlds/b/strict", "").1["strict"], true);
    let switched = ["world", "make", "c", "--variants", "jtel.pick=highest_id"];
    told(&running, &switched);
    let variants = running.admin("GET", "/v1/worlds/c/variants", "").1.to_string();
    assert!(variants.contains("highest_id"), "{variants}");
    told(&running, &["world", "fork", "d", "--world", "a"]);
    let listed = told(&running, &["world", "list"]);
    let names: Vec<&str> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["NAME", "a", "b", "c", "d", "default"], "{listed}");
    let seeds = json_told(&running, &["world", "list"]);
    assert_eq!(seeds["worlds"][3]["seed"], 7);
    assert!(told(&running, &["world", "reset", "--world", "a"]).contains("(entry 1)"));
    // Named as those are that are made and deleted.
    assert!(told(&running, &["world", "reset", "a"]).starts_with("reset a: "));
    assert_eq!(told(&running, &["world", "diff", "a"]), "no row differs from seed\n");
    assert_eq!(told(&running, &["world", "delete", "a"]), "deleted a\n");
    let (code, _, said) = ask(&running, &["world", "reset", "--world", "a"]);
    assert_eq!(code, 2);
    assert!(said.contains("\"a\""), "{said}");
    assert_eq!(ask(&running, &["world", "delete", "default"]).0, 2);
    let (code, _, said) = ask(&running, &["world", "make", "e", "--scenario", "nope"]);
    assert_eq!(code, 2);
    let place = std::env::current_dir().unwrap().join("nope");
    let file = format!("nor is there a file {}", place.display());
    assert!(
        said.contains("there is no scenario called \"nope\"") && said.contains(&file),
        "{said}"
    );
    let (_, _, said) = ask(&running, &["world", "make", "e", "--ttl", "10"]);
    assert!(said.contains("ttl is \"10\"; expected"), "{said}");
}

#[test]
fn a_word_without_a_name_is_told_with_one_that_the_command_takes() {
    let running = serve(&[]);
    for (words, example) in [
        (&["event", "jtel", "start_campaign", "612"][..], "campaign=612"),
        (&["verify", "operation=x", "exactly", "1"], "operation=lock_contact_by_id"),
        (&["fault", "add", "lose_reply"], "on.vendor=jtel"),
    ] {
        let (code, _, said) = ask(&running, words);
        assert_eq!(code, 2);
        assert!(said.contains(&format!("expected such as {example}, one JSON")), "{said}");
    }
}

#[test]
fn a_scenario_file_of_ones_own_goes_over_with_its_sheets() {
    let running = serve(&[]);
    let folder = tempfile::tempdir().unwrap();
    let sheet = folder.path().join("people.csv");
    fs::write(&sheet, "id,campaign,name,phone_number1\n5,612,Vale,15105550188\n").unwrap();
    let file = folder.path().join("own.toml");
    let text = "title = \"Own\"\nclock = { mode = \"frozen\", at = 2026-03-02T09:00:00Z }\n\
        [jtel]\nclients = [{ id = 7, tokens = [\"T\"] }]\n\
        campaigns = [{ id = 612, client = 7, name = \"Own\" }]\ncontacts = { csv = \"people.csv\" }\n";
    fs::write(&file, text).unwrap();
    let scenario = file.to_str().unwrap();
    let made = told(&running, &["world", "make", "own", "--scenario", scenario]);
    assert_eq!(made, "made own: Own, seed 0, clock frozen at 2026-03-02T09:00:00Z\n");
    let rows = running.admin("GET", "/v1/worlds/own/state/jtel/contacts", "").1.to_string();
    assert!(rows.contains("Vale"), "{rows}");
    fs::write(&sheet, "id,campaign,nam,phone_number1\n5,612,Vale,15105550188\n").unwrap();
    let (code, _, said) = ask(&running, &["world", "make", "bad", "--scenario", scenario]);
    // The program got JSON; the places are those of the files all the same.
    assert!(code == 2 && said.contains("people.csv:1:13: ") && said.contains("\"nam\""), "{said}");
    fs::remove_file(&sheet).unwrap();
    let (code, _, said) = ask(&running, &["world", "make", "bad", "--scenario", scenario]);
    assert!(code == 2 && said.contains("people.csv: there is no such file"), "{said}");
    fs::write(&file, "title = 1\n[jtel]\ncampaigns = [{ id = \"x\" }]\n").unwrap();
    let (code, _, said) = ask(&running, &["world", "make", "bad", "--scenario", scenario]);
    assert_eq!(code, 2);
    assert!(said.contains("nothing was made") && said.contains("own.toml:3:21: "), "{said}");
    fs::write(&file, "title = ").unwrap();
    let (code, _, said) = ask(&running, &["world", "make", "bad", "--scenario", scenario]);
    assert!(code == 2 && said.contains("own.toml"), "{said}");
    let (code, _, said) = ask(&running, &["world", "make", "bad", "--scenario", "dmeo"]);
    assert!(code == 2 && said.contains("did you mean \"demo\"?"), "{said}");
}

#[test]
fn worlds_go_into_files_and_come_out_again() {
    let running = serve(&[]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    let path = file.to_str().unwrap();
    let wrote = told(&running, &["world", "export", path]);
    assert!(wrote.starts_with("wrote ") && wrote.ends_with(" bytes\n"), "{wrote}");
    assert!(fs::read(&file).unwrap().starts_with(b"SQLite format 3\0"));
    assert!(told(&running, &["world", "import", "again", path]).starts_with("made again: "));
    let (code, _, said) = ask(&running, &["world", "import", "again", path]);
    assert!(code == 2 && said.contains("again"), "{said}");
    let before = fs::read(&file).unwrap();
    assert_eq!(ask(&running, &["world", "export", path, "--world", "nowhere"]).0, 2);
    assert_eq!(fs::read(&file).unwrap(), before, "what was there stays");
    fs::write(folder.path().join("broken.db"), "no database").unwrap();
    let broken = folder.path().join("broken.db");
    assert_eq!(ask(&running, &["world", "import", "x", broken.to_str().unwrap()]).0, 2);
    let gone = folder.path().join("gone.db");
    assert_eq!(ask(&running, &["world", "import", "x", gone.to_str().unwrap()]).0, 2);
}

#[test]
fn an_export_that_breaks_off_leaves_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let admin = listener.local_addr().unwrap().to_string();
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 1024];
        assert!(stream.read(&mut head).unwrap() > 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nSQLite").unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    let args = ["world", "export", file.to_str().unwrap(), "--admin", &admin];
    let (code, _, said) = run(ringback().args(args));
    serving.join().unwrap();
    assert_eq!(code, 3, "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn an_export_leaves_links_and_devices_what_they_are() {
    let running = serve(&[]);
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("a.db"), folder.path().join("link"));
    fs::write(&file, "old").unwrap();
    symlink(&file, &link).unwrap();
    told(&running, &["world", "export", link.to_str().unwrap()]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read(&file).unwrap().starts_with(b"SQLite format 3"));
    let full = folder.path().join("full");
    symlink("/dev/full", &full).unwrap();
    let (code, _, said) = ask(&running, &["world", "export", full.to_str().unwrap()]);
    assert_eq!((code, said.contains("No space left on device")), (3, true), "{said}");
    assert!(fs::symlink_metadata(&full).unwrap().is_symlink());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let device = Path::new("/dev/null");
    for (source, found) in [(folder.path(), "a folder"), (device, "a device"), (&pipe, "a pipe")] {
        let (code, _, said) = ask(&running, &["world", "import", "x", source.to_str().unwrap()]);
        assert_eq!((code, said.contains("expected a file, found")), (2, true), "{found}: {said}");
    }
}

#[test]
fn a_world_that_nobody_touched_differs_in_no_row() {
    // Its clock follows the system's, so it begins later than its seed was loaded.
    let running = serve(&[]);
    told(&running, &["world", "make", "a"]);
    for world in ["default", "a"] {
        let differs = told(&running, &["world", "diff", "--world", world]);
        assert_eq!(differs, "no row differs from seed\n", "{world}");
    }
}

#[test]
fn a_switch_is_turned_by_a_number_where_its_positions_look_so() {
    let running = serve(&[]);
    for given in ["jtel.wrong_method=404", "jtel.wrong_method=\"404\""] {
        let name = if given.contains('"') { "text" } else { "number" };
        told(&running, &["world", "make", name, "--variants", given]);
        let path = format!("/v1/worlds/{name}/variants");
        assert_eq!(running.admin("GET", &path, "").1["jtel"]["wrong_method"], "404", "{given}");
    }
    let (_, _, said) =
        ask(&running, &["world", "make", "b", "--variants", "jtel.wrong_method=500"]);
    assert!(said.contains("no position of jtel.wrong_method called \"500\""), "{said}");
    let refused = running.admin("PUT", "/v1/worlds/default/variants", r#"{"jtel":{"pick":null}}"#);
    assert!(refused.1["detail"].as_str().unwrap().contains("jtel.pick: expected its name"));
}

#[test]
fn what_differs_is_shown_row_by_row() {
    let running = serve(&["jtel", "--clock", "frozen@2026-03-02T09:00:00Z"]);
    assert_eq!(told(&running, &["world", "diff"]), "no row differs from seed\n");
    told(
        &running,
        &["world", "make", "a", "--scenario", "empty", "--clock", "frozen@2026-03-02T09:00:00Z"],
    );
    let shown = told(&running, &["world", "diff", "--from", "world:a"]);
    assert!(
        shown.starts_with("since world:a: ") && shown.contains("\njtel contacts: 2 added, "),
        "{shown}"
    );
    assert!(shown.contains("\n  + ") && shown.contains("Adler"), "{shown}");
    let json = json_told(&running, &["world", "diff", "--from", "world:a", "--limit", "1"]);
    assert_eq!(json["shown"], 1);
    let (code, _, said) = ask(&running, &["world", "diff", "--from", "yesterday"]);
    assert!(code == 2 && said.contains("checkpoint:NAME"), "{said}");
}

#[test]
fn a_world_and_a_fork_have_the_clock_that_is_asked_for() {
    let running = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
    let made = told(&running, &["world", "make", "a", "--clock", "frozen@1999-12-31T23:00:00Z"]);
    assert!(made.contains("clock frozen at 1999-12-31T23:00:00Z"), "{made}");
    let made = told(&running, &["world", "fork", "b", "--clock", "frozen@2026-03-02T10:00:00Z"]);
    assert!(made.contains("clock frozen at 2026-03-02T10:00:00Z"), "{made}");
    let made = told(&running, &["world", "fork", "c", "--clock", "scaled:60"]);
    assert!(made.contains("clock scaled at"), "{made}");
    let past = ["world", "fork", "d", "--clock", "frozen@2026-03-01T00:00:00Z"];
    assert_eq!(ask(&running, &past).0, 2);
}

#[test]
fn the_clock_is_read_set_and_moved_on() {
    let running = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
    let read = told(&running, &["clock"]);
    assert!(read.starts_with("2026-03-02T09:00:00Z frozen, "), "{read}");
    let moved = told(&running, &["advance", "90m"]);
    assert!(moved.starts_with("2026-03-02T09:00:00Z -> 2026-03-02T10:30:00Z, "), "{moved}");
    told(&running, &["advance", "--to", "2026-03-02T11:00:00Z"]);
    told(&running, &["advance", "2026-03-02T12:00:00Z"]);
    let set = told(&running, &["clock", "frozen@2026-03-02T13:00:00Z"]);
    assert!(set.starts_with("2026-03-02T13:00:00Z frozen"), "{set}");
    let (code, _, said) = ask(&running, &["advance", "2026-03-02T12:00:00Z"]);
    assert!(code == 2 && said.contains("does not go back"), "{said}");
    assert_eq!(json_told(&running, &["clock", "scaled:60"])["rate"], 60.0);
    for wrong in [&["advance"][..], &["clock", "still"], &["advance", "soon"]] {
        assert_eq!(ask(&running, wrong).0, 2, "{wrong:?}");
    }
}

#[test]
fn events_happen_by_their_words() {
    let running = serve(&[]);
    let rotate = ["event", "jtel", "rotate_token", "client=7", "token=123"];
    let happened = told(&running, &rotate);
    assert!(happened.starts_with("jtel rotate_token happened (entry 1)"), "{happened}");
    let path = "/rest/v1.0/7/dialler/contacts/301501";
    let bearer = [("Authorization", "Bearer 123")];
    let reply = running.raw("listen", http("GET", path, &bearer, "").as_bytes());
    assert!(reply.starts_with("HTTP/1.1 200"), "digits stay text: {reply}");
    let as_json = ["event", "jtel", "rotate_token", r#"{"client":7,"token":"T"}"#];
    assert_eq!(json_told(&running, &as_json)["seq"], 3);
    let (code, _, said) = ask(&running, &["event", "jtel", "rotate_token", "client=7"]);
    assert!(code == 2 && said.contains("token"), "{said}");
    let (code, _, said) = ask(&running, &["event", "jtel", "rotate_tokn", "client=7"]);
    assert!(code == 2 && said.contains("did you mean \"rotate_token\"?"), "{said}");
    let (code, _, said) = ask(&running, &["event", "jtel", "rotate_token", "client"]);
    assert!(code == 2 && said.contains("NAME=VALUE"), "{said}");
}

#[test]
fn faults_verdicts_findings_and_the_journal_are_told() {
    let running = serve(&[]);
    assert_eq!(told(&running, &["fault", "list"]), "no rules\n");
    let add = ["fault", "add", "then=status", "status=503", "on.vendor=infocu5", "on.nth=1"];
    assert_eq!(told(&running, &add), "rule 1\n");
    running.post("/dialer/", AGENTS);
    running.post("/dialer/", AGENTS);
    let listed = told(&running, &["fault", "list"]);
    assert!(listed.contains("vendor=infocu5") && listed.contains("status"), "{listed}");
    let (code, _, said) = ask(&running, &["fault", "add", "then=stauts"]);
    assert!(code == 2 && said.contains("then"), "{said}");
    assert_eq!(ask(&running, &["fault", "clear", "9"]).0, 2);
    assert_eq!(told(&running, &["fault", "clear", "1"]), "1 rule is gone\n");
    assert_eq!(told(&running, &["fault", "clear"]), "0 rules are gone\n");

    let fine = ["verify", "vendor=infocu5", "operation=get_agents", "exactly=2"];
    assert!(told(&running, &fine).starts_with("pass: "));
    let never = ["verify", r#"{"operation":"get_agents","never":true}"#];
    let (code, verdict, said) = ask(&running, &never);
    assert_eq!((code, said.as_str()), (1, ""), "{verdict}");
    assert!(verdict.starts_with("fail"), "{verdict}");
    let of_none = ["verify", "vendor=maxcontact", "operation=go_ready", "param.user=1"];
    let (code, _, said) = ask(&running, &of_none);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("unknown parameter \"user\"; expected one of UserID"), "{said}");
    let (_, _, said) = ask(&running, &["verify", "operation=import_contacts"]);
    assert!(said.contains("more; did you mean \"import_contact\"?"), "{said}");
    let (_, _, said) = ask(&running, &["verify", "operation=get_agents", "times=2"]);
    assert!(said.contains("did you mean \"exactly\"?"), "{said}");
    let (code, _, said) = ask(&running, &["verify", "operatoin=get_agents"]);
    assert!(code == 2 && said.contains("operatoin"), "{said}");

    let nothing = told(&running, &["findings"]);
    assert!(nothing.starts_with("nothing found in "), "{nothing}");
    let listed = told(&running, &["journal", "--vendor", "infocu5"]);
    assert_eq!(listed.lines().count(), 2, "{listed}");
    let faulted = told(&running, &["journal", "--text", "503"]);
    assert!(faulted.contains("fault status of rule 1"), "{faulted}");
    let page = json_told(&running, &["journal", "--operation", "get_agents", "--limit", "1"]);
    assert_eq!(page["entries"].as_array().unwrap().len(), 1);
    let seq = page["entries"][0]["seq"].to_string();
    let one = told(&running, &["journal", &seq]);
    assert!(one.contains("\n      > {\"affiliateID\""), "its bodies are shown: {one}");
    let archive: Value = serde_json::from_str(&told(&running, &["journal", "--har"])).unwrap();
    assert_eq!(archive["log"]["version"], "1.2");
    assert_eq!(ask(&running, &["journal", "9999"]).0, 2);
    assert_eq!(told(&running, &["journal", "--clear"]), "the journal is empty\n");
    assert_eq!(told(&running, &["journal"]), "");
}

#[test]
fn a_strict_run_is_judged_by_the_findings_and_at_the_end() {
    let mut running = serve(&["--strict"]);
    let (code, found, _) = ask(&running, &["findings"]);
    assert_eq!(code, 0, "{found}");
    running.post("/dialer/", "{");
    let (code, found, _) = ask(&running, &["findings"]);
    assert!(code == 1 && found.contains("strict: fail"), "{found}");
    assert_eq!(running.stop(), 1);
}

#[test]
fn addresses_are_taken_in_both_forms() {
    let running = serve(&[]);
    let address = running.address("admin");
    let port = address.rsplit(':').next().unwrap();
    for admin in [address.clone(), format!("http://{address}/"), format!("localhost:{port}")] {
        for command in [&["clock"][..], &["healthcheck"], &["tail", "--no-follow"]] {
            let (code, _, said) = run(ringback().args(command).args(["--admin", &admin]));
            assert_eq!(code, 0, "{command:?} {admin}: {said}");
        }
    }
    for admin in ["nowhere", "", &format!("ftp://{address}")] {
        assert_eq!(run(ringback().args(["clock", "--admin", admin])).0, 2, "{admin}");
    }
    drop(running);
    assert_eq!(run(ringback().args(["clock", "--admin", &address])).0, 3);
}

#[test]
fn localhost_is_both_loopback_addresses() {
    let running = serve(&["--listen", "localhost:0", "--admin", "http://localhost:0"]);
    let address = running.address("listen");
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    assert!(running.post("/dialer/", AGENTS).contains("50017"), "it serves");
    let port: u16 = address.rsplit(':').next().unwrap().parse().unwrap();
    // A machine without the newer protocol has one loopback address.
    if TcpListener::bind("[::1]:0").is_ok() {
        assert!(std::net::TcpStream::connect(("::1", port)).is_ok());
    }
    assert_eq!(run(ringback().args(["serve", "--listen", "localhost"])).0, 2);
}

#[test]
fn switches_come_from_the_environment_in_any_word() {
    let running = serve(&[]);
    let admin = format!("http://{}", running.address("admin"));
    let with = |word: &str| {
        let mut command = ringback();
        command.args(["clock", "--admin", &admin]).env("RINGBACK_JSON", word);
        run(&mut command)
    };
    for word in ["1", "yes", "true", "on"] {
        assert!(with(word).1.starts_with('{'), "{word}");
    }
    for word in ["0", "no", "false", ""] {
        let (code, told, said) = with(word);
        assert!(code == 0 && !told.starts_with('{'), "{word}: {said}");
    }
    let (code, _, said) = with("perhaps");
    assert!(code == 2 && said.contains("expected 1 or 0"), "{said}");
}

#[test]
fn a_number_that_nobody_has_is_told_with_those_that_end_alike() {
    let running = serve(&[]);
    assert_eq!(ask(&running, &["lineage", "5105550188"]).0, 0);
    for number in ["+1 510 555 0188", "001 510-555-0188"] {
        let (code, _, said) = ask(&running, &["lineage", number]);
        assert!(code == 2 && said.contains("5105550188 ends alike"), "{number}: {said}");
    }
    let (_, _, said) = ask(&running, &["lineage", "+49 30 1111111"]);
    assert!(said.contains("lists the people") && !said.contains("alike"), "{said}");
}

#[test]
fn a_wait_in_vain_says_how_long_and_for_what() {
    let running = serve(&[]);
    for condition in ["vendor=infocu5 at_least=2", r#"{"vendor":"infocu5","at_least":2}"#] {
        let (code, told, said) = ask(&running, &["wait", "--timeout", "2s", "--for", condition]);
        assert_eq!(code, 1, "{said}");
        assert!(told.starts_with("{\"verdict\":\"fail\""), "{told}");
        let expected = "ringback: timed out after 2s (--timeout): expected at least 2 × infocu5, found 0; \
                        no entry meets all rules\n";
        assert_eq!(said, expected);
    }
    running.post("/dialer/", AGENTS);
    let (code, _, said) = ask(&running, &["wait", "--for", "vendor=infocu5 never=true"]);
    assert_eq!(code, 1, "{said}");
    let expected = "ringback: no longer to be met: expected no infocu5, found 1; ";
    assert!(said.starts_with(expected), "{said}");
    let (code, _, said) = ask(&running, &["wait", "--for", "infocu5"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.starts_with("ringback: --for: word 1 of the body is no NAME=VALUE"), "{said}");
}
