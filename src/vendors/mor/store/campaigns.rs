//! Campaigns as rows.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::base::time::Span;
use crate::contract::cx::Tx;
use crate::statements;
use crate::vendors::mor::model::{Campaign, NoStart, Standing, check_start as check_start_of};

statements! {
    SELECT_CAMPAIGN = "
        SELECT campaign.id, campaign.name, running, campaign.user_id, owner.username, owner.owner_id,
            allow_duplicates
        FROM mor_campaign AS campaign JOIN mor_user AS owner ON owner.id = campaign.user_id
        WHERE campaign.id = :id";
    LIST_CAMPAIGN_IDS = "
        SELECT campaign.id FROM mor_campaign AS campaign
        JOIN mor_user AS owner ON owner.id = campaign.user_id
        WHERE (:user_id IS NULL OR campaign.user_id = :user_id)
            AND (:owner_id IS NULL OR owner.owner_id = :owner_id)
        ORDER BY campaign.id LIMIT :limit";
    SELECT_START = "
        SELECT blocked, balance, credit, postpaid,
            EXISTS (SELECT 1 FROM mor_number INDEXED BY mor_number_free
                WHERE campaign_id = :campaign_id AND status = 'new'),
            EXISTS (SELECT 1 FROM mor_action WHERE campaign_id = :campaign_id)
        FROM mor_user WHERE id = :user_id";
    LIST_RUNNING_BY_USER = "
        SELECT campaign.id FROM mor_campaign AS campaign
        JOIN mor_user AS owner ON owner.id = campaign.user_id
        WHERE owner.username = :username AND running = 1 ORDER BY campaign.id";
    LIST_RUNNING = "SELECT id FROM mor_campaign WHERE running = 1 ORDER BY id";
    INSERT_CAMPAIGN = "
        INSERT INTO mor_campaign (id, name, user_id, running, start_s, stop_s, max_retries,
            retry_time_s, wait_time_s, device, callerid, allow_duplicates, answers)
        VALUES (:id, :name, :user_id, :running, :start_s, :stop_s, :max_retries,
            :retry_time_s, :wait_time_s, :device, :callerid, :allow_duplicates, :answers)";
    UPDATE_RUNNING = "UPDATE mor_campaign SET running = :running WHERE id = :id";
    INSERT_ACTION = "
        INSERT INTO mor_action (campaign_id, position, kind, data)
        VALUES (:campaign_id, :position, :kind, :data)";
}

pub(crate) fn campaign(db: &Connection, id: i64) -> rusqlite::Result<Option<Campaign>> {
    db.prepare_cached(SELECT_CAMPAIGN)?
        .query_row(named_params! { ":id": id }, |row| {
            Ok(Campaign {
                id: row.get(0)?,
                name: row.get(1)?,
                running: row.get(2)?,
                user_id: row.get(3)?,
                username: row.get(4)?,
                owner_id: row.get(5)?,
                allow_duplicates: row.get(6)?,
            })
        })
        .optional()
}

/// The first campaigns of a user, or of all users of an owner.
pub(crate) fn campaign_ids(
    db: &Connection,
    user_id: Option<i64>,
    owner_id: Option<i64>,
    limit: i64,
) -> rusqlite::Result<Vec<i64>> {
    let params = named_params! { ":user_id": user_id, ":owner_id": owner_id, ":limit": limit };
    db.prepare_cached(LIST_CAMPAIGN_IDS)?.query_map(params, |row| row.get(0))?.collect()
}

/// The campaigns of a user that run.
pub(crate) fn running_of(db: &Connection, username: &str) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(LIST_RUNNING_BY_USER)?
        .query_map(named_params! { ":username": username }, |row| row.get(0))?
        .collect()
}

/// The campaigns that run.
pub(crate) fn running(db: &Connection) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(LIST_RUNNING)?.query_map([], |row| row.get(0))?.collect()
}

/// Why a campaign cannot start; `None` where it can.
pub(crate) fn check_start(
    db: &Connection,
    campaign: &Campaign,
) -> rusqlite::Result<Option<NoStart>> {
    let params = named_params! { ":user_id": campaign.user_id, ":campaign_id": campaign.id };
    db.prepare_cached(SELECT_START)?.query_row(params, |row| {
        let standing = Standing {
            blocked: row.get(0)?,
            balance: row.get(1)?,
            credit: row.get(2)?,
            postpaid: row.get(3)?,
        };
        Ok(check_start_of(standing, row.get(4)?, row.get(5)?).err())
    })
}

/// A campaign as it is seeded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewCampaign<'a> {
    pub(crate) id: i64,
    pub(crate) name: &'a str,
    pub(crate) user_id: i64,
    pub(crate) running: bool,
    /// Times of day.
    pub(crate) start: Span,
    pub(crate) stop: Span,
    pub(crate) max_retries: i64,
    /// In whole seconds, as the other times.
    pub(crate) retry_time: Span,
    pub(crate) wait_time: Span,
    pub(crate) device: &'a str,
    pub(crate) callerid: &'a str,
    pub(crate) allow_duplicates: bool,
    /// A JSON array of texts.
    pub(crate) answers: &'a str,
}

pub(crate) fn insert_campaign(tx: &Tx<'_>, campaign: &NewCampaign<'_>) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_CAMPAIGN)?.execute(named_params! {
        ":id": campaign.id, ":name": campaign.name, ":user_id": campaign.user_id,
        ":running": campaign.running, ":start_s": campaign.start.as_secs(),
        ":stop_s": campaign.stop.as_secs(),
        ":max_retries": campaign.max_retries, ":retry_time_s": campaign.retry_time.as_secs(),
        ":wait_time_s": campaign.wait_time.as_secs(), ":device": campaign.device,
        ":callerid": campaign.callerid, ":allow_duplicates": campaign.allow_duplicates,
        ":answers": campaign.answers,
    })?;
    Ok(())
}

pub(crate) fn set_running(tx: &Tx<'_>, id: i64, running: bool) -> rusqlite::Result<()> {
    tx.prepare_cached(UPDATE_RUNNING)?.execute(named_params! { ":id": id, ":running": running })?;
    Ok(())
}

pub(crate) fn insert_action(
    tx: &Tx<'_>,
    campaign_id: i64,
    position: i64,
    kind: &str,
    data: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(INSERT_ACTION)?.execute(named_params! {
        ":campaign_id": campaign_id, ":position": position, ":kind": kind, ":data": data,
    })?;
    Ok(())
}
