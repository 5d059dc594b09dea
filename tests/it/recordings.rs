//! Recordings of a Ringback with other switches and other data, imported and replayed.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{Running, ringback, run, serve};

/// A request of a story: method, URL without the host, headers, body.
type Asked<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

/// Does the requests at a running program, and writes them as an archive of a vendor's host.
fn recorded(running: &Running, host: &str, story: &[Asked<'_>]) -> Value {
    let one = |(idx, (method, target, headers, body)): (usize, &Asked<'_>)| {
        let reply = running.raw("listen", http(method, target, headers, body).as_bytes());
        let head = reply.split("\r\n\r\n").next().unwrap();
        let pairs = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let pairs: Vec<Value> =
            pairs.map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let sent: Vec<Value> =
            headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        json!({
            "startedDateTime": format!("2026-03-02T09:00:{idx:02}.000Z"),
            "time": 3,
            "request": { "method": method, "url": format!("https://{host}{target}"), "headers": sent,
                         "postData": { "text": body } },
            "response": { "status": status_of(&reply), "headers": pairs,
                          "content": { "text": body_of(&reply) } },
        })
    };
    let entries: Vec<Value> = story.iter().enumerate().map(one).collect();
    json!({ "log": { "version": "1.2", "creator": { "name": "a test" }, "entries": entries } })
}

fn import(folder: &Path, archive: &Value) -> (String, String) {
    let file = folder.join("day.har");
    fs::write(&file, archive.to_string()).unwrap();
    let out = folder.join("out");
    let command = ["import", "har", file.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let (code, told, err) = run(ringback().args(command));
    assert_eq!(code, 0, "{told}{err}");
    (told, fs::read_to_string(out.join("recording.toml")).unwrap())
}

#[test]
fn what_an_import_wrote_before_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("recording.toml"), "mine").unwrap();
    let har = format!("{}/fixtures/har/mitmproxy-jtel.har", env!("CARGO_MANIFEST_DIR"));
    let command = ["import", "har", &har, "--out", out.to_str().unwrap()];
    let (code, _, err) = run(ringback().args(command));
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("recording.toml is there already"), "{err}");
    assert_eq!(fs::read_to_string(out.join("recording.toml")).unwrap(), "mine");
    let command = ["import", "har", &har, "--out", "/x", "--host", "mroo=a.example.test"];
    let (code, _, err) = run(ringback().args(command));
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("expected one of infocu5, jtel, maestro, maxcontact, mor"), "{err}");
}

