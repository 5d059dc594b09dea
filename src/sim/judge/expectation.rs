//! What a world expects of its run. A run in a strict world fails on whatever was not expected.
//!
//! That is a request that no operation takes, a refusal that no expectation names, an error of
//! Ringback's own, and an expectation that is not met. An expectation is a condition as `verify`
//! takes it; one that names an `outcome` or a `why` makes the refusals that meet it expected. What a
//! fault did in place of the vendor was asked for, and is no refusal.
//!
//! The verdict is worked out when it is asked for, from the entries that the journal holds. Where
//! some went to make room it cannot pass.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::base::limits::EXPECTATIONS_MAX;
use crate::base::seq::Seq;
use crate::base::text::counted;
use crate::contract::cx::Tx;
use crate::contract::fields::{Cell, Field, Kind};
use crate::contract::reply::{self, InternalError};
use crate::contract::section::{Section, SeedError};
use crate::contract::vendor::Vendors;
use crate::sim::journal::entry::Entry;
use crate::sim::journal::ring::Lost;
use crate::sim::journal::walk::Walk;
use crate::sim::judge::verify::condition::Condition;
use crate::sim::judge::verify::parse::Mistake;
use crate::sim::judge::verify::report::Outcome;
use crate::sim::judge::verify::seen::Seen;
use crate::sim::judge::verify::verdict::Verdict;
use crate::store::setting;
use crate::web::mask::masker::Masker;

/// `strict = true`.
pub(crate) const STRICT: Field = Field::optional(
    "strict",
    Kind::Bool,
    "whether a run fails on any request or refusal that was not expected",
);

/// `[[expect]]`, each a condition.
pub(crate) const EXPECT: Field = Field::optional(
    "expect",
    Kind::Any,
    "conditions, as verify takes them, that have to hold in the end",
);

/// What is said of expectations in a world that nobody judges.
const UNJUDGED: &str =
    "an expectation is judged in a strict world alone; expected strict = true with it";

/// Requests that a judgement shows one by one.
const SHOWN_MAX: usize = 100;

/// The setting in which it is kept.
const SETTING: &str = "strict";

/// What a world expects of its run.
#[derive(Clone, Debug, Default)]
pub struct Expectation {
    pub is_on: bool,
    /// As they were given.
    pub expect: Value,
    conditions: Vec<Condition>,
}

impl Expectation {
    /// Checks expectations.
    ///
    /// # Errors
    /// Everything that is wrong with them, a line each.
    pub fn new(is_on: bool, expect: &Value, vendors: Vendors) -> Result<Self, Vec<String>> {
        Expectation::read(is_on, expect, &|item| Condition::from_json(vendors, item))
    }

    fn read(
        is_on: bool,
        expect: &Value,
        read: &dyn Fn(&Value) -> Result<Condition, Vec<Mistake>>,
    ) -> Result<Self, Vec<String>> {
        let items = match expect {
            Value::Null => &[],
            Value::Array(items) => items.as_slice(),
            other => return Err(vec![format!("expect is {other}; expected a list of conditions")]),
        };
        if items.len() > EXPECTATIONS_MAX {
            return Err(vec![format!(
                "expect has {} conditions; expected at most {EXPECTATIONS_MAX}",
                items.len()
            )]);
        }
        let mut conditions = Vec::new();
        let mut mistakes = Vec::new();
        for (idx, item) in items.iter().enumerate() {
            match read(item) {
                Ok(condition) => conditions.push(condition),
                Err(found) => mistakes.extend(found.iter().map(|it| line(idx, it))),
            }
        }
        let expect = Value::Array(items.to_vec());
        if mistakes.is_empty() {
            Ok(Expectation { is_on, expect, conditions })
        } else {
            Err(mistakes)
        }
    }

    pub fn to_json(&self) -> Value {
        json!({ "strict": self.is_on, "expect": self.expect })
    }

    /// Whether an entry is what an expectation names: one that says how it ends.
    fn expects(&self, seen: &Seen<'_>) -> bool {
        self.conditions.iter().any(|condition| condition.expects(seen))
    }
}

fn line(idx: usize, mistake: &Mistake) -> String {
    format!("expect, condition {}: {mistake}", idx + 1)
}

/// Loads what a scenario expects.
pub(crate) fn seed(
    tx: &Tx<'_>,
    source: &mut dyn Section,
    vendors: Vendors,
) -> Result<(), SeedError> {
    let strict = source.value(STRICT.name)?;
    let is_on = matches!(strict, Some(Cell::Bool(true)));
    let expect = match source.value(EXPECT.name)? {
        Some(Cell::Json(value)) => *value,
        _ => Value::Null,
    };
    // Whoever says that it is not strict means it.
    if strict.is_none() && expect.as_array().is_some_and(|it| !it.is_empty()) {
        source.refuse(EXPECT.name, None, UNJUDGED.to_owned());
        return Ok(());
    }
    match Expectation::new(is_on, &expect, vendors) {
        Ok(expectation) => save(tx, &expectation).map_err(SeedError::internal)?,
        Err(mistakes) => {
            for mistake in mistakes {
                source.refuse(EXPECT.name, None, mistake);
            }
        }
    }
    Ok(())
}

pub(crate) fn save(db: &Connection, expectation: &Expectation) -> rusqlite::Result<()> {
    setting::put(db, SETTING, &expectation.to_json().to_string())
}

