//! The switches for what the vendor's document leaves open or says twice.

use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred};
use crate::variants;

variants! {
    /// Shape of `responseDetails` in getCalls: the document's example shows an object keyed by call
    /// id, its field table an array.
    CallsShape "calls_shape" {
        Keyed "keyed" Documented("infocu5 4.3"), "an object keyed by call id, as in the example";
        KeyedWithId "keyed_with_id" Inferred("infocu5 4.3"), "the same, with callID in each record too";
        Array "array" Documented("infocu5 4.3"), "an array of records with callID, as in the field table";
    }

    /// Shape of a campaign in getCampaigns: the document shows one nested and one flat.
    CampaignsShape "campaigns_shape" {
        Products "products" Documented("infocu5 4.4"), "campaignProducts with lists and their mappings, as in the example";
        Lists "lists" Documented("infocu5 4.4"), "campaignLists with the mappings alone, as in the field table";
        Both "both" Inferred("infocu5 4.4"), "both members side by side";
    }

    /// Whether the comma before the closing brace in the document's own getCalls request is taken.
    LenientJson "lenient_json" {
        Strict "strict" Inferred("infocu5 4.2"), "refused with 80, as PHP's decoder does";
        TrailingComma "trailing_comma" Inferred("infocu5 4.2"), "taken, as the printed example implies";
    }

    /// Which is looked at first, the credentials or the function.
    CheckOrder "check_order" {
        Numeric "numeric" Inferred("infocu5 4.1"), "credentials first, in the order of the codes";
        FunctionFirst "function_first" Assumed("infocu5 4.1"), "the function first, as v2.4's dispatch suggests";
    }

    /// Code for a missing or unusable parameter; the document has none.
    BadParamCode "bad_param_code" {
        Code900 "900" Assumed("infocu5 4.5"), "900, the interface encountered an error";
        Code80 "80" Assumed("infocu5 4.5"), "80, improperly formatted request";
        Code340 "340" Assumed("infocu5 4.5"), "340 or 341, nothing found";
    }

    /// Whether a call at the very end of the window belongs to it.
    Window "window" {
        Closed "closed" Inferred("infocu5 4.6"), "both ends belong to it";
        HalfOpen "half_open" Inferred("infocu5 4.6"), "the end does not";
    }

    /// Media type of the answers.
    ContentType "content_type" {
        ApplicationJson "application_json" Assumed("infocu5 1"), "application/json";
        TextHtml "text_html" Assumed("infocu5 1"), "text/html; charset=UTF-8, what PHP sends when a script sets nothing";
    }

    /// HTTP status for a method other than POST; the code in the body is 80 in both.
    OtherMethod "other_method" {
        Status200 "200" Assumed("infocu5 7"), "200, as for everything else";
        Status405 "405" Assumed("infocu5 7"), "405 with Allow: POST";
    }

    /// Whether `showAll` may be written in capitals.
    ShowAllCase "show_all_case" {
        Exact "exact" Assumed("infocu5 4.5"), "only y and n";
        Ignored "ignored" Assumed("infocu5 4.5"), "Y and N as well";
    }

    /// What stands in a record where there is no value.
    MissingValue "missing_value" {
        Empty "empty" Assumed("infocu5 3"), "an empty text";
        Null "null" Assumed("infocu5 3"), "null";
    }
}
