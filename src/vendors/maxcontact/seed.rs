//! The vendor's section of a scenario.

use serde_json::{Map, Value};

use crate::base::limits::ID_MAX;
use crate::contract::cx::Cx;
use crate::contract::fields::{Cell, Field, Kind, Row, Rows};
use crate::contract::section::{Section, SeedError};
use crate::sim::outside::people::roster;
use crate::vendors::maxcontact::begin_later;
use crate::vendors::maxcontact::errors::{CODE_KEYS, CODE_WORDS};
use crate::vendors::maxcontact::floor;
use crate::vendors::maxcontact::model::machine::AgentState;
use crate::vendors::maxcontact::model::rows::ResultCode;
use crate::vendors::maxcontact::model::{NewLead, NewPhone, User, check_phone, check_zone};
use crate::vendors::maxcontact::ops::{COLUMNS, new_token};
use crate::vendors::maxcontact::settings::{
    ANSWER_AFTER, LINE, LINE_MANUAL, RING_AFTER, TOKEN_LIFETIME, TOKEN_LIFETIME_DEFAULT,
    XML_NAMESPACE, XML_NAMESPACE_LEADS, ZONE,
};
use crate::vendors::maxcontact::store::{self, CampaignRules};
use crate::vendors::maxcontact::timers::{self, BREAK_DELAY};
use crate::vendors::maxcontact::traffic::lead_of;
use crate::vendors::maxcontact::wire::entities::{CAMPAIGN_FIELDS, QUEUE_FIELDS};
use crate::vendors::maxcontact::wire::record::INT32;

/// Ids as the vendor documents them: ints.
pub(crate) const ID: Kind = Kind::Integer { min: 1, max: i32::MAX as i64 };

/// Ids that the vendor documents as long.
pub(crate) const LONG_ID: Kind = Kind::Integer { min: 1, max: ID_MAX };

/// Calls per hour of one campaign or queue. The most is one every hundred milliseconds, more than
/// any floor of agents takes.
const CALLS_PER_HOUR: Kind = Kind::Integer { min: 0, max: 36_000 };

macro_rules! rows {
    ($name:literal, $fields:ident, $text:literal) => {
        Field::optional($name, Kind::Rows(&Rows { fields: $fields }), $text)
    };
}

/// The section's fields, in the order in which they are loaded.
pub(crate) const SCENARIO: &[Field] = &[
    Field::optional("settings", Kind::Table(SETTINGS), "how the system behaves"),
    Field::optional("numbers", Kind::Table(NUMBERS), "numbers on the wire for states of calls"),
    rows!("codes", CODES, "ResponseCode and ResponseDetail, where they are to be others"),
    rows!("accounts", ACCOUNTS, "who may ask for tokens; these are no agents"),
    rows!("tokens", TOKENS, "tokens that are out already when the world begins"),
    rows!("lists", LISTS, "lists of leads"),
    rows!("campaigns", CAMPAIGNS, "campaigns, listed in this order"),
    rows!("users", USERS, "agents, listed in this order"),
    rows!("result_codes", RESULT_CODES, "result codes, listed in this order"),
    rows!("queues", QUEUES, "skill queues, listed in this order"),
    rows!("phone_types", PHONE_TYPES, "phone types; 0 Home and 1 Mobile are there"),
    rows!("leads", LEADS, "leads; of two with one number the later one is the newest"),
    rows!("lead_phones", LEAD_PHONES, "phones of the leads, listed in this order"),
    rows!("people", PEOPLE, "people of the scenario who are leads"),
    rows!("import_maps", IMPORT_MAPS, "how the columns of CSV files become leads"),
];

/// How calls go on. The first is the default.
const LINES: &[&str] = &["timed", LINE_MANUAL];

