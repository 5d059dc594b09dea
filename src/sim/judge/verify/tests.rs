//! Conditions over journals of real exchanges.

use serde_json::{Value, json};

use crate::base::limits::JOURNAL_BODY_BYTES_MAX;
use crate::base::seq::Seq;
use crate::base::time::Instant;
use crate::contract::vendor::Vendors;
use crate::sim::journal::ring::Lost;
use crate::sim::journal::walk::Walk;
use crate::sim::judge::verify::condition::Condition;
use crate::sim::judge::verify::report::Outcome;
use crate::sim::judge::verify::tally::Tally;
use crate::sim::judge::verify::verdict::Verdict;
use crate::testing::Stage;
use crate::vendors;
use crate::web::mask::masker::Masker;

const TOKEN: &str = "Authorization: Bearer SIMTOKEN-7A";

/// Two contacts read and one locked, after a poll with a wrong hash.
fn stage() -> Stage {
    let stage = Stage::demo();
    stage.send(
        "POST /billing/api/autodialer_get_campaign_ivr_poll_results?u=dialer_bob&id=17&hash=no\n\n",
    );
    stage.send(&format!("GET /rest/v1.0/7/dialler/contacts/301501\n{TOKEN}\n\n"));
    stage.send(&format!("GET /w/default/rest/v1.0/7/dialler/contacts/301502?x=1\n{TOKEN}\n\n"));
    stage.send(&format!("PATCH /rest/v1.0/7/dialler/contacts/contact/301501/lock\n{TOKEN}\n\n"));
    stage
}

fn mistakes(condition: &Value) -> Vec<String> {
    let read = Condition::from_json(Vendors(vendors::ALL), condition);
    read.unwrap_err().iter().map(|mistake| format!("{}: {}", mistake.pointer, mistake)).collect()
}

#[track_caller]
fn check(stage: &Stage, condition: &Value, outcome: Outcome) -> Verdict {
    let verdict = stage.verify(condition);
    assert_eq!(verdict.outcome, outcome, "{}", verdict.to_text());
    verdict
}

#[test]
fn counts_what_meets_all_rules() {
    let stage = stage();
    for (count, outcome) in [
        (json!({ "exactly": 2 }), Outcome::Pass),
        (json!({ "exactly": 1 }), Outcome::Fail),
        (json!({ "at_least": 2 }), Outcome::Pass),
        (json!({ "at_least": 3 }), Outcome::Fail),
        (json!({ "at_most": 2 }), Outcome::Pass),
        (json!({ "at_most": 1 }), Outcome::Fail),
        (json!({ "at_least": 1, "at_most": 3 }), Outcome::Pass),
        (json!({ "never": true }), Outcome::Fail),
        (json!({}), Outcome::Pass),
    ] {
        let mut condition = json!({ "vendor": "jtel", "operation": "get_contact" });
        condition.as_object_mut().unwrap().extend(count.as_object().unwrap().clone());
        assert_eq!(check(&stage, &condition, outcome).matched, [2, 3].map(Seq::new));
    }
    check(&stage, &json!({ "outcome": "error", "never": true }), Outcome::Pass);
    check(&stage, &json!({ "outcome": "faulted", "never": true }), Outcome::Pass);
}

#[test]
fn looks_at_every_part_of_an_exchange() {
    let stage = stage();
    for rule in [
        json!({ "param": { "id": "301502" }, "query": { "x": 1 } }),
        json!({ "path": "/rest/v1.0/7/dialler/contacts/301502" }),
        json!({ "method": "PATCH", "effect": { "contains": "301501" } }),
        json!({ "response": { "json": { "/records/0/City": "Kiel", "/records/*/ID": 301_501 } } }),
        json!({ "response": { "json": { "/records/0/ID": { "one_of": [1, 301_501] } } } }),
        json!({ "response": { "header": { "Content-Type": { "contains": "json" } } } }),
        json!({ "response": { "xml": { "/status/error": "Incorrect hash" } }, "status": 200 }),
        json!({ "why": "mor.hash", "query": { "u": { "regex": "^dialer_" } } }),
        json!({ "operation": "get_contact", "query": { "x": { "present": false } } }),
        json!({ "vendor": "jtel", "body": { "present": false }, "outcome": "ok" }),
    ] {
        let mut condition = rule.clone();
        condition["at_least"] = json!(1);
        check(&stage, &condition, Outcome::Pass);
    }
}

