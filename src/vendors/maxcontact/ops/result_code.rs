//! The result code of a request, and why it is none of this world.

use crate::base::nearest::nearest;
use crate::contract::cx::Cx;
use crate::vendors::maxcontact::errors::{RESULT_CODE, Stop};
use crate::vendors::maxcontact::ops::enter::{Asked, SHOWN_MAX};
use crate::vendors::maxcontact::store::{self, CodeRules};
use crate::web::diagnosis::disguise::unfilled;

/// What a result code of the query brings with it.
pub(crate) fn known_code(
    cx: &Cx<'_>,
    asked: &Asked<'_>,
    name: &str,
    code: &str,
) -> Result<CodeRules, Stop> {
    if let Some(rules) = store::code_rules(cx.db(), code)? {
        return Ok(rules);
    }
    let known = store::some_codes(cx.db(), SHOWN_MAX)?;
    let of_world = match known.len() {
        0 => "this world has no result codes; seed them in [maxcontact]".to_owned(),
        _ => format!("codes of this world: {}; nothing was changed", known.join(", ")),
    };
    let (found, hint) = if code.is_empty() {
        let (found, renamed) = asked.absent(name);
        let in_body = !asked.call.request.body.is_empty();
        let hint = match renamed {
            None if in_body => format!("{name} is read from the query, not from a body"),
            renamed => renamed.unwrap_or(of_world),
        };
        (found, hint)
    } else {
        (format!("{code:?}"), meant(cx, asked, name, code, &known)?.unwrap_or(of_world))
    };
    let expected = format!("{name}: Code of a result code");
    Err(Stop::no(&RESULT_CODE, &[("code", &code)], expected, found, hint))
}

/// The code that is meant by a text that is none.
fn meant(
    cx: &Cx<'_>,
    asked: &Asked<'_>,
    name: &str,
    code: &str,
    known: &[String],
) -> rusqlite::Result<Option<String>> {
    if let Some(same) = known.iter().find(|it| it.eq_ignore_ascii_case(code)) {
        return Ok(Some(format!("did you mean {same:?}? Codes are compared letter by letter")));
    }
    if let Some(same) = known.iter().find(|it| it.as_str() == code.trim()) {
        return Ok(Some(format!("send {same:?} without the blanks around it")));
    }
    if code.split(',').filter(|it| known.iter().any(|code| code == it)).count() > 1 {
        return Ok(Some(if asked.is_repeated(name) {
            format!("send {name} once; the platform joins the values with a comma")
        } else {
            "a call gets one result code; send one of them".to_owned()
        }));
    }
    for it in store::result_codes(cx.db())? {
        if it.description.eq_ignore_ascii_case(code.trim()) {
            return Ok(Some(format!("that is the description of {:?}; send the code", it.code)));
        }
        if it.id.to_string() == code {
            return Ok(Some(format!("that is the id of {:?}; send the code", it.code)));
        }
    }
    if let Some(unfilled) = unfilled(code) {
        return Ok(Some(unfilled.cure().to_owned()));
    }
    let near = nearest(code, known.iter().map(String::as_str));
    Ok(near.map(|near| format!("did you mean {near:?}? Codes are compared letter by letter")))
}
