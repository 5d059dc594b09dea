//! connectcalls: the warm transfer.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{CALL_UNKNOWN, PARAM, Stop};
use crate::vendors::maxcontact::floor;
use crate::vendors::maxcontact::model::machine::CallCommand;
use crate::vendors::maxcontact::model::{Disposition, Exit, User};
use crate::vendors::maxcontact::ops::call::{allowed, close_lead, own_call};
use crate::vendors::maxcontact::ops::enter::{Asked, logged_in, telephony};
use crate::vendors::maxcontact::ops::result_code::known_code;
use crate::vendors::maxcontact::wire::entities::Data;

/// Bridges two calls in progress and dispositions both; the agent is free. Everything is checked
/// before anything changes.
///
/// Source: maxcontact 2.2, 4.4.
pub(crate) fn connect_calls(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, asked, user| {
        // A number that was left out is the type's default, 0.
        let ids = [
            asked.query_int("call1")?.unwrap_or_default(),
            asked.query_int("call2")?.unwrap_or_default(),
        ];
        let n_sales = [asked.query_int("numsales1")?, asked.query_int("numsales2")?];
        if ids[0] == ids[1] {
            let (found, hint) = match ids[0] {
                0 => {
                    let (found, renamed) = asked.absent("call1");
                    let (other, other_renamed) = asked.absent("call2");
                    let named = "name the two calls in call1 and call2".to_owned();
                    let hint = match (renamed, other_renamed) {
                        (Some(_), Some(_)) => "the parameters are called call1 and call2".into(),
                        (one, other) => one.or(other).unwrap_or(named),
                    };
                    (format!("{found}, {other}"), hint)
                }
                id => (format!("call {id} twice"), "name the two calls in call1 and call2".into()),
            };
            return Err(Stop::no(
                &PARAM,
                &[("name", &"call2")],
                "two different calls",
                found,
                hint,
            ));
        }
        logged_in(&user)?;
        for (name, id) in [("call1", ids[0]), ("call2", ids[1])] {
            if id == 0 && asked.query(name).is_none() {
                return Err(no_call(asked, &user, name));
            }
        }
        let calls = [own_call(cx, &user, ids[0])?, own_call(cx, &user, ids[1])?];
        for call in &calls {
            allowed(call, CallCommand::Connect)?;
        }
        let codes =
            ["resultcode1", "resultcode2"].map(|name| asked.query(name).unwrap_or_default());
        let rules = [
            known_code(cx, asked, "resultcode1", &codes[0])?,
            known_code(cx, asked, "resultcode2", &codes[1])?,
        ];
        let notes = ["notes1", "notes2"].map(|name| asked.query(name).unwrap_or_default());
        for (idx, call) in calls.iter().enumerate() {
            let disposition = Disposition {
                exit: Exit::Bridged,
                result_code: &codes[idx],
                notes: &notes[idx],
                n_sales: n_sales[idx].unwrap_or(rules[idx].n_sales),
            };
            floor::leave(cx, call, &disposition)?;
            close_lead(cx, call, &codes[idx], rules[idx])?;
        }
        floor::settle(cx, user.id)?;
        Ok(Data::Null)
    })
}

/// Why there is no call where one was left out: the platform reads 0 there.
fn no_call(asked: &Asked<'_>, user: &User, name: &str) -> Stop {
    let (found, renamed) = asked.absent(name);
    let hint = renamed.unwrap_or_else(|| format!("send {name}; what is left out is read as 0"));
    let fills: &[(&str, &dyn std::fmt::Display)] = &[("id", &0), ("user", &user.id)];
    Stop::no(&CALL_UNKNOWN, fills, format!("{name}: a call of agent {}", user.id), found, hint)
}
