//! What is asked, and how it goes wrong.

use super::super::super::dice::Dice;
use super::super::super::inputs::Input;
use super::super::{Body, Expected};
use super::outside::{near_end, token};
use super::pacific::{changes, civil, from_local, sql, sunday, to_local};
use super::{BY_CALL, BY_DATE, HOUR_S, Maestro, OFFERS, SUMMER_MS};

#[derive(Clone, Debug)]
pub(in super::super) struct Ask {
    pub(super) method: &'static str,
    pub(super) is_by_date: bool,
    /// A path that leads to no function.
    pub(super) astray: Option<&'static str>,
    pub(super) who: Who,
    pub(super) kind: Option<&'static str>,
    pub(super) from: Moment,
    pub(super) till: Moment,
    pub(super) call: CallParam,
    /// How many of the parameters stand in the query; those behind them in a form.
    pub(super) n_in_query: usize,
    pub(super) blank: &'static str,
}

#[derive(Clone, Debug)]
pub(super) enum Who {
    Right(usize),
    TokenOfAnother(usize),
    TokenBefore(usize),
    CutToken(usize),
    CapitalToken(usize),
    EmptyToken(usize),
    NoToken(usize),
    NoId(usize),
    UnknownId(usize),
    Nobody,
}

#[derive(Clone, Debug)]
pub(super) enum CallParam {
    Known(usize),
    Small(usize),
    OfCaller(usize),
    Unknown,
    Empty,
    Missing,
    /// As the output and the sibling API call it.
    NamedUid(usize),
}

/// A time of a window, on the vendor's clock.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) anchor: Anchor,
    pub(super) plus_s: i64,
    pub(super) form: Form,
}

#[derive(Clone, Debug)]
pub(super) enum Anchor {
    Now,
    Start(usize),
    End(usize),
    /// 01:00 on the day on which the clocks are changed.
    Change,
}

#[derive(Clone, Debug)]
pub(super) enum Form {
    Right,
    Tee,
    DateOnly,
    Dots,
    Zulu,
    Fraction,
    Short,
    Other(&'static str),
    Empty,
    Missing,
}

impl Ask {
    pub(super) fn draw(model: &Maestro, dice: &mut Dice) -> Self {
        let (from, till) = Moment::window(model, dice);
        let is_post = dice.percent(25);
        let mut ask = Ask {
            method: if is_post { "POST" } else { "GET" },
            is_by_date: dice.percent(60),
            astray: None,
            who: Who::Right(dice.below(OFFERS.len())),
            kind: dice.one(&[None, None, Some("XML"), Some("xml")]),
            from,
            till,
            call: CallParam::Known(near_end(model.calls.len(), dice)),
            n_in_query: if is_post { dice.below(6) } else { usize::MAX },
            blank: dice.one(&["+", "%20"]),
        };
        if dice.percent(20) {
            ask.spoil(dice);
        }
        ask
    }

    pub(super) fn spoil(&mut self, dice: &mut Dice) {
        let nth = dice.below(200);
        match dice.below(7) {
            0 => self.method = dice.one(&["PUT", "DELETE", "PATCH", "HEAD"]),
            1 => {
                self.astray = Some(dice.one(&[
                    "/fetchCallersByDate",
                    "/fetchCallersByCall",
                    "/_access/getCallData",
                    "/_access/fetchcallersbydate",
                    "/_access/fetchCallersByCall/",
                ]));
            }
            2 => self.who = Who::wrong(dice),
            3 => self.kind = Some(dice.one(&["JSON", "csv", "XM"])),
            4 | 5 if self.is_by_date => {
                let moment = if dice.percent(50) { &mut self.from } else { &mut self.till };
                moment.form = Form::wrong(dice);
            }
            _ => {
                self.call = match dice.below(6) {
                    0 => CallParam::Small(nth),
                    1 => CallParam::OfCaller(nth),
                    2 => CallParam::Unknown,
                    3 => CallParam::Empty,
                    4 => CallParam::Missing,
                    _ => CallParam::NamedUid(nth),
                };
            }
        }
    }

    pub(super) fn is_xml(&self) -> bool {
        self.kind.is_some_and(|it| it.eq_ignore_ascii_case("xml"))
    }

