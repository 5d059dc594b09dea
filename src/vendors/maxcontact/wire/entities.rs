//! Every entity that goes out: its members in ordinal order, each with its meaning and its evidence.
//!
//! Source: maxcontact 3.

use serde_json::{Map, Value};

use crate::base::time::Instant;
use crate::contract::evidence::Evidence;
use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred, Observed};
use crate::contract::fields::Field;
use crate::contract::surface::WireField;
use crate::vendors::maxcontact::model::rows::{
    AcdQueue, AgentName, Campaign, LeadPhone, ResultCode,
};
use crate::vendors::maxcontact::wire::record::{
    Default, Entity, Member, Take, Val, Written, append_wire_fields, count_seeded, seeded_fields,
};
use crate::vendors::maxcontact::wire::service::Service;

/// What `Data` holds.
pub(crate) enum Data {
    Null,
    One(Box<dyn Written>),
    /// The elements' name, for an array that may be empty.
    Many(&'static str, Vec<Box<dyn Written>>),
}

impl Data {
    pub(crate) fn many<T: Entity>(items: Vec<T>) -> Self {
        let boxed = items.into_iter().map(|item| Box::new(item) as Box<dyn Written>);
        Data::Many(T::NAME, boxed.collect())
    }
}

/// What every telephony method answers, and lead management as far as anyone knows.
pub(crate) struct Envelope {
    pub(crate) service: Service,
    pub(crate) data: Data,
    pub(crate) code: i64,
    pub(crate) detail: String,
    pub(crate) success: bool,
}

const ENVELOPE: &[Member<Envelope>] = &[
    assumed("Data", "varies by method; null where nothing is known", "maxcontact 3.1", |it| {
        match &it.data {
            Data::Null => Val::Null,
            Data::One(record) => Val::One(record.as_ref()),
            Data::Many(of, records) => Val::Many(of, records),
        }
    }),
    assumed("ResponseCode", "0, or the refusal's number", "maxcontact 5.2", |it| Val::Int(it.code)),
    assumed("ResponseDetail", "OK, or the refusal in words", "maxcontact 5.2", |it| {
        Val::from(it.detail.as_str())
    }),
    documented("Success", "whether it was done", "maxcontact 3.1", |it| Val::Bool(it.success)),
];

/// The one entity with two names, so it is written by hand; its members are a table as well.
impl Written for Envelope {
    fn entity(&self) -> &'static str {
        match self.service {
            Service::Telephony => "CallActionResponse",
            Service::LeadManagement => "LeadManagementResponse",
        }
    }

    fn each(&self, member: &mut dyn FnMut(&'static str, Val<'_>)) {
        for known in ENVELOPE {
            if let Take::Of(value) = &known.value {
                member(known.name, value(self));
            }
        }
    }
}

/// What a login answers.
pub(crate) struct Token {
    /// `None` leaves the member out.
    pub(crate) expires: Option<Instant>,
    /// `None` for a login that failed, where that is not said by the status.
    pub(crate) key: Option<String>,
}

impl Entity for Token {
    const NAME: &'static str = "ApiToken";
    const MEMBERS: &'static [Member<Self>] = &[
        Member {
            name: "Expiry",
            text: "when the token ends; that there is an end is documented, the member is not",
            evidence: Assumed("maxcontact 1.2"),
            value: Take::Of(|it| match (it.expires, &it.key) {
                (Some(at), Some(_)) => Val::Date(at),
                (Some(_), None) => Val::Null,
                (None, _) => Val::Absent,
            }),
        },
        Member {
            name: "TokenKey",
            text: "for the cookie of every other request",
            evidence: Observed("maxcontact 1.2"),
            value: Take::Of(|it| it.key.as_deref().map_or(Val::Null, Val::from)),
        },
    ];
}

/// A call of an agent.
pub(crate) struct CallView {
    pub(crate) id: i64,
    pub(crate) start: Instant,
    pub(crate) state: i64,
    pub(crate) status: i64,
    pub(crate) name: String,
    pub(crate) name2: String,
    pub(crate) number: String,
    pub(crate) recording: i64,
}

