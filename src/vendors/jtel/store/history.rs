//! History entries, as rows for the wire.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::base::time::Instant;
use crate::contract::cx::Tx;
use crate::contract::vendor::Trace;
use crate::{phone_digits, statements};

/// An entry with its result code. The code's text is in the language that was asked for, else in the
/// campaign's, else in any.
macro_rules! entries {
    ($which:literal) => {
        concat!(
            "SELECT history.id, history.contact_id, history.result_code, code.export_key, code.kind,
                (SELECT content FROM jtel_result_text WHERE code_id = code.id
                 ORDER BY language IS :language DESC,
                    language IS (SELECT language FROM jtel_campaign WHERE id = code.campaign_id) DESC,
                    language LIMIT 1) AS content,
                history.call_id, history.outbound, :client_id AS client_id, history.users_id,
                history.number, history.at_ms, history.end_ms
            FROM jtel_history AS history
            LEFT JOIN jtel_result_code AS code ON code.id = history.result_code
            WHERE ",
            $which,
            " ORDER BY history.at_ms * :direction, history.id * :direction"
        )
    };
}

statements! {
    SELECT_CONTACT_OF_HISTORY = "SELECT contact_id FROM jtel_history WHERE id = :id";
    LIST_HISTORY_BY_CONTACT = entries!("history.contact_id = :contact_id");
    LIST_HISTORY_BY_USER_DATA = entries!("history.contact_id IN (
        SELECT id FROM jtel_contact WHERE client_id = :client_id AND user_data = :user_data)");
    TRACE_CALLS = concat!("
        SELECT history.at_ms,
            CASE outbound WHEN 1 THEN 'dialled as contact ' ELSE 'called as contact ' END
                || history.contact_id
                || COALESCE(', result ' || code.export_key, '') AS what
        FROM jtel_history AS history
        LEFT JOIN jtel_result_code AS code ON code.id = history.result_code
        WHERE ", phone_digits!("history.number"), " IN (:phone, '00' || :phone)
        ORDER BY history.at_ms, history.id");
    SELECT_CODE = "
        SELECT code.id, code.export_key, code.kind,
            (SELECT content FROM jtel_result_text WHERE code_id = code.id
             ORDER BY language IS :language DESC,
                language IS (SELECT language FROM jtel_campaign WHERE id = code.campaign_id) DESC,
                language LIMIT 1) AS content
        FROM jtel_result_code AS code WHERE code.id = :id";
    INSERT_HISTORY = "
        INSERT INTO jtel_history
            (id, contact_id, at_ms, result_code, call_id, outbound, users_id, number, end_ms)
        VALUES (:id, :contact_id, :at_ms, :result_code, :call_id, :outbound, :users_id, :number,
            :end_ms)";
    END_HISTORY = "
        UPDATE jtel_history SET end_ms = :end_ms, result_code = :result_code WHERE id = :id";
    CODE_LAST_CALL = "
        UPDATE jtel_history SET result_code = :result_code WHERE id = (
            SELECT id FROM jtel_history WHERE contact_id = :contact_id
            ORDER BY at_ms DESC, id DESC LIMIT 1)
        AND result_code IS NULL AND call_id IS NOT NULL";
}

/// Where a person's calls are.
pub(crate) const CALLS: Trace = Trace { name: "calls", rows: TRACE_CALLS };

/// Whose history, and how it is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) client_id: i64,
    pub(crate) whose: Whose<'a>,
    /// `None` for the campaign's.
    pub(crate) language: Option<i64>,
    pub(crate) newest_first: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Whose<'a> {
    Contact(i64),
    UserData(&'a str),
}

/// The contact that an entry is of.
pub(crate) fn contact_of(db: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_CONTACT_OF_HISTORY)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

/// Hands over the entries. Answers how many there were.
pub(crate) fn each(
    db: &Connection,
    asked: &Asked<'_>,
    mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<usize> {
    let direction = if asked.newest_first { -1 } else { 1 };
    let (sql, name, whose): (_, _, &dyn rusqlite::ToSql) = match &asked.whose {
        Whose::Contact(id) => (LIST_HISTORY_BY_CONTACT, ":contact_id", id),
        Whose::UserData(user_data) => (LIST_HISTORY_BY_USER_DATA, ":user_data", user_data),
    };
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(&[
        (name, whose),
        (":client_id", &asked.client_id),
        (":language", &asked.language),
        (":direction", &direction),
    ])?;
    let mut n_rows = 0;
    while let Some(row) = rows.next()? {
        each(row)?;
        n_rows += 1;
    }
    Ok(n_rows)
}

/// Hands over a result code as a row for the wire, where it is there.
pub(crate) fn code(
    db: &Connection,
    id: i64,
    language: Option<i64>,
    each: impl FnOnce(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(SELECT_CODE)?;
    let mut rows = statement.query(named_params! { ":id": id, ":language": language })?;
    match rows.next()? {
        Some(row) => each(row),
        None => Ok(()),
    }
}

/// A new entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) id: i64,
    pub(crate) contact_id: i64,
    pub(crate) at: Instant,
    pub(crate) result_code: Option<i64>,
    /// `None` where a result code was recorded without a call.
    pub(crate) call_id: Option<i64>,
    pub(crate) outbound: bool,
    pub(crate) users_id: Option<i64>,
    pub(crate) number: Option<&'a str>,
    pub(crate) end: Option<Instant>,
}

impl Entry<'_> {
    /// One of an outbound call or a recorded result code, of which nothing else is known yet.
    pub(crate) fn outbound(id: i64, contact_id: i64, at: Instant) -> Self {
        Entry {
            id,
            contact_id,
            at,
            result_code: None,
            call_id: None,
            outbound: true,
            users_id: None,
            number: None,
            end: None,
        }
    }
}

pub(crate) fn insert(tx: &Tx<'_>, entry: &Entry<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_HISTORY)?.execute(named_params! {
        ":id": entry.id, ":contact_id": entry.contact_id, ":at_ms": entry.at,
        ":result_code": entry.result_code, ":call_id": entry.call_id,
        ":outbound": entry.outbound, ":users_id": entry.users_id, ":number": entry.number,
        ":end_ms": entry.end,
    })?;
    Ok(())
}

/// Ends the call of an entry.
pub(crate) fn end(
    tx: &Tx<'_>,
    id: i64,
    end: Instant,
    result_code: Option<i64>,
) -> rusqlite::Result<()> {
    let params = named_params! { ":id": id, ":end_ms": end, ":result_code": result_code };
    tx.prepare_cached(END_HISTORY)?.execute(params)?;
    Ok(())
}

/// Records a result code for the last call of a contact; `false` where that has one already, or there
/// is none.
pub(crate) fn code_last_call(
    tx: &Tx<'_>,
    contact_id: i64,
    result_code: i64,
) -> rusqlite::Result<bool> {
    let params = named_params! { ":contact_id": contact_id, ":result_code": result_code };
    Ok(tx.prepare_cached(CODE_LAST_CALL)?.execute(params)? == 1)
}
