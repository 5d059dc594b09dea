//! The dialler's rules: which number is next, what comes after a call, when a campaign may dial.
//! Pure: no SQL, no JSON.
//!
//! The vendor's pages name the pieces (active times, tries, result codes, invalid numbers) and not
//! how they play together; all of it is assumed (jtel 4.12).

use crate::base::time;
use crate::sim::outside::line::FarEnd;
use crate::vendors::jtel::fields::NUMBERS;

/// The four types of result codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeKind {
    /// Success, final.
    Done,
    /// Failure, final.
    Abort,
    /// Again after a while.
    Delay,
    /// Again at a date and time.
    Appointment,
}

/// The words for them in scenarios and in the database.
pub(crate) const CODE_KINDS: &[&str] = &["done", "abort", "delay", "appointment"];

impl CodeKind {
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        match word {
            "done" => Some(CodeKind::Done),
            "abort" => Some(CodeKind::Abort),
            "delay" => Some(CodeKind::Delay),
            "appointment" => Some(CodeKind::Appointment),
            _ => None,
        }
    }

    /// Whether the contact is dialled again.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, CodeKind::Done | CodeKind::Abort)
    }

    /// Time until the next try, where a code names none.
    pub(crate) fn delay_default_ms(self) -> i64 {
        match self {
            CodeKind::Done | CodeKind::Abort => 0,
            CodeKind::Delay => 2 * HOUR_MS,
            CodeKind::Appointment => DAY_MS,
        }
    }
}

/// A result code of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) id: i64,
    pub(crate) kind: CodeKind,
    pub(crate) delay_ms: i64,
}

/// How a campaign dials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) tries_max: i64,
    pub(crate) tries_per_number_max: i64,
    pub(crate) pause_busy_ms: i64,
    pub(crate) pause_no_answer_ms: i64,
    pub(crate) pause_mailbox_ms: i64,
    /// The agent's time after a call with somebody.
    pub(crate) wrap_up_ms: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            tries_max: 6,
            tries_per_number_max: 3,
            pause_busy_ms: 10 * MINUTE_MS,
            pause_no_answer_ms: HOUR_MS,
            pause_mailbox_ms: 2 * HOUR_MS,
            wrap_up_ms: 10_000,
        }
    }
}

/// What the dialler knows of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) id: i64,
    pub(crate) locked: bool,
    pub(crate) numbers: [Option<String>; NUMBERS],
    pub(crate) tries: [i64; NUMBERS],
    pub(crate) invalid: [bool; NUMBERS],
}

/// Why a contact has no number to dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exhausted {
    /// There is none, or all are invalid.
    NoNumber,
    /// The tries are used up.
    Tries,
}

impl Standing {
    /// The place of the number to dial next: the one with the fewest tries, of equals the first.
    pub(crate) fn next_number(&self, rules: &Rules) -> Result<usize, Exhausted> {
        let usable = |idx: &usize| self.numbers[*idx].is_some() && !self.invalid[*idx];
        if !(0..NUMBERS).any(|idx| usable(&idx)) {
            return Err(Exhausted::NoNumber);
        }
        if self.tries.iter().sum::<i64>() >= rules.tries_max {
            return Err(Exhausted::Tries);
        }
        (0..NUMBERS)
            .filter(|idx| usable(idx) && self.tries[*idx] < rules.tries_per_number_max)
            .min_by_key(|idx| self.tries[*idx])
            .ok_or(Exhausted::Tries)
    }
}

/// What a far end is called in the database, back to what it is.
pub(crate) fn far_end(word: &str) -> FarEnd {
    let known = [
        FarEnd::Answers,
        FarEnd::Busy,
        FarEnd::NoAnswer,
        FarEnd::Invalid,
        FarEnd::Machine,
        FarEnd::Rejects,
        FarEnd::HangsUp,
    ];
    known.into_iter().find(|it| it.word() == word).unwrap_or(FarEnd::Answers)
}

/// What a call without a result code leads to, if a number is left to dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct After {
    /// Until the next try; `None` where somebody spoke, and the agent has a result code.
    pub(crate) pause_ms: Option<i64>,
    /// The signalling cause, as in Q.850.
    pub(crate) cause: i64,
    pub(crate) is_invalid: bool,
    pub(crate) is_mailbox: bool,
}

