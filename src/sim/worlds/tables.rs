//! All tables and statements of a world: the core's and the vendors'.

use std::slice::from_ref;

use crate::base::chain::Chain;
use crate::contract::vendor::{Vendor, Vendors};
use crate::contract::{counter, timer};
use crate::sim::journal::ledger;
use crate::sim::loading::read_back;
use crate::sim::outside::line;
use crate::sim::outside::people::roster;
use crate::sim::outside::traffic::sources;
use crate::sim::worlds::{exported, extras, readable};
use crate::sim::{fault, world};
use crate::store::database::Database;
use crate::store::schema::{self, Component};
use crate::store::{adopt, setting};

/// The tables of a world: the core's, the vendors', and in a file the journal's.
pub fn components(vendors: Vendors, persistent: bool) -> Vec<Component> {
    let mut all = vec![schema::CORE];
    if persistent {
        all.push(schema::JOURNAL);
    }
    all.extend(
        vendors
            .0
            .iter()
            .map(|vendor| Component { name: vendor.surface.vendor, scripts: vendor.schema }),
    );
    all
}

/// Every SQL statement of the core and the vendors by name, for the test that prepares them all.
pub fn statements(vendors: Vendors) -> Vec<(&'static str, &'static str)> {
    let core = [
        counter::STATEMENTS,
        fault::store::STATEMENTS,
        adopt::STATEMENTS,
        ledger::STATEMENTS,
        line::STATEMENTS,
        extras::STATEMENTS,
        readable::STATEMENTS,
        roster::STATEMENTS,
        schema::STATEMENTS,
        setting::STATEMENTS,
        exported::STATEMENTS,
        timer::STATEMENTS,
        world::ROOM_STATEMENTS,
        world::TIMER_STATEMENTS,
        sources::STATEMENTS,
    ];
    let mut all = core.concat();
    all.extend(vendors.0.iter().flat_map(|vendor| vendor.statements.concat()));
    for surface in vendors.0.iter().map(|vendor| vendor.surface) {
        all.extend(surface.read_back.iter().map(|back| (back.name, back.rows)));
        all.extend(surface.omitted.iter().map(|omitted| (omitted.what, omitted.count)));
    }
    all.extend(read_back::READ_BACK.iter().map(|back| (back.name, back.rows)));
    all
}

/// Prepares every statement of the vendors against their tables.
///
/// # Errors
/// Says which table or statement of which vendor SQLite refuses, and why.
pub(crate) fn check(vendors: Vendors) -> Result<(), String> {
    for vendor in vendors.0 {
        let name = vendor.surface.vendor;
        let image = Database::empty_image(&components(Vendors(from_ref(vendor)), false))
            .map_err(|error| format!("the tables of {name} cannot be made: {}", Chain(&error)))?;
        let db = Database::in_memory(&image);
        for (statement, sql) in of_vendor(vendor) {
            if let Err(error) = db.connection().prepare(sql) {
                return Err(format!("the statement {statement} of {name} is not sound: {error}"));
            }
        }
    }
    Ok(())
}

/// Every SQL statement of a vendor by name.
fn of_vendor(vendor: &Vendor) -> Vec<(&'static str, &'static str)> {
    let mut all = vendor.statements.concat();
    let surface = vendor.surface;
    all.extend(surface.read_back.iter().map(|back| (back.name, back.rows)));
    all.extend(surface.omitted.iter().map(|omitted| (omitted.what, omitted.count)));
    all.extend(surface.tables.iter().map(|table| (table.name, table.rows)));
    all.extend(vendor.traces.iter().map(|trace| (trace.name, trace.rows)));
    all
}
