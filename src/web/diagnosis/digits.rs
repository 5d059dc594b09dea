//! Digits of other scripts than ASCII. What only stands for a number, such as `½` and `²`, is no digit.

/// The noughts of the scripts whose digits people send: Arabic, Persian, N'Ko, the Indian ones, Thai, Lao,
/// Tibetan, Burmese, Khmer, Mongolian, and those of full width.
const NOUGHTS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50,
    0xed0, 0xf20, 0x1040, 0x17e0, 0x1810, 0xff10,
];

/// The digit of ASCII for one of another script; `None` for any other character.
pub(crate) fn plain_digit(sent: char) -> Option<char> {
    let value = |nought: &u32| u32::from(sent).checked_sub(*nought).filter(|it| *it < 10);
    char::from_digit(NOUGHTS.iter().find_map(value)?, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_told_from_what_stands_for_a_number() {
        for (sent, digit) in [('٣', '3'), ('۷', '7'), ('९', '9'), ('๐', '0'), ('３', '3')] {
            assert_eq!(plain_digit(sent), Some(digit), "{sent}");
        }
        for sent in ['½', '²', '①', 'Ⅳ', '三', '3', 'a'] {
            assert_eq!(plain_digit(sent), None, "{sent}");
        }
    }
}
