//! Transcripts: a request in, the reply and the reason out. Then what has to hold for any request.

mod formats;
mod lists;
mod refusals;

use serde_json::{Value, json};

use crate::testing::Stage;
use crate::vendors::maestro::wire::COLUMNS;

const HEADER: &str = "customerEmail,callName,callTime,conferenceEmail,callUID,callerUID,ANI,name,email,affiliate\r\n";

/// The demo's two offers.
const FIRST: &str = "offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451";
const SECOND: &str = "offer_id=4712&offer_token=e2b6419f07c84d35b1a98c52d07f63ee";

const DAY: &str = "dateFrom=2015-09-14%2000:00:00&dateTo=2015-09-15%2000:00:00";

/// A GET of a function; status and body.
fn get(stage: &Stage, function: &str, query: &str) -> (u16, String) {
    let response = stage.request(&format!("GET /_access/{function}?{query} HTTP/1.1\n\n"));
    (response.status.as_u16(), String::from_utf8(response.body.to_vec()).unwrap())
}

/// Gets from the demo, and checks body and reason.
#[track_caller]
fn check(function: &str, query: &str, body: &str, why: &str) {
    let stage = Stage::demo();
    assert_eq!(get(&stage, function, query), (200, body.to_owned()));
    assert_eq!(stage.why(), why);
}

/// A call of a scenario that began with the year 2015.
fn call(uid: &str, end: Option<&str>) -> Value {
    json!({ "uid": uid, "name": uid, "start": "2015-01-01T00:00:00Z", "end": end, "customer_emails": ["h@example.org"] })
        .as_object()
        .map(|call| call.clone().into_iter().filter(|(_, value)| !value.is_null()).collect())
        .unwrap_or_default()
}

/// The rows of a CSV list with a header, as values.
fn csv_rows(body: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(body.as_bytes());
    assert_eq!(reader.headers().unwrap(), &COLUMNS[..]);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}
