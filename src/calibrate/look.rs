//! Looking around: what a good client can read of an account, as rows for the twin.
//!
//! What is read depends on switches that nobody knows yet, so every form that a position gives is
//! understood. What cannot be read either way is left out.
//!
//! Not here: vendors without a list of everything; for these a scenario says what is there.

use chrono::{DateTime, Duration, NaiveDateTime, TimeZone, Utc};
use http::Method;
use serde_json::{Value, json};

use crate::base::clock::system_now;
use crate::base::time::Instant;
use crate::base::zone::Tz;
use crate::calibrate::game::Stop;
use crate::calibrate::pool::given::Given;
use crate::calibrate::pool::source::encoded;
use crate::calibrate::question::{Ask, Bound, Heard};
use crate::calibrate::twin::Reading;
use crate::calibrate::wire::Wire;
use crate::client::enough::is_page;
use crate::contract::fields::Kind;
use crate::contract::secret_fields::veiled;

/// Windows that are asked for in turn until one has rows, in days.
const WINDOWS_DAYS: [i64; 4] = [2, 31, 366, 6000];

/// Most calls that are made known: with more, the twin would only be slow.
const CALLS_MAX: usize = 200;

/// Whether an account of a vendor's can be looked around in.
pub(crate) fn is_possible(vendor: &str) -> bool {
    ["infocu5", "jtel", "maestro"].contains(&vendor)
}

/// What is found of an account, as scenarios; and how many requests that took.
///
/// # Errors
/// Where the target does not answer as the vendor does.
pub(crate) fn around(vendor: &str, given: &Given, wire: &mut Wire) -> Result<Vec<Reading>, Stop> {
    match vendor {
        "infocu5" => infocu5(given, wire),
        "jtel" => jtel(given, wire),
        _ => maestro(given, wire),
    }
}

/// What the target says the time is.
fn now(wire: &Wire) -> DateTime<Utc> {
    wire.date.unwrap_or_else(|| system_now().as_world_time()).utc()
}

fn json_of(heard: &Heard) -> Value {
    serde_json::from_slice(&heard.body).unwrap_or_default()
}

fn alone(rows: &Value, vendor: &str) -> Vec<Reading> {
    vec![Reading { when: Vec::new(), scenario: json!({ vendor: rows }) }]
}

fn strange(what: &str, heard: &Heard, given: &Given) -> Stop {
    let body = String::from_utf8_lossy(&heard.body).into_owned();
    // Before it is cut: half a credential is known by nothing.
    let body = given.credentials.values().fold(body, |body, secret| veiled(&body, secret));
    let head: String = body.chars().take(80).collect();
    Stop::Target(format!(
        "the target answers {what} with {} and {head:?}, which is not this vendor's form; is it the \
         right vendor, address and credential?",
        heard.status
    ))
}

fn infocu5(given: &Given, wire: &mut Wire) -> Result<Vec<Reading>, Stop> {
    let (id, key) = (given.get("id"), given.get("key"));
    let ask = |wire: &mut Wire, function: &str, more: Value| {
        let mut body =
            json!({ "affiliateID": id, "affiliateKey": key, "dialerFunction": function });
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let heard =
            wire.send(&Ask::new(Method::POST, "/dialer/").json(&body), &mut Bound::new())?;
        let json = json_of(&heard);
        if json["responseCode"].is_null() {
            return Err(strange(function, &heard, given));
        }
        if json["responseCode"] == 100 {
            let text = format!("the target refuses the credentials: {}", json["responseMessage"]);
            return Err(Stop::Target(text));
        }
        Ok(json["responseDetails"].clone())
    };
    let list = |it: &Value| it.as_array().cloned().unwrap_or_default();
    let agents = list(&ask(wire, "getAgents", json!({ "showAll": "y" }))?);
    let own_agents = list(&ask(wire, "getAgents", json!({ "showAll": "n" }))?);
    let campaigns = list(&ask(wire, "getCampaigns", json!({ "showAll": "y" }))?);
    let own_campaigns = list(&ask(wire, "getCampaigns", json!({ "showAll": "n" }))?);
    let mut calls = Vec::new();
    for days in WINDOWS_DAYS {
        let now = now(wire);
        let window = json!({
            "dateStart": date(now - Duration::days(days)),
            "dateEnd": date(now + Duration::minutes(1)),
        });
        calls = match ask(wire, "getCalls", window)? {
            Value::Object(by_id) => by_id
                .into_iter()
                .map(|(id, mut call)| {
                    call["callID"] = id.into();
                    call
                })
                .collect(),
            Value::Array(calls) => calls,
            _ => Vec::new(),
        };
        if !calls.is_empty() {
            break;
        }
    }
    calls.truncate(CALLS_MAX);
    let rows =
        infocu5_rows((id, key), (&agents, &own_agents), (&campaigns, &own_campaigns), &calls);
    Ok(alone(&rows, "infocu5"))
}

