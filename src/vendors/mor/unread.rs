//! Why query or body of a request gave no parameters, or no file. Asked only where the request was refused
//! because something is missing that the body was to bring.

use http::header;

use crate::base::text::excerpt;
use crate::contract::operation::Call;
use crate::contract::reply::{Refusal, Why};
use crate::vendors::mor::errors::Stop;
use crate::vendors::mor::params::{BodyKind, body_kind};
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::{Asked, Body, Diagnosis, Wanted};
use crate::web::params::{Json, Pairs};

/// Names of the four methods' parameters.
const KNOWN: &[&str] = &["u", "id", "hash", "period_start", "period_end", "test", "file"];

/// Characters of a media type that a reason shows: the longest that is registered has 73.
const MEDIA_TYPE_CHARS_MAX: usize = 80;

/// Why parameters may be missing: what is wrong with the query or with the body that was to bring
/// them; `None` where nothing is plain.
pub(crate) fn parameters(call: &Call<'_>, refusal: &'static Refusal) -> Option<Stop> {
    let of_query = in_query(call, refusal).map(|why| Stop::because(refusal, why));
    of_query.or_else(|| in_body(call).map(|found| Stop::diagnosed(refusal, found)))
}

/// What is wrong with the query, such as `&amp;` between its pairs.
fn in_query(call: &Call<'_>, refusal: &'static Refusal) -> Option<Why> {
    let query = call.request.query()?;
    let asked = Asked::new(Wanted::Form).knowing(KNOWN);
    let found = diagnose(&Body::plain(query.as_bytes()), &asked)?;
    let at = format!("the query, byte {}", found.at.offset);
    let why = Why::diagnosed(refusal, found);
    Some(Why { at: Some(at), expected: "a query (name=value&…)".into(), edit: None, ..why })
}

/// Why a value of the query or of the body that is no text in UTF-8 is not what was meant.
pub(crate) fn encoding(call: &Call<'_>, names: &[&str], refusal: &'static Refusal) -> Option<Stop> {
    let has_lost = |pairs: &Pairs, name: &str| {
        pairs
            .iter()
            .any(|(known, value)| known == name && value.contains(char::REPLACEMENT_CHARACTER))
    };
    let in_query = names.iter().find(|name| has_lost(&call.params.query, name));
    if let Some(name) = in_query {
        let why = Why::of_query_value(refusal, call.request, name)?;
        return Some(Stop::because(refusal, why));
    }
    let in_form = names.iter().any(|name| has_lost(&call.params.form, name));
    let found = in_form.then(|| in_body(call)).flatten()?;
    Some(Stop::diagnosed(refusal, found))
}

/// What is wrong with a body that was to bring parameters.
fn in_body(call: &Call<'_>) -> Option<Diagnosis> {
    let takes = [Wanted::JsonObject, Wanted::Multipart];
    let asked = Asked::new(Wanted::Form).taking(&takes).knowing(KNOWN);
    let is_refused = matches!(call.params.json, Json::Broken(_));
    look(call, &if is_refused { asked.refused() } else { asked })
}

/// What is wrong with a body that was to bring a file.
pub(crate) fn file(call: &Call<'_>) -> Option<Diagnosis> {
    look(call, &Asked::new(Wanted::Multipart).knowing(KNOWN))
}

fn look(call: &Call<'_>, asked: &Asked<'_>) -> Option<Diagnosis> {
    let request = call.request;
    if request.body.is_empty() {
        return None;
    }
    let body = Body {
        bytes: &request.body,
        content_type: request.header(&header::CONTENT_TYPE),
        content_encoding: request.header(&header::CONTENT_ENCODING),
    };
    diagnose(&body, asked)
}

/// A hint where the body is of a media type that the vendor's server does not look into.
pub(crate) fn media_type(call: &Call<'_>) -> Option<String> {
    let request = call.request;
    if request.body.is_empty() || body_kind(request) != BodyKind::Other {
        return None;
    }
    let media_type = request.media_type().unwrap_or_default();
    let media_type = excerpt(&media_type, MEDIA_TYPE_CHARS_MAX);
    Some(format!("a body of type {media_type} is not looked into; send a form, parts or JSON"))
}
