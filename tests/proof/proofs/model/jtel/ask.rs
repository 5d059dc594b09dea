//! The REST API: routes (2), operations, and what is refused (5).

use serde_json::{Map, Value};

use super::super::super::inputs::Input;
use super::super::{Body, Expected};
use super::contact::{Contact, FIELDS, Kind, N_PHONES, TAG};
use super::dialler::History;
use super::{CAMPAIGNS, Campaign, Jtel, agent_text};

/// A request, with the mistakes that are in it.
#[derive(Clone, Debug)]
pub(in super::super) struct Request {
    pub(super) method: &'static str,
    /// Behind `/rest/v1.0/`.
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) authorization: Option<String>,
    pub(super) media: Option<&'static str>,
    pub(super) body: String,
}

impl Request {
    pub(super) fn input(&self) -> Input {
        let query: Vec<String> =
            self.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let mut headers = Vec::new();
        if let Some(value) = &self.authorization {
            headers.push(("Authorization".to_owned(), value.clone()));
        }
        if let Some(media) = self.media {
            headers.push(("Content-Type".to_owned(), media.to_owned()));
        }
        Input::Vendor {
            method: self.method.to_owned(),
            path: format!("/rest/v1.0/{}{mark}{}", self.path, query.join("&")),
            headers,
            body: self.body.clone().into_bytes(),
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(it, _)| *it == name).map(|(_, value)| value.as_str())
    }
}

/// Why not, with the text of the error.
struct Refusal {
    status: u16,
    rule: &'static str,
    /// None where the body is empty whatever the world says.
    error: Option<String>,
}

fn refusal(status: u16, rule: &'static str, error: impl Into<String>) -> Refusal {
    Refusal { status, rule, error: Some(error.into()) }
}

fn empty(status: u16, rule: &'static str) -> Refusal {
    Refusal { status, rule, error: None }
}

fn no_contact() -> Refusal {
    refusal(404, "jtel.contact", "Dialler contact not found")
}

fn no_campaign() -> Refusal {
    refusal(404, "jtel.campaign", "Dialler campaign not found")
}

/// What is answered with 200: the body, and a rule where something of what was asked is not there.
struct Done {
    body: String,
    rule: Option<&'static str>,
}

fn done(body: String) -> Done {
    Done { body, rule: None }
}

