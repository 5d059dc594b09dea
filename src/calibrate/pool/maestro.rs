//! Questions for MaestroConference: two functions that read, as CSV and as XML.

use chrono::{DateTime, Duration, NaiveDateTime, TimeZone, Utc};
use http::Method;

use crate::base::zone::Tz;
use crate::calibrate::pool::mutate;
use crate::calibrate::pool::source::{Pool, Source, encoded, rows, some, spoilt, text};
use crate::calibrate::question::{Ask, Question};

pub(super) static POOL: Pool = Pool {
    vendor: "maestro",
    credentials: &[("offer_id", "the offer, digits"), ("offer_token", "the token of that offer")],
    questions,
    drawn: &[],
    dials: false,
};

/// Most known calls that windows are laid around.
const CALLS_MAX: usize = 5;

const BY_DATE: &str = "/_access/fetchCallersByDate";
const BY_CALL: &str = "/_access/fetchCallersByCall";

/// The hour that clocks leave out in spring, and one of the hours that come twice in autumn; years in
/// which nobody of today's had calls.
const SPRING: (&str, &str) = ("2010-03-14 02:30:00", "2010-03-14 03:10:00");
const AUTUMN: (&str, &str) = ("2010-11-07 01:30:00", "2010-11-07 01:20:00");

fn questions(source: Source<'_>) -> Vec<Question> {
    let login = format!(
        "offer_id={}&offer_token={}",
        encoded(source.given.get("offer_id")),
        encoded(source.given.get("offer_token"))
    );
    let by_date = |from: &str, to: &str| {
        let (from, to) = (encoded(from), encoded(to));
        Ask::get(format!("{BY_DATE}?{login}&dateFrom={from}&dateTo={to}"))
    };
    let by_call = |uid: &str| Ask::get(format!("{BY_CALL}?{login}&call={}", encoded(uid)));
    let calls = seen(source);
    let mut found: Vec<Question> = Vec::new();
    let mut reads = |name: String, ask: Ask| {
        let xml = Ask { path: format!("{}&type=XML", ask.path), ..ask.clone() };
        found.push(Question::reads(name.clone(), ask));
        found.push(Question::reads(format!("{name}, as XML"), xml));
    };
    let days = |at: DateTime<Utc>| {
        let day = |by: i64| (at + Duration::days(by)).format("%Y-%m-%d 00:00:00").to_string();
        by_date(&day(-2), &day(3))
    };
    let mut good = by_date("2001-01-01 00:00:00", "2001-01-02 00:00:00");
    for call in some(&calls.iter().map(|it| &it.row).collect::<Vec<_>>(), CALLS_MAX) {
        let uid = text(call, "uid");
        reads(format!("the call {uid}"), by_call(&uid));
        let Ok(end) = text(call, "end").parse::<DateTime<Utc>>() else { continue };
        good = days(end);
        reads(format!("the days around the call {uid}"), good.clone());
        // What is seen of a call is its start; when it ended is not told.
        if source.looked {
            continue;
        }
        for zone in [Tz::LOS_ANGELES, Tz::UTC] {
            let at = |by: i64| local(zone, end + Duration::minutes(by));
            let name = format!("the hour around the end of the call {uid} in {zone}");
            reads(name, by_date(&at(-30), &at(30)));
        }
    }
    reads("a day without calls".into(), by_date("2001-01-01 00:00:00", "2001-01-02 00:00:00"));
    reads(
        "a window that ends before it begins".into(),
        by_date("2001-01-02 00:00:00", "2001-01-01 00:00:00"),
    );
    reads("a call that there is not".into(), by_call("N0SUCHCALL000000"));
    reads("a window in the hour that clocks leave out".into(), by_date(SPRING.0, SPRING.1));
    reads("a window in the hour that comes twice".into(), by_date(AUTUMN.0, AUTUMN.1));
    reads("a date that is none".into(), by_date("yesterday", "2001-01-02 00:00:00"));
    reads("no dates".into(), Ask::get(format!("{BY_DATE}?{login}")));
    reads("no call".into(), Ask::get(format!("{BY_CALL}?{login}")));
    let uid = calls.first().map_or_else(String::new, |it| text(&it.row, "uid"));
    reads("the call as callUID".into(), Ask::get(format!("{BY_CALL}?{login}&callUID={uid}")));
    let root = Ask { path: good.path.replacen("/_access", "", 1), ..good.clone() };
    reads("at the root".into(), root.clone());
    for (what, ask) in mutate::of_query(&good, &["offer_id", "offer_token"]) {
        reads(format!("the days around a call, {what}"), ask);
    }
    let small = Ask { path: format!("{}&type=xml", good.path), ..good.clone() };
    found.push(Question::reads("the days around a call, as xml in small letters", small));
    found.push(Question::reads("by PUT", Ask { method: Method::PUT, ..good.clone() }));
    let wrong = spoilt(source.given.get("offer_token"));
    let wrong = good.path.replace(source.given.get("offer_token"), &wrong);
    found.push(Question::reads("a wrong token", Ask::get(wrong)).refused());
    // What a good client asks comes first.
    let nth = found.iter().position(|it| it.asks[0] == good).unwrap_or(0);
    found.swap(0, nth);
    found
}

/// A call of the twin's.
struct Seen {
    row: serde_json::Value,
}

/// The calls in which somebody opted in to the offer: nobody sees the others.
fn seen(source: Source<'_>) -> Vec<Seen> {
    let offer = source.given.get("offer_id");
    let callers = rows(source.rows, "callers");
    let is_seen = |uid: &str| {
        callers.iter().any(|row| {
            let offers = row["offers"].as_array().into_iter().flatten();
            text(row, "call") == uid
                && offers
                    .map(|it| it.as_str().map_or(it.to_string(), str::to_owned))
                    .any(|it| it == offer)
        })
    };
    let calls = rows(source.rows, "calls").into_iter();
    let calls = calls.filter(|row| is_seen(&text(row, "uid")));
    calls.map(|row| Seen { row: row.clone() }).collect()
}

fn local(zone: Tz, at: DateTime<Utc>) -> String {
    let local: NaiveDateTime = zone.from_utc_datetime(&at.naive_utc()).naive_local();
    local.format("%Y-%m-%d %H:%M:%S").to_string()
}
