//! The vendor's section of a scenario.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;

use crate::base::limits::ID_MAX;
use crate::base::time::Span;
use crate::contract::cx::{Cx, Tx};
use crate::contract::fields::{Cell, Field, Kind, Row, Rows};
use crate::contract::section::{Section, SeedError};
use crate::sim::outside::people::roster;
use crate::vendors::jtel::fields::{
    CONTACTS, FIELDS, FIRST_FIELD, NEXT_TRY, NUMBERS, RESULT_CODE, TRIES1,
};
use crate::vendors::jtel::model::{
    ALL_DAYS, CODE_KINDS, CodeKind, DAYS, Hours, Rules, check_time_of_day, time_of_day,
};
use crate::vendors::jtel::ops;
use crate::vendors::jtel::store::contact::Seeder;
use crate::vendors::jtel::store::dialler::{Dialling, NewCampaign};
use crate::vendors::jtel::store::history::Entry;
use crate::vendors::jtel::store::{self, NewCode};
use crate::vendors::jtel::timers::{self, due_of_seeded};

/// The section's fields, in the order in which they are loaded.
pub(crate) const SCENARIO: &[Field] = &[
    Field::optional("clients", Kind::Rows(&Rows { fields: CLIENTS }), "client accounts"),
    Field::optional("campaigns", Kind::Rows(&Rows { fields: CAMPAIGNS }), "sub campaigns"),
    Field::optional(
        "result_codes",
        Kind::Rows(&Rows { fields: RESULT_CODES }),
        "result codes of the campaigns",
    ),
    Field::optional("contacts", Kind::Rows(&Rows { fields: CONTACTS }), "dialler contacts"),
    Field::optional(
        "people",
        Kind::Rows(&Rows { fields: PEOPLE }),
        "people of the scenario who are contacts",
    ),
    Field::optional(
        "history",
        Kind::Rows(&Rows { fields: HISTORY }),
        "calls that have been made and result codes that were recorded",
    ),
];

const ID: Kind = Kind::Integer { min: 1, max: ID_MAX };
const COUNT: Kind = Kind::Integer { min: 0, max: i64::MAX };
const AT_LEAST_ONE: Kind = Kind::Integer { min: 1, max: i64::MAX };

const CLIENTS: &[Field] = &[
    Field::required("id", ID, "ClientsID").unique(),
    Field::required("tokens", Kind::List(&Kind::Id), "bearer tokens of the account"),
];

const CAMPAIGNS: &[Field] = &[
    Field::required("id", ID, "ID").unique(),
    Field::required("client", ID, "ClientsID, the account that it belongs to").refers("clients"),
    Field::required("name", Kind::Text, "Name"),
    Field::optional("language", ID, "LanguagesID, the language of its texts"),
    Field::optional("preview_time", Kind::INTEGER, "ContactPreviewTime"),
    Field::optional("parallel_lines", COUNT, "nMaxParallelLines; no cap where left out"),
    Field::optional(
        "close_on_incoming",
        Kind::Bool,
        "bCloseContactsOnIncomingCallsMatchCallerID; false where left out",
    ),
    Field::optional("caller_id_active", Kind::Bool, "bCallerIDActive; false where left out"),
    Field::optional("to", Kind::Time, "dtTo, the end of the campaign"),
    Field::optional(
        "no_number_code",
        ID,
        "AbortOnNoTelNumberResultCodesID, of a contact without a number to dial",
    ),
    Field::optional("incoming_code", ID, "IncomingCallResultCodesID, of a contact who called"),
    Field::optional("running", Kind::Bool, "whether it dials from the start; false where left out"),
    Field::optional(
        "agents",
        Kind::List(&ID),
        "UsersID of its agents, one call at a time each; without any there is one line",
    ),
    Field::optional(
        "active_from",
        Kind::Checked(check_time_of_day),
        "from when on it dials, UTC; 00:00 where left out",
    ),
    Field::optional(
        "active_to",
        Kind::Checked(check_time_of_day),
        "until when it dials, UTC; 24:00 where left out",
    ),
    Field::optional(
        "active_days",
        Kind::List(&Kind::OneOf(DAYS)),
        "the days on which it dials; all where left out",
    ),
    Field::optional("tries_max", AT_LEAST_ONE, "tries of a contact in all; 6 where left out"),
    Field::optional("tries_per_number_max", AT_LEAST_ONE, "tries of a number; 3 where left out"),
    Field::optional(
        "pause_busy",
        Kind::Duration,
        "wait after a busy or rejected call; 10m where left out",
    ),
    Field::optional(
        "pause_no_answer",
        Kind::Duration,
        "wait after a call that nobody answered, or that was hung up at once; 1h where left out",
    ),
    Field::optional(
        "pause_mailbox",
        Kind::Duration,
        "wait after an answering machine; 2h where left out",
    ),
    Field::optional(
        "wrap_up",
        Kind::Duration,
        "the agent's time after a call with somebody; 10s where left out",
    ),
    Field::optional(
        "tries_used_up_code",
        ID,
        "result code when the tries are used up; the first that aborts where left out",
    ),
];