#[test]
fn looks_at_what_happens_outside_the_apis() {
    let stage = Stage::demo();
    let agent = json!({ "id": "50017", "active": false });
    stage
        .event(
            "infocu5",
            "set_agent_active",
            &json!({ "event": "set_agent_active", "fields": agent }),
        )
        .unwrap_err();
    stage.reset();
    check(&stage, &json!({ "action": "reset", "exactly": 1 }), Outcome::Pass);
    let never = json!({ "action": "reset", "operation": "get_contact" });
    check(&stage, &never, Outcome::Fail);
}

#[test]
fn reads_bodies_as_the_vendor_does() {
    let stage = Stage::demo();
    stage.send(
        "POST /dialer/\n\n{\"affiliateID\":\"A7k2Qm9ZrT4x\",\"dialerFunction\":\"getAgents\",\"n\":17}",
    );
    stage.send(
        "POST /billing/api/autodialer_change_campaign_status\nContent-Type: application/x-www-form-urlencoded\n\nu=bob&id=%2B17",
    );
    let of = |vendor: &str, rule: Value| {
        let mut condition = rule;
        condition["vendor"] = vendor.into();
        condition
    };
    check(&stage, &of("infocu5", json!({ "json": { "/n": 17 } })), Outcome::Pass);
    check(&stage, &of("infocu5", json!({ "param": { "n": 17 } })), Outcome::Pass);
    let verdict = check(&stage, &of("infocu5", json!({ "json": { "/n": "17" } })), Outcome::Fail);
    assert!(verdict.to_text().contains("the type differs: expected a text, found a number"));
    check(&stage, &of("mor", json!({ "form": { "id": "+17" } })), Outcome::Pass);
    check(&stage, &of("mor", json!({ "param": { "u": "bob" } })), Outcome::Pass);
    let verdict = check(&stage, &of("mor", json!({ "query": { "u": "bob" } })), Outcome::Fail);
    assert!(verdict.to_text().contains("the form has it"), "{}", verdict.to_text());
}

#[test]
fn a_secret_is_matched_and_not_shown() {
    let stage = stage();
    let with = |token: &str| json!({ "operation": "get_contact", "header": { "Authorization": token }, "exactly": 2 });
    let verdict = check(&stage, &with("Bearer SIMTOKEN-7A"), Outcome::Pass);
    assert!(!verdict.to_json().to_string().contains("SIMTOKEN"));
    let verdict = check(&stage, &with("Bearer SIMTOKEN-7B"), Outcome::Fail);
    let text = verdict.to_json().to_string();
    assert!(!text.contains("SIMTOKEN"), "{text}");
    assert!(text.contains("Bearer ***(11."), "{text}");
    let verdict = check(&stage, &with("Bearer pa55"), Outcome::Fail);
    let text = verdict.to_json().to_string();
    assert!(text.contains("Bearer ***(4)") && !text.contains("pa55"), "{text}");
}

#[test]
fn an_order_is_met_one_after_the_other() {
    let stage = stage();
    let steps = |names: [&str; 2]| {
        let steps = names.map(|name| json!({ "operation": name, "outcome": "ok" }));
        json!({ "vendor": "jtel", "in_order": steps })
    };
    let verdict = check(&stage, &steps(["get_contact", "lock_contact_by_id"]), Outcome::Pass);
    assert_eq!(verdict.matched, [2, 4].map(Seq::new));
    let verdict = check(&stage, &steps(["lock_contact_by_id", "get_contact"]), Outcome::Fail);
    assert_eq!(verdict.reason, "1 of 2 steps were reached (entries 4)");
    assert!(verdict.to_text().contains("NO       order: expected after entry 4, found entry 3"));
    check(&stage, &steps(["get_contact", "get_contact"]), Outcome::Pass);
}

