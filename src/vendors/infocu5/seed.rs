//! The vendor's section of a scenario.

use serde_json::Value;

use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::fields::{Field, Kind, Row, Rows};
use crate::contract::section::{Section, SeedError};
use crate::sim::outside::people::roster;
use crate::vendors::infocu5::model::{
    Agent, DIRECTIONS, Mapping, NewCall, check_affiliate_id, check_affiliate_key, check_hms,
};
use crate::vendors::infocu5::store::{self, CallRow, Shared};
use crate::vendors::infocu5::wire;

/// The section's fields, in the order in which they are loaded.
pub(crate) const SCENARIO: &[Field] = &[
    Field::optional("affiliates", Kind::Rows(&Rows { fields: AFFILIATES }), "who may call"),
    Field::optional("agents", Kind::Rows(&Rows { fields: AGENTS }), "agents, listed in this order"),
    Field::optional(
        "campaigns",
        Kind::Rows(&Rows { fields: CAMPAIGNS }),
        "campaigns, listed in this order",
    ),
    Field::optional("lists", Kind::Rows(&Rows { fields: LISTS }), "lists of the campaigns"),
    Field::optional(
        "mappings",
        Kind::Rows(&Rows { fields: MAPPINGS }),
        "dialers that the lists feed",
    ),
    Field::optional("calls", Kind::Rows(&Rows { fields: CALLS }), "calls that have been made"),
    Field::optional("settings", Kind::Table(SETTINGS), "limits for tests"),
];

const AFFILIATES: &[Field] = &[
    Field::required("id", Kind::Checked(check_affiliate_id), "affiliateID, 12 letters and digits")
        .unique(),
    Field::required(
        "key",
        Kind::Checked(check_affiliate_key),
        "affiliateKey, 32 letters and digits",
    ),
    Field::optional("name", Kind::Text, "for people; not on the wire"),
];

const AGENTS: &[Field] = &[
    Field::required("id", Kind::Id, "agentID").unique(),
    Field::required("first", Kind::Text, "agentNameFirst"),
    Field::optional("last", Kind::Text, "agentNameLast"),
    Field::required("affiliate", Kind::Id, "the affiliate that the agent works for")
        .refers("affiliates"),
    Field::optional(
        "shared_with",
        Kind::List(&Kind::Id),
        "affiliates that may interact with the agent",
    )
    .refers("affiliates"),
    Field::optional("active", Kind::Bool, "whether the agent is current; true where left out"),
];

const CAMPAIGNS: &[Field] = &[
    Field::required("id", Kind::Id, "campaignID").unique(),
    Field::required("name", Kind::Text, "campaignName"),
    Field::required("affiliate", Kind::Id, "the affiliate that owns it").refers("affiliates"),
    Field::optional("shared_with", Kind::List(&Kind::Id), "affiliates that may use it")
        .refers("affiliates"),
    Field::optional("active", Kind::Bool, "whether it is current; true where left out"),
];

const LISTS: &[Field] = &[
    Field::required("id", Kind::Id, "listID").unique(),
    Field::required("name", Kind::Text, "listName"),
    Field::required("campaign", Kind::Id, "the campaign that it belongs to").refers("campaigns"),
];

const MAPPINGS: &[Field] = &[
    Field::required("list", Kind::Id, "the list that feeds the dialer").refers("lists"),
    Field::required("dialer_id", Kind::Id, "dialerID"),
    Field::required("dialer_name", Kind::Text, "dialerName"),
    Field::required("fields", Kind::List(&Kind::Text), "the lead fields that the list accepts"),
];

const CALLS: &[Field] = &[
    Field::required("id", Kind::Id, "callID").unique(),
    Field::required(
        "date",
        Kind::Time,
        "callDate, the start of the call; fractions of a second are cut",
    ),
    Field::required("campaign", Kind::Id, "the campaign of the call").refers("campaigns"),
    Field::optional("list", Kind::Id, "the list of the call").refers("lists"),
    Field::optional("agent", Kind::Id, "the agent who handled it").refers("agents"),
    Field::optional("contact", Kind::Text, "callContact; the person of the number where left out"),
    Field::required("type", Kind::OneOf(DIRECTIONS), "callType"),
    Field::optional("number_inbound", Kind::Text, "callNumberInbound"),
    Field::optional("number_outbound", Kind::Text, "callNumberOutbound"),
    Field::optional(
        "time",
        Kind::Checked(check_hms),
        "callTime, HH:MM:SS; 00:00:00 where left out, as the other times",
    ),
    Field::optional("queue_time", Kind::Checked(check_hms), "callQueueTime"),
    Field::optional("talk_time", Kind::Checked(check_hms), "callTalkTime"),
    Field::optional("hold_time", Kind::Checked(check_hms), "callHoldTime"),
    Field::optional("handle_time", Kind::Checked(check_hms), "callHandleTime"),
    Field::optional("after_call_time", Kind::Checked(check_hms), "callAfterCallWorkTime"),
];

const SETTINGS: &[Field] = &[Field::optional(
    "calls_max",
    Kind::Integer { min: 1, max: i64::MAX },
    "the most records of one getCalls; the vendor names no limit",
)];

/// The fields of a call that an event records: as in a scenario, but the id and the date may be
/// left out, and what it refers to is looked up in the world.
pub(crate) const RECORD_CALL: &[Field] = &[
    Field::optional("id", Kind::Id, "callID; counts up from 1 where left out"),
    Field::optional(
        "date",
        Kind::Time,
        "callDate; where left out, the call ends at the world's time",
    ),
    Field::required("campaign", Kind::Id, "the campaign of the call"),
    Field::optional("list", Kind::Id, "the list of the call"),
    Field::optional("agent", Kind::Id, "the agent who handled it"),
    CALLS[5],
    CALLS[6],
    CALLS[7],
    CALLS[8],
    CALLS[9],
    CALLS[10],
    CALLS[11],
    CALLS[12],
    CALLS[13],
    CALLS[14],
];

