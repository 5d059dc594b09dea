//! What is done next: mostly what makes sense in the model's state, sometimes with a mistake.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::super::dice::Dice;
use super::ask::{Key, Request, Says};
use super::desk::{CallState, State};
use super::wire::Form;
use super::{MaxContact, TOKENS};

#[derive(Clone, Debug)]
pub(in super::super) enum Step {
    Ask(Request),
    /// So many seconds.
    Advance(i64),
    Event(&'static str, Value),
}

const SWITCHES: [(&str, &[&str]); 19] = [
    ("after_dispose", &["not_ready"]),
    ("after_break", &["ready"]),
    ("dial_in_not_ready", &["refused"]),
    ("dial_needs_hold", &["false"]),
    ("go_ready_while_wrapping", &["ignored"]),
    ("retrieve_while_dialling", &["refused"]),
    ("getcalls_lists_wrapping", &["false"]),
    ("call_start_time", &["connection"]),
    ("action_data", &["call"]),
    ("leadphone_emit_id", &["true"]),
    ("unknown_lead_phones", &["e_lead"]),
    ("no_lead_matches", &["ok"]),
    ("bad_token", &["200", "403", "html_400"]),
    ("no_api_right", &["200"]),
    ("bad_login", &["200"]),
    ("bad_path_number", &["html_400"]),
    ("bad_query_number", &["e_param"]),
    ("json_date", &["iso"]),
    ("older_tokens", &["revoked"]),
];

/// Every second world is as by default.
pub(super) fn switches(dice: &mut Dice) -> BTreeMap<&'static str, &'static str> {
    if dice.percent(50) {
        return BTreeMap::new();
    }
    let mut chosen = BTreeMap::new();
    for (name, positions) in SWITCHES {
        if dice.percent(25) {
            chosen.insert(name, *dice.of(positions));
        }
    }
    chosen
}

const fn says(
    accept: Option<&'static str>,
    media: Option<&'static str>,
    form: Form,
    in_vain: bool,
) -> Says {
    Says { accept, media, form, in_vain }
}

/// Ways to ask for a form.
const WAYS: [Says; 12] = [
    says(None, None, Form::Xml, false),
    says(Some("application/json"), None, Form::Json, false),
    says(Some("text/json"), None, Form::Json, false),
    says(None, Some("application/json"), Form::Json, false),
    says(None, Some("text/json"), Form::Json, false),
    says(Some("application/xml"), Some("application/json"), Form::Xml, false),
    says(Some("text/xml"), None, Form::Xml, false),
    says(Some("*/*"), Some("application/json"), Form::Json, false),
    says(Some("*/*"), None, Form::Xml, false),
    says(Some("application/json, text/plain, */*"), None, Form::Json, false),
    says(Some("application/json"), Some("application/json"), Form::Json, false),
    says(Some("application/vnd.api+json"), None, Form::Xml, true),
];
/// Of those, the ones that go with a body of JSON.
const JSON_BODY: [usize; 4] = [3, 5, 7, 10];

const NUMBERS: [&str; 9] = [
    "07700900001",
    "07700900002",
    "07700900003",
    "07700900004",
    "07700900005",
    "07700900006",
    "07700900007",
    "07700900007",
    "07700900008",
];
const REFERENCES: [&str; 4] = ["R1", "R2", "R3", "R9"];
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

impl MaxContact {
    pub(super) fn draw(&self, dice: &mut Dice) -> Step {
        match dice.below(100) {
            0..9 => Step::Advance(*dice.of(&[0, 1, 1, 3, 5, 12, 31, 67, 611, 3600])),
            9..30 => self.draw_event(dice),
            _ => Step::Ask(self.draw_request(dice)),
        }
    }

