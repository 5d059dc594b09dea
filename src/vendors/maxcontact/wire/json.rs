//! The platform's JSON: members in ordinal order, null members written, `\/Date(…)\/`, and every
//! slash escaped.
//!
//! Source: maxcontact 1.5.

use std::fmt::Write;

use crate::vendors::maxcontact::wire::record::{Val, Written};
use crate::vendors::maxcontact::wire::style::Style;

/// About the size of an envelope with two calls.
const BODY_BYTES: usize = 512;

pub(crate) fn document(style: &Style, root: &dyn Written) -> String {
    let mut body = String::with_capacity(BODY_BYTES);
    object(&mut body, style, root, false);
    body
}

fn object(body: &mut String, style: &Style, record: &dyn Written, with_hint: bool) {
    body.push('{');
    let mut is_first = true;
    if with_hint {
        body.push_str(r#""__type":"#);
        text(body, &format!("{}:#{}", record.entity(), style.namespace));
        is_first = false;
    }
    record.each(&mut |name, val| {
        if !is_first {
            body.push(',');
        }
        is_first = false;
        // Names are the vendor's and need no escaping.
        let _ = write!(body, "\"{name}\":");
        value(body, style, &val);
    });
    body.push('}');
}

fn value(body: &mut String, style: &Style, val: &Val<'_>) {
    match val {
        Val::Absent | Val::Null => body.push_str("null"),
        Val::Bool(flag) => body.push_str(if *flag { "true" } else { "false" }),
        Val::Int(number) => {
            let _ = write!(body, "{number}");
        }
        Val::Text(words) => text(body, words),
        Val::Date(at) if style.iso_dates => text(body, &style.zone.xml_date(*at)),
        Val::Date(at) => text(body, &style.zone.json_date(*at)),
        Val::EmptyList => body.push_str("[]"),
        Val::EmptyObject => body.push_str("{}"),
        Val::One(record) => object(body, style, *record, style.type_hints),
        Val::Many(_, records) => {
            body.push('[');
            for (idx, record) in records.iter().enumerate() {
                if idx > 0 {
                    body.push(',');
                }
                object(body, style, record.as_ref(), false);
            }
            body.push(']');
        }
    }
}

/// A JSON string as the platform writes it: slashes escaped as well.
fn text(body: &mut String, words: &str) {
    body.push('"');
    for it in words.chars() {
        match it {
            '"' => body.push_str("\\\""),
            '\\' => body.push_str("\\\\"),
            '/' => body.push_str("\\/"),
            control if control < ' ' => {
                let _ = write!(body, "\\u{:04x}", u32::from(control));
            }
            plain => body.push(plain),
        }
    }
    body.push('"');
}