#[test]
fn the_part_of_the_journal_can_be_chosen() {
    let stage = stage();
    let with = |name: &str, value: Value| {
        let mut condition = json!({ "operation": "get_contact", "exactly": 1 });
        condition[name] = value;
        condition
    };
    check(&stage, &with("since", json!(2)), Outcome::Pass);
    check(&stage, &with("until", json!(2)), Outcome::Pass);
    check(&stage, &with("after", json!("2026-03-02T09:00:00Z")), Outcome::Fail);
    let verdict = check(&stage, &with("after", json!("2026-03-02T09:00:01Z")), Outcome::Fail);
    assert!(verdict.to_text().contains(
        "NO       after: expected at 2026-03-02T09:00:01Z or later, found 2026-03-02T09:00:00Z"
    ));
}

#[test]
fn a_near_miss_says_what_to_change() {
    let stage = stage();
    let condition = json!({ "vendor": "jtel", "operation": "lock_contact_by_id",
        "param": { "id": "301502" }, "exactly": 1 });
    let verdict = check(&stage, &condition, Outcome::Fail);
    let expected = "\
fail: no entry meets all rules
  expected exactly 1 × jtel lock_contact_by_id where param id is \"301502\"
closest: entry 4 at 2026-03-02T09:00:00Z: PATCH /rest/v1.0/7/dialler/contacts/contact/301501/lock -> 200 ok
  yes      vendor: \"jtel\"
  yes      operation: \"lock_contact_by_id\"
  NO       param id: expected \"301502\", found \"301501\"
closest: entry 3";
    assert!(verdict.to_text().starts_with(expected), "{}", verdict.to_text());
    assert_eq!(verdict.closest.len(), 2);

    let condition = json!({ "operation": "list_campaigns", "vendor": "jtel" });
    let verdict = check(&stage, &condition, Outcome::Fail);
    assert!(verdict.closest.is_empty());
    assert!(verdict.to_text().contains("2 × jtel get_contact"), "{}", verdict.to_text());

    let too_often = json!({ "operation": "lock_contact_by_id", "never": true });
    let verdict = check(&stage, &too_often, Outcome::Fail);
    assert_eq!(verdict.closest.iter().map(|close| close.seq.get()).collect::<Vec<_>>(), [4]);
    let refused = json!({ "vendor": "mor", "outcome": "ok",
        "operation": "get_campaign_ivr_poll_results" });
    let verdict = check(&stage, &refused, Outcome::Fail);
    assert!(verdict.to_text().contains("  refused because mor.hash: expected sha1("));
}

#[test]
fn a_journal_that_lost_entries_says_what_cannot_be_told() {
    let outcome = |condition: Value| {
        let condition = Condition::from_json(Vendors(vendors::ALL), &condition).unwrap();
        let mut tally = Tally::new(&condition, Masker::default());
        tally.lost(Lost { count: 3, last_seq: Seq::new(10), latest: Instant::MIN });
        tally.outcome()
    };
    let with = |name: &str, value: Value| {
        let mut condition = json!({ "outcome": "refused" });
        condition[name] = value;
        condition
    };
    assert_eq!(outcome(with("never", json!(true))), Outcome::Inconclusive);
    assert_eq!(outcome(with("at_least", json!(3))), Outcome::Inconclusive);
    // Three are gone, so four there never were.
    assert_eq!(outcome(with("at_least", json!(4))), Outcome::Fail);
    assert_eq!(outcome(with("at_most", json!(3))), Outcome::Pass);
    assert_eq!(outcome(with("in_order", json!([{ "vendor": "mor" }]))), Outcome::Inconclusive);
    let mut late = with("never", json!(true));
    late["since"] = json!(10);
    assert_eq!(outcome(late.clone()), Outcome::Pass);
    late["since"] = json!(9);
    assert_eq!(outcome(late), Outcome::Inconclusive);
    let mut late = with("never", json!(true));
    late["after"] = json!("1970-01-01T00:00:00.001Z");
    assert_eq!(outcome(late), Outcome::Pass);
}

