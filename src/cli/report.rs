//! `routes`, `fidelity`, `variants`: what the vendors' tables say.

use crate::cli::failure::Failure;
use crate::cli::failure::bad_input;
use crate::cli::failure::print;

use clap::Args;

use crate::app;
use crate::contract::evidence::Evidence;
use crate::contract::surface::Surface;
use crate::sim::documents::fidelity;

#[derive(Debug, Args)]
pub(crate) struct RoutesArgs {
    /// Only this vendor
    #[arg(env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Only this vendor
    #[arg(env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
    /// As JSON, for programs
    #[arg(long, env = "RINGBACK_JSON")]
    json: bool,
}

/// The vendors that are asked for: one, or all.
fn wanted(vendor: Option<&str>) -> Result<Vec<&'static Surface>, Failure> {
    let surfaces: Vec<_> = app::vendors().0.iter().map(|vendor| vendor.surface).collect();
    let Some(wanted) = vendor else { return Ok(surfaces) };
    let names: Vec<_> = surfaces.iter().map(|surface| surface.vendor).collect();
    let found = surfaces.into_iter().find(|surface| surface.vendor == wanted);
    found.map(|surface| vec![surface]).ok_or_else(|| {
        bad_input(format!(
            "there is no vendor called {wanted:?}; expected one of {}",
            names.join(", ")
        ))
    })
}

fn with_source(evidence: Evidence) -> String {
    format!("[{}, {}]", evidence.grade(), evidence.source())
}

impl RoutesArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        for surface in wanted(self.vendor.as_deref())? {
            print(&format!("{}: {}", surface.vendor, surface.title))?;
            for operation in surface.operations {
                print(&format!(
                    "  {:<28} {:<6} {}  {}",
                    operation.name,
                    operation.method,
                    operation.path,
                    with_source(operation.evidence)
                ))?;
            }
        }
        Ok(())
    }
}

impl ReportArgs {
    pub(crate) fn fidelity(self) -> Result<(), Failure> {
        let surfaces = wanted(self.vendor.as_deref())?;
        if self.json {
            let reports: Vec<_> = surfaces.into_iter().map(fidelity::report).collect();
            return print(&serde_json::Value::from(reports).to_string());
        }
        for surface in surfaces {
            let facts = fidelity::facts(surface);
            print(&format!("{}: {}", surface.vendor, surface.title))?;
            for fact in &facts {
                let dot = if fact.group.is_empty() { "" } else { "." };
                print(&format!(
                    "  {:<13} {:<44} {:<11} {:<28} {}",
                    fact.kind,
                    format!("{}{dot}{}", fact.group, fact.name),
                    fact.evidence.grade(),
                    fact.evidence.source(),
                    fact.text
                ))?;
            }
            let totals = fidelity::totals(&facts).into_iter();
            let totals: Vec<_> =
                totals.map(|(grade, n_facts)| format!("{n_facts} {grade}")).collect();
            print(&format!("  total: {}\n", totals.join(", ")))?;
        }
        Ok(())
    }

    pub(crate) fn variants(self) -> Result<(), Failure> {
        let surfaces = wanted(self.vendor.as_deref())?;
        if self.json {
            let reports: Vec<_> = surfaces.into_iter().map(fidelity::switches).collect();
            return print(&serde_json::Value::from(reports).to_string());
        }
        for surface in surfaces {
            print(&format!("[{}.variants]", surface.vendor))?;
            for variant in surface.variants {
                print(&format!("\n# {}", variant.text))?;
                for value in variant.values {
                    let source = with_source(value.evidence);
                    print(&format!("#   {:<18} {} {source}", value.name, value.text))?;
                }
                print(&format!("{} = \"{}\"", variant.name, variant.values[0].name))?;
            }
            print("")?;
        }
        Ok(())
    }
}
