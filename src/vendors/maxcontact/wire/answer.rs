//! An answer in the form that its request wants: an envelope, or a token.

use crate::vendors::maxcontact::wire::format::Format;
use crate::vendors::maxcontact::wire::json;
use crate::vendors::maxcontact::wire::style::Style;
use crate::vendors::maxcontact::wire::xml;
use http::StatusCode;

use crate::vendors::maxcontact::wire::entities::{Envelope, Token};
use crate::vendors::maxcontact::wire::record::Written;
use crate::web::message::Response;

/// An envelope on the wire.
pub(crate) fn envelope(style: &Style, status: StatusCode, envelope: &Envelope) -> Response {
    written(style, status, envelope)
}

/// The token object, which has no envelope.
pub(crate) fn token(style: &Style, token: &Token) -> Response {
    written(style, StatusCode::OK, token)
}

fn written(style: &Style, status: StatusCode, root: &dyn Written) -> Response {
    let body = match style.format {
        Format::Xml => xml::document(style, root),
        Format::Json => json::document(style, root),
    };
    Response::with_body(status, style.format.media_type(), body)
}
