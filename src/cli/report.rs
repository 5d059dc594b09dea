//! `fidelity`, `variants`: what the vendors' tables say of how they are known.
//!
//! Not here: their operations (`routes`), events (`events`) and sections (`schema`).

use clap::Args;

use crate::cli::declared::wanted;
use crate::cli::failure::{Failure, print};
use crate::cli::routes::with_source;
use crate::sim::documents::fidelity;

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Only this vendor
    #[arg(env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
    /// As JSON, for programs
    #[arg(long, env = "RINGBACK_JSON")]
    json: bool,
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
