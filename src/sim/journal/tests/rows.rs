//! Entries to a row and back, and what cannot be read.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::base::limits::JOURNAL_BODY_BYTES_MAX;
use crate::base::seq::Seq;
use crate::base::time::{Instant, Span};
use crate::contract::evidence::Evidence;
use crate::contract::reply::{Effect, Outcome, Why};
use crate::contract::surface::Surface;
use crate::contract::vendor::Vendors;
use crate::sim::fault::headers::Headers;
use crate::sim::fault::rule::Then;
use crate::sim::fault::rule_id::RuleId;
use crate::sim::fault::struck::Fault;
use crate::sim::journal::entry::{Action, Entry, What};
use crate::sim::journal::exchange::Exchange;
use crate::sim::journal::filter::Filter;
use crate::sim::journal::mask::Mask;
use crate::sim::journal::row;
use crate::sim::journal::secrets;
use crate::sim::world::journal::Page;
use crate::testing::Stage;
use crate::vendors;
use crate::web::diagnosis::report::Edit;
use crate::web::mask::known::Known;
use crate::web::mask::masker::Masker;
use crate::web::message::{Request, Response};
use crate::web::stream;

const VENDORS: Vendors = Vendors(vendors::ALL);

fn surface(name: &str) -> Option<&'static Surface> {
    VENDORS.find(name).map(|vendor| vendor.surface)
}

/// Bodies: text, no text, with escapes, and one that is cut inside a character.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let long = (0..4_usize).prop_map(|before| {
        let mut body = vec![b'a'; JOURNAL_BODY_BYTES_MAX - before];
        body.extend("ééé".bytes());
        body
    });
    prop_oneof![
        4 => "\\PC{0,40}".prop_map(String::into_bytes),
        2 => prop::collection::vec(any::<u8>(), 0..40),
        1 => Just(br#"{"a":"\u0041\u0007","b":[1,2.5]}"#.to_vec()),
        1 => long,
    ]
}

fn headers() -> impl Strategy<Value = Vec<(HeaderName, HeaderValue)>> {
    let value = prop::collection::vec(prop_oneof![0x20..=0x7e_u8, 0x80..=0xff_u8], 0..12);
    let pair = ("[a-z][a-z-]{0,8}", value).prop_map(|(name, value)| {
        (name.parse().unwrap(), HeaderValue::from_bytes(&value).unwrap())
    });
    prop::collection::vec(pair, 0..4)
}

fn fault() -> impl Strategy<Value = Fault> {
    let then = prop_oneof![
        Just(Then::LoseReply),
        Just(Then::Reset),
        Just(Then::Hang),
        Just(Then::Status {
            status: 503,
            body: Some("x".into()),
            content_type: None,
            headers: Headers::default(),
        }),
        Just(Then::RateLimit { most: 1, per: Span::millis(2), status: 429, retry_after: None }),
    ];
    let name = prop::option::of("\\PC{0,8}");
    (any::<i64>(), name, then, any::<u64>(), 0..u64::from(u32::MAX)).prop_map(
        |(rule, name, then, nth, late_us)| Fault {
            rule: RuleId::new(rule),
            name,
            then,
            nth,
            late_by: Duration::from_micros(late_us),
            close: false,
        },
    )
}

fn exchange() -> impl Strategy<Value = Exchange> {
    let whose = prop_oneof![
        Just((None, None)),
        Just((surface("jtel"), Some("get_contact"))),
        Just((surface("mor"), Some("change_campaign_status"))),
        Just((surface("maestro"), None)),
    ];
    let target = "/[a-z]{0,5}(/[a-z0-9]{1,5}){0,3}(\\?[a-z]{1,5}=[a-z0-9+]{0,5}(&[a-z]{1,5}=1)?)?";
    let form = Just(vec![(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8"),
    )]);
    let asked = (target, prop_oneof![headers(), form], body());
    let answered = (100..=599_u16, headers(), body());
    let sent = (any::<u64>(), "[0-9a-f]{8}", any::<bool>())
        .prop_map(|(bytes, sha256, whole)| stream::StreamEnd { bytes, sha256, whole });
    let stream = prop::option::of(prop::option::of(sent));
    (whose, asked, answered, prop::option::of(fault()), stream).prop_map(
        |((surface, operation), (target, lines, body), answered, fault, stream)| {
            let method = if body.is_empty() { Method::GET } else { Method::POST };
            let mut request = Request::new(method, target.parse::<Uri>().unwrap());
            request.headers = lines.into_iter().collect::<HeaderMap>();
            request.body = body.into();
            let (status, lines, body) = answered;
            let mut response = Response::empty(StatusCode::from_u16(status).unwrap());
            response.headers = lines;
            response.body = if stream.is_some() { Vec::new().into() } else { body.into() };
            let made = Exchange::new(surface, operation, &request, &response);
            let made = made.struck_by(fault);
            let Some(sent) = stream else { return made };
            let made = made.streaming();
            if let Some(sent) = sent {
                made.complete(sent);
            }
            made
        },
    )
}

