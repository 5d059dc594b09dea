//! Finds in a reply what a step names: headers, members, elements, cells.

use http::{HeaderMap, StatusCode};
use serde_json::Value as Json;

use crate::replay::difference::Difference;
use crate::replay::verdict::{clipped, quoted};
use crate::scenario::step::{HeaderWanted, Mark};
use crate::scenario::template::{NoValue, Variables, fill};
use crate::web::mask::masker::Masker;

/// A reply as far as it is compared.
#[derive(Clone, Debug)]
pub(crate) struct Reply<'r> {
    pub(crate) status: StatusCode,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) body: &'r str,
    /// Masks what must not be shown of it.
    pub(crate) masker: &'r Masker,
}

/// One expectation at its work.
pub(crate) struct Finder<'f> {
    pub(crate) at: &'f Mark,
    pub(crate) found: &'f mut Vec<Difference>,
    /// Masks what must not be shown.
    pub(crate) masker: &'f Masker,
}

pub(crate) fn header(
    finder: &mut Finder<'_>,
    name: &str,
    wanted: &HeaderWanted,
    reply: &Reply<'_>,
    variables: &dyn Variables,
) -> Result<(), NoValue> {
    let found: Vec<String> = reply
        .headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    let (expected, is_fine) = match wanted {
        HeaderWanted::There => ("any value".to_owned(), !found.is_empty()),
        HeaderWanted::Absent => ("none".to_owned(), found.is_empty()),
        HeaderWanted::Value(value) => {
            let value = fill(value, variables)?;
            let is_fine = found.contains(&value);
            (quoted(reply.masker, &value), is_fine)
        }
    };
    if !is_fine {
        let found: Vec<String> = found.iter().map(|value| quoted(reply.masker, value)).collect();
        let found = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
        finder.differs("header", format!("header {name}"), expected, found);
    }
    Ok(())
}

/// Whether a value is the wanted one. Numbers are equal by their worth, and what stands in XML is
/// text in any case.
pub(crate) fn same(wanted: &Json, found: &Json) -> bool {
    match (wanted, found) {
        (Json::Number(wanted), Json::Number(found)) => {
            wanted == found || wanted.as_f64() == found.as_f64()
        }
        (wanted, found) => wanted == found,
    }
}

/// The start of the body, for a difference that is not inside of it.
pub(crate) fn shown(reply: &Reply<'_>) -> String {
    if reply.body.is_empty() {
        "an empty body".to_owned()
    } else {
        clipped(reply.masker, reply.body)
    }
}

/// The status that came, and the start of the body, which often says why.
pub(crate) fn status_and_start(reply: &Reply<'_>) -> String {
    let status = reply.status.as_u16().to_string();
    if reply.body.is_empty() {
        status
    } else {
        format!("{status}: {}", clipped(reply.masker, reply.body))
    }
}

/// JSON as a report shows it.
pub(crate) fn json_text(masker: &Masker, value: &Json) -> String {
    clipped(masker, &value.to_string())
}

impl Finder<'_> {
    pub(crate) fn differs(
        &mut self,
        kind: &'static str,
        subject: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) {
        self.differs_at(self.at.clone(), kind, subject, expected, found);
    }

    pub(crate) fn differs_at(
        &mut self,
        at: Mark,
        kind: &'static str,
        subject: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) {
        let (subject, expected, found) = (subject.into(), expected.into(), found.into());
        self.found.push(Difference { kind, at, subject, expected, found });
    }
}
