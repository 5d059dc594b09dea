//! What MOR answers to a request that no method takes.

use crate::base::nearest::{is_same_name, nearest};
use crate::base::opposites::{is_another_deed, is_deed, with_deed};
use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::near::nearest_operation;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::mor::errors::{self, NO_FUNCTION, NO_ROUTE, Stop};
use crate::vendors::mor::key::KeyOwner;
use crate::vendors::mor::method::CHANGE_STATUS;
use crate::vendors::mor::ops::enter::{check_gate, form};
use crate::vendors::mor::params::Asked;
use crate::vendors::mor::routes::Place;
use crate::vendors::mor::store::settings;
use crate::vendors::mor::surface::SURFACE;
use crate::vendors::mor::wire::Form;
use crate::vendors::mor::{method, routes, wire};
use crate::web::message::Request;

/// Answers what no method takes.
pub(crate) fn no_operation(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    let (verb, path) = (&call.request.method, call.request.path());
    let place = routes::place(path);
    let Some(place) = place.filter(|_| routes::takes(verb)) else {
        let expected = "GET or POST to /billing/api/<function>, or /billing/api/<function>/<id>";
        let found = format!("{verb} {path}");
        let hint = no_route(call.request);
        return Ok(Reply::refused(wire::not_found(), &NO_ROUTE, expected, found, hint));
    };
    let settings = settings::settings(cx)?;
    let form = form(&settings, Asked::new(cx, call).get("test").as_deref());
    match check_gate(cx, call.request, KeyOwner::of(&settings, None), None) {
        Ok(()) => Ok(no_function(form, &place, call.request)),
        Err(Stop::No(no)) => Ok(errors::refuse(cx, form, *no)),
        Err(Stop::Internal(error)) => Err(error),
    }
}

/// What is wrong with a path that is no function's, or with its verb.
fn no_route(request: &Request) -> String {
    let (verb, path) = (&request.method, request.path());
    let place = routes::place(path);
    if place.is_some_and(|place| method::functions().any(|name| name == place.function)) {
        return format!("the path is right, and {verb} has no route: send it with POST");
    }
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let known = segments.find(|segment| method::functions().any(|name| name == *segment));
    if let Some(name) = known {
        let behind: Vec<&str> = segments.collect();
        if behind.len() > 1 {
            let more = behind[1..].join("/");
            let more = excerpt(&more, MORE_CHARS_MAX);
            return format!("nothing but an id stands behind the function; take {more} away");
        }
        let id = behind.first().map(|id| format!("/{id}")).unwrap_or_default();
        let slashes = if path.contains("//") { " Two slashes are not one" } else { "" };
        return format!("did you mean POST /billing/api/{name}{id}?{slashes}");
    }
    match nearest_operation(&SURFACE, request) {
        Some(near) => format!("did you mean {near}? Paths are compared letter by letter"),
        None => "no route of the vendor's leads there; its web server answers with a page".into(),
    }
}

/// Characters of a path's end that a reason shows.
const MORE_CHARS_MAX: usize = 60;

fn no_function(form: Form, place: &Place<'_>, request: &Request) -> Reply {
    let name = &place.function;
    let known: Vec<&str> = method::functions().collect();
    // What stands for an ID may be the rest of the name.
    let whole = place.id.as_ref().and_then(|id| {
        let joined = format!("{name}_{id}");
        known.iter().find(|known| is_same_name(known, &joined))
    });
    let hint = match &place.id {
        Some(_) if let Some(whole) = whole => format!("did you mean {whole}? It is one word"),
        // What stands before a function, such as a version, is taken for one.
        Some(id) if known.contains(&id.as_ref()) => {
            format!("did you mean POST /billing/api/{id}? Nothing stands before the function")
        }
        Some(_) => nearest_operation(&SURFACE, request)
            .map_or_else(|| meant(name, &known), |near| format!("did you mean {near}?")),
        None => meant(name, &known),
    };
    let response = wire::respond(form, wire::undefined_method(name));
    let expected = format!("one of {}", known.join(", "));
    Reply::refused(response, &NO_FUNCTION, expected, excerpt(name, NAME_CHARS_MAX), hint)
}

/// Characters of a function's name that a reason shows; the vendor's longest has 40.
const NAME_CHARS_MAX: usize = 80;

/// Verbs of what the API cannot do: the GUI makes, lists and deletes.
const OF_THE_GUI: &[&str] =
    &["create", "delete", "remove", "edit", "update", "list", "reactivate", "clear"];

/// Verbs of who wants to see something.
const OF_READING: &[&str] = &["get", "read", "show", "fetch", "download", "export", "list"];

/// Verbs that ask for a state, where the one method turns it round.
const OF_A_STATE: &[&str] = &[
    "start",
    "stop",
    "toggle",
    "pause",
    "resume",
    "run",
    "running",
    "restart",
    "launch",
    "halt",
    "enable",
    "disable",
    "activate",
    "deactivate",
];

