//! `AddLead`: a lead with its phones, and why a body is none.
//!
//! Source: maxcontact 2.4.

use http::header;

use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{BODY, No, PARAM, PHONE, Stop};
use crate::vendors::maxcontact::model::{NewLead, check_phone};
use crate::vendors::maxcontact::ops::enter::lead_management;
use crate::vendors::maxcontact::ops::no_match::check_list;
use crate::vendors::maxcontact::wire::body::{self, Sent, Unreadable};
use crate::vendors::maxcontact::wire::slips::LEAD_MEMBERS;
use crate::vendors::maxcontact::{floor, no_number};
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::{self as diagnosis, Edit, Wanted};
use crate::web::message::Request;

/// Characters of a member's value that a reason shows.
const TEXT_CHARS_MAX: usize = 80;

/// Adds a lead with its phones.
pub(crate) fn add_lead(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let request = asked.call.request;
        let media_type = request.media_type();
        if page(request).is_some() {
            let nothing = Unreadable::Bytes(String::new());
            return Err(no_lead(request, nothing));
        }
        let sent = body::lead(media_type.as_deref(), &request.body)
            .map_err(|unreadable| no_lead(request, unreadable))?;
        check_lead(cx, &sent).map_err(|stop| explained(request, stop, &sent))?;
        let id = floor::new_lead(cx, &sent.lead)?;
        if !sent.passed_over.is_empty() {
            cx.effect(format!("lead {id}: {}", passed_over(&sent)));
        }
        for slip in &sent.slips {
            cx.effect(format!("lead {id}: {} passed over; {}", slip.found, slip.cure));
        }
        Ok(())
    })
}

/// Why a body is no lead: what its bytes show, else what was said about them.
fn no_lead(request: &Request, unreadable: Unreadable) -> Stop {
    let is_xml = matches!(request.media_type().as_deref(), Some("application/xml" | "text/xml"));
    let wanted = if is_xml { Wanted::Xml } else { Wanted::JsonObject };
    let takes = [Wanted::JsonObject, Wanted::Xml];
    let asked = diagnosis::Asked::new(wanted).taking(&takes).knowing(LEAD_MEMBERS).refused();
    let expected = "a lead as JSON or XML";
    let text = request.body.trim_ascii_start();
    let (found, hint, edit) = match unreadable {
        Unreadable::Member { name, kind, at, text } => {
            let hint = match kind {
                "int" if text.trim().is_empty() => {
                    "the member is an int; send a number, an empty text is none".into()
                }
                "int" if ["true", "false"].contains(&text.as_str()) => {
                    "the member is an int; send a number, not true or false".into()
                }
                "int" => format!("the member is an int; {}", no_number::whole(name, &text, "int")),
                "text" => "the member is a text; send it itself, not in a list or an object".into(),
                _ => format!("the member is a bool; {}", no_number::truth(&text)),
            };
            let found = format!("{name}: {}", excerpt(&text, TEXT_CHARS_MAX));
            let no = No::new(&BODY, &[], format!("{name}: {kind}"), found, hint);
            return Stop::No(Box::new(no.with_place(at)));
        }
        Unreadable::Bytes(found) => {
            (found, "send one lead, as {…} or as an element with members", None)
        }
        Unreadable::MediaType(found) if text.starts_with(b"{") => {
            (found, "send application/json: the body is JSON", Some("application/json"))
        }
        Unreadable::MediaType(found) if text.starts_with(b"<") => {
            (found, "send application/xml: the body is XML", Some("application/xml"))
        }
        Unreadable::MediaType(found) => (found, "send application/json or application/xml", None),
    };
    if let Some(page) = page(request) {
        return Stop::no(&BODY, &[], expected, page, "send the lead itself, as JSON or as XML");
    }
    if let Some(diagnosis) = diagnose(&diagnosed_body(request), &asked) {
        return Stop::diagnosed(&BODY, diagnosis);
    }
    let no = No::new(&BODY, &[], expected, found, hint);
    Stop::No(Box::new(match edit {
        Some(media_type) => no.with_edit(Edit::ContentType(media_type.into())),
        None => no,
    }))
}

