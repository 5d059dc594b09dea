//! Why the body of a request gave no parameters, or no file. Asked only where the request was refused
//! because something is missing that the body was to bring.

use http::header;

use crate::base::text::excerpt;
use crate::contract::operation::Call;
use crate::vendors::mor::params::{BodyKind, body_kind};
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::{Asked, Body, Diagnosis, Wanted};
use crate::web::params::Json;

/// Names of the four methods' parameters.
const KNOWN: &[&str] = &["u", "id", "hash", "period_start", "period_end", "test", "file"];

/// Characters of a media type that a reason shows: the longest that is registered has 73.
const MEDIA_TYPE_CHARS_MAX: usize = 80;

/// What is wrong with a body that was to bring parameters; `None` where nothing is plain.
pub(crate) fn parameters(call: &Call<'_>) -> Option<Diagnosis> {
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
