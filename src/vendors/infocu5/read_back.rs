//! The state as the vendor's section of a scenario would say it.

use crate::contract::read_back::{Omitted, ReadBack};

pub(crate) const READ_BACK: &[ReadBack] = &[
    ReadBack::new(
        "affiliates",
        "SELECT id, key, NULLIF(name, '') AS name FROM infocu5_affiliate ORDER BY id",
    ),
    ReadBack::new(
        "agents",
        "SELECT id, name_first AS first, NULLIF(name_last, '') AS last, affiliate_id AS affiliate,
             (SELECT NULLIF(json_group_array(affiliate_id ORDER BY affiliate_id), '[]')
              FROM infocu5_share AS share
              WHERE share.kind = 'agent' AND share.id = agent.id) AS shared_with, active
         FROM infocu5_agent AS agent ORDER BY position",
    ),
    ReadBack::new(
        "campaigns",
        "SELECT id, name, affiliate_id AS affiliate,
             (SELECT NULLIF(json_group_array(affiliate_id ORDER BY affiliate_id), '[]')
              FROM infocu5_share AS share
              WHERE share.kind = 'campaign' AND share.id = campaign.id) AS shared_with, active
         FROM infocu5_campaign AS campaign ORDER BY position",
    ),
    ReadBack::new(
        "lists",
        "SELECT id, name, campaign_id AS campaign FROM infocu5_list ORDER BY position",
    ),
    ReadBack::new(
        "mappings",
        "SELECT list_id AS list, dialer_id, dialer_name, fields
         FROM infocu5_mapping ORDER BY position",
    ),
    ReadBack::new(
        "calls",
        "SELECT id, date_ms AS date, campaign_id AS campaign,
             NULLIF(record ->> '$.callListID', '') AS list, NULLIF(agent_id, '') AS agent,
             record ->> '$.callContact' AS contact, record ->> '$.callType' AS type,
             record ->> '$.callNumberInbound' AS number_inbound,
             record ->> '$.callNumberOutbound' AS number_outbound,
             record ->> '$.callTime' AS time, record ->> '$.callQueueTime' AS queue_time,
             record ->> '$.callTalkTime' AS talk_time, record ->> '$.callHoldTime' AS hold_time,
             record ->> '$.callHandleTime' AS handle_time,
             record ->> '$.callAfterCallWorkTime' AS after_call_time
         FROM infocu5_call ORDER BY date_ms, id",
    ),
    ReadBack::new(
        "settings",
        "SELECT value AS calls_max FROM infocu5_setting WHERE name = 'calls_max'",
    ),
];

pub(crate) const OMITTED: &[Omitted] = &[Omitted {
    what: "names that campaigns, lists and agents had when a call was made, where they differ now",
    count: "SELECT COUNT(*) FROM infocu5_call AS call
            JOIN infocu5_campaign AS campaign ON campaign.id = call.campaign_id
            WHERE campaign.name <> record ->> '$.callCampaignName'",
}];