/// What a body is that is a page: no header makes a lead of it.
fn page(request: &Request) -> Option<&'static str> {
    let head = request.body.trim_ascii_start();
    let head = head.get(..PAGE_BYTES_MAX.min(head.len()))?.to_ascii_lowercase();
    let is_page = head.starts_with(b"<!doctype html") || head.starts_with(b"<html");
    is_page.then_some("a page of HTML")
}

/// Bytes in which a page shows itself.
const PAGE_BYTES_MAX: usize = 16;

/// A request's body and what its headers say about it.
pub(crate) fn diagnosed_body(request: &Request) -> diagnosis::Body<'_> {
    diagnosis::Body {
        bytes: &request.body,
        content_type: request.header(&header::CONTENT_TYPE),
        content_encoding: request.header(&header::CONTENT_ENCODING),
    }
}

/// A refusal that may come of members which the platform did not see: wrapped in another, under other
/// names, or out of order.
fn explained(request: &Request, stop: Stop, sent: &Sent) -> Stop {
    let Stop::No(no) = stop else { return stop };
    if !sent.is_xml {
        let asked = diagnosis::Asked::new(Wanted::JsonObject).knowing(LEAD_MEMBERS);
        if let Some(diagnosis) = diagnose(&diagnosed_body(request), &asked) {
            return Stop::No(Box::new(no.with_diagnosis(diagnosis)));
        }
    }
    let of_this = sent.slips.iter().find(|slip| slip.explains(no.expected()));
    if let Some(slip) = of_this {
        let no = no.with_found(slip.found.clone(), slip.cure.clone());
        return Stop::No(Box::new(no.with_place(slip.at.clone())));
    }
    if sent.passed_over.is_empty() {
        return Stop::No(no);
    }
    Stop::No(Box::new(no.with_hint(passed_over(sent))))
}

fn passed_over(sent: &Sent) -> String {
    let names: Vec<_> = sent.passed_over.iter().map(|it| it.name.as_str()).collect();
    let behind = sent.passed_over.first().map(|it| {
        if it.name == it.behind {
            format!("; {} stands twice, and the first counts", it.name)
        } else {
            format!("; {} stands behind {} and belongs before it", it.name, it.behind)
        }
    });
    format!(
        "{} passed over; in XML members stand in ordinal order, as Cost, LeadPhones, ListID, Name{}",
        names.join(", "),
        behind.unwrap_or_default()
    )
}

/// Stops where a lead has no phone, a phone has no number, or the list is not there.
fn check_lead(cx: &Cx<'_>, sent: &Sent) -> Result<(), Stop> {
    let lead: &NewLead = &sent.lead;
    if lead.phones.is_empty() {
        let hint = "a lead needs at least one phone: LeadPhones, each with a PhoneNum";
        let fills: &[(&str, &dyn std::fmt::Display)] = &[("name", &"LeadPhones")];
        return Err(Stop::no(&PARAM, fills, "LeadPhones with a phone", "none", hint));
    }
    for (idx, phone) in lead.phones.iter().enumerate() {
        let Err(expected) = check_phone(&phone.number) else { continue };
        let (found, hint) = match phone.number.as_str() {
            "" => ("no PhoneNum".to_owned(), "each phone has a PhoneNum".to_owned()),
            number => (format!("{number:?}"), no_number::phone(number)),
        };
        let expected = format!("PhoneNum: {expected}");
        let no = No::new(&PHONE, &[("n", &phone.number)], expected, found, hint);
        let at = if sent.is_xml {
            format!("LeadPhones, phone {}, PhoneNum", idx + 1)
        } else {
            format!("/LeadPhones/{idx}/PhoneNum")
        };
        return Err(Stop::No(Box::new(no.with_place(at))));
    }
    check_list(cx, "ListID", lead.list_id)
}
