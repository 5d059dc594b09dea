//! The address of a server, as people write it: with `http://` or `https://`, or without.

/// How addresses begin. One without either is plain.
const SCHEMES: [&str; 2] = ["http://", "https://"];

/// Reads an address: `http://127.0.0.1:8081`, `127.0.0.1:8081`, `localhost:8081`, with a path behind
/// it or not. Answers it with its scheme and without a slash at its end.
///
/// # Errors
/// Where it is none, with what was expected.
pub(crate) fn base(text: &str) -> Result<String, String> {
    let bare = text.trim().trim_end_matches('/');
    let begins = |scheme: &&str| {
        bare.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
    };
    let given = SCHEMES.into_iter().find(begins);
    let has_scheme = given.is_some();
    let scheme = given.unwrap_or(SCHEMES[0]);
    let rest = &bare[given.map_or(0, str::len)..];
    let known = format!("{scheme}{rest}").parse::<http::Uri>();
    let authority = known.as_ref().ok().and_then(|uri| uri.authority());
    // A word alone is a name without a port, or a slip; with a scheme before it, it is meant.
    let is_one = authority.is_some_and(|it| {
        !it.host().is_empty() && !it.as_str().contains('@') && (has_scheme || it.port().is_some())
    });
    if is_one {
        return Ok(format!("{scheme}{rest}"));
    }
    Err(format!(
        "{text:?} is no address; expected one such as http://127.0.0.1:8081 or localhost:8081"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_taken() {
        for (text, expected) in [
            ("http://127.0.0.1:8081", "http://127.0.0.1:8081"),
            ("127.0.0.1:8081", "http://127.0.0.1:8081"),
            ("HTTP://localhost:1/", "http://localhost:1"),
            ("localhost:8081/w/a/", "http://localhost:8081/w/a"),
            ("[::1]:8081", "http://[::1]:8081"),
            ("http://ringback", "http://ringback"),
            ("HTTPS://portal.example.test/", "https://portal.example.test"),
        ] {
            assert_eq!(base(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_told() {
        for text in ["", "nowhere", "http://", "ftp://x:1", "127.0.0.1", "a b:1", "x:port", "u@h:1"]
        {
            assert!(base(text).is_err_and(|told| told.contains("is no address")), "{text}");
        }
    }
}
