//! What recordings of jtel show.

use serde_json::{Map, Value, json};

use crate::contract::recorded::{Proposal, Recorded, Seen, Sort, row, unsigned};
use crate::vendors::jtel::fields::FIELDS;

pub(super) static RECORDED: Recorded = Recorded {
    people: &[
        ("Name", Sort::Name),
        ("FirstName", Sort::Name),
        ("Company", Sort::Name),
        ("Address", Sort::Text),
        ("AccountOwner", Sort::Name),
        ("AccountNumber", Sort::Phone),
        ("AccountIBAN", Sort::Text),
        ("PhoneNumber1", Sort::Phone),
        ("PhoneNumber2", Sort::Phone),
        ("PhoneNumber3", Sort::Phone),
        ("PhoneNumber4", Sort::Phone),
        ("PhoneNumber5", Sort::Phone),
        ("PhoneNumber6", Sort::Phone),
        ("FaxNumber", Sort::Phone),
        ("Email", Sort::Email),
        ("Comment", Sort::Text),
        ("BNumber", Sort::Phone),
        ("ANumber", Sort::Phone),
    ],
    nobody: &["ClientsID", "ExportKey"],
    uploads: &[],
    varies: &[],
    propose,
    sign: unsigned,
};

fn propose(seen: &Seen<'_>, found: &mut Proposal) {
    let path = seen.request.path();
    let client = path.split('/').nth(3).and_then(|it| it.parse::<i64>().ok());
    let (Some(client), Some(token)) = (client, seen.credential("token")) else { return };
    if matches!(seen.status, 401 | 403) || seen.operation.is_none() {
        return;
    }
    let client = Value::from(client);
    found.row("clients", "id", row([("id", client.clone()), ("tokens", json!([]))]));
    found.listed("clients", "id", &client, "tokens", token.into());
    if seen.operation() == "import_contact" {
        let id = [&seen.reply["ID"], &seen.reply["id"], &seen.reply["records"][0]["ID"]];
        if let Some(id) = id.into_iter().find(|id| !id.is_null()) {
            found.made("contacts", id);
        }
        return;
    }
    for record in seen.reply["records"].as_array().into_iter().flatten() {
        let Some(record) = record.as_object() else { continue };
        if record.contains_key("DiallerCampaignsID") && record.contains_key("UserData") {
            contact(record, &client, found);
        } else if record.contains_key("ClientsID") && record.contains_key("Name") {
            campaign(record, found);
        }
    }
}

fn contact(record: &Map<String, Value>, client: &Value, found: &mut Proposal) {
    let cell = |name: &str| record.get(name).cloned().unwrap_or_default();
    let campaign = cell("DiallerCampaignsID");
    let name = json!(format!("campaign {campaign}"));
    let parent = row([("id", campaign.clone()), ("client", client.clone()), ("name", name)]);
    found.parent("campaigns", "id", parent);
    code(&cell("DiallerCampaignsResultCodesID"), &campaign, found);
    let mut contact = row([("id", cell("ID")), ("campaign", campaign)]);
    for field in FIELDS {
        let value = cell(field.name);
        if !value.is_null() {
            contact.insert(field.column.to_owned(), value);
        }
    }
    contact.entry("name").or_insert_with(|| "".into());
    found.row("contacts", "id", contact);
}

/// A result code that is named, and of which nothing else is told.
fn code(id: &Value, campaign: &Value, found: &mut Proposal) {
    if !id.is_null() {
        let parent = row([
            ("id", id.clone()),
            ("campaign", campaign.clone()),
            ("export_key", json!(format!("CODE_{id}"))),
            ("type", "done".into()),
            ("texts", json!([])),
        ]);
        found.parent("result_codes", "id", parent);
    }
}

fn campaign(record: &Map<String, Value>, found: &mut Proposal) {
    let cell = |name: &str| record.get(name).cloned().unwrap_or_default();
    let campaign = row([
        ("id", cell("ID")),
        ("client", cell("ClientsID")),
        ("name", cell("Name")),
        ("language", cell("LanguagesID")),
        ("preview_time", cell("ContactPreviewTime")),
        ("parallel_lines", cell("nMaxParallelLines")),
        ("close_on_incoming", cell("bCloseContactsOnIncomingCallsMatchCallerID")),
        ("caller_id_active", cell("bCallerIDActive")),
        ("to", cell("dtTo")),
        ("no_number_code", cell("AbortOnNoTelNumberResultCodesID")),
        ("incoming_code", cell("IncomingCallResultCodesID")),
    ]);
    for name in ["AbortOnNoTelNumberResultCodesID", "IncomingCallResultCodesID"] {
        code(&cell(name), &cell("ID"), found);
    }
    if let Some(client) = campaign.get("client") {
        let parent = row([("id", client.clone()), ("tokens", json!([]))]);
        found.parent("clients", "id", parent);
    }
    found.row("campaigns", "id", campaign);
}
