//! connectcalls: the warm transfer.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{PARAM, Stop};
use crate::vendors::maxcontact::floor;
use crate::vendors::maxcontact::model::machine::CallCommand;
use crate::vendors::maxcontact::model::{Disposition, Exit};
use crate::vendors::maxcontact::ops::call::{allowed, close_lead, known_code, own_call};
use crate::vendors::maxcontact::ops::enter::{logged_in, telephony};
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
            let found = match ids[0] {
                0 => "neither call1 nor call2".to_owned(),
                id => format!("call {id} twice"),
            };
            let hint = "name the two calls in call1 and call2";
            return Err(Stop::no(
                &PARAM,
                &[("name", &"call2")],
                "two different calls",
                found,
                hint,
            ));
        }
        logged_in(&user)?;
        let calls = [own_call(cx, &user, ids[0])?, own_call(cx, &user, ids[1])?];
        for call in &calls {
            allowed(call, CallCommand::Connect)?;
        }
        let codes =
            ["resultcode1", "resultcode2"].map(|name| asked.query(name).unwrap_or_default());
        let rules =
            [known_code(cx, "resultcode1", &codes[0])?, known_code(cx, "resultcode2", &codes[1])?];
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
