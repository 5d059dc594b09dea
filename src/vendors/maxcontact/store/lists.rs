//! What agents choose from: campaigns, lists, result codes, queues, phone types; and the world's
//! settings.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde_json::{Map, Value};

use crate::base::time::{Instant, Span};
use crate::contract::cx::Tx;
use crate::statements;
use crate::vendors::maxcontact::model::rows::{AcdQueue, Campaign, ResultCode};
use crate::vendors::maxcontact::settings::BEGAN;

statements! {
    INSERT_LIST = "INSERT INTO maxcontact_list (id, name) VALUES (:id, :name)";
    LIST_LISTS = "SELECT id, name FROM maxcontact_list ORDER BY id LIMIT :limit";
    EXISTS_LIST = "SELECT 1 FROM maxcontact_list WHERE id = :id";

    INSERT_CAMPAIGN = "
        INSERT INTO maxcontact_campaign (id, auto_record, list_id, calls_per_hour, record)
        VALUES (:id, :auto_record, :list_id, :calls_per_hour, :record)";
    LIST_CAMPAIGNS = "
        SELECT id, auto_record, list_id, record FROM maxcontact_campaign ORDER BY position";
    SELECT_CAMPAIGN = "
        SELECT auto_record, list_id, calls_per_hour FROM maxcontact_campaign WHERE id = :id";

    INSERT_RESULT_CODE = "
        INSERT INTO maxcontact_result_code (id, code, description, agent_viewable, call_again,
            callback, success, system, transfer, sales, status_id, success_type)
        VALUES (:id, :code, :description, :agent_viewable, :call_again, :callback, :success,
            :system, :transfer, :sales, :status_id, :success_type)";
    LIST_RESULT_CODES = "
        SELECT id, code, description, agent_viewable, call_again, callback, success, system,
            transfer, sales, status_id, success_type
        FROM maxcontact_result_code ORDER BY position";
    LIST_CODES = "SELECT code FROM maxcontact_result_code ORDER BY position LIMIT :limit";
    LIST_AGENT_CODES = "
        SELECT code FROM maxcontact_result_code WHERE agent_viewable = 1 AND system = 0
        ORDER BY position";
    SELECT_CODE_RULES = "
        SELECT sales, NOT (call_again OR callback) FROM maxcontact_result_code WHERE code = :code";

    INSERT_QUEUE = "
        INSERT INTO maxcontact_queue (id, calls_per_hour, record)
        VALUES (:id, :calls_per_hour, :record)";
    INSERT_QUEUE_USER = "
        INSERT INTO maxcontact_queue_user (queue_id, user_id) VALUES (:queue_id, :user_id)
        ON CONFLICT DO NOTHING";
    LIST_QUEUES = "SELECT id, record FROM maxcontact_queue ORDER BY position";
    SELECT_QUEUE_RATE = "SELECT calls_per_hour FROM maxcontact_queue WHERE id = :id";

    UPSERT_PHONE_TYPE = "
        INSERT INTO maxcontact_phone_type (id, name) VALUES (:id, :name)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name";

    INSERT_IMPORT_MAP = "
        INSERT INTO maxcontact_import_map (name, columns, has_header)
        VALUES (:name, :columns, :has_header)";
    SELECT_IMPORT_MAP = "
        SELECT columns, has_header FROM maxcontact_import_map WHERE name = :name";
    LIST_IMPORT_MAPS = "SELECT name FROM maxcontact_import_map ORDER BY name";

    UPSERT_NUMBER = "
        INSERT INTO maxcontact_number (name, value) VALUES (:name, :value)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    LIST_NUMBERS = "SELECT name, value FROM maxcontact_number ORDER BY name";
    UPSERT_CODE = "
        INSERT INTO maxcontact_code (rule, code, text) VALUES (:rule, :code, :text)
        ON CONFLICT (rule) DO UPDATE SET code = excluded.code, text = excluded.text";
    SELECT_CODE = "SELECT code, text FROM maxcontact_code WHERE rule = :rule";

    UPSERT_SETTING = "
        INSERT INTO maxcontact_setting (name, value) VALUES (:name, :value)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    SELECT_SETTING = "SELECT value FROM maxcontact_setting WHERE name = :name";
}

pub(crate) fn insert_list(tx: &Tx<'_>, id: i64, name: &str) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_LIST)?.execute(named_params! { ":id": id, ":name": name })?;
    Ok(())
}

pub(crate) fn has_list(db: &Connection, id: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(EXISTS_LIST)?.exists(named_params! { ":id": id })
}

