//! Words of a command that somebody pastes into a shell.

use std::fmt::Write as _;

/// What a word may hold and be read as it stands, beside letters and digits.
const PLAIN: &str = "_-./:@%+=,";

/// A word as it stands where every shell reads it so, and quoted otherwise.
pub(crate) fn word(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || PLAIN.contains(it);
    if text.is_empty() || !text.chars().all(is_plain) { quoted(text) } else { text.to_owned() }
}

/// A word that the shell takes as it is. What a terminal would act on instead of showing it goes in
/// the form `$'…'`, which bash and zsh know.
pub(crate) fn quoted(text: &str) -> String {
    if !text.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\t')) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut word = String::from("$'");
    for character in text.chars() {
        match character {
            '\'' | '\\' => word.extend(['\\', character]),
            it if it.is_control() => {
                let mut utf8 = [0; 4];
                for byte in it.encode_utf8(&mut utf8).bytes() {
                    let _ = write!(word, "\\x{byte:02x}");
                }
            }
            it => word.push(it),
        }
    }
    word.push('\'');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_take_it_apart() {
        for plain in ["day.toml", "../a_b-c/1.toml", "recorded/x+y@2.toml"] {
            assert_eq!(word(plain), plain);
        }
        assert_eq!(word(""), "''");
        assert_eq!(word("my day.toml"), "'my day.toml'");
        assert_eq!(word("it's.toml"), r"'it'\''s.toml'");
        assert_eq!(word("~/a;b$c"), "'~/a;b$c'");
        assert_eq!(word("a\u{1b}b"), r"$'a\x1bb'");
    }
}