const SETTINGS: &[Field] = &[
    Field::optional(
        "line",
        Kind::OneOf(LINES),
        "whether calls go on by themselves, or by events alone; timed where left out",
    ),
    Field::optional("ring_after", Kind::Duration, "from dialling to ringing; 1s where left out"),
    Field::optional(
        "answer_after",
        Kind::Duration,
        "from ringing to the answer; where left out as a rule of the line says, else 3s",
    ),
    Field::optional(
        "break_delay",
        Kind::Duration,
        "until the break of a ready agent begins; 30s where left out",
    ),
    Field::optional("token_lifetime", Kind::Duration, "how long tokens live; 1h where left out"),
    Field::optional(
        "zone",
        Kind::Checked(check_zone),
        "the server's time zone, for the offset of dates; Europe/London where left out",
    ),
    Field::optional("xml_namespace", Kind::Text, "CLR namespace of telephony and token answers"),
    Field::optional("xml_namespace_leads", Kind::Text, "CLR namespace of lead management answers"),
];

/// In the order of `ops::NUMBERS`.
const NUMBERS: &[Field] = &[
    Field::optional("dialling", INT32, "CallState; 1 where left out"),
    Field::optional("ringing", INT32, "CallState; 2"),
    Field::optional("connected", INT32, "CallState; 3"),
    Field::optional("on_hold", INT32, "CallState; 4"),
    Field::optional("ended", INT32, "CallState; 5"),
    Field::optional("not_recording", INT32, "RecordingState; 0"),
    Field::optional("recording", INT32, "RecordingState; 1"),
    Field::optional("recording_stopped", INT32, "RecordingState; 2"),
    Field::optional("in_progress", INT32, "CallStatus; 0"),
    Field::optional("awaiting_disposition", INT32, "CallStatus; 1"),
];

const CODES: &[Field] = &[
    Field::required("key", Kind::OneOf(&CODE_WORDS), "which answer").unique(),
    Field::optional("code", INT32, "ResponseCode"),
    Field::optional("text", Kind::Text, "ResponseDetail; {id} and such are filled in"),
];

const ACCOUNTS: &[Field] = &[
    Field::required("login", Kind::Text, "the login of the path").unique(),
    Field::required("password", Kind::Text, "compared as ASCII"),
    Field::optional("api", Kind::Bool, "whether it may use the API; true where left out"),
    Field::optional(
        "tokens",
        Kind::List(&Kind::Text),
        "the tokens of its first logins, in order; later ones are drawn, and so is one in place of a \
         token that is out already",
    ),
];

const TOKENS: &[Field] = &[
    Field::required("token", Kind::Text, "the TokenKey").unique(),
    Field::required("login", Kind::Text, "whose it is").refers("accounts"),
    Field::optional(
        "valid_for",
        Kind::Duration,
        "from the start; a token's lifetime where left out",
    ),
];

const LISTS: &[Field] = &[
    Field::required("id", ID, "ListID").unique(),
    Field::optional("name", Kind::Text, "for people"),
];

const CAMPAIGNS: &[Field] = &[
    Field::required("id", ID, "CampaignID").unique(),
    Field::required("name", Kind::Text, "CampaignName"),
    Field::optional("list", ID, "DefaultListID: where its leads are").refers("lists"),
    Field::optional("auto_record", Kind::Bool, "AutoRecord; true where left out"),
    Field::optional(
        "calls_per_hour",
        CALLS_PER_HOUR,
        "predictive calls that its ready agents get; none where left out",
    ),
    Field::optional("members", Kind::Table(CAMPAIGN_FIELDS), "other members by their own names"),
];

/// The states in which an agent can begin.
const STATES: &[&str] = &["logged_out", "not_ready", "ready", "on_break"];

const USERS: &[Field] = &[
    Field::required("id", ID, "the UserID of paths").unique(),
    Field::required("name", Kind::Text, "FullName"),
    Field::optional("campaign", ID, "the campaign that the agent is logged in to")
        .refers("campaigns"),
    Field::optional(
        "state",
        Kind::OneOf(STATES),
        "not_ready with a campaign and logged_out without one, where left out",
    ),
];

