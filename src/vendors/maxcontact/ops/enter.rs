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

use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply, Why};
use crate::vendors::maxcontact::api::API;
use crate::vendors::maxcontact::errors::{
    self, FORMAT, NOT_LOGGED_IN, PATH_NUMBER, QUERY_NUMBER, Stop, USER_UNKNOWN,
};
use crate::vendors::maxcontact::model::machine::AgentState;
use crate::vendors::maxcontact::model::{User, parse_int, parse_long};
use crate::vendors::maxcontact::wire::answer;
use crate::vendors::maxcontact::wire::entities::Data;
use crate::vendors::maxcontact::wire::format::Format;
use crate::vendors::maxcontact::wire::service::Service;
use crate::vendors::maxcontact::{auth, no_number, store};
use crate::web::message::Request;

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
    let text = asked.path_text("UserID");
    let Some(id) = parse_int(text) else { return Err(no_user_id(cx, text)?) };
    if let Some(user) = store::user(cx.db(), id)? {
        return Ok(user);
    }
    let hint = no_agent(cx, id)?;
    Err(Stop::no(&USER_UNKNOWN, &[("id", &id)], "the UserID of an agent", id.to_string(), hint))
}

/// What an id is that is no agent's.
fn no_agent(cx: &Cx<'_>, id: i64) -> rusqlite::Result<String> {
    let known = store::some_user_ids(cx.db(), SHOWN_MAX)?;
    let known: Vec<_> = known.iter().map(ToString::to_string).collect();
    let agents = match known.len() {
        0 => return Ok("this world has no agents; seed them in [maxcontact] users".into()),
        _ => format!("agents of this world: {}", known.join(", ")),
    };
    if let Some(call) = store::call(cx.db(), id)? {
        let agent = call.user_id;
        return Ok(format!(
            "{id} is a call of agent {agent}; are user and call exchanged? {agents}"
        ));
    }
    if store::campaign(cx.db(), id)?.is_some() {
        return Ok(format!("{id} is a campaign; {agents}"));
    }
    Ok(agents)
}

/// Stops where an agent's id is no number.
fn no_user_id(cx: &Cx<'_>, text: &str) -> rusqlite::Result<Stop> {
    let name = text.trim();
    let agents = store::users(cx.db())?;
    let named = agents.iter().find(|it| it.full_name.to_lowercase() == name.to_lowercase());
    let hint = if let Some(agent) = named {
        format!("that is the name of agent {}; send the id", agent.id)
    } else if store::account(cx.db(), name)?.is_some() {
        let known = store::some_user_ids(cx.db(), SHOWN_MAX)?;
        let known: Vec<_> = known.iter().map(ToString::to_string).collect();
        format!(
            "that is the login of an API account; an agent is named by its ID: {}",
            known.join(", ")
        )
    } else {
        no_number::whole("UserID", text, "int")
    };
    let expected = "UserID: a number (int)";
    Ok(Stop::no(&PATH_NUMBER, &[("name", &"UserID")], expected, format!("{text:?}"), hint))
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
            let mut reply = Reply::ok(answer::envelope(&style, StatusCode::OK, &envelope));
            reply.why = why_xml(call, &style, Format::not_asked_for).map(Box::new);
            Ok(reply)
        }
        Err(Stop::No(no)) => errors::refuse(cx, &style, service, *no),
        Err(Stop::Internal(error)) => Err(error),
    }
}

/// Why XML comes, where it does and `look` finds something to tell.
pub(crate) fn why_xml(
    call: &Call<'_>,
    style: &Style,
    look: impl FnOnce(&Request) -> Option<(String, &'static str)>,
) -> Option<Why> {
    if style.format != Format::Xml {
        return None;
    }
    let (found, hint) = look(call.request)?;
    let expected = "application/json in Accept or Content-Type, where JSON is wanted";
    Some(Why::new(&FORMAT, expected, found, hint))
}

/// Characters of a parameter's name that a reason shows; the vendor's longest has thirteen.
const NAME_CHARS_MAX: usize = 40;

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

    /// Whether a parameter of the query came more than once.
    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.values(name).count() > 1
    }

    /// The name under which a parameter of the query may have come, where it did not come by its own.
    pub(crate) fn misnamed(&self, name: &str) -> Option<&'c str> {
        let operation = self.call.operation?.name;
        let known: Vec<&str> = API.params(operation).map(|param| param.name).collect();
        let is_known = |sent: &str| known.iter().any(|it| it.eq_ignore_ascii_case(sent));
        let mut sent = self.call.params.query.iter().map(|(sent, _)| sent);
        sent.find(|sent| !is_known(sent) && API.near(sent, known.iter().copied()) == Some(name))
    }

    /// What was found where a parameter of the query should be, and the cure where it is another name.
    pub(crate) fn absent(&self, name: &str) -> (String, Option<String>) {
        match self.misnamed(name) {
            Some(sent) => (
                format!("no {name}, but {}", excerpt(sent, NAME_CHARS_MAX)),
                Some(format!("the parameter is called {name}")),
            ),
            None if self.query(name).is_some() => (format!("{name} without a value"), None),
            None => (format!("no {name}"), None),
        }
    }

    /// Stops where a parameter of the query cannot be read.
    pub(crate) fn bad_query(&self, name: &'static str, text: &str, kind: &str) -> Stop {
        if !self.is_repeated(name) {
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
    let hint = no_number::whole(name, text, kind);
    Stop::no(&PATH_NUMBER, &[("name", &name)], expected, format!("{text:?}"), hint)
}

pub(crate) fn bad_query_number(name: &'static str, text: &str, kind: &str) -> Stop {
    let expected = format!("{name}: {kind}");
    let hint = match kind {
        "int" | "long" => no_number::whole(name, text, kind),
        _ => no_number::truth(text),
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
