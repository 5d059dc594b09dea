//! The switches for what the vendor's pages leave open.

use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred};
use crate::variants;

variants! {
    /// Which of several contacts with the same `UserData` a delete, lock, unlock or overwriting import takes.
    Pick "pick" needs Write {
        LowestId "lowest_id" Assumed("jtel 4.2"), "the one with the lowest ID";
        HighestId "highest_id" Assumed("jtel 4.2"), "the one with the highest ID";
        SeededRandom "seeded_random" Assumed("jtel 4.2"), "one that the caller cannot predict; drawn from the seed, and lists by UserData come in a drawn order too";
    }

    /// Where an overwriting import looks for the same `UserData`.
    MatchScope "match_scope" needs Write {
        Campaign "campaign" Assumed("jtel 4.4"), "in the campaign of the import";
        Client "client" Assumed("jtel 4.4"), "in the whole client account; the contact stays in its campaign";
    }

    /// Which methods lock and unlock take; neither method nor path is known.
    LockMethods "lock_methods" needs Write {
        PatchPut "patch_put" Assumed("jtel 2.1"), "PATCH and PUT";
        Patch "patch" Assumed("jtel 2.1"), "PATCH";
        Put "put" Assumed("jtel 2.1"), "PUT";
        Post "post" Assumed("jtel 2.1"), "POST";
        Get "get" Assumed("jtel 2.1"), "GET, as in the Calls API";
        PatchPost "patch_post" Assumed("jtel 2.1"), "PATCH and POST";
        PatchGet "patch_get" Assumed("jtel 2.1"), "PATCH and GET";
        PutPost "put_post" Assumed("jtel 2.1"), "PUT and POST";
        PutGet "put_get" Assumed("jtel 2.1"), "PUT and GET";
        PostGet "post_get" Assumed("jtel 2.1"), "POST and GET";
        PatchPutPost "patch_put_post" Assumed("jtel 2.1"), "all but GET";
        PatchPutGet "patch_put_get" Assumed("jtel 2.1"), "all but POST";
        PatchPostGet "patch_post_get" Assumed("jtel 2.1"), "all but PUT";
        PutPostGet "put_post_get" Assumed("jtel 2.1"), "all but PATCH";
        Any "any" Assumed("jtel 2.1"), "all four";
    }

    /// What a lock or unlock says of a contact that is on a call at that moment.
    LockConflict "lock_conflict" needs Setup {
        Done "done" Assumed("jtel 4.6"), "200; the call goes on";
        Conflict "conflict" Assumed("jtel 4.6"), "409";
    }

    /// The form of dates; the vendor's families of pages disagree.
    DateStyle "date_style" {
        ZMillis "z_millis" Assumed("jtel 3.6"), "2024-03-04T08:15:00.000Z";
        ZMicros "z_micros" Inferred("jtel 3.6"), "2024-03-04T08:15:00.000000Z, as in the Calls API";
        NaiveMillis "naive_millis" Inferred("jtel 3.6"), "2024-03-04T08:15:00.000, as in the AcdEvents API";
    }

    /// Whether refusals come with a body; the vendor sends one as far as its server can.
    EmptyErrorBodies "empty_error_bodies" {
        Never "never" Inferred("jtel 5"), "always with a body, but for an unknown endpoint";
        Unauthorized "unauthorized" Documented("jtel 5"), "401 has none";
        Always "always" Inferred("jtel 5"), "none has one";
    }

    /// What an import does with a text that is too long; the lengths are those of CSV.
    LengthPolicy "length_policy" needs Write {
        Refuse "refuse" Assumed("jtel 3.1"), "400";
        Truncate "truncate" Assumed("jtel 3.1"), "the text is cut";
    }

    /// What an import does with a value of another JSON type than the field's.
    FieldTypes "field_types" needs Write {
        Strict "strict" Assumed("jtel 4.5"), "400";
        Lenient "lenient" Assumed("jtel 4.5"), "numbers and booleans are taken as text, texts as numbers where they are some";
    }

    /// What an import makes of an empty text.
    EmptyText "empty_text" needs Write {
        Null "null" Assumed("jtel 6.4"), "null";
        Kept "kept" Assumed("jtel 6.4"), "an empty text";
    }

    /// What contacts by `UserData` answers when there is none.
    UserDataNoMatch "user_data_no_match" {
        EmptyList "empty_list" Assumed("jtel 4.3"), "200 with no record";
        NotFound "not_found" Assumed("jtel 4.3"), "404";
    }

    /// What the list of contacts answers for a campaign that is not there.
    UnknownCampaign "unknown_campaign" {
        NotFound "not_found" Assumed("jtel 2.1"), "404";
        EmptyList "empty_list" Assumed("jtel 2.1"), "200 with no record";
    }

    /// What the history answers for a contact without calls.
    HistoryEmpty "history_empty" {
        EmptyList "empty_list" Assumed("jtel 4.8"), "200 with no record";
        NotFound "not_found" Assumed("jtel 4.8"), "404";
    }

    /// The order of the history.
    HistoryOrder "history_order" {
        OldestFirst "oldest_first" Assumed("jtel 4.8"), "by call start, then ID";
        NewestFirst "newest_first" Assumed("jtel 4.8"), "the other way round";
    }

    /// Whether a POST has to say that its body is JSON.
    RequestContentType "request_content_type" {
        Strict "strict" Assumed("jtel 5"), "anything but application/json is 415";
        Lenient "lenient" Assumed("jtel 5"), "not looked at";
    }

    /// What an import does without `overwriteDuplicates`.
    OverwriteAbsent "overwrite_absent" needs Write {
        False "false" Assumed("jtel 4.4"), "as for false";
        True "true" Assumed("jtel 4.4"), "as for true";
    }

    /// What an import does with an `overwriteDuplicates` that is neither true nor false.
    OverwriteInvalid "overwrite_invalid" needs Write {
        Refuse "refuse" Assumed("jtel 4.4"), "400";
        AsFalse "as_false" Assumed("jtel 4.4"), "as for false";
    }

    /// What an overwriting import does to the fields that its body leaves out.
    OverwriteExtent "overwrite_extent" needs Write {
        Partial "partial" Assumed("jtel 4.4"), "they stay";
        Full "full" Assumed("jtel 4.4"), "they become null";
    }

    /// Which campaign an import with both campaign keys goes to.
    BothCampaignKeys "both_campaign_keys" needs Write {
        Id "id" Assumed("jtel 4.5"), "the one of DiallerCampaignsID";
        Name "name" Assumed("jtel 4.5"), "the one of DiallerCampaignsName";
    }

    /// Whether `ResetContact`, a flag of the CSV import, is taken in the body of an import.
    ResetContact "reset_contact" needs Setup {
        Ignored "ignored" Assumed("jtel 4.4"), "it is a key like any other unknown one";
        Taken "taken" Assumed("jtel 4.4"), "true puts an overwritten contact back to the state of a fresh one";
    }

    /// What a batch retrieval without `UserDataList` and `IDList` is answered with.
    BatchEmpty "batch_empty" {
        Refuse "refuse" Assumed("jtel 4.11"), "400";
        EmptyList "empty_list" Assumed("jtel 4.11"), "200 with no record";
    }

    /// What an ID in a path that is no number is answered with.
    NonNumericId "non_numeric_id" {
        NoEndpoint "no_endpoint" Assumed("jtel 5"), "404 without a body, as for an unknown endpoint";
        BadRequest "bad_request" Assumed("jtel 5"), "400";
    }

    /// What a known path with another method is answered with.
    WrongMethod "wrong_method" {
        NotAllowed "405" Assumed("jtel 5"), "405 without a body";
        NotFound "404" Assumed("jtel 5"), "404 without a body, as for an unknown endpoint";
    }

    /// The order of a contact's keys; the vendor's examples have them in hash order.
    KeyOrder "key_order" {
        Contract "contract" Assumed("jtel 3"), "as in the tables of the contract";
        Shuffled "shuffled" Inferred("jtel 3"), "drawn from the seed, so that a client which relies on it is found out";
    }

    /// Media type of the answers.
    ResponseContentType "response_content_type" {
        Charset "charset" Assumed("jtel 1"), "application/json;charset=UTF-8";
        Plain "plain" Assumed("jtel 1"), "application/json";
    }
}