    fn draw_event(&self, dice: &mut Dice) -> Step {
        // Without it nothing else comes far.
        if self.accounts.iter().all(|it| !it.has_right) && dice.percent(50) {
            return Step::Event("set_api_right", json!({ "login": "api.user", "api": true }));
        }
        let most = if dice.percent(95) { 5 } else { 6 };
        let user = *dice.of(&[101, 101, 102, 103, 103, 999][..most]);
        let call = self.some_call(dice);
        let of_user = json!({ "user": user });
        match dice.below(100) {
            0..12 => {
                let most = if dice.percent(95) { 2 } else { 3 };
                let campaign = *dice.of(&[7, 8, 9][..most]);
                Step::Event("agent_login", json!({ "user": user, "campaign": campaign }))
            }
            12..15 => Step::Event("agent_logout", of_user),
            15..21 => Step::Event("go_not_ready", of_user),
            21..30 => Step::Event("request_break", of_user),
            30..33 => Step::Event("cancel_break", of_user),
            33..40 => Step::Event("end_break", of_user),
            40..75 if self.is_manual => {
                let name = *dice.of(&[
                    "far_end_rings",
                    "far_end_answers",
                    "far_end_answers",
                    "far_end_answers",
                    "far_end_is_busy",
                    "far_end_does_not_answer",
                    "far_end_rejects",
                    "far_end_hangs_up",
                ]);
                Step::Event(name, json!({ "call": call }))
            }
            40..80 => {
                let phone = *dice.of(&NUMBERS);
                Step::Event("offer_call", json!({ "user": user, "phone": phone }))
            }
            80..84 => {
                let on = dice.percent(50);
                Step::Event("press_record_button", json!({ "call": call, "on": on }))
            }
            84 => Step::Event("system_restart", json!({})),
            _ => self.draw_account(dice),
        }
    }

    fn draw_account(&self, dice: &mut Dice) -> Step {
        let most = if dice.percent(90) { 2 } else { 3 };
        let login = *dice.of(&["api.user", "reports.user", "nobody"][..most]);
        match dice.below(10) {
            0 => {
                let text = self.tokens.last().map_or("x", |it| it.text.as_str());
                Step::Event("revoke_token", json!({ "token": text }))
            }
            1 => Step::Event("revoke_token", json!({ "login": login })),
            2..4 => Step::Event("expire_tokens", json!({ "login": login })),
            4..6 => {
                let password = *dice.of(&["Pa55word!", "R3ports!", "Secret-2"]);
                Step::Event("set_password", json!({ "login": login, "password": password }))
            }
            _ => {
                let has_right = (login == "api.user") == dice.percent(85);
                Step::Event("set_api_right", json!({ "login": login, "api": has_right }))
            }
        }
    }

    fn some_call(&self, dice: &mut Dice) -> i64 {
        if self.calls.is_empty() || dice.percent(5) {
            let back = i64::try_from(dice.below(4)).unwrap_or(0);
            return self.next_call - back + 1;
        }
        self.calls[dice.below(self.calls.len())].id
    }

    fn draw_request(&self, dice: &mut Dice) -> Request {
        let live = self.tokens.iter().rev().position(|it| {
            let has_right = self.accounts.iter().any(|of| of.login == it.login && of.has_right);
            !it.is_revoked && it.expires > self.now && has_right
        });
        let may = self.accounts.iter().any(|it| it.login == "api.user" && it.has_right);
        let wants_login = live.is_none() && may && dice.percent(60) || dice.percent(1);
        let mut request = match dice.below(100) {
            _ if wants_login => self.draw_login(dice),
            0..18 => self.draw_leads(dice),
            18..30 => self.draw_list(dice),
            _ => self.draw_telephony(dice),
        };
        request.key = live.map_or(Key::None, Key::Last);
        if dice.percent(10) {
            Self::spoil(&mut request, dice);
        }
        request
    }

