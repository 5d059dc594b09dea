//! jtel's dialler contacts: import, UserData, locks, history, and a dialler that works through them.

mod ask;
mod contact;
mod dialler;
mod steps;

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::{Value, json};

use super::super::dice::Dice;
use super::super::inputs::Input;
use super::{ANY, ANY_DIGITS, Body, Expected, Model};
use contact::Contact;
use dialler::{Call, FAR_ENDS, History, RING_MS, TALK_MS, WRAP_UP_MS};
pub(super) use steps::Step;

/// 2026-03-02T09:00:00Z.
const BEGINS_MS: i64 = 1_772_442_000_000;
const HOUR_MS: i64 = 3_600_000;

#[derive(Debug)]
pub(super) struct Jtel {
    now: i64,
    /// The switches that are not as by default.
    switches: BTreeMap<&'static str, &'static str>,
    /// Good tokens by client account.
    tokens: BTreeMap<i64, Vec<String>>,
    contacts: BTreeMap<i64, Contact>,
    history: Vec<History>,
    calls: Vec<Call>,
    last_contact: i64,
    last_history: i64,
    last_call: i64,
}

#[derive(Clone, Debug)]
struct Campaign {
    id: i64,
    client: i64,
    name: &'static str,
    language: i64,
    is_running: bool,
    closes_on_incoming: bool,
    agents: &'static [i64],
    tries: i64,
    tries_per_number: i64,
    pause_busy: i64,
    pause_no_answer: i64,
    pause_mailbox: i64,
    used_up_code: i64,
    no_number_code: i64,
    incoming_code: i64,
    /// What agents choose after a call with somebody.
    answer_code: i64,
}

/// Pauses are no multiples of each other, so that few things are due at one instant.
const CAMPAIGNS: [Campaign; 4] = [
    Campaign {
        id: 612,
        client: 7,
        name: "Spring Recall",
        language: 2,
        is_running: false,
        closes_on_incoming: true,
        agents: &[44, 45],
        tries: 5,
        tries_per_number: 2,
        pause_busy: 607_000,
        pause_no_answer: 3_607_000,
        pause_mailbox: 7_201_000,
        used_up_code: 3103,
        no_number_code: 3101,
        incoming_code: 3102,
        answer_code: 3105,
    },
    Campaign {
        id: 613,
        client: 7,
        name: "Winback",
        language: 1,
        is_running: false,
        closes_on_incoming: false,
        agents: &[46],
        tries: 3,
        tries_per_number: 3,
        pause_busy: 61_000,
        pause_no_answer: 67_000,
        pause_mailbox: 71_000,
        used_up_code: 3203,
        no_number_code: 3201,
        incoming_code: 3202,
        answer_code: 3207,
    },
    Campaign {
        id: 614,
        client: 7,
        name: "Autumn",
        language: 2,
        is_running: true,
        closes_on_incoming: true,
        agents: &[
            100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116,
            117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133,
            134, 135, 136, 137, 138, 139,
        ],
        tries: 4,
        tries_per_number: 2,
        pause_busy: 601_000,
        pause_no_answer: 1_801_000,
        pause_mailbox: 2_411_000,
        used_up_code: 3303,
        no_number_code: 3301,
        incoming_code: 3302,
        answer_code: 3304,
    },
    Campaign {
        id: 812,
        client: 8,
        name: "Spring Recall",
        language: 1,
        is_running: false,
        closes_on_incoming: true,
        agents: &[88],
        tries: 4,
        tries_per_number: 2,
        pause_busy: 601_000,
        pause_no_answer: 3_601_000,
        pause_mailbox: 7_207_000,
        used_up_code: 8103,
        no_number_code: 8101,
        incoming_code: 8102,
        answer_code: 8105,
    },
];

#[derive(Debug)]
struct Code {
    id: i64,
    campaign: i64,
    key: &'static str,
    kind: &'static str,
    /// Until the next try; 0 where the code closes.
    delay: i64,
}

const fn code(id: i64, campaign: i64, key: &'static str, kind: &'static str, delay: i64) -> Code {
    Code { id, campaign, key, kind, delay }
}

