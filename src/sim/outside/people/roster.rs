//! Fictional persons whom several vendors can draw on, so that the one who opted in with one vendor
//! is the contact of another and the call of a third.
//!
//! A scenario lists `people`, or has a `crowd` of so many made up from its seed, or both. They are
//! numbered from 1: the list first, then the crowd.
//!
//! Not here: what a vendor makes of a person (the vendors), and a person's way across them
//! (`sim::outside::lineage`).

use rusqlite::{Connection, OptionalExtension, named_params, params};
use serde_json::Value;

use crate::base::phone;
use crate::base::seed::Seed;
use crate::contract::cx::{Cx, Tx};
use crate::contract::fields::{Cell, Field, Kind, Row, Rows};
use crate::contract::read_back::ReadBack;
use crate::contract::section::{Section, SeedError};
use crate::contract::traffic::source;
use crate::sim::outside::people::person::Person;
use crate::sim::outside::people::{crowd, roster};
use crate::statements;

statements! {
    INSERT_PERSON = "
        INSERT INTO ringback_person (digits, phone, first_name, name, email)
        VALUES (:digits, :phone, :first_name, :name, :email)
        ON CONFLICT (digits) DO NOTHING";
    COUNT_PEOPLE = "SELECT COALESCE(MAX(position), 0) FROM ringback_person";
    SELECT_PERSON = "
        SELECT phone, digits, first_name, name, email FROM ringback_person
        WHERE position = ?1";
    SELECT_PERSON_BY_DIGITS = "
        SELECT phone, digits, first_name, name, email FROM ringback_person WHERE digits = :digits";
    LIST_DIGITS_ALIKE = "
        SELECT digits FROM ringback_person WHERE digits LIKE '%' || :tail
        ORDER BY position LIMIT :limit";
    LIST_PEOPLE = "
        SELECT phone, digits, first_name, name, email FROM ringback_person
        WHERE position > :offset ORDER BY position LIMIT :limit";
}

/// Fields at the top of a scenario.
pub(crate) const PEOPLE: Field = Field::optional(
    "people",
    Kind::Rows(&Rows { fields: FIELDS }),
    "fictional persons whom the vendors' rows and traffic draw on",
);

/// The field for how many more are made up.
pub(crate) const CROWD: Field = Field::optional(
    "crowd",
    Kind::Integer { min: 0, max: crowd::COUNT_MAX.cast_signed() },
    "how many more people are made up from the seed",
);

const FIELDS: &[Field] = &[
    Field::required("phone", Kind::Checked(phone::check), "the telephone number; names the person")
        .unique(),
    Field::optional("first_name", Kind::Text, "first name"),
    Field::required("name", Kind::Text, "surname"),
    Field::optional("email", Kind::Text, "address"),
];

/// The people as they are numbered, those of the crowd among them.
pub(crate) const READ_BACK: ReadBack = ReadBack::new(
    "people",
    "SELECT phone, NULLIF(first_name, '') AS first_name, name, NULLIF(email, '') AS email
     FROM ringback_person ORDER BY position",
);

/// A vendor's field that makes rows of people: which of them. The vendor adds where to.
pub(crate) const FIRST: Field = Field::optional(
    "first",
    Kind::Integer { min: 1, max: i64::MAX },
    "number of the first person, from 1; 1 where left out",
);

/// How many of them.
pub(crate) const COUNT: Field = Field::optional(
    "count",
    Kind::Integer { min: 1, max: i64::MAX },
    "how many people; all from the first on where left out",
);

/// Loads a scenario's people, before any vendor's rows.
///
/// # Errors
/// Where SQLite fails.
pub(crate) fn load(tx: &Tx<'_>, seed: Seed, source: &mut dyn Section) -> Result<(), SeedError> {
    source.rows("people", &mut |row| {
        let person = person_of(row);
        if insert(tx, &person)? {
            return Ok(());
        }
        let message = format!("{} is somebody's number already", person.phone);
        Err(SeedError::field("phone", message))
    })?;
    let crowd = source.value("crowd")?.as_ref().and_then(Cell::as_int).unwrap_or(0);
    for n in 0..crowd.cast_unsigned() {
        // Where somebody of the list has the number, the crowd is one smaller.
        insert(tx, &crowd::person(seed, n))?;
    }
    Ok(())
}

fn person_of(row: &Row<'_>) -> Person {
    let text = |name: &str| row.opt_text(name).unwrap_or_default().to_owned();
    Person {
        digits: phone::digits(row.text("phone")),
        phone: text("phone"),
        first_name: text("first_name"),
        name: text("name"),
        email: text("email"),
    }
}

