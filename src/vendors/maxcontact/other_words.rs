//! What services, methods and words of paths are called elsewhere: by other telephony APIs, by the
//! vendor's own pages, by who guesses.
//!
//! Not here: how a path is read (`meant`), and parameters' other names (`api`).

/// Names of services, and the one that is meant.
pub(crate) const SERVICES: &[(&str, &str)] = &[
    ("token", "apitoken"),
    ("tokens", "apitoken"),
    ("auth", "apitoken"),
    ("tokenapi", "apitoken"),
    ("TelephonyDataServices", "telephony"),
    ("phone", "telephony"),
    ("agent", "telephony"),
    ("agents", "telephony"),
    ("lead", "LeadManagement"),
    ("leads", "LeadManagement"),
    ("LeadManagementApi", "LeadManagement"),
];

/// Services of the vendor's that are not simulated, since nobody outside knows their paths.
pub(crate) const UNKNOWN_SERVICES: &[&str] =
    &["callbacks", "callback", "management", "managementapi", "reporting", "webhooks"];

/// Names of methods, the one that is meant, and what is to be said of it.
pub(crate) const METHODS: &[(&str, &str, &str)] = &[
    ("logon", "login", ""),
    ("signin", "login", ""),
    ("authenticate", "login", ""),
    ("gettoken", "login", ""),
    ("calls", "getcalls", ""),
    ("activecalls", "getcalls", ""),
    ("listcalls", "getcalls", ""),
    ("ready", "goready", ""),
    ("setready", "goready", ""),
    ("available", "goready", ""),
    ("goavailable", "goready", ""),
    ("call", "dial", ""),
    ("makecall", "dial", ""),
    ("manualdial", "dial", ""),
    ("dialnumber", "dial", ""),
    ("end", "hangup", ""),
    ("endcall", "hangup", ""),
    ("terminate", "hangup", ""),
    ("disconnect", "hangup", ""),
    ("drop", "hangup", ""),
    ("release", "hangup", ""),
    ("park", "hold", ""),
    ("pause", "hold", ""),
    ("unhold", "retrieve", ""),
    ("resume", "retrieve", ""),
    ("unpark", "retrieve", ""),
    ("offhold", "retrieve", ""),
    ("pauserecord", "stoprecord", ""),
    ("pauserecording", "stoprecord", ""),
    ("recordstop", "stoprecord", ""),
    ("stoprecording", "stoprecord", ""),
    ("resumerecord", "startrecord", ""),
    ("resumerecording", "startrecord", ""),
    ("recordstart", "startrecord", ""),
    ("record", "startrecord", ""),
    ("disposition", "dispose", ""),
    ("wrapup", "dispose", ""),
    ("wrap", "dispose", ""),
    ("outcome", "dispose", ""),
    ("setresultcode", "dispose", ""),
    ("setoutcome", "dispose", ""),
    ("agents", "users", ""),
    ("user", "users", ""),
    ("getusers", "users", ""),
    ("getagents", "users", ""),
    ("outcomes", "resultcodes", ""),
    ("dispositions", "resultcodes", ""),
    ("queues", "acdqueues", ""),
    ("skills", "acdqueues", ""),
    ("getqueues", "acdqueues", ""),
    ("phones", "leadphones", ""),
    ("getleadphones", "leadphones", ""),
    ("changeleadphone", "changelead", ""),
    ("newlead", "createnewlead", ""),
    ("createlead", "createnewlead", ""),
    ("addlead", "createnewlead", "AddLead is one of LeadManagement"),
    ("transfer", "connectcalls", "it connects two calls that the agent has in hand"),
    ("warmtransfer", "connectcalls", "it connects two calls that the agent has in hand"),
    ("conference", "connectcalls", "the two calls are connected and the agent leaves both"),
    ("bridge", "connectcalls", "it connects two calls that the agent has in hand"),
    ("lead", "AddLead", ""),
    ("leads", "AddLead", ""),
    ("add", "AddLead", ""),
    ("createlead", "AddLead", ""),
    ("newlead", "AddLead", ""),
    ("insertlead", "AddLead", ""),
    ("import", "ImportCsvFiles", ""),
    ("importleads", "ImportCsvFiles", ""),
    ("uploadcsv", "ImportCsvFiles", ""),
    ("deletelead", "DeactivateLeadId", "a lead is deactivated, not deleted"),
    ("removelead", "DeactivateLeadId", "a lead is deactivated, not deleted"),
    ("deleteleadid", "DeactivateLeadId", "a lead is deactivated, not deleted"),
    ("removeleadid", "DeactivateLeadId", "a lead is deactivated, not deleted"),
    ("deleteleadphonenumber", "DeactivateLeadByPhone", "a lead is deactivated, not deleted"),
    ("deleteleadbyphone", "DeactivateLeadByPhone", "a lead is deactivated, not deleted"),
    ("deleteleadbyphonenumber", "DeactivateLeadByPhone", "a lead is deactivated, not deleted"),
    ("removeleadphonenumber", "DeactivateLeadByPhone", "a lead is deactivated, not deleted"),
    ("deleteleadbyrefid", "DeactivateLeadByRefId", "a lead is deactivated, not deleted"),
    ("removeleadbyrefid", "DeactivateLeadByRefId", "a lead is deactivated, not deleted"),
    ("deactivatelead", "DeactivateLeadId", ""),
    ("deactivateleadbyid", "DeactivateLeadId", ""),
    ("deactivateleadbyleadid", "DeactivateLeadId", ""),
    ("deactivateleadbyphonenumber", "DeactivateLeadByPhone", ""),
    ("deactivateleadbyreferenceid", "DeactivateLeadByRefId", ""),
    ("dnc", "DncLeadId", ""),
    ("dnclead", "DncLeadId", ""),
    ("dncleadbyid", "DncLeadId", ""),
    ("dncbyleadid", "DncLeadId", ""),
    ("dncleadbyleadid", "DncLeadId", ""),
    ("donotcall", "DncLeadPhoneNumber", ""),
    ("dncphone", "DncLeadPhoneNumber", ""),
    ("dncphonenumber", "DncLeadPhoneNumber", ""),
    ("dncphoneno", "DncLeadPhoneNumber", ""),
    ("dncleadphoneno", "DncLeadPhoneNumber", ""),
    ("dncleadphone", "DncLeadPhoneNumber", ""),
    ("dncleadbyphone", "DncLeadPhoneNumber", ""),
    ("undncleadphonenumber", "ReactivateLeadByPhone", "with reactivateDnc=true"),
    ("removednc", "ReactivateLeadByPhone", "with reactivateDnc=true"),
    ("undncleadid", "ReactivateLeadByLeadId", "with reactivateDnc=true"),
    ("activateleadid", "ReactivateLeadByLeadId", ""),
    ("activatelead", "ReactivateLeadByLeadId", ""),
    ("activateleadbyleadid", "ReactivateLeadByLeadId", ""),
    ("activateleadbyid", "ReactivateLeadByLeadId", ""),
    ("activateleadbyphone", "ReactivateLeadByPhone", ""),
    ("activateleadbyrefid", "ReactivateLeadByLeadByRefId", "LeadBy stands twice in it"),
    ("activateleadbyleadbyrefid", "ReactivateLeadByLeadByRefId", ""),
    ("reactivatelead", "ReactivateLeadByLeadId", ""),
    ("reactivateleadid", "ReactivateLeadByLeadId", ""),
    ("reactivateleadbyid", "ReactivateLeadByLeadId", ""),
    ("reactivateleadbyphonenumber", "ReactivateLeadByPhone", ""),
    ("reactivateleadbyrefid", "ReactivateLeadByLeadByRefId", "LeadBy stands twice in it"),
    ("reactivateleadbyreferenceid", "ReactivateLeadByLeadByRefId", "LeadBy stands twice in it"),
    ("movelead", "MoveLeadByRefId", "leads are moved by their reference"),
    ("moveleads", "MoveLeadByRefId", "leads are moved by their reference"),
    ("moveleadid", "MoveLeadByRefId", "leads are moved by their reference alone"),
    ("moveleadbyleadid", "MoveLeadByRefId", "leads are moved by their reference alone"),
];

