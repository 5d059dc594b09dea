//! A scenario of which whoever makes a world of it wants something else: switches turned, another
//! clock, another run expected. It is a part of the seed, so a reset keeps it.

use serde_json::Value;

use crate::contract::fields::{Cell, OwnedRow, Row};
use crate::contract::section::{Section, SeedError};
use crate::contract::variant::SwitchPosition;
use crate::contract::vendor::Vendor;
use crate::sim::judge::expectation::{EXPECT, STRICT};
use crate::sim::loading::live::Live;
use crate::sim::loading::recipe::Recipe;
use crate::sim::loading::scenario::{Collection, Mistaken, Scenario};
use crate::sim::loading::settings::{ClockSpec, Settings};

/// What is wanted in place of what a scenario says; the rest stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub turns: Vec<SwitchPosition>,
    pub clock: Option<ClockSpec>,
    pub strict: Option<bool>,
    /// Conditions that were checked.
    pub expect: Option<Value>,
}

/// A scenario with what is wanted over it.
#[derive(Debug)]
pub(crate) struct Adjusted<S> {
    pub scenario: S,
    pub wanted: Wanted,
}

impl<S: Scenario> Scenario for Adjusted<S> {
    fn settings(&mut self, vendors: &[&'static Vendor]) -> Settings {
        let mut settings = self.scenario.settings(vendors);
        settings.clock = self.wanted.clock.unwrap_or(settings.clock);
        for turn in &self.wanted.turns {
            let idx = vendors.iter().position(|vendor| vendor.surface.vendor == turn.vendor);
            if let Some(chosen) = idx.and_then(|idx| settings.variants.get_mut(idx)) {
                chosen.set(turn.variant, turn.position);
            }
        }
        settings
    }

    fn recipe(&self, vendors: &[&'static Vendor]) -> Option<Recipe> {
        let Wanted { turns, clock, strict, expect } = &self.wanted;
        let mut recipe = self.scenario.recipe(vendors)?;
        for turn in turns {
            let vendor = vendors.iter().find(|vendor| vendor.surface.vendor == turn.vendor);
            if let Some(switch) = vendor.and_then(|it| it.surface.variants.get(turn.variant)) {
                let value = switch.values.get(usize::from(turn.position));
                let part = format!("variants.{}.{}", turn.vendor, switch.name);
                recipe = recipe.with(&part, value.map_or("", |value| value.name));
            }
        }
        let clock = clock.map(ClockSpec::to_json);
        Some(
            recipe
                .with_some("clock", clock)
                .with_some("strict", *strict)
                .with_some("expect", expect.as_ref()),
        )
    }

    fn top<'s>(&'s mut self, live: Option<&'s Live<'_>>) -> Box<dyn Section + 's> {
        Box::new(Top { own: self.scenario.top(live), wanted: &self.wanted })
    }

    fn part<'s>(
        &'s mut self,
        vendor: &'static str,
        live: Option<&'s Live<'_>>,
    ) -> Box<dyn Section + 's> {
        self.scenario.part(vendor, live)
    }

    fn over<'s>(
        &'s mut self,
        layer: usize,
        vendor: &'static str,
        live: &'s Live<'_>,
    ) -> Option<Box<dyn Section + 's>> {
        self.scenario.over(layer, vendor, live)
    }

    fn finish(&mut self) -> Result<Vec<Collection>, Box<dyn Mistaken>> {
        self.scenario.finish()
    }
}

struct Top<'s> {
    own: Box<dyn Section + 's>,
    wanted: &'s Wanted,
}

impl Section for Top<'_> {
    fn rows(
        &mut self,
        name: &str,
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), SeedError>,
    ) -> Result<(), SeedError> {
        self.own.rows(name, each)
    }

    fn table(&mut self, name: &str) -> Result<Option<OwnedRow>, SeedError> {
        self.own.table(name)
    }

    /// The scenario's own value is read all the same, so that its mistakes are told.
    fn value(&mut self, name: &str) -> Result<Option<Cell<'static>>, SeedError> {
        let own = self.own.value(name)?;
        let wanted = match name {
            _ if name == STRICT.name => self.wanted.strict.map(Cell::Bool),
            _ if name == EXPECT.name => self.wanted.expect.clone().map(|it| Cell::Json(it.into())),
            _ => None,
        };
        Ok(wanted.or(own))
    }

    fn refuse(&mut self, name: &str, field: Option<&str>, message: String) {
        self.own.refuse(name, field, message);
    }
}
