//! What the vendor answers, check by check.

use serde_json::{Map, Value, json};

use super::super::{Body, Expected};
use super::ask::{Ask, Function, ShowAll, Who};
use super::tables::{Call, List, Record, RecordId, key_text, length, utc};
use super::{
    CREDENTIALS, DURATIONS, FUNCTION, IMPROPER, INTERFACE, Infocu5, NO_AGENTS, NO_CALLS,
    NO_CAMPAIGNS,
};

/// What the vendor answers.
impl Infocu5 {
    /// The checks in the contract's order.
    pub(super) fn answer(&self, ask: &Ask) -> Expected {
        match ask.path {
            "/dialer/" | "/dialer/index.php" | "/x_dialer/" | "/x_dialer/index.php" => {}
            "/dialer" | "/x_dialer" => {
                return Expected::refused("-", 301, "infocu5.directory", Body::Any);
            }
            _ => return Expected::refused("-", 404, "infocu5.path", Body::Any),
        }
        let what = ask.what();
        if ask.method != "POST" {
            return refused(what, "infocu5.method", IMPROPER);
        }
        if ask.slip.is_some() {
            return refused(what, "infocu5.json", IMPROPER);
        }
        let Who::Right(affiliate) = ask.who else {
            let expected = refused(what, "infocu5.credentials", CREDENTIALS);
            return match ask.who {
                Who::KeyBefore(it) if self.keys[it] > 0 => expected.shows("key of before"),
                _ => expected,
            };
        };
        let found = match ask.function {
            Function::Agents => self.list_agents(affiliate, &ask.show_all),
            Function::Calls => self.list_calls(affiliate, ask),
            Function::Campaigns => self.list_campaigns(affiliate, &ask.show_all),
            _ => return refused(what, "infocu5.function", FUNCTION),
        };
        match found {
            Some((details, states)) => {
                let text = json!({
                    "responseCode": 1,
                    "responseMessage": "Success",
                    "responseDetails": details,
                });
                let mut expected = Expected::ok(what, Body::Text(text.to_string()));
                expected.states = states;
                expected.header("content-type", "application/json")
            }
            None if ask.is_unusable(self) => refused(what, "infocu5.parameter", INTERFACE),
            None => match ask.function {
                Function::Agents => refused(what, "infocu5.no_agents", NO_AGENTS),
                Function::Calls => refused(what, "infocu5.no_calls", NO_CALLS),
                _ => refused(what, "infocu5.no_campaigns", NO_CAMPAIGNS),
            },
        }
    }

    pub(super) fn list_agents(&self, affiliate: usize, show_all: &ShowAll) -> Option<Found> {
        let all = show_all.read()?;
        let mut states = Vec::new();
        let mut records = Vec::new();
        for agent in self.agents.iter().filter(|it| it.reach.is_listed(affiliate, all)) {
            let is_own = agent.reach.owner == affiliate;
            states.push(if is_own { "agent of one's own" } else { "shared agent" });
            records.push(json!({
                "agentID": agent.id,
                "agentNameFirst": agent.first,
                "agentNameLast": agent.last,
            }));
        }
        (!records.is_empty()).then_some((Value::Array(records), states))
    }

    pub(super) fn list_campaigns(&self, affiliate: usize, show_all: &ShowAll) -> Option<Found> {
        let all = show_all.read()?;
        let mut states = Vec::new();
        let mut records = Vec::new();
        for campaign in self.campaigns.iter().filter(|it| it.reach.is_listed(affiliate, all)) {
            let is_own = campaign.reach.owner == affiliate;
            states.push(if is_own { "campaign of one's own" } else { "shared campaign" });
            records.push(json!({
                "campaignID": campaign.id,
                "campaignName": campaign.name,
                "campaignProducts": campaign.lists.iter().map(List::product).collect::<Vec<_>>(),
            }));
        }
        (!records.is_empty()).then_some((Value::Array(records), states))
    }

    pub(super) fn list_calls(&self, affiliate: usize, ask: &Ask) -> Option<Found> {
        let (from, till) = (ask.from.read(self)?, ask.till.read(self)?);
        let campaigns = ask.campaigns.read(&self.campaign_ids())?;
        let agents = ask.agents.read(&self.agent_ids())?;
        let mut states = Vec::new();
        let mut calls = Vec::new();
        for call in &self.calls {
            let campaign = &self.campaigns[call.campaign % self.campaigns.len()];
            let agent = call.agent.map_or("", |nth| &self.agents[nth % self.agents.len()].id);
            let is_meant = (from..=till).contains(&call.start_s)
                && campaign.reach.is_seen(affiliate)
                && campaigns.as_ref().is_none_or(|it| it.contains(&campaign.id))
                && agents.as_ref().is_none_or(|it| it.iter().any(|id| id == agent));
            if is_meant && call.end_s() > self.now_s {
                states.push("call that is not over");
            } else if is_meant {
                states.extend((call.start_s == from).then_some("call at the window's start"));
                states.extend((call.start_s == till).then_some("call at the window's end"));
                let is_just_over = call.end_s() == self.now_s;
                states.extend(is_just_over.then_some("call at the second of its end"));
                calls.push(call);
            }
        }
        if calls.is_empty() {
            return None;
        }
        states.extend((campaigns.is_some() && agents.is_some()).then_some("calls of both filters"));
        calls.sort_by(|left, right| left.order().cmp(&right.order()));
        // PHP writes keys that count up from 0 as an array.
        if calls.iter().enumerate().all(|(nth, call)| call.id == nth.to_string()) {
            states.push("calls without ids");
            let records = calls.iter().map(|it| Value::Object(self.record_of(it)));
            return Some((records.collect(), states));
        }
        let records =
            calls.iter().map(|it| (it.id.clone(), Value::Object(self.record_of(it)))).collect();
        Some((Value::Object(records), states))
    }

