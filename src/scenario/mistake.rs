//! Mistakes of a scenario, and the ledger that collects them.

use std::fmt;

use serde_json::{Value, json};

use crate::base::listing::one_of;
use crate::base::nearest::nearest;
use crate::contract::secret_fields::veiled;
use crate::scenario::limits::{MISTAKES_MAX, NESTING_MAX};
use crate::scenario::place::Place;
use crate::scenario::tree::quoted;
use crate::web::mask::masker::tagged;

/// One mistake and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The scenario or one of its CSV files, as the scenario names it.
    pub file: String,
    /// From 1; 0 where there is no line to tell, as in JSON that has been parsed.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// In JSON: the value. With a line, that line is one of the CSV text there.
    pub pointer: Option<String>,
    /// Empty where nothing in particular was.
    pub expected: String,
    pub found: String,
    pub hint: Option<String>,
    order: (u32, u32),
}

impl Mistake {
    fn new(place: Place, problem: Problem) -> Self {
        let Place { file, line, column, pointer, order } = place;
        let Problem { found, expected, hint } = problem;
        Mistake { file, line, column, pointer, expected, found, hint, order }
    }

    /// For a program; `message` is what [`fmt::Display`] prints.
    pub fn to_json(&self) -> Value {
        let number = |number: u32| if number == 0 { Value::Null } else { number.into() };
        json!({
            "file": self.file,
            "line": number(self.line),
            "column": number(self.column),
            "pointer": self.pointer,
            "expected": self.expected,
            "found": self.found,
            "hint": self.hint,
            "message": self.to_string(),
        })
    }
}

impl fmt::Display for Mistake {
    /// One line: place, what was found, what was expected, a hint.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        // The pointer to the whole is empty.
        if let Some(pointer) = self.pointer.as_ref().filter(|pointer| !pointer.is_empty()) {
            write!(f, "#{pointer}")?;
        }
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.found)?;
        if !self.expected.is_empty() {
            write!(f, "; expected {}", self.expected)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

/// Everything that is wrong with a scenario, in the order of its files and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    /// Never empty.
    pub kept: Vec<Mistake>,
    /// Further ones, of which only the number is known.
    pub n_more: usize,
    /// Whether something was not checked because of them, so that there may be others when they are
    /// mended.
    pub is_partial: bool,
}

impl Mistakes {
    /// For a program: `{"mistakes": […], "more": 0, "partial": false}`.
    pub fn to_json(&self) -> Value {
        let kept: Vec<Value> = self.kept.iter().map(Mistake::to_json).collect();
        json!({ "mistakes": kept, "more": self.n_more, "partial": self.is_partial })
    }
}

/// Mistakes as [`Mistakes::to_json`] has them, a line each, and what else there may be.
pub(crate) fn lines(file: &str, told: &Value) -> Vec<String> {
    let kept = told["mistakes"].as_array().into_iter().flatten();
    let mut lines: Vec<String> =
        kept.map(|it| it["message"].as_str().unwrap_or_default().to_owned()).collect();
    if let Some(more @ 1..) = told["more"].as_u64() {
        lines.push(format!("{file}: and {more} more"));
    }
    if told["partial"] == true {
        lines.push(format!(
            "{file}: more may show once these are mended: what is mistaken was not read to its end"
        ));
    }
    lines
}

impl std::error::Error for Mistakes {}

impl fmt::Display for Mistakes {
    /// One line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, mistake) in self.kept.iter().enumerate() {
            let separator = if idx == 0 { "" } else { "\n" };
            write!(f, "{separator}{mistake}")?;
        }
        if self.n_more > 0 {
            write!(f, "\nand {} more", self.n_more)?;
        }
        Ok(())
    }
}

/// A mistake without its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) found: String,
    pub(crate) expected: String,
    pub(crate) hint: Option<String>,
}

impl Problem {
    pub(crate) fn new(found: impl Into<String>, expected: impl Into<String>) -> Self {
        Problem { found: found.into(), expected: expected.into(), hint: None }
    }

    /// What a vendor says of a row: `…; expected …`, or what is wrong alone.
    pub(crate) fn of_sentence(said: &str) -> Self {
        let (found, expected) = said.split_once("; expected ").unwrap_or((said, ""));
        Problem::new(found, expected)
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// `did you mean "campaigns"?`, where something is near.
    pub(crate) fn meant<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(word, known) {
            Some(near) => self.hint(format!("did you mean {}?", quoted(near))),
            None => self,
        }
    }

