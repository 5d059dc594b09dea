//! Agents, campaigns and calls.

use chrono::DateTime;
use serde_json::{Value, json};

use super::super::super::dice::Dice;
use super::{AFFILIATES, DURATIONS, FIELDS, Infocu5, OWNERS};

#[derive(Debug)]
pub(super) struct Agent {
    pub(super) id: String,
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) reach: Reach,
}

#[derive(Debug)]
pub(super) struct Campaign {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) reach: Reach,
    pub(super) lists: Vec<List>,
}

/// Whom an agent or a campaign is for.
#[derive(Debug)]
pub(super) struct Reach {
    pub(super) owner: usize,
    pub(super) shared: Vec<usize>,
    pub(super) active: bool,
}

#[derive(Debug)]
pub(super) struct List {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) dialers: Vec<&'static str>,
}

#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) start_s: i64,
    pub(super) campaign: usize,
    pub(super) list: Option<usize>,
    pub(super) agent: Option<usize>,
    pub(super) contact: &'static str,
    pub(super) is_inbound: bool,
    pub(super) numbers: [&'static str; 2],
    pub(super) durations_s: [i64; DURATIONS.len()],
}

/// A call that is put on record.
#[derive(Clone, Debug)]
pub(in super::super) struct Record {
    pub(super) id: RecordId,
    /// Seconds from now to its start; where left out it ends now.
    pub(super) start: Option<i64>,
    pub(super) call: Call,
}

#[derive(Clone, Debug)]
pub(super) enum RecordId {
    Counted,
    New(u32),
    OfAnother(usize),
}

/// 32 hexadecimal digits.
pub(super) fn key_text(affiliate: usize, nth: u32) -> String {
    format!("{affiliate:08x}c0ffee99{nth:08x}5ca1ab1e")
}

pub(super) fn utc(at_s: i64) -> String {
    local(at_s, 0, "+00:00")
}

pub(super) fn local(at_s: i64, minutes: i64, offset: &str) -> String {
    let at = DateTime::from_timestamp(at_s + minutes * 60, 0).unwrap_or_default();
    format!("{}{offset}", at.format("%Y-%m-%dT%H:%M:%S"))
}

/// `HH:MM:SS`.
pub(super) fn length(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

pub(super) fn dialer_name(id: &str) -> String {
    format!("Floor {id}")
}

impl Reach {
    pub(super) fn begin(dice: &mut Dice) -> Self {
        let owner = dice.below(OWNERS);
        let shared = (0..3).filter(|it| *it != owner && dice.percent(40)).collect();
        Reach { owner, shared, active: dice.percent(80) }
    }

    pub(super) fn is_seen(&self, affiliate: usize) -> bool {
        self.owner == affiliate || self.shared.contains(&affiliate)
    }

    pub(super) fn is_listed(&self, affiliate: usize, all: bool) -> bool {
        self.active && (self.owner == affiliate || all && self.is_seen(affiliate))
    }

    pub(super) fn shared_with(&self) -> Vec<&'static str> {
        self.shared.iter().map(|it| AFFILIATES[*it]).collect()
    }
}

impl Agent {
    pub(super) fn begin(nth: usize, dice: &mut Dice) -> Self {
        let (first, last) = dice.one(&[
            ("Ines", "Okafor"),
            ("Tom", "Reyes"),
            ("Zoë \"Z\"", "O'Neil"),
            ("Kim", ""),
            ("A/B", "C\\D"),
        ]);
        Agent { id: format!("{}", 50_017 + nth), first, last, reach: Reach::begin(dice) }
    }

    pub(super) fn scenario(&self) -> Value {
        json!({
            "id": self.id,
            "first": self.first,
            "last": self.last,
            "affiliate": AFFILIATES[self.reach.owner],
            "shared_with": self.reach.shared_with(),
            "active": self.reach.active,
        })
    }
}

impl Campaign {
    pub(super) fn begin(nth: usize, dice: &mut Dice) -> Self {
        let id = 2040 + nth;
        let lists = (0..dice.below(3))
            .map(|list| List {
                id: format!("{id}{list}"),
                name: dice.one(&["Web Leads", "Old & \"new\"", ""]),
                dialers: ["DI2040KB", "DI2041MC"][..dice.below(3)].to_vec(),
            })
            .collect();
        let name = dice.one(&["Spring Trial", "Été <2>", "Renewals"]);
        Campaign { id: id.to_string(), name, reach: Reach::begin(dice), lists }
    }

    pub(super) fn scenario(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "affiliate": AFFILIATES[self.reach.owner],
            "shared_with": self.reach.shared_with(),
            "active": self.reach.active,
        })
    }
}

impl List {
    pub(super) fn product(&self) -> Value {
        let mapping = |dialer: &&str| json!({ "dialerID": dialer, "dialerName": dialer_name(dialer), "fields": FIELDS });
        json!({
            "listID": self.id,
            "listName": self.name,
            "listMapping": self.dialers.iter().map(mapping).collect::<Vec<_>>(),
        })
    }
}

impl Call {
    /// Its id and its start are put in later.
    pub(super) fn draw(dice: &mut Dice) -> Self {
        // Nothing says that the lengths add up, and the vendor's own do not.
        let durations_s = [0; DURATIONS.len()].map(|_: i64| match dice.below(3) {
            0 => 0,
            1 => i64::try_from(dice.below(600)).unwrap_or(0),
            _ => i64::try_from(dice.below(4 * 3600)).unwrap_or(0),
        });
        Call {
            id: String::new(),
            start_s: 0,
            campaign: 1 + dice.below(15),
            list: dice.percent(50).then(|| dice.below(4)),
            agent: dice.percent(80).then(|| dice.below(16)),
            contact: dice.one(&["Pat Lindgren", "", "Jörg \"J\" Böhm"]),
            is_inbound: dice.percent(50),
            numbers: [dice.one(&["", "8885551212"]), dice.one(&["", "2125550143"])],
            durations_s,
        }
    }

    pub(super) fn end_s(&self) -> i64 {
        self.start_s + self.durations_s[0]
    }

    pub(super) fn order(&self) -> (i64, &str) {
        (self.start_s, &self.id)
    }

    pub(super) fn list_of<'c>(&self, campaign: &'c Campaign) -> Option<&'c List> {
        self.list.and_then(|nth| campaign.lists.get(nth))
    }
}

impl Record {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let id = match dice.below(10) {
            0..5 => RecordId::Counted,
            5..9 => RecordId::New(u32::try_from(dice.below(99_999)).unwrap_or(0)),
            _ => RecordId::OfAnother(dice.below(200)),
        };
        let start = match dice.below(10) {
            0..5 => None,
            5..8 => Some(-i64::try_from(dice.below(7200)).unwrap_or(0)),
            _ => Some(i64::try_from(dice.below(3600)).unwrap_or(0)),
        };
        Record { id, start, call: Call::draw(dice) }
    }

    pub(super) fn fields(&self, model: &Infocu5) -> Value {
        let call = Call {
            start_s: model.now_s + self.start.unwrap_or(-self.call.durations_s[0]),
            ..self.call.clone()
        };
        let mut fields = model.call_fields(&call, &model.record_id(&self.id));
        if let Value::Object(fields) = &mut fields {
            if matches!(self.id, RecordId::Counted) {
                fields.remove("id");
            }
            if self.start.is_none() {
                fields.remove("date");
            }
        }
        fields
    }
}
