"""The pytest plugin. It is an entry point: there is nothing to import or to configure.

Fixtures `ringback`, `ringback_world`, `ringback_environ`; the mark `ringback`; the options
`--ringback-keep`, `--ringback-capsule`, `--ringback-variants`, `--ringback-admin`. Under pytest-xdist each
worker has a program of its own: it starts in milliseconds and takes 16 MB, and a worker that dies takes
nobody's else with it.
Where `RINGBACK_ADMIN_URL` or the option names one that runs, as `ringback run` does, all use that.

Not here: the mark (`_pytest_mark`), the report (`_pytest_report`), capsules (`_pytest_capsules`), the
switches (`_pytest_variants`).
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shlex
import ssl
import sys
from collections.abc import Generator, Iterator
from dataclasses import asdict
from typing import Any

import pytest

from ringback._checked import switches
from ringback._errors import ArgumentError, ProblemError, RingbackError, UnreachableError
from ringback._making import is_text
from ringback._pytest_capsules import Capsules
from ringback._pytest_mark import Wish, wish_of
from ringback._pytest_report import Since, sections
from ringback._pytest_variants import PASSED, POSITION, WORLD, Tally, run
from ringback._ringback import Ringback, connect, start
from ringback._times import STARTS_AT
from ringback._world import World

if pytest.version_tuple < (8,):
    raise pytest.UsageError(
        f"ringback's plugin needs pytest 8 or newer, found {pytest.__version__};"
        " `-p no:ringback` switches it off"
    )

RUNNING = pytest.StashKey[Ringback]()
_SINCE = pytest.StashKey[tuple[Since, int]]()
_FAILED = pytest.StashKey[bool]()
_KEPT = pytest.StashKey[list[dict[str, Any]]]()
_CAPSULES = pytest.StashKey[Capsules]()
_DIVIDED = pytest.StashKey[list[dict[str, str]]]()
_TALLY = pytest.StashKey[Tally]()
_TOLD = pytest.StashKey[list[dict[str, Any]]]()
_OWN_CLOCK = pytest.StashKey[dict[str, bool]]()

_NAME_MAX = 58
"""Characters of a world's name, of the 63 that it may have: room for a number behind it."""

