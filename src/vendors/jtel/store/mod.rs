//! SQL, and rows into values: client accounts, tokens, campaigns and result codes here, contacts,
//! history and the dialler's calls in files of their own.

pub(crate) mod contact;
pub(crate) mod dialler;
pub(crate) mod history;

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::base::time::{Instant, Span};
use crate::contract::cx::{Cx, Tx};
use crate::contract::vendor::{Statements, Trace};
use crate::statements;
use crate::vendors::jtel::model::{Code, CodeKind};

/// Where a person's traces are.
pub(crate) static TRACES: &[Trace] = &[contact::CONTACTS, history::CALLS];

statements! {
    EXISTS_CLIENT = "SELECT EXISTS (SELECT 1 FROM jtel_client WHERE id = :id)";
    INSERT_CLIENT = "INSERT INTO jtel_client (id) VALUES (:id)";

    LIST_TOKENS_BY_CLIENT = "
        SELECT token FROM jtel_token WHERE client_id = :client_id AND revoked_ms IS NULL
        ORDER BY token";
    SELECT_TOKEN = "SELECT client_id, revoked_ms FROM jtel_token WHERE token = :token";
    UPSERT_TOKEN = "
        INSERT INTO jtel_token (token, client_id) VALUES (:token, :client_id)
        ON CONFLICT (token) DO UPDATE SET revoked_ms = NULL
        WHERE client_id = excluded.client_id AND revoked_ms IS NOT NULL";
    REVOKE_TOKEN = "
        UPDATE jtel_token SET revoked_ms = :now_ms
        WHERE client_id = :client_id AND revoked_ms IS NULL AND (:token IS NULL OR token = :token)";

    LIST_CAMPAIGNS = "
        SELECT id, client_id, name, language, preview_time, parallel_lines, close_on_incoming,
            caller_id_active, until_ms, no_number_code, incoming_code
        FROM jtel_campaign WHERE client_id = :client_id ORDER BY name, id";
    SELECT_CAMPAIGN = "
        SELECT id, client_id, name, language, preview_time, parallel_lines, close_on_incoming,
            caller_id_active, until_ms, no_number_code, incoming_code
        FROM jtel_campaign WHERE client_id = :client_id AND id = :id";
    EXISTS_CAMPAIGN = "
        SELECT EXISTS (SELECT 1 FROM jtel_campaign WHERE client_id = :client_id AND id = :id)";
    SELECT_CAMPAIGN_ID_BY_NAME = "
        SELECT id FROM jtel_campaign WHERE client_id = :client_id AND name = :name
        ORDER BY id LIMIT 1";
    SELECT_OTHER_CLIENT_BY_NAME = "
        SELECT client_id FROM jtel_campaign WHERE client_id <> :client_id AND name = :name
        ORDER BY client_id LIMIT 1";
    SELECT_CLIENT_BY_CAMPAIGN = "SELECT client_id FROM jtel_campaign WHERE id = :id";
    LIST_CAMPAIGN_NAMES = "
        SELECT name FROM jtel_campaign WHERE client_id = :client_id ORDER BY name, id";

    INSERT_CODE = "
        INSERT INTO jtel_result_code
            (id, campaign_id, export_key, kind, delay_ms, agent_bound, weight)
        VALUES (:id, :campaign_id, :export_key, :kind, :delay_ms, :agent_bound, :weight)";
    INSERT_CODE_TEXT = "
        INSERT INTO jtel_result_text (code_id, language, content)
        VALUES (:code_id, :language, :content)";
    EXISTS_LANGUAGE =
        "SELECT EXISTS (SELECT 1 FROM jtel_result_text WHERE language = :language)";
    SELECT_CODE = "SELECT id, kind, delay_ms FROM jtel_result_code WHERE id = :id";
    SELECT_CODE_CAMPAIGN = "SELECT campaign_id FROM jtel_result_code WHERE id = :id";
    LIST_CODES_BY_CAMPAIGN = "
        SELECT id, kind, delay_ms, weight FROM jtel_result_code
        WHERE campaign_id = :campaign_id ORDER BY id";
    SELECT_FIRST_ABORT = "
        SELECT id, kind, delay_ms FROM jtel_result_code
        WHERE campaign_id = :campaign_id AND kind = 'abort' ORDER BY id LIMIT 1";
    LIST_DANGLING_CODES = "
        SELECT campaign.id, used.value FROM jtel_campaign AS campaign, json_each(json_array(
            campaign.no_number_code, campaign.incoming_code, campaign.tries_used_up_code)) AS used
        WHERE used.value IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM jtel_result_code AS code
            WHERE code.id = used.value AND code.campaign_id = campaign.id)
        ORDER BY campaign.id, used.key";
}

