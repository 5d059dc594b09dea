//! The services: routes (2), the order of checks (4.4) and what is refused (5).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::super::inputs::Input;
use super::super::{Body, Expected};
use super::desk::{CallState, Recording, State};
use super::leads::{is_phone, no_lead};
use super::wire::{Datum, Form, written};
use super::{Account, CAMPAIGNS, CODES, MaxContact, code};

/// Which token goes along.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Key {
    None,
    /// One that nobody gave out.
    Foreign,
    /// So many from the newest on.
    Last(usize),
}

/// What the request says of the form of its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Says {
    pub(super) accept: Option<&'static str>,
    pub(super) media: Option<&'static str>,
    pub(super) form: Form,
    /// JSON is spoken of where nobody looks.
    pub(super) in_vain: bool,
}

impl Says {
    /// Whether neither header names a form in full.
    fn names_nothing(&self) -> bool {
        let named = ["application/json", "text/json", "application/xml", "text/xml"];
        let said = self.accept.into_iter().chain(self.media);
        !said.flat_map(|it| it.split(", ")).any(|it| named.contains(&it))
    }
}

#[derive(Clone, Debug)]
pub(in super::super) struct Request {
    pub(super) method: &'static str,
    /// Behind `/webservices/services/`.
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) key: Key,
    pub(super) says: Says,
    pub(super) authorization: Option<String>,
    pub(super) body: String,
}

impl Request {
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.value(name).unwrap_or_default()
    }

    /// An integer in the query; what is left out is none.
    pub(super) fn whole(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        value.parse().map(Some).map_err(|_| bad_query(name))
    }

    pub(super) fn truth(&self, name: &str) -> Result<bool, Refusal> {
        match self.value(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(bad_query(name)),
        }
    }
}

