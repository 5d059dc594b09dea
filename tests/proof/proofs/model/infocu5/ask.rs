//! What is asked, and how it goes wrong.

use serde_json::{Map, Value, json};

use super::super::super::dice::Dice;
use super::tables::{key_text, local};
use super::{AFFILIATES, Infocu5};

#[derive(Clone, Debug)]
pub(in super::super) struct Ask {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) media: Option<&'static str>,
    /// What stands in the place of a JSON object.
    pub(super) slip: Option<&'static str>,
    pub(super) who: Who,
    pub(super) function: Function,
    pub(super) show_all: ShowAll,
    pub(super) from: Moment,
    pub(super) till: Moment,
    pub(super) campaigns: Filter,
    pub(super) agents: Filter,
    pub(super) has_more: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Who {
    Right(usize),
    KeyBefore(usize),
    KeyOfAnother(usize),
    CutKey(usize),
    CapitalKey(usize),
    NoKey(usize),
    NoId(usize),
    UnknownId(usize),
    NumberForId(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Function {
    Agents,
    Calls,
    Campaigns,
    /// No function of the version, or none at all.
    Other(&'static str),
    Missing,
    Number,
}

#[derive(Clone, Debug)]
pub(super) enum ShowAll {
    Yes,
    No,
    Other(&'static str),
    True,
    Missing,
}

/// A time of a window: so many seconds from something.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) anchor: Anchor,
    pub(super) plus_s: i64,
    pub(super) form: Form,
}

#[derive(Clone, Debug)]
pub(super) enum Anchor {
    Now,
    Start(usize),
    End(usize),
}

#[derive(Clone, Debug)]
pub(super) enum Form {
    /// With an offset of so many minutes.
    Offset(i64),
    Zulu,
    Fraction,
    NoOffset,
    DateOnly,
    NoSuchDay,
    Other(&'static str),
    Number,
    Missing,
}

#[derive(Clone, Debug)]
pub(super) enum Filter {
    Absent,
    Empty,
    Ids { ids: Vec<usize>, as_numbers: bool },
    One(usize),
    Unknown,
    Number(usize),
    Object,
}

impl Ask {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let function = Function::draw(dice);
        let (from, till) = Moment::window(dice);
        let mut ask = Ask {
            method: "POST",
            path: dice.one(&[
                "/dialer/",
                "/dialer/",
                "/dialer/index.php",
                "/x_dialer/",
                "/x_dialer/index.php",
            ]),
            media: dice.one(&[Some("application/json"), None, Some("text/xml")]),
            slip: None,
            who: Who::Right(dice.below(AFFILIATES.len())),
            function,
            show_all: dice.of(&[ShowAll::Yes, ShowAll::No]).clone(),
            from,
            till,
            campaigns: Filter::draw(dice),
            agents: Filter::draw(dice),
            has_more: dice.percent(10),
        };
        if dice.percent(15) {
            ask.spoil(dice);
        }
        ask
    }

    pub(super) fn spoil(&mut self, dice: &mut Dice) {
        match dice.below(8) {
            0 => self.method = dice.one(&["GET", "PUT", "DELETE", "HEAD"]),
            1 => {
                self.path =
                    dice.one(&["/dialer", "/x_dialer", "/dialer/getCalls", "/dialer/index.html"]);
            }
            2 => {
                self.slip = Some(dice.one(&[
                    "",
                    "{\"affiliateID\":\"A7k2Qm9ZrT4x\",}",
                    "[]",
                    "\"getCalls\"",
                    "null",
                    "{'affiliateID':1}",
                    "affiliateID=A7k2Qm9ZrT4x",
                    "{\"affiliateID\":1} {}",
                    "{\"affiliateID\":1",
                    "{\"affiliateID\":NaN}",
                ]));
            }
            3 => self.who = Who::wrong(dice),
            4 => {
                self.function = dice.one(&[
                    Function::Other("getagents"),
                    Function::Other("getDialers"),
                    Function::Other("addLeads"),
                    Function::Other(""),
                    Function::Missing,
                    Function::Number,
                ]);
            }
            5 => {
                let wrong = [
                    ShowAll::Other("Y"),
                    ShowAll::Other(""),
                    ShowAll::Other("yes"),
                    ShowAll::True,
                    ShowAll::Missing,
                ];
                self.show_all = dice.of(&wrong).clone();
                self.function = dice.one(&[Function::Agents, Function::Campaigns]);
            }
            6 => {
                let moment = if dice.percent(50) { &mut self.from } else { &mut self.till };
                moment.form = Form::wrong(dice);
                self.function = Function::Calls;
            }
            _ => {
                let filter = if dice.percent(50) { &mut self.campaigns } else { &mut self.agents };
                *filter = dice.of(&[Filter::Number(1), Filter::Object]).clone();
                self.function = Function::Calls;
            }
        }
    }

    /// What the body asks for, whether it is allowed or not.
    pub(super) fn what(&self) -> &'static str {
        match self.function {
            _ if self.slip.is_some() => "-",
            Function::Agents => "get_agents",
            Function::Calls => "get_calls",
            Function::Campaigns => "get_campaigns",
            _ => "-",
        }
    }

    pub(super) fn body(&self, model: &Infocu5) -> String {
        if let Some(slip) = self.slip {
            return slip.to_owned();
        }
        let mut members = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                members.insert(name.to_owned(), value);
            }
        };
        let (id, key) = self.who.told(model);
        put("affiliateID", id);
        put("affiliateKey", key);
        put("dialerFunction", self.function.told());
        match self.function {
            Function::Agents | Function::Campaigns => put("showAll", self.show_all.told()),
            Function::Calls => {
                put("dateStart", self.from.told(model));
                put("dateEnd", self.till.told(model));
                put("filterCampaigns", self.campaigns.told(&model.campaign_ids()));
                put("filterAgents", self.agents.told(&model.agent_ids()));
            }
            _ => {}
        }
        if self.has_more {
            put("comment", Some(json!({ "for": ["nobody", 1, null] })));
        }
        Value::Object(members).to_string()
    }

    /// Whether a parameter of the function is missing or of no use.
    pub(super) fn is_unusable(&self, model: &Infocu5) -> bool {
        match self.function {
            Function::Calls => {
                self.from.read(model).is_none()
                    || self.till.read(model).is_none()
                    || self.campaigns.read(&model.campaign_ids()).is_none()
                    || self.agents.read(&model.agent_ids()).is_none()
            }
            _ => self.show_all.read().is_none(),
        }
    }
}