const RESULT_CODES: &[Field] = &[
    Field::required("code", Kind::Text, "Code").unique(),
    Field::optional("description", Kind::Text, "Description"),
    Field::optional("agent_viewable", Kind::Bool, "IsAgentViewable; true where left out"),
    Field::optional("call_again", Kind::Bool, "IsCallAgain"),
    Field::optional("callback", Kind::Bool, "IsCallback"),
    Field::optional("success", Kind::Bool, "IsSuccess"),
    Field::optional("system", Kind::Bool, "IsSystemResultCode"),
    Field::optional("transfer", Kind::Bool, "IsTransfer"),
    Field::required("id", ID, "ResultCodeID").unique(),
    Field::optional("sales", INT32, "Sales"),
    Field::optional("status", INT32, "StatusID"),
    Field::optional("success_type", INT32, "SuccessType"),
];

const QUEUES: &[Field] = &[
    Field::required("id", ID, "ID").unique(),
    Field::required("name", Kind::Text, "AcdName"),
    Field::optional("users", Kind::List(&ID), "its agents; all where left out").refers("users"),
    Field::optional(
        "calls_per_hour",
        CALLS_PER_HOUR,
        "calls that come in for its ready agents; none where left out",
    ),
    Field::optional("members", Kind::Table(QUEUE_FIELDS), "other members by their own names"),
];

const PHONE_TYPES: &[Field] = &[
    Field::required("id", Kind::Integer { min: 0, max: i32::MAX as i64 }, "RecordTypeId").unique(),
    Field::required("name", Kind::Text, "RecordType"),
];

const PEOPLE: &[Field] = &[
    Field::required("list", ID, "the list of the leads").refers("lists"),
    roster::FIRST,
    roster::COUNT,
];

const LEADS: &[Field] = &[
    Field::required("id", LONG_ID, "LeadId").unique(),
    Field::optional("list", ID, "the list that it is in").refers("lists"),
    Field::optional("name", Kind::Text, "Name"),
    Field::optional("name2", Kind::Text, "Name2"),
    Field::optional("reference", Kind::Text, "ReferenceID"),
    Field::optional("created", Kind::Time, "the world's time where left out"),
    Field::optional("priority", Kind::Bool, "ahead of all others"),
    Field::optional(
        "phone",
        Kind::Checked(check_phone),
        "its first phone, with an id that counts up",
    ),
    Field::optional("phone_type", INT32, "the type of that phone; 0 where left out"),
];

const LEAD_PHONES: &[Field] = &[
    Field::required("id", LONG_ID, "the id that changelead needs").unique(),
    Field::required("lead", LONG_ID, "the lead").refers("leads"),
    Field::required("number", Kind::Checked(check_phone), "PhoneNumber"),
    Field::optional("type", INT32, "RecordTypeId; 0 where left out"),
];

const IMPORT_MAPS: &[Field] = &[
    Field::required("name", Kind::Text, "mapname").unique(),
    Field::required(
        "columns",
        Kind::List(&Kind::OneOf(COLUMNS)),
        "the member that each column holds; empty for one to pass over",
    ),
    Field::optional("header", Kind::Bool, "whether the first line names the columns"),
];

/// Phone types that are there by themselves. Inferred from an example: maxcontact 6.15.
const KNOWN_PHONE_TYPES: [(i64, &str); 2] = [(0, "Home"), (1, "Mobile")];