/// The function that was meant by a name that is none.
fn meant(name: &str, known: &[&str]) -> String {
    let small = name.to_lowercase();
    let sent = with_deed(&behind_prefix(name));
    let has = |verbs: &[&str]| sent.iter().any(|word| verbs.iter().any(|it| is_form(word, it)));
    let is_kin = |near: &&str| are_kin(name, near);
    let near = nearest(name, known.iter().copied()).filter(is_kin);
    let prefixed = nearest(&format!("autodialer_{name}"), known.iter().copied()).filter(is_kin);
    // Who reads numbers does not want to write them, and neither campaigns nor their state are read.
    let reads = ["number", "campaigns", "status", "state"].iter().any(|it| small.contains(it))
        || small.ends_with("campaign");
    let reads_numbers = reads && has(OF_READING) && !small.contains("statist");
    // Statistics are another matter.
    let is_status = small.contains("status") && !has(OF_READING);
    let is_state = has(OF_A_STATE) && !small.contains("number");
    if is_status || is_state {
        let change = CHANGE_STATUS.function;
        let turns = "starts a campaign that stands and stops one that runs";
        let prefix = if near.is_none() { " The prefix belongs to the name." } else { "" };
        return match near.or(prefixed) {
            Some(near) if near == change => format!("did you mean {change}?{prefix} It {turns}"),
            _ => format!("{change} {turns}; there is no method for one of the two alone"),
        };
    }
    if has(OF_THE_GUI) || reads_numbers {
        return "the API has no such method: campaigns, numbers and actions are made, listed and \
                deleted in the GUI alone, and here by the scenario"
            .into();
    }
    match near {
        Some(near) => format!("did you mean {near}?"),
        None => match prefixed {
            Some(near) => format!("did you mean {near}? The prefix belongs to the name"),
            None => "the vendor has many more methods; these are the autodialer's".into(),
        },
    }
}

/// Verbs that mean one another, by what the API's functions begin with.
const KIN: &[&[&str]] = &[
    &["get", "read", "show", "fetch", "download", "export", "list", "retrieve", "view"],
    &["change", "set", "switch", "toggle", "modify", "update"],
    &["upload", "import", "add", "send", "put", "post", "load"],
];

/// The prefix that all functions' names have.
const PREFIX: &str = "autodialer";

/// A function's name behind the prefix, or behind words that are near it: `autodialler`, `auto_dialer`.
fn behind_prefix(name: &str) -> String {
    let (start, behind) = name.split_at_checked(PREFIX.len()).unwrap_or(("", name));
    if start.eq_ignore_ascii_case(PREFIX) {
        return behind.trim_start_matches(['_', '-', '.']).to_owned();
    }
    let is_prefix =
        |word: &String| nearest(word, [PREFIX]).is_some() || word == "dialer" || word == "dialler";
    let words: Vec<String> = with_deed(name).into_iter().skip_while(is_prefix).collect();
    words.join("_")
}

/// Shortest verb that is known by its beginning: `started`, but `run` is no part of `runtime`.
const STEM_CHARS_MIN: usize = 4;

/// Whether a word is a verb or a form of it. A verb within a word is none: `trunk`, `credit`.
fn is_form(word: &str, verb: &str) -> bool {
    word == verb || verb.len() >= STEM_CHARS_MIN && word.starts_with(verb)
}

/// Whether a name may stand for that of a function: its verb means the same, wherever it stands, or
/// there is none and it asks for no other deed.
fn are_kin(sent: &str, function: &str) -> bool {
    let (sent, own) = (behind_prefix(sent), behind_prefix(function));
    let group = |verb: &String| KIN.iter().position(|kin| kin.contains(&verb.as_str()));
    let verb = |name: &str| {
        with_deed(name).into_iter().find(|word| group(word).is_some() || is_deed(word))
    };
    match (verb(&sent), verb(&own)) {
        (Some(verb), Some(own)) => match group(&verb) {
            Some(kin) => group(&own) == Some(kin),
            None => !is_another_deed(&verb, &own),
        },
        _ => !is_another_deed(&sent, &own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_verb_is_never_near() {
        let known: Vec<&str> = method::functions().collect();
        for name in [
            "autodialer_unload_numbers",
            "autodialer_reset_campaign_statistics",
            "autodialer_dial_number",
            "autodialer_get_campaigns",
            "autodialer_get_campaign_status",
            "autodialer_reactivate_numbers",
            "autodialer_set_campaign_statistics",
            "autodialer_delete_numbers",
            "autodialer_purge_numbers",
            "autodialer_erase_numbers",
            "autodialer_drop_numbers",
            "autodialer_wipe_numbers",
            "autodialer_unset_numbers",
            "autodialer_zap_numbers",
            "autodialer_numbers_delete",
            "autodialer_delete_uploaded_numbers",
            "autodialer_campaign_reset_statistics",
            "autodialer_numbers",
            "purgeNumbers",
            "get_numbers",
        ] {
            let hint = meant(name, &known);
            assert!(!hint.contains("did you mean") && !hint.contains("starts a"), "{name}: {hint}");
        }
        for (name, near) in [
            ("autodialer_import_numbers", "autodialer_upload_numbers"),
            ("autodialer_upload_number", "autodialer_upload_numbers"),
            ("autodialer_get_campain_statistics", "autodialer_get_campaign_statistics"),
            ("get_campaign_statistics", "autodialer_get_campaign_statistics"),
            ("autodialer_campaign_statistics", "autodialer_get_campaign_statistics"),
            ("autodialer_append_numbers", "autodialer_upload_numbers"),
            ("AutodialerImportNumbers", "autodialer_upload_numbers"),
            ("autodialler_upload_numbers", "autodialer_upload_numbers"),
            ("auto_dialer_get_campaign_statistics", "autodialer_get_campaign_statistics"),
        ] {
            let hint = meant(name, &known);
            assert!(hint.contains(&format!("did you mean {near}?")), "{name}: {hint}");
        }
    }

    #[test]
    fn a_state_is_asked_for_by_a_word_and_not_by_letters_of_another() {
        let known: Vec<&str> = method::functions().collect();
        for name in ["autodialer_start_campaign", "startCampaign", "autodialer_campaign_running"] {
            assert!(meant(name, &known).contains("starts a campaign that stands"), "{name}");
        }
        for name in ["autodialer_get_trunks", "autodialer_campaign_runtime", "get_drunk"] {
            assert!(!meant(name, &known).contains("starts a campaign"), "{name}");
        }
    }
}