impl Who {
    pub(super) fn wrong(dice: &mut Dice) -> Self {
        let it = dice.below(AFFILIATES.len());
        match dice.below(8) {
            0 => Who::KeyBefore(it),
            1 => Who::KeyOfAnother(it),
            2 => Who::CutKey(it),
            3 => Who::CapitalKey(it),
            4 => Who::NoKey(it),
            5 => Who::NoId(it),
            6 => Who::UnknownId(it),
            _ => Who::NumberForId(it),
        }
    }

    /// Id and key.
    pub(super) fn told(&self, model: &Infocu5) -> (Option<Value>, Option<Value>) {
        let pair = |id: &usize, key: String| (Some(AFFILIATES[*id].into()), Some(key.into()));
        match self {
            Who::Right(it) => pair(it, model.key(*it)),
            // Of one that never changed: a key that nobody ever had.
            Who::KeyBefore(it) => pair(it, key_text(*it, model.keys[*it].wrapping_sub(1))),
            Who::KeyOfAnother(it) => pair(it, model.key((it + 1) % AFFILIATES.len())),
            Who::CutKey(it) => pair(it, model.key(*it)[..31].to_owned()),
            Who::CapitalKey(it) => pair(it, model.key(*it).to_uppercase()),
            Who::NoKey(it) => (Some(AFFILIATES[*it].into()), None),
            Who::NoId(it) => (None, Some(model.key(*it).into())),
            Who::UnknownId(it) => (Some("A7k2Qm9ZrT4X".into()), Some(model.key(*it).into())),
            Who::NumberForId(it) => (Some(712.into()), Some(model.key(*it).into())),
        }
    }
}

impl Function {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        match dice.below(10) {
            0..2 => Function::Agents,
            2..4 => Function::Campaigns,
            _ => Function::Calls,
        }
    }

    pub(super) fn told(self) -> Option<Value> {
        match self {
            Function::Agents => Some("getAgents".into()),
            Function::Calls => Some("getCalls".into()),
            Function::Campaigns => Some("getCampaigns".into()),
            Function::Other(name) => Some(name.into()),
            Function::Missing => None,
            Function::Number => Some(7.into()),
        }
    }
}

impl ShowAll {
    pub(super) fn told(&self) -> Option<Value> {
        match self {
            ShowAll::Yes => Some("y".into()),
            ShowAll::No => Some("n".into()),
            ShowAll::Other(text) => Some((*text).into()),
            ShowAll::True => Some(true.into()),
            ShowAll::Missing => None,
        }
    }

    pub(super) fn read(&self) -> Option<bool> {
        match self {
            ShowAll::Yes => Some(true),
            ShowAll::No => Some(false),
            _ => None,
        }
    }
}