#[test]
fn a_body_that_the_journal_cut_is_not_denied() {
    let stage = Stage::demo();
    let body = format!("{{\"a\":\"{}\",\"b\":1}}", "x".repeat(JOURNAL_BODY_BYTES_MAX));
    stage.send(&format!("POST /dialer/\n\n{body}"));
    let verdict = check(&stage, &json!({ "json": { "/b": 1 } }), Outcome::Inconclusive);
    assert!(verdict.to_text().contains("the body is longer than the journal keeps"));
    check(&stage, &json!({ "body": { "contains": "{\"a\":\"x" } }), Outcome::Pass);
    check(&stage, &json!({ "json": { "/b": 1 }, "vendor": "mor" }), Outcome::Fail);
}

#[test]
fn a_journal_in_a_file_answers_alike_but_for_what_was_masked_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::demo_in(folder.path());
    stage.send(&format!("GET /w/default/rest/v1.0/7/dialler/contacts/301502\n{TOKEN}\n\n"));
    let with = |name: &str, value: Value| {
        let mut condition = json!({ "operation": "get_contact", "exactly": 1 });
        condition[name] = value;
        condition
    };
    check(&stage, &with("param", json!({ "id": "301502" })), Outcome::Pass);
    check(&stage, &with("path", json!("/rest/v1.0/7/dialler/contacts/301502")), Outcome::Pass);
    check(&stage, &with("status", json!(201)), Outcome::Fail);
    let secret = with("header", json!({ "authorization": "Bearer SIMTOKEN-7A" }));
    let verdict = check(&stage, &secret, Outcome::Inconclusive);
    assert!(verdict.to_text().contains("deciding part the journal does not hold"));
}

#[test]
fn what_nobody_may_send_can_be_named_although_the_vendor_does_not_have_it() {
    let stage = stage();
    let lock = |count: Value| {
        let mut condition = json!({
            "vendor": "jtel", "operation": "lock_contact_by_id", "param": { "force": "1" },
        });
        condition.as_object_mut().unwrap().extend(count.as_object().unwrap().clone());
        condition
    };
    for count in [json!({ "never": true }), json!({ "at_most": 1 }), json!({ "exactly": 0 })] {
        check(&stage, &lock(count), Outcome::Pass);
    }
    stage.send(&format!(
        "PATCH /rest/v1.0/7/dialler/contacts/contact/301501/lock?force=1\n{TOKEN}\n\n"
    ));
    check(&stage, &lock(json!({ "never": true })), Outcome::Fail);
    for count in [json!({}), json!({ "exactly": 1 }), json!({ "at_least": 1, "at_most": 2 })] {
        let told = mistakes(&lock(count));
        assert!(told[0].starts_with("/param/force: ") && told[0].contains("unknown"), "{told:?}");
    }
    // A world that was served with one is served again.
    let kept = lock(json!({ "exactly": 1 }));
    assert!(Condition::from_kept(Vendors(vendors::ALL), &kept).is_ok());
    let kept = json!({ "fault": "lost_reply", "method": "PUTT", "never": true });
    assert!(Condition::from_kept(Vendors(vendors::ALL), &kept).is_ok());
}

#[test]
fn everything_wrong_with_a_condition_is_told_with_its_place() {
    let told = mistakes(&json!({
        "vendor": "jtell", "jsn": {}, "query": { "id": { "regex": "(", "contain": "x" } },
        "xml": { "Lead": "x" }, "json": { "phone": 1 }, "header": "x", "body": ["x"],
        "exactly": "2", "since": -1, "after": "today",
    }));
    let pointers: Vec<&str> = told.iter().map(|text| text.split(": ").next().unwrap()).collect();
    assert_eq!(
        pointers,
        [
            "/jsn",
            "/body",
            "/query/id/contain",
            "/query/id/regex",
            "/header",
            "/json/phone",
            "/xml/Lead",
            "/vendor",
            "/since",
            "/after",
            "/exactly",
        ],
        "{told:#?}"
    );
    assert!(told.iter().any(|text| text.ends_with("did you mean \"jtel\"?")), "{told:#?}");
}