const RESULT_CODES: &[Field] = &[
    Field::required("id", ID, "ID").unique(),
    Field::required("campaign", ID, "the campaign that it belongs to").refers("campaigns"),
    Field::required("export_key", Kind::Text, "ExportKey"),
    Field::required("type", Kind::OneOf(CODE_KINDS), "bDone, bAborted, bDelay or bAppointment"),
    Field::required("texts", Kind::Rows(&Rows { fields: TEXTS }), "Content in each language"),
    Field::optional(
        "delay",
        Kind::Duration,
        "until the next try; 2h for a delay, 1d for an appointment where left out",
    ),
    Field::optional("agent_bound", Kind::Bool, "kept, and not looked at by the dialler"),
    Field::optional(
        "weight",
        Kind::Integer { min: 0, max: 1_000_000 },
        "how often agents choose it after a call with somebody; 1 where left out, 0 for never",
    ),
];

const TEXTS: &[Field] = &[
    Field::required("language", ID, "LanguagesID").unique(),
    Field::required("text", Kind::Text, "Content"),
];

const PEOPLE: &[Field] = &[
    Field::required("campaign", ID, "the campaign of the contacts").refers("campaigns"),
    roster::FIRST,
    roster::COUNT,
];

const HISTORY: &[Field] = &[
    Field::required("id", ID, "ID").unique(),
    Field::required("contact", ID, "DiallerContactsID").refers("contacts"),
    Field::required("start", Kind::Time, "dtCallStart; without a call, when it was recorded"),
    Field::optional("end", Kind::Time, "dtCallEnd"),
    Field::optional("result_code", ID, "DiallerCampaignsResultCodesID").refers("result_codes"),
    Field::optional("call", ID, "ID in StatisticsPartA; no call where left out").unique(),
    Field::optional("outbound", Kind::Bool, "bOutbound; true where left out"),
    Field::optional("user", ID, "UsersID of the agent"),
    Field::optional("number", Kind::Text, "BNumber"),
];

/// What the rows of contacts need of the rows before them, read once where they live in the world
/// already.
#[derive(Debug, Default)]
struct Known {
    /// The client account of each campaign that has had rows.
    clients: BTreeMap<i64, i64>,
    /// Kind and campaign of each result code.
    codes: BTreeMap<i64, (CodeKind, i64)>,
}

impl Known {
    /// A campaign whose own row was refused has no account, and the mistake is told already.
    fn client(&mut self, cx: &Cx<'_>, campaign_id: i64) -> rusqlite::Result<i64> {
        if let Some(client_id) = self.clients.get(&campaign_id) {
            return Ok(*client_id);
        }
        let found = store::dialler::campaign(cx.db(), campaign_id)?;
        let client_id = found.map_or(0, |campaign| campaign.client_id);
        self.clients.insert(campaign_id, client_id);
        Ok(client_id)
    }

    fn code(&mut self, cx: &Cx<'_>, id: i64) -> rusqlite::Result<Option<(CodeKind, i64)>> {
        if let Some(code) = self.codes.get(&id) {
            return Ok(Some(*code));
        }
        let (code, campaign_id) =
            (store::code(cx.db(), id)?, store::campaign_of_code(cx.db(), id)?);
        let found = code.map(|code| code.kind).zip(campaign_id);
        self.codes.extend(found.map(|found| (id, found)));
        Ok(found)
    }
}

