//! The platform's XML: elements in ordinal order, one default namespace, `i:nil` and `i:type`, no
//! declaration and no white space.
//!
//! Source: maxcontact 1.6.

use std::fmt::Write;

use crate::vendors::maxcontact::wire::record::{Val, Written};
use crate::vendors::maxcontact::wire::style::Style;

/// What stands before the CLR namespace. Inferred: maxcontact 1.6.
const NAMESPACE_START: &str = "http://schemas.datacontract.org/2004/07/";

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// About the size of an envelope with two calls.
const BODY_BYTES: usize = 1024;

pub(crate) fn document(style: &Style, root: &dyn Written) -> String {
    let mut body = String::with_capacity(BODY_BYTES);
    let name = root.entity();
    let _ = write!(body, "<{name} xmlns=\"{NAMESPACE_START}");
    escaped(&mut body, &style.namespace);
    let _ = write!(body, "\" xmlns:i=\"{INSTANCE}\">");
    members(&mut body, style, root);
    let _ = write!(body, "</{name}>");
    body
}

fn members(body: &mut String, style: &Style, record: &dyn Written) {
    record.each(&mut |name, val| element(body, style, name, &val));
}

fn element(body: &mut String, style: &Style, name: &str, val: &Val<'_>) {
    // Writing to a string cannot fail.
    let _ = match val {
        Val::Absent => Ok(()),
        Val::Null => write!(body, "<{name} i:nil=\"true\"/>"),
        Val::Bool(flag) => write!(body, "<{name}>{flag}</{name}>"),
        Val::Int(number) => write!(body, "<{name}>{number}</{name}>"),
        Val::Text(words) if words.is_empty() => write!(body, "<{name}/>"),
        Val::Text(words) => {
            let _ = write!(body, "<{name}>");
            escaped(body, words);
            write!(body, "</{name}>")
        }
        Val::Date(at) => write!(body, "<{name}>{}</{name}>", style.zone.xml_date(*at)),
        Val::EmptyList | Val::EmptyObject => write!(body, "<{name}/>"),
        Val::One(record) => {
            let _ = write!(body, "<{name} i:type=\"{}\">", record.entity());
            members(body, style, *record);
            write!(body, "</{name}>")
        }
        Val::Many(of, []) => write!(body, "<{name} i:type=\"ArrayOf{of}\"/>"),
        Val::Many(of, records) => {
            let _ = write!(body, "<{name} i:type=\"ArrayOf{of}\">");
            for record in *records {
                let _ = write!(body, "<{of}>");
                members(body, style, record.as_ref());
                let _ = write!(body, "</{of}>");
            }
            write!(body, "</{name}>")
        }
    };
}

fn escaped(body: &mut String, words: &str) {
    for it in words.chars() {
        match it {
            '&' => body.push_str("&amp;"),
            '<' => body.push_str("&lt;"),
            '>' => body.push_str("&gt;"),
            '"' => body.push_str("&quot;"),
            // A bare carriage return would be read back as a line feed; the others are what the
            // platform writes although no strict XML 1.0 reader takes them.
            it if (it < ' ' && it != '\t' && it != '\n')
                || matches!(it, '\u{fffe}' | '\u{ffff}') =>
            {
                let _ = write!(body, "&#x{:X};", u32::from(it));
            }
            plain => body.push(plain),
        }
    }
}
