//! Questions for MOR: each is signed, also after something of it was changed.

use http::Method;
use serde_json::Value;
use sha1::{Digest, Sha1};

use crate::base::hex::hex;
use crate::calibrate::pool::source::{Pool, Source, encoded, rows, some, spoilt, text};
use crate::calibrate::question::{Ask, Question};

pub(super) static POOL: Pool = Pool {
    vendor: "mor",
    credentials: &[
        ("u", "a username"),
        ("key", "the API Secret Key that its requests are signed with"),
    ],
    questions,
    drawn: &[],
    dials: false,
};

/// Most known campaigns that are asked for.
const CAMPAIGNS_MAX: usize = 3;

const POLL: &str = "/billing/api/autodialer_get_campaign_ivr_poll_results";
const UPLOAD: &str = "/billing/api/autodialer_upload_numbers";

const STATISTICS: &str = "/billing/api/autodialer_get_campaign_statistics";

/// A period that holds every call of any system.
const PERIOD: (&str, &str) = ("1000000000", "1999999999");

/// A request's parameters, and which of them are signed.
struct Signer<'s> {
    key: &'s str,
}

impl Signer<'_> {
    /// The hash of values in this order.
    fn hash(&self, values: &[&str]) -> String {
        let mut digest = Sha1::new();
        for value in values {
            digest.update(value.as_bytes());
        }
        digest.update(self.key.as_bytes());
        hex(&digest.finalize())
    }

    /// Signed with all values that stand in the query.
    fn signed(&self, path: &str, pairs: &[(&str, &str)]) -> Ask {
        let values: Vec<&str> = pairs.iter().map(|(_, value)| *value).collect();
        ask(path, pairs, &self.hash(&values))
    }
}

fn ask(path: &str, pairs: &[(&str, &str)], hash: &str) -> Ask {
    Ask::new(Method::POST, format!("{path}?{}&hash={hash}", query(pairs)))
}