/// Why not.
#[derive(Debug)]
pub(super) enum Refusal {
    /// An envelope with 200.
    Envelope { code: i64, rule: &'static str, detail: String },
    /// An envelope with another status.
    Caller { status: u16, code: i64, rule: &'static str, detail: &'static str },
    /// A page of the platform's.
    Page { status: u16, rule: &'static str },
    /// A parameter in the query that is none of its type.
    Query { name: String },
}

pub(super) fn refused(code: i64, rule: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal::Envelope { code, rule, detail: detail.into() }
}

pub(super) fn parameter(name: &str) -> Refusal {
    refused(31, "maxcontact.param", format!("Parameter {name} is not valid"))
}

pub(super) fn bad_number(number: &str) -> Refusal {
    refused(33, "maxcontact.phone", format!("Phone number '{number}' is not valid"))
}

fn bad_query(name: &str) -> Refusal {
    Refusal::Query { name: name.to_owned() }
}

fn page(status: u16, rule: &'static str) -> Refusal {
    Refusal::Page { status, rule }
}

fn bad_code(code: &str) -> Refusal {
    refused(32, "maxcontact.result_code", format!("Result code '{code}' is not valid"))
}

type Answer = Result<Datum, Refusal>;

impl MaxContact {
    pub(super) fn sent(&self, request: &Request) -> Input {
        let query: Vec<String> =
            request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let mut headers = Vec::new();
        let mut add = |name: &str, value: &str| headers.push((name.to_owned(), value.to_owned()));
        if let Some(token) = self.token(request) {
            add("Cookie", &format!("lang=en; TokenKey={token}"));
        }
        if let Some(value) = &request.authorization {
            add("Authorization", value);
        }
        if let Some(value) = request.says.accept {
            add("Accept", value);
        }
        if let Some(value) = request.says.media {
            add("Content-Type", value);
        }
        Input::Vendor {
            method: request.method.to_owned(),
            path: format!("/webservices/services/{}{mark}{}", request.path, query.join("&")),
            headers,
            body: request.body.clone().into_bytes(),
        }
    }

    fn token(&self, request: &Request) -> Option<String> {
        match request.key {
            Key::None => None,
            Key::Foreign => Some("7f0c9d2e-0000-4d0a-9a53-3f2f6c1e8b47".to_owned()),
            Key::Last(back) => self.tokens.iter().rev().nth(back).map(|it| it.text.clone()),
        }
    }

    pub(super) fn answer(&mut self, request: &Request) -> Expected {
        let path = request.path.clone();
        let segments: Vec<&str> = path.split('/').collect();
        let service = segments[0].to_ascii_lowercase();
        match (service.as_str(), &segments[1..]) {
            ("apitoken", ["login", login]) => self.answer_login(request, login),
            ("telephony", rest) => {
                let (operation, answer) = self.telephony(request, rest);
                self.told(request, operation, "CallActionResponse", "Telephony", answer)
            }
            ("leadmanagement", rest) => {
                let (operation, answer) = self.leadmanagement(request, rest);
                self.told(request, operation, "LeadManagementResponse", "LeadManagement", answer)
            }
            _ => Expected::refused("-", 404, "maxcontact.path", Body::Any),
        }
    }

    fn answer_login(&mut self, request: &Request, login: &str) -> Expected {
        if request.method != "GET" {
            return Expected::refused("-", 405, "maxcontact.method", Body::Any);
        }
        let sent = request.authorization.as_deref().unwrap_or_default();
        let is_good = |it: &&Account| it.login == login && STANDARD.encode(&it.password) == sent;
        let Some(login) = self.accounts.iter().find(is_good).map(|it| it.login) else {
            let status = if self.is("bad_login", "200") { 200 } else { 401 };
            let body = if status == 401 { Body::Empty } else { Body::Any };
            return Expected::refused("log_in", status, "maxcontact.login", body);
        };
        let token = self.log_in(login);
        let members =
            [("Expiry", Datum::Date(token.expires)), ("TokenKey", Datum::Text(token.text))];
        let text = written(
            request.says.form,
            "ApiToken",
            "Telephony",
            &members,
            self.is("json_date", "iso"),
        );
        let expected = Expected::ok("log_in", Body::Text(text));
        // At a login it is told also where nothing is spoken of at all.
        if request.says.in_vain || request.says.names_nothing() {
            expected.tells("maxcontact.format")
        } else {
            expected
        }
    }

    /// The envelope, or what stands in its place.
    fn told(
        &self,
        request: &Request,
        operation: &'static str,
        root: &str,
        service: &str,
        answer: Answer,
    ) -> Expected {
        let envelope = |data: Datum, code: i64, detail: &str, is_success: bool| {
            let members = [
                ("Data", data),
                ("ResponseCode", Datum::Int(code)),
                ("ResponseDetail", Datum::Text(detail.to_owned())),
                ("Success", Datum::Bool(is_success)),
            ];
            Body::Text(written(
                request.says.form,
                root,
                service,
                &members,
                self.is("json_date", "iso"),
            ))
        };
        match answer {
            Ok(data) => {
                // What the contract does not give whole is not compared.
                let is_known = !["list_campaigns", "list_acd_queues"].contains(&operation);
                let body = if is_known {
                    envelope(data, 0, "OK", true)
                } else {
                    Self::entities(request, operation)
                };
                let expected = Expected::ok(operation, body);
                if request.says.in_vain { expected.tells("maxcontact.format") } else { expected }
            }
            Err(Refusal::Envelope { code, rule, detail }) => {
                Expected::refused(operation, 200, rule, envelope(Datum::Null, code, &detail, false))
            }
            Err(Refusal::Caller { status, code, rule, detail }) => {
                let body = envelope(Datum::Null, code, detail, false);
                Expected::refused(operation, status, rule, body)
            }
            Err(Refusal::Page { status, rule }) => {
                Expected::refused(operation, status, rule, Body::Any)
            }
            Err(Refusal::Query { name }) if self.is("bad_query_number", "e_param") => {
                let detail = format!("Parameter {name} is not valid");
                let body = envelope(Datum::Null, 31, &detail, false);
                Expected::refused(operation, 200, "maxcontact.query_number", body)
            }
            Err(Refusal::Query { .. }) => {
                Expected::refused(operation, 400, "maxcontact.query_number", Body::Any)
            }
        }
    }

    /// Entities whose defaults are a table: the members that a scenario gave.
    fn entities(request: &Request, operation: &str) -> Body {
        if request.says.form == Form::Xml {
            return Body::Any;
        }
        let data = if operation == "list_campaigns" {
            let all = CAMPAIGNS.iter().map(|(id, name, list, auto_record)| {
                json!({
                    "CampaignID": id, "CampaignName": name, "DefaultListID": list,
                    "AutoRecord": auto_record, "Active": true, "Status": 1, "TenantID": 1,
                    "MOTD": "", "Leads": null, "ReadyUsers": [], "PlacedPredictiveCallsLock": {},
                })
            });
            all.collect::<Vec<_>>()
        } else {
            vec![json!({
                "ID": 3, "AcdName": "Customer Service", "SessionStats": null,
                "SnapshotStats": null, "TenMinuteOffers": null,
                "TenMinuteOffersVirtualQueue": null, "ZipToneWav": null,
            })]
        };
        Body::Has(json!({
            "Data": data, "ResponseCode": 0, "ResponseDetail": "OK", "Success": true
        }))
    }

    fn caller(&self, request: &Request) -> Result<(), Refusal> {
        let text = self.token(request);
        let token = self.tokens.iter().find(|it| Some(&it.text) == text.as_ref());
        let refusal = |code, rule, detail| match self.switches.get("bad_token") {
            Some(&"200") => Refusal::Caller { status: 200, code, rule, detail },
            Some(&"403") => Refusal::Caller { status: 403, code, rule, detail },
            Some(&"html_400") => page(400, rule),
            _ => Refusal::Caller { status: 401, code, rule, detail },
        };
        let Some(token) = token.filter(|it| !it.is_revoked) else {
            return Err(refusal(1, "maxcontact.token", "A valid TokenKey is required"));
        };
        if token.expires <= self.now {
            return Err(refusal(2, "maxcontact.token_expired", "The TokenKey has expired"));
        }
        let account = self.accounts.iter().find(|it| it.login == token.login);
        if account.is_some_and(|it| it.has_right) {
            return Ok(());
        }
        let status = if self.is("no_api_right", "200") { 200 } else { 403 };
        let detail = "The user has no right to use the API";
        Err(Refusal::Caller { status, code: 3, rule: "maxcontact.api_right", detail })
    }

    pub(super) fn path_number(&self, name: &str, text: &str) -> Result<i64, Refusal> {
        text.parse().map_err(|_| {
            if self.is("bad_path_number", "html_400") {
                page(400, "maxcontact.path_number")
            } else {
                let detail = format!("Parameter {name} is not valid");
                refused(31, "maxcontact.path_number", detail)
            }
        })
    }

    fn telephony(&mut self, request: &Request, segments: &[&str]) -> (&'static str, Answer) {
        let lower: Vec<String> = segments.iter().map(|it| it.to_ascii_lowercase()).collect();
        let literals: Vec<&str> = lower.iter().map(String::as_str).collect();
        let operation = match literals.as_slice() {
            ["getcalls", "user", _] => "get_calls",
            ["goready", "user", _] => "go_ready",
            ["dial", "user", _, "phone", _] => "dial",
            ["hangup", "user", _, "call", _] => "hangup",
            ["dispose", "user", _, "call", _] => "dispose",
            ["hold", "user", _, "call", _] => "hold",
            ["retrieve", "user", _, "call", _] => "retrieve",
            ["stoprecord", "user", _, "call", _] => "stop_recording",
            ["startrecord", "user", _, "call", _] => "start_recording",
            ["campaigns", "user", _] => "list_campaigns",
            ["users", "user", _] => "list_users",
            ["resultcodes", "user", _] => "list_result_codes",
            ["acdqueues", "user", _] => "list_acd_queues",
            ["leadphones", "user", _, "lead", _] => "list_lead_phones",
            ["changelead", "user", _, "call", _, "leadphone", _] => "change_lead",
            ["createnewlead", "user", _, "call", _, "phone", _] => "create_lead",
            ["connectcalls", "user", _] => "connect_calls",
            _ => return ("-", Err(page(404, "maxcontact.path"))),
        };
        if request.method != "GET" {
            return ("-", Err(page(405, "maxcontact.method")));
        }
        let rest: Vec<&str> = segments.iter().skip(4).step_by(2).copied().collect();
        (operation, self.telephone(request, operation, segments[2], &rest))
    }

    /// In the order of checks.
    fn telephone(
        &mut self,
        request: &Request,
        operation: &'static str,
        user: &str,
        rest: &[&str],
    ) -> Answer {
        self.caller(request)?;
        let user = self.path_number("UserID", user)?;
        let Some(agent) = self.agent(user) else {
            let detail = format!("User {user} does not exist");
            return Err(refused(11, "maxcontact.user_unknown", detail));
        };
        let state = agent.state;
        match operation {
            "list_campaigns" | "list_acd_queues" => return Ok(Datum::Null),
            "list_users" => return Ok(self.users()),
            "list_result_codes" => return Ok(result_codes()),
            "list_lead_phones" => return self.lead_phones(rest[0]),
            _ => {}
        }
        let phone_at = ["dial", "create_lead"].contains(&operation);
        let numbers = if operation == "dial" { &[][..] } else { rest };
        let mut ids = Vec::new();
        for (name, text) in ["CallID", "LeadPhoneID"].iter().zip(numbers) {
            if !(phone_at && *name == "LeadPhoneID") {
                ids.push(self.path_number(name, text)?);
            }
        }
        let lead = if operation == "dial" { request.whole("leadid")? } else { None };
        let pair = if operation == "connect_calls" { pair(request)? } else { [0, 0] };
        if state == State::LoggedOut {
            let detail = format!("User {user} is not logged in");
            return Err(refused(12, "maxcontact.not_logged_in", detail));
        }
        match operation {
            "get_calls" => Ok(self.active(user)),
            "go_ready" => self.go_ready(user, state),
            "dial" => self.dial(user, state, rest[0], lead),
            "connect_calls" => self.bridge(user, pair, request),
            _ => {
                let at = self.own(user, ids[0]).ok_or_else(|| unknown_call(user, ids[0]))?;
                match operation {
                    "change_lead" => self.change_lead(at, ids[1]),
                    "create_lead" => self.create_lead(at, rest.last().unwrap_or(&"")),
                    _ => self.command(operation, user, at, request),
                }
            }
        }
    }

    fn go_ready(&mut self, user: i64, state: State) -> Answer {
        match state {
            State::NotReady | State::Ready | State::OnBreak => {
                if let Some(agent) = self.agents.iter_mut().find(|it| it.id == user) {
                    agent.state = State::Ready;
                }
                Ok(Datum::Null)
            }
            State::Wrapping if self.is("go_ready_while_wrapping", "ignored") => Ok(Datum::Null),
            _ => Err(cannot(user, "go ready", state.words())),
        }
    }

    fn dial(&mut self, user: i64, state: State, number: &str, lead: Option<i64>) -> Answer {
        let may = match state {
            State::NotReady => !self.is("dial_in_not_ready", "refused"),
            State::Ready | State::Holding => true,
            State::Talking | State::Calling => self.is("dial_needs_hold", "false"),
            _ => false,
        };
        if !may {
            return Err(cannot(user, "dial", state.words()));
        }
        if self.calls.iter().filter(|it| it.agent == user).count() >= 2 {
            return Err(cannot(user, "dial", &format!("{} with 2 calls in hand", state.words())));
        }
        if !is_phone(number) {
            return Err(bad_number(number));
        }
        let campaign = self.agent(user).and_then(|it| it.campaign).unwrap_or(0);
        let lead = match lead.filter(|it| *it != 0) {
            Some(id) if self.lead(id).is_none() => return Err(no_lead(&id.to_string())),
            Some(id) => id,
            None => self.lead_for(number, campaign),
        };
        if let Some(lead) = self.leads.iter_mut().find(|it| it.id == lead) {
            lead.attempts += 1;
        }
        let at = self.make_call(user, number, lead);
        Ok(self.shown(at))
    }

    fn command(&mut self, operation: &str, user: i64, at: usize, request: &Request) -> Answer {
        let state = self.calls[at].state;
        let id = self.calls[at].id;
        match operation {
            "hangup" if state != CallState::Ended => self.end(at),
            "dispose" => {
                let name = request.text("resultcode");
                let code = code(name).ok_or_else(|| bad_code(name))?;
                self.leave(at, "disposed", code.code, "", code.sales);
                return Ok(Datum::Null);
            }
            "hold" if state.is_up() => {
                self.calls[at].state = CallState::OnHold;
                self.derive(user);
            }
            "retrieve" if state == CallState::Connected => {}
            "retrieve" if state == CallState::OnHold => {
                let has = |fits: fn(CallState) -> bool| {
                    self.calls.iter().any(|it| it.agent == user && fits(it.state))
                };
                if has(|it| it == CallState::Connected)
                    || has(CallState::is_early) && self.is("retrieve_while_dialling", "refused")
                {
                    return Err(wrong_state(id, state));
                }
                self.calls[at].state = CallState::Connected;
                self.derive(user);
            }
            "stop_recording" if state.is_up() => {
                let call = &mut self.calls[at];
                call.recording = Recording::Stopped;
            }
            "start_recording" if state.is_up() => self.calls[at].recording = Recording::On,
            _ => return Err(wrong_state(id, state)),
        }
        Ok(self.after(id))
    }

    /// What stands in `Data` after a command.
    fn after(&self, id: i64) -> Datum {
        let at = self.calls.iter().position(|it| it.id == id);
        at.filter(|_| self.is("action_data", "call")).map_or(Datum::Null, |at| self.shown(at))
    }

    fn change_lead(&mut self, at: usize, phone: i64) -> Answer {
        let call = &self.calls[at];
        if call.state == CallState::Ended {
            return Err(wrong_state(call.id, call.state));
        }
        let lead = self.phones.iter().find(|it| it.id == phone).map(|it| it.lead);
        let Some(lead) = lead else {
            let detail = format!("Lead phone {phone} does not exist");
            return Err(refused(35, "maxcontact.lead_phone", detail));
        };
        self.calls[at].lead = lead;
        Ok(self.after(self.calls[at].id))
    }

    fn create_lead(&mut self, at: usize, number: &str) -> Answer {
        let (id, state, campaign) =
            (self.calls[at].id, self.calls[at].state, self.calls[at].campaign);
        if state == CallState::Ended {
            return Err(wrong_state(id, state));
        }
        if !is_phone(number) {
            return Err(bad_number(number));
        }
        self.calls[at].lead = self.new_lead_of(number, campaign);
        Ok(self.after(id))
    }

    fn bridge(&mut self, user: i64, pair: [i64; 2], request: &Request) -> Answer {
        // One that is left out is told before one that is not there.
        let mut order = pair;
        order.sort_by_key(|it| *it != 0);
        for id in order {
            self.own(user, id).ok_or_else(|| unknown_call(user, id))?;
        }
        for id in pair {
            if let Some(at) = self.own(user, id)
                && !self.calls[at].state.is_up()
            {
                return Err(wrong_state(id, self.calls[at].state));
            }
        }
        let mut leaving = Vec::new();
        for (idx, id) in pair.into_iter().enumerate() {
            let number = idx + 1;
            let name = request.text(&format!("resultcode{number}")).to_owned();
            let code = code(&name).ok_or_else(|| bad_code(&name))?;
            let sales = request.whole(&format!("numsales{number}"))?.unwrap_or(code.sales);
            let notes = request.text(&format!("notes{number}")).to_owned();
            leaving.push((id, code.code, notes, sales));
        }
        for (id, code, notes, sales) in leaving {
            if let Some(at) = self.own(user, id) {
                self.leave(at, "bridged", code, &notes, sales);
            }
        }
        Ok(Datum::Null)
    }

    fn shown(&self, at: usize) -> Datum {
        let call = &self.calls[at];
        let lead = self.lead(call.lead);
        let name = |it: Option<&String>| Datum::Text(it.cloned().unwrap_or_default());
        let start = match call.connected {
            Some(at) if self.is("call_start_time", "connection") => at,
            _ => call.start,
        };
        let status = i64::from(call.state == CallState::Ended);
        let members = vec![
            ("CallId", Datum::Int(call.id)),
            ("CallStartTime", Datum::Date(start)),
            ("CallState", Datum::Int(call.state.number())),
            ("CallStatus", Datum::Int(status)),
            ("CustomerName", name(lead.map(|it| &it.name))),
            ("CustomerName2", name(lead.map(|it| &it.name2))),
            ("PhoneNumber", Datum::Text(call.number.clone())),
            ("RecordingState", Datum::Int(call.recording.number())),
        ];
        Datum::Object("Call", members)
    }

    fn active(&self, user: i64) -> Datum {
        let hides_ended = self.is("getcalls_lists_wrapping", "false");
        let all =
            self.calls.iter().enumerate().filter(|(_, it)| {
                it.agent == user && !(hides_ended && it.state == CallState::Ended)
            });
        Datum::Array("Call", all.map(|(at, _)| self.shown(at)).collect())
    }

    fn users(&self) -> Datum {
        let all = self.agents.iter().map(|it| {
            let members =
                vec![("FullName", Datum::Text(it.name().to_owned())), ("ID", Datum::Int(it.id))];
            Datum::Object("AgentNameIDPair", members)
        });
        Datum::Array("AgentNameIDPair", all.collect())
    }

    fn lead_phones(&self, text: &str) -> Answer {
        let id = self.path_number("LeadID", text)?;
        if self.lead(id).is_none() && self.is("unknown_lead_phones", "e_lead") {
            return Err(no_lead(&id.to_string()));
        }
        let all = self.phones.iter().filter(|it| it.lead == id).map(|it| {
            let kind = if it.kind == 1 { "Mobile" } else { "Home" };
            let mut members = vec![
                ("LeadId", Datum::Int(it.lead)),
                ("PhoneNumber", Datum::Text(it.number.clone())),
                ("RecordType", Datum::Text(kind.to_owned())),
                ("RecordTypeId", Datum::Int(it.kind)),
            ];
            if self.is("leadphone_emit_id", "true") {
                members.insert(1, ("LeadPhoneId", Datum::Int(it.id)));
            }
            Datum::Object("LeadPhone", members)
        });
        Ok(Datum::Array("LeadPhone", all.collect()))
    }

    fn leadmanagement(&mut self, request: &Request, segments: &[&str]) -> (&'static str, Answer) {
        let name = segments.first().map(|it| it.to_ascii_lowercase()).unwrap_or_default();
        let (operation, method) = match (name.as_str(), segments.len()) {
            ("addlead", 1) => ("add_lead", "POST"),
            ("deactivateleadbyphone", 2) => ("deactivate_lead_by_phone", "DELETE"),
            ("deactivateleadbyrefid", 2) => ("deactivate_lead_by_ref_id", "DELETE"),
            ("deactivateleadid", 2) => ("deactivate_lead_id", "DELETE"),
            ("dncleadphonenumber", 2) => ("dnc_lead_phone_number", "POST"),
            ("dncleadid", 2) => ("dnc_lead_id", "POST"),
            ("reactivateleadbyphone", 2) => ("reactivate_lead_by_phone", "POST"),
            ("reactivateleadbyleadid", 2) => ("reactivate_lead_by_lead_id", "POST"),
            ("reactivateleadbyleadbyrefid", 2) => ("reactivate_lead_by_lead_by_ref_id", "POST"),
            ("moveleadbyrefid", 2) => ("move_lead_by_ref_id", "POST"),
            _ => return ("-", Err(page(404, "maxcontact.path"))),
        };
        if request.method != method {
            return ("-", Err(page(405, "maxcontact.method")));
        }
        let answer = self.manage_leads(request, operation, segments.get(1).unwrap_or(&""));
        (operation, answer.map(|()| Datum::Null))
    }

    fn manage_leads(
        &mut self,
        request: &Request,
        operation: &'static str,
        key: &str,
    ) -> Result<(), Refusal> {
        self.caller(request)?;
        if operation == "add_lead" {
            let body: Value =
                serde_json::from_str(&request.body).map_err(|_| page(400, "maxcontact.body"))?;
            return self.add_lead(&body);
        }
        self.manage(operation, key, request)
    }
}

fn result_codes() -> Datum {
    let all = CODES.iter().map(|it| {
        let members = vec![
            ("Code", Datum::Text(it.code.to_owned())),
            ("Description", Datum::Text(it.description.to_owned())),
            ("IsAgentViewable", Datum::Bool(it.is_viewable)),
            ("IsCallAgain", Datum::Bool(false)),
            ("IsCallback", Datum::Bool(it.is_callback)),
            ("IsSuccess", Datum::Bool(it.is_success)),
            ("IsSystemResultCode", Datum::Bool(it.is_system)),
            ("IsTransfer", Datum::Bool(it.is_transfer)),
            ("ResultCodeID", Datum::Int(it.id)),
            ("Sales", Datum::Int(it.sales)),
            ("StatusID", Datum::Int(1)),
            ("SuccessType", Datum::Int(i64::from(it.is_success))),
        ];
        Datum::Object("ResultCode", members)
    });
    Datum::Array("ResultCode", all.collect())
}

/// The two calls; one that is left out is 0, as every number is.
fn pair(request: &Request) -> Result<[i64; 2], Refusal> {
    let id = |name| request.whole(name).map(Option::unwrap_or_default);
    let pair = [id("call1")?, id("call2")?];
    request.whole("numsales1")?;
    request.whole("numsales2")?;
    if pair[0] == pair[1] {
        return Err(parameter("call2"));
    }
    Ok(pair)
}

fn unknown_call(user: i64, id: i64) -> Refusal {
    refused(21, "maxcontact.call_unknown", format!("Call {id} was not found for user {user}"))
}

fn wrong_state(id: i64, state: CallState) -> Refusal {
    refused(22, "maxcontact.call_state", format!("Call {id} is {}", state.words()))
}

fn cannot(user: i64, command: &str, state: &str) -> Refusal {
    let detail = format!("User {user} cannot {command} while {state}");
    refused(13, "maxcontact.agent_state", detail)
}
