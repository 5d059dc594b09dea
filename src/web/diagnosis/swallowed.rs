//! Parameters that stand where nobody looks for them: in the value of another one, whose separator was
//! another sign, and in headers and cookies of their name.

use http::header;

use crate::web::message::Request;

/// A parameter in another's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Swallowed {
    /// The name of the other.
    pub(crate) by: String,
    /// The sign between the two, to stand behind a preposition.
    pub(crate) sign: &'static str,
    pub(crate) cure: &'static str,
}

/// What people join parameters with in place of `&`.
const SIGNS: &[(&str, &str, &str)] = &[
    ("?", "a second question mark", "the query begins with one ?; write & between the parameters"),
    (
        "&",
        "an & that was percent-encoded",
        "write the & between the parameters as it is, not as %26",
    ),
    (";", "a semicolon", "parameters are joined by &, not by ;"),
    ("\n", "a line end", "parameters are joined by &, not by line ends"),
    (",", "a comma", "parameters are joined by &, not by commas"),
    (" ", "a blank", "parameters are joined by &, not by blanks"),
    ("|", "a bar", "parameters are joined by &, not by |"),
];

/// Where a parameter stands in the value of another; `None` where it does not.
pub(crate) fn swallowed<'p>(
    pairs: impl Iterator<Item = (&'p str, &'p str)>,
    name: &str,
) -> Option<Swallowed> {
    let wanted = format!("{name}=");
    let found = |value: &str| {
        let at = |(sign, ..): &&(&str, &str, &str)| value.contains(&format!("{sign}{wanted}"));
        SIGNS.iter().find(at).map(|(_, sign, cure)| (*sign, *cure))
    };
    let (by, (sign, cure)) = pairs.into_iter().find_map(|(by, value)| Some((by, found(value)?)))?;
    Some(Swallowed { by: by.to_owned(), sign, cure })
}

/// Headers that carry a credential elsewhere, whatever it is called.
const CARRIERS: &[&str] = &[
    "x-api-key",
    "api-key",
    "apikey",
    "x-auth-token",
    "x-access-token",
    "x-token",
    "proxy-authorization",
];

/// The header or the cookie in which a parameter stands, in words: one of its name but for what joins
/// the parts of it, or one that carries credentials where it is one.
pub(crate) fn in_head(request: &Request, name: &str, is_credential: bool) -> Option<String> {
    let folded = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
    };
    let wanted = folded(name);
    let is_name = |sent: &str| {
        let sent = folded(sent);
        sent == wanted || sent.strip_prefix('x').is_some_and(|rest| rest == wanted)
    };
    let names = || request.headers.keys().map(header::HeaderName::as_str);
    if let Some(header) = names().find(|header| is_name(header)) {
        return Some(format!("header {header}"));
    }
    let cookies = request.headers.get_all(header::COOKIE).iter();
    let cookies = cookies.filter_map(|value| value.to_str().ok()).flat_map(|it| it.split(';'));
    let mut cookies = cookies.filter_map(|pair| Some(pair.split_once('=')?.0.trim()));
    if cookies.any(is_name) {
        return Some(format!("cookie {name}"));
    }
    let carrier = names().find(|header| CARRIERS.contains(header)).filter(|_| is_credential)?;
    Some(format!("header {carrier}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_found_in_another_ones_value() {
        for (value, sign) in [
            ("4711;token=x", "a semicolon"),
            ("4711&token=x", "an & that was percent-encoded"),
            ("4711\r\ntoken=x", "a line end"),
            ("4711?token=x", "a second question mark"),
        ] {
            let found = swallowed([("id", value)].into_iter(), "token").unwrap();
            assert_eq!((found.by.as_str(), found.sign), ("id", sign), "{value:?}");
        }
        assert_eq!(swallowed([("id", "4711token=x")].into_iter(), "token"), None);
        assert_eq!(swallowed([("id", "4711;token")].into_iter(), "token"), None);
    }

    #[test]
    fn a_parameter_is_found_in_the_head() {
        let sent = |name: &'static str, value: &str| {
            let mut request = Request::new(http::Method::GET, "/".parse().unwrap());
            request.headers.insert(name, value.parse().unwrap());
            request
        };
        let found = |name, value: &str| in_head(&sent(name, value), "offer_token", true);
        assert_eq!(found("x-offer-token", "x").as_deref(), Some("header x-offer-token"));
        assert_eq!(found("cookie", "a=b; offer_token=x").as_deref(), Some("cookie offer_token"));
        assert_eq!(
            found("proxy-authorization", "x").as_deref(),
            Some("header proxy-authorization")
        );
        assert_eq!(found("x-offer", "x"), None);
        assert_eq!(in_head(&sent("x-api-key", "x"), "call", false), None);
    }
}