impl Entity for CallView {
    const NAME: &'static str = "Call";
    const MEMBERS: &'static [Member<Self>] = &[
        documented(
            "CallId",
            "from 1000 on, again from 1000 after a system start",
            "maxcontact 3.2",
            |it| Val::Int(it.id),
        ),
        assumed("CallStartTime", "when the call was made", "maxcontact 3.2", |it| {
            Val::Date(it.start)
        }),
        documented("CallState", "a number; which is not documented", "maxcontact 3.2", |it| {
            Val::Int(it.state)
        }),
        documented("CallStatus", "a number; which is not documented", "maxcontact 3.2", |it| {
            Val::Int(it.status)
        }),
        inferred("CustomerName", "the lead's Name", "maxcontact 3.2", |it| {
            Val::from(it.name.as_str())
        }),
        inferred("CustomerName2", "the lead's Name2", "maxcontact 3.2", |it| {
            Val::from(it.name2.as_str())
        }),
        inferred("PhoneNumber", "the number dialled, or the caller's", "maxcontact 3.2", |it| {
            Val::from(it.number.as_str())
        }),
        documented("RecordingState", "a number; which is not documented", "maxcontact 3.2", |it| {
            Val::Int(it.recording)
        }),
    ];
}

impl Entity for AgentName {
    const NAME: &'static str = "AgentNameIDPair";
    const MEMBERS: &'static [Member<Self>] = &[
        documented("FullName", "name", "maxcontact 3.3", |it| Val::from(it.full_name.as_str())),
        inferred("ID", "the UserID of paths", "maxcontact 3.3", |it| Val::Int(it.id)),
    ];
}

impl Entity for LeadPhone {
    const NAME: &'static str = "LeadPhone";
    const MEMBERS: &'static [Member<Self>] = &[
        documented("LeadId", "the lead", "maxcontact 3.4", |it| Val::Int(it.lead_id)),
        Member {
            name: "LeadPhoneId",
            text: "the id that changelead needs; only with leadphone_emit_id",
            evidence: Assumed("maxcontact 3.4"),
            value: Take::Of(|it| it.phone_id.map_or(Val::Absent, Val::Int)),
        },
        documented("PhoneNumber", "the number", "maxcontact 3.4", |it| {
            Val::from(it.number.as_str())
        }),
        inferred("RecordType", "the phone type in words", "maxcontact 3.4", |it| {
            Val::from(it.type_name.as_str())
        }),
        inferred("RecordTypeId", "the phone type", "maxcontact 3.4", |it| Val::Int(it.type_id)),
    ];
}

impl Entity for ResultCode {
    const NAME: &'static str = "ResultCode";
    const MEMBERS: &'static [Member<Self>] = &[
        inferred("Code", "what dispose takes", "maxcontact 3.5", |it| Val::from(it.code.as_str())),
        documented("Description", "in words", "maxcontact 3.5", |it| {
            Val::from(it.description.as_str())
        }),
        inferred("IsAgentViewable", "offered to agents", "maxcontact 3.5", |it| {
            Val::Bool(it.agent_viewable)
        }),
        inferred("IsCallAgain", "the lead is called again", "maxcontact 3.5", |it| {
            Val::Bool(it.call_again)
        }),
        inferred("IsCallback", "schedules a callback", "maxcontact 3.5", |it| {
            Val::Bool(it.callback)
        }),
        inferred("IsSuccess", "counts as a success", "maxcontact 3.5", |it| Val::Bool(it.success)),
        inferred("IsSystemResultCode", "applied by the system", "maxcontact 3.5", |it| {
            Val::Bool(it.system)
        }),
        inferred("IsTransfer", "marks a transfer", "maxcontact 3.5", |it| Val::Bool(it.transfer)),
        inferred("ResultCodeID", "its id", "maxcontact 3.5", |it| Val::Int(it.id)),
        inferred("Sales", "sales where a request names none", "maxcontact 3.5", |it| {
            Val::Int(it.sales)
        }),
        documented("StatusID", "meaning not known", "maxcontact 3.5", |it| Val::Int(it.status_id)),
        documented("SuccessType", "meaning not known", "maxcontact 3.5", |it| {
            Val::Int(it.success_type)
        }),
    ];
}

