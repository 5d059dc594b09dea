//! The state as the vendor's section of a scenario would say it.

use crate::contract::read_back::{Omitted, ReadBack};
use crate::vendors::jtel::fields::{contact_fields, contact_read_back, field_read_back};

pub(crate) const READ_BACK: &[ReadBack] = &[
    ReadBack::new(
        "clients",
        "SELECT id, (SELECT json_group_array(token ORDER BY token) FROM jtel_token AS token
                     WHERE token.client_id = client.id AND revoked_ms IS NULL) AS tokens
         FROM jtel_client AS client ORDER BY id",
    ),
    ReadBack::new(
        "campaigns",
        "SELECT id, client_id AS client, name, language, preview_time, parallel_lines,
             close_on_incoming, caller_id_active, until_ms AS \"to\", no_number_code,
             incoming_code, running,
             (SELECT NULLIF(json_group_array(users_id ORDER BY position, users_id), '[]')
              FROM jtel_agent AS agent WHERE agent.campaign_id = campaign.id) AS agents,
             printf('%02d:%02d', from_min / 60, from_min % 60) AS active_from,
             printf('%02d:%02d', to_min / 60, to_min % 60) AS active_to,
             '[' || substr(CASE WHEN days & 1 THEN ',\"mon\"' ELSE '' END
                 || CASE WHEN days & 2 THEN ',\"tue\"' ELSE '' END
                 || CASE WHEN days & 4 THEN ',\"wed\"' ELSE '' END
                 || CASE WHEN days & 8 THEN ',\"thu\"' ELSE '' END
                 || CASE WHEN days & 16 THEN ',\"fri\"' ELSE '' END
                 || CASE WHEN days & 32 THEN ',\"sat\"' ELSE '' END
                 || CASE WHEN days & 64 THEN ',\"sun\"' ELSE '' END, 2) || ']' AS active_days,
             tries_max, tries_per_number_max, pause_busy_ms AS pause_busy,
             pause_no_answer_ms AS pause_no_answer, pause_mailbox_ms AS pause_mailbox,
             wrap_up_ms AS wrap_up, tries_used_up_code
         FROM jtel_campaign AS campaign ORDER BY id",
    ),
    ReadBack::new(
        "result_codes",
        "SELECT id, campaign_id AS campaign, export_key, kind AS type,
             (SELECT json_group_array(
                  json_object('language', language, 'text', content) ORDER BY language)
              FROM jtel_result_text AS text WHERE text.code_id = code.id) AS texts,
             delay_ms AS delay, agent_bound, weight
         FROM jtel_result_code AS code ORDER BY id",
    ),
    ReadBack::new("contacts", contact_fields!(contact_read_back)),
    // What was recorded of a contact that is gone has nothing to refer to.
    ReadBack::new(
        "history",
        "SELECT id, contact_id AS contact, at_ms AS start, end_ms AS \"end\", result_code,
             call_id AS call, outbound, users_id AS user, number
         FROM jtel_history AS history
         WHERE EXISTS (SELECT 1 FROM jtel_contact WHERE jtel_contact.id = history.contact_id)
         ORDER BY id",
    ),
];

pub(crate) const OMITTED: &[Omitted] = &[
    Omitted {
        what: "calls that are up, and agents in wrap-up",
        count: "SELECT COUNT(*) FROM jtel_call",
    },
    Omitted {
        what: "tokens that were taken back",
        count: "SELECT COUNT(*) FROM jtel_token WHERE revoked_ms IS NOT NULL",
    },
    Omitted {
        what: "history of contacts that are gone",
        count: "SELECT COUNT(*) FROM jtel_history AS history WHERE NOT EXISTS
                (SELECT 1 FROM jtel_contact WHERE jtel_contact.id = history.contact_id)",
    },
    Omitted {
        what: "locked contacts that were passed over",
        count: "SELECT COUNT(*) FROM jtel_contact WHERE held_ms IS NOT NULL",
    },
];
