//! MaxContact's agents and their calls, tokens, and leads.

mod ask;
mod desk;
mod leads;
mod steps;
mod wire;

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::{Value, json};

use super::super::dice::Dice;
use super::super::inputs::Input;
use super::{Body, Expected, Model};
use desk::{Agent, Call, Past, State};
use leads::{Lead, Phone};
pub(super) use steps::Step;

/// 2026-03-02T09:00:00Z.
const BEGINS_MS: i64 = 1_772_442_000_000;
const LIFETIME_MS: i64 = 3_600_000;
/// Logins of an account in a round, at the most: their tokens stand in the scenario. More would slow
/// the program, which looks for each of them in what it shows.
const TOKENS: usize = 60;

#[derive(Debug)]
pub(super) struct MaxContact {
    now: i64,
    /// Calls go on by events alone.
    is_manual: bool,
    switches: BTreeMap<&'static str, &'static str>,
    accounts: Vec<Account>,
    /// In the order of their giving out.
    tokens: Vec<Token>,
    agents: Vec<Agent>,
    calls: Vec<Call>,
    past: Vec<Past>,
    leads: Vec<Lead>,
    phones: Vec<Phone>,
    next_call: i64,
    next_lead: i64,
    next_phone: i64,
    n_dropped: i64,
    n_made: i64,
}

#[derive(Debug)]
struct Account {
    login: &'static str,
    password: String,
    has_right: bool,
    n_logins: usize,
}

#[derive(Clone, Debug)]
struct Token {
    text: String,
    login: &'static str,
    expires: i64,
    is_revoked: bool,
}

#[expect(
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    reason = "columns of the contract's table"
)]
struct Code {
    id: i64,
    code: &'static str,
    description: &'static str,
    is_viewable: bool,
    is_callback: bool,
    is_success: bool,
    is_system: bool,
    is_transfer: bool,
    sales: i64,
}

const CODES: [Code; 3] = [
    Code {
        id: 1,
        code: "SALE",
        description: "Sale made",
        is_viewable: true,
        is_callback: false,
        is_success: true,
        is_system: false,
        is_transfer: false,
        sales: 1,
    },
    Code {
        id: 2,
        code: "CALLBACK",
        description: "Call back later",
        is_viewable: true,
        is_callback: true,
        is_success: false,
        is_system: false,
        is_transfer: false,
        sales: 0,
    },
    Code {
        id: 3,
        code: "BRIDGE",
        description: "Bridge call",
        is_viewable: false,
        is_callback: false,
        is_success: false,
        is_system: true,
        is_transfer: true,
        sales: 0,
    },
];

/// Id, name, list and `AutoRecord`.
const CAMPAIGNS: [(i64, &str, i64, bool); 2] =
    [(7, "Renewals Q1", 12, true), (8, "Quiet", 13, false)];
const LISTS: [i64; 2] = [12, 13];

fn code(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|it| it.code == name)
}

impl MaxContact {
    fn is(&self, switch: &str, position: &str) -> bool {
        self.switches.get(switch).is_some_and(|it| *it == position)
    }

    /// The token of the n-th login of an account.
    fn token_text(login: &str, idx: usize) -> String {
        let account = if login == "api.user" { "1" } else { "2" };
        format!("7f0c9d2e-52b1-4d0a-9a5{account}-{idx:012}")
    }

    fn log_in(&mut self, login: &'static str) -> Token {
        let now = self.now;
        if self.is("older_tokens", "revoked") {
            for token in self.tokens.iter_mut().filter(|it| it.login == login) {
                token.is_revoked = token.is_revoked || token.expires > now;
            }
        }
        let account = self.accounts.iter_mut().find(|it| it.login == login);
        let idx = account.map_or(0, |it| {
            it.n_logins += 1;
            it.n_logins - 1
        });
        let token = Token {
            text: Self::token_text(login, idx),
            login,
            expires: now + LIFETIME_MS,
            is_revoked: false,
        };
        self.tokens.push(token.clone());
        token
    }

    fn event(&mut self, name: &'static str, fields: &Value) -> Expected {
        let done = match name {
            "revoke_token" | "expire_tokens" | "set_password" | "set_api_right" => {
                self.account_event(name, fields)
            }
            "system_restart" => {
                self.restart();
                Some(Value::Null)
            }
            "press_record_button" => self.press(fields),
            "offer_call" => self.offer(fields),
            _ if fields["call"].is_number() => self.far_end(name, fields["call"].as_i64()),
            _ => self.agent_event(name, fields),
        };
        let what = if done.is_some() { name } else { "event refused" };
        match done {
            Some(Value::Null) => Expected::ok(what, Body::Any),
            Some(result) => Expected::ok(what, Body::Has(json!({ "result": result }))),
            None => Expected { status: 409, ..Expected::ok(what, Body::Any) },
        }
    }