impl Entity for AcdQueue {
    const NAME: &'static str = "AcdQueue";
    const MEMBERS: &'static [Member<Self>] = &{
        use queue_member::{fixed, of, seeded};
        [
            seeded("AbandonThreshold", Default::Int(0)),
            seeded("AcceptableQueueTime", Default::Int(0)),
            seeded("AcdIcon", Default::Text("")),
            seeded("AcdName", Default::Text("")),
            seeded("Active", Default::Bool(true)),
            seeded("DefaultTimeout", Default::Int(0)),
            seeded("DefaultTimeoutIvr", Default::Int(0)),
            of("ID", "its id", |it| Val::Int(it.id)),
            fixed("SessionStats", || Val::Null),
            seeded("SkipIndex", Default::Int(0)),
            fixed("SnapshotStats", || Val::Null),
            fixed("TenMinuteOffers", || Val::Null),
            fixed("TenMinuteOffersVirtualQueue", || Val::Null),
            seeded("UserAddress", Default::Text("")),
            seeded("UserName", Default::Text("")),
            seeded("ZipTone", Default::Int(0)),
            seeded("ZipToneBeep", Default::Int(0)),
            fixed("ZipToneWav", || Val::Null),
        ]
    };

    fn seeded(&self) -> Option<(&Map<String, Value>, Instant)> {
        Some((&self.record, self.began))
    }
}

/// What a campaign shows to those it calls, where the scenario says nothing: of the numbers that the
/// regulator keeps for drama. Assumed: maxcontact 3.7.
const CLI: &str = "01632960000";

impl Entity for Campaign {
    const NAME: &'static str = "Campaign";
    const MEMBERS: &'static [Member<Self>] = &{
        use campaign_member::{fixed, of, seeded};
        [
            seeded("Active", Default::Bool(true)),
            seeded("AlwaysRun", Default::Bool(false)),
            inferred(
                "AutoRecord",
                "starts recording when a call is connected",
                "maxcontact 4.3",
                |it: &Campaign| Val::Bool(it.auto_record),
            ),
            seeded("BlackoutDates", Default::Text("")),
            fixed("BlackoutDateses", || Val::EmptyList),
            seeded("CalculatedLines", Default::Int(0)),
            seeded("CallerID", Default::Text(CLI)),
            seeded("CallsPlacedThisMinute", Default::Int(0)),
            of("CampaignID", "the campaign", |it| Val::Int(it.id)),
            seeded("CampaignIcon", Default::Text("")),
            seeded("CampaignName", Default::Text("")),
            seeded("Cps", Default::Int(0)),
            inferred(
                "DefaultListID",
                "the list of its leads",
                "maxcontact 3.7",
                |it: &Campaign| Val::Int(it.list_id),
            ),
            seeded("DefaultPhoneType", Default::Int(0)),
            seeded("Description", Default::Text("")),
            fixed("DropQueue", || Val::EmptyList),
            seeded("EndLine", Default::Int(0)),
            seeded("EstimatedRecordCount", Default::Int(0)),
            seeded("FirstCreated", Default::Date),
            seeded("InitialPacing", Default::Int(0)),
            fixed("IvrSessions", || Val::EmptyList),
            seeded("LastFetch", Default::Date),
            seeded("LastModified", Default::Date),
            seeded("LastPacingAdjust", Default::Date),
            fixed("Leads", || Val::Null),
            fixed("LeadsInProgress", || Val::EmptyList),
            seeded("LinesToReturn", Default::Int(0)),
            fixed("Lists", || Val::EmptyList),
            fixed("ListsForStats", || Val::EmptyList),
            fixed("LiveStats", || Val::Null),
            fixed("LiveStatsTemp", || Val::Null),
            seeded("MOTD", Default::Text("")),
            seeded("MaxCallCap", Default::Int(0)),
            seeded("NumToCall", Default::Int(0)),
            seeded("Pacing", Default::Int(0)),
            fixed("PlacedPredictiveCallsLock", || Val::EmptyObject),
            seeded("PlacingInterval", Default::Int(0)),
            fixed("PreviewQueue", || Val::EmptyList),
            fixed("ReadyUsers", || Val::EmptyList),
            fixed("ResultSessions", || Val::EmptyList),
            seeded("Schedule", Default::Text("")),
            seeded("SchedulePlanID", Default::Int(0)),
            fixed("Schedules", || Val::EmptyList),
            fixed("SchedulesUI", || Val::EmptyList),
            seeded("SessionID", Default::Int(0)),
            fixed("SessionStats", || Val::Null),
            seeded("SoftCap", Default::Int(0)),
            seeded("StartLine", Default::Int(0)),
            seeded("Status", Default::Int(1)),
            seeded("TargetDropPercent", Default::Int(0)),
            seeded("TeleParamPlanID", Default::Int(0)),
            seeded("TenantID", Default::Int(1)),
            seeded("Type", Default::Int(0)),
            fixed("UncalledLeads", || Val::EmptyList),
            seeded("UseAutoPacing", Default::Bool(true)),
            seeded("UseGlobalBlackoutDates", Default::Bool(true)),
            seeded("UserAddress", Default::Text("")),
            seeded("UserName", Default::Text("")),
            seeded("ZipTone", Default::Int(0)),
            seeded("ZipToneBeep", Default::Int(0)),
            fixed("ZipToneWav", || Val::Null),
        ]
    };

    fn seeded(&self) -> Option<(&Map<String, Value>, Instant)> {
        Some((&self.record, self.began))
    }
}

