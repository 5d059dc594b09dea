//! The keys that a hash may have been made with, and whose they are.

use std::borrow::Cow;

use crate::base::planted::{self, Fault as Planted};
use crate::contract::cx::Cx;
use crate::vendors::mor::method::Method;
use crate::vendors::mor::model::{Caller, Reseller, Settings};
use crate::vendors::mor::params::Asked;
use crate::vendors::mor::store::users;
use crate::vendors::mor::variants::HashU;

/// The key that counts: the reseller's for a reseller and their users, else the administrator's,
/// also where nobody knows who calls (mor 1.3).
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyOwner<'o> {
    pub(crate) settings: &'o Settings,
    pub(crate) reseller: Option<&'o Reseller>,
}

/// The values of a method's listed parameters as they came, in the listed order. Absent and empty
/// ones add nothing.
pub(crate) fn listed<'c>(asked: &Asked<'c>, method: &Method) -> Vec<(&'static str, Cow<'c, str>)> {
    let given = |name: &&'static str| asked.given(name).map(|value| (*name, value));
    method.hashed.iter().filter_map(given).collect()
}

/// Which readings of the list are taken: with `u`, without it, or both.
pub(crate) fn readings(cx: &Cx<'_>) -> &'static [bool] {
    if planted::is(Planted::HashWithoutItsUser) {
        return &[true, false];
    }
    match cx.variant() {
        HashU::Listed => &[true],
        HashU::Excluded => &[false],
        HashU::Either => &[true, false],
    }
}

impl<'o> KeyOwner<'o> {
    pub(crate) fn of(settings: &'o Settings, caller: Option<&'o Caller>) -> Self {
        KeyOwner { settings, reseller: caller.and_then(|caller| caller.reseller.as_ref()) }
    }

    pub(crate) fn key(self) -> &'o str {
        self.reseller.map_or(&self.settings.secret_key, |reseller| &reseller.secret_key)
    }

    pub(crate) fn name(self) -> String {
        match self.reseller {
            None => "the administrator".into(),
            Some(reseller) => format!("reseller {:?}", reseller.username),
        }
    }

    /// The global switch holds for all, a reseller's for the reseller and their users.
    pub(crate) fn disables_hash(self) -> bool {
        self.settings.disable_hash || self.reseller.is_some_and(|reseller| reseller.disable_hash)
    }

    pub(crate) fn uniquehash(self, cx: &Cx<'_>) -> rusqlite::Result<Cow<'o, str>> {
        match self.reseller {
            Some(reseller) => Ok(Cow::Borrowed(&reseller.uniquehash)),
            None => users::admin_uniquehash(cx.db()).map(Cow::Owned),
        }
    }
}
