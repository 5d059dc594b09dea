//! The switches for what the vendor's pages leave open or say twice.

use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred};
use crate::variants;

variants! {
    /// Whether `u` enters the hash of poll results, statistics and status: the pages say so, but
    /// their own sample hashes verify neither with it nor without it.
    HashU "hash_u" {
        Listed "documented" Documented("mor 1.4"), "u, then id, as the pages list them";
        Excluded "excluded" Inferred("mor 1.4"), "id first, as proven for the upload";
        Either "either" Assumed("mor 1.4"), "both are taken";
    }

    /// Shape of the refusals of the gate: API off, GET off, address, key, hash.
    GateEnvelope "gate_envelope" {
        Bare "bare" Assumed("mor 1.7"), "status without page; documented for API off, assumed for the others";
        Page "page" Inferred("mor 1.7"), "page around status, as for other errors";
    }

    /// Words of the gate where the API is off or the hash is wrong.
    GateWords "gate_words" {
        Specific "specific" Documented("mor 7"), "a text for each";
        AccessDenied "access_denied" Documented("mor 7"), "Access Denied in page/status, as one page of 2013 prints it";
    }

    /// Where the text stands when GET is off.
    GetOffShape "get_off_shape" {
        Error "error" Documented("mor 5"), "in error";
        StatusText "status_text" Documented("mor 5"), "directly in status, as one page of 2013 prints it";
    }

    /// Which order of the values counts in a hash.
    HashOrder "hash_order" {
        Listed "listed" Documented("mor 1.3"), "the order of the method's page";
        Any "any" Documented("mor 1.3"), "any, as the current page on hashes says";
    }

    /// Whether a hash may be written in capitals.
    HashCase "hash_case" {
        Exact "exact" Inferred("mor 7"), "lower case only";
        Ignored "ignored" Assumed("mor 1.3"), "capitals as well";
    }

    /// Whether an upload has to carry a hash while hash checking is disabled.
    UploadHash "upload_hash" needs Setup {
        HonoursSetting "honours_setting" Assumed("mor 7"), "no, as for the other methods";
        Always "always" Documented("mor 7"), "yes, as the upload's page says";
    }

    /// Whether the uniquehash is taken in place of a hash.
    Uniquehash "uniquehash" needs Setup {
        Refused "refused" Assumed("mor 7"), "no";
        Accepted "accepted" Assumed("mor 7"), "yes: the one of the reseller or administrator whose key counts";
    }

    /// Which is looked at first, the hash or the user.
    CheckOrder "check_order" {
        HashFirst "hash_first" Assumed("mor 1.6"), "the hash; for an unknown user with the administrator's key";
        UserFirst "user_first" Assumed("mor 1.6"), "the user";
    }

    /// Which value counts where a name stands in the query and in the body.
    SameName "same_name" {
        Query "query" Inferred("mor 1.1"), "the query's";
        Body "body" Assumed("mor 1.1"), "the body's";
    }

    /// Where `u` may be a numeric user id.
    NumericUser "numeric_user" {
        Statistics "statistics" Documented("mor 1.2"), "in statistics";
        Everywhere "everywhere" Assumed("mor 1.2"), "in all four methods";
    }

    /// What an accountant may do.
    Accountant "accountant" needs Setup {
        Refused "refused" Assumed("mor 7"), "nothing here: not authorized";
        AsAdmin "as_admin" Assumed("mor 4"), "what the administrator may";
    }

    /// What the administrator may do with the campaigns of their own users.
    AdminReach "admin_reach" {
        All "all" Assumed("mor 7"), "read polls and statistics, start and stop";
        StatisticsOnly "statistics_only" Assumed("mor 7"), "read statistics, as the page's sample does; the rest is refused";
    }

    /// Answer to a campaign that exists and is not the caller's.
    ForeignCampaign "foreign_campaign" {
        NotFound "not_found" Assumed("mor 4"), "as if it did not exist";
        NotAuthorized "not_authorized" Assumed("mor 4"), "You are not authorized to use this functionality";
    }

    /// Whether GET may be used for an upload where Allow GET API is on.
    UploadGet "upload_get" needs Setup {
        Refused "refused" Assumed("mor 2"), "no: GET Requests are disabled";
        Taken "taken" Assumed("mor 2"), "yes";
    }

    /// What the columns of a poll row mean; the one sample fits both.
    PollColumns "poll_columns" {
        Dialled "dialled" Inferred("mor 3.4"), "dialled, completed, then a time and a text for each answer";
        Validity "validity" Inferred("mor 3.4"), "valid from, valid till";
    }

    /// What stands in the two elements of call time.
    CallTime "call_time" {
        EmptyWhenZero "empty_when_zero" Assumed("mor 7"), "whole seconds, nothing where there are none";
        Zero "zero" Assumed("mor 7"), "whole seconds, 0 where there are none";
        AlwaysEmpty "always_empty" Documented("mor 7"), "nothing, as in the sample with four answered calls";
    }

    /// Where a period ends whose end is not sent.
    PeriodEnd "period_end" needs Time {
        Minute "23:59" Documented("mor 2.2"), "today 23:59:00, read to the letter";
        Second "23:59:59" Inferred("mor 2.2"), "today 23:59:59, all of the day";
    }

    /// Whether the name of an uploaded file may end in `.CSV`.
    CsvExtension "csv_extension" needs Write {
        AnyCase "any_case" Assumed("mor 4"), "in any case of letters";
        Exact "exact" Assumed("mor 4"), "in small letters only";
    }
}
