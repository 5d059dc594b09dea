//! The known word that somebody most likely meant: `did you mean "campaigns"?`
//!
//! Words are near by their letters, by what joins them (`campaign_id`, `campaignId`, `CAMPAIGN-ID`), or
//! where one begins the other. Two that mean the reverse of one another are never near, however few
//! letters they differ in.
//!
//! Not here: where the known words come from, what a vendor's parameters are called elsewhere
//! (`contract::api`), and how the question is put.

/// Longest word that is compared. Names and ids are shorter, and the comparison takes the product of
/// both lengths.
const WORD_CHARS_MAX: usize = 64;

/// Shortest word that may stand for a longer one that it begins: `camp` for `campaigns`.
const PREFIX_CHARS_MIN: usize = 4;

/// Words that mean the reverse of one another. `un`, `de` and `dis` before a word do too.
const OPPOSITES: &[(&str, &str)] = &[
    ("hold", "retrieve"),
    ("hold", "resume"),
    ("start", "stop"),
    ("start", "end"),
    ("begin", "end"),
    ("open", "close"),
    ("login", "logout"),
    ("logon", "logoff"),
    ("ready", "notready"),
    ("ready", "break"),
    ("accept", "reject"),
    ("enable", "disable"),
    ("show", "hide"),
    ("include", "exclude"),
    ("increase", "decrease"),
    ("from", "to"),
    ("first", "last"),
    ("min", "max"),
    ("in", "out"),
    ("on", "off"),
    ("add", "remove"),
    ("add", "delete"),
    ("import", "delete"),
    ("create", "delete"),
    ("get", "delete"),
    ("mute", "unmute"),
];

/// What before a word turns its meaning round.
const REVERSING: &[&str] = &["un", "de", "dis", "in", "re"];

/// Shortest word that can be turned round so: `use` and `unuse`, but not `to` and `into`.
const STEM_CHARS_MIN: usize = 3;

/// The candidate nearest to `word`, or `None` where none is near: about one letter in three may
/// differ, at least one; case and what joins words do not count. Of equals the first wins.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let sent = folded(word)?;
    let n_chars = sent.chars().count();
    // A word of one letter is one letter away from every other; only its other case is near.
    let distance_max = if n_chars < 2 { 0 } else { (n_chars / 3).max(1) };
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let known = folded(candidate)?;
            let distance = distance(&sent, &known);
            (distance <= distance_max && !is_opposite(word, candidate))
                .then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The question behind a word that nobody knows: `; did you mean "campaigns"?`; nothing where no known
/// one is near.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map_or_else(String::new, |near| format!("; did you mean {near:?}?"))
}

/// In how many letters two words differ; one where one of them begins the other.
fn distance(sent: &str, known: &str) -> usize {
    let short = sent.len().min(known.len());
    let begins = short >= PREFIX_CHARS_MIN && (sent.starts_with(known) || known.starts_with(sent));
    let distance = strsim::osa_distance(sent, known);
    if begins { distance.min(1) } else { distance }
}

/// Whether two names mean the reverse of one another: `lock` and `unlock`, `startCall` and `stopCall`.
pub(crate) fn is_opposite(one: &str, other: &str) -> bool {
    let is_denied = |one: &str, other: &str| {
        let (one, other) = (folded(one).unwrap_or_default(), folded(other).unwrap_or_default());
        other.contains("not") && other.replacen("not", "", 1) == one
    };
    let (words, others) = (words(one), words(other));
    let alone = words.iter().filter(|word| !others.contains(word));
    let others_alone: Vec<&String> = others.iter().filter(|word| !words.contains(word)).collect();
    is_denied(one, other)
        || is_denied(other, one)
        || alone.into_iter().any(|word| others_alone.iter().any(|other| are_reverse(word, other)))
}

/// Whether two different words mean the reverse of one another.
fn are_reverse(one: &str, other: &str) -> bool {
    fn stems(word: &str) -> impl Iterator<Item = &str> {
        let stems = REVERSING.iter().filter_map(|before| word.strip_prefix(before));
        stems.filter(|stem| stem.len() >= STEM_CHARS_MIN).chain([word])
    }
    OPPOSITES.contains(&(one, other))
        || OPPOSITES.contains(&(other, one))
        || stems(one).any(|stem| stems(other).any(|other| stem == other))
}

/// The words that a name is put together of, in small letters: `startCall` is `start` and `call`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for it in name.chars().take(WORD_CHARS_MAX) {
        let is_joint = !it.is_alphanumeric();
        if (is_joint || it.is_uppercase() && was_small)
            && words.last().is_some_and(|word| !word.is_empty())
        {
            words.push(String::new());
        }
        if let (false, Some(word)) = (is_joint, words.last_mut()) {
            word.extend(it.to_lowercase());
        }
        was_small = it.is_lowercase() || it.is_ascii_digit();
    }
    // `un-lock` is `unlock`.
    let mut at = 0;
    while at + 1 < words.len() {
        if REVERSING[..3].contains(&words[at].as_str()) {
            let word = words.remove(at + 1);
            words[at].push_str(&word);
        }
        at += 1;
    }
    words
}

/// A word without case and without what joins its parts; itself where nothing else is in it.
fn folded(word: &str) -> Option<String> {
    // The count of bytes is looked at first: a word of megabytes is not walked.
    let short = word.len() <= 4 * WORD_CHARS_MAX && word.chars().count() <= WORD_CHARS_MAX;
    short.then(|| {
        let joined: String = word.chars().filter(|it| !"_- .".contains(*it)).collect();
        if joined.is_empty() { word.to_lowercase() } else { joined.to_lowercase() }
    })
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
    fn words_of_reverse_meaning_are_never_near() {
        for (one, other) in [
            ("lock", "unlock"),
            ("unhold", "hold"),
            ("ReactivateLeadId", "DeactivateLeadId"),
            ("activate", "deactivate"),
            ("startCall", "stopCall"),
            ("period_start", "period_end"),
            ("goready", "gonotready"),
            ("hold", "retrieve"),
            ("dateFrom", "dateTo"),
            ("un-lock", "lock"),
            ("de_activate", "activate"),
        ] {
            assert!(is_opposite(one, other), "{one} {other}");
            assert!(is_opposite(other, one), "{other} {one}");
            assert_eq!(nearest(one, [other]), None, "{one}");
        }
        for (one, other) in [("lock", "lcok"), ("import", "imports"), ("contact_in", "contact_in")]
        {
            assert!(!is_opposite(one, other), "{one} {other}");
        }
        assert_eq!(nearest("unlok", ["lock", "unlock"]), Some("unlock"));
    }
}
