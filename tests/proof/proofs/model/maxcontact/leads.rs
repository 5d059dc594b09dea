//! Leads, their phones, and lead management (2.4).

use serde_json::Value;

use super::ask::{Refusal, Request, bad_number, parameter, refused};
use super::{CAMPAIGNS, LISTS, MaxContact};

#[derive(Debug)]
pub(super) struct Lead {
    pub(super) id: i64,
    pub(super) list: i64,
    pub(super) name: String,
    pub(super) name2: String,
    pub(super) reference: String,
    pub(super) status: &'static str,
    pub(super) is_priority: bool,
    pub(super) attempts: i64,
    pub(super) final_code: String,
}

#[derive(Debug)]
pub(super) struct Phone {
    pub(super) id: i64,
    pub(super) lead: i64,
    pub(super) number: String,
    pub(super) kind: i64,
    pub(super) is_dnc: bool,
    pub(super) categories: String,
}

/// A number that can be dialled.
pub(super) fn is_phone(number: &str) -> bool {
    (3..=20).contains(&number.len()) && number.bytes().all(|it| it.is_ascii_digit())
}

pub(super) fn no_lead(id: &str) -> Refusal {
    refused(34, "maxcontact.lead", format!("Lead {id} does not exist"))
}

impl MaxContact {
    pub(super) fn lead(&self, id: i64) -> Option<&Lead> {
        self.leads.iter().find(|it| it.id == id)
    }

    /// The newest lead with a number.
    pub(super) fn newest(&self, number: &str) -> Option<i64> {
        self.phones.iter().filter(|it| it.number == number).map(|it| it.lead).max()
    }

    /// The newest lead with a number, or a new one in the campaign's list.
    pub(super) fn lead_for(&mut self, number: &str, campaign: i64) -> i64 {
        self.newest(number).unwrap_or_else(|| self.new_lead_of(number, campaign))
    }

    pub(super) fn new_lead_of(&mut self, number: &str, campaign: i64) -> i64 {
        let list = CAMPAIGNS.iter().find(|it| it.0 == campaign).map_or(0, |it| it.2);
        let id = self.new_lead(list);
        self.new_phone(id, number, 0);
        id
    }

    fn new_lead(&mut self, list: i64) -> i64 {
        let id = self.next_lead;
        self.next_lead += 1;
        self.leads.push(Lead {
            id,
            list,
            name: String::new(),
            name2: String::new(),
            reference: String::new(),
            status: "active",
            is_priority: false,
            attempts: 0,
            final_code: String::new(),
        });
        id
    }

    fn new_phone(&mut self, lead: i64, number: &str, kind: i64) {
        let id = self.next_phone;
        self.next_phone += 1;
        self.phones.push(Phone {
            id,
            lead,
            number: number.to_owned(),
            kind,
            is_dnc: false,
            categories: String::new(),
        });
    }

    /// The body of `AddLead`, in JSON.
    pub(super) fn add_lead(&mut self, body: &Value) -> Result<(), Refusal> {
        let phones = body["LeadPhones"].as_array().map_or(&[][..], Vec::as_slice);
        if phones.is_empty() {
            return Err(parameter("LeadPhones"));
        }
        let number = |it: &Value| it["PhoneNum"].as_str().unwrap_or_default().to_owned();
        if let Some(bad) = phones.iter().map(number).find(|it| !is_phone(it)) {
            return Err(bad_number(&bad));
        }
        let list = body["ListID"].as_i64().filter(|it| LISTS.contains(it));
        let list = list.ok_or_else(|| parameter("ListID"))?;
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let id = self.new_lead(list);
        for phone in phones {
            self.new_phone(id, &number(phone), phone["PhoneTypeID"].as_i64().unwrap_or(0));
        }
        if let Some(lead) = self.leads.iter_mut().find(|it| it.id == id) {
            lead.name = text("Name");
            lead.name2 = text("Name2");
            lead.reference = text("ReferenceID");
            lead.is_priority = phones.iter().any(|it| it["IsHighPriority"] == true);
        }
        Ok(())
    }

