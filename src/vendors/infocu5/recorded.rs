//! What recordings of INFOCU5 show.

use serde_json::{Map, Value, json};

use crate::contract::recorded::{Proposal, Recorded, Seen, Sort, each, row, unsigned};

pub(super) static RECORDED: Recorded = Recorded {
    people: &[
        ("agentNameFirst", Sort::Name),
        ("agentNameLast", Sort::Name),
        ("callAgentName", Sort::Name),
        ("callContact", Sort::Name),
        ("callNumberInbound", Sort::Phone),
        ("callNumberOutbound", Sort::Phone),
    ],
    nobody: &[],
    uploads: &[],
    varies: &[],
    propose,
    sign: unsigned,
};

fn propose(seen: &Seen<'_>, found: &mut Proposal) {
    let (Some(id), Some(key)) = (seen.credential("affiliateID"), seen.credential("affiliateKey"))
    else {
        return;
    };
    // 100 says that the two are no pair.
    if seen.reply["responseCode"] == 100 || !seen.reply.is_object() {
        return;
    }
    found.row("affiliates", "id", row([("id", id.into()), ("key", key.into())]));
    let details = &seen.reply["responseDetails"];
    match seen.operation() {
        "get_agents" => {
            for agent in each(details, "agentID") {
                let cell = |name: &str| agent.get(name).cloned().unwrap_or_default();
                let agent = row([
                    ("id", cell("agentID")),
                    ("first", cell("agentNameFirst")),
                    ("last", cell("agentNameLast")),
                    ("affiliate", id.into()),
                ]);
                found.row("agents", "id", agent);
            }
        }
        "get_campaigns" => {
            for campaign in each(details, "campaignID") {
                campaigns(&campaign, id, found);
            }
        }
        "get_calls" => {
            for call in each(details, "callID") {
                calls(&call, id, found);
            }
        }
        _ => {}
    }
}

fn campaigns(campaign: &Map<String, Value>, affiliate: &str, found: &mut Proposal) {
    let cell = |name: &str| campaign.get(name).cloned().unwrap_or_default();
    let id = cell("campaignID");
    let own =
        row([("id", id.clone()), ("name", cell("campaignName")), ("affiliate", affiliate.into())]);
    found.row("campaigns", "id", own);
    let products = each(&cell("campaignProducts"), "listID");
    for product in &products {
        let cell = |name: &str| product.get(name).cloned().unwrap_or_default();
        let list = [("id", cell("listID")), ("name", cell("listName")), ("campaign", id.clone())];
        found.row("lists", "id", row(list));
        for dialer in each(&cell("listMapping"), "dialerID") {
            mapping(cell("listID"), &dialer, found);
        }
    }
    if !products.is_empty() {
        return;
    }
    for dialer in each(&cell("campaignLists"), "dialerID") {
        let cell = |name: &str| dialer.get(name).cloned().unwrap_or_default();
        let dialer_id = cell("dialerID");
        // The list itself is not told; calls may tell it.
        let list = format!("L{}", dialer_id.as_str().unwrap_or_default());
        let name = json!(format!("list of {}", cell("dialerName").as_str().unwrap_or("a dialer")));
        found.row(
            "lists",
            "id",
            row([("id", json!(list)), ("name", name), ("campaign", id.clone())]),
        );
        mapping(json!(list), &dialer, found);
    }
}

/// The dialer that a list feeds.
fn mapping(list: Value, dialer: &Map<String, Value>, found: &mut Proposal) {
    let cell = |name: &str| dialer.get(name).cloned().unwrap_or_default();
    let mapping = row([
        ("list", list),
        ("dialer_id", cell("dialerID")),
        ("dialer_name", cell("dialerName")),
        ("fields", cell("fields")),
    ]);
    if !found.of("mappings").any(|known| *known == mapping) {
        found.row("mappings", "dialer_id", mapping);
    }
}

fn calls(record: &Map<String, Value>, affiliate: &str, found: &mut Proposal) {
    let cell = |name: &str| match record.get(name) {
        Some(Value::String(text)) if text.is_empty() => Value::Null,
        other => other.cloned().unwrap_or_default(),
    };
    // Empty is not the same as left out: a scenario has something else for those.
    let text = |name: &str| match record.get(name) {
        Some(Value::Null) => "".into(),
        other => other.cloned().unwrap_or_default(),
    };
    let campaign = cell("callCampaignID");
    let own = row([
        ("id", campaign.clone()),
        ("name", cell("callCampaignName")),
        ("affiliate", affiliate.into()),
    ]);
    found.parent("campaigns", "id", own);
    let list = row([
        ("id", cell("callListID")),
        ("name", cell("callListName")),
        ("campaign", campaign.clone()),
    ]);
    found.parent("lists", "id", list);
    let agent = cell("callAgentName").as_str().map(|name| {
        let full = |agent: &Map<String, Value>| {
            let part = |name: &str| agent.get(name).and_then(Value::as_str).unwrap_or_default();
            format!("{} {}", part("first"), part("last")).trim().to_owned()
        };
        let known = found.of("agents").find(|agent| full(agent) == name);
        known.and_then(|agent| agent.get("id")).cloned().unwrap_or_else(|| {
            let id = json!(format!("A{}", found.of("agents").count() + 1));
            let (given, family) = name.split_once(' ').unwrap_or((name, ""));
            let row = row([
                ("id", id.clone()),
                ("first", given.into()),
                ("last", family.into()),
                ("affiliate", affiliate.into()),
            ]);
            found.row("agents", "id", row);
            id
        })
    });
    let call = row([
        ("id", cell("callID")),
        ("date", cell("callDate")),
        ("campaign", campaign),
        ("list", cell("callListID")),
        ("agent", agent.unwrap_or_default()),
        ("contact", text("callContact")),
        ("type", cell("callType")),
        ("number_inbound", text("callNumberInbound")),
        ("number_outbound", text("callNumberOutbound")),
        ("time", text("callTime")),
        ("queue_time", text("callQueueTime")),
        ("talk_time", text("callTalkTime")),
        ("hold_time", text("callHoldTime")),
        ("handle_time", text("callHandleTime")),
        ("after_call_time", text("callAfterCallWorkTime")),
    ]);
    found.row("calls", "id", call);
}