pub(crate) fn load(cx: &mut Cx<'_>, source: &mut dyn Section) -> Result<(), SeedError> {
    let tx = cx.tx();
    if !source.is_merge() {
        store::set_began(&tx, cx.now())?;
    }
    if let Some(settings) = source.table("settings")? {
        // Which timers there are goes by it, from the first moment on.
        let names_line = settings.opt_text("line").is_some();
        if source.is_merge() && !source.is_laid() && names_line {
            let message =
                "how calls go on is settled when a world is made; make one with this line";
            source.refuse("settings", Some("line"), message.into());
        }
        load_settings(cx, &settings)?;
        if source.is_laid() && names_line {
            begin_later::expect_all_anew(cx)?;
        }
    }
    if let Some(numbers) = source.table("numbers")? {
        for field in NUMBERS {
            if let Some(value) = numbers.opt_int(field.name) {
                store::set_number(&tx, field.name, value)?;
            }
        }
    }
    source.rows("codes", &mut |row| {
        let known = CODE_KEYS.iter().find(|(key, _)| *key == row.text("key"));
        let rule = known.map_or("", |(_, rule)| rule);
        Ok(store::set_code(&tx, rule, row.opt_int("code"), row.opt_text("text"))?)
    })?;
    source.rows("accounts", &mut |row| load_account(cx, row))?;
    source.rows("tokens", &mut |row| {
        let lifetime = match row.opt_duration("valid_for") {
            Some(lifetime) => lifetime,
            None => {
                store::length_setting(cx.db(), TOKEN_LIFETIME)?.unwrap_or(TOKEN_LIFETIME_DEFAULT)
            }
        };
        new_token(cx, row.text("login"), 0, row.text("token"), lifetime)?;
        Ok(())
    })?;
    source.rows("lists", &mut |row| {
        Ok(store::insert_list(&tx, row.int("id"), row.opt_text("name").unwrap_or_default())?)
    })?;
    source.rows("campaigns", &mut |row| load_campaign(cx, row))?;
    source.rows("users", &mut |row| load_user(cx, row))?;
    source.rows("result_codes", &mut |row| load_result_code(cx, row))?;
    source.rows("queues", &mut |row| load_queue(cx, row))?;
    if !source.is_merge() {
        for (id, name) in KNOWN_PHONE_TYPES {
            store::put_phone_type(&tx, id, name)?;
        }
    }
    source.rows("phone_types", &mut |row| {
        Ok(store::put_phone_type(&tx, row.int("id"), row.text("name"))?)
    })?;
    source.rows("leads", &mut |row| load_lead(cx, row))?;
    source.rows("lead_phones", &mut |row| load_lead_phone(cx, row))?;
    source.rows("people", &mut |row| {
        let mut leads = Vec::new();
        cx.each_person(row, |person| {
            leads.push(lead_of(person, row.int("list")));
            Ok(())
        })?;
        for lead in &leads {
            floor::new_lead(cx, lead)?;
        }
        Ok(())
    })?;
    source.rows("import_maps", &mut |row| {
        let columns = row.texts("columns").collect::<Value>().to_string();
        let has_header = row.bool_or("header", false);
        Ok(store::insert_import_map(&tx, row.text("name"), &columns, has_header)?)
    })
}

fn load_settings(cx: &Cx<'_>, settings: &Row<'_>) -> Result<(), SeedError> {
    let tx = cx.tx();
    let texts = [
        ("line", LINE),
        ("zone", ZONE),
        ("xml_namespace", XML_NAMESPACE),
        ("xml_namespace_leads", XML_NAMESPACE_LEADS),
    ];
    for (field, setting) in texts {
        if let Some(value) = settings.opt_text(field) {
            store::set_setting(&tx, setting, value)?;
        }
    }
    let lengths = [
        ("ring_after", RING_AFTER),
        ("answer_after", ANSWER_AFTER),
        ("break_delay", BREAK_DELAY),
        ("token_lifetime", TOKEN_LIFETIME),
    ];
    for (field, setting) in lengths {
        if let Some(length) = settings.opt_duration(field) {
            store::set_length(&tx, setting, length)?;
        }
    }
    Ok(())
}

fn load_account(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let (tx, login) = (cx.tx(), row.text("login"));
    store::insert_account(&tx, login, row.text("password"), row.bool_or("api", true))?;
    let tokens = row.texts("tokens");
    for (nth, token) in (1..).zip(tokens) {
        if !store::insert_fixed_token(&tx, login, nth, token)? {
            let message = format!("token {nth} of {login} is another login's already");
            return Err(SeedError::field("tokens", message));
        }
    }
    Ok(())
}

/// The members that a row names, as a JSON object under the vendor's names.
fn record(row: &Row<'_>, name: &str) -> String {
    let mut record = Map::new();
    record.insert(name.into(), row.text("name").into());
    if let Some(members) = row.opt_table("members") {
        for (field, cell) in members.fields().iter().zip(members.cells()) {
            let value = match cell {
                Cell::Text(text) => Value::from(text.as_ref()),
                Cell::Integer(number) => Value::from(*number),
                Cell::Time(at) => Value::from(at.as_millis()),
                Cell::Duration(length) => Value::from(length.as_millis()),
                Cell::Bool(flag) => Value::from(*flag),
                _ => continue,
            };
            record.insert(field.name.into(), value);
        }
    }
    Value::Object(record).to_string()
}