const CODES: [Code; 18] = [
    code(3101, 612, "NO_NUMBER", "abort", 0),
    code(3102, 612, "CALLED_IN", "done", 0),
    code(3103, 612, "MAX_TRIES", "abort", 0),
    code(3104, 612, "CALLBACK_2H", "delay", 2 * HOUR_MS),
    code(3105, 612, "SOLD", "done", 0),
    code(3107, 612, "APPOINTMENT", "appointment", 24 * HOUR_MS),
    code(3201, 613, "NO_NUMBER", "abort", 0),
    code(3202, 613, "CALLED_IN", "done", 0),
    code(3203, 613, "MAX_TRIES", "abort", 0),
    code(3207, 613, "APPOINTMENT", "appointment", 24 * HOUR_MS),
    code(3301, 614, "NO_NUMBER", "abort", 0),
    code(3302, 614, "CALLED_IN", "done", 0),
    code(3303, 614, "MAX_TRIES", "abort", 0),
    code(3304, 614, "LATER", "delay", 1_807_000),
    code(8101, 812, "NO_NUMBER", "abort", 0),
    code(8102, 812, "CALLED_IN", "done", 0),
    code(8103, 812, "MAX_TRIES", "abort", 0),
    code(8105, 812, "SOLD", "done", 0),
];

impl Code {
    fn content(&self, language: i64) -> String {
        format!("{} in {language}", self.key)
    }
}

impl Jtel {
    fn campaign(id: i64) -> Option<&'static Campaign> {
        CAMPAIGNS.iter().find(|it| it.id == id)
    }

    fn code(id: i64) -> Option<&'static Code> {
        CODES.iter().find(|it| it.id == id)
    }

    fn next_call(&mut self) -> i64 {
        self.last_call += 1;
        self.last_call
    }

    fn next_history(&mut self) -> i64 {
        self.last_history += 1;
        self.last_history
    }

    /// Whether a switch stands so.
    fn is(&self, switch: &str, position: &str) -> bool {
        self.switches.get(switch).is_some_and(|it| *it == position)
    }

    fn date(&self, ms: i64) -> String {
        let time = DateTime::from_timestamp_millis(ms).unwrap_or_default();
        let form = match self.switches.get("date_style") {
            Some(&"z_micros") => "%Y-%m-%dT%H:%M:%S%.6fZ",
            Some(&"naive_millis") => "%Y-%m-%dT%H:%M:%S%.3f",
            _ => "%Y-%m-%dT%H:%M:%S%.3fZ",
        };
        time.format(form).to_string()
    }

    fn known_tokens(&self, client: i64) -> &[String] {
        self.tokens.get(&client).map_or(&[], Vec::as_slice)
    }

    fn event(&mut self, name: &'static str, fields: &Value) -> Expected {
        let field = |name: &str| fields[name].as_i64();
        let is_done = match name {
            "dial_contact" => {
                self.dial_contact(field("contact").unwrap_or(0), field("number"), field("user"))
            }
            "record_result" => self.record_result(
                field("contact").unwrap_or(0),
                field("result_code").unwrap_or(0),
                fields["at"].as_str(),
            ),
            "incoming_call" => {
                self.incoming_call(field("client").unwrap_or(0), fields["number"].as_str())
            }
            _ => self.token_event(name, field("client").unwrap_or(0), fields),
        };
        let status = if is_done.is_some() { 200 } else { 409 };
        let body = is_done.map_or(Body::Any, |it| Body::Json(json!({ "seq": ANY, "result": it })));
        let what = if status == 200 { name } else { "event refused" };
        Expected { status, body, ..Expected::ok(what, Body::Any) }
    }

    /// Which call it is, where it can be.
    fn dial_contact(&mut self, id: i64, number: Option<i64>, user: Option<i64>) -> Option<Value> {
        let contact = self.contacts.get(&id)?;
        if contact.is_closed || contact.is_locked || self.call_of(id).is_some() {
            return None;
        }
        let phone = usize::try_from(number? - 1).ok()?;
        if contact.phone(phone).is_empty() {
            return None;
        }
        let agents = Self::campaign(contact.campaign)?.agents;
        let agent = user.or_else(|| agents.iter().copied().find(|it| self.is_free(*it)));
        let number = contact.phone(phone).to_owned();
        let call = self.call(id, phone, agent, true);
        Some(json!({ "call": call, "contact": id, "number": number }))
    }

    fn record_result(&mut self, id: i64, code: i64, at: Option<&str>) -> Option<Value> {
        let contact = self.contacts.get(&id)?;
        let known = Self::code(code).filter(|it| it.campaign == contact.campaign)?;
        let at =
            at.map(|it| DateTime::parse_from_rfc3339(it).map_or(0, |it| it.timestamp_millis()));
        if at.is_some_and(|it| known.delay == 0 || it < self.now) {
            return None;
        }
        let up = self.calls.iter().position(|it| it.contact == id && it.ended.is_none());
        if let Some(up) = up {
            let call = self.hang_up(up);
            self.outcome(id, Some(call.history), code, at);
        } else {
            // It is of the last call, where that has none yet.
            let last = self.history.iter().rfind(|it| it.contact == id);
            let open = last.filter(|it| it.result_code.is_none()).map(|it| it.id);
            if open.is_none() {
                self.note(id, code);
            }
            self.outcome(id, open, code, at);
        }
        Some(json!({ "contact": id, "result_code": code }))
    }

    fn incoming_call(&mut self, client: i64, number: Option<&str>) -> Option<Value> {
        if !self.tokens.contains_key(&client) {
            return None;
        }
        let number = number?.to_owned();
        let callers = self.contacts.values();
        let callers = callers.filter(|it| it.client == client && it.has_phone(&number));
        let mut callers: Vec<_> = callers.map(|it| (it.campaign, it.id)).collect();
        callers.sort_unstable();
        let mut closed = Vec::new();
        for (_, id) in callers {
            let contact = &self.contacts[&id];
            let (is_closed, campaign) = (contact.is_closed, contact.campaign);
            let Some(campaign) = Self::campaign(campaign).cloned() else { continue };
            if self.call_of(id).is_some() || !campaign.closes_on_incoming {
                continue;
            }
            let (history, call) = (self.next_history(), self.next_call());
            self.history.push(History {
                id: history,
                contact: id,
                at: self.now,
                end: Some(self.now),
                result_code: None,
                call: Some(call),
                is_outbound: false,
                agent: None,
                number: Some(number.clone()),
            });
            if !is_closed {
                self.outcome(id, Some(history), campaign.incoming_code, None);
                closed.push(id);
            }
        }
        Some(json!({ "contacts": closed }))
    }

    fn token_event(&mut self, name: &str, client: i64, fields: &Value) -> Option<Value> {
        let is_taken = |token: &str| self.tokens.values().flatten().any(|it| it == token);
        let token = fields["token"].as_str()?.to_owned();
        let old = fields["old_token"].as_str();
        let is_new = !is_taken(&token);
        let mine = self.tokens.get_mut(&client)?;
        match name {
            "add_token" if is_new => mine.push(token),
            "remove_token" if mine.contains(&token) => mine.retain(|it| *it != token),
            "rotate_token" => {
                if old.is_some_and(|old| !mine.iter().any(|it| it == old)) {
                    return None;
                }
                let mut left = mine.clone();
                left.retain(|it| old.is_some_and(|old| it != old));
                // One that goes may come back at once.
                if !is_new && (left.contains(&token) || !mine.contains(&token)) {
                    return None;
                }
                left.push(token);
                *mine = left;
            }
            _ => return None,
        }
        Some(json!({ "client": client }))
    }

    fn advance(&mut self, seconds: i64) -> Expected {
        self.settle(self.now + seconds * 1000);
        let now = DateTime::from_timestamp_millis(self.now).unwrap_or_default();
        let now = now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        Expected::ok("advance", Body::Has(json!({ "now": now })))
    }
}

