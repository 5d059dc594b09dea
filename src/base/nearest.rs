//! The known word that somebody most likely meant: `did you mean "campaigns"?`
//!
//! Words are near by their letters, by what joins them (`campaign_id`, `campaignId`, `CAMPAIGN-ID`), or
//! where one begins the other. Two that mean the reverse of one another are never near, and of
//! functions two that do different things, however few letters they differ in (`base::opposites`).
//!
//! Not here: where the known words come from, what a vendor's parameters are called elsewhere
//! (`contract::api`), and how the question is put.

use crate::base::opposites::{folded, is_another_deed, is_opposite};

/// Shortest word that may stand for a longer one that it begins: `camp` for `campaigns`.
const PREFIX_CHARS_MIN: usize = 4;

/// Of shorter numbers each is a digit away from many.
const SLIPS_FROM: i64 = 1000;

/// The candidate nearest to `word`, or `None` where none is near: about one letter in three may
/// differ, at least one; case and what joins words do not count. Of equals the first wins.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    nearest_but(word, candidates, is_opposite)
}

/// The nearest candidate that is not far from `word` in meaning. That is asked last: it takes longer than
/// to compare letters, by which most are far.
fn nearest_but<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    is_far: impl Fn(&str, &str) -> bool,
) -> Option<&'a str> {
    let sent = folded(word)?;
    let n_chars = sent.chars().count();
    // A word of one letter is one letter away from every other; only its other case is near.
    let distance_max = if n_chars < 2 { 0 } else { (n_chars / 3).max(1) };
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let known = folded(candidate)?;
            let distance = distance(&sent, &known, distance_max)?;
            (!is_far(word, candidate)).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The function whose name is nearest to `sent`, or `None`: as [`nearest`], but one that does something
/// else is never near, so that a write is not told for a read, nor the reverse.
pub(crate) fn nearest_function<'a>(
    sent: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    nearest_but(sent, known, |sent, known| is_opposite(sent, known) || is_another_deed(sent, known))
}

/// The numbers that whoever sent `id` may have meant: a last digit was lost, is one too many, or two
/// neighbours have changed places. So few that each can be looked up, however many numbers there are.
pub(crate) fn slips_of(id: i64) -> impl Iterator<Item = i64> {
    let digits = id.checked_abs().filter(|it| *it >= SLIPS_FROM).unwrap_or_default().to_string();
    let short = (digits.len() > 1).then_some(id / 10);
    let long = id.checked_mul(10).filter(|_| digits.len() > 1);
    let long = long.into_iter().flat_map(|it| (0..10).filter_map(move |last| it.checked_add(last)));
    let swapped = (1..digits.len()).filter_map(move |at| {
        let mut swapped = digits.clone().into_bytes();
        swapped.swap(at - 1, at);
        let number = String::from_utf8(swapped).ok()?.parse::<i64>().ok()?;
        (number != id && number >= SLIPS_FROM).then_some(number)
    });
    long.chain(short).chain(swapped)
}

/// The question behind a word that nobody knows: `; did you mean "campaigns"?`; nothing where no known
/// one is near.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map_or_else(String::new, |near| format!("; did you mean {near:?}?"))
}

/// In how many letters two words differ, one where one of them begins the other; `None` where those are
/// more than `most`.
fn distance(sent: &str, known: &str, most: usize) -> Option<usize> {
    let short = sent.len().min(known.len());
    let begins = short >= PREFIX_CHARS_MIN && (sent.starts_with(known) || known.starts_with(sent));
    let differ = sent.chars().count().abs_diff(known.chars().count());
    let distance = match (begins, differ) {
        (true, 0) => 0,
        (true, _) => 1,
        // Letters that one has more of are no less than those in which they differ.
        (false, differ) if differ > most => return None,
        (false, _) => strsim::osa_distance(sent, known),
    };
    (distance <= most).then_some(distance)
}

/// Whether two names are one but for case and what joins their words.
pub(crate) fn is_same_name(one: &str, other: &str) -> bool {
    folded(one).is_some_and(|one| folded(other).is_some_and(|other| one == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 4] = ["campaigns", "contacts", "clients", "id"];

    #[test]
    fn finds_the_word_meant() {
        assert_eq!(nearest("campains", WORDS), Some("campaigns"));
        assert_eq!(nearest("Contact", WORDS), Some("contacts"));
        assert_eq!(nearest("ID", WORDS), Some("id"));
        assert_eq!(nearest("clinets", WORDS), Some("clients"));
        assert_eq!(nearest("camp", WORDS), Some("campaigns"));
        assert_eq!(nearest("date_start", ["dateEnd", "dateStart"]), Some("dateStart"));
        assert_eq!(nearest("phone", ["phone_number1"]), Some("phone_number1"));
    }

    #[test]
    fn finds_nothing_where_nothing_is_near() {
        assert_eq!(nearest("settings", WORDS), None);
        assert_eq!(nearest("x", WORDS), None);
        assert_eq!(nearest("", WORDS), None);
        assert_eq!(nearest(&"campaigns".repeat(100_000), WORDS), None);
    }

    #[test]
    fn what_means_something_else_is_never_near() {
        assert_eq!(nearest("goready", ["gonotready"]), None);
        assert_eq!(nearest("unlok", ["lock", "unlock"]), Some("unlock"));
        assert_eq!(nearest_function("setCalls", ["getCalls"]), None);
        assert_eq!(nearest_function("getCall", ["setCalls", "getCalls"]), Some("getCalls"));
    }

    #[test]
    fn a_number_is_near_by_a_digit_lost_gained_or_moved() {
        let all: Vec<i64> = slips_of(30_150).collect();
        assert_eq!(all[..2], [301_500, 301_501]);
        assert_eq!(all[10..], [3015, 3150, 31_050, 30_510, 30_105]);
        assert_eq!(slips_of(999).count() + slips_of(0).count() + slips_of(i64::MIN).count(), 0);
        assert!(slips_of(i64::MAX).all(|it| it != i64::MAX));
    }
}
