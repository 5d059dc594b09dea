//! SQL, and rows into values.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::base::time::Instant;
use crate::contract::cx::{Cx, Tx};
use crate::contract::vendor::Trace;
use crate::vendors::infocu5::model::{Agent, Campaign, List, Mapping};
use crate::{phone_digits, statements};

statements! {
    SELECT_KEY_BY_AFFILIATE = "SELECT key FROM infocu5_affiliate WHERE id = :id";
    SELECT_AFFILIATE_BY_KEY = "SELECT id FROM infocu5_affiliate WHERE key = :key ORDER BY id LIMIT 1";
    SELECT_AFFILIATE_BY_ID_IN_ANY_CASE = "
        SELECT id FROM infocu5_affiliate WHERE id = :id COLLATE NOCASE ORDER BY id LIMIT 1";
    INSERT_AFFILIATE = "INSERT INTO infocu5_affiliate (id, key, name) VALUES (:id, :key, :name)";
    UPDATE_KEY = "
        UPDATE infocu5_affiliate
        SET former_key = IIF(key = :key, former_key, key),
            replaced_ms = IIF(key = :key, replaced_ms, :now), key = :key
        WHERE id = :id";
    SELECT_FORMER_KEY = "
        SELECT replaced_ms FROM infocu5_affiliate
        WHERE id = :id AND former_key = :key AND replaced_ms IS NOT NULL";

    LIST_AGENTS = "
        SELECT id, name_first, name_last FROM infocu5_agent AS agent
        WHERE active = 1 AND (
            affiliate_id = :affiliate_id
            OR (:show_all AND EXISTS (
                SELECT 1 FROM infocu5_share AS share
                WHERE share.affiliate_id = :affiliate_id AND kind = 'agent' AND share.id = agent.id)))
        ORDER BY position";
    SELECT_AGENT_NAME = "SELECT name_first || ' ' || name_last FROM infocu5_agent WHERE id = :id";
    INSERT_AGENT = "
        INSERT INTO infocu5_agent (id, name_first, name_last, affiliate_id, active)
        VALUES (:id, :name_first, :name_last, :affiliate_id, :active)";
    LIST_WORKERS = "
        SELECT id, name_first || ' ' || name_last, free_ms FROM infocu5_agent
        WHERE active = 1 ORDER BY position";
    LIST_WORKERS_BY_CAMPAIGN = "
        SELECT agent.id FROM infocu5_campaign AS campaign
        JOIN infocu5_agent AS agent ON agent.affiliate_id = campaign.affiliate_id
        WHERE campaign.id = :campaign_id ORDER BY agent.id";
    UPDATE_AGENT_FREE = "UPDATE infocu5_agent SET free_ms = :free_ms WHERE id = :id";
    UPDATE_AGENT_ACTIVE = "UPDATE infocu5_agent SET active = :active WHERE id = :id";
    COUNT_AGENTS_IDLE_OR_FOREIGN = "
        SELECT COUNT(*) FILTER (WHERE active = 0 AND affiliate_id = :affiliate_id),
            COUNT(*) FILTER (WHERE affiliate_id <> :affiliate_id)
        FROM infocu5_agent";

    LIST_CAMPAIGNS = "
        SELECT id, name FROM infocu5_campaign AS campaign
        WHERE active = 1 AND (
            affiliate_id = :affiliate_id
            OR (:show_all AND EXISTS (
                SELECT 1 FROM infocu5_share AS share
                WHERE share.affiliate_id = :affiliate_id AND kind = 'campaign'
                    AND share.id = campaign.id)))
        ORDER BY position";
    SELECT_CAMPAIGN_NAME = "SELECT name FROM infocu5_campaign WHERE id = :id";
    SELECT_CAMPAIGN_BY_NAME = "
        SELECT id FROM infocu5_campaign WHERE name = :name ORDER BY position LIMIT 1";
    INSERT_CAMPAIGN = "
        INSERT INTO infocu5_campaign (id, name, affiliate_id, active)
        VALUES (:id, :name, :affiliate_id, :active)";
    UPDATE_CAMPAIGN_ACTIVE = "UPDATE infocu5_campaign SET active = :active WHERE id = :id";
    COUNT_CAMPAIGNS_IDLE_OR_FOREIGN = "
        SELECT COUNT(*) FILTER (WHERE active = 0 AND affiliate_id = :affiliate_id),
            COUNT(*) FILTER (WHERE affiliate_id <> :affiliate_id)
        FROM infocu5_campaign";
    INSERT_SHARE = "
        INSERT INTO infocu5_share (affiliate_id, kind, id) VALUES (:affiliate_id, :kind, :id)
        ON CONFLICT DO NOTHING";

    LIST_LISTS_BY_CAMPAIGN = "
        SELECT id, name FROM infocu5_list WHERE campaign_id = :campaign_id ORDER BY position";
    SELECT_LIST = "SELECT name, campaign_id FROM infocu5_list WHERE id = :id";
    INSERT_LIST = "INSERT INTO infocu5_list (id, name, campaign_id) VALUES (:id, :name, :campaign_id)";
    LIST_MAPPINGS_BY_LIST = "
        SELECT dialer_id, dialer_name, fields FROM infocu5_mapping
        WHERE list_id = :list_id ORDER BY position";
    INSERT_MAPPING = "
        INSERT INTO infocu5_mapping (list_id, dialer_id, dialer_name, fields)
        VALUES (:list_id, :dialer_id, :dialer_name, :fields)";

    LIST_CALLS = "
        SELECT call.id, call.record, call.ended_ms FROM infocu5_call AS call
        WHERE date_ms >= :from_ms AND date_ms <= :to_ms
            AND (:campaigns IS NULL OR campaign_id IN (SELECT value FROM json_each(:campaigns)))
            AND (:agents IS NULL OR agent_id IN (SELECT value FROM json_each(:agents)))
            AND campaign_id IN (
                SELECT campaign.id FROM infocu5_campaign AS campaign
                WHERE campaign.affiliate_id = :affiliate_id
                UNION ALL
                SELECT share.id FROM infocu5_share AS share
                WHERE share.affiliate_id = :affiliate_id AND share.kind = 'campaign')
        ORDER BY date_ms, call.id";
    NEAREST_CALLS = "
        SELECT MAX(date_ms) FILTER (WHERE date_ms < :from_ms),
            MIN(date_ms) FILTER (WHERE date_ms > :to_ms)
        FROM infocu5_call
        WHERE campaign_id IN (
            SELECT campaign.id FROM infocu5_campaign AS campaign
            WHERE campaign.affiliate_id = :affiliate_id
            UNION ALL
            SELECT share.id FROM infocu5_share AS share
            WHERE share.affiliate_id = :affiliate_id AND share.kind = 'campaign')";
    COUNT_CALLS_BETWEEN = "
        SELECT COUNT(*) FROM infocu5_call WHERE date_ms >= :from_ms AND date_ms <= :to_ms
            AND (:campaigns IS NULL OR campaign_id IN (SELECT value FROM json_each(:campaigns)))
            AND (:agents IS NULL OR agent_id IN (SELECT value FROM json_each(:agents)))";
    INSERT_CALL = "
        INSERT INTO infocu5_call (id, date_ms, ended_ms, campaign_id, agent_id, phone, record)
        VALUES (:id, :date_ms, :ended_ms, :campaign_id, :agent_id, :phone, :record)
        ON CONFLICT DO NOTHING";
    EXISTS_CALL = "SELECT EXISTS (SELECT 1 FROM infocu5_call WHERE id = :id)";

    TRACE_CALLS = concat!("
        SELECT date_ms AS at_ms,
            lower(record ->> '$.callType') || ' call ' || id || ' of campaign ' || campaign_id
                || CASE agent_id WHEN '' THEN ', nobody spoke' ELSE ', with agent ' || agent_id END
                AS what
        FROM infocu5_call WHERE ", phone_digits!("phone"), " IN (:phone, '00' || :phone)
        ORDER BY date_ms, id");

    SELECT_SETTING = "SELECT value FROM infocu5_setting WHERE name = :name";
    UPSERT_SETTING = "
        INSERT INTO infocu5_setting (name, value) VALUES (:name, :value)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

/// Where a person's traces are.
pub(crate) static TRACES: &[Trace] = &[Trace { name: "calls", rows: TRACE_CALLS }];

/// The setting that caps the records of one getCalls.
pub(crate) const CALLS_MAX: &str = "calls_max";

pub(crate) fn key_of(db: &Connection, affiliate_id: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_KEY_BY_AFFILIATE)?
        .query_row(named_params! { ":id": affiliate_id }, |row| row.get(0))
        .optional()
}

pub(crate) fn affiliate_with_key(db: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_AFFILIATE_BY_KEY)?
        .query_row(named_params! { ":key": key }, |row| row.get(0))
        .optional()
}

