//! Scenarios of the made-up vendor: none, and pieces for a world that runs.

use crate::base::seed::Seed;
use crate::base::time::Instant;
use crate::contract::fields::Row;
use crate::contract::section::{Section, SeedError};
use crate::contract::variant::Chosen;
use crate::contract::vendor::Vendor;
use crate::sim::loading::live::Live;
use crate::sim::loading::observed::Observed;
use crate::sim::loading::scenario::{Collection, Mistaken, Scenario};
use crate::sim::loading::settings::ClockSpec;
use crate::sim::loading::settings::Settings;

/// A scenario with nothing in it but a frozen clock at 0.
#[derive(Debug)]
pub(super) struct Empty;

impl Section for Empty {
    fn rows(
        &mut self,
        _: &str,
        _: &mut dyn FnMut(&Row<'_>) -> Result<(), SeedError>,
    ) -> Result<(), SeedError> {
        Ok(())
    }

    fn table(&mut self, _: &str) -> Result<Option<crate::contract::fields::OwnedRow>, SeedError> {
        Ok(None)
    }

    fn value(
        &mut self,
        _: &str,
    ) -> Result<Option<crate::contract::fields::Cell<'static>>, SeedError> {
        Ok(None)
    }

    fn refuse(&mut self, _: &str, _: Option<&str>, _: String) {}
}

impl Scenario for Empty {
    fn settings(&mut self, vendors: &[&'static Vendor]) -> Settings {
        Settings {
            title: "empty".into(),
            seed: Seed(1),
            clock: ClockSpec::Frozen { at: Instant::MIN },
            variants: vec![Chosen::default(); vendors.len()],
            observed: Observed::default(),
            hosts: Vec::new(),
        }
    }

    fn top<'s>(&'s mut self, _: Option<&'s Live<'_>>) -> Box<dyn Section + 's> {
        Box::new(Empty)
    }

    fn part<'s>(&'s mut self, _: &'static str, _: Option<&'s Live<'_>>) -> Box<dyn Section + 's> {
        Box::new(Empty)
    }

    fn over<'s>(
        &'s mut self,
        _: usize,
        _: &'static str,
        _: &'s Live<'_>,
    ) -> Option<Box<dyn Section + 's>> {
        None
    }

    fn finish(&mut self) -> Result<Vec<Collection>, Box<dyn Mistaken>> {
        Ok(Vec::new())
    }
}

/// A piece that is merged, and what happens in the middle of it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Piece {
    Sound,
    Fails,
    Panics,
}

impl Section for Piece {
    fn is_merge(&self) -> bool {
        true
    }

    fn rows(
        &mut self,
        name: &str,
        _: &mut dyn FnMut(&Row<'_>) -> Result<(), SeedError>,
    ) -> Result<(), SeedError> {
        match self {
            Piece::Fails if name == "rows" => Err(SeedError::internal("the disk is full")),
            Piece::Panics if name == "rows" => panic!("a rule is broken"),
            _ => Ok(()),
        }
    }

    fn table(&mut self, _: &str) -> Result<Option<crate::contract::fields::OwnedRow>, SeedError> {
        Ok(None)
    }

    fn value(
        &mut self,
        _: &str,
    ) -> Result<Option<crate::contract::fields::Cell<'static>>, SeedError> {
        Ok(None)
    }

    fn refuse(&mut self, _: &str, _: Option<&str>, _: String) {}
}

impl Scenario for Piece {
    fn settings(&mut self, _: &[&'static Vendor]) -> Settings {
        unreachable!("the world has settings")
    }

    fn top<'s>(&'s mut self, _: Option<&'s Live<'_>>) -> Box<dyn Section + 's> {
        Box::new(*self)
    }

    fn part<'s>(&'s mut self, _: &'static str, _: Option<&'s Live<'_>>) -> Box<dyn Section + 's> {
        Box::new(*self)
    }

    fn over<'s>(
        &'s mut self,
        _: usize,
        _: &'static str,
        _: &'s Live<'_>,
    ) -> Option<Box<dyn Section + 's>> {
        None
    }

    fn finish(&mut self) -> Result<Vec<Collection>, Box<dyn Mistaken>> {
        Ok(vec![Collection { section: "toy", name: "rows", n_rows: 3 }])
    }
}