    fn account_event(&mut self, name: &str, fields: &Value) -> Option<Value> {
        let now = self.now;
        let login = fields["login"].as_str();
        if let Some(login) = login {
            self.accounts.iter().find(|it| it.login == login)?;
        }
        let account = self.accounts.iter_mut().find(|it| Some(it.login) == login);
        match (name, account) {
            ("set_password", Some(account)) => {
                fields["password"].as_str()?.clone_into(&mut account.password);
            }
            ("set_api_right", Some(account)) => account.has_right = fields["api"].as_bool()?,
            ("expire_tokens", Some(account)) => {
                let mine = self.tokens.iter_mut().filter(|it| it.login == account.login);
                for token in mine.filter(|it| !it.is_revoked) {
                    token.expires = token.expires.min(now);
                }
            }
            ("revoke_token", Some(account)) => {
                let mine = self.tokens.iter_mut().filter(|it| it.login == account.login);
                for token in mine.filter(|it| it.expires > now) {
                    token.is_revoked = true;
                }
            }
            _ => {
                let text = fields["token"].as_str()?;
                let mut good = self.tokens.iter_mut().filter(|it| !it.is_revoked);
                good.find(|it| it.text == text)?.is_revoked = true;
            }
        }
        Some(Value::Null)
    }

    fn advance(&mut self, seconds: i64) -> Expected {
        self.settle(self.now + seconds * 1000);
        Expected::ok("advance", Body::Has(json!({ "now": instant(self.now) })))
    }
}

