//! The platform's pages: HTML whatever was negotiated, titled *Service* or *Request Error*, one
//! sentence. The sentences are Ringback's own.
//!
//! Source: maxcontact 5.4.

use http::{HeaderValue, StatusCode, header};

use crate::web::message::Response;

const HTML: &str = "text/html; charset=UTF-8";

fn page(status: StatusCode, title: &str, sentence: &str) -> Response {
    let body = format!(
        "<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n\
         <p>{sentence}</p>\n</body>\n</html>\n"
    );
    Response::with_body(status, HTML, body)
}

pub(crate) fn not_found() -> Response {
    page(StatusCode::NOT_FOUND, "Service", "There is no endpoint at this address.")
}

pub(crate) fn method_not_allowed(allowed: &'static str) -> Response {
    let sentence = "The endpoint at this address does not take this method.";
    page(StatusCode::METHOD_NOT_ALLOWED, "Service", sentence)
        .header(header::ALLOW, HeaderValue::from_static(allowed))
}

pub(crate) fn request_error() -> Response {
    let sentence = "The server met an error with this request; its logs say more.";
    page(StatusCode::BAD_REQUEST, "Request Error", sentence)
}