/// `false` where somebody has the number.
fn insert(tx: &Tx<'_>, person: &Person) -> rusqlite::Result<bool> {
    let inserted = tx.prepare_cached(INSERT_PERSON)?.execute(named_params! {
        ":digits": person.digits, ":phone": person.phone, ":first_name": person.first_name,
        ":name": person.name, ":email": person.email,
    })?;
    Ok(inserted == 1)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        phone: row.get(0)?,
        digits: row.get(1)?,
        first_name: row.get(2)?,
        name: row.get(3)?,
        email: row.get(4)?,
    })
}

/// How many people there are; they are numbered from 1 to this.
///
/// # Errors
/// Where SQLite fails.
pub(crate) fn count(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached(COUNT_PEOPLE)?.query_row([], |row| row.get(0))
}

/// A page of people, in the order of their numbers.
///
/// # Errors
/// Where SQLite fails.
pub(crate) fn list(db: &Connection, offset: i64, limit: i64) -> rusqlite::Result<Vec<Person>> {
    db.prepare_cached(LIST_PEOPLE)?
        .query_map(named_params! { ":offset": offset, ":limit": limit }, read)?
        .collect()
}

/// The person of a number, however it is written.
///
/// # Errors
/// Where SQLite fails.
pub(crate) fn by_phone(db: &Connection, number: &str) -> rusqlite::Result<Option<Person>> {
    db.prepare_cached(SELECT_PERSON_BY_DIGITS)?
        .query_row(named_params! { ":digits": phone::digits(number) }, read)
        .optional()
}

/// The digits of the people whose numbers end so.
///
/// # Errors
/// Where SQLite fails.
pub(crate) fn ending(db: &Connection, tail: &str, limit: usize) -> rusqlite::Result<Vec<String>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db.prepare_cached(LIST_DIGITS_ALIKE)?
        .query_map(named_params! { ":tail": tail, ":limit": limit }, |row| row.get(0))?
        .collect()
}

impl Cx<'_> {
    /// The person of a place, from 1 on; beyond the last, they begin anew.
    ///
    /// # Errors
    /// Where there is nobody at all, or SQLite fails.
    pub fn person(&self, place: i64) -> rusqlite::Result<Person> {
        let n_people = count(self.db())?.max(1);
        self.person_at((place - 1).rem_euclid(n_people) + 1)
    }

    /// The person of a number, from 1 to the count of people.
    ///
    /// # Errors
    /// Where there is nobody, or SQLite fails.
    pub fn person_at(&self, position: i64) -> rusqlite::Result<Person> {
        self.db().prepare_cached(SELECT_PERSON)?.query_row(params![position], read)
    }

    /// Hands over the people whom a row with the fields `first` and `count` asks for.
    ///
    /// # Errors
    /// Where there are not so many, or `each` refuses one.
    pub fn each_person(
        &self,
        row: &Row<'_>,
        mut each: impl FnMut(&Person) -> Result<(), SeedError>,
    ) -> Result<(), SeedError> {
        let n_people = count(self.db())?;
        let first = row.opt_int("first").unwrap_or(1);
        let n_wanted = row.opt_int("count").unwrap_or((n_people - first + 1).max(1));
        let last = first.saturating_add(n_wanted - 1);
        if last > n_people {
            let message = format!(
                "asks for people {first} to {last}, and there are {n_people}; expected more \
                 people, or a larger crowd"
            );
            return Err(SeedError::row(message));
        }
        for place in first..=last {
            each(&self.person_at(place)?)?;
        }
        Ok(())
    }
}

/// What is wrong with traffic where nobody is there to make it.
pub(crate) const NO_PEOPLE: &str =
    "this traffic is made by people, and there are none; expected a list of people, or a crowd";

impl source::Source {
    /// The next person of those whom the source takes one by one; after the last comes the first.
    ///
    /// # Errors
    /// Where there is nobody, or SQLite fails.
    pub fn next_person(&self, cx: &Cx<'_>) -> rusqlite::Result<Person> {
        let first = self.spec.get("first").and_then(Value::as_i64).unwrap_or(1);
        cx.person(cx.next_count(&format!("traffic {}", self.name), first)?)
    }

    /// Checks that there are people, where the source takes any.
    ///
    /// # Errors
    /// Where there are none, or SQLite fails.
    pub fn check_people(&self, cx: &Cx<'_>) -> Result<(), SeedError> {
        if self.spec.contains_key("per_hour") && roster::count(cx.db())? == 0 {
            return Err(SeedError::field(
                "per_hour",
                crate::sim::outside::people::roster::NO_PEOPLE,
            ));
        }
        Ok(())
    }
}
