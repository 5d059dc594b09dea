//! The hosts that the sections of a scenario give to their vendors.
//!
//! Not here: how a host is written (`web::host_pattern`), and hosts that the program or another world
//! has given already (`sim::worlds::hosts`).

use crate::contract::fields::Cell;
use crate::contract::section::SectionDecl;
use crate::scenario::checker::{Checker, Path};
use crate::scenario::limits::HOSTS_MAX;
use crate::scenario::mistake::Problem;
use crate::scenario::top::HOSTS;
use crate::scenario::tree::{Node, Table, Value, quoted};
use crate::sim::loading::settings::HostGiven;
use crate::web::host_pattern::HostPattern;

/// Whose hosts are which so far.
#[derive(Clone, Copy)]
pub(crate) struct Owned<'o> {
    /// All vendors, with their own.
    pub(crate) sections: &'o [SectionDecl],
    /// What the sections before this one were given.
    pub(crate) given: &'o [HostGiven],
}

/// Reads the hosts that a section gives to its vendor. One that is another vendor's is a mistake.
pub(crate) fn hosts<'d>(
    checker: &mut Checker<'d>,
    path: &Path<'_>,
    decl: &SectionDecl,
    section: &'d Table,
    owned: Owned<'_>,
) -> Vec<HostGiven> {
    let Some(entry) = section.get(HOSTS.name) else { return Vec::new() };
    let Cell::List(cells) = checker.cell(path, HOSTS, &entry.node) else { return Vec::new() };
    if cells.len() > HOSTS_MAX {
        let found = format!("{} has {} elements", quoted(HOSTS.name), cells.len());
        checker.mistake(entry.node.at, || Problem::new(found, format!("at most {HOSTS_MAX}")));
        return Vec::new();
    }
    let mut hosts = Vec::new();
    for (cell, node) in cells.iter().zip(nodes(&entry.node)) {
        let Some(Ok(host)) = cell.as_text().map(str::parse::<HostPattern>) else { continue };
        match owned.by(&host).filter(|owner| *owner != decl.vendor) {
            Some(owner) => checker.mistake(node.at, || {
                let found = format!(
                    "{} gives {} to {}",
                    quoted(HOSTS.name),
                    quoted(&host.to_string()),
                    decl.vendor
                );
                Problem::new(found, format!("it once; it is {owner}'s"))
            }),
            None => hosts.push((decl.vendor, host.to_string())),
        }
    }
    hosts
}

/// The nodes of a list; a value alone is a list of one.
fn nodes(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        _ => std::slice::from_ref(node),
    }
}

impl Owned<'_> {
    /// The vendor that has a host.
    fn by(&self, host: &HostPattern) -> Option<&'static str> {
        let text = host.to_string();
        let given = self.given.iter().find(|(_, given)| *given == text).map(|(owner, _)| *owner);
        let has = |decl: &&SectionDecl| decl.hosts.iter().any(|own| own.pattern() == *host);
        given.or_else(|| self.sections.iter().find(has).map(|decl| decl.vendor))
    }
}
