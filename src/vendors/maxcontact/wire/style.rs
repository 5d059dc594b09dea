//! How an answer is written: its format, and the spelling within it.

use crate::contract::cx::Cx;
use crate::vendors::maxcontact::model::Zone;
use crate::vendors::maxcontact::variants::{JsonDate, JsonTypeHints};
use crate::vendors::maxcontact::wire::format::Format;
use crate::web::message::Request;

/// All that the writers need to know beside the values.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(crate) format: Format,
    pub(crate) namespace: String,
    pub(crate) zone: Zone,
    pub(crate) iso_dates: bool,
    pub(crate) type_hints: bool,
}

impl Style {
    pub(crate) fn of(cx: &Cx<'_>, request: &Request, namespace: String, zone: Zone) -> Self {
        Style {
            format: Format::of(request, cx.variant()),
            namespace,
            zone,
            iso_dates: cx.variant::<JsonDate>() == JsonDate::Iso,
            type_hints: cx.variant::<JsonTypeHints>() == JsonTypeHints::On,
        }
    }
}
