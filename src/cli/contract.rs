//! `contract`: a vendor's contract, or one of its sections, as it is built in.

use clap::Args;

use crate::app;
use crate::cli::declared::named;
use crate::cli::failure::{Failure, bad_input, print};
use crate::contract::paper::{headings, wanted};
use crate::contract::vendor::Vendor;

#[derive(Debug, Args)]
pub(crate) struct ContractArgs {
    /// The vendor; without one, the vendors are listed
    #[arg(env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
    /// The section, as the source of a reason names it: 1.3
    #[arg(env = "RINGBACK_SECTION")]
    section: Option<String>,
    /// Lists the sections
    #[arg(long, env = "RINGBACK_LIST")]
    list: bool,
}

impl ContractArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let Some(name) = self.vendor else {
            for vendor in app::vendors().0 {
                print(&format!("{:<12} {}", vendor.surface.vendor, vendor.surface.title))?;
            }
            return Ok(());
        };
        let vendor = named(&name)?;
        if self.list {
            return list(vendor);
        }
        let Some(number) = self.section else { return print((vendor.contract)().trim_end()) };
        print(&wanted(vendor, &number).map_err(bad_input)?)
    }
}

fn list(vendor: &Vendor) -> Result<(), Failure> {
    for heading in headings((vendor.contract)()) {
        print(&format!("{:<6} {}", heading.number, heading.title))?;
    }
    Ok(())
}
