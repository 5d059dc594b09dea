//! Contacts by the hundred thousand, as the CSV of a scenario: believable, and nobody's.
//!
//! Names are put together from common first names and surnames. Numbers come from the ranges that
//! Germany's regulator sets aside for films and novels, so none of them rings anywhere. Six in a
//! thousand of the Cologne ones end like a test number of the line (0001 is busy and so on).
//!
//! Not here: the command line.

use std::io::{self, Write};

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::base::seed::Seed;
use crate::contract::surface::Generator;
use crate::sim::outside::people::names::{FIRST_NAMES, SURNAMES, ascii, one_of};

pub(crate) static GENERATORS: &[Generator] = &[Generator {
    name: "jtel-contacts",
    text: "fictional people with numbers that ring nowhere, all in campaign 612",
    write: contacts,
}];

/// The columns; names of the scenario's fields.
const HEADER: &str = "id,campaign,user_data,name,first_name,salutation,company,address,postal_code,\
    city,country,phone_number1,phone_number2,email,external_system_link,tag,imported";

/// The campaign of all contacts, that of the contract's examples.
const CAMPAIGN: u64 = 612;

/// The first contact's ID.
const FIRST_ID: u64 = 1_000_000;

/// Writes `count` contacts. The same count and seed give the same bytes; with another count the first
/// rows stay the same.
///
/// # Errors
/// Where `out` cannot be written.
fn contacts(out: &mut dyn Write, count: u64, seed: Seed) -> io::Result<()> {
    writeln!(out, "{HEADER}")?;
    for n in 0..count {
        let mut draw = seed.draw("jtel.generate", &[&n.to_string()]);
        contact(out, n, &mut draw)?;
    }
    Ok(())
}

fn contact(out: &mut dyn Write, n: u64, draw: &mut ChaCha8Rng) -> io::Result<()> {
    let (first_name, salutation) = *one_of(draw, FIRST_NAMES);
    let name = *one_of(draw, SURNAMES);
    let place = one_of(draw, PLACES);
    let postal_code = place.postal_code + draw.random_range(0..place.n_postal_codes);
    let street = *one_of(draw, STREETS);
    let house = draw.random_range(1..120);
    let phone = format!("49{}{:03}", place.phone, draw.random_range(0..1000));
    let company = if draw.random_range(0..3) == 0 {
        format!("{} {}", one_of(draw, SURNAMES), one_of(draw, TRADES))
    } else {
        String::new()
    };
    let mobile = if draw.random_range(0..2) == 0 {
        format!("49176040690{:02}", draw.random_range(0..100))
    } else {
        String::new()
    };
    let email = format!("{}.{}.{n}@example.test", ascii(first_name), ascii(name));
    let tag = *one_of(draw, TAGS);
    writeln!(
        out,
        "{},{CAMPAIGN},GEN-{n:07},{name},{first_name},{salutation},{company},{street} {house},\
         {postal_code:05},{},DE,{phone},{mobile},{email},https://crm.example.test/c/GEN-{n:07},{tag},\
         2024-03-01T08:00:00Z",
        FIRST_ID + n,
        place.city,
    )
}

/// A city whose telephone numbers have a range for fiction.
#[derive(Debug)]
struct Place {
    city: &'static str,
    /// The first of a run of postal codes.
    postal_code: u32,
    n_postal_codes: u32,
    /// Area code and the fixed digits of the range; three more follow.
    phone: &'static str,
}

/// Source: Bundesnetzagentur, "Rufnummern für Medienproduktionen".
const PLACES: &[Place] = &[
    Place { city: "Berlin", postal_code: 10_115, n_postal_codes: 5, phone: "3023125" },
    Place { city: "Frankfurt am Main", postal_code: 60_311, n_postal_codes: 7, phone: "6990009" },
    Place { city: "Hamburg", postal_code: 20_095, n_postal_codes: 5, phone: "4066969" },
    Place { city: "Köln", postal_code: 50_667, n_postal_codes: 12, phone: "2214710" },
    Place { city: "München", postal_code: 80_331, n_postal_codes: 9, phone: "8999998" },
];

const STREETS: &[&str] = &[
    "Ahornweg",
    "Am Markt",
    "Bahnhofstraße",
    "Birkenallee",
    "Dorfstraße",
    "Feldweg",
    "Gartenstraße",
    "Goethestraße",
    "Hafenstraße",
    "Hauptstraße",
    "Kirchweg",
    "Lindenstraße",
    "Mühlenweg",
    "Parkstraße",
    "Ringstraße",
    "Rosenweg",
    "Schillerstraße",
    "Schulstraße",
    "Sonnenhang",
    "Waldstraße",
];

const TRADES: &[&str] =
    &["Bau GmbH", "Elektro", "GmbH", "Handel KG", "Logistik", "Metall GmbH", "Optik", "und Söhne"];

const TAGS: &[&str] = &["", "", "", "newsletter", "recall", "vip", "winback"];

#[cfg(test)]
mod tests {
    use super::*;

    fn written(count: u64, seed: u64) -> String {
        let mut out = Vec::new();
        contacts(&mut out, count, Seed(seed)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_same_seed_writes_the_same_people() {
        let ten = written(10, 42);
        assert_eq!(ten, written(10, 42));
        assert!(written(20, 42).starts_with(&ten));
        assert_ne!(ten, written(10, 43));
    }

    #[test]
    fn every_row_has_every_column() {
        let columns = HEADER.split(',').count();
        for line in written(500, 1).lines() {
            assert_eq!(line.split(',').count(), columns, "{line}");
        }
    }
}