fn load_campaign(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let id = row.int("id");
    let rules = CampaignRules {
        auto_record: row.bool_or("auto_record", true),
        list_id: row.opt_int("list").unwrap_or_default(),
        calls_per_hour: row.opt_int("calls_per_hour").unwrap_or_default(),
    };
    store::insert_campaign(&cx.tx(), id, rules, &record(row, "CampaignName"))?;
    Ok(timers::expect_offer(cx, timers::Traffic::Campaign(id), rules.calls_per_hour)?)
}

fn load_user(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let campaign_id = row.opt_int("campaign");
    let state = match (row.opt_text("state"), campaign_id) {
        (None, None) => AgentState::LoggedOut,
        (None, Some(_)) => AgentState::NotReady,
        (Some(word), _) => {
            AgentState::from_word(&word.replace('_', " ")).unwrap_or(AgentState::LoggedOut)
        }
    };
    if (state == AgentState::LoggedOut) != campaign_id.is_none() {
        let message = match campaign_id {
            None => "an agent who is logged in has a campaign",
            Some(_) => "an agent who is logged out has no campaign",
        };
        return Err(SeedError::field("state", message));
    }
    let user = User { id: row.int("id"), state, campaign_id, break_pending: false };
    Ok(store::insert_user(&cx.tx(), &user, row.text("name"), cx.now())?)
}

fn load_result_code(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let number = |name: &str| row.opt_int(name).unwrap_or_default();
    let code = ResultCode {
        code: row.text("code").to_owned(),
        description: row.opt_text("description").unwrap_or_default().to_owned(),
        agent_viewable: row.bool_or("agent_viewable", true),
        call_again: row.bool_or("call_again", false),
        callback: row.bool_or("callback", false),
        success: row.bool_or("success", false),
        system: row.bool_or("system", false),
        transfer: row.bool_or("transfer", false),
        id: row.int("id"),
        sales: number("sales"),
        status_id: number("status"),
        success_type: number("success_type"),
    };
    Ok(store::insert_result_code(&cx.tx(), &code)?)
}

fn load_queue(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let (id, tx) = (row.int("id"), cx.tx());
    let calls_per_hour = row.opt_int("calls_per_hour").unwrap_or_default();
    store::insert_queue(&tx, id, calls_per_hour, &record(row, "AcdName"))?;
    for user_id in row.list("users").iter().filter_map(Cell::as_int) {
        store::insert_queue_user(&tx, id, user_id)?;
    }
    Ok(timers::expect_offer(cx, timers::Traffic::Queue(id), calls_per_hour)?)
}

fn load_lead(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let text = |name: &str| row.opt_text(name).unwrap_or_default().to_owned();
    let phone = row.opt_text("phone").map(|number| NewPhone {
        id: None,
        number: number.to_owned(),
        type_id: row.opt_int("phone_type").unwrap_or_default(),
    });
    let lead = NewLead {
        id: row.opt_int("id"),
        list_id: row.opt_int("list").unwrap_or_default(),
        name: text("name"),
        name2: text("name2"),
        reference_id: text("reference"),
        other: String::new(),
        is_priority: row.bool_or("priority", false),
        created: row.opt_time("created"),
        phones: phone.into_iter().collect(),
    };
    floor::new_lead(cx, &lead)?;
    Ok(())
}

fn load_lead_phone(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let id = row.int("id");
    if store::lead_of_phone(cx.db(), id)?.is_some() {
        let message =
            format!("lead phone {id} is there already: a lead's own phone counted up to it");
        return Err(SeedError::field("id", message));
    }
    let phone = NewPhone {
        id: Some(id),
        number: row.text("number").to_owned(),
        type_id: row.opt_int("type").unwrap_or_default(),
    };
    cx.raise_count(floor::LEAD_PHONE_COUNT, id)?;
    Ok(store::insert_lead_phone(&cx.tx(), id, row.int("lead"), &phone)?)
}
