//! A day on which things happen by themselves with all five vendors at once.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use crate::base::hex::hex;
use crate::base::time::{Instant, Span};
use crate::testing::Stage;

const INFOCU5_ID: &str = "W0rkingDay01";
const INFOCU5_KEY: &str = "0123456789abcdef0123456789abcdef";
const MOR_KEY: &str = "sim-secret-1";

/// Monday, an hour before the traffic begins.
const START: &str = "2026-03-02T08:00:00Z";

/// A small working day, 09:00 to 17:00, with everything that the large one has.
fn small_day(seed: u64) -> Value {
    let agents: Vec<Value> = (1..=6)
        .map(|n| json!({ "id": 5000 + n, "first": "Agent", "last": n.to_string(), "affiliate": INFOCU5_ID }))
        .collect();
    let users: Vec<Value> =
        (1..=3).map(|n| json!({ "id": 300 + n, "name": format!("Agent {n}") })).collect();
    let source = |name: &str, vendor: &str, kind: &str, more: Value| {
        let mut row = json!({ "name": name, "vendor": vendor, "kind": kind, "hours": ["09:00-12:30", "13:00-17:00"], "days": ["mon", "tue"] });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    json!({
        "seed": seed,
        "clock": { "mode": "frozen", "at": START },
        "crowd": 300,
        "line": [
            { "vendor": "mor", "share": 0.3, "then": "no_answer" },
            { "vendor": "jtel", "share": 0.3, "then": "busy" },
        ],
        "traffic": [
            source("talks", "maestro", "calls", json!({ "per_hour": 1.5, "offers": [1, 2], "callers": "0..8", "duration": "exp 30m", "opt_in_rate": 0.5 })),
            source("line", "infocu5", "inbound", json!({ "per_hour": 70, "campaign": 2040, "patience": "exp 1m" })),
            source("sales", "infocu5", "outbound", json!({ "per_hour": 60, "campaign": 2050, "answer_rate": 0.5, "agents": [5001, 5002, 5003] })),
            source("poll", "mor", "campaign", json!({ "campaign": 17, "per_hour": 15.5 })),
            source("recall", "jtel", "campaign", json!({ "campaign": 612, "per_hour": 20, "first": 50 })),
            source("floor", "maxcontact", "agents", json!({ "campaign": 8, "agents": [301, 302, 303] })),
            source("leads", "maxcontact", "leads", json!({ "campaign": 8, "per_hour": 10 })),
        ],
        "maestro": { "offers": [{ "id": 1, "token": "t1" }, { "id": 2, "token": "t2" }] },
        "infocu5": {
            "affiliates": [{ "id": INFOCU5_ID, "key": INFOCU5_KEY }],
            "agents": agents,
            "campaigns": [
                { "id": 2040, "name": "Line", "affiliate": INFOCU5_ID },
                { "id": 2050, "name": "Sales", "affiliate": INFOCU5_ID },
            ],
        },
        "mor": {
            "settings": { "secret_key": MOR_KEY },
            "users": [{ "username": "bob" }],
            "campaigns": [{ "id": 17, "name": "Poll", "user": "bob", "start_time": "10:00", "stop_time": "16:00", "max_retries": 2, "retry_time": 600, "answers": ["1", "2"], "actions": [{ "action": "IVR", "data": 3 }] }],
            "people": [{ "campaign": 17, "count": 20 }],
        },
        "jtel": {
            "clients": [{ "id": 7, "tokens": ["T"] }],
            "campaigns": [{ "id": 612, "client": 7, "name": "Recall", "agents": [11, 12, 13], "tries_max": 2 }],
            "result_codes": [{ "id": 1, "campaign": 612, "export_key": "DONE", "type": "done", "texts": [{ "language": 1, "text": "Done" }] }],
            "people": [{ "campaign": 612, "first": 10, "count": 40 }],
        },
        "maxcontact": {
            "lists": [{ "id": 12 }],
            "campaigns": [{ "id": 8, "name": "Win-back", "list": 12, "calls_per_hour": 40 }],
            "users": users,
            "result_codes": [{ "id": 1, "code": "SALE", "sales": 1 }, { "id": 2, "code": "CB", "call_again": true }],
            "queues": [{ "id": 3, "name": "Service", "calls_per_hour": 20 }],
            "people": [{ "list": 12, "first": 30, "count": 20 }],
        },
    })
}

fn infocu5_calls(stage: &Stage, from: &str, to: &str) -> serde_json::Map<String, Value> {
    let body = json!({
        "affiliateID": INFOCU5_ID, "affiliateKey": INFOCU5_KEY, "dialerFunction": "getCalls",
        "dateStart": from, "dateEnd": to,
    });
    let response = stage.request(&format!("POST /dialer/ HTTP/1.1\n\n{body}"));
    let reply: Value = serde_json::from_slice(&response.body).unwrap();
    reply["responseDetails"].as_object().cloned().unwrap_or_default()
}

/// Every call of the day as getCalls tells of it now.
fn all_infocu5_calls(stage: &Stage) -> serde_json::Map<String, Value> {
    infocu5_calls(stage, "2026-03-01T00:00:00+00:00", "2026-03-09T00:00:00+00:00")
}

fn maestro_callers(stage: &Stage, from: &str, to: &str) -> Vec<String> {
    let target = format!("offer_id=1&offer_token=t1&dateFrom={from}&dateTo={to}");
    let response = stage.request(&format!("GET /_access/fetchCallersByDate?{target} HTTP/1.1\n\n"));
    let mut reader = csv::Reader::from_reader(&response.body[..]);
    reader.records().map(|row| row.unwrap()[5].to_owned()).collect()
}

/// What MOR's statistics say of campaign 17.
fn mor_statistics(stage: &Stage) -> String {
    let (from, to) = ("1772323200", "1772928000");
    let hash = hex(&Sha1::digest(format!("bob17{from}{to}{MOR_KEY}").as_bytes()));
    let body = format!("u=bob&id=17&period_start={from}&period_end={to}&hash={hash}");
    let response = stage.request(&format!(
        "POST /billing/api/autodialer_get_campaign_statistics HTTP/1.1\n\
         Content-Type: application/x-www-form-urlencoded\n\n{body}"
    ));
    String::from_utf8(response.body.to_vec()).unwrap()
}

/// The tables in which something happens.
const TABLES: &[(&str, &[&str])] = &[
    ("maestro", &["calls", "callers", "opt_ins"]),
    ("infocu5", &["calls"]),
    ("jtel", &["contacts", "history"]),
    ("maxcontact", &["users", "calls", "past_calls", "leads", "attempts"]),
    ("mor", &["campaigns", "numbers", "calls"]),
];

fn effects(stage: &Stage) -> Vec<Value> {
    let journal = stage.journal();
    journal.iter().flat_map(|shown| shown["effects"].as_array().unwrap().clone()).collect()
}

/// All that can be seen of a world: its tables, replies and effects.
fn seen(stage: &Stage) -> Vec<Value> {
    let tables = TABLES.iter().flat_map(|(vendor, tables)| {
        tables.iter().map(|table| Value::from(stage.table(vendor, table)))
    });
    let mut all: Vec<Value> = tables.collect();
    all.push(effects(stage).into());
    all.push(all_infocu5_calls(stage).into());
    all.push(maestro_callers(stage, "2026-03-01+00:00:00", "2026-03-09+00:00:00").into());
    all.push(mor_statistics(stage).into());
    all
}

fn run(seed: u64, n_steps: u32, asks: bool) -> Vec<Value> {
    let stage = Stage::new(&small_day(seed));
    for step in 0..n_steps {
        stage.advance(Duration::from_hours(10) / n_steps);
        if asks && step % 7 == 0 {
            all_infocu5_calls(&stage);
            maestro_callers(&stage, "2026-03-01+00:00:00", "2026-03-09+00:00:00");
            mor_statistics(&stage);
        }
    }
    seen(&stage)
}

#[test]
fn one_stride_comes_to_the_same_as_many_and_whatever_is_asked_in_between() {
    let once = run(1, 1, false);
    for (value, least) in once.iter().zip([5, 20, 5, 300, 100, 50, 3, 0, 30, 20, 5, 1, 100, 50]) {
        let n_rows = value.as_array().map_or(1, Vec::len);
        assert!(n_rows >= least, "{n_rows} are less than {least}: {value}");
    }
    let compare = |other: Vec<Value>, how: &str| {
        for (idx, (left, right)) in once.iter().zip(&other).enumerate() {
            assert!(left == right, "{how}: part {idx} differs");
        }
    };
    compare(run(1, 10, false), "in hours");
    compare(run(1, 10, true), "in hours, with questions");
    compare(run(1, 600, false), "in minutes");
    assert_ne!(once, run(2, 1, false), "another seed is another day");
}

/// Effects whose text holds both words, by now.
fn count(effects: &[Value], words: [&str; 2]) -> usize {
    let text = |effect: &&Value| effect["text"].as_str().unwrap_or_default().to_owned();
    effects.iter().filter(|it| words.iter().all(|word| text(it).contains(word))).count()
}

#[test]
fn lists_statistics_and_effects_say_the_same_at_any_time() {
    let stage = Stage::new(&small_day(3));
    for _ in 0..20 {
        stage.advance(Duration::from_mins(30));
        let effects = effects(&stage);
        let mut listed: BTreeMap<String, usize> = BTreeMap::new();
        for call in all_infocu5_calls(&stage).values() {
            let campaign = call["callCampaignID"].as_str().unwrap().to_owned();
            *listed.entry(campaign).or_default() += 1;
        }
        for campaign in ["2040", "2050"] {
            let words = ["recorded", &format!("of campaign {campaign} ")];
            assert_eq!(listed.get(campaign).copied().unwrap_or(0), count(&effects, words));
        }
        let statistics = mor_statistics(&stage);
        for (tag, word) in [
            ("answered_calls", "dialled, answered"),
            ("no_answer_calls", "dialled, no_answer"),
            ("busy_calls", "dialled, busy"),
        ] {
            let n_calls = count(&effects, ["campaign 17: ", word]);
            let is_before = !statistics.contains("<campaign_statistics>") && n_calls == 0;
            assert!(
                is_before || statistics.contains(&format!("<{tag}>{n_calls}</{tag}>")),
                "{tag} is not {n_calls}: {statistics}"
            );
        }
    }
    assert!(count(&effects(&stage), ["campaign 17: ", "dialled, answered"]) > 30);
}

/// A length that is written `00:06:40`.
fn length(record: &Value, name: &str) -> Span {
    let parts = record[name].as_str().unwrap().split(':').map(|part| part.parse::<u32>().unwrap());
    Span::secs(parts.fold(0, |sum, part| sum * 60 + part))
}

/// Within 09:00 to 12:30 or 13:00 to 17:00 of a Monday or Tuesday, in UTC.
fn is_within_hours(at: Instant) -> bool {
    // 1970 began on a Thursday.
    let is_on_its_days = matches!(at.period(Span::DAY) % 7, 4 | 5);
    is_on_its_days && matches!(at.into_period(Span::DAY).as_mins(), 540..750 | 780..1020)
}

fn at(value: &Value) -> Instant {
    value.as_str().unwrap().parse().unwrap()
}

/// A time as a column has it.
fn kept(value: &Value) -> Instant {
    Instant::try_from_millis(value.as_i64().unwrap()).unwrap()
}

/// Fails where two stretches of one owner overlap.
fn assert_one_at_a_time(mut stretches: Vec<(String, Instant, Instant)>) {
    stretches.sort();
    for pair in stretches.windows(2) {
        let [(owner, _, ends), (next_owner, starts, _)] = pair else { unreachable!() };
        assert!(owner != next_owner || ends <= starts, "{owner} is in two calls: {pair:?}");
    }
}

#[test]
fn no_agent_is_in_two_calls_and_nothing_happens_outside_its_hours() {
    let stage = Stage::new(&small_day(4));
    // Until Thursday: there is traffic on two days.
    stage.advance(Duration::from_hours(72));
    let mut stretches = Vec::new();
    let mut n_abandoned = 0;
    for row in stage.table("infocu5", "calls") {
        let record: Value = serde_json::from_str(row["record"].as_str().unwrap()).unwrap();
        let s = |name: &str| length(&record, name);
        let (queue, talk, hold) = (s("callQueueTime"), s("callTalkTime"), s("callHoldTime"));
        let beside_ringing = queue + talk + hold;
        assert!(s("callTime") >= beside_ringing, "{record}");
        assert!(s("callTime") == beside_ringing || record["callType"] == "Outbound", "{record}");
        assert_eq!(s("callHandleTime"), talk + hold);
        let date = at(&record["callDate"]);
        assert!(is_within_hours(date), "{record}");
        let agent = row["agent_id"].as_str().unwrap();
        assert_eq!(agent.is_empty(), talk.is_zero());
        n_abandoned += usize::from(agent.is_empty() && record["callType"] == "Inbound");
        if !agent.is_empty() {
            let taken = date.saturating_add(queue);
            let ends = date.saturating_add(s("callTime") + s("callAfterCallWorkTime"));
            stretches.push((agent.to_owned(), taken, ends));
        }
        if record["callCampaignID"] == "2050" && !agent.is_empty() {
            assert!(["5001", "5002", "5003"].contains(&agent), "{record}");
        }
    }
    assert!(stretches.len() > 500 && n_abandoned > 0, "{} {n_abandoned}", stretches.len());
    assert_one_at_a_time(stretches);

    for call in stage.table("maestro", "calls") {
        assert!(is_within_hours(at(&call["start"])), "{call}");
    }
    let calls = stage.table("mor", "calls");
    assert!(calls.len() > 100, "{}", calls.len());
    for call in &calls {
        let at = kept(&call["at_ms"]);
        let minute = at.into_period(Span::DAY).as_mins();
        assert!(is_within_hours(at) && (600..960).contains(&minute), "{call}");
    }
    let history = stage.table("jtel", "history");
    let mut stretches = Vec::new();
    for row in history.iter().filter(|row| !row["users_id"].is_null()) {
        let (starts, ends) = (kept(&row["at_ms"]), kept(&row["end_ms"]));
        assert!(is_within_hours(starts), "{row}");
        stretches.push((row["users_id"].to_string(), starts, ends));
    }
    assert!(stretches.len() > 50);
    assert_one_at_a_time(stretches);
}

#[test]
fn a_locked_contact_is_not_dialled() {
    let stage = Stage::new(&small_day(5));
    stage.advance(Duration::from_hours(2));
    let ids: Vec<i64> =
        stage.table("jtel", "contacts").iter().map(|it| it["id"].as_i64().unwrap()).collect();
    let locked: Vec<i64> = ids.into_iter().rev().take(15).collect();
    let n_calls = || {
        let history = stage.table("jtel", "history");
        history.iter().filter(|it| locked.contains(&it["contact_id"].as_i64().unwrap())).count()
    };
    for id in &locked {
        let response = stage.request(&format!(
            "PATCH /rest/v1.0/7/dialler/contacts/contact/{id}/lock HTTP/1.1\n\
             Authorization: Bearer T\n"
        ));
        assert_eq!(response.status.as_u16(), 200, "{}", stage.why());
    }
    let before = n_calls();
    stage.advance(Duration::from_hours(8));
    assert_eq!(before, n_calls());
}

/// The large day begins; the whole of it is what the benchmark runs.
#[test]
fn the_working_day_has_all_five_vendors_at_work() {
    let stage = Stage::named("working-day");
    stage.advance(Duration::from_mins(6));
    for (vendor, table) in [
        ("infocu5", "calls"),
        ("jtel", "history"),
        ("maestro", "callers"),
        ("maxcontact", "past_calls"),
        ("mor", "calls"),
    ] {
        assert!(!stage.table(vendor, table).is_empty(), "{vendor} has no {table}");
    }
}

#[test]
fn agents_of_maxcontact_come_and_go_with_their_hours() {
    let stage = Stage::new(&small_day(6));
    let states = || -> Vec<String> {
        let users = stage.table("maxcontact", "users");
        users.iter().map(|user| user["state"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(states(), ["logged out"; 3]);
    stage.advance(Duration::from_hours(3));
    assert!(states().iter().all(|state| state != "logged out" && state != "not ready"));
    stage.advance(Duration::from_hours(7));
    assert_eq!(states(), ["not ready"; 3]);
    let past = stage.table("maxcontact", "past_calls");
    assert!(past.len() > 100, "{}", past.len());
    assert!(past.iter().all(|call| call["result_code"] != ""), "each has an outcome");
}

/// A whole week of calls, over the night in which the clocks go forward: however windows are cut,
/// laid end to end they return every caller who opted in exactly once.
#[test]
fn windows_over_a_week_return_each_caller_once() {
    for (start, first_day) in
        [("2026-03-05T00:00:00Z", "2026-03-04"), ("2026-10-29T00:00:00Z", "2026-10-28")]
    {
        let stage = Stage::new(&json!({
            "seed": 9, "crowd": 50, "clock": { "mode": "frozen", "at": start },
            "maestro": { "offers": [{ "id": 1, "token": "t1" }] },
            "traffic": [{ "name": "all week", "vendor": "maestro", "kind": "calls", "per_hour": 1, "offers": [1], "callers": "0..4" }],
        }));
        stage.advance(Duration::from_hours(8 * 24));
        let mut expected: Vec<String> = stage
            .table("maestro", "opt_ins")
            .iter()
            .map(|row| (row["call_end"].clone(), row["caller"].as_str().unwrap().to_owned()))
            .filter(|(call_end, _)| !call_end.is_null())
            .map(|(_, caller)| caller)
            .collect();
        expected.sort();
        assert!(expected.len() > 100);
        let day: Instant = format!("{first_day}T00:00:00Z").parse().unwrap();
        let local =
            |since: Span| day.saturating_add(since).utc().format("%Y-%m-%d+%H:%M:%S").to_string();
        let all = Span::days(10);
        let bounds = (0..10 * 24 * 3600_u32).prop_map(Span::secs);
        let bounds = prop::collection::vec(bounds, 0..30);
        let mut runner = TestRunner::new(ProptestConfig { cases: 12, ..ProptestConfig::default() });
        let zones = prop_oneof![Just("los_angeles"), Just("utc")];
        let ran = runner.run(&(bounds, zones), |(mut bounds, zone)| {
            stage.set_variant("maestro", "time_zone", zone);
            bounds.extend([Span::ZERO, all]);
            bounds.sort_unstable();
            let mut found: Vec<String> = Vec::new();
            for pair in bounds.windows(2) {
                found.extend(maestro_callers(&stage, &local(pair[0]), &local(pair[1])));
            }
            found.sort();
            prop_assert_eq!(&found, &expected);
            Ok(())
        });
        ran.unwrap();
    }
}

#[test]
fn says_what_is_wrong_with_a_source() {
    let refuse = |change: Value, expected: &str| {
        let mut scenario = small_day(1);
        scenario["traffic"] = json!([{ "name": "s", "vendor": "infocu5", "kind": "inbound", "campaign": 2040, "per_hour": 1 }]);
        let row = scenario["traffic"][0].as_object_mut().unwrap();
        for (name, value) in change.as_object().unwrap() {
            row.insert(name.clone(), value.clone());
        }
        row.retain(|_, value| !value.is_null());
        let mistakes = Stage::mistakes(&scenario);
        assert!(mistakes.contains(expected), "expected {expected}\nin {mistakes}");
    };
    refuse(
        json!({ "vendor": "genesys" }),
        "there is no vendor called \"genesys\"; expected one of infocu5",
    );
    refuse(json!({ "kind": "inbond" }), "did you mean \"inbound\"?");
    refuse(json!({ "campaign": null }), "needs \"campaign\": the vendor's campaign");
    refuse(json!({ "offers": [1] }), "has no \"offers\"; expected per_hour, campaign, agents");
    refuse(json!({ "campaign": 7 }), "there is no \"7\"");
    refuse(json!({ "agents": [5001, 77] }), "there is no \"77\"");
    refuse(json!({ "hold_rate": 1.5 }), "expected a number from 0 to 1");
    refuse(json!({ "per_hour": -1 }), "expected a number from 0 to 100000");
    refuse(json!({ "talk": "3" }), "a spread of them");
    refuse(json!({ "zone": "Berlin" }), "a time zone such as Europe/Berlin");
    refuse(json!({ "hours": ["17:00-09:00"] }), "hours of one day such as 09:00-17:30");
    refuse(json!({ "days": ["monday"] }), "one of \"mon\"");
    refuse(
        json!({ "vendor": "maestro", "kind": "calls", "campaign": null, "offers": [3] }),
        "there is no offer \"3\"",
    );
    refuse(
        json!({ "vendor": "maestro", "kind": "calls", "campaign": null, "offers": [1], "host": "me, you" }),
        "one e-mail address",
    );
    refuse(json!({ "vendor": "mor", "kind": "campaign" }), "there is no campaign \"2040\"");
    refuse(
        json!({ "vendor": "maestro", "kind": "calls", "campaign": null, "offers": [1], "callers": "10001" }),
        "a count up to 10000 such as",
    );
    refuse(
        json!({ "vendor": "maestro", "kind": "calls", "campaign": null, "offers": [1], "callers": "0..10000", "per_hour": 25 }),
        "the sources make about 250025 things an hour, people on calls included; expected at most 200000",
    );
    refuse(json!({ "vendor": "jtel", "kind": "campaign" }), "there is no campaign \"2040\"");
    refuse(json!({ "vendor": "maxcontact", "kind": "leads" }), "there is no campaign \"2040\"");
    let mut nobody = small_day(1);
    nobody["crowd"] = json!(0);
    for vendor in ["jtel", "maxcontact", "mor"] {
        nobody[vendor]["people"] = json!([]);
    }
    assert!(
        Stage::mistakes(&nobody).contains("this traffic is made by people, and there are none")
    );
}
