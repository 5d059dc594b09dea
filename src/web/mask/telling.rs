//! How long a value has to be to be told from ids, names and words.

/// Fewest characters of a value that is looked for. Seven letters and digits are a part number or a
/// car's plate.
pub(crate) const CHARS_MIN: usize = 8;

/// Fewest characters of a word with a number behind it, such as `agent101`, `SIM-0001` or
/// `campaign12`: shorter ones are ids.
pub(crate) const NUMBERED_WORD_CHARS_MIN: usize = 11;

/// Fewest characters of a value without any digit: shorter ones are words and names.
pub(crate) const WORD_CHARS_MIN: usize = 16;

/// Fewest digits of a value without any letter: a telephone number has up to 15.
pub(crate) const DIGITS_MIN: usize = 16;
