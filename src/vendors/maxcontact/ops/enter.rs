//! The checks that come before every operation, parameters, and the way back to the wire.
//!
//! The order of the checks: token, user, parameters, logged in, call, state, result code or lead.
//! Assumed: maxcontact 4.4.

use std::borrow::Cow;

use crate::vendors::maxcontact::model::Zone;
use crate::vendors::maxcontact::settings::{XML_NAMESPACE, XML_NAMESPACE_LEADS, ZONE};
use crate::vendors::maxcontact::wire::service::NAMESPACE;
use crate::vendors::maxcontact::wire::service::NAMESPACE_LEADS;
use crate::vendors::maxcontact::wire::style::Style;
use http::StatusCode;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{
    self, NOT_LOGGED_IN, PATH_NUMBER, QUERY_NUMBER, Stop, USER_UNKNOWN,
};
use crate::vendors::maxcontact::model::machine::AgentState;
use crate::vendors::maxcontact::model::{User, parse_int, parse_long};
use crate::vendors::maxcontact::wire::answer;
use crate::vendors::maxcontact::wire::entities::Data;
use crate::vendors::maxcontact::wire::service::Service;
use crate::vendors::maxcontact::{auth, store};

/// Runs a telephony method for the agent that its path names.
pub(crate) fn telephony(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    work: impl FnOnce(&mut Cx<'_>, &Asked<'_>, User) -> Result<Data, Stop>,
) -> Result<Reply, InternalError> {
    let asked = Asked { call };
    let answered = entered(cx, &asked).and_then(|user| work(cx, &asked, user));
    finish(cx, call, Service::Telephony, answered)
}

fn entered(cx: &Cx<'_>, asked: &Asked<'_>) -> Result<User, Stop> {
    auth::token(cx, asked.call.request)?;
    let id = asked.path_int("UserID")?;
    if let Some(user) = store::user(cx.db(), id)? {
        return Ok(user);
    }
    let known = store::some_user_ids(cx.db(), SHOWN_MAX)?;
    let known: Vec<_> = known.iter().map(ToString::to_string).collect();
    let hint = match known.len() {
        0 => "this world has no agents; seed them in [maxcontact] users".to_owned(),
        _ => format!("agents of this world: {}; the token's own login is none", known.join(", ")),
    };
    Err(Stop::no(&USER_UNKNOWN, &[("id", &id)], "the UserID of an agent", id.to_string(), hint))
}

/// Things that a hint lists, at the most.
pub(crate) const SHOWN_MAX: i64 = 8;

/// Runs an operation of lead management, which needs only the token.
pub(crate) fn lead_management(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    work: impl FnOnce(&mut Cx<'_>, &Asked<'_>) -> Result<(), Stop>,
) -> Result<Reply, InternalError> {
    let asked = Asked { call };
    let answered = auth::token(cx, call.request).and_then(|()| work(cx, &asked));
    finish(cx, call, Service::LeadManagement, answered.map(|()| Data::Null))
}

/// Puts what was answered on the wire.
pub(crate) fn finish(
    cx: &Cx<'_>,
    call: &Call<'_>,
    service: Service,
    answered: Result<Data, Stop>,
) -> Result<Reply, InternalError> {
    let style = style(cx, call, service)?;
    match answered {
        Ok(data) => {
            let envelope = errors::success(cx, service, data)?;
            Ok(Reply::ok(answer::envelope(&style, StatusCode::OK, &envelope)))
        }
        Err(Stop::No(no)) => errors::refuse(cx, &style, service, *no),
        Err(Stop::Internal(error)) => Err(error),
    }
}

/// A request's parameters.
#[derive(Debug)]
pub(crate) struct Asked<'c> {
    pub(crate) call: &'c Call<'c>,
}