pub(crate) fn load(cx: &mut Cx<'_>, source: &mut dyn Section) -> Result<(), SeedError> {
    let tx = cx.tx();
    source.rows("affiliates", &mut |row| {
        let name = row.opt_text("name").unwrap_or_default();
        Ok(store::insert_affiliate(&tx, row.text("id"), row.text("key"), name)?)
    })?;
    source.rows("agents", &mut |row| {
        let agent = Agent {
            id: row.text("id").to_owned(),
            name_first: row.text("first").to_owned(),
            name_last: row.opt_text("last").unwrap_or_default().to_owned(),
        };
        let active = row.bool_or("active", true);
        store::insert_agent(&tx, &agent, row.text("affiliate"), active)?;
        share(&tx, row, Shared::Agent)
    })?;
    source.rows("campaigns", &mut |row| {
        let (id, name) = (row.text("id"), row.text("name"));
        let active = row.bool_or("active", true);
        store::insert_campaign(&tx, id, name, row.text("affiliate"), active)?;
        share(&tx, row, Shared::Campaign)
    })?;
    source.rows("lists", &mut |row| {
        Ok(store::insert_list(&tx, row.text("id"), row.text("name"), row.text("campaign"))?)
    })?;
    source.rows("mappings", &mut |row| {
        let mapping = Mapping {
            dialer_id: row.text("dialer_id").to_owned(),
            dialer_name: row.text("dialer_name").to_owned(),
            fields: row.texts("fields").collect::<Value>().to_string(),
        };
        Ok(store::insert_mapping(&tx, row.text("list"), &mapping)?)
    })?;
    source.rows("calls", &mut |row| insert_call(cx, row, row.text("id"), row.time("date")))?;
    if let Some(settings) = source.table("settings")?
        && let Some(calls_max) = settings.opt_int("calls_max")
    {
        store::set_setting(&tx, store::CALLS_MAX, calls_max)?;
    }
    Ok(())
}

fn share(tx: &crate::contract::cx::Tx<'_>, row: &Row<'_>, kind: Shared) -> Result<(), SeedError> {
    for affiliate_id in row.texts("shared_with") {
        store::share(tx, affiliate_id, kind, row.text("id"))?;
    }
    Ok(())
}

/// The person of the first of these numbers that is somebody's; empty where none is.
fn contact_of(cx: &Cx<'_>, numbers: [&str; 2]) -> Result<String, SeedError> {
    for number in numbers.into_iter().filter(|number| !number.is_empty()) {
        if let Some(person) = roster::by_phone(cx.db(), number)? {
            return Ok(person.full_name());
        }
    }
    Ok(String::new())
}

/// Records a call, with the names that its campaign, list and agent have now.
///
/// # Errors
/// Where the list belongs to another campaign, something that it refers to is not there, or SQLite
/// fails.
pub(crate) fn insert_call(
    cx: &Cx<'_>,
    row: &Row<'_>,
    id: &str,
    date: Instant,
) -> Result<(), SeedError> {
    let db = cx.db();
    let missing = |field: &'static str, id: &str| {
        SeedError::field(field, format!("there is no {field} {id:?}"))
    };
    let campaign_id = row.text("campaign");
    let campaign_name = store::campaign_name(db, campaign_id)?;
    let campaign_name = campaign_name.ok_or_else(|| missing("campaign", campaign_id))?;
    let mut list_name = String::new();
    let list_id = row.opt_text("list").unwrap_or_default();
    if !list_id.is_empty() {
        let list = store::list(db, list_id)?;
        let (name, of_campaign) = list.ok_or_else(|| missing("list", list_id))?;
        if of_campaign != campaign_id {
            let message = format!(
                "list {list_id} belongs to campaign {of_campaign}; expected a list of {campaign_id}"
            );
            return Err(SeedError::field("list", message));
        }
        list_name = name;
    }
    let agent_id = row.opt_text("agent").unwrap_or_default();
    let mut agent_name = String::new();
    if !agent_id.is_empty() {
        let name = store::agent_name(db, agent_id)?;
        agent_name = name.ok_or_else(|| missing("agent", agent_id))?;
    }
    let text = |name: &str| row.opt_text(name).unwrap_or_default();
    let contact = match row.opt_text("contact") {
        Some(contact) => contact.to_owned(),
        // Whose number it is, says who it was.
        None => contact_of(cx, [text("number_inbound"), text("number_outbound")])?,
    };
    let time = |name: &str| row.opt_text(name).unwrap_or("00:00:00");
    let call = NewCall {
        date: date.period_start(Span::SECOND),
        campaign_id,
        campaign_name: &campaign_name,
        list_id,
        list_name: &list_name,
        agent_id,
        agent_name: agent_name.trim_end(),
        contact: &contact,
        direction: row.text("type"),
        number_inbound: text("number_inbound"),
        number_outbound: text("number_outbound"),
        time_total: time("time"),
        time_queue: time("queue_time"),
        time_talk: time("talk_time"),
        time_hold: time("hold_time"),
        time_handle: time("handle_time"),
        time_after_call: time("after_call_time"),
    };
    let record = wire::call_record(&call);
    let (date, ended, phone) = (call.date, call.ended(), call.phone());
    let row = CallRow { id, date, ended, campaign_id, agent_id, phone };
    if store::insert_call(&cx.tx(), &row, &record)? {
        return Ok(());
    }
    Err(SeedError::field("id", format!("there is a call {id:?} already; expected a new id")))
}