/// An affiliate whose id differs from this one only in capitals.
pub(crate) fn affiliate_in_any_case(db: &Connection, id: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_AFFILIATE_BY_ID_IN_ANY_CASE)?
        .query_row(named_params! { ":id": id }, |row| row.get(0))
        .optional()
}

pub(crate) fn insert_affiliate(
    tx: &Tx<'_>,
    id: &str,
    key: &str,
    name: &str,
) -> rusqlite::Result<()> {
    let params = named_params! { ":id": id, ":key": key, ":name": name };
    tx.prepare_cached(INSERT_AFFILIATE)?.execute(params)?;
    Ok(())
}

/// Gives an affiliate a key, and keeps the one before; `false` where there is no such affiliate.
pub(crate) fn set_key(cx: &Cx<'_>, id: &str, key: &str) -> rusqlite::Result<bool> {
    let params = named_params! { ":id": id, ":key": key, ":now": cx.now() };
    Ok(cx.tx().prepare_cached(UPDATE_KEY)?.execute(params)? == 1)
}

/// When the key was replaced that an affiliate had before its present one; `None` where this is not it.
pub(crate) fn key_replaced(
    db: &Connection,
    id: &str,
    key: &str,
) -> rusqlite::Result<Option<Instant>> {
    db.prepare_cached(SELECT_FORMER_KEY)?
        .query_row(named_params! { ":id": id, ":key": key }, |row| row.get(0))
        .optional()
}

