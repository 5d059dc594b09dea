//! Campaigns, their numbers, and what the far end does.

use std::fmt::Write;

use serde_json::{Value, json};

use super::super::super::dice::Dice;
use super::answer::escaped;
use super::{DAY_MS, OWNERS, USERS};

#[derive(Debug)]
pub(super) struct Campaign {
    pub(super) id: u64,
    pub(super) name: &'static str,
    pub(super) user: usize,
    pub(super) running: bool,
    pub(super) has_actions: bool,
    pub(super) duplicates: bool,
    pub(super) max_retries: u32,
    pub(super) retry_ms: i64,
    pub(super) wait_ms: i64,
    /// When it dials, in minutes of the user's day; always where none.
    pub(super) hours: Option<(i64, i64)>,
    pub(super) numbers: Vec<Number>,
    pub(super) next_dial: Option<Timer>,
    pub(super) on_call: Option<OnCall>,
}

/// Those of one moment come in the order in which they were set.
pub(super) type Timer = (i64, u64);

#[derive(Debug)]
pub(super) struct OnCall {
    pub(super) number: usize,
    pub(super) began_ms: i64,
    pub(super) ends: Timer,
    pub(super) far_end: FarEnd,
}

#[derive(Clone, Debug)]
pub(super) struct Number {
    pub(super) text: String,
    pub(super) status: Status,
    pub(super) executed_ms: Option<i64>,
    pub(super) completed_ms: Option<i64>,
    pub(super) n_tries: u32,
    pub(super) answers: Vec<(i64, &'static str)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Status {
    New,
    Executed,
    Completed,
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) campaign: u64,
    pub(super) at_ms: i64,
    pub(super) outcome: Outcome,
    pub(super) billed_s: i64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    Answered,
    NoAnswer,
    Busy,
    Failed,
}

/// What numbers that end so do.
#[derive(Clone, Copy, Debug)]
pub(super) struct FarEnd {
    pub(super) ends_with: &'static str,
    pub(super) then: &'static str,
    pub(super) ring_s: i64,
    pub(super) talk_s: i64,
    pub(super) outcome: Outcome,
}

pub(super) const FAR_ENDS: [FarEnd; 6] = [
    FarEnd { ends_with: "1", then: "busy", ring_s: 4, talk_s: 0, outcome: Outcome::Busy },
    FarEnd { ends_with: "2", then: "no_answer", ring_s: 20, talk_s: 0, outcome: Outcome::NoAnswer },
    FarEnd { ends_with: "3", then: "machine", ring_s: 5, talk_s: 10, outcome: Outcome::Answered },
    FarEnd { ends_with: "4", then: "invalid", ring_s: 3, talk_s: 0, outcome: Outcome::Failed },
    FarEnd { ends_with: "5", then: "hangs_up", ring_s: 3, talk_s: 0, outcome: Outcome::Answered },
    FarEnd { ends_with: "", then: "answers", ring_s: 7, talk_s: 33, outcome: Outcome::Answered },
];

impl Status {
    pub(super) fn word(self) -> &'static str {
        match self {
            Status::New => "new",
            Status::Executed => "executed",
            Status::Completed => "completed",
        }
    }
}

impl Outcome {
    pub(super) const ALL: [Outcome; 4] =
        [Outcome::Answered, Outcome::NoAnswer, Outcome::Busy, Outcome::Failed];

    pub(super) fn word(self) -> &'static str {
        match self {
            Outcome::Answered => "answered",
            Outcome::NoAnswer => "no_answer",
            Outcome::Busy => "busy",
            Outcome::Failed => "failed",
        }
    }
}

impl FarEnd {
    pub(super) fn of(number: &str) -> FarEnd {
        FAR_ENDS.into_iter().find(|it| number.ends_with(it.ends_with)).unwrap_or(FAR_ENDS[5])
    }
}

impl Number {
    pub(super) fn new(text: &str) -> Self {
        Number {
            text: text.to_owned(),
            status: Status::New,
            executed_ms: None,
            completed_ms: None,
            n_tries: 0,
            answers: Vec::new(),
        }
    }

    pub(super) fn dial(&mut self, at_ms: i64) {
        self.status = Status::Executed;
        // A call of before that is told later leaves the last one the last.
        (self.executed_ms, self.completed_ms) = (self.executed_ms.max(Some(at_ms)), None);
        self.n_tries += 1;
    }

    pub(super) fn complete(&mut self, at_ms: i64) {
        (self.status, self.completed_ms) = (Status::Completed, Some(at_ms));
    }
}

impl Campaign {
    pub(super) fn begin(nth: usize, dice: &mut Dice) -> Self {
        let n_numbers = if nth == 1 { 0 } else { 1 + dice.below(6) };
        Campaign {
            id: 17 + 3 * nth as u64,
            name: dice.one(&["Spring poll", "Q & A <live>", "\"Été\""]),
            // The first has two.
            user: if nth == 0 { OWNERS[0] } else { OWNERS[nth - 1] },
            running: false,
            has_actions: dice.percent(85),
            duplicates: dice.percent(30),
            max_retries: u32::try_from(dice.below(3)).unwrap_or(0),
            retry_ms: dice.one(&[60_000, 600_000]),
            wait_ms: dice.one(&[10_000, 30_000]),
            hours: dice.one(&[None, None, Some((9 * 60, 17 * 60)), Some((22 * 60, 10 * 60))]),
            numbers: (0..n_numbers)
                .map(|_| Number::new(&format!("3706{:05}", dice.below(100_000))))
                .collect(),
            next_dial: None,
            on_call: None,
        }
    }

