//! A scenario whose rows are counted while they are read, for whoever waits for a large one.

use std::fmt;
use std::sync::Arc;

use crate::contract::fields::{Cell, OwnedRow, Row};
use crate::contract::section::{Section, SeedError};
use crate::contract::vendor::Vendor;
use crate::sim::loading::live::Live;
use crate::sim::loading::recipe::Recipe;
use crate::sim::loading::scenario::{Collection, Mistaken, Scenario};
use crate::sim::loading::settings::Settings;

/// Told of rows that were read: how many more.
#[derive(Clone)]
pub(crate) struct RowsTold(pub(crate) Arc<dyn Fn(u64) + Send + Sync>);

impl fmt::Debug for RowsTold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowsTold")
    }
}

/// A scenario with who is told of its rows.
#[derive(Debug)]
pub(crate) struct Counted<S> {
    pub(crate) scenario: S,
    pub(crate) told: Option<RowsTold>,
}

/// How many rows are told at a time: a line that changes more often cannot be read.
const ROWS_AT_A_TIME: u64 = 500;

struct Part<'s> {
    own: Box<dyn Section + 's>,
    told: &'s RowsTold,
}

impl<S> Counted<S> {
    fn counting<'s>(
        told: Option<&'s RowsTold>,
        own: Box<dyn Section + 's>,
    ) -> Box<dyn Section + 's> {
        match told {
            Some(told) => Box::new(Part { own, told }),
            None => own,
        }
    }
}

impl<S: Scenario> Scenario for Counted<S> {
    fn settings(&mut self, vendors: &[&'static Vendor]) -> Settings {
        self.scenario.settings(vendors)
    }

    fn recipe(&self, vendors: &[&'static Vendor]) -> Option<Recipe> {
        self.scenario.recipe(vendors)
    }

    fn top<'s>(&'s mut self, live: Option<&'s Live<'_>>) -> Box<dyn Section + 's> {
        Self::counting(self.told.as_ref(), self.scenario.top(live))
    }

    fn part<'s>(
        &'s mut self,
        vendor: &'static str,
        live: Option<&'s Live<'_>>,
    ) -> Box<dyn Section + 's> {
        Self::counting(self.told.as_ref(), self.scenario.part(vendor, live))
    }

    fn over<'s>(
        &'s mut self,
        layer: usize,
        vendor: &'static str,
        live: &'s Live<'_>,
    ) -> Option<Box<dyn Section + 's>> {
        let own = self.scenario.over(layer, vendor, live)?;
        Some(Self::counting(self.told.as_ref(), own))
    }

    fn finish(&mut self) -> Result<Vec<Collection>, Box<dyn Mistaken>> {
        self.scenario.finish()
    }
}

impl Section for Part<'_> {
    fn is_merge(&self) -> bool {
        self.own.is_merge()
    }

    fn is_laid(&self) -> bool {
        self.own.is_laid()
    }

    fn rows(
        &mut self,
        name: &str,
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), SeedError>,
    ) -> Result<(), SeedError> {
        let mut n_rows = 0;
        let read = self.own.rows(name, &mut |row| {
            n_rows += 1;
            if n_rows == ROWS_AT_A_TIME {
                (self.told.0)(n_rows);
                n_rows = 0;
            }
            each(row)
        });
        (self.told.0)(n_rows);
        read
    }

    fn table(&mut self, name: &str) -> Result<Option<OwnedRow>, SeedError> {
        self.own.table(name)
    }

    fn value(&mut self, name: &str) -> Result<Option<Cell<'static>>, SeedError> {
        self.own.value(name)
    }

    fn refuse(&mut self, name: &str, field: Option<&str>, message: String) {
        self.own.refuse(name, field, message);
    }
}
