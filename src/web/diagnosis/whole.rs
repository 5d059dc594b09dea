//! A whole number in a disguise: with signs round it, the name of its kind before it, an ending of a
//! file or of a query behind it, or in digits of another script.
//!
//! Not here: thousands (`thousands`), and whether there is a thing of that number (the vendors).

use crate::web::diagnosis::digits::plain_digit;

/// The digits that a text means which is no whole number, and what to take away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Whole {
    pub(crate) digits: String,
    pub(crate) cure: &'static str,
}

/// Words that people write before a number: what it is a number of.
const NOUNS: &[&str] = &[
    "id",
    "user",
    "userid",
    "agent",
    "agentid",
    "contact",
    "contactid",
    "campaign",
    "campaignid",
    "call",
    "callid",
    "lead",
    "leadid",
    "list",
    "listid",
    "client",
    "clientid",
    "clientsid",
    "nr",
    "no",
    "number",
];

/// Endings that name a format.
const FORMATS: &[&str] = &["json", "xml", "csv", "html", "htm", "php", "aspx", "txt"];

/// Letters behind the digits that are most likely left over; more of them make a word.
const LETTERS_MAX: usize = 4;

/// The whole number in a text that is none, with nothing but digits in it; `None` for any other text.
pub(crate) fn whole(sent: &str) -> Option<Whole> {
    let found = |digits: &str, cure| Some(Whole { digits: digits.to_owned(), cure });
    let bare = sent.trim();
    let plain: String = bare.chars().map(|it| plain_digit(it).unwrap_or(it)).collect();
    if plain != bare && is_digits(&plain) {
        return found(&plain, "write the digits of ASCII, 0 to 9");
    }
    let unquoted = bare.trim_matches(['"', '\'', '`', '“', '”', '„', '‘', '’']).trim();
    if unquoted != bare && is_digits(unquoted) {
        return found(unquoted, "take the quotes away");
    }
    let unbracketed = bare.trim_matches(['<', '>', '{', '}', '[', ']', '(', ')']).trim();
    if unbracketed != bare && is_digits(unbracketed) {
        return found(unbracketed, "take the brackets away");
    }
    let n_digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, behind) = bare.split_at(n_digits);
    if n_digits > 0 {
        return match behind.chars().next()? {
            '/' | '\\' if behind.len() == 1 => found(digits, "take the slash behind it away"),
            '?' | '#' => found(digits, "the sign behind it was percent-encoded; send it as it is"),
            '.' if FORMATS.contains(&behind[1..].to_ascii_lowercase().as_str()) => {
                found(digits, "take the ending behind it away")
            }
            _ if n_digits > 1
                && behind.len() <= LETTERS_MAX
                && behind.bytes().all(|it| it.is_ascii_alphabetic()) =>
            {
                found(digits, "take the letters behind it away")
            }
            _ => None,
        };
    }
    let before = bare.trim_end_matches(|it: char| it.is_ascii_digit());
    let digits = &bare[before.len()..];
    let noun = before.trim_end_matches(['=', ':', '-', '_', ' ', '#']).to_ascii_lowercase();
    let is_noun = NOUNS.contains(&noun.as_str()) || noun.is_empty() && before == "#";
    if is_noun && is_digits(digits) {
        return found(digits, "take what stands before it away");
    }
    None
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_read_out_of_its_disguise() {
        for (sent, cure) in [
            ("１０１", "digits of ASCII"),
            ("\"101\"", "quotes"),
            ("{101}", "brackets"),
            ("[101]", "brackets"),
            ("101/", "slash"),
            ("101?x=1", "percent-encoded"),
            ("101.json", "ending"),
            ("101abc", "letters"),
            ("user101", "before it"),
            ("id=101", "before it"),
            ("#101", "before it"),
        ] {
            let read = whole(sent).unwrap_or_else(|| panic!("{sent} is not read"));
            assert_eq!(read.digits, "101", "{sent}");
            assert!(read.cure.contains(cure), "{sent}: {}", read.cure);
        }
        for sent in
            ["", "101", "abc", "SIM-0001", "101-102", "0xyz", "1.5", "101 and more", "R-1000"]
        {
            assert_eq!(whole(sent), None, "{sent}");
        }
    }
}