impl Model for MaxContact {
    const VENDOR: &'static str = "maxcontact";
    const BEYOND: &'static [(&'static str, &'static str)] = &[
        ("maxcontact.internal", "Ringback does not fail"),
        ("maxcontact.none_imported", "the reply to an import of a file is not in the contract"),
        ("import_csv_files", "the reply to an import of a file is not in the contract"),
    ];
    const STATES: &'static [&'static str] = desk::STATES;
    type Step = Step;

    fn begin(dice: &mut Dice) -> Self {
        let account = |login, password: &str, has_right| Account {
            login,
            password: password.to_owned(),
            has_right,
            n_logins: 0,
        };
        let agent = |id, campaign: Option<i64>, state| Agent {
            id,
            campaign,
            state,
            waits_for_break: false,
            break_at: None,
        };
        let lead = |id, list, name: &str, name2: &str, reference: &str| Lead {
            id,
            list,
            name: name.to_owned(),
            name2: name2.to_owned(),
            reference: reference.to_owned(),
            status: "active",
            is_priority: false,
            attempts: 0,
            final_code: String::new(),
        };
        let phone = |id, lead, number: &str, kind| Phone {
            id,
            lead,
            number: number.to_owned(),
            kind,
            is_dnc: false,
            categories: String::new(),
        };
        MaxContact {
            now: BEGINS_MS,
            is_manual: dice.percent(50),
            switches: steps::switches(dice),
            accounts: vec![
                account("api.user", "Pa55word!", true),
                account("reports.user", "R3ports!", false),
            ],
            tokens: Vec::new(),
            agents: vec![
                agent(101, Some(7), State::NotReady),
                agent(102, None, State::LoggedOut),
                agent(103, Some(8), State::Ready),
            ],
            calls: Vec::new(),
            past: Vec::new(),
            leads: vec![
                lead(50012, 12, "Asha", "Bennett", "R1"),
                lead(50013, 12, "Marek", "Nowak", "R2"),
                lead(50014, 13, "Ines", "<Okafor & Co>", "R1"),
            ],
            phones: vec![
                phone(90075, 50012, "07700900007", 1),
                phone(90076, 50013, "07700900007", 1),
                phone(90077, 50013, "07700900001", 0),
                phone(90078, 50014, "07700900006", 0),
            ],
            next_call: 1000,
            next_lead: 50015,
            next_phone: 90079,
            n_dropped: 0,
            n_made: 0,
        }
    }

    fn scenario(&self) -> Value {
        let mut line: Vec<Value> = desk::FAR_ENDS
            .iter()
            .map(|(ending, then)| json!({ "ends_with": ending, "then": then }))
            .collect();
        line.push(json!({ "then": "answers" }));
        for rule in &mut line {
            rule["ring"] = "5s".into();
            rule["talk"] = "60s".into();
        }
        let accounts = self.accounts.iter().map(|it| {
            let tokens: Vec<_> = (0..TOKENS).map(|idx| Self::token_text(it.login, idx)).collect();
            json!({ "login": it.login, "password": it.password, "api": it.has_right, "tokens": tokens })
        });
        let campaigns = CAMPAIGNS.iter().map(|(id, name, list, auto_record)| {
            json!({ "id": id, "name": name, "list": list, "auto_record": auto_record })
        });
        let users = self.agents.iter().map(|it| {
            let mut user = json!({ "id": it.id, "name": it.name() });
            if let Some(campaign) = it.campaign {
                user["campaign"] = campaign.into();
                user["state"] = it.state.words().replace(' ', "_").into();
            }
            user
        });
        let codes = CODES.iter().map(|it| {
            json!({
                "id": it.id, "code": it.code, "description": it.description,
                "agent_viewable": it.is_viewable, "callback": it.is_callback,
                "success": it.is_success, "system": it.is_system, "transfer": it.is_transfer,
                "sales": it.sales, "status": 1, "success_type": i64::from(it.is_success),
            })
        });
        let leads = self.leads.iter().map(|it| {
            json!({
                "id": it.id, "list": it.list, "name": it.name, "name2": it.name2,
                "reference": it.reference,
            })
        });
        let phones = self.phones.iter().map(
            |it| json!({ "id": it.id, "lead": it.lead, "number": it.number, "type": it.kind }),
        );
        let settings = json!({
            "line": if self.is_manual { "manual" } else { "timed" },
            "ring_after": "1s", "break_delay": "30s", "token_lifetime": "1h",
        });
        let lists = LISTS.map(|id| json!({ "id": id, "name": format!("List {id}") }));
        json!({
            "seed": 1,
            "clock": { "mode": "frozen", "at": instant(self.now) },
            "line": line,
            "maxcontact": {
                "settings": settings,
                "accounts": accounts.collect::<Vec<_>>(),
                "lists": lists,
                "campaigns": campaigns.collect::<Vec<_>>(),
                "users": users.collect::<Vec<_>>(),
                "result_codes": codes.collect::<Vec<_>>(),
                "queues": [{ "id": 3, "name": "Customer Service" }],
                "phone_types": [{ "id": 0, "name": "Home" }, { "id": 1, "name": "Mobile" }],
                "leads": leads.collect::<Vec<_>>(),
                "lead_phones": phones.collect::<Vec<_>>(),
                "variants": self.switches,
            },
        })
    }

    fn next(&self, dice: &mut Dice) -> Step {
        self.draw(dice)
    }

    fn input(&self, step: &Step) -> Input {
        match step {
            Step::Ask(request) => self.sent(request),
            Step::Advance(seconds) => Input::Control {
                method: "POST",
                path: "/clock/advance".into(),
                body: format!(r#"{{"by":"{seconds}s"}}"#),
            },
            Step::Event(name, fields) => Input::Control {
                method: "POST",
                path: format!("/events/maxcontact/{name}"),
                body: fields.to_string(),
            },
        }
    }

    fn expect(&mut self, step: &Step) -> Expected {
        self.settle(self.now);
        let before: Vec<_> = self.agents.iter().map(|it| it.state).collect();
        let n_past = self.past.len();
        let mut expected = match step {
            Step::Ask(request) => self.answer(request),
            Step::Advance(seconds) => self.advance(*seconds),
            Step::Event(name, fields) => self.event(name, fields),
        };
        for (before, agent) in before.iter().zip(&self.agents) {
            if *before != agent.state {
                expected.states.push(agent.state.shown());
            }
        }
        for past in &self.past[n_past..] {
            expected = expected.shows(past.shown());
        }
        expected.states.extend(self.calls.iter().map(|it| it.state.shown()));
        expected
    }

    fn rows(&self) -> Vec<(&'static str, Vec<Value>)> {
        let users = self.agents.iter().map(|it| {
            json!({
                "id": it.id, "state": it.state.words(), "campaign_id": it.campaign,
                "break_pending": i64::from(it.waits_for_break),
            })
        });
        let calls = self.calls.iter().map(|it| {
            json!({
                "id": it.id, "user_id": it.agent, "number": it.number, "lead_id": it.lead,
                "state": it.state.words(), "recording": it.recording.words(),
                "record_button": i64::from(it.button), "start_ms": it.start,
            })
        });
        let past = self.past.iter().map(|it| {
            json!({
                "call_id": it.call, "user_id": it.agent, "number": it.number, "lead_id": it.lead,
                "how": it.how, "result_code": it.code, "notes": it.notes, "n_sales": it.sales,
                "left_ms": it.left,
            })
        });
        let leads = self.leads.iter().map(|it| {
            json!({
                "id": it.id, "list_id": it.list, "name": it.name, "name2": it.name2,
                "reference_id": it.reference, "status": it.status, "attempts": it.attempts,
                "is_priority": i64::from(it.is_priority), "final_code": it.final_code,
            })
        });
        let phones = self.phones.iter().map(|it| {
            json!({
                "id": it.id, "lead_id": it.lead, "number": it.number, "type_id": it.kind,
                "dnc": i64::from(it.is_dnc), "dnc_categories": it.categories,
            })
        });
        let mut tokens: Vec<&Token> = self.tokens.iter().collect();
        tokens.sort_by_key(|it| &it.text);
        let tokens = tokens.into_iter().map(|it| {
            json!({ "login": it.login, "expires_ms": it.expires, "revoked": i64::from(it.is_revoked) })
        });
        vec![
            ("users", users.collect()),
            ("calls", calls.collect()),
            ("past_calls", past.collect()),
            ("leads", leads.collect()),
            ("lead_phones", phones.collect()),
            ("tokens", tokens.collect()),
        ]
    }
}

fn instant(ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
