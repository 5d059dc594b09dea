//! Contacts: wide rows in the order of `fields::FIELDS`.

use std::ops::ControlFlow;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::base::time::Instant;
use crate::contract::cx::Tx;
use crate::contract::fields::Cell;
use crate::contract::vendor::Trace;
use crate::vendors::jtel::fields::{
    FIRST_FIELD, column_name, contact_assignments, contact_columns, contact_fields,
    contact_placeholders, placeholder,
};
use crate::{phone_digits, statements};

statements! {
    LIST_CONTACTS_BY_CAMPAIGN = concat!(
        "SELECT ", contact_fields!(contact_columns),
        " FROM jtel_contact WHERE campaign_id = :id ORDER BY name, id");
    LIST_CONTACTS_BY_CLIENT = concat!(
        "SELECT ", contact_fields!(contact_columns),
        " FROM jtel_contact WHERE client_id = :id ORDER BY name, id");
    SELECT_CONTACT = concat!(
        "SELECT ", contact_fields!(contact_columns),
        " FROM jtel_contact WHERE client_id = :client_id AND id = :id");
    LIST_CONTACT_IDS = "
        SELECT id FROM jtel_contact
        WHERE client_id = :client_id AND user_data = :user_data
            AND (:campaign_id IS NULL OR campaign_id = :campaign_id)
        ORDER BY id";
    SELECT_BY_NAME = "
        SELECT id FROM jtel_contact WHERE client_id = :client_id AND name = :name
        ORDER BY id LIMIT 1";
    SELECT_LOCK = "
        SELECT campaign_id, locked, due_ms, held_ms FROM jtel_contact
        WHERE client_id = :client_id AND id = :id";
    UPDATE_LOCK = "
        UPDATE jtel_contact SET locked = :locked,
            due_ms = CASE WHEN :locked THEN due_ms ELSE COALESCE(held_ms, due_ms) END,
            held_ms = CASE WHEN :locked THEN held_ms END
        WHERE id = :id";
    DELETE_CONTACT = "DELETE FROM jtel_contact WHERE id = :id";
    DELETE_HISTORY = "DELETE FROM jtel_history WHERE contact_id = :id";
    SELECT_CALL_BY_CONTACT = "
        SELECT id FROM jtel_call WHERE contact_id = :id AND ended_ms IS NULL ORDER BY id LIMIT 1";
    SELECT_OWNER = "SELECT client_id FROM jtel_contact WHERE id = :id";
    SELECT_CAMPAIGN_BY_CONTACT = "SELECT campaign_id FROM jtel_contact WHERE id = :id";
    SELECT_OTHER_CLIENT = "
        SELECT id FROM jtel_client AS client WHERE id <> :client_id AND EXISTS (
            SELECT 1 FROM jtel_contact AS contact
            WHERE contact.client_id = client.id AND contact.user_data = :user_data)
        ORDER BY id LIMIT 1";

    INSERT_CONTACT = concat!(
        "INSERT INTO jtel_contact (", contact_fields!(contact_columns),
        ", locked, client_id, due_ms) VALUES (", contact_fields!(contact_placeholders),
        ", ?, ?, ?)");
    UPDATE_CONTACT = concat!(
        "UPDATE jtel_contact SET ", contact_fields!(contact_assignments),
        "due_ms = ? WHERE id = ?");
    TRACE_CONTACTS = concat!("
        SELECT imported_ms AS at_ms,
            'became contact ' || id || ' of campaign ' || campaign_id AS what
        FROM jtel_contact WHERE ", phone_digits!("phone_number1"), " IN (:phone, '00' || :phone) OR ", phone_digits!("phone_number2"), " IN (:phone, '00' || :phone) OR ", phone_digits!("phone_number3"), " IN (:phone, '00' || :phone) OR ", phone_digits!("phone_number4"), " IN (:phone, '00' || :phone) OR ", phone_digits!("phone_number5"), " IN (:phone, '00' || :phone) OR ", phone_digits!("phone_number6"), " IN (:phone, '00' || :phone)
        ORDER BY imported_ms, id");
    SELECT_DUE = "SELECT due_ms FROM jtel_contact WHERE id = :id";
}

/// Where a person is a contact.
pub(crate) const CONTACTS: Trace = Trace { name: "contacts", rows: TRACE_CONTACTS };

/// Which contacts a list has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Listed {
    Campaign(i64),
    Client(i64),
}

