//! Card numbers, wherever they stand.
//!
//! A card number has 13 to 19 digits, begins and is as long as an issuer's numbers are, and its last
//! digit is right by Luhn's rule. One number in ten is right by chance, so what else has as many
//! digits is told apart:
//!
//! - times in milliseconds (13 digits), in microseconds (16) and written together begin with 1 or 2,
//!   as no issuer's numbers of these lengths do;
//! - a telephone number has a `+` before at most 15 digits; without one, 13 digits that begin like a
//!   country with numbers so long are none of a card;
//! - a digest or a UUID is a run of hex digits with letters among them;
//! - a fraction has a digit and a point before it.
//!
//! Digits may be apart by blanks, hyphens, points, pluses, underscores or slashes, if the groups are a card's: all of one
//! length but for the last, or 4-6-5, 4-6-4, 4-5-6 or 4-3-3-3. An id of 16 digits that meets all of
//! this by chance reads as a card; it is the price of never showing one.

use std::ops::Range;

use super::text::byte;

const DIGITS_MIN: usize = 13;
const DIGITS_MAX: usize = 19;

/// Fewest hex digits of a digest or a UUID.
const HEX_RUN_MIN: usize = 20;

/// As far as a run is followed to see what it is; a SHA-256 has 64 digits.
const RUN_BYTES_MAX: usize = 80;

/// Where card numbers stand in a text.
pub(crate) fn find(text: &[u8], mut found: impl FnMut(Range<usize>)) {
    let mut groups = Vec::new();
    let mut at = 0;
    // A number has no two bytes side by side that are no digits, so it shows wherever two are looked
    // at in steps of its shortest length.
    while let Some([.., one, other]) = text.get(at..at + DIGITS_MIN) {
        // A separator beyond ASCII has more bytes than one.
        let is_ascii = one.is_ascii() && other.is_ascii();
        if is_ascii && !one.is_ascii_digit() && !other.is_ascii_digit() {
            at += DIGITS_MIN - 1;
            continue;
        }
        let Some(next) = text[at..].iter().position(u8::is_ascii_digit) else { return };
        at = chain(text, at + next, &mut groups);
        let digits: usize = groups.iter().map(Range::len).sum();
        if digits >= DIGITS_MIN {
            windows(text, &groups, &mut found);
        }
    }
}

/// Reads groups of digits that are one separator apart, and says where they end.
fn chain(text: &[u8], start: usize, groups: &mut Vec<Range<usize>>) -> usize {
    groups.clear();
    let mut at = start;
    loop {
        let digits = text[at..].iter().take_while(|it| it.is_ascii_digit()).count();
        groups.push(at..at + digits);
        at += digits;
        let separator = separator(&text[at..]);
        if separator == 0 || !byte(text, at + separator).is_ascii_digit() {
            return at;
        }
        at += separator;
    }
}

/// Bytes of the separator that a text begins with; 0 where it begins with none.
fn separator(text: &[u8]) -> usize {
    match text {
        [b' ' | b'-' | b'.' | b'+' | b'_' | b'/', ..] => 1,
        // A blank that does not break.
        [0xc2, 0xa0, ..] => 2,
        // Hyphens and dashes, and the narrow and the thin blank.
        [0xe2, 0x80, 0x90..=0x95 | 0xaf | 0x89, ..] => 3,
        _ => 0,
    }
}

fn windows(text: &[u8], groups: &[Range<usize>], found: &mut impl FnMut(Range<usize>)) {
    let mut first = 0;
    while first < groups.len() {
        let longest = (first..groups.len().min(first + DIGITS_MAX))
            .rev()
            .find(|last| is_card(text, &groups[first..=*last]));
        if let Some(last) = longest {
            found(groups[first].start..groups[last].end);
            first = last;
        }
        first += 1;
    }
}