    pub(super) fn scenario(&self) -> Value {
        let mut fields = json!({
            "id": self.id,
            "name": self.name,
            "user": USERS[self.user].name,
            "max_retries": self.max_retries,
            "retry_time": self.retry_ms / 1000,
            "wait_time": self.wait_ms / 1000,
            "allow_duplicates": self.duplicates,
        });
        if self.has_actions {
            fields["actions"] = json!([{ "action": "PLAY", "data": "welcome.wav" }]);
        }
        if let Some((from, till)) = self.hours {
            let time = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
            fields["start_time"] = time(from).into();
            fields["stop_time"] = time(till).into();
        }
        fields
    }

    /// One of its numbers that is there once, if it has such.
    pub(super) fn only(&self, nth: usize) -> Option<(usize, &Number)> {
        let single = self.single();
        if single.is_empty() { None } else { Some(single[nth % single.len()]) }
    }

    /// Which of those was dialled and not completed.
    pub(super) fn some_dialled(&self) -> Option<usize> {
        self.single().iter().position(|(_, it)| it.status == Status::Executed)
    }

    fn single(&self) -> Vec<(usize, &Number)> {
        let is_single =
            |it: &Number| self.numbers.iter().filter(|other| other.text == it.text).count() == 1;
        self.numbers.iter().enumerate().filter(|(_, it)| is_single(it)).collect()
    }

    pub(super) fn has_new(&self) -> bool {
        self.numbers.iter().any(|it| it.status == Status::New)
    }

    pub(super) fn stop(&mut self) {
        (self.running, self.next_dial) = (false, None);
    }

    /// The next time at which its hours begin, where it is outside of them.
    pub(super) fn closed_until(&self, now_ms: i64) -> Option<i64> {
        let (from, till) = self.hours?;
        let zone_ms = USERS[self.user].zone.1 * 60_000;
        let day_ms = (now_ms + zone_ms).rem_euclid(DAY_MS);
        let (from_ms, till_ms) = (from * 60_000, till * 60_000);
        let is_open = if from_ms < till_ms {
            (from_ms..till_ms).contains(&day_ms)
        } else {
            day_ms >= from_ms || day_ms < till_ms
        };
        (!is_open).then(|| now_ms + (from_ms - day_ms).rem_euclid(DAY_MS))
    }

    /// New ones before those that nobody took, of these the one that waits longest.
    pub(super) fn next_number(&self, now_ms: i64) -> Option<usize> {
        let new = self.numbers.iter().position(|it| it.status == Status::New);
        new.or_else(|| {
            let retries = self.retries().filter(|(at_ms, _)| *at_ms <= now_ms);
            retries.min().map(|(_, nth)| nth)
        })
    }

    pub(super) fn next_retry_ms(&self) -> Option<i64> {
        self.retries().map(|(at_ms, _)| at_ms).min()
    }

    /// When which number may be dialled again.
    pub(super) fn retries(&self) -> impl Iterator<Item = (i64, usize)> {
        self.numbers.iter().enumerate().filter_map(|(nth, it)| {
            let is_retried = it.status == Status::Executed && it.n_tries <= self.max_retries;
            it.executed_ms.filter(|_| is_retried).map(|at_ms| (at_ms + self.retry_ms, nth))
        })
    }

    pub(super) fn statistics(&self, period: &[String; 2], calls: &[&Call]) -> String {
        let with = |status| self.numbers.iter().filter(|it| it.status == status).count();
        let billed = |more_s: i64| {
            let all = calls.iter().filter(|it| it.outcome == Outcome::Answered);
            let sum: i64 = all.map(|it| it.billed_s).filter(|it| *it > more_s).sum();
            if sum == 0 { String::new() } else { sum.to_string() }
        };
        let mut text = format!(
            "<campaign_name>{}</campaign_name>
    <campaign_statistics>
      <period>
        <period_start>{}</period_start>
        <period_end>{}</period_end>
      </period>
      <total_numbers>{}</total_numbers>
      <failed>{}</failed>
      <completed>{}</completed>
      <total_call_time>{}</total_call_time>
      <total_call_time_longer_than_10s>{}</total_call_time_longer_than_10s>
",
            escaped(self.name),
            period[0],
            period[1],
            self.numbers.len(),
            with(Status::Executed),
            with(Status::Completed),
            billed(0),
            billed(10),
        );
        for outcome in Outcome::ALL {
            let count = calls.iter().filter(|it| it.outcome == outcome).count();
            let (name, percent) = (outcome.word(), count * 100 / calls.len());
            let _ = write!(
                text,
                "      <{name}>
        <{name}_calls>{count}</{name}_calls>
        <{name}_percent>{percent}%</{name}_percent>
      </{name}>
"
            );
        }
        text.push_str("    </campaign_statistics>");
        text
    }
}
