//! Secrets by their names, in any text.
//!
//! Nothing is parsed as a whole: a body may be broken, cut, or hold one form in another. Each `:`,
//! `=` and `<` may have a name beside it; where that is a secret's, what follows is its value, as
//! far as values of that kind go. What is inside a value is covered with it.

use memchr::memchr3;

use super::sought::{Found, Manner, Sought};
use super::text::line_end;
use super::{element, field, member};

/// How often a text may be read in search of end tags that are not there, before the rest of it is
/// covered. Only a text that is made to be slow comes to that.
const FRUITLESS_READS_MAX: usize = 8;

/// The values of all secrets' names in a text.
pub(crate) fn find_in(sought: &Sought<'_>, text: &[u8], found: &mut Vec<Found>) {
    let mut line = Line::default();
    let mut budget = text.len().saturating_mul(FRUITLESS_READS_MAX);
    let mut at = 0;
    while at < text.len() {
        let Some(next) = memchr3(b':', b'=', b'<', &text[at..]) else { return };
        at += next;
        let known = found.len();
        match text.get(at) {
            Some(b':') => member::find_in(sought, text, at, found),
            Some(b'=') => {
                let is_form = line.is_form(sought.manner, text, at);
                field::find_in(sought, text, at, is_form, found);
            }
            _ => element::find_in(sought, text, at, &mut budget, found),
        }
        let covered = found[known..].iter().map(|it| it.value.end).max();
        at = covered.unwrap_or(0).max(at + 1);
    }
}

/// The line that is being read, and whether it is a form.
#[derive(Debug, Default)]
struct Line {
    end: usize,
    is_form: bool,
}

impl Line {
    fn is_form(&mut self, manner: Manner, text: &[u8], at: usize) -> bool {
        match manner {
            Manner::Query => return true,
            Manner::Sentence | Manner::Header | Manner::Values => return false,
            Manner::Any => {}
        }
        if at >= self.end {
            let is_line_end = |it: &u8| matches!(it, b'\n' | b'\r');
            let last = text[self.end..at].iter().rposition(is_line_end);
            let start = last.map_or(self.end, |last| self.end + last + 1);
            self.end = line_end(text, at);
            self.is_form = is_form(&text[start..self.end]);
        }
        self.is_form
    }
}

/// Whether a line begins with `name=`, and a value stands there without a blank before it.
fn is_form(line: &[u8]) -> bool {
    let is_name =
        |it: &&u8| it.is_ascii_alphanumeric() || !it.is_ascii() || b"_-.%+[]~*$@:\\".contains(it);
    let length = line.iter().take_while(is_name).count();
    length > 0 && line.get(length) == Some(&b'=')
}
