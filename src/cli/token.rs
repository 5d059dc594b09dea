//! The control plane's token: where it comes from, and what it may be.

use std::env::VarError;

use crate::cli::failure::{Failure, bad_input};

/// The environment variable of the control plane's token; never a flag, because flags are seen by
/// everybody on the machine.
pub(super) const TOKEN_VARIABLE: &str = "RINGBACK_ADMIN_TOKEN";

/// The control plane's token; `None` where none is set.
///
/// # Errors
/// Where no client could send it.
pub(crate) fn token() -> Result<Option<String>, Failure> {
    let fault = match std::env::var(TOKEN_VARIABLE) {
        Ok(token) => match fault(&token) {
            None => return Ok(Some(token)),
            Some(fault) => fault,
        },
        Err(VarError::NotPresent) => return Ok(None),
        Err(VarError::NotUnicode(_)) => "is not text in UTF-8".to_owned(),
    };
    Err(bad_input(format!(
        "{TOKEN_VARIABLE} {fault}; expected visible ASCII characters, as a header can carry them; \
         unset it where no token is wanted"
    )))
}

/// What is wrong with a token. Says where, and never what it is.
fn fault(token: &str) -> Option<String> {
    if token.is_empty() {
        return Some("is empty".into());
    }
    let mut chars = token.chars().enumerate();
    let (idx, found) = chars.find(|(_, char)| !matches!(char, '!'..='~'))?;
    let kind = match found {
        '\r' | '\n' => "a line end",
        ' ' | '\t' => "a blank",
        _ if found.is_control() => "a control character",
        _ => "a character outside ASCII",
    };
    let n_chars = token.chars().count();
    Some(format!("has {kind} at character {} of {n_chars}", idx + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_no_client_could_send_is_refused() {
        for (token, expected) in [
            ("s3cret", None),
            ("!~-._+/=", None),
            ("", Some("is empty")),
            (" ", Some("has a blank at character 1 of 1")),
            ("s3cret\n", Some("has a line end at character 7 of 7")),
            ("\ts3cret", Some("has a blank at character 1 of 7")),
            ("s3 cret", Some("has a blank at character 3 of 7")),
            ("geheim-ä", Some("has a character outside ASCII at character 8 of 8")),
            ("a\u{7f}", Some("has a control character at character 2 of 2")),
        ] {
            assert_eq!(fault(token).as_deref(), expected, "{token:?}");
        }
    }
}
