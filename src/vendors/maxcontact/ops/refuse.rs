//! What a fault of the world's sends in MaxContact's words: a refusal that the request did not ask for.
//! Its text is filled with what the request and the world show, so that a client reads what it would
//! read of the vendor.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Refusal};
use crate::vendors::maxcontact::api::API;
use crate::vendors::maxcontact::errors::Stop;
use crate::vendors::maxcontact::model::parse_int;
use crate::vendors::maxcontact::ops::enter::{Asked, finish};
use crate::vendors::maxcontact::store;
use crate::vendors::maxcontact::wire::service::Service;
use crate::web::message::Response;

/// The part of the path that tells lead management from telephony.
const LEADS: &str = "LeadManagement";

/// Sends the refusal.
pub(crate) fn refuse(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    refusal: &'static Refusal,
) -> Result<Response, InternalError> {
    let is_leads = call.operation.is_some_and(|operation| operation.path.contains(LEADS));
    let service = if is_leads { Service::LeadManagement } else { Service::Telephony };
    let facts = Facts { cx, asked: Asked { call } };
    let mut fills: Vec<(&'static str, String)> = Vec::new();
    for name in ["id", "user", "command", "state", "name", "code", "n"] {
        fills.push((name, facts.of(refusal.rule, name)?));
    }
    let fills: Vec<(&'static str, &dyn std::fmt::Display)> =
        fills.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
    let no = Stop::no(refusal, &fills, "", "", "");
    Ok(finish(cx, call, service, Err(no))?.response)
}

/// What a text can name, of the request first and then of the world.
struct Facts<'a, 'c> {
    cx: &'a Cx<'c>,
    asked: Asked<'a>,
}

impl Facts<'_, '_> {
    /// What stands for a name in the text of a rule.
    fn of(&self, rule: &str, name: &str) -> rusqlite::Result<String> {
        let db = self.cx.db();
        Ok(match name {
            "id" => match rule {
                "maxcontact.call_unknown" | "maxcontact.call_state" => {
                    self.sent(&["CallID", "call1"]).unwrap_or_else(|| FIRST_CALL.into())
                }
                "maxcontact.lead" => {
                    self.sent(&["LeadID", "leadId", "leadid"]).unwrap_or_else(|| "1".into())
                }
                "maxcontact.lead_phone" => {
                    self.sent(&["LeadPhoneID"]).unwrap_or_else(|| "1".into())
                }
                _ => self.user()?,
            },
            "user" => self.user()?,
            "command" => self.command(),
            "state" if rule == "maxcontact.call_state" => {
                let id = self.sent(&["CallID", "call1"]).and_then(|id| parse_int(&id));
                let call = id.map(|id| store::call(db, id)).transpose()?.flatten();
                call.map_or("ended", |call| call.state.word()).to_owned()
            }
            "state" => {
                let id = parse_int(&self.user()?);
                let user = id.map(|id| store::user(db, id)).transpose()?.flatten();
                user.map_or("wrapping", |user| user.state.word()).to_owned()
            }
            "name" => self.parameter().to_owned(),
            "code" => self.sent(&["resultcode", "resultcode1", "finalCode"]).unwrap_or_default(),
            _ => self.sent(&["PhoneNum", "phoneNumber"]).unwrap_or_default(),
        })
    }

    /// A value of the path or the query that is there.
    fn sent(&self, names: &[&str]) -> Option<String> {
        let of_query = |name: &&str| self.asked.query(name).map(std::borrow::Cow::into_owned);
        let of_path = |name: &&str| Some(self.asked.path_text(name).to_owned());
        let mut values = names.iter().flat_map(|name| [of_path(name), of_query(name)]);
        values.find_map(|value| value.filter(|value| !value.is_empty()))
    }

    /// The agent that the path names, else the first.
    fn user(&self) -> rusqlite::Result<String> {
        if let Some(id) = self.sent(&["UserID"]) {
            return Ok(id);
        }
        let first = store::some_user_ids(self.cx.db(), 1)?.first().copied();
        Ok(first.unwrap_or(1).to_string())
    }

    /// The method of the path, in the words of the refusals.
    fn command(&self) -> String {
        let operation = self.asked.call.operation.map(|it| it.name).unwrap_or_default();
        match operation {
            "" => "dial".into(),
            "go_ready" => "go ready".into(),
            other => other.replace('_', " "),
        }
    }

    /// A parameter that the operation has, the last one first: it is the one that is most its own.
    fn parameter(&self) -> &'static str {
        let operation = self.asked.call.operation.map(|it| it.name).unwrap_or_default();
        API.params(operation).last().map_or("UserID", |param| param.name)
    }
}

/// The first id that calls get (maxcontact 3.2).
const FIRST_CALL: &str = "1000";
