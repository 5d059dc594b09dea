//! Stand-ins for credentials and people's data: the same for the same, of the same form, and from
//! nothing but the order in which they came, so that nothing can be reckoned back.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;

use crate::base::seed::Seed;
use crate::contract::recorded::Sort;

const NAMES: [&str; 48] = [
    "Alva", "Bruno", "Clara", "Dario", "Edda", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Katja",
    "Linus", "Maren", "Nils", "Olga", "Pavel", "Rosa", "Sven", "Tilda", "Urs", "Vera", "Wim",
    "Yara", "Zeno", "Abend", "Birk", "Castell", "Dorn", "Eiche", "Falk", "Grund", "Holm", "Ilse",
    "Jarl", "Kern", "Lund", "Moor", "Nord", "Ohm", "Pohl", "Quast", "Rahn", "Sund", "Thal", "Ufer",
    "Voss", "Wald", "Zorn",
];

/// What was replaced by what.
#[derive(Debug, Default)]
pub(crate) struct Pseudonyms {
    by_value: BTreeMap<String, String>,
    /// Those of the values that are credentials.
    secrets: BTreeSet<String>,
    /// Numbers without their spelling.
    phones: BTreeMap<String, usize>,
    counts: BTreeMap<Option<Sort>, usize>,
}

impl Pseudonyms {
    /// A credential. Letters stay letters of their case, digits digits, hexadecimal digits such.
    pub(crate) fn secret(&mut self, value: &str) {
        if !value.is_empty() {
            self.secrets.insert(value.to_owned());
            self.digest(value);
        }
    }

    /// What a client has reckoned from a credential for one request: only as it stands is it of use.
    pub(crate) fn digest(&mut self, value: &str) {
        if value.is_empty() || self.by_value.contains_key(value) {
            return;
        }
        let n = self.next(None);
        let is_hex = value.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-');
        let mut draw = Seed(0).draw("recording.secret", &[&n.to_string()]);
        let mut letter = |first: u8, most: u8| char::from(first + draw.random_range(0..most));
        // No number of JSON begins with a nought.
        let is_number = value.bytes().all(|it| it.is_ascii_digit()) && !value.starts_with('0');
        let made = value.chars().enumerate().map(|(idx, it)| match it {
            '0'..='9' if idx == 0 && is_number => letter(b'1', 9),
            '0'..='9' => letter(b'0', 10),
            'a'..='f' if is_hex => letter(b'a', 6),
            'A'..='F' if is_hex => letter(b'A', 6),
            'a'..='z' => letter(b'a', 26),
            'A'..='Z' => letter(b'A', 26),
            it if it.is_ascii() => it,
            _ => letter(b'a', 26),
        });
        self.by_value.insert(value.to_owned(), made.collect());
    }

    /// A person's data.
    pub(crate) fn person(&mut self, sort: Sort, value: &str) {
        let trimmed = value.trim();
        if trimmed.is_empty() || self.by_value.contains_key(trimmed) {
            return;
        }
        let made = match sort {
            Sort::PhonesWithin => {
                for number in numbers(trimmed) {
                    self.person(Sort::Phone, number);
                }
                return;
            }
            Sort::Phone => {
                if !trimmed.bytes().any(|it| it.is_ascii_digit()) {
                    return;
                }
                self.phone(trimmed)
            }
            // Word by word, so that the parts of a name that come by themselves fit the whole.
            Sort::Name if trimmed.contains(' ') => {
                let words: Vec<&str> = trimmed.split(' ').collect();
                for word in &words {
                    self.person(Sort::Name, word);
                }
                let made =
                    words.iter().map(|word| self.by_value.get(*word).map_or("", String::as_str));
                made.collect::<Vec<_>>().join(" ")
            }
            Sort::Name => {
                let n = self.next(Some(Sort::Name));
                name(trimmed, n)
            }
            Sort::Email => {
                for address in trimmed.split([',', ';']).map(str::trim) {
                    if address != trimmed {
                        self.person(Sort::Email, address);
                    }
                }
                if trimmed.contains([',', ';']) {
                    return;
                }
                format!("person{}@example.test", self.next(Some(Sort::Email)))
            }
            Sort::Text => format!("Text {}", self.next(Some(Sort::Text))),
        };
        self.by_value.insert(trimmed.to_owned(), made);
    }

    /// The credentials among the values.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.iter().map(String::as_str)
    }

    /// Whether a value is one of them.
    pub(crate) fn is_secret(&self, value: &str) -> bool {
        self.secrets.contains(value)
    }

    /// What stands for a value.
    pub(crate) fn made(&self, value: &str) -> Option<&str> {
        self.by_value.get(value).map(String::as_str)
    }

    /// How many values are replaced.
    pub(crate) fn len(&self) -> usize {
        self.by_value.len()
    }

    fn next(&mut self, sort: Option<Sort>) -> usize {
        let count = self.counts.entry(sort).or_default();
        *count += 1;
        *count
    }

    /// A number of the same length and spelling; the first two digits stay, for they say where it is.
    fn phone(&mut self, value: &str) -> String {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        let plain = digits.trim_start_matches('0').to_owned();
        let known = self.phones.get(&plain).copied();
        let n = known.unwrap_or_else(|| self.next(Some(Sort::Phone)));
        self.phones.insert(plain, n);
        let kept = if digits.len() >= PHONE_DIGITS_MIN { 2 } else { 0 };
        let rest = digits.len() - kept;
        let made = format!("{n:0rest$}");
        let mut made = digits[..kept].chars().chain(made.chars().skip(made.len() - rest));
        let mut next = |it: char| if it.is_ascii_digit() { made.next().unwrap_or(it) } else { it };
        value.chars().map(&mut next).collect()
    }

    /// What is to be replaced and by what, the longest first.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        let pairs = self.by_value.iter().filter(|(value, made)| value != made);
        let mut pairs: Vec<(&str, &str)> =
            pairs.map(|(value, made)| (value.as_str(), made.as_str())).collect();
        pairs.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        pairs
    }

    /// How many of each kind, in words, without a value.
    pub(crate) fn told(&self) -> Vec<String> {
        let word = |sort: Option<Sort>| match sort {
            None => "credentials",
            Some(Sort::Phone | Sort::PhonesWithin) => "telephone numbers",
            Some(Sort::Name) => "names",
            Some(Sort::Email) => "e-mail addresses",
            Some(Sort::Text) => "other texts about people",
        };
        self.counts.iter().map(|(sort, count)| format!("{}: {count}", word(*sort))).collect()
    }
}

/// Digits of the shortest number of which a beginning says where it is.
const PHONE_DIGITS_MIN: usize = 7;

/// Runs of digits that are as long as numbers are.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|it: char| !it.is_ascii_digit());
    // A moment such as 20260105 has no letters between either, but is shorter than a number abroad.
    runs.filter(|run| run.len() > PHONE_DIGITS_MIN + 1)
}

/// A word of a name. What is written like the name of an account is one.
fn name(value: &str, n: usize) -> String {
    let is_account = value.contains(['_', '@', '.']) || value.bytes().any(|it| it.is_ascii_digit());
    if is_account || value.chars().all(|it| it.is_ascii_lowercase()) {
        return format!("user{n}");
    }
    let (idx, round) = ((n - 1) % NAMES.len(), (n - 1) / NAMES.len());
    // After the last, they begin anew with a number.
    let number = if round == 0 { String::new() } else { (round + 1).to_string() };
    format!("{}{number}", NAMES[idx])
}