/// Every statement of the vendor's.
pub(crate) static ALL_STATEMENTS: &[Statements] =
    &[STATEMENTS, contact::STATEMENTS, dialler::STATEMENTS, history::STATEMENTS];

pub(crate) fn has_client(db: &Connection, id: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(EXISTS_CLIENT)?.query_row(named_params! { ":id": id }, |row| row.get(0))
}

pub(crate) fn insert_client(tx: &Tx<'_>, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CLIENT)?.execute(named_params! { ":id": id })?;
    Ok(())
}

/// The good tokens of a client account.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tokens(pub(crate) Vec<Box<str>>);

/// The good tokens of a client account.
pub(crate) fn tokens(cx: &Cx<'_>, client_id: i64) -> rusqlite::Result<Arc<Tokens>> {
    cx.kept_for(client_id, |db| {
        let mut statement = db.prepare_cached(LIST_TOKENS_BY_CLIENT)?;
        let rows = statement.query_map(named_params! { ":client_id": client_id }, |row| {
            row.get::<_, Box<str>>(0)
        })?;
        rows.collect::<Result<_, _>>().map(Tokens)
    })
}

/// Whose token it is or was, and when it was taken back.
pub(crate) fn token(
    db: &Connection,
    token: &str,
) -> rusqlite::Result<Option<(i64, Option<Instant>)>> {
    db.prepare_cached(SELECT_TOKEN)?
        .query_row(named_params! { ":token": token }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// `false` where the token is in use already.
pub(crate) fn add_token(cx: &Cx<'_>, client_id: i64, token: &str) -> rusqlite::Result<bool> {
    cx.forget_each::<i64, Tokens>();
    let params = named_params! { ":token": token, ":client_id": client_id };
    Ok(cx.tx().prepare_cached(UPSERT_TOKEN)?.execute(params)? == 1)
}

/// Takes back one token of a client account, or all. Answers how many there were.
pub(crate) fn revoke(cx: &Cx<'_>, client_id: i64, token: Option<&str>) -> rusqlite::Result<usize> {
    cx.forget_each::<i64, Tokens>();
    let params = named_params! { ":token": token, ":client_id": client_id, ":now_ms": cx.now() };
    cx.tx().prepare_cached(REVOKE_TOKEN)?.execute(params)
}

/// Hands over the campaigns of a client account as rows for the wire, in the order of their names.
pub(crate) fn each_campaign(
    db: &Connection,
    client_id: i64,
    mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(LIST_CAMPAIGNS)?;
    let mut rows = statement.query(named_params! { ":client_id": client_id })?;
    while let Some(row) = rows.next()? {
        each(row)?;
    }
    Ok(())
}

/// Hands over a campaign as a row for the wire; `None` where the client account has none of that ID.
pub(crate) fn campaign(
    db: &Connection,
    client_id: i64,
    id: i64,
    each: impl FnOnce(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<Option<()>> {
    db.prepare_cached(SELECT_CAMPAIGN)?
        .query_row(named_params! { ":client_id": client_id, ":id": id }, each)
        .optional()
}

pub(crate) fn has_campaign(db: &Connection, client_id: i64, id: i64) -> rusqlite::Result<bool> {
    let params = named_params! { ":client_id": client_id, ":id": id };
    db.prepare_cached(EXISTS_CAMPAIGN)?.query_row(params, |row| row.get(0))
}

/// The campaign of a name, compared letter by letter; of several the one with the lowest ID.
pub(crate) fn campaign_by_name(
    db: &Connection,
    client_id: i64,
    name: &str,
) -> rusqlite::Result<Option<i64>> {
    let params = named_params! { ":client_id": client_id, ":name": name };
    db.prepare_cached(SELECT_CAMPAIGN_ID_BY_NAME)?.query_row(params, |row| row.get(0)).optional()
}

/// The client account of a campaign.
pub(crate) fn client_of_campaign(db: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_CLIENT_BY_CAMPAIGN)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

pub(crate) fn campaign_names(db: &Connection, client_id: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(LIST_CAMPAIGN_NAMES)?
        .query_map(named_params! { ":client_id": client_id }, |row| row.get(0))?
        .collect()
}

/// Another client account that has a campaign of that name, for a hint.
pub(crate) fn campaign_of_others(
    db: &Connection,
    client_id: i64,
    name: &str,
) -> rusqlite::Result<Option<i64>> {
    let params = named_params! { ":client_id": client_id, ":name": name };
    db.prepare_cached(SELECT_OTHER_CLIENT_BY_NAME)?.query_row(params, |row| row.get(0)).optional()
}

/// A result code as a scenario states it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewCode<'a> {
    pub(crate) id: i64,
    pub(crate) campaign_id: i64,
    pub(crate) export_key: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) delay: Span,
    pub(crate) agent_bound: bool,
    pub(crate) weight: i64,
}

pub(crate) fn insert_code(tx: &Tx<'_>, code: &NewCode<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CODE)?.execute(named_params! {
        ":id": code.id, ":campaign_id": code.campaign_id, ":export_key": code.export_key,
        ":kind": code.kind, ":delay_ms": code.delay, ":agent_bound": code.agent_bound,
        ":weight": code.weight,
    })?;
    Ok(())
}

