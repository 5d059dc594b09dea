//! Leads and their phones.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::base::time::Instant;
use crate::contract::cx::Tx;
use crate::contract::vendor::Trace;
use crate::vendors::maxcontact::model::rows::LeadPhone;
use crate::vendors::maxcontact::model::{LeadStatus, NewLead, NewPhone};
use crate::{phone_digits, statements};

statements! {
    INSERT_LEAD = "
        INSERT INTO maxcontact_lead (id, list_id, name, name2, reference_id, other, created_ms,
            status, is_priority, attempts, final_code)
        VALUES (:id, :list_id, :name, :name2, :reference_id, :other, :created_ms, 'active',
            :is_priority, 0, '')";
    EXISTS_LEAD = "SELECT 1 FROM maxcontact_lead WHERE id = :id";
    SELECT_NEWEST_LEAD_BY_NUMBER = "
        SELECT lead.id FROM maxcontact_lead_phone AS phone
        JOIN maxcontact_lead AS lead ON lead.id = phone.lead_id
        WHERE phone.number = :number ORDER BY lead.created_ms DESC, lead.position DESC LIMIT 1";
    LIST_LEADS_BY_NUMBER = "
        SELECT DISTINCT lead.id FROM maxcontact_lead_phone AS phone
        JOIN maxcontact_lead AS lead ON lead.id = phone.lead_id
        WHERE phone.number = :number AND (:list_id = 0 OR lead.list_id = :list_id)
        ORDER BY lead.id";
    LIST_LEADS_BY_REFERENCE = "
        SELECT id FROM maxcontact_lead
        WHERE reference_id = :reference_id AND (:list_id = 0 OR list_id = :list_id) ORDER BY id";
    SELECT_NEXT_LEAD = "
        SELECT lead.id, (
            SELECT number FROM maxcontact_lead_phone AS phone
            WHERE phone.lead_id = lead.id AND dnc = 0 ORDER BY phone.position LIMIT 1) AS number
        FROM maxcontact_lead AS lead
        WHERE list_id = :list_id AND status = 'active' AND final_code = ''
            AND EXISTS (
                SELECT 1 FROM maxcontact_lead_phone AS phone
                WHERE phone.lead_id = lead.id AND dnc = 0)
            AND NOT EXISTS (SELECT 1 FROM maxcontact_call AS call WHERE call.lead_id = lead.id)
        ORDER BY is_priority DESC, attempts, position LIMIT 1";
    TRACE_LEADS = concat!("
        SELECT lead.created_ms AS at_ms,
            'became lead ' || lead.id || ' of list ' || lead.list_id AS what
        FROM maxcontact_lead_phone AS phone JOIN maxcontact_lead AS lead ON lead.id = phone.lead_id
        WHERE ", phone_digits!("phone.number"), " IN (:phone, '00' || :phone)
        ORDER BY lead.created_ms, lead.id");
    SELECT_LEAD_STATUS = "SELECT status FROM maxcontact_lead WHERE id = :id";
    UPDATE_LEAD_STATUS = "UPDATE maxcontact_lead SET status = :status WHERE id = :id";
    COUNT_LEAD_ATTEMPT = "UPDATE maxcontact_lead SET attempts = attempts + 1 WHERE id = :id";
    UPDATE_LEAD_FINAL_CODE = "UPDATE maxcontact_lead SET final_code = :final_code WHERE id = :id";
    RESET_LEAD_ATTEMPTS = "UPDATE maxcontact_lead SET attempts = 0 WHERE id = :id";
    UPDATE_LEAD_LIST = "UPDATE maxcontact_lead SET list_id = :list_id WHERE id = :id";

    INSERT_LEAD_PHONE = "
        INSERT INTO maxcontact_lead_phone (id, lead_id, number, type_id, dnc, dnc_categories)
        VALUES (:id, :lead_id, :number, :type_id, 0, '')";
    SELECT_LIST_BY_LEAD = "SELECT list_id FROM maxcontact_lead WHERE id = :id";
    SELECT_LIKE_REFERENCE = "
        SELECT id, reference_id FROM maxcontact_lead
        WHERE TRIM(reference_id) = TRIM(:reference_id) COLLATE NOCASE ORDER BY id LIMIT 1";
    SELECT_LIKE_NUMBER = "
        SELECT lead_id, number FROM maxcontact_lead_phone
        WHERE SUBSTR(number, -:n_digits) = SUBSTR(:number, -:n_digits) ORDER BY id LIMIT 1";
    SELECT_LEAD_BY_PHONE = "SELECT lead_id FROM maxcontact_lead_phone WHERE id = :id";
    LIST_PHONES_BY_LEAD = "
        SELECT phone.id, phone.lead_id, phone.number, phone.type_id, COALESCE(type.name, '')
        FROM maxcontact_lead_phone AS phone
        LEFT JOIN maxcontact_phone_type AS type ON type.id = phone.type_id
        WHERE lead_id = :lead_id ORDER BY position";
    UPDATE_PHONE_DNC = "
        UPDATE maxcontact_lead_phone SET dnc = :dnc, dnc_categories = :categories
        WHERE lead_id = :lead_id AND (:number IS NULL OR number = :number)";
}

/// Where a person is a lead.
pub(crate) const LEADS: Trace = Trace { name: "leads", rows: TRACE_LEADS };

/// A lead that is to be kept under this id.
pub(crate) fn insert_lead(
    tx: &Tx<'_>,
    id: i64,
    lead: &NewLead,
    created: Instant,
) -> rusqlite::Result<()> {
    let other = if lead.other.is_empty() { "{}" } else { lead.other.as_str() };
    tx.prepare_cached(INSERT_LEAD)?.execute(named_params! {
        ":id": id, ":list_id": lead.list_id, ":name": lead.name, ":name2": lead.name2,
        ":reference_id": lead.reference_id, ":other": other, ":created_ms": created,
        ":is_priority": lead.is_priority,
    })?;
    Ok(())
}

pub(crate) fn insert_lead_phone(
    tx: &Tx<'_>,
    id: i64,
    lead_id: i64,
    phone: &NewPhone,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_LEAD_PHONE)?.execute(named_params! {
        ":id": id, ":lead_id": lead_id, ":number": phone.number, ":type_id": phone.type_id,
    })?;
    Ok(())
}

