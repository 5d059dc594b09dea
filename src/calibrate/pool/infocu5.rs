//! Questions for INFOCU5: one script, whose function stands in the body.

use chrono::{DateTime, Duration, Utc};
use http::Method;
use serde_json::{Value, json};

use crate::calibrate::pool::mutate;
use crate::calibrate::pool::source::{Pool, Source, rows, some, spoilt, text};
use crate::calibrate::question::{Ask, Question};

pub(super) static POOL: Pool = Pool {
    vendor: "infocu5",
    credentials: &[
        ("id", "affiliateID, 12 letters and digits"),
        ("key", "affiliateKey, 32 letters and digits"),
    ],
    questions,
    drawn: &[],
    dials: false,
};

const PATH: &str = "/dialer/";

/// Most known calls that windows are laid around.
const CALLS_MAX: usize = 4;

fn questions(source: Source<'_>) -> Vec<Question> {
    let (id, key) = (source.given.get("id"), source.given.get("key"));
    let ask = |function: &str, members: Value| {
        let mut body =
            json!({ "affiliateID": id, "affiliateKey": key, "dialerFunction": function });
        for (name, value) in members.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        Ask::new(Method::POST, PATH).json(&body)
    };
    let calls = |from: DateTime<Utc>, to: DateTime<Utc>| {
        ask("getCalls", json!({ "dateStart": date(from), "dateEnd": date(to) }))
    };
    let mut found = Vec::new();
    let mut reads = |name: String, ask: Ask| found.push(Question::reads(name, ask));
    reads("getAgents".into(), ask("getAgents", json!({ "showAll": "y" })));
    reads("getAgents, showAll n".into(), ask("getAgents", json!({ "showAll": "n" })));
    let campaigns = ask("getCampaigns", json!({ "showAll": "y" }));
    reads("getCampaigns".into(), campaigns.clone());
    reads("getCampaigns, showAll n".into(), ask("getCampaigns", json!({ "showAll": "n" })));
    let now = source.now.utc();
    let mut window = (now - Duration::days(1), now);
    for row in some(&rows(source.rows, "calls"), CALLS_MAX) {
        let Ok(at) = text(row, "date").parse::<DateTime<Utc>>() else { continue };
        let (before, after) = (at - Duration::minutes(30), at + Duration::minutes(30));
        reads(format!("getCalls around the call {}", text(row, "id")), calls(before, after));
        reads(format!("getCalls that ends with the call {}", text(row, "id")), calls(before, at));
        reads(format!("getCalls that begins with the call {}", text(row, "id")), calls(at, after));
        window = (before, after);
    }
    let good = calls(window.0, window.1);
    let long_ago = DateTime::<Utc>::UNIX_EPOCH + Duration::days(365);
    reads("getCalls of a year without calls".into(), calls(long_ago, long_ago + Duration::days(1)));
    reads("getCalls that ends before it begins".into(), calls(window.1, window.0));
    let unfit = ["affiliateID", "affiliateKey"];
    for (what, ask) in mutate::of_json(&good, &unfit) {
        reads(format!("getCalls, {what}"), ask);
    }
    for (what, ask) in mutate::of_json(&campaigns, &unfit) {
        reads(format!("getCampaigns, {what}"), ask);
    }
    let agents = ask("getAgents", json!({ "showAll": "y" }));
    for method in [Method::GET, Method::PUT] {
        let name = format!("getAgents by {method}");
        reads(name, Ask { method, ..agents.clone() });
    }
    reads("a GET without a body".into(), Ask::get(PATH));
    reads("getAgents as text/plain".into(), {
        let plain = Ask { headers: Vec::new(), ..agents.clone() };
        plain.header("content-type", "text/plain")
    });
    // One request with a wrong key, and no more: a vendor may count them.
    let body = json!({
        "affiliateID": id, "affiliateKey": spoilt(key), "dialerFunction": "getNothing",
    });
    let both = Ask::new(Method::POST, PATH).json(&body);
    found.push(Question::reads("a wrong key with a function that there is not", both).refused());
    found
}

fn date(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
