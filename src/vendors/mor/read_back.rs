//! The state as the vendor's section of a scenario would say it.

use crate::contract::read_back::{Omitted, ReadBack};

pub(crate) const READ_BACK: &[ReadBack] = &[
    ReadBack::new(
        "settings",
        "SELECT secret_key, allow_api, allow_get, disable_hash, xml_extension, restrict_ip,
             csv_separator, paid_addon, auto_dial FROM mor_setting",
    ),
    ReadBack::new("whitelist", "SELECT entry AS ip, allow_api FROM mor_whitelist ORDER BY id"),
    ReadBack::with_words(
        "permission_groups",
        "SELECT name, 'level ' || poll_results AS get_campaign_ivr_poll_results,
             'level ' || statistics AS get_campaign_statistics,
             'level ' || change_status AS change_campaign_status,
             'level ' || upload_numbers AS upload_numbers
         FROM mor_permission_group ORDER BY name",
        &[("disabled", "level 0"), ("read", "level 1"), ("write", "level 2")],
    ),
    // A reseller stands before the users that are theirs.
    ReadBack::new(
        "users",
        "SELECT user.username, user.id, user.kind AS type,
             CASE WHEN user.owner_id <> 0 THEN owner.username END AS owner, user.blocked,
             user.balance, user.credit, user.postpaid, user.time_zone,
             NULLIF(user.csv_separator, '') AS csv_separator, user.api_restricted,
             NULLIF(user.permission_group, '') AS permission_group,
             NULLIF(user.password, '') AS password, NULLIF(user.uniquehash, '') AS uniquehash,
             CASE WHEN user.kind = 'reseller' THEN user.allow_api END AS allow_api,
             CASE WHEN user.kind = 'reseller' THEN NULLIF(user.secret_key, '') END AS secret_key,
             CASE WHEN user.kind = 'reseller' THEN user.disable_hash END AS disable_hash,
             CASE WHEN user.kind = 'reseller' THEN user.autodialer END AS autodialer
         FROM mor_user AS user LEFT JOIN mor_user AS owner ON owner.id = user.owner_id
         ORDER BY user.owner_id <> 0, user.id",
    ),
    ReadBack::new(
        "campaigns",
        "SELECT campaign.id, campaign.name, user.username AS user, campaign.running,
             printf('%02d:%02d:%02d', start_s / 3600, start_s / 60 % 60, start_s % 60) AS start_time,
             printf('%02d:%02d:%02d', stop_s / 3600, stop_s / 60 % 60, stop_s % 60) AS stop_time,
             max_retries, retry_time_s AS retry_time, wait_time_s AS wait_time,
             NULLIF(device, '') AS device, NULLIF(callerid, '') AS callerid, allow_duplicates,
             (SELECT NULLIF(json_group_array(
                      json_object('action', kind, 'data', NULLIF(data, '')) ORDER BY position), '[]')
              FROM mor_action AS action WHERE action.campaign_id = campaign.id) AS actions,
             NULLIF(answers, '[]') AS answers
         FROM mor_campaign AS campaign JOIN mor_user AS user ON user.id = campaign.user_id
         ORDER BY campaign.id",
    ),
    ReadBack::new(
        "numbers",
        "SELECT campaign_id AS campaign, number, status, executed_ms AS executed,
             completed_ms AS completed,
             (SELECT NULLIF(json_group_array(
                      json_object('at', at_ms, 'text', text) ORDER BY at_ms, log.id), '[]')
              FROM mor_ivr_log AS log
              WHERE log.campaign_id = number.campaign_id AND log.number_id = number.id) AS answers,
             valid_from_ms AS valid_from, valid_till_ms AS valid_till
         FROM mor_number AS number ORDER BY campaign_id, id",
    ),
    ReadBack::new(
        "calls",
        "SELECT campaign_id AS campaign, number, at_ms AS at, disposition AS outcome,
             NULLIF(billed_s, 0) AS billed
         FROM mor_call ORDER BY id",
    ),
];

pub(crate) const OMITTED: &[Omitted] = &[
    Omitted { what: "keys that were replaced", count: "SELECT COUNT(*) FROM mor_old_key" },
    Omitted {
        what: "attempts at numbers that were dialled more than once",
        count: "SELECT COUNT(*) FROM mor_number WHERE n_tries > 1",
    },
    Omitted {
        what: "what the dialler is about to do",
        count: "SELECT COUNT(*) FROM ringback_timer WHERE vendor = 'mor' AND kind = 'hang_up'",
    },
];
