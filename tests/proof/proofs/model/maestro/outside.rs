//! What happens outside the API: calls, callers and opt-ins.

use serde_json::{Value, json};

use super::super::super::dice::Dice;
use super::super::{ANY, Body, Expected};
use super::{Maestro, OFFERS};

#[derive(Clone, Debug)]
pub(in super::super) struct Call {
    pub(super) uid: String,
    pub(super) name: &'static str,
    pub(super) start_ms: i64,
    pub(super) end_ms: Option<i64>,
    pub(super) customers: &'static [&'static str],
    pub(super) conference: &'static [&'static str],
    pub(super) affiliate: &'static str,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Caller {
    pub(super) uid: String,
    pub(super) call: usize,
    pub(super) joined_ms: i64,
    pub(super) ani: &'static str,
    pub(super) name: &'static str,
    pub(super) email: &'static str,
}

#[derive(Debug)]
pub(super) struct OptIn {
    pub(super) offer: usize,
    pub(super) caller: usize,
    pub(super) at_ms: i64,
}

/// What a new call or caller is called.
#[derive(Clone, Debug)]
pub(in super::super) enum Uid {
    Drawn,
    New(u32),
    OfAnother(usize),
}

#[derive(Clone, Debug)]
pub(in super::super) enum NewToken {
    Drawn,
    Given,
    OfAnother,
}

/// What happens outside the API.
impl Maestro {
    pub(super) fn call(&self, nth: usize) -> &Call {
        &self.calls[nth % self.calls.len()]
    }

    pub(super) fn at(&self, plus_ms: Option<i64>) -> i64 {
        self.now_ms + plus_ms.unwrap_or(0)
    }

    pub(super) fn start(&mut self, uid: &Uid, plus_ms: Option<i64>, call: &Call) -> Expected {
        let uid = uid.text(self.calls.iter().map(|it| it.uid.as_str()));
        if self.calls.iter().any(|it| uid.as_ref() == Some(&it.uid)) {
            return conflict("start_call");
        }
        let result = json!({ "result": { "call": uid.as_deref().unwrap_or(ANY) } });
        let start_ms = self.at(plus_ms);
        let uid = uid.unwrap_or_default();
        self.calls.push(Call { uid, start_ms, end_ms: None, ..call.clone() });
        Expected::ok("start_call", Body::Has(result)).shows("call runs")
    }

    pub(super) fn end(&mut self, call: usize, plus_ms: Option<i64>) -> Expected {
        let (nth, end_ms) = (call % self.calls.len(), self.at(plus_ms));
        let joined = self.callers.iter().filter(|it| it.call == nth).map(|it| it.joined_ms);
        let call = &mut self.calls[nth];
        let least_ms = joined.max().unwrap_or(call.start_ms).max(call.start_ms);
        if call.end_ms.is_some() || end_ms < least_ms {
            return conflict("end_call");
        }
        call.end_ms = Some(end_ms);
        let state = if end_ms > self.now_ms { "call that is to end" } else { "call ends" };
        Expected::ok("end_call", Body::Has(json!({ "result": { "call": call.uid } }))).shows(state)
    }

    pub(super) fn join(
        &mut self,
        call: usize,
        uid: &Uid,
        plus_ms: Option<i64>,
        caller: &Caller,
        offers: &[usize],
    ) -> Expected {
        let uid = uid.text(self.callers.iter().map(|it| it.uid.as_str()));
        let (nth, joined_ms) = (call % self.calls.len(), self.at(plus_ms));
        let call = &self.calls[nth];
        let is_within =
            joined_ms >= call.start_ms && call.end_ms.is_none_or(|end_ms| joined_ms <= end_ms);
        if !is_within || self.callers.iter().any(|it| uid.as_ref() == Some(&it.uid)) {
            return conflict("caller_joins");
        }
        let result = json!({
            "result": { "call": call.uid, "caller": uid.as_deref().unwrap_or(ANY) },
        });
        let uid = uid.unwrap_or_default();
        self.callers.push(Caller { uid, call: nth, joined_ms, ..caller.clone() });
        let caller = self.callers.len() - 1;
        let opt_ins = offers.iter().map(|it| OptIn { offer: *it, caller, at_ms: joined_ms });
        self.opt_ins.extend(opt_ins);
        Expected::ok("caller_joins", Body::Has(result)).shows("caller joins")
    }

