//! What is asked, and how it goes wrong.

use std::fmt::Write;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::super::super::dice::Dice;
use super::super::super::inputs::Input;
use super::super::Expected;
use super::answer::{caller, hashed, param, sha1};
use super::file::{File, file_text};
use super::{BOUNDARY, Kind, Mor, POLL, SHOP, STATISTICS, TOGGLE, UPLOAD, USERS};

#[derive(Clone, Debug)]
pub(in super::super) struct Ask {
    pub(super) method: &'static str,
    pub(super) prefix: &'static str,
    /// Without what all of them begin with; another word where it is none of the four.
    pub(super) function: &'static str,
    pub(super) user: UserParam,
    pub(super) id: IdParam,
    pub(super) periods: [Period; 2],
    pub(super) hash: Hash,
    /// What is sent beside.
    pub(super) more: &'static [(&'static str, &'static str)],
    pub(super) id_in_path: bool,
    /// How many of the parameters stand in the query; those behind them in the body.
    pub(super) n_in_query: usize,
    pub(super) form: Form,
    /// Whether another id stands in the body as well.
    pub(super) id_twice: bool,
    pub(super) file: File,
}

#[derive(Clone, Debug)]
pub(super) enum UserParam {
    Name(usize),
    Number(usize),
    Capitals(usize),
    Unknown,
    Empty,
    Missing,
}