impl Listed {
    /// The statement of the list and its one parameter, `:id`: rows as `wire::contact` takes them,
    /// in the order of an index.
    fn query(self) -> (&'static str, i64) {
        match self {
            Listed::Campaign(id) => (LIST_CONTACTS_BY_CAMPAIGN, id),
            Listed::Client(id) => (LIST_CONTACTS_BY_CLIENT, id),
        }
    }
}

/// Hands over the rows of a list while `each` asks for more. Answers whether it took them all.
pub(crate) fn each<E: From<rusqlite::Error>>(
    db: &Connection,
    listed: Listed,
    mut each: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>, E>,
) -> Result<bool, E> {
    let (sql, id) = listed.query();
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":id": id })?;
    while let Some(row) = rows.next()? {
        if each(row)?.is_break() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Hands over one contact; `None` where the client account has none of that ID.
pub(crate) fn one<T>(
    db: &Connection,
    client_id: i64,
    id: i64,
    each: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    db.prepare_cached(SELECT_CONTACT)?
        .query_row(named_params! { ":client_id": client_id, ":id": id }, each)
        .optional()
}

/// The first contact of that name, for a hint.
pub(crate) fn by_name(
    db: &Connection,
    client_id: i64,
    name: &str,
) -> rusqlite::Result<Option<i64>> {
    let params = named_params! { ":client_id": client_id, ":name": name };
    db.prepare_cached(SELECT_BY_NAME)?.query_row(params, |row| row.get(0)).optional()
}

/// The contacts with that `UserData`, by ID.
pub(crate) fn ids(
    db: &Connection,
    client_id: i64,
    user_data: &str,
    campaign_id: Option<i64>,
) -> rusqlite::Result<Vec<i64>> {
    let params = named_params! {
        ":client_id": client_id, ":user_data": user_data, ":campaign_id": campaign_id,
    };
    db.prepare_cached(LIST_CONTACT_IDS)?.query_map(params, |row| row.get(0))?.collect()
}

/// What lock and unlock look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lock {
    pub(crate) campaign_id: i64,
    pub(crate) locked: bool,
    /// When the dialler may take it, or might have but for the lock.
    pub(crate) due: Option<Instant>,
}

pub(crate) fn lock(db: &Connection, client_id: i64, id: i64) -> rusqlite::Result<Option<Lock>> {
    db.prepare_cached(SELECT_LOCK)?
        .query_row(named_params! { ":client_id": client_id, ":id": id }, |row| {
            let (due, held): (Option<Instant>, Option<Instant>) = (row.get(2)?, row.get(3)?);
            Ok(Lock { campaign_id: row.get(0)?, locked: row.get(1)?, due: held.or(due) })
        })
        .optional()
}

/// Sets or takes away the lock. What the dialler passed over comes back to its work with the unlock.
pub(crate) fn set_lock(tx: &Tx<'_>, id: i64, locked: bool) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_LOCK)?.execute(named_params! { ":id": id, ":locked": locked })?;
    Ok(())
}

/// Removes a contact and its history. Answers how many entries that had.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> rusqlite::Result<usize> {
    tx.prepare_cached(DELETE_CONTACT)?.execute(named_params! { ":id": id })?;
    tx.prepare_cached(DELETE_HISTORY)?.execute(named_params! { ":id": id })
}

/// The call that is up with a contact.
pub(crate) fn call(db: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_CALL_BY_CONTACT)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

/// The client account of a contact.
pub(crate) fn owner(db: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_OWNER)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

/// The campaign of a contact.
pub(crate) fn campaign(db: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_CAMPAIGN_BY_CONTACT)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

/// Another client account that has a contact with that `UserData`.
pub(crate) fn other_client(
    db: &Connection,
    client_id: i64,
    user_data: &str,
) -> rusqlite::Result<Option<i64>> {
    let params = named_params! { ":client_id": client_id, ":user_data": user_data };
    db.prepare_cached(SELECT_OTHER_CLIENT)?.query_row(params, |row| row.get(0)).optional()
}

