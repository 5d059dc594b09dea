//! `--explore-variants`: a planted assumption for each vendor is found, named and placed; a client that
//! takes nothing for granted is left alone.

use std::fs;
use std::path::Path;

use regex::Regex;
use serde_json::{Value, json};

use crate::run::{ended, run};
use crate::support::program::ringback;
use crate::support::tool::tool;

/// What each client begins with.
const PRELUDE: &str = "
import base64, csv, hashlib, io, json, os, urllib.request
from datetime import datetime
def ask(vendor, path, body=None, headers={}, method=None):
    url = os.environ['RINGBACK_URL'] + '/' + vendor + path
    request = urllib.request.Request(url, body, headers, method=method)
    return urllib.request.urlopen(request).read()
";

/// Takes the calls for an object by id.
const INFOCU5: &str = "
body = json.dumps({'affiliateID': 'A7k2Qm9ZrT4x', 'affiliateKey': '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
    'dialerFunction': 'getCalls', 'dateStart': '2022-03-04T00:00:00+00:00', 'dateEnd': '2022-03-05T00:00:00+00:00'})
calls = json.loads(ask('infocu5', '/dialer/', body.encode()))['responseDetails']
print([id for id, call in calls.items()])
";

/// The same, whatever the calls are in.
const ROBUST: &str = "
body = json.dumps({'affiliateID': 'A7k2Qm9ZrT4x', 'affiliateKey': '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
    'dialerFunction': 'getCalls', 'dateStart': '2022-03-04T00:00:00+00:00', 'dateEnd': '2022-03-05T00:00:00+00:00'})
calls = json.loads(ask('infocu5', '/dialer/', body.encode()))['responseDetails']
print(len(calls.values() if isinstance(calls, dict) else calls))
";

/// Takes the first row of CSV for the names of its columns.
const MAESTRO: &str = "
text = ask('maestro', '/_access/fetchCallersByCall?offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451&call=K7Q2ZP0XN4V8T1RB')
for row in csv.DictReader(io.StringIO(text.decode('utf-8-sig'))):
    print(row['callUID'])
";

/// Takes dates to end with a Z.
const JTEL: &str = "
token = {'Authorization': 'Bearer SIMTOKEN-7A'}
for contact in json.loads(ask('jtel', '/rest/v1.0/7/dialler/contacts/301501', headers=token))['records']:
    print(datetime.strptime(contact['dtImported'], '%Y-%m-%dT%H:%M:%S.%fZ'))
";

/// Signs with `u`.
const MOR: &str = "
hash = hashlib.sha1(b'dialer_bob' + b'17' + b'sim-secret-1').hexdigest()
text = ask('mor', '/billing/api/autodialer_get_campaign_ivr_poll_results?u=dialer_bob&id=17&hash=' + hash, method='POST')
assert b'rror' not in text and b'ncorrect' not in text, text
";

/// Needs the time at which a token ends.
const MAXCONTACT: &str = "
headers = {'Authorization': base64.b64encode(b'Pa55word!').decode(), 'Accept': 'application/json'}
print(json.loads(ask('maxcontact', '/webservices/services/apitoken/login/api.user', headers=headers))['Expiry'])
";

/// Explores a client; the exit code and what is told.
fn explored(client: &str) -> (i32, String) {
    let program = format!("{PRELUDE}{client}");
    let flags = ["--explore-variants", "--fail-on-dependence"];
    let (code, _, err) = ended(&run(&flags, &["python3", "-c", &program]).output().unwrap());
    (code, err)
}

/// Each client with the reading that breaks it, vendor, switch and position, and what that is placed by.
const PLANTED: &[(&str, [&str; 3], &str)] = &[
    (INFOCU5, ["infocu5", "calls_shape", "array"], "/responseDetails"),
    (MAESTRO, ["maestro", "csv_header", "off"], "first row"),
    (JTEL, ["jtel", "date_style", "naive_millis"], "dtImported"),
    (MOR, ["mor", "hash_u", "excluded"], "autodialer_get_campaign_ivr_poll_results"),
    (MAXCONTACT, ["maxcontact", "token_expiry", "none"], "it needs /Expiry"),
];

#[test]
fn each_planted_assumption_is_found_named_and_placed() {
    if tool("python3").is_none() {
        return;
    }
    for (client, [vendor, switch, position], place) in PLANTED {
        let reading = format!("{vendor}.{switch} = {position}: exit code 1");
        let (code, err) = explored(client);
        assert_eq!(code, 1, "{reading}: {err}");
        let told = err.split_once(&reading).unwrap_or_else(|| panic!("{reading}: {err}")).1;
        let own: String = told.lines().skip(1).take(3).collect();
        assert!(own.contains("at exchange 1, "), "{err}");
        assert!(own.contains(place), "{place}: {err}");
    }
}