    pub(super) fn opt_in(&mut self, caller: usize, offer: usize, plus_ms: Option<i64>) -> Expected {
        let (caller, at_ms) = (caller % self.callers.len(), self.at(plus_ms));
        let is_known = self.opt_ins.iter().any(|it| it.caller == caller && it.offer == offer);
        if is_known || at_ms < self.callers[caller].joined_ms {
            return conflict("opt_in");
        }
        self.opt_ins.push(OptIn { offer, caller, at_ms });
        let result =
            json!({ "result": { "caller": self.callers[caller].uid, "offer": OFFERS[offer] } });
        Expected::ok("opt_in", Body::Has(result)).shows("caller opts in")
    }

    /// The text of a token that is given.
    pub(super) fn new_token(&self, offer: usize, new: &NewToken) -> Option<String> {
        match new {
            NewToken::Drawn => None,
            NewToken::Given => Some(token(offer, self.tokens[offer].0 + 1)),
            NewToken::OfAnother => Some(self.tokens[(offer + 1) % OFFERS.len()].1.clone()),
        }
    }
}

pub(super) fn conflict(what: &'static str) -> Expected {
    Expected { status: 409, ..Expected::ok(what, Body::Any) }.shows("event refused")
}

/// 32 hexadecimal digits.
pub(super) fn token(offer: usize, nth: u32) -> String {
    format!("{offer:08x}5c0e77a1{nth:08x}d94b42f8")
}

/// Now, or some time ago.
pub(super) fn past(dice: &mut Dice) -> Option<i64> {
    let ms = i64::try_from(dice.below(1_800_000)).unwrap_or(0);
    match dice.below(10) {
        0..5 => None,
        5..7 => Some(-ms / 1000 * 1000),
        7..9 => Some(-ms),
        _ => Some(ms),
    }
}

/// Now, some time ago, or in some time.
pub(super) fn around(dice: &mut Dice) -> Option<i64> {
    let ms = i64::try_from(dice.below(1800)).unwrap_or(0) * 1000;
    match dice.below(10) {
        0..5 => None,
        5..7 => Some(-ms),
        7..9 => Some(ms),
        _ => Some(ms + 250),
    }
}

/// Most of the newest, where something still happens.
pub(super) fn near_end(len: usize, dice: &mut Dice) -> usize {
    if dice.percent(70) { len.saturating_sub(1 + dice.below(6)) } else { dice.below(len) }
}

impl Uid {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        match dice.below(10) {
            0..3 => Uid::Drawn,
            3..9 => Uid::New(u32::try_from(dice.below(99_999_999)).unwrap_or(0)),
            _ => Uid::OfAnother(dice.below(100)),
        }
    }

    /// None where it is drawn.
    pub(super) fn text<'t>(&self, there: impl Iterator<Item = &'t str>) -> Option<String> {
        match self {
            Uid::Drawn => None,
            Uid::New(nth) => Some(format!("N{nth:X}")),
            Uid::OfAnother(nth) => {
                let there = there.collect::<Vec<_>>();
                Some(there[nth % there.len()].to_owned())
            }
        }
    }

    pub(super) fn put<'t>(&self, fields: &mut Value, there: impl Iterator<Item = &'t str>) {
        if let Some(uid) = self.text(there) {
            fields["uid"] = uid.into();
        }
    }
}

impl Call {
    /// Its uid and times are put in later.
    pub(super) fn draw(dice: &mut Dice) -> Self {
        Call {
            uid: String::new(),
            name: dice.one(&["Autumn Kick-off", "Q & A, \"live\"", "Two\nlines <1>", "Über uns"]),
            start_ms: 0,
            end_ms: None,
            customers: dice
                .one(&[&["host@example.org"][..], &["host@example.org", "second@example.org"][..]]),
            conference: dice.one(&[&[][..], &["host@example.org", "desk@example.org"][..]]),
            affiliate: dice.one(&["AFF204", "", "A\"B"]),
        }
    }

    pub(super) fn fields(&self) -> Value {
        json!({
            "name": self.name,
            "customer_emails": self.customers,
            "conference_emails": self.conference,
            "affiliate": self.affiliate,
        })
    }
}

impl Caller {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        Caller {
            uid: String::new(),
            call: 0,
            joined_ms: 0,
            ani: dice.one(&["5105550188", ""]),
            name: dice.one(&["Dana Whit", "", "Zoë \"Z\", <Jr>"]),
            email: dice.one(&["dana@example.net", ""]),
        }
    }

    pub(super) fn fields(&self) -> Value {
        json!({ "ani": self.ani, "name": self.name, "email": self.email })
    }
}