/// What was kept; nothing is expected where none was.
pub(crate) fn load(db: &Connection, vendors: Vendors) -> Result<Expectation, InternalError> {
    let Some(kept) = setting::parsed(db, SETTING)? else { return Ok(Expectation::default()) };
    // A world that was served once is served again.
    let read = |item: &Value| Condition::from_kept(vendors, item);
    Expectation::read(kept["strict"] == true, &kept["expect"], &read)
        .map_err(|mistakes| InternalError::new(mistakes.join("\n")))
}

/// A request that was not expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexpected {
    pub seq: Seq,
    /// Request and reply on one line.
    pub line: String,
    /// Why it should not be there.
    pub reason: String,
}

/// Whether a strict world's run is as it was expected.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub outcome: Outcome,
    /// The first of them.
    pub unexpected: Vec<Unexpected>,
    pub n_unexpected: u64,
    /// Expectations that do not hold.
    pub unmet: Vec<Verdict>,
    /// Entries that went to make room and were not looked at.
    pub n_lost: u64,
}

impl Judgement {
    pub fn to_json(&self) -> Value {
        let unexpected = self
            .unexpected
            .iter()
            .map(|it| json!({ "seq": it.seq, "line": it.line, "reason": it.reason }));
        json!({
            "verdict": self.outcome.name(),
            "unexpected": unexpected.collect::<Value>(),
            "unexpected_count": self.n_unexpected,
            "unmet": self.unmet.iter().map(Verdict::to_json).collect::<Value>(),
            "evicted": self.n_lost,
        })
    }

    /// What is not as expected, for people, a line each.
    pub fn to_lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .unexpected
            .iter()
            .map(|it| format!("{}: {}: {}", it.seq, it.line, it.reason))
            .collect();
        let further = self.n_unexpected - self.unexpected.len() as u64;
        if further > 0 {
            let further =
                counted(further, "further request that was", "further requests that were");
            lines.push(format!("and {further} not expected"));
        }
        let unmet = self.unmet.iter();
        lines.extend(unmet.map(|it| format!("not met: {}; {}", it.expected, it.reason)));
        if self.n_lost > 0 {
            let lost = counted(
                self.n_lost,
                "entry went to make room and was",
                "entries went to make room and were",
            );
            lines.push(format!("{lost} not judged"));
        }
        lines
    }
}

/// Walks a journal and looks for what was not expected.
#[derive(Debug)]
pub(crate) struct JudgementWalk {
    vendors: Vendors,
    expectation: Expectation,
    masker: Masker,
    unexpected: Vec<Unexpected>,
    n_unexpected: u64,
    n_lost: u64,
    last_seq: Seq,
}

impl JudgementWalk {
    pub(crate) fn new(vendors: Vendors, expectation: Expectation, masker: Masker) -> Self {
        let (unexpected, n_unexpected, n_lost, last_seq) = Default::default();
        JudgementWalk { vendors, expectation, masker, unexpected, n_unexpected, n_lost, last_seq }
    }

    /// Looks only at entries behind this one.
    pub(crate) fn after(mut self, last_seq: Seq) -> Self {
        self.last_seq = last_seq;
        for condition in &mut self.expectation.conditions {
            condition.begin_behind(last_seq);
        }
        self
    }

    pub(crate) fn conditions(&self) -> Vec<Condition> {
        self.expectation.conditions.clone()
    }

    pub(crate) fn end(self, verdicts: Vec<Verdict>) -> Judgement {
        let unmet: Vec<Verdict> =
            verdicts.into_iter().filter(|it| it.outcome != Outcome::Pass).collect();
        let has_failed =
            self.n_unexpected > 0 || unmet.iter().any(|it| it.outcome == Outcome::Fail);
        let outcome = match (has_failed, self.n_lost > 0 || !unmet.is_empty()) {
            (true, _) => Outcome::Fail,
            (false, true) => Outcome::Inconclusive,
            (false, false) => Outcome::Pass,
        };
        let JudgementWalk { unexpected, n_unexpected, n_lost, .. } = self;
        Judgement { outcome, unexpected, n_unexpected, unmet, n_lost }
    }
}

impl Walk for JudgementWalk {
    fn last_seq(&self) -> Seq {
        self.last_seq
    }

    fn lost(&mut self, lost: Lost) {
        self.n_lost += lost.count_after(self.last_seq);
    }

    fn take(&mut self, entry: &Entry) {
        self.last_seq = entry.seq;
        if entry.exchange().is_none() {
            return;
        }
        let seen = Seen::new(self.vendors, entry);
        let why = entry.rule().unwrap_or("the journal says why");
        let reason = match entry.outcome {
            reply::Outcome::Faulted | reply::Outcome::Canned => return,
            reply::Outcome::Error => "Ringback itself failed".to_owned(),
            reply::Outcome::Refused if self.expectation.expects(&seen) => return,
            _ if entry.operation().is_none() => format!("no operation takes it ({why})"),
            reply::Outcome::Refused => format!("refused ({why}), and no expectation names that"),
            reply::Outcome::Ok => return,
        };
        self.n_unexpected += 1;
        if self.unexpected.len() < SHOWN_MAX {
            let line = seen.line(self.masker.of(entry.vendor()));
            self.unexpected.push(Unexpected { seq: self.last_seq, line, reason });
        }
    }
}
