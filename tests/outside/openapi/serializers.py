"""Writes bodies of the media types that Schemathesis does not know."""

import schemathesis


@schemathesis.serializer("application/vnd.sqlite3")
def database(ctx, value):
    """Whatever bytes are made up stand in the place of a file."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/toml", "application/vnd.sqlite3")
def whole(ctx, response):
    """A file is a value by itself."""
    return response.content.decode("utf-8", "replace")