/// The replies that a capsule tells of, with their times.
fn replies(file: &Path) -> Vec<Value> {
    let capsule: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let worlds = capsule["journal"]["worlds"].as_object().unwrap();
    let entries = worlds.values().flat_map(|it| it.as_array().unwrap());
    let entries = entries.filter(|it| it["response"].is_object());
    entries.map(|it| json!([it["at"], it["response"]])).collect()
}

#[test]
fn each_client_that_breaks_leaves_a_capsule_which_does_it_again_elsewhere() {
    if tool("python3").is_none() {
        return;
    }
    // A login is somebody's, and is another in a capsule; so is the token that was drawn for it.
    let drawn = Regex::new(r"\*\*\*\((\d+)\.[0-9a-f]{2}\)").unwrap();
    for (client, [vendor, switch, position], _) in PLANTED {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let scenario = folder.path().join("reading.toml");
        let text = format!(
            "extends = \"demo\"\nclock = {{ mode = \"frozen\", at = \"2026-03-02T09:00:00Z\" }}\n\
             [{vendor}.variants]\n{switch} = \"{position}\"\n"
        );
        fs::write(&scenario, text).unwrap();
        let (scenario, capsule) = (scenario.to_str().unwrap(), folder.path().join("x.capsule"));
        let flags = ["--scenario", scenario, "--capsule", capsule.to_str().unwrap()];
        let program = format!("{PRELUDE}{client}");
        let (code, _, err) = ended(&run(&flags, &["python3", "-c", &program]).output().unwrap());
        assert_eq!(code, 1, "{vendor}: {err}");
        let before = replies(&capsule);
        let of_any =
            |told: &[Value]| drawn.replace_all(&json!(told).to_string(), "***($1)").into_owned();
        fs::rename(&capsule, elsewhere.path().join("x.capsule")).unwrap();
        drop(folder);
        let again = |name: &str| {
            let mut again = ringback();
            again.current_dir(elsewhere.path());
            again.args(["replay", "x.capsule", "--capsule", name]);
            let (code, out, err) = ended(&again.output().unwrap());
            assert_eq!(code, 0, "{vendor}: {out}{err}");
            replies(&elsewhere.path().join(name))
        };
        let told = again("y.capsule");
        assert!(!before.is_empty(), "{vendor}");
        assert_eq!(of_any(&before), of_any(&told), "{vendor}");
        assert_eq!(told, again("z.capsule"), "{vendor}");
    }
}

#[test]
fn a_client_that_takes_nothing_for_granted_is_left_alone() {
    if tool("python3").is_none() {
        return;
    }
    let (code, err) = explored(ROBUST);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("0 break the client"), "{err}");
    assert!(!err.contains(" 0 other readings"), "{err}");
}

#[test]
fn a_client_that_fails_as_it_is_tells_nothing() {
    let flags = ["--explore-variants"];
    let (code, _, err) = ended(&run(&flags, &["sh", "-c", "exit 3"]).output().unwrap());
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("as it is"), "{err}");
}

#[test]
fn scenarios_are_replayed_under_every_reading() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/replay/infocu5/get_calls.toml");
    let mut replay = ringback();
    replay.args(["replay", "--explore-variants", "--fail-on-dependence", file]);
    let (code, out, err) = ended(&replay.output().unwrap());
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("infocu5.calls_shape = array: 1 scenario differs"), "{out}");
    assert!(!out.contains("jtel."), "{out}");
}

#[test]
fn a_run_that_shows_nothing_or_fails_is_not_tried_under_other_readings() {
    let explore = "--explore-variants";
    let ends = |flags: &[&str], command: &[&str]| ended(&run(flags, command).output().unwrap());
    let (code, _, err) = ends(&[explore], &["true"]);
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("no connection at all"), "{err}");
    let (code, ..) = ends(&[explore, "--inconclusive", "pass"], &["true"]);
    assert_eq!(code, 0);
    for flag in ["--har=x", "--journal=x", "--keep-on-failure", "--print-env", "--coverage"] {
        let (code, _, err) = ends(&[explore, flag], &["true"]);
        assert_eq!(code, 2, "{flag}: {err}");
        assert!(err.contains("is of one run"), "{flag}: {err}");
    }
    if tool("curl").is_some() {
        let asked = "curl -s -d '{}' https://api.infocu5.com/dialer/";
        let (code, _, err) = ends(&[explore, "--fail-on", "refused"], &["sh", "-c", asked]);
        assert_eq!(code, 1, "{err}");
        assert!(err.contains("1 request was refused"), "{err}");
    }
}
