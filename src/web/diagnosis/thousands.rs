//! A whole number whose thousands are parted by a sign: `301,501`, `1'234'567`.
//!
//! Not here: whether such a number is known (the vendors), and fractions.

/// What stands between thousands, as people and spreadsheets write them.
const SIGNS: &[char] = &[',', '.', '\'', '’', ' ', '\u{a0}', '\u{202f}', '\u{2009}', '_'];

/// Longest text that is looked at; no number of an id's size is as long.
const BYTES_MAX: usize = 128;

/// A number in groups of three digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thousands<'t> {
    /// The digits without the signs between them.
    pub(crate) number: String,
    groups: Vec<&'t str>,
}

impl Thousands<'_> {
    /// Whether it is as well a list of ids, each of which somebody knows: `301,501` where there are 301
    /// and 501.
    ///
    /// # Errors
    /// Where `is_known` fails.
    pub(crate) fn are_all<E>(
        &self,
        mut is_known: impl FnMut(&str) -> Result<bool, E>,
    ) -> Result<bool, E> {
        for group in &self.groups {
            if !is_known(group)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A number of one to three digits and then groups of exactly three, with one and the same sign between
/// all of them; `None` for any other text. What has other groups, such as `2,4`, is a list.
pub(crate) fn thousands(text: &str) -> Option<Thousands<'_>> {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.trim();
    if text.len() > BYTES_MAX {
        return None;
    }
    let sign = text.chars().find(|it| SIGNS.contains(it))?;
    let groups: Vec<&str> = text.split(sign).collect();
    let (first, rest) = groups.split_first()?;
    let are_thousands = (1..=3).contains(&first.len())
        && is_digits(first)
        && rest.iter().all(|group| group.len() == 3 && is_digits(group));
    are_thousands.then(|| Thousands { number: groups.concat(), groups })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_from_a_list() {
        for (text, number) in [
            ("301,501", "301501"),
            ("1.234.567", "1234567"),
            ("1'234", "1234"),
            ("1’234", "1234"),
            ("12 345", "12345"),
            ("12\u{a0}345", "12345"),
            ("12\u{202f}345", "12345"),
            (" 1,234\n", "1234"),
        ] {
            assert_eq!(thousands(text).map(|it| it.number).as_deref(), Some(number), "{text:?}");
        }
        for text in [
            "2,4",
            "12.0",
            "1234,567",
            "1,2345",
            "1,234.567",
            ",234",
            "1,,234",
            "1234",
            "a,234",
            "",
        ] {
            assert_eq!(thousands(text), None, "{text:?}");
        }
        assert_eq!(thousands(&"1,234".repeat(100_000)), None);
    }

    #[test]
    fn ids_that_exist_are_a_list() {
        let are_all = |known: &[&str]| {
            let is_known = |id: &str| Ok::<_, std::convert::Infallible>(known.contains(&id));
            thousands("301,501").unwrap().are_all(is_known).unwrap()
        };
        assert!(are_all(&["301", "501"]));
        assert!(!are_all(&["301", "301501"]));
    }
}