/// The affiliate that owns what is only shared with the one that asks; its name is nobody's.
const OTHER: &str = "OtherOwner00";

fn infocu5_rows(
    (id, key): (&str, &str),
    (agents, own_agents): (&[Value], &[Value]),
    (campaigns, own_campaigns): (&[Value], &[Value]),
    calls: &[Value],
) -> Value {
    let other_key = "0".repeat(32);
    let owner = |row: &Value, own: &[Value], name: &str| {
        if own.iter().any(|it| it[name] == row[name]) {
            json!({ "affiliate": id })
        } else {
            json!({ "affiliate": OTHER, "shared_with": [id] })
        }
    };
    let with = |mut row: Value, more: Value| {
        for (name, value) in more.as_object().into_iter().flatten() {
            row[name] = value.clone();
        }
        row
    };
    let agents: Vec<Value> = agents
        .iter()
        .map(|it| {
            let row = json!({
                "id": it["agentID"], "first": word(&it["agentNameFirst"]),
                "last": word(&it["agentNameLast"]),
            });
            with(row, owner(it, own_agents, "agentID"))
        })
        .collect();
    let (mut lists, mut mappings, mut known) = (Vec::new(), Vec::new(), Vec::new());
    for campaign in campaigns {
        let row = json!({ "id": campaign["campaignID"], "name": word(&campaign["campaignName"]) });
        known.push(with(row, owner(campaign, own_campaigns, "campaignID")));
        for list in campaign["campaignProducts"].as_array().into_iter().flatten() {
            lists.push(json!({
                "id": list["listID"], "name": word(&list["listName"]),
                "campaign": campaign["campaignID"],
            }));
            for it in list["listMapping"].as_array().into_iter().flatten() {
                mappings.push(mapping(&list["listID"], it));
            }
        }
        // Here the lists' own names are lost; one stands for all.
        let flat = campaign["campaignLists"].as_array().into_iter().flatten();
        for it in flat.filter(|_| campaign["campaignProducts"].is_null()) {
            let list = format!("L{}", word(&campaign["campaignID"]));
            if !lists.iter().any(|known: &Value| known["id"] == list) {
                let campaign = &campaign["campaignID"];
                lists.push(json!({ "id": list, "name": "unknown", "campaign": campaign }));
            }
            mappings.push(mapping(&list.into(), it));
        }
    }
    let calls = infocu5_calls(calls, &agents, &mut known, &mut lists);
    json!({
        "affiliates": [{ "id": id, "key": key }, { "id": OTHER, "key": other_key }],
        "agents": agents, "campaigns": known, "lists": lists, "mappings": mappings, "calls": calls,
    })
}

fn mapping(list: &Value, it: &Value) -> Value {
    json!({
        "list": list, "dialer_id": it["dialerID"], "dialer_name": word(&it["dialerName"]),
        "fields": it["fields"],
    })
}

