//! Known names in a message: `one of infocu5, jtel, mor`.
//!
//! Not here: which of them is near to what was found (`nearest`).

/// Names that are listed. Of more, a person looks for the one that is near, and the rest hides it.
const NAMES_MAX: usize = 30;

/// The names that could have stood there.
pub(crate) fn one_of(known: &[&str]) -> String {
    match known.split_at_checked(NAMES_MAX) {
        None | Some((_, [])) => format!("one of {}", known.join(", ")),
        Some((first, more)) => format!("one of {} and {} more", first.join(", "), more.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        assert_eq!(one_of(&["a", "b"]), "one of a, b");
        assert_eq!(one_of(&["a"; NAMES_MAX]), format!("one of {}a", "a, ".repeat(NAMES_MAX - 1)));
        let cut = one_of(&["a"; NAMES_MAX + 2]);
        assert!(cut.ends_with("a, a and 2 more"), "{cut}");
    }
}