impl<'c> Asked<'c> {
    /// A variable of the path, by the vendor's name.
    pub(crate) fn path_text(&self, name: &str) -> &'c str {
        self.call.params.path.first(name).unwrap_or_default()
    }

    /// A variable of the path that the vendor documents as int.
    pub(crate) fn path_int(&self, name: &'static str) -> Result<i64, Stop> {
        let text = self.path_text(name);
        parse_int(text).ok_or_else(|| bad_path_number(name, text, "int"))
    }

    /// A variable of the path that the vendor documents as long.
    pub(crate) fn path_long(&self, name: &'static str) -> Result<i64, Stop> {
        let text = self.path_text(name);
        parse_long(text).ok_or_else(|| bad_path_number(name, text, "long"))
    }

    /// A parameter of the query; its name in any case. Of one that is sent more than once the platform
    /// joins the values. Inferred: maxcontact 1.7.
    pub(crate) fn query(&self, name: &str) -> Option<Cow<'c, str>> {
        let mut values = self.values(name);
        let first = values.next()?;
        Some(values.fold(Cow::Borrowed(first), |all, value| Cow::Owned(format!("{all},{value}"))))
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &'c str> {
        let pairs = self.call.params.query.iter();
        pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Stops where a parameter of the query cannot be read.
    pub(crate) fn bad_query(&self, name: &'static str, text: &str, kind: &str) -> Stop {
        if self.values(name).count() < 2 {
            return bad_query_number(name, text, kind);
        }
        let found = format!("{text:?}, from {name} sent more than once");
        let hint = format!("send {name} once; the platform joins the values with a comma");
        Stop::no(&QUERY_NUMBER, &[("name", &name)], format!("{name}: {kind}"), found, hint)
    }

    /// A number of the query; `None` where it was left out.
    pub(crate) fn query_int(&self, name: &'static str) -> Result<Option<i64>, Stop> {
        let parse =
            |text: Cow<'_, str>| parse_int(&text).ok_or_else(|| self.bad_query(name, &text, "int"));
        self.query(name).map(parse).transpose()
    }

    /// A long of the query; `None` where it was left out.
    pub(crate) fn query_long(&self, name: &'static str) -> Result<Option<i64>, Stop> {
        let parse = |text: Cow<'_, str>| {
            parse_long(&text).ok_or_else(|| self.bad_query(name, &text, "long"))
        };
        self.query(name).map(parse).transpose()
    }
}

fn bad_path_number(name: &'static str, text: &str, kind: &str) -> Stop {
    let expected = format!("{name}: a number ({kind})");
    let hint = if text.starts_with('{') {
        "the placeholder of the documentation was sent as it is"
    } else {
        "ids are numbers; an agent's is the ID of the users list, not a login"
    };
    Stop::no(&PATH_NUMBER, &[("name", &name)], expected, format!("{text:?}"), hint)
}

pub(crate) fn bad_query_number(name: &'static str, text: &str, kind: &str) -> Stop {
    let expected = format!("{name}: {kind}");
    let hint = if text.is_empty() {
        "leave the parameter out instead of sending it empty"
    } else {
        "the platform reads it before the method runs, and answers with a page"
    };
    Stop::no(&QUERY_NUMBER, &[("name", &name)], expected, format!("{text:?}"), hint)
}

/// Stops where the agent is not logged in.
pub(crate) fn logged_in(user: &User) -> Result<(), Stop> {
    if user.state != AgentState::LoggedOut {
        return Ok(());
    }
    let hint = "this API controls an agent who is logged in already; let the event agent_login \
                happen on the admin listener, or seed the agent with a campaign";
    let id = user.id;
    let found = format!("agent {id} is logged out");
    Err(Stop::no(&NOT_LOGGED_IN, &[("id", &id)], "an agent who is logged in", found, hint))
}

/// How the answer is to be written.
pub(crate) fn style(
    cx: &Cx<'_>,
    call: &Call<'_>,
    service: Service,
) -> Result<Style, InternalError> {
    let (name, default) = match service {
        Service::Telephony => (XML_NAMESPACE, NAMESPACE),
        Service::LeadManagement => (XML_NAMESPACE_LEADS, NAMESPACE_LEADS),
    };
    let namespace = store::setting(cx.db(), name)?.unwrap_or_else(|| default.to_owned());
    let zone = store::setting(cx.db(), ZONE)?.and_then(|name| Zone::parse(&name));
    Ok(Style::of(cx, call.request, namespace, zone.unwrap_or(Zone::DEFAULT)))
}