#[derive(Clone, Debug)]
pub(super) enum IdParam {
    Campaign(usize),
    Text(&'static str),
    Missing,
}

#[derive(Clone, Debug)]
pub(super) enum Period {
    Absent,
    /// Seconds from now.
    Near(i64),
    /// Seconds from when a call of the world was dialled.
    Call(usize, i64),
    Word,
    Empty,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Hash {
    Right,
    Capitals,
    KeyBefore,
    KeyOfAnother,
    /// Of the upload, with u; of the others, without it.
    OtherUser,
    IdFirst,
    Separated,
    Cut,
    Empty,
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    Urlencoded,
    Json,
    Multipart,
}

/// Parameters by name, the query's before the body's.
pub(super) type Params = Vec<(&'static str, String)>;

impl Ask {
    pub(super) fn draw(model: &Mor, dice: &mut Dice) -> Self {
        let function = dice.one(&[POLL, STATISTICS, STATISTICS, TOGGLE, UPLOAD]);
        // Users who cannot pay are few, and seldom start something.
        let poor = model.campaigns.iter().position(|it| !model.users[it.user].can_pay());
        let nth = match poor {
            Some(nth) if function == TOGGLE && dice.percent(15) => nth,
            _ => dice.below(model.campaigns.len()),
        };
        let owner = model.campaigns[nth].user;
        let user = match dice.below(20) {
            0..15 => owner,
            15 | 16 => USERS[owner].owner.unwrap_or(0),
            _ => dice.below(USERS.len()),
        };
        let more: &[&[(&str, &str)]] =
            &[&[], &[], &[("test", "1")], &[("p", "secret")], &[("order_by", "time")]];
        let n_in_query = if dice.percent(50) { 9 } else { dice.below(5) };
        let mut ask = Ask {
            method: if dice.percent(if function == UPLOAD { 3 } else { 20 }) {
                "GET"
            } else {
                "POST"
            },
            prefix: dice.one(&["/billing/api/", "/billing/api/", "/api/"]),
            function,
            user: UserParam::Name(user),
            id: IdParam::Campaign(nth),
            periods: [Period::draw(model, dice), Period::draw(model, dice)],
            hash: Hash::Right,
            more: dice.one(more),
            id_in_path: dice.percent(5),
            n_in_query,
            form: dice.one(&[Form::Urlencoded, Form::Json, Form::Multipart]),
            id_twice: dice.percent(5),
            file: match function {
                UPLOAD if dice.percent(5) => File::spoilt(dice),
                UPLOAD => File::draw(dice),
                _ => File::None,
            },
        };
        if function == STATISTICS && dice.percent(10) {
            ask.user = UserParam::Number(user);
        }
        if model.settings.disable_hash && dice.percent(30) {
            ask.hash = Hash::Missing;
        }
        if dice.percent(12) {
            ask.spoil(dice);
        } else if model.settings.n_keys + model.shop.n_keys > 0 && dice.percent(3) {
            ask.hash = Hash::KeyBefore;
        }
        if ask.method == "GET" {
            ask.n_in_query = usize::MAX;
            ask.id_twice = false;
        }
        if ask.function == UPLOAD {
            ask.form = Form::Multipart;
        }
        ask
    }

    pub(super) fn spoil(&mut self, dice: &mut Dice) {
        let nth = dice.below(USERS.len());
        match dice.below(7) {
            0 => self.method = dice.one(&["PUT", "DELETE", "PATCH"]),
            1 => self.function = dice.one(&["nothing", "get_campaigns"]),
            2 => {
                self.user = match dice.below(5) {
                    0 => UserParam::Missing,
                    1 => UserParam::Empty,
                    2 => UserParam::Capitals(nth),
                    3 => UserParam::Number(nth),
                    _ => UserParam::Unknown,
                };
            }
            3 => {
                let texts = ["", "abc", "17x", "999", "-17", "18446744073709551616"];
                self.id = match dice.below(7) {
                    0 => IdParam::Missing,
                    nth => IdParam::Text(texts[nth - 1]),
                };
                self.id_in_path = false;
            }
            _ => {
                self.hash = dice.one(&[
                    Hash::Capitals,
                    Hash::KeyBefore,
                    Hash::KeyBefore,
                    Hash::KeyOfAnother,
                    Hash::OtherUser,
                    Hash::IdFirst,
                    Hash::Separated,
                    Hash::Cut,
                    Hash::Empty,
                    Hash::Missing,
                ]);
            }
        }
    }

    pub(super) fn what(&self) -> &'static str {
        [POLL, STATISTICS, TOGGLE, UPLOAD]
            .into_iter()
            .find(|it| *it == self.function)
            .unwrap_or("-")
    }

    /// All but those that stand a second time in the body.
    pub(super) fn params(&self, model: &Mor) -> Params {
        let mut params = Params::new();
        match &self.user {
            UserParam::Name(nth) => params.push(("u", USERS[*nth].name.to_owned())),
            UserParam::Number(nth) => params.push(("u", nth.to_string())),
            UserParam::Capitals(nth) => params.push(("u", USERS[*nth].name.to_uppercase())),
            UserParam::Unknown => params.push(("u", "nobody".to_owned())),
            UserParam::Empty => params.push(("u", String::new())),
            UserParam::Missing => {}
        }
        match &self.id {
            IdParam::Campaign(nth) => params.push(("id", model.campaigns[*nth].id.to_string())),
            IdParam::Text(text) => params.push(("id", (*text).to_owned())),
            IdParam::Missing => {}
        }
        if self.function == STATISTICS {
            for (name, period) in ["period_start", "period_end"].into_iter().zip(&self.periods) {
                params.extend(period.text(model).map(|it| (name, it)));
            }
        }
        params.extend(self.hash_text(model, &params).map(|it| ("hash", it)));
        params.extend(self.more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        params
    }

    pub(super) fn hash_text(&self, model: &Mor, params: &Params) -> Option<String> {
        let what = self.what();
        let reseller = caller(what, params).and_then(|it| match USERS[it].kind {
            Kind::Reseller => Some(it),
            _ => USERS[it].owner,
        });
        let key = model.key_for(reseller).unwrap_or_default();
        let right = hashed(what, params, &key);
        let (user, id) = (param(params, "u"), param(params, "id"));
        Some(match self.hash {
            Hash::Right => right,
            Hash::Capitals => right.to_uppercase(),
            Hash::KeyBefore if reseller == Some(SHOP) => {
                hashed(what, params, &model.key_of_shop(model.shop.n_keys.wrapping_sub(1)))
            }
            Hash::KeyBefore => {
                hashed(what, params, &model.key_of_admin(model.settings.n_keys.wrapping_sub(1)))
            }
            Hash::KeyOfAnother => {
                let other = if reseller.is_some() { None } else { Some(SHOP) };
                hashed(what, params, &model.key_for(other).unwrap_or_default())
            }
            Hash::OtherUser if what == UPLOAD => sha1(&format!("{user}{id}{key}")),
            Hash::OtherUser => sha1(&format!("{id}{key}")),
            Hash::IdFirst => sha1(&format!("{id}{user}{key}")),
            Hash::Separated => sha1(&format!("{user}:{id}:{key}")),
            Hash::Cut => right[..39].to_owned(),
            Hash::Empty => String::new(),
            Hash::Missing => return None,
        })
    }

    pub(super) fn states(&self, expected: Expected) -> Expected {
        if expected.rule.is_some() {
            return expected;
        }
        let mut expected = expected;
        let is_in_body = self.n_in_query < 4;
        for (is_so, state) in [
            (self.id_in_path, "id in the path"),
            (self.id_twice && !self.id_in_path && self.n_in_query > 1, "query before body"),
            (is_in_body && self.form == Form::Json, "parameters as JSON"),
            (is_in_body && self.form == Form::Multipart, "parameters as parts"),
            (matches!(self.user, UserParam::Number(_)), "user by number"),
            (self.hash == Hash::Missing, "without a hash"),
        ] {
            if is_so {
                expected = expected.shows(state);
            }
        }
        expected
    }

    pub(super) fn input(&self, model: &Mor) -> Input {
        let mut params = self.params(model);
        let mut path = format!("{}autodialer_{}", self.prefix, self.function);
        if self.what() == "-" {
            path = format!("{}{}", "/billing/api/", self.function);
        }
        if self.id_in_path
            && let Some(at) = params.iter().position(|(name, _)| *name == "id")
        {
            let (_, id) = params.remove(at);
            path.push('/');
            path.push_str(&id);
        }
        let (query, body) = params.split_at(self.n_in_query.min(params.len()));
        let mut body = body.to_vec();
        if self.id_twice && query.iter().any(|(name, _)| *name == "id") {
            body.push(("id", "987654".to_owned()));
        }
        let mut headers = Vec::new();
        let mut bytes = Vec::new();
        if !body.is_empty() || !matches!(self.file, File::None) {
            let is_json = self.form == Form::Json && matches!(self.file, File::None);
            let (media, text) = if is_json {
                ("application/json".to_owned(), json_body(&body))
            } else if self.form == Form::Urlencoded && matches!(self.file, File::None) {
                ("application/x-www-form-urlencoded".to_owned(), pairs(&body))
            } else {
                let media = format!("multipart/form-data; boundary={BOUNDARY}");
                (media, self.parts(model, &body))
            };
            headers.push(("Content-Type".to_owned(), media));
            bytes = text.into_bytes();
        }
        Input::Vendor {
            method: self.method.to_owned(),
            path: format!("{path}?{}", pairs(query)),
            headers,
            body: bytes,
        }
    }

    pub(super) fn parts(&self, model: &Mor, body: &[(&str, String)]) -> String {
        let mut text = String::new();
        for (name, value) in body {
            let _ = write!(
                text,
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        let file = match &self.file {
            File::None => None,
            File::OtherPart => Some(("numbers", "numbers.csv", "37060000001\n".to_owned())),
            File::Of { name, lines, end } => {
                // Where nobody's campaign is meant, any will do.
                let nth = if let IdParam::Campaign(nth) = self.id { nth } else { 0 };
                Some(("file", *name, file_text(&model.campaigns[nth], lines, end)))
            }
        };
        if let Some((part, name, content)) = file {
            let _ = write!(
                text,
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{name}\"\r\n\
                 Content-Type: text/csv\r\n\r\n{content}\r\n"
            );
        }
        let _ = write!(text, "--{BOUNDARY}--\r\n");
        text
    }
}

pub(super) fn pairs(params: &[(&str, String)]) -> String {
    let pairs = params
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Ids and times as numbers, as a client that has them so sends them.
pub(super) fn json_body(params: &[(&str, String)]) -> String {
    let members: Map<String, Value> = params
        .iter()
        .map(|(name, value)| {
            let number =
                value.parse::<u64>().ok().filter(|it| *name != "u" && it.to_string() == *value);
            ((*name).to_owned(), number.map_or_else(|| value.as_str().into(), Value::from))
        })
        .collect();
    Value::Object(members).to_string()
}

impl Period {
    pub(super) fn draw(model: &Mor, dice: &mut Dice) -> Self {
        let nth = dice.below(model.calls.len().max(1));
        match dice.below(20) {
            0..11 => Period::Absent,
            11 => Period::Word,
            12 => Period::Empty,
            13..16 => Period::Near(dice.one(&[0, -60, -3600, -86_400, 60, 3600])),
            _ => Period::Call(nth, dice.one(&[0, 0, 1, -1, 600])),
        }
    }

    pub(super) fn text(&self, model: &Mor) -> Option<String> {
        let now_s = model.now_ms / 1000;
        match self {
            Period::Absent => None,
            Period::Near(plus_s) => Some((now_s + plus_s).to_string()),
            Period::Call(nth, plus_s) => {
                let call = model.calls.get(*nth);
                Some((call.map_or(now_s, |it| it.at_ms / 1000) + plus_s).to_string())
            }
            Period::Word => Some("today".to_owned()),
            Period::Empty => Some(String::new()),
        }
    }
}
