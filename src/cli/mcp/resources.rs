//! What can be read by its address: contracts and their sections, switches, evidence, rules, chapters of
//! the manual. All of it is built in, and needs no running program.

use rmcp::model::{Resource, ResourceTemplate};
use serde_json::Value;

use crate::app;
use crate::cli::declared::named;
use crate::cli::mcp::known::sections;
use crate::cli::{explain, manual};
use crate::contract::paper;
use crate::contract::vendor::Vendor;
use crate::sim::documents::chapters::CHAPTERS;
use crate::sim::documents::fidelity;

/// Before every address.
const SCHEME: &str = "ringback://";

const MARKDOWN: &str = "text/markdown";
const JSON: &str = "application/json";

/// Kinds of address, with what they lead to.
const TEMPLATES: &[(&str, &str, &str, &str)] = &[
    (
        "contract/{vendor}",
        "contract",
        MARKDOWN,
        "what a vendor's contract begins with, and its sections",
    ),
    ("contract/{vendor}/{section}", "contract section", MARKDOWN, "a section, by its number: 3.4"),
    ("variants/{vendor}", "switches", JSON, "the switches for what a vendor's papers leave open"),
    (
        "fidelity/{vendor}",
        "evidence",
        JSON,
        "how each fact of a vendor is known to be the vendor's",
    ),
    ("rules/{vendor}", "rules", JSON, "the rules by which a vendor refuses: why, mistakes, cures"),
    ("manual/{chapter}", "manual chapter", MARKDOWN, "a chapter of Ringback's manual"),
];

/// A resource that was read.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) text: String,
    pub(super) media_type: &'static str,
}

/// All of them: what is short first, the sections of contracts last.
pub(super) fn all() -> Vec<Resource> {
    let vendors = || app::vendors().0.iter().map(|vendor| vendor.surface.vendor);
    let mut found = Vec::new();
    for (kind, what, media_type) in [
        ("contract", "contract: its sections", MARKDOWN),
        ("rules", "rules of refusals", JSON),
        ("variants", "switches", JSON),
        ("fidelity", "evidence", JSON),
    ] {
        found.extend(vendors().map(|vendor| {
            resource(&format!("{kind}/{vendor}"), &format!("{vendor} {what}"), media_type)
        }));
    }
    for chapter in CHAPTERS {
        let title = format!("manual: {}", chapter.title());
        found.push(resource(&format!("manual/{}", chapter.word()), &title, MARKDOWN));
    }
    for vendor in app::vendors().0 {
        let name = vendor.surface.vendor;
        for heading in paper::headings((vendor.contract)()) {
            let address = format!("contract/{name}/{}", heading.number);
            let title = format!("{name} contract {} {}", heading.number, heading.title);
            found.push(resource(&address, &title, MARKDOWN));
        }
    }
    found
}

fn resource(address: &str, title: &str, media_type: &str) -> Resource {
    Resource::new(format!("{SCHEME}{address}"), address)
        .with_title(title)
        .with_mime_type(media_type)
}

/// The kinds of address.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    let one = |(address, name, media_type, text): &(&str, &str, &str, &str)| {
        ResourceTemplate::new(format!("{SCHEME}{address}"), *name)
            .with_description(*text)
            .with_mime_type(*media_type)
    };
    TEMPLATES.iter().map(one).collect()
}

/// What an address leads to.
///
/// # Errors
/// Where it leads nowhere; the words say what there is.
pub(super) fn read(address: &str) -> Result<Read, String> {
    let rest = address.strip_prefix(SCHEME).unwrap_or_default();
    let parts: Vec<&str> = rest.split('/').collect();
    let of = |name: &str| named(name).map_err(|failure| failure.text);
    match parts.as_slice() {
        ["contract", vendor] => Ok(markdown(opening(of(vendor)?))),
        ["contract", vendor, section] => Ok(markdown(paper::wanted(of(vendor)?, section)?)),
        ["variants", vendor] => Ok(json(&fidelity::switches(of(vendor)?.surface))),
        ["fidelity", vendor] => Ok(json(&fidelity::report(of(vendor)?.surface))),
        ["rules", vendor] => Ok(json(&explain::of_vendor(of(vendor)?))),
        // Some chapters stand in a folder.
        ["manual", folders @ .., chapter] if folders.len() < 2 => {
            let chapter = manual::named(chapter).map_err(|failure| failure.text)?;
            Ok(markdown(chapter.readable()))
        }
        _ => {
            let known: Vec<String> =
                TEMPLATES.iter().map(|(address, ..)| format!("{SCHEME}{address}")).collect();
            Err(format!("{address:?} is no resource; expected one of {}", known.join(", ")))
        }
    }
}

fn markdown(text: String) -> Read {
    Read { text, media_type: MARKDOWN }
}

fn json(value: &Value) -> Read {
    Read { text: value.to_string(), media_type: JSON }
}

/// What stands before the first section, and the list of them.
fn opening(vendor: &Vendor) -> String {
    let name = vendor.surface.vendor;
    let before = (vendor.contract)().split("\n## ").next().unwrap_or_default().trim_end();
    let list = sections(vendor);
    let list = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    let list: Vec<String> = list
        .map(|line| {
            let number = line.split(' ').next().unwrap_or_default();
            format!("- {line}: {SCHEME}contract/{name}/{number}")
        })
        .collect();
    format!("{before}\n\nSections:\n\n{}\n", list.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_listed_can_be_read() {
        for resource in all() {
            let read =
                read(&resource.uri).unwrap_or_else(|told| panic!("{}: {told}", resource.uri));
            assert_eq!(Some(read.media_type), resource.mime_type.as_deref(), "{}", resource.uri);
            assert!(!read.text.is_empty(), "{}", resource.uri);
        }
    }

    #[test]
    fn an_address_that_leads_nowhere_is_told() {
        for (address, words) in [
            ("ringback://contract/jtell", "did you mean \"jtel\"?"),
            ("ringback://contract/jtel/99", "has no section \"99\""),
            ("ringback://manual/fault", "did you mean \"faults\"?"),
            ("ringback://nothing", "ringback://contract/{vendor}"),
            ("file:///etc/passwd", "is no resource"),
        ] {
            let told = read(address).unwrap_err();
            assert!(told.contains(words), "{address}: {told}");
        }
    }
}