    fn spoil(request: &mut Request, dice: &mut Dice) {
        match dice.below(7) {
            0 => request.key = Key::None,
            1 => request.key = Key::Foreign,
            2 | 3 => request.key = Key::Last(dice.below(6)),
            4 => {
                let paths = [
                    "telephony/getcalls",
                    "telephony/goready/agent/101",
                    "telephony/login/user/101",
                    "apitoken/login",
                    "leadmanagement/nothing/5",
                    "callbacks/5",
                ];
                (*dice.of(&paths)).clone_into(&mut request.path);
            }
            5 if request.body.is_empty() => request.method = *dice.of(&METHODS),
            _ => {
                let case: String = request
                    .path
                    .chars()
                    .enumerate()
                    .map(|(at, it)| if at % 2 == 0 { it.to_ascii_uppercase() } else { it })
                    .collect();
                if request.path.starts_with("telephony") {
                    request.path = case;
                }
            }
        }
    }

    fn draw_login(&self, dice: &mut Dice) -> Request {
        let right = self.accounts.iter().any(|it| it.login == "api.user" && it.has_right);
        let login = if right && dice.percent(85) { "api.user" } else { "reports.user" };
        let account = self.accounts.iter().find(|it| it.login == login);
        let is_spent = account.is_none_or(|it| it.n_logins + 1 >= TOKENS);
        let password = account.map_or("", |it| it.password.as_str());
        let password = if is_spent || dice.percent(10) { "wrong" } else { password };
        let mut sent = STANDARD.encode(password);
        let mut login = login;
        match dice.below(30) {
            0 => sent = format!("Basic {sent}"),
            1 => sent = password.to_owned() + "%",
            2 => login = "nobody",
            _ => {}
        }
        let mut request = Self::get(format!("apitoken/login/{login}"), dice);
        request.authorization = (!dice.percent(2)).then_some(sent);
        request
    }

    fn get(path: String, dice: &mut Dice) -> Request {
        let most = if dice.percent(95) { 11 } else { 12 };
        let way = dice.below(most);
        Request {
            method: "GET",
            path,
            query: Vec::new(),
            key: Key::None,
            says: WAYS[way],
            authorization: None,
            body: String::new(),
        }
    }

    /// An agent's number, seldom one that is none.
    fn user(dice: &mut Dice) -> String {
        let users = ["101", "101", "103", "103", "102", "999", "x", "1.5"];
        let most = if dice.percent(97) { 5 } else { 8 };
        (*dice.of(&users[..most])).to_owned()
    }

    fn draw_list(&self, dice: &mut Dice) -> Request {
        let user = Self::user(dice);
        let name = *dice.of(&[
            "campaigns",
            "users",
            "resultcodes",
            "acdqueues",
            "leadphones",
            "leadphones",
        ]);
        let mut path = format!("telephony/{name}/user/{user}");
        if name == "leadphones" {
            let lead =
                if dice.percent(5) { "x".to_owned() } else { self.some_lead(dice).to_string() };
            path = format!("{path}/lead/{lead}");
        }
        Self::get(path, dice)
    }

    fn some_lead(&self, dice: &mut Dice) -> i64 {
        if dice.percent(8) { 77 } else { self.leads[dice.below(self.leads.len())].id }
    }

    fn number(dice: &mut Dice) -> String {
        let bad = ["12", "0770x900", "123456789012345678901"];
        (*if dice.percent(4) { dice.of(&bad) } else { dice.of(&NUMBERS) }).to_owned()
    }