pub(crate) fn agents(
    db: &Connection,
    affiliate_id: &str,
    show_all: bool,
) -> rusqlite::Result<Vec<Agent>> {
    db.prepare_cached(LIST_AGENTS)?
        .query_map(named_params! { ":affiliate_id": affiliate_id, ":show_all": show_all }, |row| {
            Ok(Agent { id: row.get(0)?, name_first: row.get(1)?, name_last: row.get(2)? })
        })?
        .collect()
}

pub(crate) fn agent_name(db: &Connection, id: &str) -> rusqlite::Result<Option<String>> {
    name_of(db, SELECT_AGENT_NAME, id)
}

pub(crate) fn campaign_name(db: &Connection, id: &str) -> rusqlite::Result<Option<String>> {
    name_of(db, SELECT_CAMPAIGN_NAME, id)
}

/// The first campaign of a name.
pub(crate) fn campaign_of_name(db: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_CAMPAIGN_BY_NAME)?
        .query_row(named_params! { ":name": name }, |row| row.get(0))
        .optional()
}

fn name_of(db: &Connection, sql: &str, id: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(sql)?.query_row(named_params! { ":id": id }, |row| row.get(0)).optional()
}

pub(crate) fn insert_agent(
    tx: &Tx<'_>,
    agent: &Agent,
    affiliate_id: &str,
    active: bool,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_AGENT)?.execute(named_params! {
        ":id": agent.id, ":name_first": agent.name_first, ":name_last": agent.name_last,
        ":affiliate_id": affiliate_id, ":active": active,
    })?;
    Ok(())
}

/// Id and name of the current agents, in the order of their listing, and when each is free.
pub(crate) fn workers(db: &Connection) -> rusqlite::Result<Vec<(String, String, Instant)>> {
    db.prepare_cached(LIST_WORKERS)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}

/// The agents of the affiliate that owns a campaign, by id.
pub(crate) fn workers_of_campaign(
    db: &Connection,
    campaign_id: &str,
) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached(LIST_WORKERS_BY_CAMPAIGN)?
        .query_map(named_params! { ":campaign_id": campaign_id }, |row| row.get(0))?
        .collect()
}

pub(crate) fn set_free(tx: &Tx<'_>, id: &str, free: Instant) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_AGENT_FREE)?.execute(named_params! { ":id": id, ":free_ms": free })?;
    Ok(())
}

/// `false` where there is no such agent.
pub(crate) fn set_agent_active(tx: &Tx<'_>, id: &str, active: bool) -> rusqlite::Result<bool> {
    set_active(tx, UPDATE_AGENT_ACTIVE, id, active)
}