fn why() -> impl Strategy<Value = Why> {
    let known = surface("mor").unwrap().refusals[0].rule;
    let text = "\\PC{0,20}";
    (prop_oneof![Just(known), Just("gone.rule")], text, text, text).prop_map(
        |(rule, expected, found, hint)| Why {
            rule,
            at: (!found.is_empty()).then(|| found.clone()),
            edit: (!hint.is_empty()).then(|| Edit::Body(hint.clone().into())),
            expected,
            found,
            hint,
            evidence: Evidence::Observed("mor 1.2"),
        },
    )
}

fn entry() -> impl Strategy<Value = Entry> {
    let detail = prop_oneof![
        Just(Value::Null),
        ("\\PC{0,10}", any::<i64>()).prop_map(|(name, it)| json!({ name: [it, true, "x"] })),
    ];
    let action = ("[a-z]{1,8}", prop::option::of("(jtel|mor|gone)"), detail);
    let what = prop_oneof![
        4 => exchange().prop_map(|it| What::Exchange(Box::new(it))),
        1 => action.prop_map(|(name, vendor, detail)| {
            let vendor = vendor.map(Into::into);
            What::Action(Action { name: name.into(), vendor, detail })
        }),
    ];
    let effect = (0..4_102_444_800_000_i64, "(jtel|mor|gone)", "\\PC{0,20}");
    let effect = effect.prop_map(|(at_ms, vendor, text)| Effect {
        at: Instant::clamped_from_millis(at_ms),
        vendor: Some(vendor.into()),
        text,
        moved: Vec::new(),
    });
    let around = (
        1..=u64::from(u32::MAX),
        0..4_102_444_800_000_i64,
        prop::sample::select(&Outcome::ALL[..]),
        prop::collection::vec(effect, 0..3),
    );
    (around, what, prop::option::of(why()), prop::option::of("\\PC{0,20}")).prop_map(
        |((seq, at, outcome, effects), what, why, error)| {
            let why = why.map(|why| Box::new(why.into()));
            let seq = Seq::new(seq);
            Entry { seq, at: Instant::clamped_from_millis(at), what, outcome, effects, why, error }
        },
    )
}

fn masker() -> Masker {
    Masker::new(&secrets::names(VENDORS), &Known::default(), false)
}

/// Asserts that two entries are alike in all their parts. Secrets are masked in a row, so texts are compared as masked.
fn assert_alike(entry: &Entry, back: &Entry) {
    assert_eq!((entry.seq, entry.at), (back.seq, back.at));
    assert_eq!((entry.vendor(), entry.operation()), (back.vendor(), back.operation()));
    let masker = masker();
    let mask = Mask::With(&masker);
    let effects = |it: &Entry| -> Vec<_> {
        let shown = |effect: &Effect| {
            (effect.at, effect.vendor.clone(), mask.sentence(&effect.text).into_owned())
        };
        it.effects.iter().map(shown).collect()
    };
    let error = |it: &Entry| it.error.as_deref().map(|text| mask.sentence(text).into_owned());
    assert_eq!((entry.outcome, effects(entry)), (back.outcome, effects(back)));
    assert_eq!((entry.rule(), error(entry)), (back.rule(), error(back)));
    assert_eq!(entry.exchange().is_some(), back.exchange().is_some());
    assert_eq!(
        entry.admin_action().map(|it| (&it.name, mask.json(&it.detail))),
        back.admin_action().map(|it| (&it.name, mask.json(&it.detail)))
    );
    let (Some(one), Some(other)) = (entry.exchange(), back.exchange()) else { return };
    let fault = |it: &Exchange, mask| it.fault().map(|fault| fault.shown(mask));
    assert_eq!((fault(one, mask), one.status()), (fault(other, Mask::Raw), other.status()));
    assert_eq!(one.asked(mask), other.asked(Mask::Raw));
    assert_eq!(one.answered(mask), other.answered(Mask::Raw));
    assert_eq!(one.unread(mask), other.unread(Mask::Raw));
}