impl Moment {
    /// Around a call, so that most find something, and now and then exactly from its second on.
    pub(super) fn window(dice: &mut Dice) -> (Moment, Moment) {
        let nth = dice.below(240);
        let anchor = match dice.below(10) {
            0 => Anchor::Now,
            1 => Anchor::End(nth),
            _ => Anchor::Start(nth),
        };
        let mut away = || dice.one(&[0, 0, 0, 1, 60, 600, 3600]);
        let (before, after) = (away(), away());
        let (before, after) = match dice.below(40) {
            0 => (86_400, after),
            // It ends before it begins.
            1 => (-before - 1, -before - 2),
            2 => (before, -1),
            3 => (-1, after),
            _ => (before, after),
        };
        let mut moment =
            |plus_s| Moment { anchor: anchor.clone(), plus_s, form: Form::right(dice) };
        (moment(-before), moment(after))
    }

    pub(super) fn at(&self, model: &Infocu5) -> i64 {
        let call = |nth: &usize| &model.calls[nth % model.calls.len()];
        let from = match &self.anchor {
            Anchor::Now => model.now_s,
            Anchor::Start(nth) => call(nth).start_s,
            Anchor::End(nth) => call(nth).end_s(),
        };
        from + self.plus_s
    }

    pub(super) fn told(&self, model: &Infocu5) -> Option<Value> {
        let at = self.at(model);
        Some(match &self.form {
            Form::Offset(minutes) => {
                let sign = if *minutes < 0 { '-' } else { '+' };
                let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
                local(at, *minutes, &format!("{sign}{hours:02}:{rest:02}")).into()
            }
            Form::Zulu => local(at, 0, "Z").into(),
            Form::Fraction => local(at, 0, ".987+00:00").into(),
            Form::NoOffset => local(at, 0, "").into(),
            Form::DateOnly => local(at, 0, "")[..10].into(),
            Form::NoSuchDay => "2026-02-30T00:00:00+00:00".into(),
            Form::Other(text) => (*text).into(),
            Form::Number => at.into(),
            Form::Missing => return None,
        })
    }

    pub(super) fn read(&self, model: &Infocu5) -> Option<i64> {
        // Fractions are cut, so that each of these is the second itself.
        matches!(self.form, Form::Offset(_) | Form::Zulu | Form::Fraction).then(|| self.at(model))
    }
}

impl Form {
    pub(super) fn right(dice: &mut Dice) -> Self {
        match dice.below(10) {
            0 => Form::Zulu,
            1 => Form::Fraction,
            2..5 => Form::Offset(dice.one(&[-300, 330, -570, 765, 60])),
            _ => Form::Offset(0),
        }
    }

    pub(super) fn wrong(dice: &mut Dice) -> Self {
        match dice.below(8) {
            0 => Form::NoOffset,
            1 => Form::DateOnly,
            2 => Form::NoSuchDay,
            3 => Form::Number,
            4 => Form::Missing,
            5 => Form::Other("yesterday"),
            6 => Form::Other("2026-03-02T25:00:00+00:00"),
            _ => Form::Other(""),
        }
    }
}

impl Filter {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        match dice.below(20) {
            0 => Filter::Empty,
            1 => Filter::Unknown,
            2..4 => Filter::One(dice.below(16)),
            4 => Filter::One(0),
            5..9 => {
                let ids = (0..=dice.below(3)).map(|_| dice.below(16)).collect();
                Filter::Ids { ids, as_numbers: dice.percent(30) }
            }
            _ => Filter::Absent,
        }
    }

    pub(super) fn told(&self, all: &[&str]) -> Option<Value> {
        let id = |nth: &usize| all[nth % all.len()];
        Some(match self {
            Filter::Absent => return None,
            Filter::Empty => json!([]),
            Filter::Ids { ids, as_numbers: true } => {
                ids.iter().filter_map(|it| id(it).parse::<u64>().ok()).collect()
            }
            Filter::Ids { ids, .. } => ids.iter().map(id).collect(),
            Filter::One(nth) => id(nth).into(),
            Filter::Unknown => json!(["7777"]),
            Filter::Number(nth) => id(nth).parse::<u64>().map_or(Value::Null, Value::from),
            Filter::Object => json!({ "id": "2040" }),
        })
    }

    /// The ids of which one has to fit, nothing where all fit; none where it is of no use.
    #[expect(clippy::option_option, reason = "no filter is another thing than one of no use")]
    pub(super) fn read(&self, all: &[&str]) -> Option<Option<Vec<String>>> {
        let id = |nth: &usize| all[nth % all.len()].to_owned();
        match self {
            Filter::Absent | Filter::Empty => Some(None),
            Filter::Ids { ids, .. } => Some(Some(ids.iter().map(id).collect())),
            Filter::One(nth) => Some(Some(vec![id(nth)])),
            Filter::Unknown => Some(Some(vec!["7777".to_owned()])),
            Filter::Number(_) | Filter::Object => None,
        }
    }
}
