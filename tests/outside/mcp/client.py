"""Asks `ringback mcp` by the protocol's own client, in the newest revision that both know and in the
handshake of the older ones. Every message is held to the protocol's schema by the client itself.

Run by tests/outside/mcp/run, which installs the client.
"""

import asyncio
import json
import subprocess
import sys
import urllib.request

import jsonschema
from mcp import Client, MCPError, StdioServerParameters

PROGRAM = sys.argv[1]

# How the client opens a conversation, and the revision that has to come of it.
MODES = (("auto", "2026-07-28"), ("legacy", "2025-11-25"))


def assistant(admin, mode, *args):
    server = StdioServerParameters(command=PROGRAM, args=["mcp", "--admin", admin, *args])
    return Client(server, mode=mode, read_timeout_seconds=30)


async def get(client, tool, /, **arguments):
    """Calls a tool that answers."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, (tool, arguments, result.content)
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


async def refused(client, tool, /, **arguments):
    """Calls a tool that cannot; what it says."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, (tool, arguments, result.structured_content)
    return result.content[0].text


async def every(ask, member):
    """All pages of a list."""
    found, cursor = [], None
    while True:
        page = await ask(cursor=cursor)
        found += getattr(page, member)
        cursor = page.next_cursor
        if cursor is None:
            return found


async def reads(admin, mode, revision):
    async with assistant(admin, mode) as client:
        assert client.protocol_version == revision, client.protocol_version
        assert client.server_info.name == "ringback"
        assert "list_exchanges" in client.instructions

        tools = await every(client.list_tools, "tools")
        for tool in tools:
            jsonschema.Draft202012Validator.check_schema(tool.input_schema)
            assert tool.description and tool.annotations.read_only_hint, tool.name
        assert "advance_clock" not in {tool.name for tool in tools}
        told = await refused(client, "advance_clock", by="1h")
        assert "without --writes" in told, told

        listed = await get(client, "list_exchanges", outcome="refused")
        why = listed["exchanges"][0]["why"]
        assert (why["rule"], why["at"]) == ("infocu5.json", "line 1, column 30 (byte 29)"), why
        assert "take away the comma" in why["hint"], why
        shown = await get(client, "show_exchange", seq=listed["exchanges"][0]["seq"])
        assert shown["response"]["status"] == 200
        verdict = await get(client, "verify", condition={"vendor": "infocu5", "never": True})
        assert verdict["verdict"] == "fail" and "found" in verdict["explanation"], verdict
        told = await refused(client, "list_exchanges", vendr="jtel")
        assert 'did you mean "vendor"?' in told, told

        uris = {str(it.uri) for it in await every(client.list_resources, "resources")}
        assert "ringback://contract/jtel/3.4" in uris
        templates = await every(client.list_resource_templates, "resource_templates")
        assert "ringback://contract/{vendor}/{section}" in {it.uri_template for it in templates}
        read = await client.read_resource("ringback://contract/jtel/3.4")
        assert read.contents[0].text.startswith("### 3.4 "), read
        for ask in (
            client.read_resource("ringback://contract/nobody"),
            client.call_tool("no_such_tool", {}),
        ):
            try:
                await ask
            except MCPError as error:
                assert error.message, error
            else:
                raise AssertionError("it was answered")


async def writes(admin, mode, world):
    async with assistant(admin, mode, "--writes", "--world", world) as client:
        for tool in await every(client.list_tools, "tools"):
            jsonschema.Draft202012Validator.check_schema(tool.input_schema)
            if not tool.annotations.read_only_hint:
                assert tool.annotations.destructive_hint is not None, tool.name
        await get(client, "make_world", name=world, clock="frozen@2026-03-02T09:00:00Z")
        moved = await get(client, "advance_clock", by="90m")
        assert moved["now"] == "2026-03-02T10:30:00Z", moved
        await get(client, "add_fault", rule={"then": "lose_reply", "on": {"vendor": "jtel"}})
        assert len((await get(client, "list_faults"))["faults"]) == 1
        await get(client, "delete_world", world=world)
        assert "there is no world" in await refused(client, "show_world")


async def nobody(mode):
    async with assistant("127.0.0.1:9", mode) as client:
        told = await refused(client, "list_worlds")
        assert "start a Ringback with `ringback serve`" in told, told


async def all_of_it(ready):
    request = urllib.request.Request(
        ready["listen"] + "/dialer/", data=b'{"affiliateID":"A7k2Qm9ZrT4x",}'
    )
    urllib.request.urlopen(request).read()
    for mode, revision in MODES:
        await reads(ready["admin"], mode, revision)
        await writes(ready["admin"], mode, f"of-{mode}")
        await nobody(mode)
        print(f"mcp: {revision} is spoken")


def main():
    command = [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
    command += ["--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as serving:
        asyncio.run(all_of_it(json.loads(serving.stdout.readline())))
        serving.stdin.close()


main()