fn query(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn questions(source: Source<'_>) -> Vec<Question> {
    let (u, signer) = (source.given.get("u"), Signer { key: source.given.get("key") });
    let campaigns = rows(source.rows, "campaigns");
    let (own, foreign): (Vec<&Value>, Vec<&Value>) =
        campaigns.into_iter().partition(|row| text(row, "user") == u);
    let first = own.first().map_or_else(|| "1".to_owned(), |row| text(row, "id"));
    let mut found = Vec::new();
    for row in some(&own, CAMPAIGNS_MAX) {
        of_campaign(&signer, u, &text(row, "id"), &mut found);
    }
    if let Some(row) = foreign.first() {
        of_campaign(&signer, u, &text(row, "id"), &mut found);
    }
    of_campaign(&signer, u, "99999999", &mut found);
    for path in [POLL, STATISTICS] {
        changed(&signer, u, &first, path, &mut found);
    }
    // No line of it is a number, so that nothing is added to the campaign.
    let upload = ask(UPLOAD, &[("u", u), ("id", &first)], &signer.hash(&[&first]));
    for end in ["csv", "CSV"] {
        let file = upload.clone().raw("multipart/form-data; boundary=ringback", parts(end));
        let name = format!("an upload of no number, in a file that ends in .{end}");
        found.push(Question::writes(name, vec![file]));
    }
    found
}

/// The body of an upload.
fn parts(end: &str) -> String {
    format!(
        "--ringback\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ringback.{end}\"\r\n\
         Content-Type: text/csv\r\n\r\nno number\r\n--ringback--\r\n"
    )
}

/// What a good client asks of a campaign, signed as the pages say and as the upload is.
fn of_campaign(signer: &Signer<'_>, u: &str, id: &str, found: &mut Vec<Question>) {
    let base = [("u", u), ("id", id)];
    let period = [("period_start", PERIOD.0), ("period_end", PERIOD.1)];
    let full = [base.as_slice(), period.as_slice()].concat();
    let mut reads = |name: String, ask: Ask| found.push(Question::reads(name, ask));
    reads(format!("poll results of campaign {id}"), signer.signed(POLL, &base));
    let without_u = signer.hash(&[id]);
    let name = format!("poll results of campaign {id}, signed without u");
    reads(name, ask(POLL, &base, &without_u));
    reads(format!("statistics of campaign {id}"), signer.signed(STATISTICS, &full));
    let without_u = signer.hash(&[id, PERIOD.0, PERIOD.1]);
    let name = format!("statistics of campaign {id}, signed without u");
    reads(name, ask(STATISTICS, &full, &without_u));
    for user in ["admin", "0"] {
        let full = [[("u", user), ("id", id)].as_slice(), period.as_slice()].concat();
        let name = format!("statistics of campaign {id} as {user}");
        reads(name.clone(), signer.signed(STATISTICS, &full));
        reads(format!("{name}, signed without u"), ask(STATISTICS, &full, &without_u));
        let base = [("u", user), ("id", id)];
        let name = format!("poll results of campaign {id} as {user}");
        reads(name.clone(), signer.signed(POLL, &base));
        reads(format!("{name}, signed without u"), ask(POLL, &base, &signer.hash(&[id])));
    }
}

/// One request changed in one thing, and signed so that only that thing counts.
fn changed(signer: &Signer<'_>, u: &str, id: &str, path: &str, found: &mut Vec<Question>) {
    let mut pairs = vec![("u", u), ("id", id)];
    if path == STATISTICS {
        pairs.extend([("period_start", PERIOD.0), ("period_end", PERIOD.1)]);
    }
    let values: Vec<&str> = pairs.iter().map(|(_, value)| *value).collect();
    let name = path.rsplit('_').next().unwrap_or_default();
    for (how, values) in [("", values.clone()), (", signed without u", values[1..].to_vec())] {
        let hash = signer.hash(&values);
        let mut reads =
            |what: &str, ask: Ask| found.push(Question::reads(format!("{name}{how}, {what}"), ask));
        let backwards: Vec<&str> = values.iter().rev().copied().collect();
        reads("hash in another order", ask(path, &pairs, &signer.hash(&backwards)));
        reads("hash in capitals", ask(path, &pairs, &hash.to_uppercase()));
        let by_get = ask(path, &pairs, &hash);
        reads("by GET", Ask { method: Method::GET, ..by_get });
        let as_form = Ask::new(Method::POST, path)
            .raw("application/x-www-form-urlencoded", format!("{}&hash={hash}", query(&pairs)));
        reads("as a form", as_form);
        // A name in the query and in the body: the hash is right for one of the two.
        let other = "99999999";
        let in_query = ask(path, &pairs, &hash);
        let body = format!("id={other}");
        reads("another id in the body", in_query.raw("application/x-www-form-urlencoded", body));
        let swapped: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (*name, if *name == "id" { other } else { *value }))
            .collect();
        let in_query = ask(path, &swapped, &hash);
        let body = format!("id={id}");
        reads("another id in the query", in_query.raw("application/x-www-form-urlencoded", body));
        let nobody: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (*name, if *name == "u" { "ringback_nobody" } else { *value }))
            .collect();
        let signed: Vec<&str> = nobody.iter().map(|(_, value)| *value).collect();
        let signed = if values.len() == pairs.len() { &signed[..] } else { &signed[1..] };
        reads("a user that there is not", ask(path, &nobody, &signer.hash(signed)));
        for number in ["1", "2", "3"] {
            let numbered: Vec<(&str, &str)> = pairs
                .iter()
                .map(|(name, value)| (*name, if *name == "u" { number } else { *value }))
                .collect();
            let signed: Vec<&str> = numbered.iter().map(|(_, value)| *value).collect();
            let signed = if values.len() == pairs.len() { &signed[..] } else { &signed[1..] };
            let ask = ask(path, &numbered, &signer.hash(signed));
            reads(&format!("u as the number {number}"), ask);
        }
    }
    let hash = signer.hash(&values);
    let wrong = ask(path, &pairs, &spoilt(&hash));
    found.push(Question::reads(format!("{name}, a wrong hash"), wrong).refused());
    let nobody: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (*name, if *name == "u" { "ringback_nobody" } else { *value }))
        .collect();
    let both = ask(path, &nobody, &spoilt(&hash));
    let what = format!("{name}, a wrong hash of a user that there is not");
    found.push(Question::reads(what, both).refused());
    let plain = Ask::new(Method::POST, format!("{path}?{}", query(&pairs)));
    found.push(Question::reads(format!("{name}, no hash"), plain).refused());
}