/// The first lists, with their names.
pub(crate) fn some_lists(db: &Connection, limit: i64) -> rusqlite::Result<Vec<(i64, String)>> {
    db.prepare_cached(LIST_LISTS)?
        .query_map(named_params! { ":limit": limit }, |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// What a campaign does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CampaignRules {
    pub(crate) auto_record: bool,
    pub(crate) list_id: i64,
    pub(crate) calls_per_hour: i64,
}

/// `record` is a JSON object of the members that the scenario names.
pub(crate) fn insert_campaign(
    tx: &Tx<'_>,
    id: i64,
    rules: CampaignRules,
    record: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CAMPAIGN)?.execute(named_params! {
        ":id": id, ":auto_record": rules.auto_record, ":list_id": rules.list_id,
        ":calls_per_hour": rules.calls_per_hour, ":record": record,
    })?;
    Ok(())
}

pub(crate) fn campaigns(db: &Connection, began: Instant) -> rusqlite::Result<Vec<Campaign>> {
    db.prepare_cached(LIST_CAMPAIGNS)?
        .query_map([], |row| {
            Ok(Campaign {
                id: row.get(0)?,
                auto_record: row.get(1)?,
                list_id: row.get(2)?,
                record: object(row, 3)?,
                began,
            })
        })?
        .collect()
}

/// A column that holds a JSON object of our own making.
fn object(row: &Row<'_>, idx: usize) -> rusqlite::Result<Map<String, Value>> {
    Ok(serde_json::from_str(row.get_ref(idx)?.as_str()?).unwrap_or_default())
}

pub(crate) fn campaign(db: &Connection, id: i64) -> rusqlite::Result<Option<CampaignRules>> {
    db.prepare_cached(SELECT_CAMPAIGN)?
        .query_row(named_params! { ":id": id }, |row| {
            Ok(CampaignRules {
                auto_record: row.get(0)?,
                list_id: row.get(1)?,
                calls_per_hour: row.get(2)?,
            })
        })
        .optional()
}

pub(crate) fn insert_result_code(tx: &Tx<'_>, code: &ResultCode) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_RESULT_CODE)?.execute(named_params! {
        ":id": code.id, ":code": code.code, ":description": code.description,
        ":agent_viewable": code.agent_viewable, ":call_again": code.call_again,
        ":callback": code.callback, ":success": code.success, ":system": code.system,
        ":transfer": code.transfer, ":sales": code.sales, ":status_id": code.status_id,
        ":success_type": code.success_type,
    })?;
    Ok(())
}

pub(crate) fn result_codes(db: &Connection) -> rusqlite::Result<Vec<ResultCode>> {
    db.prepare_cached(LIST_RESULT_CODES)?
        .query_map([], |row| {
            Ok(ResultCode {
                id: row.get(0)?,
                code: row.get(1)?,
                description: row.get(2)?,
                agent_viewable: row.get(3)?,
                call_again: row.get(4)?,
                callback: row.get(5)?,
                success: row.get(6)?,
                system: row.get(7)?,
                transfer: row.get(8)?,
                sales: row.get(9)?,
                status_id: row.get(10)?,
                success_type: row.get(11)?,
            })
        })?
        .collect()
}

/// The first codes, for a hint.
pub(crate) fn some_codes(db: &Connection, limit: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(LIST_CODES)?
        .query_map(named_params! { ":limit": limit }, |row| row.get(0))?
        .collect()
}

/// What a result code brings with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodeRules {
    /// Sales where a request names no number.
    pub(crate) n_sales: i64,
    /// Whether the lead is done with.
    pub(crate) is_final: bool,
}

/// The codes that an agent chooses from.
pub(crate) fn agent_codes(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(LIST_AGENT_CODES)?.query_map([], |row| row.get(0))?.collect()
}

/// What a result code brings with it; `None` where there is no such code.
pub(crate) fn code_rules(db: &Connection, code: &str) -> rusqlite::Result<Option<CodeRules>> {
    db.prepare_cached(SELECT_CODE_RULES)?
        .query_row(named_params! { ":code": code }, |row| {
            Ok(CodeRules { n_sales: row.get(0)?, is_final: row.get(1)? })
        })
        .optional()
}

pub(crate) fn insert_queue(
    tx: &Tx<'_>,
    id: i64,
    calls_per_hour: i64,
    record: &str,
) -> rusqlite::Result<()> {
    let params = named_params! { ":id": id, ":calls_per_hour": calls_per_hour, ":record": record };
    tx.prepare_cached(INSERT_QUEUE)?.execute(params)?;
    Ok(())
}