fn replayed(folder: &Path) {
    let (code, out, err) = run(ringback().arg("replay").arg(folder.join("out/recording.toml")));
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_story_of_infocu5_is_explained_and_replays() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("other.toml");
    fs::write(
        &scenario,
        r#"
clock = { mode = "frozen", at = "2026-03-02T09:00:00Z" }
[infocu5]
affiliates = [{ id = "Q1w2E3r4T5y6", key = "11112222333344445555666677778888" }]
agents = [{ id = "9001", first = "Hildegard", last = "Brenner", affiliate = "Q1w2E3r4T5y6" }]
campaigns = [{ id = "88", name = "Winter", affiliate = "Q1w2E3r4T5y6" }]
calls = [{ id = "5", date = "2026-03-01T14:05:09Z", campaign = "88", agent = "9001", contact = "Ottilie Kranz", type = "Outbound", number_outbound = "4930123456", time = "00:06:40" }]
variants = { calls_shape = "array" }
"#,
    )
    .unwrap();
    let running = serve(&[scenario.to_str().unwrap()]);
    let ask = |rest: &str| {
        format!(
            r#"{{"affiliateID":"Q1w2E3r4T5y6","affiliateKey":"11112222333344445555666677778888",{rest}}}"#
        )
    };
    let bodies = [
        ask(r#""dialerFunction":"getAgents","showAll":"n""#),
        ask(r#""dialerFunction":"getCampaigns","showAll":"n""#),
        ask(
            r#""dialerFunction":"getCalls","dateStart":"2026-03-01T00:00:00-05:00","dateEnd":"2026-03-01T23:59:59-05:00","filterCampaigns":["88"],"filterAgents":["9001"]"#,
        ),
    ];
    let json_type: &[(&str, &str)] = &[("Content-Type", "application/json")];
    let story: Vec<Asked<'_>> =
        bodies.iter().map(|body| ("POST", "/dialer/", json_type, body.as_str())).collect();
    let archive = recorded(&running, "api.infocu5.com", &story);
    let (told, text) = import(folder.path(), &archive);
    for secret in ["Q1w2E3r4T5y6", "1111222233334444", "Hildegard", "Ottilie", "4930123456"] {
        assert!(!text.contains(secret) && !told.contains(secret), "{secret}: {told}{text}");
    }
    assert!(told.contains("explained by rows and switches: 3 of 3"), "{told}{text}");
    assert!(told.contains("infocu5.calls_shape=array"), "{told}");
    replayed(folder.path());
}

#[test]
fn several_vendors_behind_one_host_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("other.toml");
    // Neither switch by itself makes the calls as they are recorded.
    let variants = r#"variants = { calls_shape = "array", missing_value = "null" }"#;
    let text = format!("extends = \"demo\"\n[infocu5]\n{variants}\n");
    fs::write(&scenario, text).unwrap();
    let running = serve(&[scenario.to_str().unwrap()]);
    let ask = |rest: &str| {
        format!(
            r#"{{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0",{rest}}}"#
        )
    };
    let campaigns = ask(r#""dialerFunction":"getCampaigns","showAll":"n""#);
    let calls = ask(
        r#""dialerFunction":"getCalls","dateStart":"2022-03-04T00:00:00+00:00","dateEnd":"2022-03-05T00:00:00+00:00""#,
    );
    let json_type: &[(&str, &str)] = &[("Content-Type", "application/json")];
    let bearer: &[(&str, &str)] = &[("Authorization", "Bearer SIMTOKEN-7A")];
    let archive = recorded(
        &running,
        "localhost:8080",
        &[
            ("POST", "/dialer/", json_type, &campaigns),
            ("POST", "/dialer/", json_type, &calls),
            ("GET", "/rest/v1.0/7/dialler/campaigns", bearer, ""),
            ("GET", "/rest/v1.0/7/dialler/nothing", bearer, ""),
        ],
    );
    let (told, scenario) = import(folder.path(), &archive);
    for line in [
        "infocu5 get_calls: 1",
        "infocu5 get_campaigns: 1",
        "jtel list_campaigns: 1",
        "jtel no operation: 1",
        "infocu5.calls_shape=array and infocu5.missing_value=null",
        "explained by rows and switches: 4 of 4",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(scenario.contains("dialer_name"), "{scenario}");
    replayed(folder.path());
}

#[test]
fn a_story_of_mor_is_signed_again() {
    let folder = tempfile::tempdir().unwrap();
    let running = serve(&["fixtures/mor/contract.toml"]);
    let hash = "5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24";
    let path = |method: &str| format!("/billing/api/{method}?u=dialer_bob&id=17&hash={hash}");
    let polls = path("autodialer_get_campaign_ivr_poll_results");
    let unknown = path("user_balance_get");
    let story: [Asked<'_>; 2] = [("POST", &polls, &[], ""), ("POST", &unknown, &[], "")];
    let archive = recorded(&running, "billing.example.test", &story);
    let (told, text) = import(folder.path(), &archive);
    for secret in [hash, "dialer_bob", "37060000003"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(told.contains("explained by rows and switches: "), "{told}");
    assert!(text.contains("secret_key = \"recorded-key\""), "{text}");
    replayed(folder.path());
}

#[test]
fn a_story_of_jtel_replays() {
    let folder = tempfile::tempdir().unwrap();
    let running = serve(&["fixtures/jtel/contract.toml"]);
    let token: &[(&str, &str)] = &[("Authorization", "Bearer SIMTOKEN-7A")];
    let story: [Asked<'_>; 4] = [
        ("GET", "/rest/v1.0/7/dialler/campaigns", token, ""),
        ("GET", "/rest/v1.0/7/dialler/contacts/301501", token, ""),
        ("PATCH", "/rest/v1.0/7/dialler/contacts/contact/301501/lock", token, ""),
        ("GET", "/rest/v1.0/7/dialler/contacts/999", token, ""),
    ];
    let archive = recorded(&running, "portal.example.test", &story);
    let (told, text) = import(folder.path(), &archive);
    for secret in ["SIMTOKEN-7A", "Adler", "4943155501"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(told.contains("jtel get_contact: 2"), "{told}");
    replayed(folder.path());
}

#[test]
fn stories_of_maestro_and_maxcontact_replay() {
    let folder = tempfile::tempdir().unwrap();
    let running = serve(&["fixtures/maestro/contract.toml"]);
    let by_call = "/_access/fetchCallersByCall?offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451&callUID=K7Q2ZP0XN4V8T1RB&type=csv";
    let archive =
        recorded(&running, "myaccount.maestroconference.com", &[("GET", by_call, &[], "")]);
    let (told, text) = import(folder.path(), &archive);
    for secret in
        ["5c0e77a1d94b42f8a6e13b90cf28d451", "Dana Whit", "5105550188", "dana@example.net"]
    {
        assert!(!text.contains(secret), "{secret}: {told}{text}");
    }
    replayed(folder.path());

    let folder = tempfile::tempdir().unwrap();
    let running = serve(&["fixtures/maxcontact/contract.toml"]);
    let headers: &[(&str, &str)] = &[
        ("Cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47"),
        ("Content-Type", "application/json"),
    ];
    let base = "/webservices/services/telephony";
    let paths =
        ["campaigns/user/101", "users/user/101", "resultcodes/user/101", "acdqueues/user/101"];
    let paths = paths.map(|path| format!("{base}/{path}"));
    let story: Vec<Asked<'_>> =
        paths.iter().map(|path| ("GET", path.as_str(), headers, "")).collect();
    let archive = recorded(&running, "demo.maxcontact.com", &story);
    let (told, text) = import(folder.path(), &archive);
    for secret in ["7f0c9d2e-52b1", "Priya Shah"] {
        assert!(!text.contains(secret), "{secret}: {told}{text}");
    }
    assert!(told.contains("explained by rows and switches: 4 of 4"), "{told}{text}");
    replayed(folder.path());
}

/// As Insomnia exports it: parameters beside the address, cookies of its jar beside the headers, and the time
/// of the export for that of each request.
fn of_insomnia(mut archive: Value) -> Value {
    archive["log"]["creator"] =
        json!({ "name": "Insomnia REST Client", "version": "insomnia.desktop.app:v11.0.0" });
    let pair = |text: &str| {
        let (name, value) = text.split_once('=').unwrap();
        json!({ "name": name, "value": value })
    };
    for entry in archive["log"]["entries"].as_array_mut().unwrap() {
        entry["startedDateTime"] = "2026-03-05T12:00:00.000Z".into();
        let request = &mut entry["request"];
        let url = request["url"].as_str().unwrap().to_owned();
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        request["url"] = path.into();
        let parameters = query.split('&').filter(|it| !it.is_empty());
        request["queryString"] = parameters.map(pair).collect();
        let headers = request["headers"].as_array().unwrap().clone();
        let (jar, others): (Vec<Value>, Vec<Value>) =
            headers.into_iter().partition(|it| it["name"] == "Cookie");
        request["headers"] = others.into();
        let cookies = jar.iter().flat_map(|it| it["value"].as_str().unwrap().split("; "));
        request["cookies"] = cookies.map(pair).collect();
    }
    archive
}

#[test]
fn stories_in_the_form_of_insomnia_are_explained_and_replay() {
    let folder = tempfile::tempdir().unwrap();
    let running = serve(&["fixtures/maxcontact/contract.toml"]);
    let turned = r#"{"maxcontact":{"json_date":"iso","negotiation":"strict_wcf"}}"#;
    assert_eq!(running.admin("PUT", "/v1/worlds/default/variants", turned).0, 200);
    let headers: &[(&str, &str)] = &[
        ("Cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47"),
        ("Accept", "application/json"),
    ];
    let base = "/webservices/services/telephony";
    let paths = ["campaigns/user/101", "users/user/101", "getcalls/user/101"];
    let paths = paths.map(|path| format!("{base}/{path}"));
    let story: Vec<Asked<'_>> =
        paths.iter().map(|path| ("GET", path.as_str(), headers, "")).collect();
    let archive = of_insomnia(recorded(&running, "demo.maxcontact.com", &story));
    assert!(archive["log"]["entries"][0]["request"]["cookies"][0]["value"].is_string());
    let (told, text) = import(folder.path(), &archive);
    assert!(!text.contains("7f0c9d2e-52b1"), "{text}");
    assert!(told.contains("maxcontact.json_date=iso"), "{told}");
    assert!(told.contains("explained by rows and switches: 3 of 3"), "{told}{text}");
    replayed(folder.path());

    let folder = tempfile::tempdir().unwrap();
    let running = serve(&["fixtures/mor/contract.toml"]);
    let hash = "5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24";
    let method = "autodialer_get_campaign_ivr_poll_results";
    let polls = format!("/billing/api/{method}?u=dialer_bob&id=17&hash={hash}");
    let story: [Asked<'_>; 1] = [("POST", &polls, &[], "")];
    let archive = of_insomnia(recorded(&running, "billing.example.test", &story));
    let (told, text) = import(folder.path(), &archive);
    assert!(!text.contains(hash) && !text.contains("dialer_bob"), "{text}");
    assert!(told.contains("explained by rows and switches: 1 of 1"), "{told}{text}");
    replayed(folder.path());
}

#[test]
fn an_archive_of_mitmproxy_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let (code, told, err) = run(ringback()
        .args(["import", "har", "fixtures/har/mitmproxy-jtel.har", "--out"])
        .arg(&out));
    assert_eq!(code, 0, "{told}{err}");
    assert!(told.contains("explained by rows and switches: 5 of 6"), "{told}");
    assert!(told.contains("entry 1: jtel no operation: no operation takes it"), "{told}");
    let text = fs::read_to_string(out.join("recording.toml")).unwrap();
    assert!(!text.contains("SIMTOKEN-7A") && !text.contains("Adler"), "{text}");
    // A campaign is no person.
    assert!(text.contains("Spring Recall"), "{text}");
    replayed(folder.path());
}

/// What these programs wrote of clients of several vendors behind one address: curl by way of mitmproxy, and
/// a page's own requests with Playwright's in Chromium.
#[test]
fn archives_of_programs_with_several_vendors_are_explained() {
    // A login's Expiry has milliseconds, and the Date by which the clock is set has none.
    let of_mitmproxy: &[&str] = &["infocu5 no operation", "maxcontact log_in"];
    for (name, left) in [("mitmproxy", of_mitmproxy), ("playwright", &[])] {
        let folder = tempfile::tempdir().unwrap();
        let har = format!("fixtures/har/{name}.har");
        let (code, told, err) =
            run(ringback().args(["import", "har", &har, "--out"]).arg(folder.path().join("out")));
        assert_eq!(code, 0, "{told}{err}");
        let lines = told.lines().filter_map(|line| line.split_once(".har, entry "));
        let lines: Vec<&str> = lines.filter_map(|(_, line)| line.split(": ").nth(1)).collect();
        assert_eq!(lines, left, "{told}");
        let text = fs::read_to_string(folder.path().join("out/recording.toml")).unwrap();
        for secret in ["SIMTOKEN-7A", "0f1e2d3c4b5a", "Pa55word", "Okafor"] {
            assert!(!text.contains(secret), "{name}: {secret}");
        }
        replayed(folder.path());
    }
}

#[test]
fn what_cannot_be_imported_is_told_in_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let tried = |text: &str| {
        let file = folder.path().join("a.har");
        fs::write(&file, text).unwrap();
        let (code, _, err) =
            run(ringback().args(["import", "har"]).arg(&file).arg("--out").arg(&out));
        assert_eq!(code, 2, "{err}");
        assert_eq!(err.trim_end().lines().count(), 1, "{err}");
        err
    };
    assert!(tried("PK\u{3}").contains("is no HTTP archive"));
    assert!(tried(r#"{"log":{"entries":[]}}"#).contains("nothing in it is for a vendor"));
    let (code, _, err) = run(ringback().args(["import", "har", "nowhere.har", "--out", "x"]));
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("nowhere.har cannot be read"), "{err}");
    // What stands before the break is kept.
    let body = r#"{\"affiliateID\":\"Q1w2E3r4T5y6\",\"affiliateKey\":\"k\",\"dialerFunction\":\"getAgents\"}"#;
    let cut = format!(
        r#"{{"log":{{"entries":[{{"request":{{"method":"POST","url":"https://api.infocu5.com/dialer/","postData":{{"mimeType":"application/json","text":"{body}"}}}},"response":{{"status":200,"content":{{"text":"{{}}"}}}}}},{{"requ"#
    );
    assert!(tried(&cut).contains("breaks after 1 entry"));
    assert!(out.join("recording.toml").exists());
}
