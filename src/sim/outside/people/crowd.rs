//! People by the thousand: believable, and nobody.
//!
//! Numbers come from the ranges that the regulators of Germany and the United Kingdom set aside for
//! films and novels, so none of them rings anywhere. About six in a thousand end like a test number
//! of the line (0001 is busy and so on).

use std::io::{self, Write};

use rand::RngExt;

use crate::base::seed::Seed;
use crate::contract::surface::Generator;
use crate::sim::outside::people::names::{FIRST_NAMES, SURNAMES, ascii, one_of};
use crate::sim::outside::people::person::Person;

/// The most people: each has a number of their own.
pub(crate) const COUNT_MAX: u64 = RANGES.len() as u64 * 1000;

/// The n-th of the crowd, from 0. Another size of the crowd moves nobody.
pub(crate) fn person(seed: Seed, n: u64) -> Person {
    let n_ranges = RANGES.len() as u64;
    let range = RANGES[usize::try_from(n % n_ranges).unwrap_or(0)];
    // Where a range begins is drawn, so that two crowds do not have the same numbers.
    let begin: u64 = seed.draw("people.range", &[range]).random_range(0..1000);
    let digits = format!("{range}{:03}", (begin + n / n_ranges) % 1000);
    let mut draw = seed.draw("people.crowd", &[&n.to_string()]);
    let (first_name, _) = *one_of(&mut draw, FIRST_NAMES);
    let name = *one_of(&mut draw, SURNAMES);
    Person {
        phone: format!("+{digits}"),
        digits,
        first_name: first_name.to_owned(),
        name: name.to_owned(),
        email: format!("{}.{}.{n}@example.test", ascii(first_name), ascii(name)),
    }
}

fn write(out: &mut dyn Write, count: u64, seed: Seed) -> io::Result<()> {
    if count > COUNT_MAX {
        let reason = format!("there are numbers for {COUNT_MAX} people, not for {count}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    writeln!(out, "phone,first_name,name,email")?;
    for n in 0..count {
        let Person { phone, first_name, name, email, .. } = person(seed, n);
        writeln!(out, "{phone},{first_name},{name},{email}")?;
    }
    Ok(())
}

/// Ranges of a thousand numbers each: the fixed digits; three more follow.
///
/// Sources: Bundesnetzagentur, "Rufnummern für Medienproduktionen"; Ofcom, "Telephone numbers for
/// use in TV and radio drama programmes".
const RANGES: &[&str] = &[
    "493023125",
    "496990009",
    "494066969",
    "492214710",
    "498999998",
    "441134960",
    "441144960",
    "441154960",
    "441164960",
    "441174960",
    "441214960",
    "441314960",
    "441414960",
    "441514960",
    "441614960",
    "442079460",
    "441914980",
    "442896496",
    "442920180",
    "441632960",
    "447700900",
];

/// `ringback generate people`.
pub(crate) static GENERATOR: Generator = Generator {
    name: "people",
    text: "fictional persons with numbers that ring nowhere; 21,000 at the most",
    write,
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everybody_has_a_number_of_their_own() {
        let crowd: Vec<Person> = (0..COUNT_MAX).map(|n| person(Seed(7), n)).collect();
        let numbers: BTreeSet<&str> = crowd.iter().map(|person| person.digits.as_str()).collect();
        assert_eq!(numbers.len(), crowd.len());
        assert_eq!(crowd[3], person(Seed(7), 3));
        assert_ne!(crowd[3].digits, person(Seed(8), 3).digits);
    }

    #[test]
    fn no_more_are_written_than_there_are_numbers() {
        let mut out = Vec::new();
        write(&mut out, 3, Seed(1)).unwrap();
        assert_eq!(String::from_utf8(out).unwrap().lines().count(), 4);
        assert!(write(&mut Vec::new(), COUNT_MAX + 1, Seed(1)).is_err());
    }
}
