//! What recordings of MaxContact show. Replies in XML show nothing here yet: those of JSON name the
//! same members.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::base::time::Instant;
use crate::contract::fields::{Field, Kind};
use crate::contract::recorded::{Proposal, Recorded, Seen, Sort, row, unsigned};
use crate::vendors::maxcontact::wire::entities::{CAMPAIGN_FIELDS, QUEUE_FIELDS};

pub(super) static RECORDED: Recorded = Recorded {
    people: &[
        ("FullName", Sort::Name),
        ("Name", Sort::Name),
        ("Name2", Sort::Name),
        ("PhoneNumber", Sort::Phone),
        ("PhoneNum", Sort::Phone),
        ("CallerID", Sort::Phone),
        ("phone", Sort::Phone),
        ("phonenumber", Sort::Phone),
        ("Email", Sort::Email),
    ],
    nobody: &[],
    uploads: &["import_csv_files"],
    varies: &["TokenKey"],
    propose,
    sign: unsigned,
};

/// The account of tokens whose login was not recorded.
const LOGIN: &str = "recorded";

fn propose(seen: &Seen<'_>, found: &mut Proposal) {
    if let Some(login) = seen.param("login").filter(|_| seen.operation() == "log_in") {
        let password = password(seen).unwrap_or_else(|| LOGIN.to_owned());
        if !seen.reply["TokenKey"].is_null() {
            found.row(
                "accounts",
                "login",
                row([("login", login.into()), ("password", password.into())]),
            );
        }
        return;
    }
    let is_fine = seen.reply["Success"] == true || seen.reply["ResponseCode"] == 0;
    let Some(token) = seen.credentials.iter().find(|(name, _)| name.contains("Token")) else {
        return;
    };
    if !is_fine || seen.operation.is_none() {
        return;
    }
    found.parent("accounts", "login", row([("login", LOGIN.into()), ("password", LOGIN.into())]));
    let token = row([("token", token.1.as_str().into()), ("login", LOGIN.into())]);
    found.row("tokens", "token", token);
    if let Some(user) = seen.param("UserID").and_then(|id| id.parse::<i64>().ok()) {
        let name = json!(format!("agent {user}"));
        let campaign = found.of("campaigns").next().and_then(|it| it.get("id").cloned());
        let parent =
            row([("id", user.into()), ("name", name), ("campaign", campaign.unwrap_or_default())]);
        found.parent("users", "id", parent);
    }
    for record in seen.reply["Data"].as_array().into_iter().flatten() {
        let Some(record) = record.as_object() else { continue };
        match seen.operation() {
            "list_campaigns" => campaign(seen, record, found),
            "list_users" => user(record, found),
            "list_result_codes" => result_code(record, found),
            "list_acd_queues" => queue(record, found),
            "list_lead_phones" => phone(record, found),
            _ => {}
        }
    }
}

/// The password of a login: in the query, or in Base64, with or without `Basic` and a login before it.
fn password(seen: &Seen<'_>) -> Option<String> {
    if let Some(password) = seen.param("password") {
        return Some(password.to_owned());
    }
    let header = seen.request.header(&http::header::AUTHORIZATION)?;
    let encoded = header.strip_prefix("Basic ").unwrap_or(header);
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    Some(text.split_once(':').map_or(text.as_str(), |(_, password)| password).to_owned())
}

fn cell(record: &Map<String, Value>, name: &str) -> Value {
    record.get(name).cloned().unwrap_or_default()
}

/// Members by their own names, as a scenario takes them.
fn members(record: &Map<String, Value>, fields: &'static [Field]) -> Value {
    let stated = fields.iter().filter_map(|field| {
        let value = record.get(field.name).filter(|value| !value.is_null())?;
        let value = match field.kind {
            Kind::Time => json!(moment(value.as_str()?)?.to_string()),
            _ if value.is_array() || value.is_object() => return None,
            _ => value.clone(),
        };
        (value != json!("")).then(|| (field.name.to_owned(), value))
    });
    let stated: Map<String, Value> = stated.collect();
    if stated.is_empty() { Value::Null } else { stated.into() }
}

/// `/Date(1762156800000+0000)/`, or as RFC 3339 has it.
fn moment(text: &str) -> Option<Instant> {
    let Some(inner) = text.strip_prefix("/Date(") else { return text.parse().ok() };
    let digits = inner.trim_end_matches(")/").split(['+', '-']).next()?;
    Instant::try_from_millis(digits.parse().ok()?).ok()
}

fn campaign(seen: &Seen<'_>, record: &Map<String, Value>, found: &mut Proposal) {
    let list = cell(record, "DefaultListID");
    if !list.is_null() {
        found.parent("lists", "id", row([("id", list.clone())]));
    }
    let id = cell(record, "CampaignID");
    let campaign = row([
        ("id", id.clone()),
        ("name", cell(record, "CampaignName")),
        ("list", list),
        ("auto_record", cell(record, "AutoRecord")),
        ("members", members(record, CAMPAIGN_FIELDS)),
    ]);
    found.row("campaigns", "id", campaign);
    if let Some(user) = seen.param("UserID").and_then(|it| it.parse::<i64>().ok()) {
        let name = json!(format!("agent {user}"));
        found.parent("users", "id", row([("id", user.into()), ("name", name), ("campaign", id)]));
    }
}

fn user(record: &Map<String, Value>, found: &mut Proposal) {
    let user = row([("id", cell(record, "ID")), ("name", cell(record, "FullName"))]);
    found.row("users", "id", user);
}

fn result_code(record: &Map<String, Value>, found: &mut Proposal) {
    let code = row([
        ("code", cell(record, "Code")),
        ("description", cell(record, "Description")),
        ("agent_viewable", cell(record, "IsAgentViewable")),
        ("call_again", cell(record, "IsCallAgain")),
        ("callback", cell(record, "IsCallback")),
        ("success", cell(record, "IsSuccess")),
        ("system", cell(record, "IsSystemResultCode")),
        ("transfer", cell(record, "IsTransfer")),
        ("id", cell(record, "ResultCodeID")),
        ("sales", cell(record, "Sales")),
        ("status", cell(record, "StatusID")),
        ("success_type", cell(record, "SuccessType")),
    ]);
    found.row("result_codes", "id", code);
}

fn queue(record: &Map<String, Value>, found: &mut Proposal) {
    let queue = row([
        ("id", cell(record, "ID")),
        ("name", cell(record, "AcdName")),
        ("members", members(record, QUEUE_FIELDS)),
    ]);
    found.row("queues", "id", queue);
}

fn phone(record: &Map<String, Value>, found: &mut Proposal) {
    let lead = cell(record, "LeadId");
    found.row("leads", "id", row([("id", lead.clone())]));
    let number = cell(record, "PhoneNumber");
    let is_known = found
        .of("lead_phones")
        .any(|known| known.get("lead") == Some(&lead) && known.get("number") == Some(&number));
    if !is_known {
        let id = json!(found.of("lead_phones").count() + 1);
        let kind = cell(record, "RecordTypeId");
        let phone = row([("id", id), ("lead", lead), ("number", number), ("type", kind)]);
        found.row("lead_phones", "id", phone);
    }
}
