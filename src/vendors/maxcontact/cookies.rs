//! The cookies of a request.

use std::borrow::Cow;

use http::header;

use crate::web::message::Request;

/// The cookie, compared letter by letter. Documented: maxcontact 1.3.
pub(crate) const COOKIE: &str = "TokenKey";

/// The values of all `TokenKey` cookies, in order.
pub(crate) fn token_keys(request: &Request) -> Vec<Cow<'_, str>> {
    cookies(request).filter(|(name, _)| name == COOKIE).map(|(_, value)| value).collect()
}

/// The cookies of a request. One is read whatever bytes stand in another: clients put names of people
/// into cookies of their own.
pub(crate) fn cookies(request: &Request) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let headers = request.headers.get_all(header::COOKIE).iter();
    let pairs = headers.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(|pair| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let (name, value) = (halves.next()?, halves.next()?);
        Some((text(name), text(value)))
    })
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.trim_ascii())
}