/// `false` where there is no such campaign.
pub(crate) fn set_campaign_active(tx: &Tx<'_>, id: &str, active: bool) -> rusqlite::Result<bool> {
    set_active(tx, UPDATE_CAMPAIGN_ACTIVE, id, active)
}

fn set_active(tx: &Tx<'_>, sql: &str, id: &str, active: bool) -> rusqlite::Result<bool> {
    let changed =
        tx.prepare_cached(sql)?.execute(named_params! { ":id": id, ":active": active })?;
    Ok(changed == 1)
}

/// What is there and not listed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unlisted {
    /// The affiliate's own, but not current.
    pub(crate) n_inactive: i64,
    /// Other affiliates'.
    pub(crate) n_foreign: i64,
}

pub(crate) fn unlisted_agents(db: &Connection, affiliate_id: &str) -> rusqlite::Result<Unlisted> {
    unlisted(db, COUNT_AGENTS_IDLE_OR_FOREIGN, affiliate_id)
}

pub(crate) fn unlisted_campaigns(
    db: &Connection,
    affiliate_id: &str,
) -> rusqlite::Result<Unlisted> {
    unlisted(db, COUNT_CAMPAIGNS_IDLE_OR_FOREIGN, affiliate_id)
}

fn unlisted(db: &Connection, sql: &str, affiliate_id: &str) -> rusqlite::Result<Unlisted> {
    db.prepare_cached(sql)?.query_row(named_params! { ":affiliate_id": affiliate_id }, |row| {
        Ok(Unlisted { n_inactive: row.get(0)?, n_foreign: row.get(1)? })
    })
}

