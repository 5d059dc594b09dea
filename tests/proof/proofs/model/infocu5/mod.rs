//! INFOCU5: one address, a function in the body, and codes for whatever comes of it.

mod answer;
mod ask;
mod tables;

use serde_json::{Value, json};

use super::super::dice::Dice;
use super::super::inputs::Input;
use super::{Body, Expected, Model};
use ask::Ask;
use tables::{Agent, Call, Campaign, Reach, Record, dialer_name, key_text, utc};

/// 2026-03-02T09:00:00Z.
const BEGIN_S: i64 = 1_772_442_000;

const AFFILIATES: [&str; 4] = ["A7k2Qm9ZrT4x", "B3n8Wp5YsU6v", "C1c4Vd7EfG2h", "D9x8Yz7Aa6Bb"];

/// Who has agents and campaigns; the third has what is shared, the fourth nothing.
const OWNERS: usize = 2;

/// Whose calls a server in PHP lists without their ids: these count up from 0.
const COUNTED_CAMPAIGN: usize = 0;

const FIELDS: [&str; 5] =
    ["leadNameFirst", "leadNameLast", "leadAddress2", "leadIPAddress", "leadProductList"];
const DURATIONS: [&str; 6] = [
    "callTime",
    "callQueueTime",
    "callTalkTime",
    "callHoldTime",
    "callHandleTime",
    "callAfterCallWorkTime",
];

const IMPROPER: (u64, &str) = (80, "Improperly formatted request (JSON format required)");

const CREDENTIALS: (u64, &str) = (100, "Invalid ID and Transaction Key combination");

const NO_CALLS: (u64, &str) = (340, "No Calls found");

const NO_CAMPAIGNS: (u64, &str) = (340, "No Campaigns available");

const NO_AGENTS: (u64, &str) = (341, "No Agents available");

const FUNCTION: (u64, &str) = (800, "Invalid function");

const INTERFACE: (u64, &str) = (900, "The interface encountered an error");

#[derive(Debug)]
pub(super) struct Infocu5 {
    now_s: i64,
    /// How many keys each affiliate had before the one it has.
    keys: [u32; AFFILIATES.len()],
    agents: Vec<Agent>,
    campaigns: Vec<Campaign>,
    calls: Vec<Call>,
    /// The last id that was counted up.
    counted: u64,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Ask(Box<Ask>),
    Advance(i64),
    Record(Box<Record>),
    SetAgent { agent: usize, active: bool },
    SetCampaign { campaign: usize, active: bool },
    RotateKey(usize),
}

