//! Views of the world's state on the admin listener.

use crate::contract::surface::Table;

pub(crate) static TABLES: &[Table] = &[
    Table {
        name: "accounts",
        text: "who may ask for tokens; early_logins counts logins while an older token was valid",
        rows: "SELECT login, password, NULLIF(former_password, '') AS former_password, replaced_ms, api, n_logins AS logins, (
                   SELECT COUNT(*) FROM maxcontact_token AS later
                   WHERE later.login = account.login AND later.nth > 0 AND EXISTS (
                       SELECT 1 FROM maxcontact_token AS earlier
                       WHERE earlier.login = later.login AND earlier.nth > 0
                           AND earlier.nth < later.nth AND earlier.revoked = 0
                           AND earlier.expires_ms > later.issued_ms)) AS early_logins
               FROM maxcontact_account AS account ORDER BY login",
        secrets: &["password", "former_password"],
    },
    Table {
        name: "tokens",
        text: "tokens with the number of logins in their lifetime; a client that keeps its token \
               has 1",
        rows: "SELECT token, login, nth AS login_no, issued_ms, expires_ms, revoked, (
                   SELECT COUNT(*) FROM maxcontact_token AS other
                   WHERE other.login = token.login AND other.nth > 0 AND other.nth >= token.nth
                       AND other.issued_ms >= token.issued_ms
                       AND other.issued_ms < token.expires_ms) AS logins_in_lifetime
               FROM maxcontact_token AS token ORDER BY login, nth, token",
        secrets: &["token"],
    },
    Table {
        name: "users",
        text: "agents with what they are doing",
        rows: "SELECT id, full_name, state, since_ms, campaign_id, break_pending
               FROM maxcontact_user ORDER BY position",
        secrets: &[],
    },
    Table {
        name: "calls",
        text: "calls in an agent's hand; record_button is what the web agent shows",
        rows: "SELECT id, user_id, campaign_id, source, number, lead_id, attempt, state, recording,
                   record_button, start_ms, connected_ms, ended_ms
               FROM maxcontact_call ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "past_calls",
        text: "calls that have left their agent, with their result codes",
        rows:
            "SELECT seq, call_id, user_id, campaign_id, source, number, lead_id, how, result_code,
                   notes, n_sales, start_ms, connected_ms, left_ms
               FROM maxcontact_past_call ORDER BY seq",
        secrets: &[],
    },
    Table {
        name: "books",
        text: "calls made = disposed + bridged + dropped + in hand",
        rows: "SELECT n_made AS made,
                   (SELECT COUNT(*) FROM maxcontact_past_call WHERE how = 'disposed') AS disposed,
                   (SELECT COUNT(*) FROM maxcontact_past_call WHERE how = 'bridged') AS bridged,
                   (SELECT COUNT(*) FROM maxcontact_past_call WHERE how = 'dropped') AS dropped,
                   (SELECT COUNT(*) FROM maxcontact_call) AS in_hand
               FROM maxcontact_books ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "leads",
        text: "leads, the newest last",
        rows:
            "SELECT id, list_id, name, name2, reference_id, other, created_ms, status, is_priority,
                   attempts, final_code
               FROM maxcontact_lead ORDER BY position",
        secrets: &[],
    },
    Table {
        name: "lead_phones",
        text: "phones of leads with the ids that changelead needs",
        rows: "SELECT id, lead_id, number, type_id, dnc, dnc_categories
               FROM maxcontact_lead_phone ORDER BY position",
        secrets: &[],
    },
    Table {
        name: "campaigns",
        text: "campaigns in the order of their listing",
        rows:
            "SELECT id, record ->> '$.CampaignName' AS name, auto_record, list_id, calls_per_hour,
                   record
               FROM maxcontact_campaign ORDER BY position",
        secrets: &[],
    },
    Table {
        name: "lists",
        text: "lists of leads",
        rows: "SELECT id, name FROM maxcontact_list ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "result_codes",
        text: "result codes in the order of their listing",
        rows: "SELECT id, code, description, agent_viewable, call_again, callback, success, system,
                   transfer, sales, status_id, success_type
               FROM maxcontact_result_code ORDER BY position",
        secrets: &[],
    },
    Table {
        name: "queues",
        text: "skill queues in the order of their listing",
        rows: "SELECT id, record ->> '$.AcdName' AS name, calls_per_hour, record
               FROM maxcontact_queue ORDER BY position",
        secrets: &[],
    },
    Table {
        name: "queue_users",
        text: "agents of the queues; a queue without any serves every agent",
        rows: "SELECT queue_id, user_id FROM maxcontact_queue_user ORDER BY queue_id, user_id",
        secrets: &[],
    },
    Table {
        name: "attempts",
        text: "how many calls a campaign has made to a number",
        rows: "SELECT campaign_id, number, n_calls FROM maxcontact_attempt
               ORDER BY campaign_id, number",
        secrets: &[],
    },
];