const fn documented<T>(
    name: &'static str,
    text: &'static str,
    place: &'static str,
    value: fn(&T) -> Val<'_>,
) -> Member<T> {
    Member { name, text, evidence: Documented(place), value: Take::Of(value) }
}

/// A documented name whose meaning follows from it.
const fn inferred<T>(
    name: &'static str,
    text: &'static str,
    place: &'static str,
    value: fn(&T) -> Val<'_>,
) -> Member<T> {
    Member { name, text, evidence: Inferred(place), value: Take::Of(value) }
}

/// A documented name of whose values nobody outside the vendor knows anything.
const fn assumed<T>(
    name: &'static str,
    text: &'static str,
    place: &'static str,
    value: fn(&T) -> Val<'_>,
) -> Member<T> {
    Member { name, text, evidence: Assumed(place), value: Take::Of(value) }
}

/// Declares the three makers of members for an entity that a scenario fills: names and types are
/// documented, what is in them is not.
macro_rules! member_makers {
    ($module:ident, $entity:ident, $place:literal) => {
        mod $module {
            use super::{Assumed, Default, Documented, Member, Take, Val};

            pub(crate) const fn of(
                name: &'static str,
                text: &'static str,
                value: fn(&super::$entity) -> Val<'_>,
            ) -> Member<super::$entity> {
                super::documented(name, text, $place, value)
            }

            pub(crate) const fn seeded(
                name: &'static str,
                default: Default,
            ) -> Member<super::$entity> {
                let text = "name and type are documented; the value is the scenario's";
                Member { name, text, evidence: Documented($place), value: Take::Seeded(default) }
            }

            pub(crate) const fn fixed(
                name: &'static str,
                value: fn() -> Val<'static>,
            ) -> Member<super::$entity> {
                let text = "always empty: what can be in it is not known";
                Member { name, text, evidence: Assumed($place), value: Take::Fixed(value) }
            }
        }
    };
}

member_makers!(queue_member, AcdQueue, "maxcontact 3.6");
member_makers!(campaign_member, Campaign, "maxcontact 3.7");

/// The members of a campaign that a scenario can name.
pub(crate) const CAMPAIGN_FIELDS: &[Field] = {
    const N: usize = count_seeded(Campaign::MEMBERS);
    const FIELDS: [Field; N] = seeded_fields(Campaign::MEMBERS);
    &FIELDS
};

/// The members of a queue that a scenario can name.
pub(crate) const QUEUE_FIELDS: &[Field] = {
    const N: usize = count_seeded(AcdQueue::MEMBERS);
    const FIELDS: [Field; N] = seeded_fields(AcdQueue::MEMBERS);
    &FIELDS
};

const fn request(
    entity: &'static str,
    name: &'static str,
    text: &'static str,
    evidence: Evidence,
) -> WireField {
    WireField { entity, name, text, evidence }
}

