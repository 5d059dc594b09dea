//! Settings of the installation, and the addresses that it lets in.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::contract::cx::{Cx, Tx};
use crate::statements;
use crate::vendors::mor::model::{Addresses, Settings};

statements! {
    SELECT_SETTINGS = "
        SELECT allow_api, allow_get, secret_key, disable_hash, xml_extension, restrict_ip,
            csv_separator, paid_addon, auto_dial
        FROM mor_setting WHERE id = 1";
    UPSERT_SETTINGS = "
        INSERT INTO mor_setting (id, allow_api, allow_get, secret_key, disable_hash, xml_extension,
            restrict_ip, csv_separator, paid_addon, auto_dial)
        VALUES (1, :allow_api, :allow_get, :secret_key, :disable_hash, :xml_extension,
            :restrict_ip, :csv_separator, :paid_addon, :auto_dial)
        ON CONFLICT (id) DO UPDATE SET allow_api = excluded.allow_api,
            allow_get = excluded.allow_get, secret_key = excluded.secret_key,
            disable_hash = excluded.disable_hash, xml_extension = excluded.xml_extension,
            restrict_ip = excluded.restrict_ip, csv_separator = excluded.csv_separator,
            paid_addon = excluded.paid_addon, auto_dial = excluded.auto_dial";
    INSERT_ADDRESSES = "
        INSERT INTO mor_whitelist (entry, ip_first, ip_last, allow_api)
        VALUES (:entry, :ip_first, :ip_last, :allow_api)";
    DELETE_ADDRESSES = "DELETE FROM mor_whitelist WHERE entry = :entry";
    EXISTS_ADDRESS = "
        SELECT EXISTS (SELECT 1 FROM mor_whitelist
            WHERE allow_api = 1 AND ip_first <= :ip AND ip_last >= :ip)";
    EXISTS_ADDRESS_WITHOUT_API = "
        SELECT EXISTS (SELECT 1 FROM mor_whitelist WHERE ip_first <= :ip AND ip_last >= :ip)";
}

pub(crate) fn settings(cx: &Cx<'_>) -> rusqlite::Result<Arc<Settings>> {
    cx.kept(read_settings)
}

fn read_settings(db: &Connection) -> rusqlite::Result<Settings> {
    let found = db.prepare_cached(SELECT_SETTINGS)?.query_row([], |row| {
        Ok(Settings {
            allow_api: row.get(0)?,
            allow_get: row.get(1)?,
            secret_key: row.get(2)?,
            disable_hash: row.get(3)?,
            xml_extension: row.get(4)?,
            restrict_ip: row.get(5)?,
            csv_separator: row.get(6)?,
            paid_addon: row.get(7)?,
            auto_dial: row.get(8)?,
        })
    });
    Ok(found.optional()?.unwrap_or_default())
}

pub(crate) fn set_settings(cx: &Cx<'_>, settings: &Settings) -> rusqlite::Result<()> {
    cx.forget::<Settings>();
    cx.tx().prepare_cached(UPSERT_SETTINGS)?.execute(named_params! {
        ":allow_api": settings.allow_api, ":allow_get": settings.allow_get,
        ":secret_key": settings.secret_key, ":disable_hash": settings.disable_hash,
        ":xml_extension": settings.xml_extension, ":restrict_ip": settings.restrict_ip,
        ":csv_separator": settings.csv_separator, ":paid_addon": settings.paid_addon,
        ":auto_dial": settings.auto_dial,
    })?;
    Ok(())
}

pub(crate) fn insert_addresses(
    tx: &Tx<'_>,
    addresses: &Addresses,
    allow_api: bool,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_ADDRESSES)?.execute(named_params! {
        ":entry": addresses.entry, ":ip_first": addresses.first, ":ip_last": addresses.last,
        ":allow_api": allow_api,
    })?;
    Ok(())
}

/// Answers how many entries were taken off the list.
pub(crate) fn delete_addresses(tx: &Tx<'_>, addresses: &Addresses) -> rusqlite::Result<usize> {
    tx.prepare_cached(DELETE_ADDRESSES)?.execute(named_params! { ":entry": addresses.entry })
}

/// Whether an address may call the API.
pub(crate) fn is_whitelisted(db: &Connection, ip: u32) -> rusqlite::Result<bool> {
    exists(db, EXISTS_ADDRESS, ip)
}

/// Whether an address is on the list, with or without the API.
pub(crate) fn is_listed(db: &Connection, ip: u32) -> rusqlite::Result<bool> {
    exists(db, EXISTS_ADDRESS_WITHOUT_API, ip)
}

fn exists(db: &Connection, sql: &str, ip: u32) -> rusqlite::Result<bool> {
    db.prepare_cached(sql)?.query_row(named_params! { ":ip": ip }, |row| row.get(0))
}