pub(crate) fn load(cx: &mut Cx<'_>, source: &mut dyn Section) -> Result<(), SeedError> {
    let tx = cx.tx();
    let mut known = Known::default();
    source.rows("clients", &mut |row| client(cx, row))?;
    source.rows("campaigns", &mut |row| {
        known.clients.insert(row.int("id"), row.int("client"));
        campaign(&tx, row)
    })?;
    source.rows("result_codes", &mut |row| result_code(&tx, row, &mut known))?;
    for (campaign_id, code_id) in store::dangling_codes(&tx)? {
        let message =
            format!("campaign {campaign_id} names result code {code_id}, which it does not have");
        source.refuse("campaigns", None, message);
    }
    contacts(cx, source, &mut known)?;
    source.rows("people", &mut |row| {
        let campaign_id = row.int("campaign");
        let client_id = known.client(cx, campaign_id)?;
        let mut contacts = Vec::new();
        cx.each_person(row, |person| {
            contacts.push(person.clone());
            Ok(())
        })?;
        for person in &contacts {
            ops::insert_person(cx, client_id, campaign_id, person)?;
        }
        Ok(())
    })?;
    let (mut last_id, mut last_call_id) = (0, 0);
    source.rows("history", &mut |row| {
        last_id = last_id.max(row.int("id"));
        last_call_id = last_call_id.max(row.opt_int("call").unwrap_or(0));
        history(&tx, row)
    })?;
    for (name, last) in [("history", last_id), ("call", last_call_id)] {
        if last > 0 {
            cx.raise_count(name, last)?;
        }
    }
    // Those of a world that lives go on as they are, unless they have new contacts.
    let running = store::dialler::running(&tx)?;
    for campaign_id in running.into_iter().filter(|id| known.clients.contains_key(id)) {
        timers::start(cx, campaign_id)?;
    }
    Ok(())
}

fn client(cx: &Cx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let id = row.int("id");
    store::insert_client(&cx.tx(), id)?;
    for token in row.texts("tokens") {
        if !store::add_token(cx, id, token)? {
            // The token itself stays out of messages.
            let message = "a token stands twice; expected tokens that no other row has";
            return Err(SeedError::field("tokens", message));
        }
    }
    Ok(())
}

fn campaign(tx: &Tx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let id = row.int("id");
    let of_day =
        |name: &str, default: Span| row.opt_text(name).and_then(time_of_day).unwrap_or(default);
    let days = row.texts("active_days").filter_map(|day| DAYS.iter().position(|it| *it == day));
    let days = days.fold(0, |bits, idx| bits | 1_i64 << idx);
    let hours = Hours {
        from: of_day("active_from", Span::ZERO),
        to: of_day("active_to", Span::DAY),
        days: if days == 0 { ALL_DAYS } else { days },
        until: row.opt_time("to"),
    };
    if hours.from >= hours.to {
        let message = "active_to does not lie behind active_from; expected hours within one day";
        return Err(SeedError::field("active_to", message));
    }
    let default = Rules::default();
    let pause = |name: &str, default: Span| row.opt_duration(name).unwrap_or(default);
    let rules = Rules {
        tries_max: row.opt_int("tries_max").unwrap_or(default.tries_max),
        tries_per_number_max: row
            .opt_int("tries_per_number_max")
            .unwrap_or(default.tries_per_number_max),
        pause_busy: pause("pause_busy", default.pause_busy),
        pause_no_answer: pause("pause_no_answer", default.pause_no_answer),
        pause_mailbox: pause("pause_mailbox", default.pause_mailbox),
        wrap_up: pause("wrap_up", default.wrap_up),
    };
    let dialling = Dialling {
        id,
        client_id: row.int("client"),
        running: row.bool_or("running", false),
        parallel_lines: row.opt_int("parallel_lines"),
        no_number_code: row.opt_int("no_number_code"),
        incoming_code: row.opt_int("incoming_code"),
        tries_used_up_code: row.opt_int("tries_used_up_code"),
        hours,
        rules,
        dial: None,
    };
    let new = NewCampaign {
        dialling,
        name: row.text("name"),
        language: row.opt_int("language"),
        preview_time: row.opt_int("preview_time"),
        close_on_incoming: row.bool_or("close_on_incoming", false),
        caller_id_active: row.bool_or("caller_id_active", false),
    };
    store::dialler::insert_campaign(tx, &new)?;
    for (position, agent) in (0..).zip(row.list("agents")) {
        let Some(users_id) = agent.as_int() else { continue };
        if !store::dialler::insert_agent(tx, users_id, id, position)? {
            let message = format!(
                "agent {users_id} works in a campaign already; expected each agent in one campaign"
            );
            return Err(SeedError::field("agents", message));
        }
    }
    Ok(())
}