pub(crate) fn campaigns(
    db: &Connection,
    affiliate_id: &str,
    show_all: bool,
) -> rusqlite::Result<Vec<Campaign>> {
    let mut campaigns: Vec<Campaign> = db
        .prepare_cached(LIST_CAMPAIGNS)?
        .query_map(named_params! { ":affiliate_id": affiliate_id, ":show_all": show_all }, |row| {
            Ok(Campaign { id: row.get(0)?, name: row.get(1)?, lists: Vec::new() })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for campaign in &mut campaigns {
        campaign.lists = lists(db, &campaign.id)?;
    }
    Ok(campaigns)
}

fn lists(db: &Connection, campaign_id: &str) -> rusqlite::Result<Vec<List>> {
    let mut lists: Vec<List> = db
        .prepare_cached(LIST_LISTS_BY_CAMPAIGN)?
        .query_map(named_params! { ":campaign_id": campaign_id }, |row| {
            Ok(List { id: row.get(0)?, name: row.get(1)?, mappings: Vec::new() })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for list in &mut lists {
        list.mappings = db
            .prepare_cached(LIST_MAPPINGS_BY_LIST)?
            .query_map(named_params! { ":list_id": list.id }, |row| {
                Ok(Mapping {
                    dialer_id: row.get(0)?,
                    dialer_name: row.get(1)?,
                    fields: row.get(2)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
    }
    Ok(lists)
}

pub(crate) fn insert_campaign(
    tx: &Tx<'_>,
    id: &str,
    name: &str,
    affiliate_id: &str,
    active: bool,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CAMPAIGN)?.execute(named_params! {
        ":id": id, ":name": name, ":affiliate_id": affiliate_id, ":active": active,
    })?;
    Ok(())
}

/// What can be shared with another affiliate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shared {
    Agent,
    Campaign,
}

pub(crate) fn share(
    tx: &Tx<'_>,
    affiliate_id: &str,
    kind: Shared,
    id: &str,
) -> rusqlite::Result<()> {
    let kind = match kind {
        Shared::Agent => "agent",
        Shared::Campaign => "campaign",
    };
    let params = named_params! { ":affiliate_id": affiliate_id, ":kind": kind, ":id": id };
    tx.prepare_cached(INSERT_SHARE)?.execute(params)?;
    Ok(())
}

/// A list's name and its campaign.
pub(crate) fn list(db: &Connection, id: &str) -> rusqlite::Result<Option<(String, String)>> {
    db.prepare_cached(SELECT_LIST)?
        .query_row(named_params! { ":id": id }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

pub(crate) fn insert_list(
    tx: &Tx<'_>,
    id: &str,
    name: &str,
    campaign_id: &str,
) -> rusqlite::Result<()> {
    let params = named_params! { ":id": id, ":name": name, ":campaign_id": campaign_id };
    tx.prepare_cached(INSERT_LIST)?.execute(params)?;
    Ok(())
}

pub(crate) fn insert_mapping(
    tx: &Tx<'_>,
    list_id: &str,
    mapping: &Mapping,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_MAPPING)?.execute(named_params! {
        ":list_id": list_id, ":dialer_id": mapping.dialer_id,
        ":dialer_name": mapping.dialer_name, ":fields": mapping.fields,
    })?;
    Ok(())
}

/// Which calls are asked for. Both ends of the window belong to it.
#[derive(Clone, Debug)]
pub(crate) struct CallQuery<'a> {
    pub(crate) affiliate_id: &'a str,
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    /// Ids as a JSON array of texts; `None` for any.
    pub(crate) campaigns: Option<&'a str>,
    pub(crate) agents: Option<&'a str>,
}

/// A call as it is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept<'r> {
    pub(crate) id: &'r str,
    /// As it goes over the wire.
    pub(crate) record: &'r [u8],
    pub(crate) ended: Instant,
}

/// Hands over each call, oldest first, until `each` has enough. Some may not be over yet.
pub(crate) fn each_call(
    db: &Connection,
    query: &CallQuery<'_>,
    mut each: impl FnMut(Kept<'_>) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(LIST_CALLS)?;
    let mut rows = statement.query(named_params! {
        ":affiliate_id": query.affiliate_id, ":from_ms": query.from, ":to_ms": query.to,
        ":campaigns": query.campaigns, ":agents": query.agents,
    })?;
    while let Some(row) = rows.next()? {
        let (id, record) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_bytes()?);
        if each(Kept { id, record, ended: row.get(2)? }).is_break() {
            break;
        }
    }
    Ok(())
}

/// The last call before a window and the first one after it, of those that the affiliate may see.
pub(crate) fn nearest_calls(
    db: &Connection,
    query: &CallQuery<'_>,
) -> rusqlite::Result<(Option<Instant>, Option<Instant>)> {
    let params = named_params! {
        ":affiliate_id": query.affiliate_id, ":from_ms": query.from, ":to_ms": query.to,
    };
    db.prepare_cached(NEAREST_CALLS)?.query_row(params, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How many calls a query has, whoever may see them.
pub(crate) fn n_calls_of_all(db: &Connection, query: &CallQuery<'_>) -> rusqlite::Result<i64> {
    let params = named_params! {
        ":from_ms": query.from, ":to_ms": query.to, ":campaigns": query.campaigns,
        ":agents": query.agents,
    };
    db.prepare_cached(COUNT_CALLS_BETWEEN)?.query_row(params, |row| row.get(0))
}

/// What a call is found by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallRow<'a> {
    pub(crate) id: &'a str,
    pub(crate) date: Instant,
    pub(crate) ended: Instant,
    pub(crate) campaign_id: &'a str,
    pub(crate) agent_id: &'a str,
    /// The contact's number: the one that was called, or else the one that called.
    pub(crate) phone: &'a str,
}

/// `record` is the call as it goes over the wire. `false` where there is a call of that id.
pub(crate) fn insert_call(tx: &Tx<'_>, call: &CallRow<'_>, record: &str) -> rusqlite::Result<bool> {
    let inserted = tx.prepare_cached(INSERT_CALL)?.execute(named_params! {
        ":id": call.id, ":date_ms": call.date, ":ended_ms": call.ended,
        ":campaign_id": call.campaign_id, ":agent_id": call.agent_id, ":phone": call.phone,
        ":record": record,
    })?;
    Ok(inserted == 1)
}

pub(crate) fn has_call(db: &Connection, id: &str) -> rusqlite::Result<bool> {
    db.prepare_cached(EXISTS_CALL)?.query_row(named_params! { ":id": id }, |row| row.get(0))
}

pub(crate) fn setting(db: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(SELECT_SETTING)?
        .query_row(named_params! { ":name": name }, |row| row.get(0))
        .optional()
}

pub(crate) fn set_setting(tx: &Tx<'_>, name: &str, value: i64) -> rusqlite::Result<()> {
    let params = named_params! { ":name": name, ":value": value };
    tx.prepare_cached(UPSERT_SETTING)?.execute(params)?;
    Ok(())
}