    fn draw_telephony(&self, dice: &mut Dice) -> Request {
        let mut user = Self::user(dice);
        let mut call = self.some_call(dice).to_string();
        // Two calls in one hand are rare, and what is done with them rarer still.
        let holding = self.agents.iter().find(|it| it.state == State::Holding);
        if let Some(agent) = holding.filter(|_| dice.percent(50)) {
            return self.draw_dial(&format!("telephony/dial/user/{}", agent.id), dice);
        }
        if self.with_two().is_some() && dice.percent(50) {
            return self.draw_connect(dice);
        }
        // Most calls are asked for by their own agent.
        if dice.percent(90)
            && let Some(own) = self.calls.iter().find(|it| it.id.to_string() == call)
        {
            user = own.agent.to_string();
        }
        if dice.percent(2) {
            "x".clone_into(&mut call);
        }
        let base = |name: &str| format!("telephony/{name}/user/{user}");
        let of_call = |name: &str| format!("telephony/{name}/user/{user}/call/{call}");
        match dice.below(100) {
            0..10 => Self::get(base("getcalls"), dice),
            10..22 => Self::get(base("goready"), dice),
            22..44 => self.draw_dial(&base("dial"), dice),
            44..50 => Self::get(of_call("hangup"), dice),
            50..64 => {
                let mut dispose = Self::get(of_call("dispose"), dice);
                if !dice.percent(3) {
                    let codes = ["SALE", "CALLBACK", "BRIDGE", "sale", "NOPE"];
                    let most = if dice.percent(95) { 3 } else { 5 };
                    let name = if dice.percent(10) { "ResultCode" } else { "resultcode" };
                    dispose.query.push((name, (*dice.of(&codes[..most])).to_owned()));
                }
                dispose
            }
            64..72 => Self::get(of_call("hold"), dice),
            72..78 => Self::get(of_call("retrieve"), dice),
            78..82 => Self::get(of_call("stoprecord"), dice),
            82..86 => Self::get(of_call("startrecord"), dice),
            86..91 => {
                let phones = self.phones.len();
                let phone = if dice.percent(90) { self.phones[dice.below(phones)].id } else { 5 };
                let phone = if dice.percent(3) { "x".to_owned() } else { phone.to_string() };
                Self::get(format!("{}/leadphone/{phone}", of_call("changelead")), dice)
            }
            91..94 => {
                let number = Self::number(dice);
                Self::get(format!("{}/phone/{number}", of_call("createnewlead")), dice)
            }
            _ => self.draw_connect(dice),
        }
    }

    fn draw_dial(&self, base: &str, dice: &mut Dice) -> Request {
        let number = Self::number(dice);
        let mut dial = Self::get(format!("{base}/phone/{number}"), dice);
        if dice.percent(20) {
            let lead =
                if dice.percent(5) { "x".to_owned() } else { self.some_lead(dice).to_string() };
            dial.query.push(("leadid", lead));
        }
        dial
    }

    /// An agent with two calls that can be bridged.
    fn with_two(&self) -> Option<i64> {
        let up = |agent: i64| {
            self.calls.iter().filter(move |it| it.agent == agent && it.state.is_up()).count()
        };
        self.agents.iter().map(|it| it.id).find(|it| up(*it) >= 2)
    }

    fn draw_connect(&self, dice: &mut Dice) -> Request {
        let busy: Vec<i64> = self
            .agents
            .iter()
            .filter(|it| !matches!(it.state, State::LoggedOut | State::Ready))
            .map(|it| it.id)
            .collect();
        let two = self.with_two().filter(|_| dice.percent(90));
        let user = match two {
            Some(user) => user,
            None if busy.is_empty() => 101,
            None => *dice.of(&busy),
        };
        let mut mine: Vec<i64> = self
            .calls
            .iter()
            .filter(|it| it.agent == user && (it.state != CallState::Ended || dice.percent(30)))
            .map(|it| it.id)
            .collect();
        while mine.len() < 2 {
            mine.push(self.some_call(dice));
        }
        if dice.percent(4) {
            mine[1] = mine[0];
        }
        let mut query = vec![("call1", mine[0].to_string()), ("call2", mine[1].to_string())];
        for name in ["resultcode1", "resultcode2"] {
            let codes = ["SALE", "BRIDGE", "CALLBACK", "NOPE"];
            let most = if dice.percent(95) { 3 } else { 4 };
            query.push((name, (*dice.of(&codes[..most])).to_owned()));
        }
        if dice.percent(40) {
            query.push(("notes1", "warm".to_owned()));
        }
        if dice.percent(40) {
            query.push(("numsales2", (*dice.of(&["0", "3", "7"])).to_owned()));
        }
        match dice.below(25) {
            0 => {
                query.remove(dice.below(4));
            }
            1 => "x".clone_into(&mut query[dice.below(2)].1),
            _ => {}
        }
        let mut connect = Self::get(format!("telephony/connectcalls/user/{user}"), dice);
        connect.query = query;
        connect
    }