#[test]
fn what_would_count_nothing_or_everything_is_a_mistake() {
    for (condition, pointer, words) in [
        (json!({}), "", "says nothing about the entries"),
        (json!([]), "", "a list"),
        (json!({ "operation": "x", "vendor": "mor" }), "/operation", "unknown operation"),
        (json!({ "why": "mor.hush" }), "/why", "did you mean \"mor.hash\"?"),
        (json!({ "event": "dail" }), "/event", "unknown event"),
        (json!({ "outcome": "failed" }), "/outcome", "one of ok, refused, error"),
        (
            json!({ "outcome": { "one_of": ["ok", "refusd"] } }),
            "/outcome",
            "did you mean \"refused\"?",
        ),
        (json!({ "fault": "lost_reply", "never": true }), "/fault", "did you mean \"lose_reply\"?"),
        (json!({ "action": "rest" }), "/action", "did you mean \"reset\"?"),
        (json!({ "method": "PUTT" }), "/method", "did you mean \"PUT\"?"),
        (json!({ "method": "get" }), "/method", "did you mean \"GET\"?"),
        (json!({ "status": 2000 }), "/status", "100 to 999"),
        (json!({ "response": { "status": "OK" } }), "/response/status", "100 to 999"),
        (json!({ "path": "/w/a/jtel/rest/v1.0/7" }), "/path", "without a world's /w/NAME"),
        (json!({ "path": "/jtel/rest/v1.0/7" }), "/path", "without a vendor's name"),
        (json!({ "path": "/rest/v1.0/7?x=1" }), "/path", "without a query"),
        (
            json!({ "operation": { "one_of": ["get_contact", "get_contct"] } }),
            "/operation",
            "get_contact",
        ),
        (json!({ "outcome": "ok", "exactly": 1, "never": true }), "", "exactly and never"),
        (json!({ "outcome": "ok", "at_least": 2, "at_most": 1 }), "/at_most", "less than"),
        (json!({ "outcome": "ok", "never": false }), "/never", "true, or no such member"),
        (json!({ "in_order": [] }), "/in_order", "1 to 100"),
        (json!({ "in_order": [{}] }), "/in_order/0", "says nothing"),
        (json!({ "in_order": [{ "exactly": 1 }] }), "/in_order/0/exactly", "unknown member"),
        (json!({ "query": { "id": {} } }), "/query/id", "an empty object"),
        (json!({ "query": { "id": null } }), "/query/id", "null"),
        (json!({ "query": { "id": { "one_of": [] } } }), "/query/id/one_of", "one at least"),
    ] {
        let told = mistakes(&condition);
        assert!(
            told.iter().any(|it| it.starts_with(&format!("{pointer}: ")) && it.contains(words)),
            "{condition}: {told:#?}"
        );
    }
}

#[test]
fn an_event_is_no_request_that_no_operation_took() {
    let stage = Stage::demo();
    stage.event("jtel", "start_campaign", &json!({ "campaign": 612 })).unwrap();
    let wanted = json!({ "vendor": "jtel", "operation": "lock_contact_by_id" });
    let told = check(&stage, &wanted, Outcome::Fail).to_text();
    assert!(told.ends_with("the journal has 1 × jtel event start_campaign"), "{told}");
}

#[test]
fn an_event_that_was_refused_did_not_happen() {
    let stage = Stage::demo();
    assert!(stage.event("jtel", "start_campaign", &json!({ "campaign": 999 })).is_err());
    let told = check(&stage, &json!({ "event": "start_campaign" }), Outcome::Fail).to_text();
    assert!(told.contains("outcome") && told.contains("refused"), "{told}");
    check(&stage, &json!({ "event": "start_campaign", "never": true }), Outcome::Pass);
    for how in [json!({ "outcome": "refused" }), json!({ "error": { "contains": "999" } })] {
        let mut condition = how;
        condition["event"] = "start_campaign".into();
        check(&stage, &condition, Outcome::Pass);
    }
    stage.event("jtel", "start_campaign", &json!({ "campaign": 612 })).unwrap();
    check(&stage, &json!({ "event": "start_campaign", "exactly": 1 }), Outcome::Pass);
}

#[test]
fn one_mistake_is_told_as_one() {
    for condition in [
        json!({ "fautl": "lose_reply", "never": true }),
        json!({ "vendor": "jtell" }),
        json!({ "query": { "id": { "regex": "(" } } }),
        json!({ "in_order": [{ "outcom": "ok" }] }),
    ] {
        let told = mistakes(&condition);
        assert_eq!(told.len(), 1, "{condition}: {told:#?}");
    }
}
