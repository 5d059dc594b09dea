//! What the vendor answers, check by check.

use std::fmt::Write;

use super::super::{Body, Expected};
use super::ask::{Ask, Form, Who};
use super::outside::OptIn;
use super::pacific::{from_local, sql, to_local};
use super::{BY_CALL, BY_DATE, COLUMNS, Maestro};

/// What the vendor answers.
impl Maestro {
    /// The checks in the contract's order.
    pub(super) fn answer(&self, ask: &Ask) -> Expected {
        if let Some(path) = ask.astray {
            let what = match path {
                "/fetchCallersByDate" => BY_DATE,
                "/fetchCallersByCall" => BY_CALL,
                _ => "-",
            };
            return Expected::refused(what, 404, "maestro.path", Body::Any);
        }
        if !["GET", "POST"].contains(&ask.method) {
            return Expected::refused(ask.what(), 405, "maestro.method", Body::Any)
                .header("allow", "GET, POST");
        }
        let found = self.offer(ask).and_then(|offer| {
            if ask.is_by_date { self.by_date(offer, ask) } else { self.by_call(offer, ask) }
        });
        match found {
            Ok(found) => self.listed(ask, found),
            Err(refused) => *refused,
        }
    }

    pub(super) fn offer(&self, ask: &Ask) -> Result<usize, Box<Expected>> {
        match ask.who {
            Who::Right(offer) => Ok(offer),
            Who::NoId(_) | Who::Nobody => Err(Box::new(ask.missing("offer_id"))),
            Who::NoToken(_) | Who::EmptyToken(_) => Err(Box::new(ask.missing("offer_token"))),
            _ => {
                let text = "Invalid offer id or token";
                let refused = ask.refused("maestro.credentials", -5, text);
                Err(Box::new(match ask.who {
                    Who::TokenBefore(it) if self.tokens[it].0 > 0 => {
                        refused.shows("token of before")
                    }
                    _ => refused,
                }))
            }
        }
    }

