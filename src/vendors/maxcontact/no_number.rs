//! What is wrong with a text that should be a number, a truth value or a telephone number, and what
//! to send instead.
//!
//! Not here: whether it is refused (`model`).

use crate::vendors::maxcontact::model::check_phone;
use crate::web::diagnosis::digits::plain_digit;
use crate::web::diagnosis::thousands::thousands;
use crate::web::diagnosis::whole::whole as disguised;

/// Largest `int` and `long` of the platform, as a reason names them.
const INT_MAX: i64 = i32::MAX as i64;
const LONG_MAX: i64 = i64::MAX;

/// Digits of a text that may be a telephone number: fewer are an id.
const PHONE_DIGITS_MIN: usize = 10;

/// What programs write where a value is missing.
const NOTHING: &[&str] = &["undefined", "null", "none", "nil", "nan", "[object object]", "(null)"];

/// Signs that people write between the digits of a telephone number.
const SIGNS: &[(&str, &[char])] = &[
    ("blanks", &[' ', '\u{a0}', '\u{202f}', '\t']),
    ("dashes", &['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}']),
    ("brackets", &['(', ')', '[', ']']),
    ("dots", &['.']),
    ("slashes", &['/']),
    (
        "characters that do not show",
        &['\u{200b}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202c}', '\u{feff}'],
    ),
];

/// Why a text is no number of a kind of the platform's, `int` or `long`.
pub(crate) fn whole(name: &str, text: &str, kind: &str) -> String {
    if let Some(hint) = no_value(text) {
        return match name {
            "call1" | "call2" if text.trim().is_empty() => {
                format!("{name} has to be there: send the CallId of one of the two calls")
            }
            _ => hint,
        };
    }
    let bare = text.trim();
    let digits = bare.strip_prefix(['+', '-']).unwrap_or(bare);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    if is_number(digits) {
        let max = if kind == "int" { INT_MAX } else { LONG_MAX };
        let small = name.to_ascii_lowercase();
        let may_be_phone = !small.contains("list") && !small.starts_with("numsales");
        let is_phone = may_be_phone && (PHONE_DIGITS_MIN..=15).contains(&digits.len());
        let phone = if is_phone { "; is it a telephone number?" } else { "" };
        let (what, _) = of_name(name);
        return format!("{name} is {what}, and the largest {kind} is {max}{phone}");
    }
    if let Some((whole, fraction)) = digits.split_once('.') {
        if is_number(whole) && fraction.bytes().all(|it| it == b'0') {
            return format!("send {whole}, without the fraction");
        }
        if is_number(whole) && is_number(fraction) {
            return "a whole number is wanted, and this one has a fraction".into();
        }
        if is_number(whole) && ["json", "xml"].contains(&fraction) {
            return format!(
                "send {whole}: the format is chosen by Accept or Content-Type, not by .{fraction}"
            );
        }
    }
    if let Some(thousands) = thousands(digits) {
        return format!(
            "send one number; if these are the thousands of one, take the separators away: {}",
            thousands.number
        );
    }
    if bare.split([',', ';', ' ']).filter(|part| is_number(part)).count() > 1 {
        return "send one number; several do not stand together here".into();
    }
    if let Some(read) = disguised(bare) {
        return format!("send {}: {}", read.digits, read.cure);
    }
    let hex = bare.strip_prefix("0x").and_then(|hex| i64::from_str_radix(hex, 16).ok());
    if let Some(number) = hex {
        return format!("write it in decimal: {number}");
    }
    let (what, other) = of_name(name);
    format!("{name} is {what}{other}")
}

/// What a number with that name is, and what it is not, as the end of a sentence.
fn of_name(name: &str) -> (&'static str, &'static str) {
    match name {
        "UserID" => ("the ID of an agent in the list of users", ", not a login or a name"),
        "CallID" | "call1" | "call2" => ("a CallId, as dial and getcalls give it", ""),
        "LeadPhoneID" => ("the id of a lead's phone", ", not its number"),
        "numsales1" | "numsales2" => ("a count of sales", ""),
        name if name.eq_ignore_ascii_case("leadid") => ("a lead's own id", ", not its reference"),
        name if name.to_ascii_lowercase().ends_with("listid") => ("a list's id", ", not its name"),
        _ => ("a whole number", ""),
    }
}

/// Why a text is no truth value.
pub(crate) fn truth(text: &str) -> String {
    let word = match text.trim().to_ascii_lowercase().as_str() {
        "1" | "yes" | "y" | "on" | "t" => "true",
        "0" | "no" | "n" | "off" | "f" => "false",
        _ => return no_value(text).unwrap_or_else(|| "write true or false".into()),
    };
    format!("write {word} for {text:?}")
}

