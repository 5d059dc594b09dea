"""A running program: started by `start`, or there already (`connect`).

Not here: what one world is asked (`_world`), how worlds are made (`_making`).
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Callable, NoReturn, Protocol, cast
from urllib.parse import urlsplit

from ringback import _environ
from ringback._binary import find_binary
from ringback._checked import mapping, texts
from ringback._errors import ArgumentError, BinaryError, ProblemError, RingbackError, StartError, hidden
from ringback._making import Made, Scenario, make, served
from ringback._names import Vendor
from ringback._process import Process, new_folder, no_room
from ringback._shapes import Entry, Switch, WorldInfo
from ringback._times import clock_word
from ringback._version import VERSION
from ringback._wire import Wire, world_path
from ringback._world import World, entries

__all__ = ["Ringback", "Watcher", "connect", "start"]

__tracebackhide__ = hidden

START_TIMEOUT = 30.0
"""Seconds until it must be ready: a scenario of a million rows takes ten on a slow machine."""

_ENDING = 2.0
"""Seconds until it is known that a program which answers nobody any more has ended: mostly a moment."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts of an address that is this machine's own."""


class Watcher(Protocol):
    """Who looks on as worlds come and go: the pytest plugin."""

    def makes(self, name: str) -> None:
        """A world of that name is about to be made."""
        ...

    def deletes(self, world: World) -> None:
        """The world is about to be deleted."""
        ...

    def keeps(self, world: World, failing: bool) -> bool:
        """Whether a world stays although its block ends."""
        ...

    def judges(self, world: World) -> bool:
        """Whether a strict world is to be judged when its block ends: not where what used it failed."""
        ...