fn filter() -> impl Strategy<Value = Filter> {
    let name = |names: &'static [&'static str]| {
        prop::option::of(prop::sample::select(names).prop_map(str::to_owned))
    };
    let outcome = prop::option::of(prop::sample::select(&Outcome::ALL[..]));
    (name(&["jtel", "mor", "gone"]), name(&["get_contact", "none"]), outcome)
        .prop_map(|(vendor, operation, outcome)| Filter { vendor, operation, outcome, trace: None })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_entry_to_a_row_and_back_is_itself(entry in entry()) {
        let text = row::write(&entry, "w", &masker()).unwrap();
        let back = row::read(VENDORS, entry.seq, &text).unwrap();
        assert_alike(&entry, &back);
        prop_assert_eq!(row::write(&back, "w", &masker()).unwrap(), text);
    }

    #[test]
    fn a_filter_says_of_an_entry_what_its_json_says(entry in entry(), filter in filter()) {
        let shown: Value = serde_json::from_str(&row::write(&entry, "w", &masker()).unwrap()).unwrap();
        let is = |name: &str, wanted: Option<&str>| {
            wanted.is_none_or(|wanted| shown[name].as_str() == Some(wanted))
        };
        let is_meant = is("vendor", filter.vendor.as_deref())
            && is("operation", filter.operation.as_deref())
            && is("outcome", filter.outcome.map(Outcome::name));
        prop_assert_eq!(filter.keeps(&entry), is_meant);
    }
}

#[test]
fn a_page_that_is_filtered_is_the_whole_page_filtered() {
    let folder = tempfile::tempdir().unwrap();
    for stage in [Stage::demo(), Stage::demo_in(folder.path())] {
        for it in 0..20 {
            stage.send(&format!("GET /rest/v1.0/7/dialler/contacts/{}\n\n", 301_501 + it % 3));
            stage.send("POST /billing/api/autodialer_get_campaigns?u=bob&hash=no\n\n");
            stage.reset();
        }
        let whole = page(&stage, Seq::NONE, usize::MAX, &Filter::default());
        for filter in [
            Filter { vendor: Some("mor".into()), ..Filter::default() },
            Filter { outcome: Some(Outcome::Refused), ..Filter::default() },
            Filter { operation: Some("get_contact".into()), ..Filter::default() },
            Filter { vendor: Some("gone".into()), ..Filter::default() },
        ] {
            let wanted = whole.iter().filter(|entry| filter.keeps(entry)).map(|entry| entry.seq);
            for (after, limit) in [(0, usize::MAX), (7, 3), (0, 1), (58, 10), (1000, 10), (0, 0)] {
                let after = Seq::new(after);
                let wanted: Vec<Seq> =
                    wanted.clone().filter(|seq| *seq > after).take(limit).collect();
                let found = page(&stage, after, limit, &filter);
                let found: Vec<Seq> = found.iter().map(|entry| entry.seq).collect();
                assert_eq!(found, wanted, "{filter:?} after {after}, {limit}");
            }
        }
    }
}

fn page(stage: &Stage, after: Seq, limit: usize, filter: &Filter) -> Vec<Arc<Entry>> {
    let page = Page { after, limit, filter: filter.clone(), ..Page::default() };
    stage.world().journal_page(&page).unwrap().entries
}

#[test]
fn a_page_from_the_end_is_the_end_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    for stage in [Stage::demo(), Stage::demo_in(folder.path())] {
        for _ in 0..20 {
            stage.send("GET /rest/v1.0/7/dialler/contacts/301501\n\n");
            stage.reset();
        }
        for filter in [
            Filter::default(),
            Filter { operation: Some("get_contact".into()), ..Filter::default() },
        ] {
            let whole = page(&stage, Seq::NONE, usize::MAX, &filter);
            for (after, before, limit) in
                [(0, u64::MAX, 5), (0, 12, 3), (9, 12, 7), (30, 12, 7), (0, 1, 1), (0, 9, 0)]
            {
                let (after, before) = (Seq::new(after), Seq::new(before));
                let within = whole.iter().map(|it| it.seq).filter(|it| *it > after && *it < before);
                let mut wanted: Vec<Seq> = within.rev().take(limit).collect();
                wanted.reverse();
                let filter = filter.clone();
                let page = Page { after, before: Some(before), limit, filter, show_secrets: true };
                let found = stage.world().journal_page(&page).unwrap().entries;
                let found: Vec<Seq> = found.iter().map(|it| it.seq).collect();
                assert_eq!(found, wanted, "after {after}, before {before}, {limit}");
            }
        }
    }
}