fn is_card(text: &[u8], groups: &[Range<usize>]) -> bool {
    let length: usize = groups.iter().map(Range::len).sum();
    if !(DIGITS_MIN..=DIGITS_MAX).contains(&length) || !are_grouped(groups) {
        return false;
    }
    let mut digits = [0; DIGITS_MAX];
    let all = groups.iter().flat_map(|group| &text[group.clone()]);
    digits.iter_mut().zip(all).for_each(|(digit, byte)| *digit = byte - b'0');
    let digits = &digits[..length];
    let whole = groups[0].start..groups[groups.len() - 1].end;
    is_issued(digits) && is_right(digits) && !is_other(text, whole, length)
}

fn are_grouped(groups: &[Range<usize>]) -> bool {
    let size = groups[0].len();
    let (last, head) = (groups[groups.len() - 1].len(), &groups[..groups.len() - 1]);
    let is_even = last <= size && head.iter().all(|it| it.len() == size);
    let sizes = || groups.iter().map(Range::len);
    let odd: [&[usize]; 4] = [&[4, 6, 5], &[4, 6, 4], &[4, 5, 6], &[4, 3, 3, 3]];
    is_even || odd.iter().any(|it| sizes().eq(it.iter().copied()))
}

/// Whether an issuer gives out numbers that begin so and are as long.
fn is_issued(digits: &[u8]) -> bool {
    let head = digits[..4].iter().fold(0_u32, |head, it| head * 10 + u32::from(*it));
    match digits.len() {
        // Visa's old numbers; Austria, Sweden, Germany and three small countries have telephone
        // numbers of this shape.
        13 => {
            let is_phone = matches!(head, 4300..=4399 | 4600..=4699 | 4900..=4999)
                || matches!(head / 10, 420 | 421 | 423);
            head / 1000 == 4 && !is_phone
        }
        // Diners Club.
        14 => matches!(head, 3000..=3059 | 3095 | 3600..=3699 | 3800..=3999),
        // American Express.
        15 => matches!(head / 100, 34 | 37),
        16 => matches!(head,
            // Visa, Mastercard, Mir.
            4000..=4999 | 5100..=5599 | 2221..=2720 | 2200..=2204
            // Discover, JCB, UnionPay, Diners Club.
            | 6011 | 6440..=6599 | 3528..=3589 | 6200..=6299 | 8100..=8199 | 3600..=3699
            // Maestro.
            | 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763),
        // The long numbers of Visa, Discover, JCB, UnionPay and Maestro.
        _ => matches!(head,
            4000..=4999 | 6011 | 6440..=6599 | 3528..=3589 | 6200..=6299 | 8100..=8199
            | 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763),
    }
}

/// Luhn's rule.
fn is_right(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(idx, digit)| match (idx % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) => digit * 2 % 10 + digit / 5,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the text around it says that it is something else.
fn is_other(text: &[u8], whole: Range<usize>, length: usize) -> bool {
    let before = whole.start.checked_sub(1).map_or(0, |at| text[at]);
    let is_phone = before == b'+' && length <= 15;
    let is_digit = |at: Option<usize>| at.is_some_and(|at| byte(text, at).is_ascii_digit());
    let is_fraction = before == b'.' && is_digit(whole.start.checked_sub(2))
        || byte(text, whole.end) == b'.' && is_digit(Some(whole.end + 1));
    is_phone || is_fraction || is_in_hex(text, whole)
}

fn is_in_hex(text: &[u8], whole: Range<usize>) -> bool {
    let is_run = |it: &&u8| it.is_ascii_alphanumeric() || **it == b'-';
    let before = text[..whole.start].iter().rev().take(RUN_BYTES_MAX).take_while(is_run).count();
    let after = text[whole.end..].iter().take(RUN_BYTES_MAX).take_while(is_run).count();
    let run = &text[whole.start - before..whole.end + after];
    let is_hex = run.iter().all(|it| it.is_ascii_hexdigit() || matches!(it, b'-' | b' '));
    let has_letter = run.iter().any(u8::is_ascii_alphabetic);
    is_hex && has_letter && run.iter().filter(|it| it.is_ascii_hexdigit()).count() >= HEX_RUN_MIN
}
