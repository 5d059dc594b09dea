//! The protocol's requests, and what is answered to each.

use std::sync::Arc;

use rmcp::ErrorData;
use rmcp::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ResourceContents,
    ServerCapabilities, ServerConfig, Tool as ListedTool, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::json;

use crate::cli::mcp::bounded::fitted;
use crate::cli::mcp::session::{Session, by_tools};
use crate::cli::mcp::tool::{Effect, Tool};
use crate::cli::mcp::{resources, tools};

/// Resources that are listed at once.
const PAGE_RESOURCES: usize = 100;

/// The server of one conversation.
#[derive(Debug)]
pub(super) struct Server {
    session: Session,
}

impl Server {
    pub(super) fn new(session: Session) -> Self {
        Server { session }
    }

    /// What an assistant is told before its first call.
    fn instructions(&self) -> String {
        let may = if self.session.writes() {
            "Tools that change worlds are there: make a world of your own rather than change one that \
             others use."
        } else {
            "Only reading is possible: it was started without --writes, which adds the tools that \
             change worlds (advance_clock, trigger_event, add_fault, make_world and others)."
        };
        format!(
            "Ringback stands in for the HTTP APIs of five telephony vendors (infocu5, jtel, maestro, \
             maxcontact, mor) while a client of theirs is written or tested. Where a client gets an \
             error, begin with list_exchanges (outcome=refused): each refusal has its reason as `why`, \
             with the place and the cure; show_exchange has headers and bodies. verify says whether a \
             request was made, and what came closest where not; list_findings what is wrong although it \
             was answered. explain, list_operations and read_contract tell the vendors' own rules, and \
             need no running Ringback. A call that names no world means {:?}. Tests that start a Ringback of their \
             own are not seen, unless they are led to this one by RINGBACK_ADMIN_URL={}. Credentials are \
             masked. {may}",
            self.session.world(),
            self.session.address()
        )
    }

    async fn called(
        &self,
        tool: &Tool,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<serde_json::Value, String> {
        if tool.effect.writes() && !self.session.writes() {
            return Err(format!(
                "{} changes a world, and `ringback mcp` was started without --writes: add that flag \
                 to its arguments, or set RINGBACK_MCP_WRITES=1 in its environment, if it may",
                tool.name
            ));
        }
        let sent = tool.read(request.arguments.unwrap_or_default())?;
        let reply = tokio::select! {
            reply = (tool.work)(&self.session, sent) => reply?,
            // Nobody waits for this any more.
            () = context.ct.cancelled() => return Err("cancelled".to_owned()),
        };
        Ok(fitted(reply, tool.rest))
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().build();
        let own = Implementation::new("ringback", env!("CARGO_PKG_VERSION")).with_title("Ringback");
        ServerConfig::new(capabilities).with_server_info(own).with_instructions(self.instructions())
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = tools::all(self.session.writes()).map(listed).collect();
        Ok(ListToolsResult::with_all_items(tools))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let tool = tools::named(&request.name, self.session.writes())
            .map_err(|told| ErrorData::invalid_params(told, None))?;
        let result = match self.called(tool, request, context).await {
            Ok(reply) => CallToolResult::structured(reply),
            Err(told) => CallToolResult::error(vec![ContentBlock::text(by_tools(&told))]),
        };
        Ok(result.into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        let offset = match &cursor {
            None => 0,
            Some(cursor) => cursor.parse::<usize>().map_err(|_| {
                let told = format!("the cursor {cursor:?} is none that was given");
                ErrorData::invalid_params(told, None)
            })?,
        };
        let all = resources::all();
        let next = offset.saturating_add(PAGE_RESOURCES);
        let next_cursor = (next < all.len()).then(|| next.to_string());
        let page = all.into_iter().skip(offset).take(PAGE_RESOURCES).collect();
        Ok(ListResourcesResult { next_cursor, ..ListResourcesResult::with_all_items(page) })
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read = resources::read(&request.uri).map_err(|told| {
            ErrorData::resource_not_found(by_tools(&told), Some(json!({ "uri": request.uri })))
        })?;
        let text = ResourceContents::text(read.text, request.uri).with_mime_type(read.media_type);
        Ok(ReadResourceResult::new(vec![text]).into())
    }
}

/// A tool as it is listed.
fn listed(tool: &'static Tool) -> ListedTool {
    let Tool { name, title, text, effect, .. } = *tool;
    // What it asks is a program of one's own, and no open world.
    let hints = ToolAnnotations::with_title(title).read_only(!effect.writes()).open_world(false);
    let hints = if effect.writes() {
        hints
            .destructive(matches!(effect, Effect::Puts | Effect::Takes))
            .idempotent(effect == Effect::Puts)
    } else {
        hints
    };
    ListedTool::new(name, text, Arc::new(tool.schema())).with_title(title).with_annotations(hints)
}