/// Calls, and the campaigns and lists that only they name.
fn infocu5_calls(
    calls: &[Value],
    agents: &[Value],
    campaigns: &mut Vec<Value>,
    lists: &mut Vec<Value>,
) -> Vec<Value> {
    let mut rows = Vec::new();
    for call in calls {
        // Under its name, or else under whichever the vendor has for it; without one no row can be made.
        let named = call.as_object().into_iter().flat_map(|it| it.values());
        let mut dates = std::iter::once(&call["callDate"]).chain(named);
        let Some(at) = dates.find_map(|it| it.as_str()?.parse::<DateTime<Utc>>().ok()) else {
            continue;
        };
        let (campaign, list) = (word(&call["callCampaignID"]), word(&call["callListID"]));
        if !campaigns.iter().any(|it| word(&it["id"]) == campaign) {
            let name = word(&call["callCampaignName"]);
            campaigns.push(json!({
                "id": campaign, "name": name, "affiliate": OTHER, "active": false,
            }));
        }
        if !list.is_empty() && !lists.iter().any(|it| word(&it["id"]) == list) {
            let name = word(&call["callListName"]);
            lists.push(json!({ "id": list, "name": name, "campaign": campaign }));
        }
        let agent = word(&call["callAgentName"]);
        let agent = agents
            .iter()
            .find(|it| format!("{} {}", word(&it["first"]), word(&it["last"])).trim() == agent);
        let mut row = json!({
            "id": call["callID"], "date": at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "campaign": campaign, "contact": word(&call["callContact"]), "type": call["callType"],
        });
        for (name, member) in [
            ("number_inbound", "callNumberInbound"),
            ("number_outbound", "callNumberOutbound"),
            ("time", "callTime"),
            ("queue_time", "callQueueTime"),
            ("talk_time", "callTalkTime"),
            ("hold_time", "callHoldTime"),
            ("handle_time", "callHandleTime"),
            ("after_call_time", "callAfterCallWorkTime"),
        ] {
            let value = word(&call[member]);
            if !value.is_empty() {
                row[name] = value.into();
            }
        }
        if !list.is_empty() {
            row["list"] = list.into();
        }
        if let Some(agent) = agent {
            row["agent"] = agent["id"].clone();
        }
        rows.push(row);
    }
    rows
}

/// A value as text; nothing where there is none.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn date(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

fn jtel(given: &Given, wire: &mut Wire) -> Result<Vec<Reading>, Stop> {
    let (client, token) = (given.get("client"), given.get("token"));
    let get = |wire: &mut Wire, path: &str| {
        let ask = Ask::get(format!("/rest/v1.0/{client}/dialler{path}"));
        let ask = ask.header("authorization", format!("Bearer {token}"));
        let heard = wire.send(&ask, &mut Bound::new())?;
        if heard.status == 401 {
            let text = "the target refuses the token: 401; nothing more is asked".to_owned();
            return Err(Stop::Target(text));
        }
        let json = json_of(&heard);
        if heard.status == 200 && json["records"].is_null() {
            return Err(strange(path, &heard, given));
        }
        Ok(json["records"].as_array().cloned().unwrap_or_default())
    };
    let mut campaigns = Vec::new();
    for record in get(wire, "/campaigns")? {
        let (id, name) = (record["ID"].clone(), word(&record["Name"]));
        campaigns.push(json!({ "id": id, "name": name, "client": client.parse::<i64>().ok() }));
    }
    let mut contacts = Vec::new();
    for record in get(wire, "/contacts")?.into_iter().take(CALLS_MAX) {
        let mut row = json!({
            "id": record["ID"], "campaign": record["DiallerCampaignsID"], "name": "",
        });
        for (name, text) in texts(&record) {
            row[name] = text.into();
        }
        contacts.push(row);
    }
    let token = token.to_owned();
    let clients = json!([{ "id": client.parse::<i64>().ok(), "tokens": [token] }]);
    let rows = json!({ "clients": clients, "campaigns": campaigns, "contacts": contacts });
    Ok(alone(&rows, "jtel"))
}

/// The texts of a contact, by their names in a scenario: these are the vendor's own, with words joined
/// by underscores.
fn texts(record: &Value) -> Vec<(&'static str, String)> {
    let plain = |it: &str| it.replace('_', "").to_lowercase();
    let surface = crate::calibrate::twin::vendor("jtel").map(|vendor| vendor.surface);
    let fields = surface.into_iter().flat_map(|it| it.scenario);
    let contacts = fields.filter(|field| field.name == "contacts");
    let rows = contacts.filter_map(|field| match field.kind {
        Kind::Rows(rows) => Some(rows.fields),
        _ => None,
    });
    let named = rows.flatten().filter(|field| matches!(field.kind, Kind::Text));
    let found = named.filter_map(|field| {
        let members = record.as_object()?.iter();
        let mut alike = members.filter(|(name, _)| plain(name) == plain(field.name));
        let text = alike.next()?.1.as_str().filter(|it| !it.is_empty())?;
        Some((field.name, text.to_owned()))
    });
    found.collect()
}

/// The columns of a list of callers.
const COLUMNS: usize = 10;

