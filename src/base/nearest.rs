//! The known word that somebody most likely meant: `did you mean "campaigns"?`
//!
//! Not here: where the known words come from, and how the question is put.

/// Longest word that is compared. Names and ids are shorter, and the comparison takes the product of
/// both lengths.
const WORD_CHARS_MAX: usize = 64;

/// The candidate nearest to `word`, or `None` where none is near: about one letter in three may
/// differ, at least one, and case does not count. Of equals the first wins.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = folded(word)?;
    let n_chars = word.chars().count();
    // A word of one letter is one letter away from every other; only its other case is near.
    let distance_max = if n_chars < 2 { 0 } else { (n_chars / 3).max(1) };
    candidates
        .into_iter()
        .filter_map(|candidate| Some((strsim::osa_distance(&word, &folded(candidate)?), candidate)))
        .filter(|(distance, _)| *distance <= distance_max)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn folded(word: &str) -> Option<String> {
    // The count of bytes is looked at first: a word of megabytes is not walked.
    let short = word.len() <= 4 * WORD_CHARS_MAX && word.chars().count() <= WORD_CHARS_MAX;
    short.then(|| word.to_lowercase())
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
    }

    #[test]
    fn finds_nothing_where_nothing_is_near() {
        assert_eq!(nearest("settings", WORDS), None);
        assert_eq!(nearest("x", WORDS), None);
        assert_eq!(nearest("", WORDS), None);
        assert_eq!(nearest(&"campaigns".repeat(100_000), WORDS), None);
    }
}
