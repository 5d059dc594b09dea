//! MaestroConference: who in a call agreed to an offer's terms, by the end of calls or by call.

mod answer;
mod ask;
mod outside;
mod pacific;

use serde_json::{Value, json};

use super::super::client::Reply;
use super::super::dice::Dice;
use super::super::inputs::Input;
use super::{ANY, Body, Expected, Model};
use ask::Ask;
use outside::{Call, Caller, NewToken, OptIn, Uid, around, conflict, near_end, past, token};
use pacific::{instant, precise};

/// 2026-03-08T08:30:00Z, 90 minutes before US Pacific leaves out an hour.
const SPRING_MS: i64 = 1_772_958_600_000;

/// 2026-11-01T07:30:00Z, 90 minutes before it has an hour twice.
const AUTUMN_MS: i64 = 1_793_518_200_000;

/// 2026-06-15T12:00:00Z.
const SUMMER_MS: i64 = 1_781_524_800_000;

const HOUR_S: i64 = 3600;

const OFFERS: [&str; 3] = ["4711", "4712", "5"];

const COLUMNS: &str =
    "customerEmail,callName,callTime,conferenceEmail,callUID,callerUID,ANI,name,email,affiliate";
const BY_DATE: &str = "fetch_callers_by_date";

const BY_CALL: &str = "fetch_callers_by_call";

#[derive(Debug)]
pub(super) struct Maestro {
    now_ms: i64,
    begin_ms: i64,
    /// How many tokens each offer had before, and the one it has.
    tokens: Vec<(u32, String)>,
    calls: Vec<Call>,
    callers: Vec<Caller>,
    opt_ins: Vec<OptIn>,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Ask(Box<Ask>),
    Advance(i64),
    Start { uid: Uid, plus_ms: Option<i64>, call: Call },
    End { call: usize, plus_ms: Option<i64> },
    Join { call: usize, uid: Uid, plus_ms: Option<i64>, caller: Caller, offers: Vec<usize> },
    OptIn { caller: usize, offer: usize, plus_ms: Option<i64> },
    Rotate { offer: usize, token: NewToken },
}