    pub(super) fn what(&self) -> &'static str {
        if self.is_by_date { BY_DATE } else { BY_CALL }
    }

    pub(super) fn missing(&self, name: &str) -> Expected {
        self.refused("maestro.missing", -2, &format!("Missing parameter: {name}"))
    }

    pub(super) fn refused(&self, rule: &'static str, code: i64, message: &str) -> Expected {
        let (body, media) = if self.is_xml() {
            let inner = format!(
                "<response><code>{code}</code><message>{message}</message><value></value></response>"
            );
            let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{inner}");
            (text, "text/xml; charset=UTF-8")
        } else {
            (format!("{code},{message}"), "text/plain; charset=UTF-8")
        };
        Expected::refused(self.what(), 200, rule, Body::Text(body)).header("content-type", media)
    }

    pub(super) fn input(&self, model: &Maestro) -> Input {
        let path = match self.astray {
            Some(path) => path,
            None if self.is_by_date => "/_access/fetchCallersByDate",
            None => "/_access/fetchCallersByCall",
        };
        let mut pairs = self.who.pairs(model);
        if self.is_by_date {
            pairs.extend(self.from.text(model).map(|it| ("dateFrom", it)));
            pairs.extend(self.till.text(model).map(|it| ("dateTo", it)));
        } else {
            pairs.extend(self.call.pair(model));
        }
        pairs.extend(self.kind.map(|it| ("type", it.to_owned())));
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace(' ', self.blank)))
            .collect::<Vec<_>>();
        let (query, form) = pairs.split_at(self.n_in_query.min(pairs.len()));
        let mut headers = Vec::new();
        if !form.is_empty() {
            let media = "application/x-www-form-urlencoded".to_owned();
            headers.push(("Content-Type".to_owned(), media));
        }
        Input::Vendor {
            method: self.method.to_owned(),
            path: format!("{path}?{}", query.join("&")),
            headers,
            body: form.join("&").into_bytes(),
        }
    }
}

impl Who {
    pub(super) fn wrong(dice: &mut Dice) -> Self {
        let it = dice.below(OFFERS.len());
        match dice.below(9) {
            0 => Who::TokenOfAnother(it),
            1 => Who::TokenBefore(it),
            2 => Who::CutToken(it),
            3 => Who::CapitalToken(it),
            4 => Who::EmptyToken(it),
            5 => Who::NoToken(it),
            6 => Who::NoId(it),
            7 => Who::UnknownId(it),
            _ => Who::Nobody,
        }
    }

    pub(super) fn pairs(&self, model: &Maestro) -> Vec<(&'static str, String)> {
        let right = |it: &usize| model.tokens[*it].1.clone();
        let pair = |it: &usize, token: String| {
            vec![("offer_id", OFFERS[*it].to_owned()), ("offer_token", token)]
        };
        match self {
            Who::Right(it) => pair(it, right(it)),
            Who::TokenOfAnother(it) => pair(it, right(&((it + 1) % OFFERS.len()))),
            // Of an offer whose token never changed: one that nobody ever had.
            Who::TokenBefore(it) => pair(it, token(*it, model.tokens[*it].0.wrapping_sub(1))),
            Who::CutToken(it) => pair(it, right(it)[..31].to_owned()),
            Who::CapitalToken(it) => pair(it, right(it).replace(char::is_alphabetic, "F")),
            Who::EmptyToken(it) => pair(it, String::new()),
            Who::NoToken(it) => vec![("offer_id", OFFERS[*it].to_owned())],
            Who::NoId(it) => vec![("offer_token", right(it))],
            Who::UnknownId(it) => {
                vec![("offer_id", "4713".to_owned()), ("offer_token", right(it))]
            }
            Who::Nobody => Vec::new(),
        }
    }
}

impl CallParam {
    pub(super) fn pair(&self, model: &Maestro) -> Option<(&'static str, String)> {
        let name = if matches!(self, CallParam::NamedUid(_)) { "callUID" } else { "call" };
        let text = match self {
            CallParam::Known(nth) | CallParam::NamedUid(nth) => model.call(*nth).uid.clone(),
            CallParam::Small(nth) => model.call(*nth).uid.to_lowercase(),
            CallParam::OfCaller(nth) => model.callers[nth % model.callers.len()].uid.clone(),
            CallParam::Unknown => "N0SUCHCALL".to_owned(),
            CallParam::Empty => String::new(),
            CallParam::Missing => return None,
        };
        Some((name, text))
    }

