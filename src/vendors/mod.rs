//! The vendors. Each is a folder of one shape; none knows another.

#[cfg(test)]
mod fixtures;
pub mod infocu5;
pub mod jtel;
pub mod maestro;
pub mod maxcontact;
pub mod mor;
#[cfg(test)]
mod tests;

use crate::sim::vendor::Vendor;

/// The one list of vendors.
pub static ALL: &[&dyn Vendor] =
    &[&infocu5::Infocu5, &jtel::Jtel, &maestro::Maestro, &maxcontact::MaxContact, &mor::Mor];
