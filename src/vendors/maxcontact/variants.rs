//! The switches for what the vendor's papers leave open.

use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred, Observed};
use crate::variants;

variants! {
    /// How a request chooses between XML and JSON.
    Negotiation "negotiation" {
        ByDocument "documented" Assumed("maxcontact 1.4"), "a concrete Accept, then the request's Content-Type, then XML; a wildcard decides nothing";
        StrictWcf "strict_wcf" Inferred("maxcontact 1.4"), "the same, but a wildcard in Accept that is reached first means XML";
    }

    /// How dates are written in JSON.
    JsonDate "json_date" {
        Milliseconds "ms" Inferred("maxcontact 1.5"), "\\/Date(1772442904123+0000)\\/";
        Iso "iso" Inferred("maxcontact 1.5"), "2026-03-02T09:15:04.123+00:00";
    }

    /// Whether an object in `Data` begins with a `__type` member in JSON.
    JsonTypeHints "json_type_hints" needs Write {
        Off "off" Assumed("maxcontact 1.5"), "no";
        On "on" Inferred("maxcontact 1.5"), "yes, as the platform does for a member declared as object";
    }

    /// How a missing, unknown or expired token is refused.
    BadToken "bad_token" {
        Unauthorized "401" Assumed("maxcontact 5.3"), "401 and the envelope with code 1 or 2";
        Ok "200" Assumed("maxcontact 5.3"), "200 and the envelope";
        Forbidden "403" Assumed("maxcontact 5.3"), "403 and the envelope";
        Page "html_400" Assumed("maxcontact 5.3"), "400 and the platform's page";
    }

    /// How a valid token is refused whose account may not use the API.
    NoRight "no_api_right" needs Setup {
        Forbidden "403" Assumed("maxcontact 5.3"), "403 and the envelope with code 3";
        Ok "200" Assumed("maxcontact 5.3"), "200 and the envelope";
    }

    /// How a failed login is answered.
    BadLogin "bad_login" {
        Unauthorized "401" Assumed("maxcontact 5.3"), "401 without a body";
        NullToken "200" Assumed("maxcontact 5.3"), "200 and a token object whose TokenKey is null";
    }

    /// Whether `Authorization` may carry the word `Basic` before the password.
    BasicPrefix "basic_prefix" {
        Refused "refused" Observed("maxcontact 1.2"), "bare Base64 only, as the known client sends it";
        Accepted "accepted" Assumed("maxcontact 1.2"), "`Basic ` and the Base64 of the password as well";
    }

    /// Whether the login with the password in the path exists.
    LegacyLogin "legacy_login" {
        Off "off" Assumed("maxcontact 2.1"), "not routed, as on a current system";
        On "on" Observed("maxcontact 1.2"), "taken, as a client of 2016 sends it";
    }

    /// Whether the login sets a cookie by itself.
    LoginCookie "login_cookie" {
        None "none" Assumed("maxcontact 1.2"), "no Set-Cookie; clients build the header by hand";
        Set "set_cookie" Assumed("maxcontact 1.2"), "Set-Cookie: TokenKey=…; path=/";
    }

    /// Whether the token object says when it ends.
    TokenExpiry "token_expiry" {
        Expiry "expiry" Assumed("maxcontact 1.2"), "a member Expiry";
        None "none" Assumed("maxcontact 1.2"), "no such member";
    }

    /// What a drawn token looks like.
    TokenForm "token_form" {
        Guid "guid" Assumed("maxcontact 1.2"), "a GUID in lower case";
        Base64 "base64" Assumed("maxcontact 1.2"), "Base64 with its plus signs, slashes and equals signs";
    }

    /// Whether a login ends the tokens before it.
    OlderTokens "older_tokens" {
        StayValid "stay_valid" Assumed("maxcontact 1.2"), "they are valid until they expire";
        Revoked "revoked" Assumed("maxcontact 1.2"), "only the latest is valid";
    }

    /// Which of two `TokenKey` cookies counts.
    TwoTokenKeys "two_token_keys" {
        First "first" Assumed("maxcontact 1.3"), "the first";
        Last "last" Assumed("maxcontact 1.3"), "the last";
    }

    /// How an id in the path that is no number is refused.
    BadPathNumber "bad_path_number" {
        Envelope "e_param" Assumed("maxcontact 5.3"), "200 and E_PARAM";
        Page "html_400" Inferred("maxcontact 5.3"), "400 and the platform's page, as for an unhandled exception";
    }

    /// How a number in the query that is none is refused.
    BadQueryNumber "bad_query_number" needs Write {
        Page "html_400" Inferred("maxcontact 5.3"), "400 and the platform's page, as for a typed parameter";
        Envelope "e_param" Assumed("maxcontact 5.3"), "200 and E_PARAM";
    }

    /// Whether getcalls lists a call that has ended and is not dispositioned.
    GetcallsListsWrapping "getcalls_lists_wrapping" needs Write {
        Yes "true" Assumed("maxcontact 4.3"), "yes, because dispose needs its id";
        No "false" Assumed("maxcontact 4.3"), "no, only calls that live";
    }

    /// What `CallStartTime` is.
    CallStart "call_start_time" needs Time {
        Creation "creation" Assumed("maxcontact 3.2"), "when the call was made";
        Connection "connection" Assumed("maxcontact 3.2"), "when it was connected, once it is";
    }

    /// What stands in `Data` after a command that acts on a call.
    ActionData "action_data" needs Write {
        Null "null" Assumed("maxcontact 2.2"), "null";
        Call "call" Assumed("maxcontact 2.2"), "the call as it is afterwards; null once it has left";
    }

    /// Whether a lead phone carries its id, which changelead needs.
    LeadphoneEmitId "leadphone_emit_id" {
        No "false" Documented("maxcontact 3.4"), "the four documented members";
        Yes "true" Assumed("maxcontact 3.4"), "LeadPhoneId as well";
    }

    /// What leadphones answers for a lead that does not exist.
    UnknownLeadPhones "unknown_lead_phones" {
        Empty "empty" Assumed("maxcontact 4.4"), "an empty array";
        Refused "e_lead" Assumed("maxcontact 5.2"), "E_LEAD";
    }

    /// What an agent does after the last disposition.
    AfterDispose "after_dispose" needs Write {
        Ready "ready" Inferred("maxcontact 4.1"), "is ready again";
        NotReady "not_ready" Assumed("maxcontact 4.2"), "is not ready";
    }

    /// What an agent does after a break.
    AfterBreak "after_break" needs Setup {
        NotReady "not_ready" Assumed("maxcontact 4.5"), "is not ready";
        Ready "ready" Assumed("maxcontact 4.5"), "is ready";
    }

    /// Whether an agent who is not ready may dial.
    DialInNotReady "dial_in_not_ready" needs Write {
        Allowed "allowed" Assumed("maxcontact 4.4"), "yes";
        Refused "refused" Assumed("maxcontact 4.4"), "no, E_AGENT_STATE";
    }

    /// Whether the call in hand has to be on hold before a second one can be dialled.
    DialNeedsHold "dial_needs_hold" needs Write {
        Yes "true" Assumed("maxcontact 4.4"), "yes, else E_AGENT_STATE; so a dial that is repeated is refused";
        No "false" Assumed("maxcontact 4.4"), "no; a dial that is repeated dials twice";
    }

    /// What goready does while the agent is wrapping.
    GoReadyWhileWrapping "go_ready_while_wrapping" needs Write {
        Refused "refused" Assumed("maxcontact 4.4"), "E_AGENT_STATE, the disposition comes first";
        Ignored "ignored" Assumed("maxcontact 4.4"), "Success, and nothing changes";
    }

    /// Whether a held call can be taken back while another of the agent's is still dialling.
    RetrieveWhileDialling "retrieve_while_dialling" needs Time {
        Allowed "allowed" Assumed("maxcontact 4.4"), "yes; it is held again when the other is answered";
        Refused "refused" Assumed("maxcontact 4.4"), "no, E_CALL_STATE";
    }

    /// What lead management answers where nothing matches.
    NoLeadMatches "no_lead_matches" needs Write {
        Refused "refused" Assumed("maxcontact 2.4"), "Success false, E_LEAD";
        Ok "ok" Assumed("maxcontact 2.4"), "Success true, nothing changes";
    }

    /// What lead management does with a list that does not exist.
    UnknownList "unknown_list" needs Write {
        Refused "refused" Assumed("maxcontact 2.4"), "E_PARAM";
        Taken "taken" Assumed("maxcontact 2.4"), "takes it as it is";
    }
}