impl Model for Maestro {
    const VENDOR: &'static str = "maestro";
    const BEYOND: &'static [(&'static str, &'static str)] =
        &[("maestro.internal", "nothing fails inside Ringback, and no fault is set")];
    const STATES: &'static [&'static str] = &[
        "call that ends at dateFrom",
        "call that ends at dateTo",
        "call that began before the window",
        "row behind a doubled hour",
        "window in the skipped hour",
        "window in the doubled hour",
        "as XML",
        "as CSV",
        "with a form",
        "opt-in that is to come",
        "call that is to end",
        "call runs",
        "call ends",
        "caller joins",
        "caller opts in",
        "token of before",
        "event refused",
    ];
    type Step = Step;

    fn begin(dice: &mut Dice) -> Self {
        let begin_ms = dice.one(&[SPRING_MS, AUTUMN_MS, SUMMER_MS]);
        let tokens = (0..OFFERS.len()).map(|nth| (0, token(nth, 0))).collect();
        let mut model = Maestro {
            now_ms: begin_ms,
            begin_ms,
            tokens,
            calls: Vec::new(),
            callers: Vec::new(),
            opt_ins: Vec::new(),
        };
        for nth in 0..2_i64 {
            let start_ms = begin_ms - (nth + 2) * HOUR_S * 1000;
            let end_ms = (nth > 0).then_some(begin_ms - HOUR_S * 1000);
            let call = Call { uid: format!("BEGUN{nth}"), start_ms, end_ms, ..Call::draw(dice) };
            model.calls.push(call);
            for person in 0..3 {
                let call = usize::try_from(nth).unwrap_or(0);
                let uid = format!("BEGUN{nth}P{person}");
                let caller = Caller { uid, call, joined_ms: start_ms, ..Caller::draw(dice) };
                model.callers.push(caller);
                for offer in 0..person {
                    let caller = model.callers.len() - 1;
                    model.opt_ins.push(OptIn { offer, caller, at_ms: start_ms });
                }
            }
        }
        model
    }

    fn scenario(&self) -> Value {
        let offers = OFFERS.iter().zip(&self.tokens);
        let offers =
            offers.map(|(id, (_, token))| json!({ "id": id, "token": token })).collect::<Vec<_>>();
        let calls = self
            .calls
            .iter()
            .map(|it| {
                let mut fields = it.fields();
                fields["uid"] = it.uid.as_str().into();
                fields["start"] = instant(it.start_ms).into();
                if let Some(end_ms) = it.end_ms {
                    fields["end"] = instant(end_ms).into();
                }
                fields
            })
            .collect::<Vec<_>>();
        let callers = (0..self.callers.len())
            .map(|nth| {
                let caller = &self.callers[nth];
                let offers = self.opt_ins.iter().filter(|it| it.caller == nth);
                let mut fields = caller.fields();
                fields["uid"] = caller.uid.as_str().into();
                fields["call"] = self.calls[caller.call].uid.as_str().into();
                fields["offers"] = offers.map(|it| OFFERS[it.offer]).collect();
                fields
            })
            .collect::<Vec<_>>();
        json!({
            "seed": 1,
            "clock": { "mode": "frozen", "at": instant(self.begin_ms) },
            "maestro": { "offers": offers, "calls": calls, "callers": callers },
        })
    }

    fn next(&self, dice: &mut Dice) -> Step {
        match dice.below(100) {
            0..6 => Step::Advance(dice.one(&[1, 7, 60, 600, 900, 1800])),
            6..9 => {
                Step::Start { uid: Uid::draw(dice), plus_ms: past(dice), call: Call::draw(dice) }
            }
            9..12 => Step::End { call: near_end(self.calls.len(), dice), plus_ms: around(dice) },
            12..18 => {
                let offers = (0..OFFERS.len()).filter(|_| dice.percent(40)).collect::<Vec<_>>();
                Step::Join {
                    call: near_end(self.calls.len(), dice),
                    uid: Uid::draw(dice),
                    plus_ms: past(dice),
                    caller: Caller::draw(dice),
                    offers,
                }
            }
            18..22 => Step::OptIn {
                caller: near_end(self.callers.len(), dice),
                offer: dice.below(OFFERS.len()),
                plus_ms: around(dice),
            },
            22 => Step::Rotate {
                offer: dice.below(OFFERS.len()),
                token: dice
                    .of(&[NewToken::Drawn, NewToken::Given, NewToken::Given, NewToken::OfAnother])
                    .clone(),
            },
            _ => Step::Ask(Box::new(Ask::draw(self, dice))),
        }
    }

    fn input(&self, step: &Step) -> Input {
        let event = |name: &str, fields: Value| Input::Control {
            method: "POST",
            path: format!("/events/maestro/{name}"),
            body: fields.to_string(),
        };
        let at = |fields: &mut Value, name: &str, plus_ms: &Option<i64>| {
            if let Some(plus_ms) = plus_ms {
                fields[name] = instant(self.now_ms + plus_ms).into();
            }
        };
        match step {
            Step::Ask(ask) => ask.input(self),
            Step::Advance(by) => Input::Control {
                method: "POST",
                path: "/clock/advance".to_owned(),
                body: json!({ "by": format!("{by}s") }).to_string(),
            },
            Step::Start { uid, plus_ms, call } => {
                let mut fields = call.fields();
                uid.put(&mut fields, self.calls.iter().map(|it| it.uid.as_str()));
                at(&mut fields, "start", plus_ms);
                event("start_call", fields)
            }
            Step::End { call, plus_ms } => {
                let mut fields = json!({ "call": self.call(*call).uid });
                at(&mut fields, "end", plus_ms);
                event("end_call", fields)
            }
            Step::Join { call, uid, plus_ms, caller, offers } => {
                let mut fields = caller.fields();
                fields["call"] = self.call(*call).uid.as_str().into();
                fields["offers"] = offers.iter().map(|it| OFFERS[*it]).collect();
                uid.put(&mut fields, self.callers.iter().map(|it| it.uid.as_str()));
                at(&mut fields, "joined", plus_ms);
                event("caller_joins", fields)
            }
            Step::OptIn { caller, offer, plus_ms } => {
                let uid = &self.callers[caller % self.callers.len()].uid;
                let mut fields = json!({ "caller": uid, "offer": OFFERS[*offer] });
                at(&mut fields, "at", plus_ms);
                event("opt_in", fields)
            }
            Step::Rotate { offer, token } => {
                let mut fields = json!({ "offer": OFFERS[*offer] });
                if let Some(token) = self.new_token(*offer, token) {
                    fields["token"] = token.into();
                }
                event("rotate_token", fields)
            }
        }
    }

    fn expect(&mut self, step: &Step) -> Expected {
        match step {
            Step::Ask(ask) => self.answer(ask),
            Step::Advance(by) => {
                self.now_ms += by * 1000;
                Expected::ok("advance", Body::Any)
            }
            Step::Start { uid, plus_ms, call } => self.start(uid, *plus_ms, call),
            Step::End { call, plus_ms } => self.end(*call, *plus_ms),
            Step::Join { call, uid, plus_ms, caller, offers } => {
                self.join(*call, uid, *plus_ms, caller, offers)
            }
            Step::OptIn { caller, offer, plus_ms } => self.opt_in(*caller, *offer, *plus_ms),
            Step::Rotate { offer, token } => match self.new_token(*offer, token) {
                Some(new) if self.tokens.iter().any(|(_, it)| *it == new) => {
                    conflict("rotate_token")
                }
                new => {
                    let (n_before, text) = &mut self.tokens[*offer];
                    *n_before += 1;
                    // One that is drawn is learnt from the reply.
                    *text = new.unwrap_or_default();
                    let told = if text.is_empty() { ANY } else { text.as_str() };
                    let result = json!({ "result": { "offer": OFFERS[*offer], "token": told } });
                    Expected::ok("rotate_token", Body::Has(result))
                }
            },
        }
    }

    fn learn(&mut self, step: &Step, reply: &Reply) {
        let told: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let text = |name: &str| told["result"][name].as_str().map(str::to_owned);
        match step {
            Step::Start { uid: Uid::Drawn, .. } => {
                if let (Some(uid), Some(call)) = (text("call"), self.calls.last_mut()) {
                    call.uid = uid;
                }
            }
            Step::Join { uid: Uid::Drawn, .. } => {
                if let (Some(uid), Some(caller)) = (text("caller"), self.callers.last_mut()) {
                    caller.uid = uid;
                }
            }
            Step::Rotate { offer, token: NewToken::Drawn } => {
                if let Some(token) = text("token") {
                    self.tokens[*offer].1 = token;
                }
            }
            _ => {}
        }
    }

    fn rows(&self) -> Vec<(&'static str, Vec<Value>)> {
        let calls = self.calls.iter().enumerate().map(|(nth, it)| {
            json!({
                "uid": it.uid,
                "name": it.name,
                "start": precise(it.start_ms),
                "end": it.end_ms.map(precise),
                "customer_emails": it.customers.join(","),
                "conference_emails": it.conference.join(","),
                "affiliate": it.affiliate,
                "n_callers": self.callers.iter().filter(|caller| caller.call == nth).count(),
            })
        });
        let callers = self.callers.iter().map(|it| {
            json!({
                "uid": it.uid,
                "call": self.calls[it.call].uid,
                "joined": precise(it.joined_ms),
                "ani": it.ani,
                "name": it.name,
                "email": it.email,
            })
        });
        let opt_ins = self.opt_ins.iter().map(|it| {
            let caller = &self.callers[it.caller];
            let call = &self.calls[caller.call];
            json!({
                "offer": OFFERS[it.offer],
                "caller": caller.uid,
                "call": call.uid,
                "at": precise(it.at_ms),
                "call_end": call.end_ms.map(precise),
            })
        });
        vec![
            ("calls", calls.collect()),
            ("callers", callers.collect()),
            ("opt_ins", opt_ins.collect()),
        ]
    }
}
