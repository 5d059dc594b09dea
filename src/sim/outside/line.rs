//! What the far end of a call does: the one who is dialled.
//!
//! The first rule of the scenario's `line` table that fits decides; then the ending of the number,
//! as with a payment provider's test cards; else it answers. How long it rings and talks is the
//! rule's word, or drawn from the seed for (campaign, number, attempt), so that the same call takes
//! the same course in every run.
//!
//! | ends in | the far end |
//! | --- | --- |
//! | 0001 | is busy |
//! | 0002 | does not answer |
//! | 0003 | is no number at all |
//! | 0004 | is an answering machine |
//! | 0005 | rejects the call |
//! | 0006 | answers and hangs up at once |
//!
//! Not here: what a vendor makes of it, and when (the vendors' timers).

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rusqlite::{Connection, named_params};

use crate::base::time::Span;
use crate::contract::cx::{Cx, Tx};
use crate::contract::fields::{Field, Kind, Row, Rows};
use crate::contract::read_back::ReadBack;
use crate::contract::section::{Section, SeedError};
use crate::statements;

statements! {
    INSERT_RULE = "
        INSERT INTO ringback_line
            (vendor, campaign, ends_with, attempt, share, far_end, ring_ms, talk_ms)
        VALUES
            (:vendor, :campaign, :ends_with, :attempt, :share, :far_end, :ring_ms, :talk_ms)";
    LIST_RULES = "
        SELECT position, vendor, campaign, ends_with, attempt, share, far_end, ring_ms, talk_ms
        FROM ringback_line ORDER BY position";
}

/// What the far end does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FarEnd {
    Answers,
    Busy,
    NoAnswer,
    /// There is no such number.
    Invalid,
    /// An answering machine takes the call.
    Machine,
    Rejects,
    /// Answers, and hangs up at once.
    HangsUp,
}

/// The words for it in scenarios, in the order of [`FAR_ENDS`].
const WORDS: &[&str] =
    &["answers", "busy", "no_answer", "invalid", "machine", "rejects", "hangs_up"];

const FAR_ENDS: &[FarEnd] = &[
    FarEnd::Answers,
    FarEnd::Busy,
    FarEnd::NoAnswer,
    FarEnd::Invalid,
    FarEnd::Machine,
    FarEnd::Rejects,
    FarEnd::HangsUp,
];

/// Endings of numbers that are tests by themselves.
const TEST_ENDINGS: &[(&str, FarEnd)] = &[
    ("0001", FarEnd::Busy),
    ("0002", FarEnd::NoAnswer),
    ("0003", FarEnd::Invalid),
    ("0004", FarEnd::Machine),
    ("0005", FarEnd::Rejects),
    ("0006", FarEnd::HangsUp),
];

impl FarEnd {
    /// The word for it.
    pub fn word(self) -> &'static str {
        let idx = FAR_ENDS.iter().position(|known| *known == self);
        idx.map_or("answers", |idx| WORDS[idx])
    }

    fn from_word(word: &str) -> Option<Self> {
        let idx = WORDS.iter().position(|known| *known == word)?;
        FAR_ENDS.get(idx).copied()
    }
}

/// The course of one call, from the moment at which the far end is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    pub far_end: FarEnd,
    /// How long it rings until the far end does what it does; for one that does not answer, how
    /// long the line lets it ring.
    pub ring: Span,
    /// Whether a rule of the scenario says how long it rings. Where none does, a vendor's own default
    /// counts.
    pub ring_is_stated: bool,
    /// How long the far end stays on the line before it hangs up by itself; none where nobody answers.
    pub talk: Span,
}

/// The scenario's rules, tried in this order.
pub(crate) const LINE: Field = Field::optional(
    "line",
    Kind::Rows(&Rows { fields: RULES }),
    "what the far end of a call does; the first rule that fits decides",
);

/// The rules as they stand.
pub(crate) const READ_BACK: ReadBack = ReadBack::new(
    "line",
    "SELECT vendor, campaign, ends_with, attempt, share, far_end AS \"then\", ring_ms AS ring,
         talk_ms AS talk
     FROM ringback_line ORDER BY position",
);

const RULES: &[Field] = &[
    Field::optional("vendor", Kind::Text, "only calls of this vendor"),
    Field::optional("campaign", Kind::Id, "only calls of this campaign"),
    Field::optional(
        "ends_with",
        Kind::Text,
        "only numbers that end so; a whole number is its own ending",
    ),
    Field::optional(
        "attempt",
        Kind::Integer { min: 1, max: i64::MAX },
        "only the n-th call to the number in its campaign",
    ),
    Field::optional(
        "share",
        Kind::Decimal,
        "only this share of the calls that fit, from 0 to 1, drawn from the seed",
    ),
    Field::required("then", Kind::OneOf(WORDS), "what the far end does"),
    Field::optional(
        "ring",
        Kind::Duration,
        "how long it rings; drawn from 2 s to 12 s where left out",
    ),
    Field::optional(
        "talk",
        Kind::Duration,
        "how long it stays on the line; drawn from 15 s to 4 min where left out",
    ),
];

/// Ringing before a far end does something, where no rule says: people are not at once at the phone.
const RING: (Span, Span) = (Span::secs(2), Span::secs(12));

/// Ringing until the line gives up, where no rule says.
const NO_ANSWER: Span = Span::secs(30);

/// A conversation, where no rule says.
const TALK: (Span, Span) = (Span::secs(15), Span::mins(4));

/// What an answering machine says, where no rule says.
const MACHINE: (Span, Span) = (Span::secs(5), Span::secs(20));