    pub(super) fn by_date(&self, offer: usize, ask: &Ask) -> Result<Found<'_>, Box<Expected>> {
        let both = [("dateFrom", &ask.from), ("dateTo", &ask.till)];
        for (name, moment) in both {
            if matches!(moment.form, Form::Missing | Form::Empty) {
                return Err(Box::new(ask.missing(name)));
            }
        }
        for (name, moment) in both {
            if !matches!(moment.form, Form::Right) {
                let text = format!("Invalid parameter: {name}");
                return Err(Box::new(ask.refused("maestro.date", -2, &text)));
            }
        }
        let (from_ms, till_ms) = (ask.from.read_ms(self), ask.till.read_ms(self));
        let mut found = Found::default();
        found.states.extend(both.iter().filter_map(|(_, moment)| moment.state(self)));
        let call_of = |it: &OptIn| &self.calls[self.callers[it.caller].call];
        for opt_in in self.opt_ins.iter().filter(|it| it.offer == offer) {
            let call = call_of(opt_in);
            let Some(end_ms) = call.end_ms.filter(|it| (from_ms..=till_ms).contains(it)) else {
                continue;
            };
            if end_ms == till_ms {
                found.states.push("call that ends at dateTo");
            } else if end_ms > self.now_ms {
                found.states.push("call that is to end");
            } else if opt_in.at_ms > self.now_ms {
                found.states.push("opt-in that is to come");
            } else {
                let is_earlier = call.start_ms < from_ms;
                found.states.extend(is_earlier.then_some("call that began before the window"));
                found.states.extend((end_ms == from_ms).then_some("call that ends at dateFrom"));
                found.rows.push(opt_in);
            }
        }
        found.rows.sort_by_key(|it| (call_of(it).end_ms, it.at_ms));
        if found.rows.is_empty() {
            let is_reversed = from_ms > till_ms;
            found.note =
                Some(if is_reversed { "maestro.reversed_window" } else { "maestro.empty_window" });
        }
        Ok(found)
    }

    pub(super) fn by_call(&self, offer: usize, ask: &Ask) -> Result<Found<'_>, Box<Expected>> {
        let uid = ask.call.read(self).ok_or_else(|| Box::new(ask.missing("call")))?;
        let mut found = Found::default();
        let Some(nth) = self.calls.iter().position(|it| it.uid == uid) else {
            found.note = Some("maestro.unknown_call");
            return Ok(found);
        };
        if self.calls[nth].end_ms.is_none_or(|end_ms| end_ms > self.now_ms) {
            found.note = Some("maestro.running_call");
            return Ok(found);
        }
        let in_call = self.opt_ins.iter().filter(|it| self.callers[it.caller].call == nth);
        let (agreed, to_come): (Vec<_>, Vec<_>) = in_call.partition(|it| it.at_ms <= self.now_ms);
        let is_to_come = to_come.iter().any(|it| it.offer == offer);
        found.states.extend(is_to_come.then_some("opt-in that is to come"));
        found.rows = agreed.iter().copied().filter(|it| it.offer == offer).collect();
        found.rows.sort_by_key(|it| it.at_ms);
        if found.rows.is_empty() {
            let is_foreign = !agreed.is_empty();
            found.note =
                Some(if is_foreign { "maestro.foreign_call" } else { "maestro.no_opt_in" });
        }
        Ok(found)
    }

    pub(super) fn listed(&self, ask: &Ask, found: Found<'_>) -> Expected {
        let rows = found.rows.iter().map(|it| self.row(it)).collect::<Vec<_>>();
        let (body, media) = if ask.is_xml() {
            (xml(&rows), "text/xml; charset=UTF-8")
        } else {
            (csv(&rows), "text/csv; charset=UTF-8")
        };
        let is_other =
            ask.kind.is_some_and(|it| !["xml", "csv"].contains(&it.to_lowercase().as_str()));
        let mut expected = Expected::ok(ask.what(), Body::Text(body)).header("content-type", media);
        if let Some(rule) = found.note.or(is_other.then_some("maestro.type")) {
            expected = expected.tells(rule);
        }
        expected.states = found.states;
        if ask.method == "POST" {
            expected = expected.shows("with a form");
        }
        let is_doubled = |it: &&OptIn| {
            let start_s = self.calls[self.callers[it.caller].call].start_ms.div_euclid(1000);
            from_local(to_local(start_s)) != start_s
        };
        if found.rows.iter().any(is_doubled) {
            expected = expected.shows("row behind a doubled hour");
        }
        if rows.is_empty() {
            return expected;
        }
        expected.shows(if ask.is_xml() { "as XML" } else { "as CSV" })
    }

    pub(super) fn row(&self, opt_in: &OptIn) -> [String; 10] {
        let caller = &self.callers[opt_in.caller];
        let call = &self.calls[caller.call];
        [
            call.customers.join(","),
            call.name.to_owned(),
            sql(to_local(call.start_ms.div_euclid(1000))),
            call.conference.join(","),
            call.uid.clone(),
            caller.uid.clone(),
            caller.ani.to_owned(),
            caller.name.to_owned(),
            caller.email.to_owned(),
            call.affiliate.to_owned(),
        ]
    }
}

/// Who is listed, or why nobody.
#[derive(Default)]
pub(super) struct Found<'m> {
    pub(super) rows: Vec<&'m OptIn>,
    pub(super) note: Option<&'static str>,
    pub(super) states: Vec<&'static str>,
}

pub(super) fn csv(rows: &[[String; 10]]) -> String {
    let mut text = format!("{COLUMNS}\r\n");
    for row in rows {
        for (nth, value) in row.iter().enumerate() {
            if nth > 0 {
                text.push(',');
            }
            if value.contains([',', '"', '\r', '\n']) {
                let _ = write!(text, "\"{}\"", value.replace('"', "\"\""));
            } else {
                text.push_str(value);
            }
        }
        text.push_str("\r\n");
    }
    text
}

pub(super) fn xml(rows: &[[String; 10]]) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<callers>\n".to_owned();
    for row in rows {
        text.push_str("  <caller>\n");
        for (name, value) in COLUMNS.split(',').zip(row) {
            let _ = writeln!(text, "    <{name}>{}</{name}>", escaped(value));
        }
        text.push_str("  </caller>\n");
    }
    text.push_str("</callers>");
    text
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
