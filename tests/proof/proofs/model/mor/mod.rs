//! Kolmisoft MOR: hashes over values and a key, campaigns that a toggle starts and a clock dials.

mod answer;
mod ask;
mod campaign;
mod clock;
mod file;
mod outside;

use serde_json::{Value, json};

use super::super::dice::Dice;
use super::super::inputs::Input;
use super::{Body, Expected, Model};
use ask::Ask;
use campaign::{Call, Campaign, FAR_ENDS};
use outside::{Dial, Setting, ShopSetting, conflict};

/// 2026-03-02T09:00:00Z.
const BEGIN_MS: i64 = 1_772_442_000_000;

/// A started campaign dials within five minutes.
const START_MS: i64 = 300_000;

/// What a campaign holds where the add-on is not paid.
const UNPAID_MAX: usize = 10;

const DAY_MS: i64 = 86_400_000;

const US: &str = "127.0.0.1";

const BOUNDARY: &str = "model-boundary";

const POLL: &str = "get_campaign_ivr_poll_results";

const STATISTICS: &str = "get_campaign_statistics";

const TOGGLE: &str = "change_campaign_status";

const UPLOAD: &str = "upload_numbers";

/// The users, the administrator first; a user's number here is its place.
const USERS: [Known; 11] = [
    Known { name: "admin", kind: Kind::Admin, ..Known::PLAIN },
    Known { name: "acct", kind: Kind::Accountant, ..Known::PLAIN },
    Known { name: "shop", kind: Kind::Reseller, separator: Some(";"), ..Known::PLAIN },
    Known { name: "mute", kind: Kind::Reseller, ..Known::PLAIN },
    Known { name: "bob", ..Known::PLAIN },
    Known { name: "jo+ann", zone: ("Asia/Kolkata", 330), separator: Some("|"), ..Known::PLAIN },
    Known { name: "ünal", group: Some(0), ..Known::PLAIN },
    Known { name: "gina", group: Some(1), ..Known::PLAIN },
    Known { name: "carl", owner: Some(2), ..Known::PLAIN },
    Known { name: "cleo", owner: Some(2), zone: ("America/Bogota", -300), ..Known::PLAIN },
    Known { name: "dora", owner: Some(3), ..Known::PLAIN },
];

const SHOP: usize = 2;

/// Those of them who can own campaigns.
const OWNERS: [usize; 7] = [4, 5, 6, 7, 8, 9, 10];

/// Permission groups: what each may do, in the order of the functions.
const GROUPS: [[&str; 4]; 2] =
    [["read", "read", "read", "disabled"], ["disabled", "read", "write", "write"]];

/// What is known of a user from the beginning on.
struct Known {
    name: &'static str,
    kind: Kind,
    owner: Option<usize>,
    /// With its minutes east of UTC.
    zone: (&'static str, i64),
    separator: Option<&'static str>,
    group: Option<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Admin,
    Accountant,
    Reseller,
    User,
}

#[derive(Debug)]
pub(super) struct Mor {
    now_ms: i64,
    settings: Settings,
    /// Addresses and networks, with whether they may call.
    whitelist: Vec<(&'static str, bool)>,
    shop: Shop,
    users: Vec<User>,
    campaigns: Vec<Campaign>,
    calls: Vec<Call>,
    n_timers: u64,
}

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "so has the page of settings")]
struct Settings {
    n_keys: u32,
    allow_api: bool,
    allow_get: bool,
    disable_hash: bool,
    xml_extension: bool,
    restrict_ip: bool,
    paid_addon: bool,
    auto_dial: bool,
}

/// The reseller who has a key.
#[derive(Debug)]
struct Shop {
    n_keys: u32,
    allow_api: bool,
    disable_hash: bool,
    autodialer: bool,
}