_SAME_NAME_MAX = 1000
"""Worlds of one name, the kept ones of earlier runs included."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options and settings."""
    group = parser.getgroup("ringback", "Ringback, a stand-in for telephony vendors")
    group.addoption(
        "--ringback-keep",
        action="store_true",
        help="leave the worlds of failed tests, and the program with them, and say where they are",
    )
    group.addoption(
        "--ringback-capsule",
        metavar="FOLDER",
        help="write there, for each failed test, a file with which `ringback replay` does again elsewhere"
        " what its client did",
    )
    group.addoption(
        "--ringback-variants",
        action="store_true",
        help="run each test again under each other reading of the vendors' papers that it touches",
    )
    group.addoption(
        "--ringback-admin",
        metavar="URL",
        help="use the Ringback whose control plane is there (its listener: RINGBACK_URL), and start none;"
        " RINGBACK_ADMIN_URL where left out, which `ringback run` sets",
    )
    parser.addini("ringback_scenario", "the scenario of tests that name none (demo)", default="demo")
    parser.addini(
        "ringback_hosts",
        "host names of vendors beside their own, a line each: jtel=portal.example.test",
        type="linelist",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declares the mark."""
    config.addinivalue_line(
        "markers",
        "ringback(scenario, seed, clock, strict, expect, variants, faults, claims): what the test's"
        " world (fixture ringback_world) is made of",
    )
    config.stash[_KEPT] = []
    config.stash[_DIVIDED] = []
    folder = config.getoption("ringback_capsule")
    if folder:
        _check_capsules(config)
        config.stash[_CAPSULES] = Capsules(str(folder))
    config.stash[_TALLY] = Tally()
    config.stash[_OWN_CLOCK] = {}


def _check_capsules(config: pytest.Config) -> None:
    """A capsule is written when its program ends, by the program that was there all along."""
    if config.getoption("ringback_keep"):
        raise pytest.UsageError(
            "--ringback-capsule: expected it without --ringback-keep, with which the program runs on"
        )
    if config.getoption("ringback_admin") or os.environ.get("RINGBACK_ADMIN_URL"):
        raise pytest.UsageError(
            "--ringback-capsule: expected a program of the test run's own; of one that runs already,"
            " `ringback run --capsule` and `ringback serve --capsule` write one"
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the program, or lets it run on where worlds are kept."""
    ringback = config.stash.get(RUNNING, None)
    if ringback is None:
        return
    if config.stash[_KEPT]:
        ringback.leave()
    else:
        ringback.close()


def _running(config: pytest.Config) -> Ringback:
    """The test run's program, started when it is first asked for unless there is one."""
    ringback = config.stash.get(RUNNING, None)
    if ringback is None:
        option = config.getoption("ringback_admin")
        admin = option or os.environ.get("RINGBACK_ADMIN_URL")
        if admin:
            try:
                ringback = connect(str(admin))
            except UnreachableError as error:
                name = "--ringback-admin" if option else "RINGBACK_ADMIN_URL"
                raise UnreachableError(f"{error}; {name} names it") from error
        else:
            hosts: dict[str, list[str]] = {}
            for line in config.getini("ringback_hosts"):
                vendor, _, host = str(line).partition("=")
                hosts.setdefault(vendor.strip(), []).append(host.strip())
            capsules = config.stash.get(_CAPSULES, None)
            ringback = start(
                hosts={vendor: names for vendor, names in hosts.items()},
                arguments=capsules.arguments if capsules else (),
            )
        config.stash[RUNNING] = ringback
    return ringback


# Fixtures.


@pytest.fixture(scope="session")
def ringback(pytestconfig: pytest.Config) -> Ringback:
    """One running Ringback for the whole test run; its worlds are made by `ringback.world(…)`."""
    try:
        return _running(pytestconfig)
    except RingbackError as error:
        reason = f"{type(error).__name__}: {error}"
    # Each test has it again, and where it was raised helps nobody.
    pytest.fail(reason, pytrace=False)


@pytest.fixture
def ringback_world(request: pytest.FixtureRequest, ringback: Ringback) -> Iterator[World]:
    """A world of the test's own, named after it, with a frozen clock; see the mark `ringback`."""
    item = request.node
    wish = wish_of(item)
    try:
        world, reason = _made(item, ringback, wish), None
    except (ArgumentError, ProblemError) as error:
        world, reason = None, str(error)
    # Not within the block: the error would be told twice.
    if world is None:
        pytest.fail(f"no world can be made of the mark ringback: {reason}", pytrace=False)
    item.stash[WORLD] = world
    try:
        yield world
    finally:
        if item.config.getoption("ringback_keep") and item.stash.get(_FAILED, False):
            config = item.config
            position = item.stash.get(POSITION, None)
            test = item.nodeid if position is None else f"{item.nodeid} with {position}"
            kept = {"test": test, "world": world.name, "url": world.url()}
            config.stash[_KEPT].append({**kept, "admin": ringback.admin, "pid": ringback.pid})
        else:
            with contextlib.suppress(RingbackError):
                world.delete(missing_ok=True)


@pytest.fixture
def ringback_environ(ringback_world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Leads a client as it is to the test's world: proxy variables and whom to trust are set for the
    test. Returns what was set. Clients are to be made after it: many read the variables then."""
    _lead_aiohttp(ringback_world, monkeypatch)
    variables = ringback_world.environ()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if "urllib.request" in sys.modules:
        # `urlopen` keeps the proxies that it found at its first call.
        monkeypatch.setattr("urllib.request._opener", None)
    return variables


def _lead_aiohttp(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """aiohttp reads no proxy variables unless told so, and reads whom to trust once, when imported."""
    if importlib.util.find_spec("aiohttp") is None:
        return
    import aiohttp
    import aiohttp.connector

    defaults = aiohttp.ClientSession.__init__.__kwdefaults__
    if defaults is not None and "trust_env" in defaults:
        monkeypatch.setitem(defaults, "trust_env", True)
    if hasattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED"):
        context = ssl.create_default_context(cafile=world.ringback.ca_file)
        context.set_alpn_protocols(("http/1.1",))
        monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", context)


# Worlds.


def _made(item: pytest.Item, ringback: Ringback, wish: Wish) -> World:
    variants = switches(wish.variants or {})
    position = item.stash.get(POSITION, None)
    if position is not None:
        variants.setdefault(position.vendor, {})[position.switch] = position.value
    name = _free_name(ringback, item.name)
    clock = wish.clock
    if clock is None and not _has_own_clock(item.config, ringback, name, wish):
        clock = {"mode": "frozen", "at": STARTS_AT}
    world = ringback.world(
        name,
        scenario=wish.scenario,
        seed=wish.seed,
        clock=clock,
        variants=variants or None,
        strict=wish.strict,
        expect=wish.expect,
        claims=wish.claims,
    )
    try:
        wish.add_faults(world)
    except BaseException:
        world.delete(missing_ok=True)
        raise
    return world


def _has_own_clock(config: pytest.Config, ringback: Ringback, name: str, wish: Wish) -> bool:
    """Whether a scenario says how its clock runs: then it is left so, and else frozen. A world is made
    of it to see, once for each scenario."""
    known = config.stash[_OWN_CLOCK]
    key = repr(wish.scenario)
    if key not in known or is_text(wish.scenario):
        world = ringback.world(name, scenario=wish.scenario)
        known[key] = world.clock().mode != "real"
        world.delete()
    return known[key]


def _free_name(ringback: Ringback, test: str) -> str:
    base = re.sub(r"[^a-z0-9_]+", "-", test.lower()).strip("-_")[:_NAME_MAX].rstrip("-_") or "test"
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker and ringback.pid is None:
        # Workers that share a program would take one another's names between the look and the making.
        base = f"{base[: _NAME_MAX - len(worker) - 1]}-{worker}"
    for number in range(1, _SAME_NAME_MAX):
        name = base if number == 1 else f"{base}-{number}"
        try:
            ringback.get(name)
        except ProblemError as error:
            if error.status == 404:
                return name
            raise
    raise RingbackError(f"there are {_SAME_NAME_MAX} worlds called {base}, {base}-2, …; delete some")


# Running and reporting.


def _uses(item: pytest.Item) -> bool:
    return "ringback" in getattr(item, "fixturenames", ())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Runs a test under more than one reading, where that is asked for."""
    if not item.config.getoption("ringback_variants") or "ringback_world" not in getattr(
        item, "fixturenames", ()
    ):
        return None
    run(item, nextitem, item.config.stash[_TALLY])
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remembers where the journals stand that tests share."""
    item.stash[_FAILED] = item.stash[PASSED] = False
    if WORLD in item.stash:
        del item.stash[WORLD]
    ringback = item.config.stash.get(RUNNING, None)
    if not _uses(item):
        return
    since, n_made = Since(), 0
    if ringback is not None:
        n_made = len(ringback.made)
        with contextlib.suppress(RingbackError):
            unmatched = ringback.unmatched(last=1)
            since = Since(ringback.default.last_seq(), unmatched[-1].seq if unmatched else 0)
    item.stash[_SINCE] = since, n_made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fails a test whose strict world's run was not as expected."""
    result = yield
    world = item.stash.get(WORLD, None)
    if world is not None:
        strict = world.findings().strict
        if strict is not None and strict.verdict != "pass":
            pytest.fail(strict.explanation, pytrace=False)
        if strict is not None:
            _past_it(item, world)
    return result


def _past_it(item: pytest.Item, world: World) -> None:
    """Fails a strict test whose client went past its world: to `default`, which nobody judges."""
    ringback, since = world.ringback, item.stash[_SINCE][0]
    # What others ask of a program that is not the test run's own says nothing of this test.
    if ringback.pid is None:
        return
    strayed = [it for it in ringback.default.journal(after=since.default) if it.is_exchange]
    if strayed:
        plural = "" if len(strayed) == 1 else "s"
        pytest.fail(
            f"the test is strict, and {len(strayed)} request{plural} went to the world default, past its own:"
            f" give the client {world.url()} as its base, or its proxy variables (ringback_environ)",
            pytrace=False,
        )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds to a failure what happened in the test's worlds."""
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed and not hasattr(report, "wasxfail")
    if not report.failed:
        return report
    item.stash[_FAILED] = True
    ringback = item.config.stash.get(RUNNING, None)
    if ringback is not None and _SINCE in item.stash:
        since, n_made = item.stash[_SINCE]
        keeps = bool(item.config.getoption("ringback_keep"))
        options = " --ringback-variants" if POSITION in item.stash else ""
        worlds = ringback.made[n_made:]
        for section in sections(ringback, worlds, since, item.nodeid, keeps, options):
            report.sections.append(section)
        capsules = item.config.stash.get(_CAPSULES, None)
        if capsules is not None:
            position = item.stash.get(POSITION, None)
            test = item.nodeid if position is None else f"{item.nodeid} with {position}"
            capsules.fail(ringback, test, worlds, report.longreprtext)
    return report


# The end of the test run; what workers tell the one that started them.


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Writes capsules. In a worker: hands on what is to be told."""
    config = session.config
    capsules, ringback = config.stash.get(_CAPSULES, None), config.stash.get(RUNNING, None)
    if capsules is not None and ringback is not None:
        ringback.close()
        config.stash[_DIVIDED] = capsules.divide()
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output["ringback_kept"] = config.stash[_KEPT]
        output["ringback_capsules"] = config.stash[_DIVIDED]
        output["ringback_tally"] = asdict(config.stash[_TALLY])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """With pytest-xdist, in the process that the workers tell: one of them has ended."""
    output = getattr(node, "workeroutput", None) or {}
    stash = node.config.stash
    stash[_TOLD] = [*stash.get(_TOLD, []), *output.get("ringback_kept", [])]
    stash[_DIVIDED] += output.get("ringback_capsules", [])
    if "ringback_tally" in output:
        stash[_TALLY].add(output["ringback_tally"])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Says what was kept, and what the switches came to."""
    tally = config.stash[_TALLY]
    if config.getoption("ringback_variants"):
        terminalreporter.section("ringback: other readings of the vendors' papers")
        terminalreporter.write_line(
            f"{_counted(tally.tests, 'test')} ran again under"
            f" {_counted(tally.runs, 'other position')} of switches;"
            f" {len(tally.failed)} of these runs failed"
        )
        for line in tally.failed:
            terminalreporter.write_line(f"  {line}")
    kept = [*config.stash[_KEPT], *config.stash.get(_TOLD, [])]
    if kept:
        terminalreporter.section("ringback: worlds that were kept")
        for it in kept:
            terminalreporter.write_line(f"{it['test']}")
            terminalreporter.write_line(f"  {it['url']}")
            terminalreporter.write_line(f"  ringback journal --admin {it['admin']} --world {it['world']}")
        for pid in dict.fromkeys(it["pid"] for it in kept if it["pid"]):
            terminalreporter.write_line(f"end it with: kill {pid}")
    capsules = config.stash[_DIVIDED]
    if capsules:
        terminalreporter.section("ringback: capsules of failed tests")
        for told in capsules:
            terminalreporter.write_line(told["test"])
            line = (
                f"ringback replay {shlex.quote(told['file'])}"
                if "file" in told
                else f"none: {told['reason']}"
            )
            terminalreporter.write_line(f"  {line}")


def _counted(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
