//! Why a text is no ID, and what to send instead, where that is plain from the text itself.
//!
//! Not here: names and keys that stand where an ID belongs, which only the world can tell.

use crate::web::diagnosis::disguise::unfilled;
use crate::web::diagnosis::thousands::thousands;
use crate::web::diagnosis::whole::whole;

/// What to do about a text that is no ID; `None` where nothing about it is plain.
pub(crate) fn no_integer(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("the value is empty; leave the parameter out, or send digits".into());
    }
    if let Some(unfilled) = unfilled(text) {
        return Some(unfilled.cure().into());
    }
    if is_digits(text) {
        return Some("IDs are integers of 64 bits, and this is greater than any".into());
    }
    let trimmed = text.trim();
    if is_digits(trimmed) {
        let what = if text.ends_with(['\n', '\r']) { "line end" } else { "blank" };
        return Some(format!("take the {what} away: {trimmed}"));
    }
    let inner = trimmed.trim_matches(|it: char| "\"'`“”<>{}[]():#".contains(it)).trim();
    if inner != trimmed && is_digits(inner) {
        return Some(format!("send the digits alone: {inner}"));
    }
    if let Some(digits) = trimmed.strip_prefix('-').filter(|rest| is_digits(rest)) {
        return Some(format!("IDs have no sign: {digits}"));
    }
    if let Some(digits) = trimmed.strip_prefix('+').filter(|rest| is_digits(rest)) {
        return Some(format!("IDs have no sign: {digits}"));
    }
    if let Some(digits) = trimmed.strip_prefix("0x").or(trimmed.strip_prefix("0X")) {
        let number = i64::from_str_radix(digits, 16).ok();
        return number.map(|number| format!("write the ID in decimal digits: {number}"));
    }
    let thousands = thousands(inner).map(|it| it.number);
    if let Some((whole, fraction)) = trimmed.split_once('.') {
        if let Some(digits) = thousands {
            return Some(format!("take the thousands separators away: {digits}"));
        }
        if is_digits(whole) && is_digits(fraction) {
            return Some(format!("an ID has no fraction: {whole}"));
        }
    } else if let Some(digits) = thousands {
        return Some(format!(
            "one ID per request; if these are the thousands of one, take the separators away: {digits}"
        ));
    }
    let parts: Vec<&str> = inner.split([',', ';', '|', ' ']).map(str::trim).collect();
    if parts.len() > 1 && parts.iter().all(|part| is_digits(part)) {
        return Some("one ID per request; ask once for each".into());
    }
    whole(text).map(|it| format!("{}: {}", it.cure, it.digits))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_is_told() {
        for (text, expected) in [
            ("", "the value is empty"),
            ("undefined", "is not set"),
            ("{id}", "nobody filled it in"),
            ("612 ", "take the blank away: 612"),
            ("612\n", "take the line end away: 612"),
            ("\"612\"", "send the digits alone: 612"),
            (":612", "send the digits alone: 612"),
            ("-612", "no sign: 612"),
            ("0x264", "decimal digits: 612"),
            ("301.501", "thousands separators away: 301501"),
            ("1234.567", "no fraction: 1234"),
            ("612.0", "no fraction: 612"),
            ("612,613", "one ID per request"),
            ("301,501", "take the separators away: 301501"),
            ("301'501", "take the separators away: 301501"),
            ("99999999999999999999", "integers of 64 bits"),
            ("６１２", "digits of ASCII, 0 to 9: 612"),
            ("612.json", "take the ending behind it away: 612"),
            ("612abc", "take the letters behind it away: 612"),
        ] {
            let told = no_integer(text).unwrap_or_default();
            assert!(told.contains(expected), "{text:?}: {told}");
        }
        for text in ["abc", "SIM-0001", "0xyz", "Spring Recall"] {
            assert_eq!(no_integer(text), None, "{text}");
        }
    }
}