pub(crate) fn insert_code_text(
    tx: &Tx<'_>,
    code_id: i64,
    language: i64,
    content: &str,
) -> rusqlite::Result<()> {
    let params = named_params! { ":code_id": code_id, ":language": language, ":content": content };
    tx.prepare_cached(INSERT_CODE_TEXT)?.execute(params)?;
    Ok(())
}

fn code_from_row(row: &Row<'_>) -> rusqlite::Result<Code> {
    let kind = CodeKind::from_word(row.get_ref("kind")?.as_str()?).unwrap_or(CodeKind::Done);
    Ok(Code { id: row.get("id")?, kind, delay: row.get("delay_ms")? })
}

pub(crate) fn code(db: &Connection, id: i64) -> rusqlite::Result<Option<Code>> {
    db.prepare_cached(SELECT_CODE)?.query_row(named_params! { ":id": id }, code_from_row).optional()
}

/// Whether any result code has a text in a language.
pub(crate) fn has_language(db: &Connection, language: i64) -> rusqlite::Result<bool> {
    let params = named_params! { ":language": language };
    db.prepare_cached(EXISTS_LANGUAGE)?.query_row(params, |row| row.get(0))
}

/// The campaign that a result code belongs to.
pub(crate) fn campaign_of_code(db: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_CODE_CAMPAIGN)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

/// The result codes of a campaign with their weights.
pub(crate) fn codes(db: &Connection, campaign_id: i64) -> rusqlite::Result<Vec<(Code, i64)>> {
    db.prepare_cached(LIST_CODES_BY_CAMPAIGN)?
        .query_map(named_params! { ":campaign_id": campaign_id }, |row| {
            Ok((code_from_row(row)?, row.get("weight")?))
        })?
        .collect()
}

/// The campaign's first result code that aborts.
pub(crate) fn first_abort(db: &Connection, campaign_id: i64) -> rusqlite::Result<Option<Code>> {
    db.prepare_cached(SELECT_FIRST_ABORT)?
        .query_row(named_params! { ":campaign_id": campaign_id }, code_from_row)
        .optional()
}

/// Campaigns with a result code that they do not have.
pub(crate) fn dangling_codes(db: &Connection) -> rusqlite::Result<Vec<(i64, i64)>> {
    db.prepare_cached(LIST_DANGLING_CODES)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}