/// Words that ask, at the beginning or the end of the name of a method of the do-not-call list, to be
/// taken off it.
const TAKING_OFF: &[&str] =
    &["remove", "delete", "clear", "revoke", "unset", "unmark", "unlist", "undo", "stop", "lift"];

/// Words that ask for it where `dnc` stands behind them and nothing between: elsewhere they are the
/// beginning or the end of other words, as in `phone`, `account`, `now` and `no` for a number.
const BESIDE: &[&str] = &["un", "no", "non", "not", "off"];

/// What a name begins with that asks for the same without a word for the list.
const ALLOWING: &[&str] = &["allow", "unblock", "unban", "permit", "whitelist"];

/// The method that takes somebody off the do-not-call list, where a name asks for that.
pub(crate) fn off_the_list(name: &str) -> Option<&'static str> {
    let small: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let small = small.to_ascii_lowercase();
    let takes_off = small.split_once("dnc").is_some_and(|(before, behind)| {
        BESIDE.contains(&before)
            || behind.ends_with("off")
            || TAKING_OFF.iter().any(|word| before.starts_with(word) || behind.ends_with(word))
    });
    let allows = ALLOWING.iter().any(|word| small.starts_with(word));
    let by = if small.contains("phone") || small.contains("number") {
        "ReactivateLeadByPhone"
    } else if is_by_ref(&small) {
        "ReactivateLeadByLeadByRefId"
    } else {
        "ReactivateLeadByLeadId"
    };
    (takes_off || allows).then_some(by)
}