pub(crate) fn insert_queue_user(tx: &Tx<'_>, queue_id: i64, user_id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_QUEUE_USER)?
        .execute(named_params! { ":queue_id": queue_id, ":user_id": user_id })?;
    Ok(())
}

pub(crate) fn queues(db: &Connection, began: Instant) -> rusqlite::Result<Vec<AcdQueue>> {
    db.prepare_cached(LIST_QUEUES)?
        .query_map([], |row| Ok(AcdQueue { id: row.get(0)?, record: object(row, 1)?, began }))?
        .collect()
}

/// Calls per hour of a queue; `None` where there is no such queue.
pub(crate) fn queue_rate(db: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_QUEUE_RATE)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

pub(crate) fn put_phone_type(tx: &Tx<'_>, id: i64, name: &str) -> rusqlite::Result<()> {
    tx.prepare_cached(UPSERT_PHONE_TYPE)?.execute(named_params! { ":id": id, ":name": name })?;
    Ok(())
}

/// `columns` is a JSON array of names.
pub(crate) fn insert_import_map(
    tx: &Tx<'_>,
    name: &str,
    columns: &str,
    has_header: bool,
) -> rusqlite::Result<()> {
    let params = named_params! { ":name": name, ":columns": columns, ":has_header": has_header };
    tx.prepare_cached(INSERT_IMPORT_MAP)?.execute(params)?;
    Ok(())
}

/// The columns of an import map, and whether its files begin with a header.
pub(crate) fn import_map(
    db: &Connection,
    name: &str,
) -> rusqlite::Result<Option<(Vec<String>, bool)>> {
    db.prepare_cached(SELECT_IMPORT_MAP)?
        .query_row(named_params! { ":name": name }, |row| {
            let columns = serde_json::from_str(row.get_ref(0)?.as_str()?).unwrap_or_default();
            Ok((columns, row.get(1)?))
        })
        .optional()
}

pub(crate) fn import_map_names(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(LIST_IMPORT_MAPS)?.query_map([], |row| row.get(0))?.collect()
}

/// Replaces a number on the wire.
pub(crate) fn set_number(tx: &Tx<'_>, name: &str, value: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(UPSERT_NUMBER)?.execute(named_params! { ":name": name, ":value": value })?;
    Ok(())
}

/// The numbers that the scenario has replaced.
pub(crate) fn numbers(db: &Connection) -> rusqlite::Result<Vec<(String, i64)>> {
    db.prepare_cached(LIST_NUMBERS)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Replaces code or text of an answer.
pub(crate) fn set_code(
    tx: &Tx<'_>,
    rule: &str,
    code: Option<i64>,
    text: Option<&str>,
) -> rusqlite::Result<()> {
    let params = named_params! { ":rule": rule, ":code": code, ":text": text };
    tx.prepare_cached(UPSERT_CODE)?.execute(params)?;
    Ok(())
}

/// Code and text of an answer as the scenario has them.
pub(crate) fn code(
    db: &Connection,
    rule: &str,
) -> rusqlite::Result<Option<(Option<i64>, Option<String>)>> {
    db.prepare_cached(SELECT_CODE)?
        .query_row(named_params! { ":rule": rule }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

pub(crate) fn set_setting(tx: &Tx<'_>, name: &str, value: &str) -> rusqlite::Result<()> {
    tx.prepare_cached(UPSERT_SETTING)?.execute(named_params! { ":name": name, ":value": value })?;
    Ok(())
}

pub(crate) fn setting(db: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_SETTING)?
        .query_row(named_params! { ":name": name }, |row| row.get(0))
        .optional()
}

/// A setting that is a length of time.
pub(crate) fn length_setting(db: &Connection, name: &str) -> rusqlite::Result<Option<Span>> {
    let kept = setting(db, name)?.and_then(|value| value.parse().ok());
    Ok(kept.map(Span::clamped_from_millis))
}

pub(crate) fn set_length(tx: &Tx<'_>, name: &str, length: Span) -> rusqlite::Result<()> {
    set_setting(tx, name, &length.as_millis().to_string())
}

/// When the world began; `None` where nobody has said.
pub(crate) fn began(db: &Connection) -> rusqlite::Result<Option<Instant>> {
    let kept = setting(db, BEGAN)?.and_then(|value| value.parse().ok());
    Ok(kept.map(Instant::clamped_from_millis))
}

pub(crate) fn set_began(tx: &Tx<'_>, began: Instant) -> rusqlite::Result<()> {
    set_setting(tx, BEGAN, &began.as_millis().to_string())
}