/// Why a text is no telephone number.
pub(crate) fn phone(text: &str) -> String {
    if let Some(hint) = no_value(text) {
        return hint;
    }
    let mut parts = text.split([',', ';', '|']).map(str::trim);
    if text.contains([',', ';', '|']) && parts.all(|part| check_phone(part).is_ok()) {
        return "send one number at a time".into();
    }
    let without_scheme = text.trim().strip_prefix("tel:").unwrap_or(text.trim());
    let (mut bare, mut signs) = (String::new(), Vec::new());
    for it in without_scheme.chars() {
        match SIGNS.iter().find(|(_, all)| all.contains(&it)) {
            Some((words, _)) if !signs.contains(words) => signs.push(*words),
            Some(_) => {}
            None => bare.push(it),
        }
    }
    if without_scheme.len() < text.trim().len() {
        signs.push("tel:");
    }
    if text.trim().len() < text.len() && !signs.contains(&SIGNS[0].0) {
        signs.push(SIGNS[0].0);
    }
    if check_phone(&bare).is_ok() {
        return format!("send {bare}, without {}", signs.join(" and "));
    }
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    let n_digits = digits.chars().count();
    if text.contains('%') {
        "percent-encode the number once; it was encoded and the result encoded again".into()
    } else if digits.bytes().all(|it| it.is_ascii_digit()) {
        format!("a number has 3 to 20 digits, and this one has {n_digits}")
    } else if digits.chars().all(|it| it.is_ascii_digit() || plain_digit(it).is_some()) {
        "write the digits as 0 to 9, not those of another script".into()
    } else if digits.starts_with(|it: char| it.is_ascii_digit()) && digits.contains(['x', '#', ','])
    {
        "an extension cannot be dialled; send the number alone".into()
    } else {
        "a number has digits alone, with a plus sign before them or not".into()
    }
}

/// What is wrong with a text that holds no value at all.
fn no_value(text: &str) -> Option<String> {
    let bare = text.trim();
    let is_placeholder = bare.starts_with(['{', '<', ':', '$']) && disguised(bare).is_none();
    if bare.is_empty() {
        return Some("leave the parameter out instead of sending it empty".into());
    }
    if let Some((value, query)) = bare.split_once('&') {
        return Some(format!("the query begins with ?, not with &: {value}?{query}"));
    }
    if NOTHING.contains(&bare.to_ascii_lowercase().as_str()) {
        return Some(
            "the client had no value and sent the word for that; look where it comes from".into(),
        );
    }
    is_placeholder.then(|| "the placeholder of the documentation was sent as it is".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_stands_there() {
        let is = |text: &str, words: &str| {
            let hint = whole("CallID", text, "int");
            assert!(hint.contains(words), "{text}: {hint}");
        };
        is("{CallID}", "placeholder");
        is("undefined", "no value");
        is("1000&resultcode=SALE", "begins with ?, not with &: 1000?resultcode=SALE");
        is("{1000}", "send 1000: take the brackets away");
        is("\"1000\"", "send 1000: take the quotes away");
        is("call1000", "send 1000: take what stands before it away");
        is("１０００", "send 1000: write the digits of ASCII");
        is("07700900142", "the largest int is 2147483647; is it a telephone number?");
        is("1000.0", "send 1000, without the fraction");
        is("1000.5", "whole number");
        is("1000.json", "send 1000: the format");
        is("1000,1001", "one number");
        is("50,012", "take the separators away: 50012");
        let sales = whole("numsales1", "99999999999", "int");
        assert!(!sales.contains("telephone"), "{sales}");
        let user = whole("UserID", "2147483648", "int");
        assert!(!user.contains("not a login"), "{user}");
        assert!(whole("call1", "", "int").contains("has to be there"));
        is("0x3e8", "in decimal: 1000");
        is("abc", "a CallId, as dial and getcalls give it");
    }

    #[test]
    fn tells_the_number_that_is_meant() {
        let is = |text: &str, words: &str| {
            let hint = phone(text);
            assert!(hint.contains(words), "{text}: {hint}");
        };
        is("07700 900-142", "send 07700900142, without blanks and dashes");
        is("tel:+447700900142", "send +447700900142, without tel:");
        is(" 07700900142", "without blanks");
        is("07700900142\u{200b}", "without characters that do not show");
        is("%2B447700900142", "encode the number once");
        is("12", "this one has 2");
        is("٠٧٧٠٠", "another script");
        is("0770½", "a number has digits alone");
        is("07700900142x12", "extension");
        is("07700900142,07700900143", "one number at a time");
        is("0800FLOWERS", "digits alone");
        assert_eq!(truth("yes"), "write true for \"yes\"");
        assert_eq!(truth("maybe"), "write true or false");
    }
}