fn status() -> Done {
    done(r#"{"status":200}"#.to_owned())
}

fn records(all: &[String]) -> Done {
    done(format!(r#"{{"records":[{}],"count":{},"status":200}}"#, all.join(","), all.len()))
}

fn list(all: &[String]) -> Done {
    done(format!(
        r#"{{"filter":"","limitStart":0,"limitPageSize":-1,"records":[{}],"count":{},"orderBy":"Name","ascending":true,"status":200}}"#,
        all.join(","),
        all.len()
    ))
}

/// Which contact or campaign is meant.
#[derive(Clone, Copy, Debug)]
enum Key<'r> {
    None,
    Id(&'r str),
    UserData,
}

/// One of those that a path has.
struct Route<'r> {
    methods: &'static [&'static str],
    operation: &'static str,
    key: Key<'r>,
}

fn route<'r>(methods: &'static [&'static str], operation: &'static str, key: Key<'r>) -> Route<'r> {
    Route { methods, operation, key }
}

type Answer = Result<Done, Refusal>;

impl Jtel {
    pub(super) fn answer(&mut self, request: &Request) -> Expected {
        let (operation, answer) = self.routed(request);
        match answer {
            Ok(done) => {
                let expected = Expected::ok(operation, Body::Text(done.body));
                Expected { rule: done.rule, ..expected }
            }
            Err(refusal) => {
                let has_body = match self.switches.get("empty_error_bodies") {
                    Some(&"always") => false,
                    Some(&"unauthorized") => refusal.status != 401,
                    _ => true,
                };
                let body = match refusal.error {
                    Some(error) if has_body => {
                        let error = Value::String(error);
                        Body::Text(format!(r#"{{"status":{},"error":{error}}}"#, refusal.status))
                    }
                    _ => Body::Empty,
                };
                Expected::refused(operation, refusal.status, refusal.rule, body)
            }
        }
    }

    fn lock_methods(&self) -> &'static [&'static str] {
        match self.switches.get("lock_methods") {
            Some(&"patch") => &["PATCH"],
            Some(&"put") => &["PUT"],
            Some(&"post") => &["POST"],
            Some(&"get") => &["GET"],
            Some(&"any") => &["PATCH", "PUT", "POST", "GET"],
            _ => &["PATCH", "PUT"],
        }
    }

    fn routes(request: &Request) -> Vec<Route<'_>> {
        let segments: Vec<&str> = request.path.split('/').collect();
        // Which of these a world takes is a switch's matter.
        let lock = &["PATCH", "PUT", "POST", "GET"];
        let by_user_data = request.value("userData").is_some();
        match segments.get(1..).unwrap_or_default() {
            ["dialler", "campaigns"] => vec![route(&["GET"], "list_campaigns", Key::None)],
            ["dialler", "campaigns", id] => vec![route(&["GET"], "get_campaign", Key::Id(id))],
            ["dialler", "contacts"] => vec![
                if by_user_data {
                    route(&["GET"], "find_contacts_by_user_data", Key::UserData)
                } else {
                    route(&["GET"], "list_contacts", Key::None)
                },
                route(&["POST"], "get_contacts_batch", Key::None),
            ],
            ["dialler", "contacts", "import"] => {
                vec![route(&["POST"], "import_contact", Key::None)]
            }
            ["dialler", "contacts", "contact"] => vec![
                route(&["GET"], "find_contacts_by_user_data", Key::UserData),
                route(&["DELETE"], "delete_contact_by_user_data", Key::UserData),
            ],
            ["dialler", "contacts", "contact", "lock"] => {
                vec![route(lock, "lock_contact_by_user_data", Key::UserData)]
            }
            ["dialler", "contacts", "contact", "unlock"] => {
                vec![route(lock, "unlock_contact_by_user_data", Key::UserData)]
            }
            ["dialler", "contacts", "contact", "history"] => {
                vec![route(&["GET"], "get_history_by_user_data", Key::UserData)]
            }
            ["dialler", "contacts", "contact", id, "lock"]
            | ["dialler", "contacts", "contact", "lock", id] => {
                vec![route(lock, "lock_contact_by_id", Key::Id(id))]
            }
            ["dialler", "contacts", "contact", id, "unlock"]
            | ["dialler", "contacts", "contact", "unlock", id] => {
                vec![route(lock, "unlock_contact_by_id", Key::Id(id))]
            }
            ["dialler", "contacts", "contact", id, "history"] => {
                vec![route(&["GET"], "get_history_by_id", Key::Id(id))]
            }
            ["dialler", "contacts", "contact", id] => vec![
                route(&["GET"], "get_contact", Key::Id(id)),
                route(&["DELETE"], "delete_contact_by_id", Key::Id(id)),
            ],
            ["dialler", "contacts", id] => vec![route(&["GET"], "get_contact", Key::Id(id))],
            _ => Vec::new(),
        }
    }

    fn routed(&mut self, request: &Request) -> (&'static str, Answer) {
        let routes = Self::routes(request);
        if routes.is_empty() {
            return ("-", Err(empty(404, "jtel.endpoint")));
        }
        let is_numbered = routes.iter().all(|it| match it.key {
            Key::Id(text) => digits(text).is_some(),
            _ => true,
        });
        let Some(route) = routes.into_iter().find(|it| it.methods.contains(&request.method)) else {
            if !is_numbered {
                return ("-", Err(empty(404, "jtel.endpoint")));
            }
            return ("-", Err(empty(405, "jtel.method")));
        };
        let operation = route.operation;
        let id = match route.key {
            Key::Id(text) => match digits(text) {
                Some(id) => Some(id),
                None if self.is("non_numeric_id", "bad_request") => {
                    let error = refusal(400, "jtel.id", "Invalid parameter: ID");
                    return ("-", Err(error));
                }
                None => return ("-", Err(empty(404, "jtel.id"))),
            },
            _ => None,
        };
        let client = match self.client(request) {
            Ok(client) => client,
            Err(refusal) => return (operation, Err(refusal)),
        };
        let is_lock = operation.starts_with("lock") || operation.starts_with("unlock");
        if is_lock && !self.lock_methods().contains(&request.method) {
            return (operation, Err(empty(405, "jtel.method")));
        }
        let answer = match route.key {
            Key::Id(_) => self.by_id(operation, client, id.unwrap_or(0)),
            Key::UserData => self.by_user_data(operation, client, request),
            Key::None => match operation {
                "list_contacts" => self.list_contacts(client, request),
                "list_campaigns" => {
                    let mut all: Vec<&Campaign> =
                        CAMPAIGNS.iter().filter(|it| it.client == client).collect();
                    all.sort_by_key(|it| it.name);
                    let all: Vec<String> = all.into_iter().map(campaign_text).collect();
                    Ok(list(&all))
                }
                "import_contact" => self.import(client, request),
                _ => self.batch(client, request),
            },
        };
        (operation, answer)
    }

    /// The client account, where token and path belong together.
    fn client(&self, request: &Request) -> Result<i64, Refusal> {
        let client = request.path.split('/').next().and_then(digits).unwrap_or(-1);
        let token = request.authorization.as_deref().and_then(|it| it.strip_prefix("Bearer "));
        let is_good =
            token.is_some_and(|token| self.known_tokens(client).iter().any(|it| it == token));
        if is_good { Ok(client) } else { Err(refusal(401, "jtel.token", "Unauthorized")) }
    }

    fn by_id(&mut self, operation: &str, client: i64, id: i64) -> Answer {
        if operation == "get_campaign" {
            let found = CAMPAIGNS.iter().find(|it| it.id == id && it.client == client);
            return found.map(|it| records(&[campaign_text(it)])).ok_or_else(no_campaign);
        }
        let contact = self.contacts.get(&id).filter(|it| it.client == client);
        let Some(contact) = contact else { return Err(no_contact()) };
        match operation {
            "get_contact" => Ok(records(&[self.contact_text(contact)])),
            "get_history_by_id" => self.history_of(&[id]),
            _ => self.change(operation, id),
        }
    }

    fn by_user_data(&mut self, operation: &str, client: i64, request: &Request) -> Answer {
        let wanted = request.value("userData").unwrap_or_default();
        if wanted.is_empty() {
            let error = "Missing parameter: userData";
            return Err(refusal(400, "jtel.parameter_missing", error));
        }
        let found: Vec<i64> = self
            .contacts
            .values()
            .filter(|it| it.client == client && it.user_data() == wanted)
            .map(|it| it.id)
            .collect();
        if operation == "find_contacts_by_user_data" {
            if found.is_empty() && self.is("user_data_no_match", "not_found") {
                return Err(no_contact());
            }
            let all: Vec<String> =
                found.iter().map(|id| self.contact_text(&self.contacts[id])).collect();
            let rule = all.is_empty().then_some("jtel.contact");
            return Ok(Done { rule, ..records(&all) });
        }
        if operation == "get_history_by_user_data" && !found.is_empty() {
            return self.history_of(&found);
        }
        match self.pick(&found) {
            Some(id) => self.change(operation, id),
            None => Err(no_contact()),
        }
    }

    fn pick(&self, found: &[i64]) -> Option<i64> {
        let one = if self.is("pick", "highest_id") { found.last() } else { found.first() };
        one.copied()
    }

    /// Locks, unlocks or deletes.
    fn change(&mut self, operation: &str, id: i64) -> Answer {
        if operation.starts_with("delete") {
            self.contacts.remove(&id);
            self.history.retain(|it| it.contact != id);
            return Ok(status());
        }
        if self.is("lock_conflict", "conflict") && self.call_of(id).is_some() {
            return Err(refusal(409, "jtel.on_a_call", "Dialler contact is on a call"));
        }
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact.is_locked = operation.starts_with("lock");
        }
        Ok(status())
    }

    fn list_contacts(&self, client: i64, request: &Request) -> Answer {
        let campaign = Self::whole(request, "diallerCampaignsID")?;
        if let Some(id) = campaign
            && !CAMPAIGNS.iter().any(|it| it.id == id && it.client == client)
        {
            return if self.is("unknown_campaign", "empty_list") {
                Ok(Done { rule: Some("jtel.campaign"), ..list(&[]) })
            } else {
                Err(no_campaign())
            };
        }
        let mut all: Vec<&Contact> = self
            .contacts
            .values()
            .filter(|it| it.client == client && campaign.is_none_or(|id| id == it.campaign))
            .collect();
        all.sort_by_key(|it| (it.name(), it.id));
        let all: Vec<String> = all.into_iter().map(|it| self.contact_text(it)).collect();
        Ok(list(&all))
    }

    /// An integer in the query.
    fn whole(request: &Request, name: &str) -> Result<Option<i64>, Refusal> {
        let Some(value) = request.value(name) else { return Ok(None) };
        let error = || refusal(400, "jtel.parameter", format!("Invalid parameter: {name}"));
        value.parse().map(Some).map_err(|_| error())
    }

    /// The body of a POST.
    fn object(&self, request: &Request) -> Result<Map<String, Value>, Refusal> {
        let is_json = request.media.is_some_and(|it| it.starts_with("application/json"));
        if !is_json && !self.is("request_content_type", "lenient") {
            return Err(empty(415, "jtel.content_type"));
        }
        match serde_json::from_str(&request.body) {
            Ok(Value::Object(read)) => Ok(read),
            _ => Err(refusal(400, "jtel.json", "Invalid JSON")),
        }
    }

    fn import(&mut self, client: i64, request: &Request) -> Answer {
        let overwrites = match request.value("overwriteDuplicates") {
            Some("true") => true,
            Some("false") => false,
            None => self.is("overwrite_absent", "true"),
            Some(_) if self.is("overwrite_invalid", "as_false") => false,
            Some(_) => {
                let error = "Invalid parameter: overwriteDuplicates";
                return Err(refusal(400, "jtel.parameter", error));
            }
        };
        let body = self.object(request)?;
        let values = self.fields(&body)?;
        let campaign = self.campaign_of(client, &body)?;
        let user_data = values.iter().find(|(name, _)| *name == "UserData");
        let user_data = user_data.and_then(|(_, value)| value.as_str()).unwrap_or_default();
        let same: Vec<i64> = self
            .contacts
            .values()
            .filter(|it| {
                let is_near = it.campaign == campaign || self.is("match_scope", "client");
                it.client == client
                    && is_near
                    && !user_data.is_empty()
                    && it.user_data() == user_data
            })
            .map(|it| it.id)
            .collect();
        let id = match self.pick(&same) {
            Some(id) if overwrites => id,
            _ => {
                self.last_contact += 1;
                let mut contact = Contact::new(self.last_contact, campaign, client);
                contact.imported = Some(self.now);
                self.contacts.insert(contact.id, contact);
                self.last_contact
            }
        };
        let is_full = self.is("overwrite_extent", "full");
        if let Some(contact) = self.contacts.get_mut(&id) {
            if is_full {
                contact.values.fill(Value::Null);
                contact.tag = Value::Null;
            }
            for (name, value) in values {
                contact.set(name, value);
            }
        }
        Ok(records(&[self.contact_text(&self.contacts[&id])]))
    }

    /// What a body says of the importable fields. Of several mistakes in one body the contract does
    /// not say which is told: what is there is looked at before what is missing.
    fn fields(&self, body: &Map<String, Value>) -> Result<Vec<(&'static str, Value)>, Refusal> {
        let all = FIELDS.iter().map(|(name, _, kind)| (*name, *kind));
        let mut values = Vec::new();
        for (name, kind) in all.chain([(TAG, Kind::Text(usize::MAX))]) {
            if let Some(value) = body.get(name) {
                values.push((name, self.imported(name, kind, value)?));
            }
        }
        let is_there = |name: &str| body.get(name).is_some_and(|it| !it.is_null() && it != "");
        let missing =
            |name: &str| Err(refusal(400, "jtel.field_missing", format!("Missing field: {name}")));
        if !is_there("Name") {
            return missing("Name");
        }
        if !is_there("DiallerCampaignsID") && !is_there("DiallerCampaignsName") {
            return missing("DiallerCampaignsID or DiallerCampaignsName");
        }
        if !(1..=N_PHONES).any(|idx| is_there(&format!("PhoneNumber{idx}"))) {
            let error = "At least one phone number is required";
            return Err(refusal(400, "jtel.phone_missing", error));
        }
        Ok(values)
    }

    fn imported(&self, name: &str, kind: Kind, value: &Value) -> Result<Value, Refusal> {
        let fits = match (kind, value) {
            (_, Value::Null) => true,
            (Kind::Int, value) => value.is_i64(),
            (Kind::Number, value) => value.is_number(),
            (Kind::Text(_), value) => value.is_string(),
        };
        if !fits {
            return Err(refusal(400, "jtel.field", format!("Invalid field: {name}")));
        }
        let (Kind::Text(most), Value::String(text)) = (kind, value) else {
            return Ok(value.clone());
        };
        if text.is_empty() && !self.is("empty_text", "kept") {
            return Ok(Value::Null);
        }
        if text.chars().count() <= most {
            return Ok(value.clone());
        }
        if self.is("length_policy", "truncate") {
            return Ok(Value::String(text.chars().take(most).collect()));
        }
        Err(refusal(400, "jtel.field_length", format!("Field too long: {name}")))
    }

    fn campaign_of(&self, client: i64, body: &Map<String, Value>) -> Result<i64, Refusal> {
        let by_id = body.get("DiallerCampaignsID").and_then(Value::as_i64);
        let by_name = body.get("DiallerCampaignsName").and_then(Value::as_str);
        let by_name = by_name.filter(|it| !it.is_empty());
        let is_meant = |it: &&Campaign| match (by_id, by_name) {
            (Some(_), Some(name)) if self.is("both_campaign_keys", "name") => it.name == name,
            (Some(id), _) => it.id == id,
            (None, name) => Some(it.name) == name,
        };
        let mut mine = CAMPAIGNS.iter().filter(|it| it.client == client);
        mine.find(is_meant).map(|it| it.id).ok_or_else(no_campaign)
    }

    fn batch(&self, client: i64, request: &Request) -> Answer {
        let language = Self::whole(request, "languagesID")?;
        let body = self.object(request)?;
        let (names, ids) = (elements(&body, "UserDataList")?, elements(&body, "IDList")?);
        for (name, all, fits) in [
            ("UserDataList", &names, Value::is_string as fn(&Value) -> bool),
            ("IDList", &ids, Value::is_i64),
        ] {
            if !all.iter().all(fits) {
                return Err(refusal(400, "jtel.field", format!("Invalid field: {name}")));
            }
        }
        if names.is_empty() && ids.is_empty() {
            return if self.is("batch_empty", "empty_list") {
                Ok(records(&[]))
            } else {
                let error = "Missing field: UserDataList or IDList";
                Err(refusal(400, "jtel.field_missing", error))
            };
        }
        let is_named = |it: &Contact| {
            ids.iter().any(|id| *id == it.id)
                || names.iter().any(|name| name == it.user_data() && name != "")
        };
        let found: Vec<&Contact> =
            self.contacts.values().filter(|it| it.client == client && is_named(it)).collect();
        let is_lost = ids.iter().any(|id| !found.iter().any(|it| *id == it.id))
            || names.iter().any(|name| !found.iter().any(|it| name == it.user_data()));
        let all: Vec<String> = found.iter().map(|it| self.extended(it, language)).collect();
        Ok(Done { rule: is_lost.then_some("jtel.contact"), ..records(&all) })
    }

    fn contact_text(&self, contact: &Contact) -> String {
        let mut text = String::from("{");
        contact.write(&mut text, |ms| self.date(ms));
        text.push('}');
        text
    }

    fn extended(&self, contact: &Contact, language: Option<i64>) -> String {
        let language = language
            .or_else(|| Self::campaign(contact.campaign).map(|it| it.language))
            .unwrap_or(0);
        let mut text = String::from("{");
        contact.write(&mut text, |ms| self.date(ms));
        let history = self.sorted(&[contact.id]);
        let history: Vec<String> =
            history.into_iter().map(|it| self.history_text(it, language)).collect();
        let code = Self::code_text(contact.result_code, language);
        let history = history.join(",");
        format!(
            r#"{text},"DiallerCampaignsResultCodes":{code},"DiallerContactsHistory":[{history}]}}"#
        )
    }

    fn history_of(&self, contacts: &[i64]) -> Answer {
        let all: Vec<String> = self
            .sorted(contacts)
            .into_iter()
            .map(|it| {
                let campaign = Self::campaign(self.contacts[&it.contact].campaign);
                self.history_text(it, campaign.map_or(0, |it| it.language))
            })
            .collect();
        if all.is_empty() && self.is("history_empty", "not_found") {
            return Err(no_contact());
        }
        Ok(records(&all))
    }

    fn sorted(&self, contacts: &[i64]) -> Vec<&History> {
        let mine = self.history.iter().filter(|it| contacts.contains(&it.contact));
        let mut all: Vec<&History> = mine.collect();
        all.sort_by_key(|it| (it.at, it.id));
        if self.is("history_order", "newest_first") {
            all.reverse();
        }
        all
    }

    fn code_text(id: Option<i64>, language: i64) -> String {
        let Some(code) = id.and_then(Self::code) else { return "null".to_owned() };
        format!(
            r#"{{"ID":{},"ExportKey":"{}","Content":"{}","bDone":{},"bAborted":{},"bDelay":{},"bAppointment":{}}}"#,
            code.id,
            code.key,
            code.content(language),
            code.kind == "done",
            code.kind == "abort",
            code.kind == "delay",
            code.kind == "appointment"
        )
    }

    fn history_text(&self, row: &History, language: i64) -> String {
        let optional = |it: Option<i64>| it.map_or("null".to_owned(), |it| it.to_string());
        let call = row.call.map_or("null".to_owned(), |call| {
            let client = self.contacts.get(&row.contact).map_or(0, |it| it.client);
            let number = row.number.as_ref().map_or("null".to_owned(), |it| format!("\"{it}\""));
            let end = row.end.map_or("null".to_owned(), |it| format!("\"{}\"", self.date(it)));
            format!(
                r#"{{"ID":{call},"bOutbound":{},"ClientsID":{client},"UsersID":{},"BNumber":{number},"dtCallStart":"{}","dtCallEnd":{end}}}"#,
                row.is_outbound,
                agent_text(row.agent),
                self.date(row.at)
            )
        });
        format!(
            r#"{{"ID":{},"DiallerContactsID":{},"DiallerCampaignsResultCodesID":{},"DiallerCampaignsResultCodes":{},"StatisticsPartA":{call}}}"#,
            row.id,
            row.contact,
            optional(row.result_code),
            Self::code_text(row.result_code, language)
        )
    }
}

fn campaign_text(campaign: &Campaign) -> String {
    format!(
        r#"{{"ID":{},"ClientsID":{},"Name":"{}","LanguagesID":{},"ContactPreviewTime":10,"nMaxParallelLines":null,"bCloseContactsOnIncomingCallsMatchCallerID":{},"bCallerIDActive":false,"dtTo":null,"AbortOnNoTelNumberResultCodesID":{},"IncomingCallResultCodesID":{}}}"#,
        campaign.id,
        campaign.client,
        campaign.name,
        campaign.language,
        campaign.closes_on_incoming,
        campaign.no_number_code,
        campaign.incoming_code
    )
}

fn elements<'b>(body: &'b Map<String, Value>, name: &str) -> Result<&'b [Value], Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(all)) => Ok(all),
        Some(_) => Err(refusal(400, "jtel.field", format!("Invalid field: {name}"))),
    }
}

/// An ID in a path.
fn digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    // One that is beyond all integers is nobody's.
    is_number.then(|| text.parse().unwrap_or(i64::MAX))
}