/// What stands in the fields of a contact, in the order of `fields::FIELDS`.
pub(crate) fn values(
    db: &Connection,
    client_id: i64,
    id: i64,
) -> rusqlite::Result<Option<Vec<Value>>> {
    one(db, client_id, id, |row| {
        let n_columns = row.as_ref().column_count();
        (FIRST_FIELD..n_columns).map(|idx| row.get(idx)).collect()
    })
}

/// When the dialler may take a contact.
pub(crate) fn due(db: &Connection, id: i64) -> rusqlite::Result<Option<Instant>> {
    db.prepare_cached(SELECT_DUE)?.query_row(named_params! { ":id": id }, |row| row.get(0))
}

/// Where a new contact belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    pub(crate) id: i64,
    pub(crate) campaign_id: i64,
    pub(crate) client_id: i64,
    pub(crate) due: Option<Instant>,
}

/// A contact that was made just now.
#[derive(Clone, Debug)]
pub(crate) struct New {
    pub(crate) id: i64,
    pub(crate) campaign_id: i64,
    /// In the order of `fields::FIELDS`.
    pub(crate) values: Vec<Value>,
}

pub(crate) fn insert(tx: &Tx<'_>, home: Home, values: &[Value]) -> rusqlite::Result<()> {
    let mut statement = tx.prepare_cached(INSERT_CONTACT)?;
    statement.raw_bind_parameter(1, home.id)?;
    statement.raw_bind_parameter(2, home.campaign_id)?;
    let mut place = FIRST_FIELD;
    for value in values {
        place += 1;
        statement.raw_bind_parameter(place, value)?;
    }
    statement.raw_bind_parameter(place + 1, false)?;
    statement.raw_bind_parameter(place + 2, home.client_id)?;
    statement.raw_bind_parameter(place + 3, home.due)?;
    statement.raw_execute()?;
    Ok(())
}

/// Writes all fields of a contact.
pub(crate) fn update(
    tx: &Tx<'_>,
    id: i64,
    values: &[Value],
    due: Option<Instant>,
) -> rusqlite::Result<()> {
    let mut statement = tx.prepare_cached(UPDATE_CONTACT)?;
    let mut place = 0;
    for value in values {
        place += 1;
        statement.raw_bind_parameter(place, value)?;
    }
    statement.raw_bind_parameter(place + 1, due)?;
    statement.raw_bind_parameter(place + 2, id)?;
    statement.raw_execute()?;
    Ok(())
}

/// Takes contacts from a scenario: one statement, cells bound by their place.
pub(crate) struct Seeder<'t>(rusqlite::CachedStatement<'t>);

impl<'t> Seeder<'t> {
    pub(crate) fn new(tx: &'t Tx<'_>) -> rusqlite::Result<Self> {
        Ok(Seeder(tx.prepare_cached(INSERT_CONTACT)?))
    }

    /// `cells` are those of `fields::CONTACTS`, in its order, which is also the statement's.
    pub(crate) fn insert(
        &mut self,
        cells: &[Cell<'_>],
        default_of: impl Fn(usize) -> ValueRef<'static>,
        client_id: i64,
        due: Option<Instant>,
    ) -> rusqlite::Result<()> {
        let statement = &mut self.0;
        for (idx, cell) in cells.iter().enumerate() {
            let place = idx + 1;
            match cell {
                Cell::Absent => match default_of(idx) {
                    ValueRef::Integer(number) => statement.raw_bind_parameter(place, number)?,
                    _ => statement.raw_bind_parameter(place, rusqlite::types::Null)?,
                },
                Cell::Text(text) => statement.raw_bind_parameter(place, text.as_ref())?,
                Cell::Integer(number) => statement.raw_bind_parameter(place, number)?,
                Cell::Time(at) => statement.raw_bind_parameter(place, at)?,
                Cell::Duration(length) => statement.raw_bind_parameter(place, length)?,
                Cell::Decimal(number) => statement.raw_bind_parameter(place, number)?,
                Cell::Bool(flag) => statement.raw_bind_parameter(place, flag)?,
                Cell::List(_) | Cell::Table(_) | Cell::Rows(_) | Cell::Json(_) | Cell::Bytes(_) => {
                }
            }
        }
        statement.raw_bind_parameter(cells.len() + 1, client_id)?;
        statement.raw_bind_parameter(cells.len() + 2, due)?;
        statement.raw_execute()?;
        Ok(())
    }
}