/// A length of time drawn evenly from one to the other, both included.
fn drawn(draw: &mut ChaCha8Rng, (least, most): (Span, Span)) -> Span {
    Span::clamped_from_millis(draw.random_range(least.as_millis()..=most.as_millis()))
}

/// Loads the scenario's rules.
pub(crate) fn load(tx: &Tx<'_>, source: &mut dyn Section) -> Result<(), SeedError> {
    source.rows("line", &mut |row| insert(tx, row))
}

fn insert(tx: &Tx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let share = row.opt_decimal("share");
    if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        return Err(SeedError::field("share", "expected a number from 0 to 1"));
    }
    tx.prepare_cached(INSERT_RULE)?.execute(named_params! {
        ":vendor": row.opt_text("vendor"),
        ":campaign": row.opt_text("campaign"),
        ":ends_with": row.opt_text("ends_with"),
        ":attempt": row.opt_int("attempt"),
        ":share": share,
        ":far_end": row.text("then"),
        ":ring_ms": row.opt_duration("ring"),
        ":talk_ms": row.opt_duration("talk"),
    })?;
    Ok(())
}

/// All rules, in their order.
#[derive(Debug, PartialEq)]
struct Rules(Vec<Rule>);

#[derive(Debug, PartialEq)]
pub(crate) struct Rule {
    position: String,
    vendor: Option<String>,
    campaign: Option<String>,
    ends_with: Option<String>,
    attempt: Option<i64>,
    share: Option<f64>,
    far_end: Option<FarEnd>,
    ring: Option<Span>,
    talk: Option<Span>,
}

impl Rules {
    fn read(db: &Connection) -> rusqlite::Result<Self> {
        let mut statement = db.prepare_cached(LIST_RULES)?;
        let rules = statement.query_map([], |row| {
            Ok(Rule {
                position: row.get::<_, i64>(0)?.to_string(),
                vendor: row.get(1)?,
                campaign: row.get(2)?,
                ends_with: row.get(3)?,
                attempt: row.get(4)?,
                share: row.get(5)?,
                far_end: FarEnd::from_word(row.get_ref(6)?.as_str()?),
                ring: row.get(7)?,
                talk: row.get(8)?,
            })
        });
        rules?.collect::<rusqlite::Result<_>>().map(Rules)
    }
}

impl Rule {
    /// Whether it is about such a call, its share apart.
    fn fits(&self, vendor: &str, campaign: &str, phone: &str, attempt: i64) -> bool {
        let is = |stated: &Option<String>, found: &str| {
            stated.as_deref().is_none_or(|stated| stated == found)
        };
        is(&self.vendor, vendor)
            && is(&self.campaign, campaign)
            && self.attempt.is_none_or(|stated| stated == attempt)
            && self.ends_with.as_deref().is_none_or(|ending| phone.ends_with(ending))
    }
}

impl Cx<'_> {
    /// Whether a call is among a rule's share; drawn for (rule, campaign, number, attempt).
    fn is_among_share(&self, rule: &Rule, campaign: &str, phone: &str, attempt: i64) -> bool {
        rule.share.is_none_or(|share| {
            let key =
                [rule.position.as_str(), self.vendor(), campaign, phone, &attempt.to_string()];
            self.random("line.share", &key).random::<f64>() < share
        })
    }

    /// The course of the `attempt`-th call (from 1) of a campaign to a number.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn far_end(&self, campaign: &str, phone: &str, attempt: i64) -> rusqlite::Result<Course> {
        let rules = self.kept(Rules::read)?;
        let rule = rules.0.iter().find(|rule| {
            rule.fits(self.vendor(), campaign, phone, attempt)
                && self.is_among_share(rule, campaign, phone, attempt)
        });
        let (stated, ring, talk) =
            rule.map_or((None, None, None), |rule| (rule.far_end, rule.ring, rule.talk));
        let by_number = || {
            let test = TEST_ENDINGS.iter().find(|(ending, _)| phone.ends_with(ending));
            test.map_or(FarEnd::Answers, |(_, far_end)| *far_end)
        };
        let far_end = stated.unwrap_or_else(by_number);
        let mut draw = self.random("line", &[self.vendor(), campaign, phone, &attempt.to_string()]);
        // Both are drawn whatever the rule says, so that a rule for one does not move the other.
        let drawn_ring = drawn(&mut draw, RING);
        let drawn_talk = match far_end {
            FarEnd::Machine => drawn(&mut draw, MACHINE),
            _ => drawn(&mut draw, TALK),
        };
        let ring_is_stated = ring.is_some();
        let ring = ring.unwrap_or(match far_end {
            FarEnd::NoAnswer => NO_ANSWER,
            FarEnd::Invalid => Span::ZERO,
            _ => drawn_ring,
        });
        let talk = match far_end {
            FarEnd::Answers | FarEnd::Machine => talk.unwrap_or(drawn_talk),
            FarEnd::HangsUp
            | FarEnd::Busy
            | FarEnd::NoAnswer
            | FarEnd::Invalid
            | FarEnd::Rejects => Span::ZERO,
        };
        Ok(Course { far_end, ring, ring_is_stated, talk })
    }

    /// How long one who has called by himself or herself stays on the line: whoever calls is there,
    /// whatever would have become of a call to the number.
    ///
    /// # Errors
    /// Where SQLite fails.
    pub fn caller_talk(&self, campaign: &str, phone: &str, attempt: i64) -> rusqlite::Result<Span> {
        let course = self.far_end(campaign, phone, attempt)?;
        if matches!(course.far_end, FarEnd::Answers | FarEnd::Machine) {
            return Ok(course.talk);
        }
        let key = [self.vendor(), campaign, phone, &attempt.to_string()];
        Ok(drawn(&mut self.random("line.caller", &key), TALK))
    }
}