    fn draw_leads(&self, dice: &mut Dice) -> Request {
        let base = "leadmanagement";
        let lead = if dice.percent(4) { "x".to_owned() } else { self.some_lead(dice).to_string() };
        let number = Self::number(dice);
        let reference = *dice.of(&REFERENCES);
        let mut request = Self::get(String::new(), dice);
        request.method = "POST";
        let path = match dice.below(10) {
            0 => return Self::draw_add(dice),
            1 => format!("DeactivateLeadByPhone/{number}"),
            2 => format!("DeactivateLeadByRefId/{reference}"),
            3 => format!("DeactivateLeadId/{lead}"),
            4 => format!("DncLeadPhoneNumber/{number}"),
            5 => format!("DncLeadId/{lead}"),
            6 => format!("ReactivateLeadByPhone/{number}"),
            7 => format!("ReactivateLeadByLeadId/{lead}"),
            8 => format!("ReactivateLeadByLeadByRefId/{reference}"),
            _ => format!("MoveLeadByRefId/{reference}"),
        };
        if path.starts_with("Deactivate") {
            request.method = "DELETE";
        }
        let is_by_id = path.contains("LeadId/");
        if path.starts_with("Move") {
            let lists = ["12", "13", "99", "x"];
            let most = if dice.percent(92) { 2 } else { 4 };
            request.query.push(("newListID", (*dice.of(&lists[..most])).to_owned()));
            if dice.percent(30) {
                request.query.push(("oldListID", (*dice.of(&["12", "13"])).to_owned()));
            }
            for (name, value) in [("resetAttempts", "true"), ("updateFinal", "true")] {
                if dice.percent(30) {
                    request.query.push((name, value.to_owned()));
                }
            }
            if dice.percent(50) {
                request.query.push(("finalCode", "SALE".to_owned()));
            }
        } else if !is_by_id && dice.percent(25) {
            request.query.push(("listID", (*dice.of(&["12", "13"])).to_owned()));
        }
        if path.starts_with("Reactivate") && dice.percent(50) {
            let value = if dice.percent(95) { "true" } else { "maybe" };
            request.query.push(("reactivateDnc", value.to_owned()));
        }
        if path.starts_with("DncLeadPhone") && dice.percent(40) {
            request.query.push(("dnccategories", "1,2".to_owned()));
        }
        request.path = format!("{base}/{path}");
        request
    }

    fn draw_add(dice: &mut Dice) -> Request {
        let phone = |dice: &mut Dice| {
            let mut phone = json!({ "PhoneNum": Self::number(dice), "PhoneTypeID": dice.below(2) });
            if dice.percent(20) {
                phone["IsHighPriority"] = true.into();
            }
            phone
        };
        let n_phones = if dice.percent(5) { 0 } else { 1 + dice.below(2) };
        let phones: Vec<Value> = (0..n_phones).map(|_| phone(dice)).collect();
        let lists = [json!(12), json!(13), json!(99)];
        let most = if dice.percent(95) { 2 } else { 3 };
        let body = json!({
            "Name": "Nina", "Name2": "Park", "ReferenceID": dice.of(&REFERENCES),
            "ListID": dice.of(&lists[..most]), "LeadPhones": phones,
        });
        let body = if dice.percent(5) { "{\"Name\":".to_owned() } else { body.to_string() };
        let mut add = Self::get("leadmanagement/AddLead".to_owned(), dice);
        add.method = "POST";
        add.says = WAYS[*dice.of(&JSON_BODY)];
        add.body = body;
        add
    }
}