    /// What stands in `call`, where something does.
    pub(super) fn read(&self, model: &Maestro) -> Option<String> {
        let (name, text) = self.pair(model)?;
        (name == "call" && !text.is_empty()).then_some(text)
    }
}

impl Moment {
    /// Around the end of a call, so that most find something.
    pub(super) fn window(model: &Maestro, dice: &mut Dice) -> (Moment, Moment) {
        let nth = near_end(model.calls.len(), dice);
        let anchor = match dice.below(12) {
            0 => Anchor::Now,
            1 => Anchor::Start(nth),
            2 => Anchor::Change,
            _ => Anchor::End(nth),
        };
        let away = |dice: &mut Dice| dice.one(&[0, 0, 1, 60, 600, 1800, 3600]);
        let (before, after) = match dice.below(20) {
            0 => (-away(dice) - 1, away(dice)),
            1 => (away(dice), 86_400),
            _ => (away(dice), away(dice)),
        };
        let moment = |plus_s| Moment { anchor: anchor.clone(), plus_s, form: Form::Right };
        (moment(-before), moment(after + i64::from(dice.percent(50))))
    }

    /// By the vendor's clocks.
    pub(super) fn local_s(&self, model: &Maestro) -> i64 {
        let at_ms = match &self.anchor {
            Anchor::Now => model.now_ms,
            Anchor::Start(nth) => model.call(*nth).start_ms,
            Anchor::End(nth) => model.call(*nth).end_ms.unwrap_or(model.now_ms),
            Anchor::Change => {
                let begin_s = model.begin_ms.div_euclid(1000);
                let month = if begin_s < SUMMER_MS / 1000 { (3, 2) } else { (11, 1) };
                let hour = if month.0 == 3 { 2 } else { 1 };
                // Both ends of most windows around it lie in the hour in question.
                return civil(sunday(begin_s, month.0, month.1), hour) + 1800 + self.plus_s / 2;
            }
        };
        to_local(at_ms.div_euclid(1000)) + self.plus_s
    }

    pub(super) fn read_ms(&self, model: &Maestro) -> i64 {
        from_local(self.local_s(model)) * 1000
    }

    /// Whether its hour is one that is there twice, or not at all.
    pub(super) fn state(&self, model: &Maestro) -> Option<&'static str> {
        let local_s = self.local_s(model);
        let (spring, autumn) = changes(local_s);
        if (spring..spring + HOUR_S).contains(&local_s) {
            Some("window in the skipped hour")
        } else if (autumn - HOUR_S..autumn).contains(&local_s) {
            Some("window in the doubled hour")
        } else {
            None
        }
    }

    pub(super) fn text(&self, model: &Maestro) -> Option<String> {
        let right = sql(self.local_s(model));
        Some(match self.form {
            Form::Right => right,
            Form::Tee => right.replace(' ', "T"),
            Form::DateOnly => right[..10].to_owned(),
            Form::Dots => right.replace('-', "."),
            Form::Zulu => format!("{right}Z"),
            Form::Fraction => format!("{right}.5"),
            Form::Short => right[..16].to_owned(),
            Form::Other(text) => text.to_owned(),
            Form::Empty => String::new(),
            Form::Missing => return None,
        })
    }
}

impl Form {
    pub(super) fn wrong(dice: &mut Dice) -> Self {
        match dice.below(12) {
            0 => Form::Tee,
            1 => Form::DateOnly,
            2 => Form::Dots,
            3 => Form::Zulu,
            4 => Form::Fraction,
            5 => Form::Short,
            6 => Form::Other("2026-02-30 00:00:00"),
            7 => Form::Other("2026-3-8 1:00:00"),
            8 => Form::Other("2026-03-08 25:00:00"),
            9 => Form::Other("  2026-03-08 01:00:00"),
            10 => Form::Empty,
            _ => Form::Missing,
        }
    }
}