fn result_code(tx: &Tx<'_>, row: &Row<'_>, known: &mut Known) -> Result<(), SeedError> {
    let id = row.int("id");
    let kind = CodeKind::from_word(row.text("type")).unwrap_or(CodeKind::Done);
    known.codes.insert(id, (kind, row.int("campaign")));
    let new = NewCode {
        id,
        campaign_id: row.int("campaign"),
        export_key: row.text("export_key"),
        kind: row.text("type"),
        delay: row.opt_duration("delay").unwrap_or(kind.delay_default()),
        agent_bound: row.bool_or("agent_bound", false),
        weight: row.opt_int("weight").unwrap_or(1),
    };
    store::insert_code(tx, &new)?;
    for text in row.rows("texts") {
        store::insert_code_text(tx, id, text.int("language"), text.text("text"))?;
    }
    Ok(())
}

/// Contacts come by the hundred thousand: one statement, cells by their place.
fn contacts(cx: &Cx<'_>, source: &mut dyn Section, known: &mut Known) -> Result<(), SeedError> {
    let tx = cx.tx();
    let mut seeder = Seeder::new(&tx)?;
    let mut last_id = 0;
    source.rows("contacts", &mut |row| {
        let cells = row.cells();
        check_lengths(cells)?;
        let campaign_id = cells[CAMPAIGN].as_int().unwrap_or_default();
        let client_id = known.client(cx, campaign_id)?;
        let mut kind = None;
        if let Some(code_id) = cells[FIRST_FIELD + RESULT_CODE].as_int() {
            let (of_kind, of_campaign) = known.code(cx, code_id)?.unzip();
            if of_campaign != Some(campaign_id) {
                let message = format!("result code {code_id} is not one of campaign {campaign_id}");
                return Err(SeedError::field("result_code", message));
            }
            kind = of_kind;
        }
        let next_try = match cells[FIRST_FIELD + NEXT_TRY] {
            Cell::Time(at) => Some(at),
            _ => None,
        };
        let due = due_of_seeded(kind, next_try);
        last_id = last_id.max(cells[ID_CELL].as_int().unwrap_or_default());
        Ok(seeder.insert(cells, default_of, client_id, due)?)
    })?;
    if last_id > 0 {
        cx.raise_count("contact", last_id)?;
    }
    Ok(())
}

const ID_CELL: usize = 0;
const CAMPAIGN: usize = 1;

/// What stands in a field that a scenario leaves out.
fn default_of(idx: usize) -> ValueRef<'static> {
    const LOCKED: usize = CONTACTS.len() - 1;
    const TRIES: std::ops::Range<usize> = FIRST_FIELD + TRIES1..FIRST_FIELD + TRIES1 + NUMBERS;
    if idx == LOCKED || TRIES.contains(&idx) { ValueRef::Integer(0) } else { ValueRef::Null }
}

/// A contact that no import could make is a mistake of the scenario's.
fn check_lengths(cells: &[Cell<'_>]) -> Result<(), SeedError> {
    for (cell, field) in cells[FIRST_FIELD..].iter().zip(FIELDS) {
        let (Cell::Text(text), Some(chars_max)) = (cell, field.chars_max) else { continue };
        if text.len() > chars_max && text.chars().count() > chars_max {
            let message = format!(
                "{} has {} characters; expected at most {chars_max}",
                field.column,
                text.chars().count()
            );
            return Err(SeedError::field(field.column, message));
        }
    }
    Ok(())
}

fn history(tx: &Tx<'_>, row: &Row<'_>) -> Result<(), SeedError> {
    let entry = Entry {
        id: row.int("id"),
        contact_id: row.int("contact"),
        at: row.time("start"),
        result_code: row.opt_int("result_code"),
        call_id: row.opt_int("call"),
        outbound: row.bool_or("outbound", true),
        users_id: row.opt_int("user"),
        number: row.opt_text("number"),
        end: row.opt_time("end"),
    };
    store::history::insert(tx, &entry)?;
    Ok(())
}
