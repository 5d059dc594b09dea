//! The state as the vendor's section of a scenario would say it.

use crate::contract::read_back::{Omitted, ReadBack};
use crate::vendors::maxcontact::errors::CODE_KEYS;

pub(crate) const READ_BACK: &[ReadBack] = &[
    ReadBack::new(
        "settings",
        "SELECT MAX(CASE name WHEN 'line' THEN value END) AS line,
             CAST(MAX(CASE name WHEN 'ring_after_ms' THEN value END) AS INTEGER) AS ring_after,
             CAST(MAX(CASE name WHEN 'answer_after_ms' THEN value END) AS INTEGER) AS answer_after,
             CAST(MAX(CASE name WHEN 'break_delay_ms' THEN value END) AS INTEGER) AS break_delay,
             CAST(MAX(CASE name WHEN 'token_lifetime_ms' THEN value END) AS INTEGER)
                 AS token_lifetime,
             MAX(CASE name WHEN 'zone' THEN value END) AS zone,
             MAX(CASE name WHEN 'xml_namespace' THEN value END) AS xml_namespace,
             MAX(CASE name WHEN 'xml_namespace_leads' THEN value END) AS xml_namespace_leads
         FROM maxcontact_setting",
    ),
    ReadBack::new(
        "numbers",
        "SELECT MAX(CASE name WHEN 'dialling' THEN value END) AS dialling,
             MAX(CASE name WHEN 'ringing' THEN value END) AS ringing,
             MAX(CASE name WHEN 'connected' THEN value END) AS connected,
             MAX(CASE name WHEN 'on_hold' THEN value END) AS on_hold,
             MAX(CASE name WHEN 'ended' THEN value END) AS ended,
             MAX(CASE name WHEN 'not_recording' THEN value END) AS not_recording,
             MAX(CASE name WHEN 'recording' THEN value END) AS recording,
             MAX(CASE name WHEN 'recording_stopped' THEN value END) AS recording_stopped,
             MAX(CASE name WHEN 'in_progress' THEN value END) AS in_progress,
             MAX(CASE name WHEN 'awaiting_disposition' THEN value END) AS awaiting_disposition
         FROM maxcontact_number",
    ),
    ReadBack::with_words(
        "codes",
        "SELECT rule AS key, code, text FROM maxcontact_code ORDER BY rule",
        CODE_KEYS,
    ),
    ReadBack::new(
        "accounts",
        "SELECT login, password, api,
             (SELECT NULLIF(json_group_array(token ORDER BY nth), '[]')
              FROM maxcontact_fixed_token AS fixed WHERE fixed.login = account.login) AS tokens
         FROM maxcontact_account AS account ORDER BY login",
    ),
    ReadBack::new(
        "tokens",
        "SELECT token, login, expires_ms - :now_ms AS valid_for FROM maxcontact_token
         WHERE revoked = 0 AND expires_ms > :now_ms ORDER BY token",
    ),
    ReadBack::new("lists", "SELECT id, NULLIF(name, '') AS name FROM maxcontact_list ORDER BY id"),
    ReadBack::new(
        "campaigns",
        "SELECT id, record ->> '$.CampaignName' AS name, NULLIF(list_id, 0) AS list, auto_record,
             calls_per_hour, json_remove(record, '$.CampaignName') AS members
         FROM maxcontact_campaign ORDER BY position",
    ),
    ReadBack::new(
        "users",
        "SELECT id, full_name AS name, campaign_id AS campaign,
             CASE WHEN state IN ('logged out', 'ready', 'on break') THEN replace(state, ' ', '_')
                 ELSE 'not_ready' END AS state
         FROM maxcontact_user ORDER BY position",
    ),
    ReadBack::new(
        "result_codes",
        "SELECT code, description, agent_viewable, call_again, callback, success, system, transfer,
             id, sales, status_id AS status, success_type
         FROM maxcontact_result_code ORDER BY position",
    ),
    ReadBack::new(
        "queues",
        "SELECT id, record ->> '$.AcdName' AS name,
             (SELECT NULLIF(json_group_array(user_id ORDER BY user_id), '[]')
              FROM maxcontact_queue_user AS agent WHERE agent.queue_id = queue.id) AS users,
             calls_per_hour, json_remove(record, '$.AcdName') AS members
         FROM maxcontact_queue AS queue ORDER BY position",
    ),
    ReadBack::new("phone_types", "SELECT id, name FROM maxcontact_phone_type ORDER BY id"),
    ReadBack::new(
        "leads",
        "SELECT id, NULLIF(list_id, 0) AS list, NULLIF(name, '') AS name,
             NULLIF(name2, '') AS name2, NULLIF(reference_id, '') AS reference,
             created_ms AS created, is_priority AS priority
         FROM maxcontact_lead ORDER BY position",
    ),
    ReadBack::new(
        "lead_phones",
        "SELECT id, lead_id AS lead, number, type_id AS type
         FROM maxcontact_lead_phone ORDER BY position",
    ),
    ReadBack::new(
        "import_maps",
        "SELECT name, columns, has_header AS header FROM maxcontact_import_map ORDER BY name",
    ),
];

pub(crate) const OMITTED: &[Omitted] = &[
    Omitted {
        what: "calls that agents have; these agents stand there as not ready",
        count: "SELECT COUNT(*) FROM maxcontact_call",
    },
    Omitted { what: "past calls", count: "SELECT COUNT(*) FROM maxcontact_past_call" },
    Omitted {
        what: "numbers with the count of calls to them",
        count: "SELECT COUNT(*) FROM maxcontact_attempt",
    },
    Omitted {
        what: "accounts with the count of their logins",
        count: "SELECT COUNT(*) FROM maxcontact_account WHERE n_logins > 0",
    },
    Omitted {
        what: "tokens that have expired or were revoked",
        count: "SELECT COUNT(*) FROM maxcontact_token WHERE revoked = 1",
    },
    Omitted {
        what: "leads that are inactive, barred, dialled or closed, or with members of AddLead",
        count: "SELECT COUNT(*) FROM maxcontact_lead
                WHERE status <> 'active' OR attempts > 0 OR final_code <> ''
                    OR other NOT IN ('', '{}')",
    },
    Omitted {
        what: "phones on the do-not-call list",
        count: "SELECT COUNT(*) FROM maxcontact_lead_phone WHERE dnc = 1",
    },
];