    /// A word that is none of those known here: `unknown key "campains" in [infocu5]`.
    pub(crate) fn unknown(what: &str, word: &str, within: &str, known: &[&str]) -> Self {
        let space = if within.is_empty() { "" } else { " " };
        let found = format!("unknown {what} {}{space}{within}", quoted(word));
        let expected = match known.len() {
            0 => "none".into(),
            _ => one_of(known),
        };
        Problem::new(found, expected).meant(word, known.iter().copied())
    }

    pub(crate) fn too_deep() -> Self {
        let expected = format!("at most {NESTING_MAX} levels of tables and lists");
        Problem::new("nested too deeply", expected)
    }

    /// A number that no type of a scenario holds.
    pub(crate) fn unfit_number() -> Self {
        let expected = format!("an integer from {} to {}, or a finite number", i64::MIN, i64::MAX);
        Problem::new("a number that is too great", expected)
    }

    pub(crate) fn not_utf8() -> Self {
        Problem::new("a byte that is not UTF-8", "text in UTF-8").hint("save the file as UTF-8")
    }

    /// Takes a secret out of the words.
    pub(crate) fn veil(&mut self, secret: &str) {
        let cut = quoted(secret);
        let veiled = |text: &str| veiled(&text.replace(&cut, &tagged(secret)), secret);
        self.found = veiled(&self.found);
        self.expected = veiled(&self.expected);
        self.hint = self.hint.take().map(|hint| veiled(&hint));
    }

    /// What was said of a value, now with its name: `is 5` becomes `"age" is 5`.
    pub(crate) fn of(mut self, subject: &str) -> Self {
        self.found = format!("{subject} {}", self.found);
        self
    }
}

/// Collects mistakes while a scenario is read.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    kept: Vec<Mistake>,
    n_more: usize,
    /// All there ever were, also those left out as consequences.
    n_seen: usize,
    /// Lines of the scenario whose syntax is broken, in order.
    broken_lines: Vec<u32>,
    /// Whether something was passed over because of a mistake.
    is_partial: bool,
}

impl Ledger {
    /// Grows with every mistake: a row is sound if it stayed the same while the row was read.
    pub(crate) fn n_seen(&self) -> usize {
        self.n_seen
    }

    /// Remembers that something is passed over because of a mistake.
    pub(crate) fn pass_over(&mut self) {
        self.is_partial = true;
    }

    /// Records a mistake in the syntax; one without a problem follows from another. What is found
    /// later on its line is a consequence and left out. They come in the order of the text.
    pub(crate) fn add_flaw(&mut self, place: Place, problem: Option<Problem>) {
        self.is_partial = true;
        self.broken_lines.push(place.line);
        match problem {
            Some(problem) => self.keep(|| (place, problem)),
            None => self.n_seen += 1,
        }
    }

    /// Records a mistake. `make` is not called where it would not be kept.
    pub(crate) fn add(&mut self, make: impl FnOnce() -> (Place, Problem)) {
        if self.broken_lines.is_empty() {
            return self.keep(make);
        }
        let (place, problem) = make();
        let is_consequence =
            place.order.0 == 0 && self.broken_lines.binary_search(&place.line).is_ok();
        if is_consequence {
            self.n_seen += 1;
        } else {
            self.keep(|| (place, problem));
        }
    }

    /// Records that something is not there. Where the syntax is broken, it may well be there.
    pub(crate) fn add_absence(&mut self, make: impl FnOnce() -> (Place, Problem)) {
        if self.broken_lines.is_empty() {
            self.keep(make);
        } else {
            self.n_seen += 1;
        }
    }

    fn keep(&mut self, make: impl FnOnce() -> (Place, Problem)) {
        self.n_seen += 1;
        if self.kept.len() < MISTAKES_MAX {
            let (place, problem) = make();
            self.kept.push(Mistake::new(place, problem));
        } else {
            self.n_more += 1;
        }
    }

    /// The mistakes in order; `None` where there are none.
    pub(crate) fn into_mistakes(mut self) -> Option<Mistakes> {
        self.kept.sort_by_key(|mistake| mistake.order);
        let Ledger { kept, n_more, is_partial, .. } = self;
        (!kept.is_empty()).then_some(Mistakes { kept, n_more, is_partial })
    }
}