pub(crate) fn has_lead(db: &Connection, id: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(EXISTS_LEAD)?.exists(named_params! { ":id": id })
}

/// The newest lead that has a number.
pub(crate) fn newest_lead(db: &Connection, number: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_NEWEST_LEAD_BY_NUMBER)?
        .query_row(named_params! { ":number": number }, |row| row.get(0))
        .optional()
}

/// The leads with a number; `list_id` 0 for any list.
pub(crate) fn leads_by_number(
    db: &Connection,
    number: &str,
    list_id: i64,
) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(LIST_LEADS_BY_NUMBER)?
        .query_map(named_params! { ":number": number, ":list_id": list_id }, |row| row.get(0))?
        .collect()
}

/// The leads with a reference; `list_id` 0 for any list.
pub(crate) fn leads_by_reference(
    db: &Connection,
    reference_id: &str,
    list_id: i64,
) -> rusqlite::Result<Vec<i64>> {
    let params = named_params! { ":reference_id": reference_id, ":list_id": list_id };
    db.prepare_cached(LIST_LEADS_BY_REFERENCE)?.query_map(params, |row| row.get(0))?.collect()
}

/// The lead that a campaign dials next, and the number.
pub(crate) fn next_lead(db: &Connection, list_id: i64) -> rusqlite::Result<Option<(i64, String)>> {
    db.prepare_cached(SELECT_NEXT_LEAD)?
        .query_row(named_params! { ":list_id": list_id }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// The word for where a lead stands.
pub(crate) fn lead_status(db: &Connection, id: i64) -> rusqlite::Result<Option<LeadStatus>> {
    let word: Option<String> = db
        .prepare_cached(SELECT_LEAD_STATUS)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()?;
    let known = [LeadStatus::Active, LeadStatus::Inactive, LeadStatus::Dnc];
    Ok(word.and_then(|word| known.into_iter().find(|status| status.word() == word)))
}

pub(crate) fn set_lead_status(tx: &Tx<'_>, id: i64, status: LeadStatus) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_LEAD_STATUS)?
        .execute(named_params! { ":id": id, ":status": status.word() })?;
    Ok(())
}

pub(crate) fn count_lead_attempt(tx: &Tx<'_>, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(COUNT_LEAD_ATTEMPT)?.execute(named_params! { ":id": id })?;
    Ok(())
}

pub(crate) fn set_final_code(tx: &Tx<'_>, id: i64, final_code: &str) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_LEAD_FINAL_CODE)?
        .execute(named_params! { ":id": id, ":final_code": final_code })?;
    Ok(())
}

pub(crate) fn reset_attempts(tx: &Tx<'_>, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(RESET_LEAD_ATTEMPTS)?.execute(named_params! { ":id": id })?;
    Ok(())
}

pub(crate) fn move_lead(tx: &Tx<'_>, id: i64, list_id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_LEAD_LIST)?
        .execute(named_params! { ":id": id, ":list_id": list_id })?;
    Ok(())
}

/// The list of a lead.
pub(crate) fn list_of_lead(db: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_LIST_BY_LEAD)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

/// A lead whose reference differs only in capitals and blanks, for a reason.
pub(crate) fn like_reference(
    db: &Connection,
    reference_id: &str,
) -> rusqlite::Result<Option<(i64, String)>> {
    db.prepare_cached(SELECT_LIKE_REFERENCE)?
        .query_row(named_params! { ":reference_id": reference_id }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
}

/// A lead with a number that ends alike, for a reason: in international form or without it.
pub(crate) fn like_number(
    db: &Connection,
    number: &str,
) -> rusqlite::Result<Option<(i64, String)>> {
    // Every phone is looked at, and a shorter number is like none but itself.
    if number.len() < usize::from(ALIKE_DIGITS) {
        return Ok(None);
    }
    db.prepare_cached(SELECT_LIKE_NUMBER)?
        .query_row(named_params! { ":number": number, ":n_digits": ALIKE_DIGITS }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
}

/// Last digits in which a number in national and in international form are alike.
const ALIKE_DIGITS: u8 = 9;

/// The lead that a phone belongs to.
pub(crate) fn lead_of_phone(db: &Connection, phone_id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_LEAD_BY_PHONE)?
        .query_row(named_params! { ":id": phone_id }, |row| row.get(0))
        .optional()
}

pub(crate) fn phones_of(
    db: &Connection,
    lead_id: i64,
    with_id: bool,
) -> rusqlite::Result<Vec<LeadPhone>> {
    db.prepare_cached(LIST_PHONES_BY_LEAD)?
        .query_map(named_params! { ":lead_id": lead_id }, |row| {
            let id: i64 = row.get(0)?;
            Ok(LeadPhone {
                phone_id: with_id.then_some(id),
                lead_id: row.get(1)?,
                number: row.get(2)?,
                type_id: row.get(3)?,
                type_name: row.get(4)?,
            })
        })?
        .collect()
}

/// Puts a lead's phones on the do-not-call list or takes them off; `None` for all its numbers.
pub(crate) fn set_phone_dnc(
    tx: &Tx<'_>,
    lead_id: i64,
    number: Option<&str>,
    categories: Option<&str>,
) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_PHONE_DNC)?.execute(named_params! {
        ":lead_id": lead_id, ":number": number, ":dnc": categories.is_some(),
        ":categories": categories.unwrap_or_default(),
    })?;
    Ok(())
}