impl Model for Jtel {
    const VENDOR: &'static str = "jtel";
    const BEYOND: &'static [(&'static str, &'static str)] =
        &[("jtel.internal", "Ringback does not fail")];
    const STATES: &'static [&'static str] = steps::STATES;
    type Step = Step;

    fn begin(dice: &mut Dice) -> Self {
        let mut model = Jtel {
            now: BEGINS_MS,
            switches: steps::switches(dice),
            tokens: BTreeMap::from([
                (7, vec!["T7A".to_owned(), "T7B".to_owned()]),
                (8, vec!["T8A".to_owned()]),
            ]),
            contacts: BTreeMap::new(),
            history: Vec::new(),
            calls: Vec::new(),
            last_contact: 301_503,
            last_history: 70_000,
            last_call: 880_000,
        };
        for (id, campaign, user_data, number) in [
            (301_501, 612, "U1", "49405550001"),
            (301_502, 612, "U1", "49405550007"),
            (301_503, 812, "U1", "49405550007"),
        ] {
            let client = if campaign == 812 { 8 } else { 7 };
            let mut contact = Contact::new(id, campaign, client);
            for (name, value) in
                [("Name", "Adler"), ("UserData", user_data), ("PhoneNumber1", number)]
            {
                contact.set(name, value.into());
            }
            model.contacts.insert(id, contact);
        }
        model.history.push(History {
            id: 70_000,
            contact: 301_501,
            at: BEGINS_MS - HOUR_MS,
            end: Some(BEGINS_MS - HOUR_MS + 30_000),
            result_code: None,
            call: Some(880_000),
            is_outbound: true,
            agent: Some(44),
            number: Some("49405550001".to_owned()),
        });
        model
    }

    fn scenario(&self) -> Value {
        let seconds = |ms: i64| format!("{}s", ms / 1000);
        let mut line: Vec<Value> = FAR_ENDS
            .iter()
            .map(|(ending, then, _)| json!({ "ends_with": ending, "then": then }))
            .collect();
        line.push(json!({ "then": dialler::ELSE.0 }));
        for rule in &mut line {
            rule["ring"] = seconds(RING_MS).into();
            rule["talk"] = seconds(TALK_MS).into();
        }
        let campaigns = CAMPAIGNS.iter().map(|it| {
            json!({
                "id": it.id, "client": it.client, "name": it.name, "language": it.language,
                "preview_time": 10, "close_on_incoming": it.closes_on_incoming,
                "running": it.is_running, "agents": it.agents, "tries_max": it.tries,
                "tries_per_number_max": it.tries_per_number, "wrap_up": seconds(WRAP_UP_MS),
                "pause_busy": seconds(it.pause_busy), "pause_mailbox": seconds(it.pause_mailbox),
                "pause_no_answer": seconds(it.pause_no_answer),
                "tries_used_up_code": it.used_up_code,
                "no_number_code": it.no_number_code, "incoming_code": it.incoming_code,
            })
        });
        let codes = CODES.iter().map(|it| {
            let is_answer = CAMPAIGNS.iter().any(|campaign| campaign.answer_code == it.id);
            let texts = [1, 2]
                .map(|language| json!({ "language": language, "text": it.content(language) }));
            let mut code = json!({
                "id": it.id, "campaign": it.campaign, "export_key": it.key, "type": it.kind,
                "weight": i64::from(is_answer),
                "texts": texts,
            });
            if it.delay > 0 {
                code["delay"] = seconds(it.delay).into();
            }
            code
        });
        let history = self.history.iter().map(|it| {
            json!({
                "id": it.id, "contact": it.contact, "start": instant(it.at),
                "end": it.end.map(instant), "call": it.call, "user": it.agent, "number": it.number,
            })
        });
        let clients = self.tokens.iter().map(|(id, tokens)| json!({ "id": id, "tokens": tokens }));
        json!({
            "seed": 1,
            "clock": { "mode": "frozen", "at": instant(self.now) },
            "line": line,
            "jtel": {
                "clients": clients.collect::<Vec<_>>(),
                "campaigns": campaigns.collect::<Vec<_>>(),
                "result_codes": codes.collect::<Vec<_>>(),
                "contacts": self.contacts.values().map(Contact::stated).collect::<Vec<_>>(),
                "history": history.collect::<Vec<_>>(),
                "variants": self.switches,
            },
        })
    }

    fn next(&self, dice: &mut Dice) -> Step {
        self.draw(dice)
    }

    fn input(&self, step: &Step) -> Input {
        match step {
            Step::Ask(request) => request.input(),
            Step::Advance(seconds) => Input::Control {
                method: "POST",
                path: "/clock/advance".into(),
                body: format!(r#"{{"by":"{seconds}s"}}"#),
            },
            Step::Event(name, fields) => Input::Control {
                method: "POST",
                path: format!("/events/jtel/{name}"),
                body: fields.to_string(),
            },
        }
    }

    fn expect(&mut self, step: &Step) -> Expected {
        self.settle(self.now);
        match step {
            Step::Ask(request) => self.answer(request),
            Step::Advance(seconds) => self.advance(*seconds),
            Step::Event(name, fields) => self.event(name, fields),
        }
    }

    fn rows(&self) -> Vec<(&'static str, Vec<Value>)> {
        let history = self.history.iter().map(|it| {
            json!({
                "id": it.id, "contact_id": it.contact, "at_ms": it.at, "end_ms": it.end,
                "result_code": it.result_code, "call_id": it.call,
                "outbound": i64::from(it.is_outbound), "users_id": of_agent(it.agent), "number": it.number,
            })
        });
        let calls = self.calls.iter().map(|it| {
            json!({
                "id": it.id, "campaign_id": it.campaign, "contact_id": it.contact,
                "history_id": it.history, "users_id": of_agent(it.agent), "number": it.number,
                "far_end": dialler::far_end(&it.number).0, "by_hand": i64::from(it.is_by_hand),
                "started_ms": it.started, "ended_ms": it.ended,
            })
        });
        vec![
            ("contacts", self.contacts.values().map(Contact::row).collect()),
            ("history", history.collect()),
            ("calls", calls.collect()),
        ]
    }
}

/// Which of its agents a running campaign gives a call is not in the contract.
fn of_agent(agent: Option<i64>) -> Value {
    match agent {
        Some(100..) => json!(ANY),
        agent => json!(agent),
    }
}

/// The same in a reply.
fn agent_text(agent: Option<i64>) -> String {
    match agent {
        Some(100..) => ANY_DIGITS.to_string(),
        Some(agent) => agent.to_string(),
        None => "null".to_owned(),
    }
}

fn instant(ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