#[derive(Clone, Debug)]
struct User {
    blocked: bool,
    balance: f64,
    /// -1 is unlimited.
    credit: f64,
    postpaid: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Ask(Box<Ask>),
    Advance(i64),
    Start(usize),
    Stop(usize),
    Dial(Dial),
    Reactivate { campaign: usize, number: usize },
    Redial(usize),
    Set(Setting),
    SetShop(ShopSetting),
    RotateKey { of_shop: bool },
    Block { user: usize, blocked: bool },
    Money { user: usize, balance: f64, credit: f64, postpaid: bool },
    List { entry: &'static str, allowed: bool },
    Unlist(&'static str),
}

impl Known {
    const PLAIN: Known = Known {
        name: "",
        kind: Kind::User,
        owner: None,
        zone: ("UTC", 0),
        separator: None,
        group: None,
    };
}

impl Model for Mor {
    const VENDOR: &'static str = "mor";
    const BEYOND: &'static [(&'static str, &'static str)] =
        &[("mor.internal", "nothing fails inside Ringback, and no fault is set")];
    const STATES: &'static [&'static str] = &[
        "campaign starts",
        "campaign stops",
        "number is dialled",
        "number is dialled again",
        "number is completed",
        "number is new again",
        "numbers are redialled",
        "campaign waits for its hours",
        "campaign waits for its user",
        "campaign waits for numbers",
        "campaign does not dial",
        "earlier call of a number",
        "call in progress",
        "poll answer",
        "answer without its separator",
        "times of another zone",
        "statistics of today",
        "statistics of a period",
        "numbers imported",
        "numbers skipped",
        "numbers beyond the cap",
        "numbers twice",
        "shown inline",
        "as text/xml",
        "id in the path",
        "query before body",
        "parameters as JSON",
        "parameters as parts",
        "key of before",
        "user by number",
        "without a hash",
        "event refused",
    ];
    type Step = Step;

    fn begin(dice: &mut Dice) -> Self {
        let settings = Settings {
            n_keys: 0,
            allow_api: true,
            allow_get: dice.percent(50),
            disable_hash: false,
            xml_extension: dice.percent(50),
            restrict_ip: false,
            paid_addon: dice.percent(60),
            auto_dial: true,
        };
        let user = User { blocked: false, balance: 0.0, credit: -1.0, postpaid: true };
        let campaigns = (0..8).map(|nth| Campaign::begin(nth, dice)).collect();
        Mor {
            now_ms: BEGIN_MS,
            settings,
            whitelist: Vec::new(),
            shop: Shop { n_keys: 0, allow_api: true, disable_hash: false, autodialer: true },
            users: vec![user; USERS.len()],
            campaigns,
            calls: Vec::new(),
            n_timers: 0,
        }
    }

    fn scenario(&self) -> Value {
        let users = USERS.iter().enumerate().skip(1).map(|(nth, it)| {
            let mut user = json!({
                "id": nth,
                "username": it.name,
                "type": match it.kind {
                    Kind::Admin => "admin",
                    Kind::Accountant => "accountant",
                    Kind::Reseller => "reseller",
                    Kind::User => "user",
                },
                "time_zone": it.zone.0,
            });
            if let Some(owner) = it.owner {
                user["owner"] = USERS[owner].name.into();
            }
            if let Some(separator) = it.separator {
                user["csv_separator"] = separator.into();
            }
            if let Some(group) = it.group {
                user["api_restricted"] = true.into();
                user["permission_group"] = format!("group {group}").into();
            }
            if nth == SHOP {
                user["secret_key"] = self.key_of_shop(0).into();
            }
            user
        });
        let groups = GROUPS.iter().enumerate().map(|(nth, rights)| {
            let mut group = json!({ "name": format!("group {nth}") });
            for (function, right) in [POLL, STATISTICS, TOGGLE, UPLOAD].iter().zip(rights) {
                group[function] = (*right).into();
            }
            group
        });
        let numbers = self.campaigns.iter().flat_map(|campaign| {
            campaign.numbers.iter().map(|it| json!({ "campaign": campaign.id, "number": it.text }))
        });
        let lines = FAR_ENDS.iter().map(|it| {
            let mut line = json!({
                "vendor": "mor",
                "then": it.then,
                "ring": format!("{}s", it.ring_s),
                "talk": format!("{}s", it.talk_s.max(1)),
            });
            if !it.ends_with.is_empty() {
                line["ends_with"] = it.ends_with.into();
            }
            line
        });
        json!({
            "seed": 1,
            "clock": { "mode": "frozen", "at": "2026-03-02T09:00:00Z" },
            "line": lines.collect::<Vec<_>>(),
            "mor": {
                "settings": {
                    "secret_key": self.key_of_admin(0),
                    "allow_get": self.settings.allow_get,
                    "xml_extension": self.settings.xml_extension,
                    "paid_addon": self.settings.paid_addon,
                },
                "permission_groups": groups.collect::<Vec<_>>(),
                "users": users.collect::<Vec<_>>(),
                "campaigns": self.campaigns.iter().map(Campaign::scenario).collect::<Vec<_>>(),
                "numbers": numbers.collect::<Vec<_>>(),
            },
        })
    }

    fn next(&self, dice: &mut Dice) -> Step {
        let campaign = dice.below(self.campaigns.len());
        let number = dice.below(16);
        match dice.below(100) {
            0..6 => Step::Advance(dice.one(&[1, 5, 10, 60, 299, 300, 600, 3600, 14_400])),
            6 => Step::Start(campaign),
            7 if dice.percent(50) => Step::Stop(campaign),
            8..11 => {
                // Numbers that were dialled are few, and calls of before are of those.
                let dialled = self.campaigns[campaign].some_dialled().filter(|_| dice.percent(50));
                Step::Dial(Dial::draw(campaign, dialled.unwrap_or(number), dice))
            }
            11..13 => Step::Reactivate { campaign, number },
            13 if dice.percent(40) => Step::Redial(campaign),
            14..17 => Mor::next_setting(dice),
            17..20 => Mor::next_owner(dice),
            _ => Step::Ask(Box::new(Ask::draw(self, dice))),
        }
    }

    fn input(&self, step: &Step) -> Input {
        let campaign = |nth: &usize| self.campaigns[*nth].id;
        let (name, fields) = match step {
            Step::Ask(ask) => return ask.input(self),
            Step::Advance(by) => {
                return Input::Control {
                    method: "POST",
                    path: "/clock/advance".to_owned(),
                    body: json!({ "by": format!("{by}s") }).to_string(),
                };
            }
            Step::Start(nth) => ("start_campaign", json!({ "campaign": campaign(nth) })),
            Step::Stop(nth) => ("stop_campaign", json!({ "campaign": campaign(nth) })),
            Step::Redial(nth) => ("redial_failed", json!({ "campaign": campaign(nth) })),
            Step::Reactivate { campaign: nth, number } => {
                let number = self.campaigns[*nth].only(*number).map_or("999", |(_, it)| &it.text);
                ("reactivate_number", json!({ "campaign": campaign(nth), "number": number }))
            }
            Step::Dial(dial) => ("dial_number", dial.fields(self)),
            Step::Set(setting) => ("set_setting", setting.fields()),
            Step::SetShop(setting) => ("set_reseller", setting.fields()),
            Step::RotateKey { of_shop: true } => {
                let key = self.key_of_shop(self.shop.n_keys + 1);
                ("rotate_key", json!({ "reseller": "shop", "secret_key": key }))
            }
            Step::RotateKey { of_shop: false } => {
                let key = self.key_of_admin(self.settings.n_keys + 1);
                ("rotate_key", json!({ "secret_key": key }))
            }
            Step::Block { user, blocked } => {
                ("block_user", json!({ "user": USERS[*user].name, "blocked": blocked }))
            }
            Step::Money { user, balance, credit, postpaid } => (
                "set_user",
                json!({
                    "user": USERS[*user].name,
                    "balance": balance,
                    "credit": credit,
                    "postpaid": postpaid,
                }),
            ),
            Step::List { entry, allowed } => {
                ("whitelist_ip", json!({ "ip": entry, "allow_api": allowed }))
            }
            Step::Unlist(entry) => ("unlist_ip", json!({ "ip": entry })),
        };
        Input::Control {
            method: "POST",
            path: format!("/events/mor/{name}"),
            body: fields.to_string(),
        }
    }

    fn expect(&mut self, step: &Step) -> Expected {
        match step {
            Step::Ask(ask) => self.answer(ask),
            Step::Advance(by) => self.advance(*by * 1000),
            Step::Start(nth) => {
                if self.campaigns[*nth].running || self.cannot_start(*nth).is_some() {
                    return conflict("start_campaign");
                }
                self.start(*nth);
                Expected::ok("start_campaign", Body::Any).shows("campaign starts")
            }
            Step::Stop(nth) => {
                if !self.campaigns[*nth].running {
                    return conflict("stop_campaign");
                }
                self.campaigns[*nth].stop();
                Expected::ok("stop_campaign", Body::Any).shows("campaign stops")
            }
            Step::Dial(dial) => self.dial_outside(dial),
            Step::Reactivate { campaign, number } => self.reactivate(*campaign, *number),
            Step::Redial(nth) => self.redial(*nth),
            Step::Set(setting) if !self.settings.allow_api && setting.is_of_api() => {
                conflict("set_setting")
            }
            Step::Set(setting) => {
                let dialled = self.settings.auto_dial;
                setting.put(&mut self.settings);
                if !dialled {
                    self.dial_all_soon();
                }
                Expected::ok("set_setting", Body::Any)
            }
            Step::SetShop(setting) => {
                setting.put(&mut self.shop);
                Expected::ok("set_reseller", Body::Any)
            }
            Step::RotateKey { of_shop } => {
                let n_keys =
                    if *of_shop { &mut self.shop.n_keys } else { &mut self.settings.n_keys };
                *n_keys += 1;
                Expected::ok("rotate_key", Body::Any)
            }
            Step::Block { user, blocked } => {
                self.change(*user, |it| it.blocked = *blocked);
                Expected::ok("block_user", Body::Any)
            }
            Step::Money { user, balance, credit, postpaid } => {
                self.change(*user, |it| {
                    (it.balance, it.credit, it.postpaid) = (*balance, *credit, *postpaid);
                });
                Expected::ok("set_user", Body::Any)
            }
            Step::List { entry, allowed } => {
                self.whitelist.retain(|(it, _)| it != entry);
                self.whitelist.push((entry, *allowed));
                Expected::ok("whitelist_ip", Body::Any)
            }
            Step::Unlist(entry) => {
                let n_before = self.whitelist.len();
                self.whitelist.retain(|(it, _)| it != entry);
                if self.whitelist.len() == n_before {
                    return conflict("unlist_ip");
                }
                Expected::ok("unlist_ip", Body::Any)
            }
        }
    }

    fn rows(&self) -> Vec<(&'static str, Vec<Value>)> {
        let campaigns = self.campaigns.iter().map(|it| {
            json!({
                "id": it.id,
                "name": it.name,
                "running": u8::from(it.running),
                "numbers": it.numbers.len(),
            })
        });
        let numbers = self.campaigns.iter().flat_map(|campaign| {
            campaign.numbers.iter().map(|it| {
                json!({
                    "campaign_id": campaign.id,
                    "number": it.text,
                    "status": it.status.word(),
                    "executed_ms": it.executed_ms,
                    "completed_ms": it.completed_ms,
                    "n_tries": it.n_tries,
                })
            })
        });
        let on_calls = self.campaigns.iter().filter(|it| it.on_call.is_some());
        let users = self.users.iter().zip(&USERS).map(|(it, known)| {
            json!({
                "username": known.name,
                "blocked": u8::from(it.blocked),
                "balance": it.balance,
                "credit": it.credit,
                "postpaid": u8::from(it.postpaid),
            })
        });
        vec![
            ("campaigns", campaigns.collect()),
            ("numbers", numbers.collect()),
            ("calls_in_progress", on_calls.map(|it| json!({ "campaign_id": it.id })).collect()),
            ("users", users.collect()),
        ]
    }
}

impl User {
    /// Not blocked, and with money or credit to dial for.
    fn can_pay(&self) -> bool {
        let has_money = if self.postpaid {
            self.credit < 0.0 || self.balance + self.credit > 0.0
        } else {
            self.balance > 0.0
        };
        !self.blocked && has_money
    }
}