    /// A call as getCalls shows it.
    pub(super) fn record_of(&self, call: &Call) -> Map<String, Value> {
        let campaign = &self.campaigns[call.campaign % self.campaigns.len()];
        let list = call.list_of(campaign);
        let agent = call.agent.map(|nth| &self.agents[nth % self.agents.len()]);
        let agent_name = match agent {
            Some(agent) if agent.last.is_empty() => agent.first.to_owned(),
            Some(agent) => format!("{} {}", agent.first, agent.last),
            None => String::new(),
        };
        let mut record = Map::new();
        let mut put = |name: &str, value: &str| record.insert(name.to_owned(), value.into());
        put("callDate", &utc(call.start_s));
        put("callCampaignID", &campaign.id);
        put("callCampaignName", campaign.name);
        put("callListID", list.map_or("", |it| &it.id));
        put("callListName", list.map_or("", |it| it.name));
        put("callAgentName", &agent_name);
        put("callContact", call.contact);
        put("callType", if call.is_inbound { "Inbound" } else { "Outbound" });
        put("callNumberInbound", call.numbers[0]);
        put("callNumberOutbound", call.numbers[1]);
        for (name, duration_s) in DURATIONS.iter().zip(call.durations_s) {
            put(name, &length(duration_s));
        }
        record
    }

    pub(super) fn record(&mut self, record: &Record) -> Expected {
        let id = self.record_id(&record.id);
        if self.calls.iter().any(|it| it.id == id) {
            let expected = Expected { status: 409, ..Expected::ok("record_call", Body::Any) };
            return expected.shows("id that is there");
        }
        if matches!(record.id, RecordId::Counted) {
            self.counted = id.parse().unwrap_or(self.counted);
        }
        let mut call = record.call.clone();
        call.start_s = match record.start {
            Some(plus) => self.now_s + plus,
            None => self.now_s - call.durations_s[0],
        };
        call.id.clone_from(&id);
        self.calls.push(call);
        Expected::ok("record_call", Body::Has(json!({ "result": { "call": id } })))
    }

    pub(super) fn record_id(&self, id: &RecordId) -> String {
        match id {
            RecordId::Counted => {
                let mut next = self.counted + 1;
                while self.calls.iter().any(|it| it.id == next.to_string()) {
                    next += 1;
                }
                next.to_string()
            }
            RecordId::New(nth) => format!("{}", 900_000 + nth),
            RecordId::OfAnother(nth) => self.calls[nth % self.calls.len()].id.clone(),
        }
    }

    /// A call in the words of scenarios and events.
    pub(super) fn call_fields(&self, call: &Call, id: &str) -> Value {
        let campaign = &self.campaigns[call.campaign % self.campaigns.len()];
        let mut fields = json!({
            "id": id,
            "date": utc(call.start_s),
            "campaign": campaign.id,
            "contact": call.contact,
            "type": if call.is_inbound { "Inbound" } else { "Outbound" },
            "number_inbound": call.numbers[0],
            "number_outbound": call.numbers[1],
            "time": length(call.durations_s[0]),
            "queue_time": length(call.durations_s[1]),
            "talk_time": length(call.durations_s[2]),
            "hold_time": length(call.durations_s[3]),
            "handle_time": length(call.durations_s[4]),
            "after_call_time": length(call.durations_s[5]),
        });
        if let Some(list) = call.list_of(campaign) {
            fields["list"] = list.id.as_str().into();
        }
        if let Some(agent) = call.agent {
            fields["agent"] = self.agents[agent % self.agents.len()].id.as_str().into();
        }
        fields
    }

    pub(super) fn key(&self, affiliate: usize) -> String {
        key_text(affiliate, self.keys[affiliate])
    }

    pub(super) fn campaign_ids(&self) -> Vec<&str> {
        self.campaigns.iter().map(|it| it.id.as_str()).collect()
    }

    pub(super) fn agent_ids(&self) -> Vec<&str> {
        self.agents.iter().map(|it| it.id.as_str()).collect()
    }
}

/// What `responseDetails` holds, and what it shows.
pub(super) type Found = (Value, Vec<&'static str>);

pub(super) fn refused(
    what: &'static str,
    rule: &'static str,
    (code, message): (u64, &str),
) -> Expected {
    let body = json!({ "responseCode": code, "responseMessage": message }).to_string();
    Expected::refused(what, 200, rule, Body::Text(body)).header("content-type", "application/json")
}
