//! Vendors, their tables, and what happens outside their APIs.

use http::StatusCode;
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::endpoint::read_fields;
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::{Problem, internal};
use crate::contract::event::EventError;
use crate::contract::vendor::Vendor;
use crate::sim::documents::openapi;
use crate::web::message::Response;

impl Admin {
    pub(crate) fn list_vendors(&self) -> Value {
        let vendors = self.worlds.vendors().0.iter().map(|vendor| {
            let surface = vendor.surface;
            let operations = surface.operations.iter().map(|operation| {
                json!({
                    "name": operation.name,
                    "method": operation.method,
                    "path": operation.path,
                    "text": operation.text,
                    "evidence": operation.evidence.grade(),
                    "source": operation.evidence.source(),
                })
            });
            json!({
                "name": surface.vendor,
                "title": surface.title,
                "paths": surface.prefixes,
                "operations": operations.collect::<Value>(),
                "tables": surface.tables.iter().map(|table| table.name).collect::<Value>(),
                "events": surface.events.iter().map(|event| event.name).collect::<Value>(),
            })
        });
        json!({ "vendors": vendors.collect::<Value>() })
    }

    fn vendor(&self, asked: &Asked) -> Result<&'static Vendor, Problem> {
        let name = asked.segment("vendor");
        let vendors = self.worlds.vendors();
        vendors.find(name).ok_or_else(|| {
            let known = vendors.0.iter().map(|vendor| vendor.surface.vendor);
            unknown("vendor", name, known)
        })
    }

    pub(crate) fn show_vendor_openapi(&self, asked: &Asked) -> Result<Response, Problem> {
        Ok(ok(&openapi::document(self.vendor(asked)?.surface)))
    }

    pub(crate) fn list_tables(&self, asked: &Asked) -> Result<Response, Problem> {
        self.world(asked)?;
        let surface = self.vendor(asked)?.surface;
        let tables = surface.tables.iter().map(|it| json!({ "name": it.name, "text": it.text }));
        Ok(ok(&json!({ "tables": tables.collect::<Value>() })))
    }

    pub(crate) async fn show_table(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let vendor = self.vendor(asked)?;
        let surface = vendor.surface;
        let name = asked.segment("table");
        let table = surface
            .table(name)
            .ok_or_else(|| unknown("table", name, surface.tables.iter().map(|table| table.name)))?;
        let offset = asked.number("offset").unwrap_or_default();
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let page = world.table(vendor, table, offset, asked.limit(), self.show_secrets).await;
        Ok(ok(&page.map_err(internal)?))
    }

    pub(crate) fn list_events(&self, asked: &Asked) -> Result<Response, Problem> {
        self.world(asked)?;
        let surface = self.vendor(asked)?.surface;
        let events = surface.events.iter().map(|event| {
            let fields = event.fields.iter().map(|it| json!({ "name": it.name, "text": it.text }));
            json!({ "name": event.name, "text": event.text, "fields": fields.collect::<Value>() })
        });
        Ok(ok(&json!({ "events": events.collect::<Value>() })))
    }

    pub(crate) async fn send_event(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let vendor = self.vendor(asked)?;
        let surface = vendor.surface;
        let name = asked.segment("event");
        let event = surface
            .event(name)
            .ok_or_else(|| unknown("event", name, surface.events.iter().map(|event| event.name)))?;
        let body = asked.body();
        let row = read_fields(event.fields, event.name, body)?;
        let detail = json!({ "event": event.name, "fields": body });
        match world.event(vendor, event.name, &row, detail).await {
            Ok((seq, value)) => Ok(ok(&json!({ "seq": seq, "result": value }))),
            Err(EventError::Refused(reason)) => {
                Err(Problem::new(StatusCode::CONFLICT, "event-refused", reason))
            }
            Err(EventError::Internal(error)) => Err(internal(error)),
        }
    }
}

fn unknown(what: &str, name: &str, known: impl Iterator<Item = &'static str>) -> Problem {
    Problem::unknown(StatusCode::NOT_FOUND, what, name, &known.collect::<Vec<_>>())
}