#[test]
fn entries_are_found_by_the_run_that_their_request_belongs_to() {
    let folder = tempfile::tempdir().unwrap();
    for stage in [Stage::demo(), Stage::demo_in(folder.path())] {
        let contact = "GET /rest/v1.0/7/dialler/contacts/301501";
        let run = "4bf92f3577b34da6a3ce929d0e0e4736";
        stage.send(&format!("{contact}\ntraceparent: 00-{run}-00f067aa0ba902b7-01\n\n"));
        stage.send(&format!("{contact}\nX-Request-ID: SIMTOKEN-7A\n\n"));
        stage.send(&format!("{contact}\n\n"));
        let of = |trace: &str| {
            let filter = Filter { trace: Some(trace.into()), ..Filter::default() };
            page(&stage, Seq::NONE, usize::MAX, &filter).iter().map(|it| it.seq).collect::<Vec<_>>()
        };
        let whole = Page { limit: usize::MAX, ..Page::default() };
        let shown = stage.world().journal_page(&whole).unwrap().to_json();
        let sent = &shown[shown.len() - 3..];
        assert_eq!(of(run), [Seq::new(sent[0]["seq"].as_u64().unwrap())]);
        assert_eq!(sent[0]["trace"], format!("00-{run}-00f067aa0ba902b7-01"));
        // A credential stands nowhere, whatever header it came in.
        let masked = sent[1]["trace"].as_str().unwrap();
        assert!(masked.starts_with("***("), "{masked}");
        assert_eq!(sent[2].get("trace"), None);
        assert_eq!(of("nothing"), [] as [Seq; 0]);
    }
}

/// A row of the last build, whole.
fn row() -> Value {
    json!({
        "seq": 7, "at": "2026-03-02T09:00:00Z", "world": "w", "vendor": "gone",
        "operation": "went", "outcome": "refused",
        "request": { "method": "GET", "target": "/x", "path": "/x", "headers": [["a", "b"]],
            "body": "" },
        "response": { "status": 404, "headers": [], "body": "no" },
        "fault": null, "effects": [],
        "why": { "rule": "gone.no", "expected": "a", "found": "b", "hint": "c",
            "evidence": "documented", "source": "ringback contract gone 1" },
    })
}

#[test]
fn names_that_this_build_does_not_know_are_kept() {
    let back = row::read(VENDORS, Seq::new(7), &row().to_string()).unwrap();
    assert_eq!((back.vendor(), back.operation()), (Some("gone"), Some("went")));
    assert_eq!(back.rule(), Some("gone.no"));
    assert_eq!(row::write(&back, "w", &masker()).unwrap(), row().to_string());
}

#[test]
fn what_a_later_build_of_the_same_form_adds_is_passed_over() {
    let mut added = row();
    added["format"] = "1.7".into();
    added["more"] = json!({ "a": 1 });
    let back = row::read(VENDORS, Seq::new(7), &added.to_string()).unwrap();
    assert_eq!(row::write(&back, "w", &masker()).unwrap(), row().to_string());
}

#[test]
fn a_row_that_cannot_be_read_says_which_and_why() {
    let told = |pointer: &str, value: Value| {
        let mut row = row();
        match pointer.rsplit_once('/') {
            Some((above, name)) => row.pointer_mut(above).unwrap()[name] = value,
            None => row = value,
        }
        row::read(VENDORS, Seq::new(7), &row.to_string()).unwrap_err().to_string()
    };
    for (pointer, value, words) in [
        ("", json!([1]), "invalid"),
        ("/at", json!("yesterday"), "found \"yesterday\""),
        ("/outcome", json!("failed"), "expected one of ok, refused, error, faulted"),
        ("/request", Value::Null, "neither an action nor a request"),
        ("/action", json!("reset"), "an action and a request"),
        ("/request/method", json!("G T"), "method \"G T\""),
        ("/request/headers", json!([["a", "b\nc"]]), "header \"a\""),
        ("/request/body", Value::Null, "expected one of body, body_base64"),
        ("/request/body_base64", json!("/w=="), "expected one of body, body_base64"),
        ("/response/status", json!(1), "status 1; expected 100 to 999"),
        ("/response/status", json!("ok"), "expected u16"),
        ("/fault", json!({ "rule": 1, "name": null, "kind": "x" }), "unknown variant `x`"),
        ("/format", json!("2.0"), "its format is \"2.0\""),
    ] {
        let told = told(pointer, value);
        assert!(told.starts_with("entry 7 of the journal cannot be read: "), "{told}");
        assert!(told.contains(words), "{pointer}: {told}");
        assert!(told.ends_with("(this build reads format 1.0)"), "{told}");
    }
}