/// What comes after a call.
pub(crate) fn after(far_end: FarEnd, rules: &Rules) -> After {
    let (pause_ms, cause) = match far_end {
        FarEnd::Answers => (None, 16),
        FarEnd::Busy => (Some(rules.pause_busy_ms), 17),
        FarEnd::NoAnswer => (Some(rules.pause_no_answer_ms), 19),
        // The contact's next number, at once.
        FarEnd::Invalid => (Some(0), 1),
        FarEnd::Machine => (Some(rules.pause_mailbox_ms), 16),
        FarEnd::Rejects => (Some(rules.pause_busy_ms), 21),
        FarEnd::HangsUp => (Some(rules.pause_no_answer_ms), 16),
    };
    let (is_invalid, is_mailbox) = (far_end == FarEnd::Invalid, far_end == FarEnd::Machine);
    After { pause_ms, cause, is_invalid, is_mailbox }
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

/// Minutes of a day.
pub(crate) const DAY_MIN: i64 = 24 * 60;

/// The days of the week in scenarios; the place is the bit.
pub(crate) const DAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// All days of the week, as bits.
pub(crate) const ALL_DAYS: i64 = 0b111_1111;

/// When a campaign may dial, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hours {
    pub(crate) from_min: i64,
    /// The end does not belong to it.
    pub(crate) to_min: i64,
    /// A bit for each day of the week, from Monday.
    pub(crate) days: i64,
    /// The end of the campaign, if it has one.
    pub(crate) until_ms: Option<i64>,
}

impl Hours {
    /// The first moment from `now_ms` on in which dialling is allowed; `None` where none comes.
    pub(crate) fn next_open(&self, now_ms: i64) -> Option<i64> {
        let today = now_ms.div_euclid(DAY_MS);
        // Eight days: today's hours may be over, and come again in a week.
        let mut opens = (today..=today.saturating_add(7)).filter_map(|day| {
            // 1970 began with a Thursday.
            let weekday = (day + 3).rem_euclid(7);
            let from_ms = day * DAY_MS + self.from_min * MINUTE_MS;
            let to_ms = day * DAY_MS + self.to_min * MINUTE_MS;
            let is_open = self.days >> weekday & 1 == 1 && now_ms < to_ms;
            is_open.then_some(from_ms.max(now_ms))
        });
        opens.next().filter(|at_ms| self.until_ms.is_none_or(|until_ms| *at_ms < until_ms))
    }
}

/// Checks a time of day as a scenario writes it.
pub(crate) fn check_time_of_day(text: &str) -> Result<(), String> {
    match minute_of_day(text) {
        Some(_) => Ok(()),
        None => Err("a time of day in UTC as HH:MM, from 00:00 to 24:00".into()),
    }
}

/// `08:30` in minutes; `24:00` is the end of the day.
pub(crate) fn minute_of_day(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| {
        let is_number = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse::<i64>().ok() } else { None }
    };
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= DAY_MIN).then_some(total)
}

/// An instant in words for effects.
pub(crate) fn at(at_ms: i64) -> String {
    time::rfc3339(at_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(tries: [i64; 2]) -> Standing {
        let mut standing = Standing { id: 1, ..Standing::default() };
        standing.numbers[0] = Some("1".into());
        standing.numbers[1] = Some("2".into());
        standing.tries[..2].copy_from_slice(&tries);
        standing
    }

    #[test]
    fn takes_the_number_with_the_fewest_tries() {
        let rules = Rules::default();
        assert_eq!(standing([0, 0]).next_number(&rules), Ok(0));
        assert_eq!(standing([1, 0]).next_number(&rules), Ok(1));
        assert_eq!(standing([3, 2]).next_number(&rules), Ok(1));
        assert_eq!(standing([3, 3]).next_number(&rules), Err(Exhausted::Tries));
        let mut invalid = standing([1, 1]);
        invalid.invalid = [true; NUMBERS];
        assert_eq!(invalid.next_number(&rules), Err(Exhausted::NoNumber));
        assert_eq!(Standing::default().next_number(&rules), Err(Exhausted::NoNumber));
    }

    #[test]
    fn opens_on_its_days_and_hours() {
        let at = |text: &str| time::parse_rfc3339(text).unwrap();
        let hours = Hours { from_min: 480, to_min: 1200, days: 0b1_1111, until_ms: None };
        let open = |text: &str| hours.next_open(at(text)).map(super::at);
        // 2024-03-04 is a Monday.
        assert_eq!(open("2024-03-04T07:00:00Z").unwrap(), "2024-03-04T08:00:00Z");
        assert_eq!(open("2024-03-04T19:59:59Z").unwrap(), "2024-03-04T19:59:59Z");
        assert_eq!(open("2024-03-04T20:00:00Z").unwrap(), "2024-03-05T08:00:00Z");
        assert_eq!(open("2024-03-08T20:00:00Z").unwrap(), "2024-03-11T08:00:00Z");
        let ending = Hours { until_ms: Some(at("2024-03-08T20:00:00Z")), ..hours };
        assert_eq!(ending.next_open(at("2024-03-08T20:00:00Z")), None);
        let once_a_week = Hours { days: 1, ..hours };
        let next = once_a_week.next_open(at("2024-03-04T20:00:00Z"));
        assert_eq!(next.map(super::at).unwrap(), "2024-03-11T08:00:00Z");
    }

    #[test]
    fn reads_times_of_day() {
        assert_eq!(minute_of_day("08:30"), Some(510));
        assert_eq!(minute_of_day("24:00"), Some(1440));
        for text in ["8:30", "24:01", "08:60", "08.30", "", "+8:30", "é8:30"] {
            assert_eq!(minute_of_day(text), None, "{text}");
        }
    }
}