class Ringback:
    """A program that serves worlds. As a context manager it ends with its block, if it was started here."""

    def __init__(
        self,
        wire: Wire,
        listen: str,
        process: Process | None,
        begin: Callable[[], Process] | None = None,
    ) -> None:
        self.wire = wire
        self.listen = listen
        """The address of the vendors' listener, `http://127.0.0.1:PORT`."""
        self.made: list[str] = []
        """The names of the worlds that were made here and not deleted here, in their order."""
        self.watcher: Watcher | None = None
        self._begin = begin
        self._process = process
        self._folder: str | None = process.folder if process else None
        self._trust: tuple[str, str] | None = None
        self._numbers = itertools.count(1)
        self._exit_code: int | None = None
        self._surface: Mapping[str, Any] | None = None
        self._processes: list[str] | None = None
        atexit.register(self.close)

    def __repr__(self) -> str:
        return f"<ringback.Ringback at {self.listen}, admin {self.admin}>"

    def __getstate__(self) -> NoReturn:
        raise TypeError(
            "a Ringback cannot be pickled, as for another process: it belongs to the one that started it."
            f" The other makes its own handle: {self._elsewhere()}"
        )

    def _elsewhere(self) -> str:
        """The call by which another process has a handle of the same program. The token is not told."""
        token = "" if self.wire.token is None else ", token=…"
        return f"ringback.connect({self.admin!r}, url={self.listen!r}{token})"

    def __enter__(self) -> Ringback:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def admin(self) -> str:
        """The address of the control plane; a browser shows its page there."""
        return self.wire.base

    @property
    def pid(self) -> int | None:
        """Of the program, if it was started here."""
        return self._process.pid if self._process else None

    @property
    def binary(self) -> str | None:
        """The program's path, if it was started here."""
        return self._process.binary if self._process else None

    @property
    def ready(self) -> dict[str, Any]:
        """Its ready line, with every address; empty if it was not started here."""
        return dict(self._process.ready) if self._process else {}

    def is_alive(self) -> bool:
        """Whether it answers, or, started here, runs."""
        if self._process is not None:
            return self._process.is_alive()
        with contextlib.suppress(RingbackError):
            # A balancer says it in a word of its own.
            return bool(self.wire.text("/livez"))
        return False

    def log(self) -> str:
        """What it wrote to stderr, if it was started here; also where it has ended on its own."""
        return self._process.log() if self._process else ""

    def ended(self) -> str:
        """How it ended, in words, if it was started here; empty while it runs."""
        return self._process.ended() if self._process else ""

    def restart(self) -> None:
        """Starts it anew where it was started here and has ended, on other ports. Its worlds are gone."""
        if self._begin is None or self._exit_code is not None or self.is_alive():
            return
        before, self._process = self._process, self._begin()
        process = self._process
        if before is not None:
            before.end()
        self._folder, self._trust = process.folder, None
        self.listen, self.wire = str(process.ready["listen"]), _wired(process)
        self.made.clear()

    def close(self) -> int:
        """Ends it if it was started here, with SIGTERM, and returns its exit code: 1 where the run of a
        strict default world was not as expected. A second call does nothing."""
        atexit.unregister(self.close)
        if self._exit_code is None:
            self._exit_code = self._process.end() if self._process else 0
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
        return self._exit_code

    def leave(self) -> None:
        """Lets it run on when this process ends; from now on it is ended by `kill PID`."""
        atexit.unregister(self.close)
        self._exit_code = 0
        if self._process is not None:
            self._process.leave()

    # Worlds.

    def world(
        self,
        name: str | None = None,
        *,
        scenario: Scenario | None = None,
        seed: int | None = None,
        clock: str | Mapping[str, Any] | None = None,
        variants: Mapping[str, Mapping[str, str]] | None = None,
        strict: bool | None = None,
        expect: Sequence[Mapping[str, Any]] | None = None,
        claims: Sequence[str] | None = None,
        ttl: str | None = None,
    ) -> World:
        """Makes a world. The scenario is a name that the program knows (`demo` where left out), a file, a
        mapping, or TOML as text of several lines. `clock` is `"real"`, `"frozen"` (from 2026-03-02 09:00
        UTC), `"frozen@2026-05-04T08:00:00Z"` or `"scaled:60"`; where left out it is the scenario's own, the
        real one where that says nothing. The fixture `ringback_world` freezes it then."""
        if claims and self.wire.is_balanced:
            raise ArgumentError(
                "claims: there are several processes here, and the balancer before them leads nobody by"
                " credentials; give the client the world's url(…), or its proxies(), which name the world"
            )
        name = name or self._free_name()
        wanted = "demo" if scenario is None else scenario
        if self.watcher is not None:
            self.watcher.makes(name)
        listen = "127.0.0.1:0" if self._has_ports() else None
        made = Made(wanted, seed, clock, variants, strict, expect, claims, ttl, listen)
        make(self.wire, name, made, self.binary)
        self.made.append(name)
        return World(self, name)

    def _free_name(self) -> str:
        """A name that nobody has. Of those who share a program two may have one process id, in containers."""
        others = "" if self._process is not None else f"-{secrets.token_hex(4)}"
        return f"w{os.getpid()}-{next(self._numbers)}{others}"

    def get(self, name: str = "default") -> World:
        """A world that is there."""
        self.wire.get(world_path(name))
        return World(self, name)

    @property
    def default(self) -> World:
        """The world that requests are for which name none."""
        return World(self, "default")

    def worlds(self) -> list[WorldInfo]:
        """All worlds; of those that do not serve, `state` and `why` say it. Behind a balancer those of all
        processes, each with its `process`."""
        return [
            WorldInfo.of(it, process)
            for process in self._each()
            for it in self._get_of(process, "/v1/worlds").get("worlds") or []
        ]

    def processes(self) -> list[str]:
        """The names of the processes, where a balancer stands before several; else none."""
        if not self.wire.is_balanced:
            return []
        if self._processes is None:
            self._processes = self._told_of_processes()
        return list(self._processes)

    def _told_of_processes(self) -> list[str]:
        """What is of each process is refused with their names."""
        try:
            self.wire.get("/v1/worlds")
        except ProblemError as error:
            named = error.problem.get("processes")
            if not isinstance(named, list):
                raise
            return [str(it) for it in named]
        # One process behind something that says its name.
        return []

    def _each(self) -> Sequence[str | None]:
        """Whom to ask for what is of each process; nobody by name where there is one."""
        return self.processes() or [None]

    def _get_of(
        self, process: str | None, path: str, query: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """What one process has; one that is down is named."""
        try:
            return self.wire.get(path, query, process=process)
        except ProblemError as error:
            if process is None or process in error.detail:
                raise
            problem = {**error.problem, "detail": f"{process}: {error.detail}"}
            raise ProblemError(problem, error.call) from None

    # What it knows.

    def unmatched(
        self, *, after: int = 0, last: int | None = None, process: str | None = None
    ) -> list[Entry]:
        """Requests that no world or vendor took, and TLS handshakes that came to nothing. Behind a balancer
        those of one process, or of all, one after the other; each counts by itself, so that `after` is of
        one."""
        if after and process is None and self.processes():
            raise ArgumentError(
                "unmatched(): there are several processes here, and each counts what nobody took by itself;"
                f" expected process= beside after={after}, one of {', '.join(self.processes())}"
            )
        return [
            Entry.of(it)
            for one in ([process] if process is not None else self._each())
            for it in entries(partial(self._get_of, one, "/v1/journal"), after, last, {})
        ]

    def variants(self) -> list[Switch]:
        """The switches of all vendors."""
        return [
            Switch(
                vendor=str(of["vendor"]),
                name=str(it["name"]),
                text=str(it.get("text") or ""),
                default=str(it.get("default")),
                values=tuple(str(value["name"]) for value in it.get("values") or []),
                operations=_operations(it),
            )
            for of in self.wire.get("/v1/variants").get("vendors") or []
            for it in of.get("variants") or []
        ]

    def vendors(self) -> list[Vendor]:
        """The vendors' names."""
        return [cast(Vendor, str(it["name"])) for it in self._told().get("vendors") or []]

    def _told(self) -> Mapping[str, Any]:
        """What the program tells of its vendors; asked for once, since they stay the same."""
        if self._surface is None:
            self._surface = self.wire.get("/v1/vendors")
        return self._surface

    def _has_ports(self) -> bool:
        """Whether worlds get a port each: where this process has inherited what leads by address alone, and
        ports can be reached, since the program runs on this machine."""
        if not _environ.is_led():
            return False
        return self._process is not None or _environ.is_of_run(self.listen, self._told())

    @property
    def ca_file(self) -> str:
        """A file with the certificate that clients of HTTPS are to trust."""
        return self.trust()[0]

    def trust(self) -> tuple[str, str]:
        """A file with the certificate to trust, and an empty folder for those who also look into one."""
        if self._trust is None:
            if self._folder is None:
                self._folder = new_folder()
            authority = os.path.join(self._folder, "ca.pem")
            no_roots = os.path.join(self._folder, "no-roots")
            text = self.wire.text("/ca.pem")
            try:
                with open(authority, "w", encoding="ascii") as file:
                    file.write(text)
                os.makedirs(no_roots, exist_ok=True)
            except OSError as error:
                raise no_room(f"the file {authority} of whom to trust", error) from None
            self._trust = authority, no_roots
        return self._trust


def start(
    scenario: Scenario | None = None,
    *,
    seed: int | None = None,
    clock: str | Mapping[str, Any] | None = None,
    strict: bool = False,
    hosts: Mapping[str, str | Sequence[str]] | None = None,
    arguments: Sequence[str] = (),
    binary: str | None = None,
    listen: str = "127.0.0.1:0",
    admin: str = "127.0.0.1:0",
    timeout: float = START_TIMEOUT,
) -> Ringback:
    """Starts the program on free ports and waits until it is ready.

    Scenario, seed, clock and `strict` are the default world's. `hosts` gives vendors names beside their
    own: `{"jtel": "portal.example.test"}`. `arguments` are further ones of `ringback serve`. It ends
    with `close()`, with its block, or with this process, also when that is killed.
    """
    path = binary or find_binary()
    if not os.path.isfile(path) or not os.access(path, os.X_OK):
        raise BinaryError(f"{path!r} is no file that can be executed")
    words = ["--listen", listen, "--admin", admin]
    if seed is not None:
        words += ["--seed", str(seed)]
    if clock is not None:
        words += ["--clock", clock_word(clock)]
    if strict:
        words.append("--strict")
    for vendor, names in mapping("hosts", hosts or {}, "{'jtel': 'portal.example.test'}").items():
        for name in [names] if isinstance(names, str) else texts(f"hosts: {vendor}", names):
            words += ["--host", f"{vendor}={name}"]
    words += texts("arguments", arguments)

    def begin() -> Process:
        folder = new_folder()
        try:
            given = [] if scenario is None else ["--", served(scenario, folder)]
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Process.start(path, [*words, *given], timeout, folder)

    try:
        process = begin()
    except StartError as error:
        raise (_of_hosts(error) if hosts else None) or error from None
    return Ringback(_wired(process), str(process.ready["listen"]), process, begin)


def _of_hosts(error: StartError) -> StartError | None:
    """What the program says of its option `--host`, told of the argument that it came from."""
    found = re.search(r"--host (?!<)(.*)|invalid value '(.*)' for '--host <HOST>': (.*)", error.log)
    if found is None:
        return None
    told = found[1] or f"{found[2]}: {found[3]}"
    return StartError(f"hosts: {told}", error.log, error.exit_code)


def _wired(process: Process) -> Wire:
    return Wire(str(process.ready["admin"]), ended=partial(process.ended, _ENDING))


def connect(admin: str | None = None, *, url: str | None = None, token: str | None = None) -> Ringback:
    """A program that runs already: its control plane (`RINGBACK_ADMIN_URL` where left out) and the
    vendors' listener (`RINGBACK_URL`; else what a program on this machine tells; else port 8080 of the same
    host, as of a balancer). The token is that of `RINGBACK_ADMIN_TOKEN` where left out. It goes on when this
    process ends."""
    admin = admin or os.environ.get("RINGBACK_ADMIN_URL") or "http://127.0.0.1:8081"
    wire = Wire(admin, token or os.environ.get("RINGBACK_ADMIN_TOKEN") or None)
    version = wire.get("/version").get("version")
    if version != VERSION:
        raise BinaryError(f"at {wire.base} is Ringback {version}, and this package is for {VERSION}")
    url = url or os.environ.get("RINGBACK_URL") or _listener(wire)
    return Ringback(wire, url.rstrip("/"), None)


def _listener(wire: Wire) -> str:
    """Where the vendors are of a program that runs already. One in a container tells an address within."""
    host = urlsplit(wire.base).hostname or "127.0.0.1"
    told = next(iter(_environ.listeners(wire.get("/v1/vendors"))), "")
    # What one of several processes tells leads past the balancer, to its own worlds alone.
    if not wire.is_balanced and host in _LOOPBACK and urlsplit(told).hostname in _LOOPBACK:
        return told
    return f"http://[{host}]:8080" if ":" in host else f"http://{host}:8080"


def _operations(variant: Mapping[str, Any]) -> tuple[str, ...] | None:
    told = variant.get("operations")
    return tuple(str(it) for it in told) if isinstance(told, list) else None