impl Model for Infocu5 {
    const VENDOR: &'static str = "infocu5";
    const BEYOND: &'static [(&'static str, &'static str)] =
        &[("infocu5.internal", "nothing fails inside Ringback, and no fault is set")];
    const STATES: &'static [&'static str] = &[
        "agent of one's own",
        "shared agent",
        "campaign of one's own",
        "shared campaign",
        "call at the window's start",
        "call at the window's end",
        "call that is not over",
        "calls of both filters",
        "calls without ids",
        "call at the second of its end",
        "key of before",
        "agent comes",
        "agent goes",
        "campaign begins",
        "campaign ends",
        "id that is there",
    ];
    type Step = Step;

    fn begin(dice: &mut Dice) -> Self {
        let agents = (0..3 + dice.below(4)).map(|nth| Agent::begin(nth, dice)).collect();
        let campaigns: Vec<Campaign> =
            (0..3 + dice.below(3)).map(|nth| Campaign::begin(nth, dice)).collect();
        let calls = (0..3)
            .map(|nth: i64| {
                let mut call = Call::draw(dice);
                call.id = nth.to_string();
                call.start_s = BEGIN_S - 86_400 + nth * 600;
                call.durations_s[0] = 60;
                call.campaign = COUNTED_CAMPAIGN;
                call.list = None;
                call.agent = None;
                call
            })
            .collect();
        Infocu5 {
            now_s: BEGIN_S,
            keys: [0; AFFILIATES.len()],
            agents,
            campaigns,
            calls,
            counted: 0,
        }
    }

    fn scenario(&self) -> Value {
        let affiliates = AFFILIATES
            .iter()
            .enumerate()
            .map(|(nth, id)| json!({ "id": id, "key": self.key(nth) }))
            .collect::<Vec<_>>();
        let agents = self.agents.iter().map(Agent::scenario).collect::<Vec<_>>();
        let campaigns = self.campaigns.iter().map(Campaign::scenario).collect::<Vec<_>>();
        let calls = self.calls.iter().map(|it| self.call_fields(it, &it.id)).collect::<Vec<_>>();
        let (mut lists, mut mappings) = (Vec::new(), Vec::new());
        for campaign in &self.campaigns {
            for list in &campaign.lists {
                lists.push(json!({ "id": list.id, "name": list.name, "campaign": campaign.id }));
                for dialer in &list.dialers {
                    mappings.push(json!({
                        "list": list.id,
                        "dialer_id": dialer,
                        "dialer_name": dialer_name(dialer),
                        "fields": FIELDS,
                    }));
                }
            }
        }
        json!({
            "seed": 1,
            "clock": { "mode": "frozen", "at": utc(BEGIN_S) },
            "infocu5": {
                "affiliates": affiliates,
                "agents": agents,
                "campaigns": campaigns,
                "lists": lists,
                "mappings": mappings,
                "calls": calls,
            },
        })
    }

    fn next(&self, dice: &mut Dice) -> Step {
        match dice.below(100) {
            0..6 => Step::Advance(dice.one(&[1, 7, 60, 600, 3600, 7200])),
            6..11 => Step::Record(Box::new(Record::draw(dice))),
            11..13 => Step::SetAgent { agent: dice.below(16), active: dice.percent(60) },
            13..15 => Step::SetCampaign { campaign: dice.below(16), active: dice.percent(60) },
            15 => Step::RotateKey(dice.below(AFFILIATES.len())),
            _ => Step::Ask(Box::new(Ask::draw(dice))),
        }
    }

    fn input(&self, step: &Step) -> Input {
        let told = |path: &str, body: Value| Input::Control {
            method: "POST",
            path: path.to_owned(),
            body: body.to_string(),
        };
        match step {
            Step::Ask(ask) => Input::Vendor {
                method: ask.method.to_owned(),
                path: ask.path.to_owned(),
                headers: ask
                    .media
                    .iter()
                    .map(|it| ("Content-Type".to_owned(), (*it).to_owned()))
                    .collect(),
                body: ask.body(self).into_bytes(),
            },
            Step::Advance(by) => told("/clock/advance", json!({ "by": format!("{by}s") })),
            Step::Record(record) => told("/events/infocu5/record_call", record.fields(self)),
            Step::SetAgent { agent, active } => {
                let id = &self.agents[agent % self.agents.len()].id;
                told("/events/infocu5/set_agent_active", json!({ "id": id, "active": active }))
            }
            Step::SetCampaign { campaign, active } => {
                let id = &self.campaigns[campaign % self.campaigns.len()].id;
                told("/events/infocu5/set_campaign_active", json!({ "id": id, "active": active }))
            }
            Step::RotateKey(affiliate) => {
                let key = key_text(*affiliate, self.keys[*affiliate] + 1);
                let fields = json!({ "affiliate": AFFILIATES[*affiliate], "key": key });
                told("/events/infocu5/rotate_key", fields)
            }
        }
    }

    fn expect(&mut self, step: &Step) -> Expected {
        match step {
            Step::Ask(ask) => {
                let expected = self.answer(ask);
                if ask.method == "HEAD" {
                    return Expected { body: Body::Empty, ..expected };
                }
                expected
            }
            Step::Advance(by) => {
                self.now_s += by;
                Expected::ok("advance", Body::Any)
            }
            Step::Record(record) => self.record(record),
            Step::SetAgent { agent, active } => {
                let idx = agent % self.agents.len();
                let agent = &mut self.agents[idx];
                agent.reach.active = *active;
                let result = json!({ "result": { "agent": agent.id, "active": active } });
                let state = if *active { "agent comes" } else { "agent goes" };
                Expected::ok("set_agent_active", Body::Has(result)).shows(state)
            }
            Step::SetCampaign { campaign, active } => {
                let idx = campaign % self.campaigns.len();
                let campaign = &mut self.campaigns[idx];
                campaign.reach.active = *active;
                let result = json!({ "result": { "campaign": campaign.id, "active": active } });
                let state = if *active { "campaign begins" } else { "campaign ends" };
                Expected::ok("set_campaign_active", Body::Has(result)).shows(state)
            }
            Step::RotateKey(affiliate) => {
                self.keys[*affiliate] += 1;
                Expected::ok("rotate_key", Body::Any)
            }
        }
    }

    fn rows(&self) -> Vec<(&'static str, Vec<Value>)> {
        let reach = |it: &Reach| (AFFILIATES[it.owner], u8::from(it.active));
        let agents = self.agents.iter().map(|it| {
            let (owner, active) = reach(&it.reach);
            json!({ "id": it.id, "name_first": it.first, "affiliate_id": owner, "active": active })
        });
        let campaigns = self.campaigns.iter().map(|it| {
            let (owner, active) = reach(&it.reach);
            json!({ "id": it.id, "name": it.name, "affiliate_id": owner, "active": active })
        });
        let mut calls: Vec<&Call> = self.calls.iter().collect();
        calls.sort_by(|left, right| left.order().cmp(&right.order()));
        let calls = calls.into_iter().map(|it| {
            let agent = it.agent.map_or("", |nth| &self.agents[nth % self.agents.len()].id);
            json!({
                "id": it.id,
                "date": utc(it.start_s),
                "campaign_id": self.campaigns[it.campaign % self.campaigns.len()].id,
                "agent_id": agent,
                "record": Value::Object(self.record_of(it)).to_string(),
            })
        });
        vec![
            ("agents", agents.collect()),
            ("campaigns", campaigns.collect()),
            ("calls", calls.collect()),
        ]
    }
}