/// What a request carries, and what is no entity's.
const OTHERS: &[WireField] = &[
    request(
        "http",
        "Authorization",
        "Base64 of the password's ASCII bytes, and nothing else",
        Observed("maxcontact 1.2"),
    ),
    request("http", "Cookie", "TokenKey=<token>", Documented("maxcontact 1.3")),
    request(
        "http",
        "Content-Type",
        "application/json in a request asks for JSON, a body or not",
        Documented("maxcontact 1.4"),
    ),
    request(
        "http",
        "Accept",
        "the concrete media type with the highest q decides first",
        Inferred("maxcontact 1.4"),
    ),
    request(
        "query",
        "leadid",
        "the lead to dial; 0 or left out: by number",
        Inferred("maxcontact 1.7"),
    ),
    request("query", "resultcode", "Code of a result code", Documented("maxcontact 2.2")),
    request("query", "call1", "CallId", Documented("maxcontact 2.2")),
    request("query", "call2", "CallId", Documented("maxcontact 2.2")),
    request("query", "resultcode1", "Code for the first call", Documented("maxcontact 2.2")),
    request("query", "resultcode2", "Code for the second call", Documented("maxcontact 2.2")),
    request("query", "notes1", "free text", Documented("maxcontact 2.2")),
    request("query", "notes2", "free text", Documented("maxcontact 2.2")),
    request("query", "numsales1", "Sales of the code where left out", Inferred("maxcontact 4.4")),
    request("query", "numsales2", "Sales of the code where left out", Inferred("maxcontact 4.4")),
    request("AddLead", "LeadPhones", "at least one with a PhoneNum", Observed("maxcontact 2.4")),
    request("AddLead", "PhoneNum", "digits", Observed("maxcontact 2.4")),
    request("AddLead", "PhoneTypeID", "0 where left out", Observed("maxcontact 2.4")),
    request("AddLead", "IsHighPriority", "ahead of all others", Documented("maxcontact 2.4")),
    request("AddLead", "ListID", "the list that the lead goes to", Observed("maxcontact 2.4")),
    request("AddLead", "Name", "first name field", Observed("maxcontact 2.4")),
    request("AddLead", "Name2", "second name field", Observed("maxcontact 2.4")),
    request("AddLead", "ReferenceID", "the client's own id", Observed("maxcontact 2.4")),
    request("ImportCsvFiles", "mapname", "how columns become members", Observed("maxcontact 2.4")),
    request("ImportCsvFiles", "options", "JSON text with ListId", Observed("maxcontact 2.4")),
    request("ImportCsvFiles", "file", "the CSV", Observed("maxcontact 2.4")),
];

const N_WIRE_FIELDS: usize = OTHERS.len()
    + ENVELOPE.len()
    + Token::MEMBERS.len()
    + CallView::MEMBERS.len()
    + AgentName::MEMBERS.len()
    + LeadPhone::MEMBERS.len()
    + ResultCode::MEMBERS.len()
    + AcdQueue::MEMBERS.len()
    + Campaign::MEMBERS.len();

/// Everything on the wire, from the same tables that write it.
pub(crate) static WIRE_FIELDS: [WireField; N_WIRE_FIELDS] = {
    let mut all = [OTHERS[0]; N_WIRE_FIELDS];
    let mut at = 0;
    while at < OTHERS.len() {
        all[at] = OTHERS[at];
        at += 1;
    }
    at = append_wire_fields(&mut all, at, "CallActionResponse", ENVELOPE);
    at = append_wire_fields(&mut all, at, Token::NAME, Token::MEMBERS);
    at = append_wire_fields(&mut all, at, CallView::NAME, CallView::MEMBERS);
    at = append_wire_fields(&mut all, at, AgentName::NAME, AgentName::MEMBERS);
    at = append_wire_fields(&mut all, at, LeadPhone::NAME, LeadPhone::MEMBERS);
    at = append_wire_fields(&mut all, at, ResultCode::NAME, ResultCode::MEMBERS);
    at = append_wire_fields(&mut all, at, AcdQueue::NAME, AcdQueue::MEMBERS);
    at = append_wire_fields(&mut all, at, Campaign::NAME, Campaign::MEMBERS);
    assert!(at == N_WIRE_FIELDS);
    all
};

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ordinal<T>(members: &[Member<T>]) -> bool {
        members.windows(2).all(|pair| pair[0].name < pair[1].name)
    }

    #[test]
    fn members_stand_in_ordinal_order() {
        assert!(is_ordinal(ENVELOPE));
        assert!(is_ordinal(Token::MEMBERS));
        assert!(is_ordinal(CallView::MEMBERS));
        assert!(is_ordinal(AgentName::MEMBERS));
        assert!(is_ordinal(LeadPhone::MEMBERS));
        assert!(is_ordinal(ResultCode::MEMBERS));
        assert!(is_ordinal(AcdQueue::MEMBERS));
        assert!(is_ordinal(Campaign::MEMBERS));
        assert_eq!(Campaign::MEMBERS.len(), 61);
    }
}