fn maestro(given: &Given, wire: &mut Wire) -> Result<Vec<Reading>, Stop> {
    let (offer, token) = (given.get("offer_id"), given.get("offer_token"));
    let login = format!("offer_id={}&offer_token={}", encoded(offer), encoded(token));
    let mut rows = Vec::new();
    for days in WINDOWS_DAYS {
        let now = now(wire);
        let at = |by: i64| (now + Duration::days(by)).format("%Y-%m-%d 00:00:00").to_string();
        let (from, to) = (encoded(&at(-days)), encoded(&at(2)));
        let path = format!("/_access/fetchCallersByDate?{login}&dateFrom={from}&dateTo={to}");
        let heard = wire.send(&Ask::get(path), &mut Bound::new())?;
        let text = String::from_utf8_lossy(&heard.body).into_owned();
        let is_refused = text.starts_with("-5,") || heard.status == 403;
        if is_refused || text.starts_with("FALSE,") {
            return Err(Stop::Target(format!("the target refuses the credentials: {text:?}")));
        }
        if heard.status != 200 || is_page(&text) {
            return Err(strange("fetchCallersByDate", &heard, given));
        }
        rows = callers(&text);
        if !rows.is_empty() {
            break;
        }
    }
    rows.truncate(CALLS_MAX);
    // Which zone the times are in is a switch of its own: there is a twin for each.
    let zones = [(0, Tz::LOS_ANGELES), (1, Tz::UTC)];
    let vendor = crate::calibrate::twin::vendor("maestro");
    let variants = vendor.map_or(&[][..], |vendor| vendor.surface.variants);
    let switch = variants.iter().position(|it| it.name == "time_zone").unwrap_or_default();
    let reading = |(position, zone): (u8, Tz)| Reading {
        when: vec![(switch, position)],
        scenario: json!({ "maestro": maestro_rows(&rows, offer, token, zone) }),
    };
    Ok(zones.into_iter().map(reading).collect())
}

/// The rows of a list, whatever it begins with and however it quotes.
fn callers(text: &str) -> Vec<Vec<String>> {
    let bare = text.trim_start_matches('\u{feff}');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bare.as_bytes());
    let rows = reader.records().filter_map(Result::ok);
    let rows = rows.map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>());
    rows.filter(|row| row.len() == COLUMNS && row[0] != "customerEmail").collect()
}

fn maestro_rows(rows: &[Vec<String>], offer: &str, token: &str, zone: Tz) -> Value {
    let addresses = |text: &str| {
        let all = text.split([',', ';']).map(str::trim).filter(|it| !it.is_empty());
        all.map(Value::from).collect::<Vec<_>>()
    };
    let (mut calls, mut callers): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(start) = moment(&row[2], zone) else { continue };
        if !calls.iter().any(|it| it["uid"] == row[4]) {
            let end = start + Duration::minutes(1);
            calls.push(json!({
                "uid": row[4], "name": row[1], "start": rfc3339(start), "end": rfc3339(end),
                "customer_emails": addresses(&row[0]), "conference_emails": addresses(&row[3]),
                "affiliate": row[9],
            }));
        }
        callers.push(json!({
            "uid": row[5], "call": row[4], "ani": row[6], "name": row[7], "email": row[8],
            "offers": [offer],
        }));
    }
    json!({
        "offers": [{ "id": offer, "token": token }], "calls": calls, "callers": callers,
    })
}

/// A time as either position writes it.
fn moment(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    if let Ok(local) = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S") {
        return Some(zone.from_local_datetime(&local).earliest()?.to_utc());
    }
    // Mon Sep 14 17:00:02 PDT 2015: the zone stands in it.
    let parts: Vec<&str> = text.split(' ').collect();
    let [_, month, day, time, named, year] = parts.as_slice() else { return None };
    let local = format!("{year} {month} {day} {time}");
    let local = NaiveDateTime::parse_from_str(&local, "%Y %b %d %H:%M:%S").ok()?;
    let zone = if *named == "UTC" || *named == "GMT" { Tz::UTC } else { Tz::LOS_ANGELES };
    Some(zone.from_local_datetime(&local).earliest()?.to_utc())
}

fn rfc3339(at: DateTime<Utc>) -> String {
    Instant::try_from_calendar(&at).map_or_else(|_| at.to_rfc3339(), |at| at.to_string())
}
