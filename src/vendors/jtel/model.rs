//! The dialler's rules: which number is next, what comes after a call, when a campaign may dial.
//! Pure: no SQL, no JSON.
//!
//! The vendor's pages name the pieces (active times, tries, result codes, invalid numbers) and not
//! how they play together; all of it is assumed (jtel 4.12).

use crate::base::time::{Instant, Span};
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
    pub(crate) fn delay_default(self) -> Span {
        match self {
            CodeKind::Done | CodeKind::Abort => Span::ZERO,
            CodeKind::Delay => Span::hours(2),
            CodeKind::Appointment => Span::DAY,
        }
    }
}

/// A result code of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) id: i64,
    pub(crate) kind: CodeKind,
    pub(crate) delay: Span,
}

/// How a campaign dials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) tries_max: i64,
    pub(crate) tries_per_number_max: i64,
    pub(crate) pause_busy: Span,
    pub(crate) pause_no_answer: Span,
    pub(crate) pause_mailbox: Span,
    /// The agent's time after a call with somebody.
    pub(crate) wrap_up: Span,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            tries_max: 6,
            tries_per_number_max: 3,
            pause_busy: Span::mins(10),
            pause_no_answer: Span::HOUR,
            pause_mailbox: Span::hours(2),
            wrap_up: Span::secs(10),
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
    pub(crate) pause: Option<Span>,
    /// The signalling cause, as in Q.850.
    pub(crate) cause: i64,
    pub(crate) is_invalid: bool,
    pub(crate) is_mailbox: bool,
}

/// What comes after a call.
pub(crate) fn after(far_end: FarEnd, rules: &Rules) -> After {
    let (pause, cause) = match far_end {
        FarEnd::Answers => (None, 16),
        FarEnd::Busy => (Some(rules.pause_busy), 17),
        FarEnd::NoAnswer => (Some(rules.pause_no_answer), 19),
        // The contact's next number, at once.
        FarEnd::Invalid => (Some(Span::ZERO), 1),
        FarEnd::Machine => (Some(rules.pause_mailbox), 16),
        FarEnd::Rejects => (Some(rules.pause_busy), 21),
        FarEnd::HangsUp => (Some(rules.pause_no_answer), 16),
    };
    let (is_invalid, is_mailbox) = (far_end == FarEnd::Invalid, far_end == FarEnd::Machine);
    After { pause, cause, is_invalid, is_mailbox }
}

/// The days of the week in scenarios; the place is the bit.
pub(crate) const DAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// All days of the week, as bits.
pub(crate) const ALL_DAYS: i64 = 0b111_1111;

/// When a campaign may dial, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hours {
    /// Since midnight.
    pub(crate) from: Span,
    /// Since midnight; the end does not belong to it.
    pub(crate) to: Span,
    /// A bit for each day of the week, from Monday.
    pub(crate) days: i64,
    /// The end of the campaign, if it has one.
    pub(crate) until: Option<Instant>,
}

impl Hours {
    /// The first moment from `now` on in which dialling is allowed; `None` where none comes.
    pub(crate) fn next_open(&self, now: Instant) -> Option<Instant> {
        let today = now.period(Span::DAY);
        // Eight days: today's hours may be over, and come again in a week.
        let mut opens = (today..=today.saturating_add(7)).filter_map(|day| {
            // 1970 began with a Thursday.
            let weekday = (day + 3).rem_euclid(7);
            let midnight = Instant::of_period(day, Span::DAY)?;
            let from = midnight.checked_add(self.from)?;
            let to = midnight.saturating_add(self.to);
            let is_open = self.days >> weekday & 1 == 1 && now < to;
            is_open.then_some(from.max(now))
        });
        opens.next().filter(|at| self.until.is_none_or(|until| *at < until))
    }
}

/// Checks a time of day as a scenario writes it.
pub(crate) fn check_time_of_day(text: &str) -> Result<(), String> {
    match time_of_day(text) {
        Some(_) => Ok(()),
        None => Err("a time of day in UTC as HH:MM, from 00:00 to 24:00".into()),
    }
}

/// `08:30` as the time since midnight; `24:00` is the end of the day.
pub(crate) fn time_of_day(text: &str) -> Option<Span> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| {
        let is_number = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse::<u32>().ok() } else { None }
    };
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let since_midnight = Span::hours(hours) + Span::mins(minutes);
    (minutes < 60 && since_midnight <= Span::DAY).then_some(since_midnight)
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
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let (from, to) = (Span::hours(8), Span::hours(20));
        let hours = Hours { from, to, days: 0b1_1111, until: None };
        let open = |text: &str| hours.next_open(at(text)).map(|at| at.to_string());
        // 2024-03-04 is a Monday.
        assert_eq!(open("2024-03-04T07:00:00Z").unwrap(), "2024-03-04T08:00:00Z");
        assert_eq!(open("2024-03-04T19:59:59Z").unwrap(), "2024-03-04T19:59:59Z");
        assert_eq!(open("2024-03-04T20:00:00Z").unwrap(), "2024-03-05T08:00:00Z");
        assert_eq!(open("2024-03-08T20:00:00Z").unwrap(), "2024-03-11T08:00:00Z");
        let ending = Hours { until: Some(at("2024-03-08T20:00:00Z")), ..hours };
        assert_eq!(ending.next_open(at("2024-03-08T20:00:00Z")), None);
        let once_a_week = Hours { days: 1, ..hours };
        let next = once_a_week.next_open(at("2024-03-04T20:00:00Z"));
        assert_eq!(next, Some(at("2024-03-11T08:00:00Z")));
        // The calendar ends on a Friday.
        assert_eq!(hours.next_open(Instant::MAX), None);
    }

    #[test]
    fn reads_times_of_day() {
        assert_eq!(time_of_day("08:30"), Some(Span::mins(510)));
        assert_eq!(time_of_day("24:00"), Some(Span::DAY));
        for text in ["8:30", "24:01", "08:60", "08.30", "", "+8:30", "é8:30"] {
            assert_eq!(time_of_day(text), None, "{text}");
        }
    }
}