/// Names of a method of document version 1.8 whose path nobody outside the vendor knows.
pub(crate) const TITLES: &[(&str, &str)] = &[
    ("unready", "gonotready"),
    ("notready", "gonotready"),
    ("setnotready", "gonotready"),
    ("gounready", "gonotready"),
    ("unavailable", "gonotready"),
    ("gounavailable", "gonotready"),
    ("break", "requestbreak"),
    ("gobreak", "requestbreak"),
    ("gotobreak", "requestbreak"),
    ("signout", "logout"),
    ("logoff", "logout"),
    ("transfer", "transfertouser"),
    ("transfercall", "transfertouser"),
    ("blindtransfer", "transfertouser"),
    ("coldtransfer", "transfertouser"),
    ("transferuser", "transfertouser"),
    ("transfertoagent", "transfertouser"),
    ("finishtransfer", "completetransfer"),
    ("transfercomplete", "completetransfer"),
    ("dialextension", "dialext"),
    ("extensiondial", "dialext"),
    ("previewdial", "dialpreview"),
    ("preview", "dialpreview"),
];

/// What an operation of lead management would do that document version 2.0 has by title only, and what
/// to do instead; `None` for another name. The titles are: many by id or by reference deactivated or
/// reactivated, a lead's info by its reference, a move by number, and a lead's phone updated by number or
/// reference (maxcontact 2.4).
pub(crate) fn by_title_alone(name: &str) -> Option<(&'static str, &'static str)> {
    let small: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let small = small.to_ascii_lowercase();
    let begins = |verbs: &[&str]| verbs.iter().any(|verb| small.starts_with(verb));
    let has_number = small.contains("phone") || small.contains("number");
    if begins(&["deactivatelead", "reactivatelead"])
        && (small.contains("leads") || small.ends_with("ids"))
        && !has_number
    {
        return Some(("for many leads at once", "send one request for each lead"));
    }
    if begins(&["moveleadbyphone", "moveleadphone", "moveleadbynumber"]) {
        return Some(("a move by phone number", "MoveLeadByRefId moves a lead by its reference"));
    }
    let read = ["getlead", "leadinfo", "readlead", "showlead"];
    let of_what = read.iter().find_map(|verb| small.strip_prefix(verb));
    if of_what
        .is_some_and(|what| ["", "info", "data", "details"].contains(&what) || is_by_ref(what))
    {
        return Some((
            "what a lead holds, by its reference",
            "the table leads of the admin listener shows leads",
        ));
    }
    let updates = begins(&["updatelead", "changelead", "setlead", "editlead"]);
    (updates && small.contains("phone") && !small.ends_with("leadid") && !small.ends_with("byid"))
        .then_some((
            "an update of a lead's phone",
            "AddLead makes a lead with another number, and changelead puts a live call on another \
             lead",
        ))
}

/// Whether a name ends in words for one lead's reference.
fn is_by_ref(small: &str) -> bool {
    ["ref", "refid", "reference", "referenceid"].iter().any(|it| small.ends_with(it))
}

/// Words before a value in a path, and the one that is meant.
pub(crate) const WORDS: &[(&str, &str)] = &[
    ("agent", "user"),
    ("agentid", "user"),
    ("userid", "user"),
    ("callid", "call"),
    ("number", "phone"),
    ("phonenumber", "phone"),
    ("phonenum", "phone"),
    ("telephone", "phone"),
    ("leadid", "lead"),
    ("lead", "leadphone"),
    ("phone", "leadphone"),
    ("leadphoneid", "leadphone"),
    ("phoneid", "leadphone"),
];