    /// Leads that are named by a number, a reference or their id, in a list where one is given.
    fn named(&self, by: &str, key: &str, list: Option<i64>) -> Result<Vec<i64>, Refusal> {
        let is_meant = |lead: &&Lead| match by {
            "phone" => self.phones.iter().any(|it| it.lead == lead.id && it.number == key),
            "reference" => lead.reference == key && !key.is_empty(),
            _ => key.parse() == Ok(lead.id),
        };
        let found: Vec<i64> = self
            .leads
            .iter()
            .filter(is_meant)
            .filter(|it| list.is_none_or(|list| it.list == list))
            .map(|it| it.id)
            .collect();
        if found.is_empty() && !self.is("no_lead_matches", "ok") {
            return Err(no_lead(key));
        }
        Ok(found)
    }

    /// What is done to leads by their number, reference or id.
    pub(super) fn manage(
        &mut self,
        operation: &str,
        key: &str,
        request: &Request,
    ) -> Result<(), Refusal> {
        let by = match operation {
            "deactivate_lead_by_phone" | "dnc_lead_phone_number" | "reactivate_lead_by_phone" => {
                "phone"
            }
            "deactivate_lead_id" | "dnc_lead_id" | "reactivate_lead_by_lead_id" => "id",
            _ => "reference",
        };
        if operation == "move_lead_by_ref_id" {
            return self.move_leads(key, request);
        }
        // The query's types are the platform's matter, and it looks first.
        let list = if by == "id" { None } else { request.whole("listID")? };
        let takes_dnc = request.truth("reactivateDnc")?;
        match by {
            "id" => {
                self.path_number("leadId", key)?;
            }
            "phone" if !is_phone(key) => return Err(bad_number(key)),
            _ => {}
        }
        for id in self.named(by, key, list)? {
            self.mark(operation, id, key, takes_dnc, request);
        }
        Ok(())
    }

    fn mark(&mut self, operation: &str, id: i64, key: &str, takes_dnc: bool, request: &Request) {
        let Some(at) = self.leads.iter().position(|it| it.id == id) else { return };
        let is_dnc = self.leads[at].status == "dnc";
        let mine = self.phones.iter_mut().filter(|it| it.lead == id);
        match operation {
            "dnc_lead_phone_number" => {
                for phone in mine.filter(|it| it.number == key) {
                    phone.is_dnc = true;
                    request.text("dnccategories").clone_into(&mut phone.categories);
                }
            }
            "dnc_lead_id" => {
                self.leads[at].status = "dnc";
                for phone in mine {
                    phone.is_dnc = true;
                    phone.categories.clear();
                }
            }
            _ if operation.starts_with("deactivate") => self.leads[at].status = "inactive",
            _ if is_dnc && !takes_dnc => {}
            _ => {
                self.leads[at].status = "active";
                self.leads[at].final_code.clear();
                if takes_dnc {
                    for phone in mine {
                        phone.is_dnc = false;
                        phone.categories.clear();
                    }
                }
            }
        }
    }

    fn move_leads(&mut self, key: &str, request: &Request) -> Result<(), Refusal> {
        let new = request.whole("newListID")?;
        let old = request.whole("oldListID")?;
        let (resets, updates) = (request.truth("resetAttempts")?, request.truth("updateFinal")?);
        let is_known = |it: &i64| LISTS.contains(it) || self.is("unknown_list", "taken");
        let new = new.filter(is_known).ok_or_else(|| parameter("newListID"))?;
        for id in self.named("reference", key, old)? {
            if let Some(lead) = self.leads.iter_mut().find(|it| it.id == id) {
                lead.list = new;
                if resets {
                    lead.attempts = 0;
                }
                if updates {
                    request.text("finalCode").clone_into(&mut lead.final_code);
                }
            }
        }
        Ok(())
    }
}
