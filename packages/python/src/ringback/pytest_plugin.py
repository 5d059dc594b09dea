"""The pytest plugin. It is an entry point: there is nothing to import or to configure.

Fixtures `ringback`, `ringback_world`, `ringback_environ`; the mark `ringback`; the options
`--ringback-keep`, `--ringback-capsule`, `--ringback-variants`, `--ringback-admin`. Under pytest-xdist each
worker has a program of its own: it starts in milliseconds and takes 16 MB, and a worker that dies takes
nobody's else with it.
Where `RINGBACK_ADMIN_URL` or the option names one that runs, as `ringback run` does, all use that.

Not here: the mark (`_pytest_mark`), the report (`_pytest_report`), capsules (`_pytest_capsules`), the
switches (`_pytest_variants`), worlds as they come and go (`_pytest_watch`).
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import secrets
import shlex
import ssl
import sys
import unicodedata
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict
from typing import Any

import pytest

from ringback._checked import switches
from ringback._errors import ArgumentError, ProblemError, RingbackError, StartError, UnreachableError
from ringback._making import is_text
from ringback._pytest_capsules import Capsules
from ringback._pytest_mark import Wish, wish_of
from ringback._pytest_report import never_struck, rule_line, sections, told_by
from ringback._pytest_variants import PASSED, POSITION, WORLD, Tally, by_switch, run
from ringback._pytest_watch import Seen, Since, Watch
from ringback._ringback import Ringback, connect, start
from ringback._shapes import Findings, Strict
from ringback._times import STARTS_AT
from ringback._world import World

if pytest.version_tuple < (8,):
    raise pytest.UsageError(
        f"ringback's plugin needs pytest 8 or newer, found {pytest.__version__};"
        " `-p no:ringback` switches it off"
    )

RUNNING = pytest.StashKey[Ringback]()
_SINCE = pytest.StashKey[Since]()
_WATCH = pytest.StashKey[Watch]()
_KEPT = pytest.StashKey[list[dict[str, Any]]]()
_CAPSULES = pytest.StashKey[Capsules]()
_DIVIDED = pytest.StashKey[list[dict[str, str]]]()
_TALLY = pytest.StashKey[Tally]()
_TOLD = pytest.StashKey[list[dict[str, Any]]]()
_FAIL_ON = pytest.StashKey[list[str]]()
_OWN_CLOCK = pytest.StashKey[dict[str, bool]]()

_NAME_MAX = 58
"""Characters of a world's name, of the 63 that it may have: room for a number behind it."""

_TAKEN = "a world is already called"
"""How the program says that a name is another world's."""

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
        "ringback(scenario, seed, clock, strict, expect, variants, faults, claims, fail_on): what the test's"
        " world (fixture ringback_world) is made of",
    )
    config.stash[_KEPT] = []
    config.stash[_DIVIDED] = []
    folder = config.getoption("ringback_capsule")
    config.stash[_WATCH] = Watch(bool(config.getoption("ringback_keep")), whole=bool(folder))
    _hosts(config)
    if folder:
        _check_capsules(config)
        try:
            config.stash[_CAPSULES] = Capsules(str(folder))
        except OSError as error:
            raise pytest.UsageError(
                f"--ringback-capsule: expected a folder that can be written to, found {folder}:"
                f" {error.strerror}"
            ) from None
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


def _hosts(config: pytest.Config) -> dict[str, list[str]]:
    """The setting `ringback_hosts`, by vendor."""
    hosts: dict[str, list[str]] = {}
    for line in config.getini("ringback_hosts"):
        vendor, _, host = (part.strip() for part in str(line).partition("="))
        if not vendor or not host:
            raise pytest.UsageError(
                "ringback_hosts: expected a vendor and a name, such as jtel=portal.example.test,"
                f" found {line!r}"
            )
        hosts.setdefault(vendor, []).append(host)
    return hosts


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the program, or lets it run on where worlds are kept."""
    ringback = config.stash.get(RUNNING, None)
    if ringback is None:
        return
    if any("url" in it for it in config.stash[_KEPT]):
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
            ringback = _started(config)
        ringback.watcher = config.stash[_WATCH]
        config.stash[RUNNING] = ringback
    return ringback


def _started(config: pytest.Config) -> Ringback:
    hosts, capsules = _hosts(config), config.stash.get(_CAPSULES, None)
    try:
        return start(
            hosts={vendor: names for vendor, names in hosts.items()},
            arguments=capsules.arguments if capsules else (),
        )
    except StartError as error:
        text = str(error)
        if not text.startswith("hosts: "):
            raise
        raise StartError(f"the setting ringback_{text}", error.log, error.exit_code) from None


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
        item.stash[_FAIL_ON] = wish.words()
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
        if not item.config.stash[_WATCH].keeps(world, failing=False):
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
    clock = wish.clock
    if clock is None and not _has_own_clock(item.config, ringback, wish):
        clock = {"mode": "frozen", "at": STARTS_AT}

    def make(name: str) -> World:
        return ringback.world(
            name,
            scenario=wish.scenario,
            seed=wish.seed,
            clock=clock,
            variants=variants or None,
            strict=wish.strict,
            expect=wish.expect,
            claims=wish.claims,
        )

    world = _named(ringback, item.name, make)
    try:
        wish.add_faults(world)
    except BaseException:
        world.delete(missing_ok=True)
        raise
    return world


def _has_own_clock(config: pytest.Config, ringback: Ringback, wish: Wish) -> bool:
    """Whether a scenario's clock stands or is scaled: then it is left so, and else frozen. A world is made of
    it to see, once for each scenario."""
    known = config.stash[_OWN_CLOCK]
    key = repr(wish.scenario)
    if key not in known or is_text(wish.scenario):
        # One that is said to be real is that of a scenario which says nothing: they cannot be told apart.
        world = ringback.world(f"clock-{secrets.token_hex(8)}", scenario=wish.scenario)
        known[key] = world.clock().mode != "real"
        world.delete()
        config.stash[_WATCH].forget(world.name)
    return known[key]


def _plain(test: str) -> str:
    """What can be read of a test's name in that of a world; a letter with a mark is one without."""
    letters = "".join(it for it in unicodedata.normalize("NFKD", test) if not unicodedata.combining(it))
    return re.sub(r"[^a-z0-9_]+", "-", letters.lower()).strip("-_")[:_NAME_MAX].rstrip("-_") or "test"


def _named(ringback: Ringback, test: str, make: Callable[[str], World]) -> World:
    """Makes a world of a name that nobody has, by which a person knows a test. Two may well come to one: in
    other letters, with a beginning as long as a name, in two runs at once."""
    base = _plain(test)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker and ringback.pid is None:
        # Workers that share a program would come to one another's names all the time.
        base = f"{base[: _NAME_MAX - len(worker) - 1]}-{worker}"
    for number in range(1, _SAME_NAME_MAX):
        name = base if number == 1 else f"{base}-{number}"
        try:
            ringback.get(name)
        except ProblemError as error:
            if error.status != 404:
                raise
        else:
            continue
        try:
            return make(name)
        except ProblemError as error:
            # Somebody else has made one of that name between the look and the making.
            if _TAKEN not in error.detail:
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
    item.stash[PASSED] = False
    if WORLD in item.stash:
        del item.stash[WORLD]
    ringback = item.config.stash.get(RUNNING, None)
    if not _uses(item):
        return
    if ringback is not None:
        _revive(item, ringback)
    item.stash[_SINCE] = item.config.stash[_WATCH].begin(_test(item), ringback)


def _test(item: pytest.Item) -> str:
    """What a test is called, with the switch that is turned in this run of it."""
    position = item.stash.get(POSITION, None)
    return item.nodeid if position is None else f"{item.nodeid} with {position}"


def _revive(item: pytest.Item, ringback: Ringback) -> None:
    """A program that ended on its own is started anew: one test is the worse for it, not all that follow."""
    how = ringback.ended()
    # One that cannot be started is told by the test's fixtures, as one that has ended.
    with contextlib.suppress(RingbackError):
        ringback.restart()
    if not how or not ringback.is_alive():
        return
    item.warn(
        pytest.PytestWarning(
            f"ringback: {how} before this test, and was started anew; worlds that outlast a test are gone"
        )
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fails a test whose strict world's run was not as expected."""
    try:
        result = yield
    except (KeyboardInterrupt, pytest.exit.Exception):
        # Of what ends the whole test run pytest makes no report; it may be a client that hangs.
        _tell_at_once(item)
        raise
    world = item.stash.get(WORLD, None)
    if world is None:
        _mark_is_read(item)
    else:
        strict = _findings(item, world).strict
        if strict is not None:
            _is_as_expected(strict, "")
            _past_it(item, world)
            _faults_struck(world)
        _fails_on(item, world)
    ringback = item.config.stash.get(RUNNING, None)
    if ringback is not None and _SINCE in item.stash and not ringback.ended():
        _others_are_as_expected(item, ringback)
    return result


def _mark_is_read(item: pytest.Item) -> None:
    """A mark of the test's own that nothing was made of would be green whatever it says. One of its class or
    its module may be for others."""
    if any(mark.name == "ringback" for mark in item.own_markers):
        pytest.fail(
            "the mark ringback says what the world of the fixture ringback_world is made of, and this test"
            " has none: take ringback_world, or give the mark's settings to ringback.world(…)",
            pytrace=False,
        )


def _findings(item: pytest.Item, world: World) -> Findings:
    """Those of a test's world, also where the test has deleted it."""
    try:
        return world.findings()
    except RingbackError as error:
        gone = item.config.stash[_WATCH].gone(world.name)
        if gone is not None:
            return gone.findings
        reason = f"{type(error).__name__}: {error}"
    pytest.fail(f"the test's world cannot be judged: {reason}", pytrace=False)


def _fails_on(item: pytest.Item, world: World) -> None:
    """Fails a test for what its mark names beside."""
    words = item.stash[_FAIL_ON]
    if not words:
        return
    gone = item.config.stash[_WATCH].gone(world.name)
    journal = world.journal() if gone is None else gone.journal
    findings = _findings(item, world)
    strays = 0
    # What others ask of a program that is not the test run's own says nothing of this test.
    if world.ringback.pid is not None:
        strays = len(world.ringback.unmatched(after=item.stash[_SINCE].unmatched.get(None, 0)))
    lines = [line for word in words for line in told_by(word, journal, findings, strays)]
    if lines:
        told = "\n".join(f"  {it}" for it in lines)
        pytest.fail(f"the test fails by the key fail_on of its mark:\n{told}", pytrace=False)


def _is_as_expected(strict: Strict, lead: str) -> None:
    if strict.verdict != "pass":
        pytest.fail(f"{lead}{strict.explanation}", pytrace=False)


def _others_are_as_expected(item: pytest.Item, ringback: Ringback) -> None:
    """Judges the strict worlds that the test made or had from a fixture, as far as it goes: what is to happen
    in them may do so until their block ends, where they are judged whole."""
    own = item.stash.get(WORLD, None)
    for world, after in item.config.stash[_WATCH].lasting(ringback):
        if own is not None and world.name == own.name:
            continue
        with contextlib.suppress(RingbackError):
            strict = world.findings().strict
            unexpected = () if strict is None else [it for it in strict.unexpected if it.seq > after]
            if unexpected:
                told = Strict("fail", tuple(unexpected), len(unexpected), ()).explanation
                pytest.fail(f"world {world.name}: {told}", pytrace=False)


def _faults_struck(world: World) -> None:
    """Fails a strict test that asked for a fault which never struck: it is no test of it. One that is drawn
    by chance, or that waits for a client that asks for too much, may well not."""
    try:
        faults, journal = world.faults(), world.journal()
    except RingbackError:
        return
    # A world that was set back counts anew.
    if any(it.action in ("reset", "reseed", "rollback") for it in journal):
        return
    idle = [
        it
        for it in never_struck(faults)
        if it.get("id") in world.added_faults
        and it.get("then") != "rate_limit"
        and "probability" not in (it.get("on") or {})
    ]
    if idle:
        told = "\n".join(f"  {rule_line(it)}" for it in idle)
        pytest.fail(
            "the test is strict, and a fault that it asked for never struck (clear_faults() takes away what"
            f" was not to):\n{told}",
            pytrace=False,
        )


def _past_it(item: pytest.Item, world: World) -> None:
    """Fails a strict test whose client went past its world: to `default`, which nobody judges."""
    ringback, since = world.ringback, item.stash[_SINCE]
    # What others ask of a program that is not the test run's own says nothing of this test.
    if ringback.pid is None:
        return
    strayed = []
    with contextlib.suppress(RingbackError):
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
    if report.failed:
        _tell(item, report)
    if report.when == "teardown":
        item.config.stash[_WATCH].end()
    return report


def _tell_at_once(item: pytest.Item) -> None:
    reporter: Any = item.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    # While a test runs, what the reporter writes is taken for the test's.
    capture: Any = item.config.pluginmanager.get_plugin("capturemanager")
    shown = contextlib.nullcontext() if capture is None else capture.global_and_fixture_disabled()
    with contextlib.suppress(RingbackError), shown:
        for name, text in _seen_and_told(item)[1]:
            reporter.ensure_newline()
            reporter.section(name, sep="-")
            reporter.line(text)


def _tell(item: pytest.Item, report: pytest.TestReport) -> None:
    failed = report.longreprtext
    worlds, told = _seen_and_told(item)
    # As part of the failure itself: files of results leave other sections out, and so does --show-capture=no.
    add = getattr(report.longrepr, "addsection", None)
    if add is None:
        report.sections += told
    else:
        for name, text in told:
            add(name, text, sep="-")
    capsules, ringback = item.config.stash.get(_CAPSULES, None), item.config.stash.get(RUNNING, None)
    if capsules is not None and ringback is not None and _SINCE in item.stash:
        capsules.fail(ringback, _test(item), worlds, failed)


def _seen_and_told(item: pytest.Item) -> tuple[list[Seen], list[tuple[str, str]]]:
    """The worlds of a test that did not pass, and what is told of them."""
    ringback = item.config.stash.get(RUNNING, None)
    if ringback is None or _SINCE not in item.stash:
        return [], []
    watch = item.config.stash[_WATCH]
    used = {it.name for it in getattr(item, "funcargs", {}).values() if isinstance(it, World)}
    try:
        worlds = watch.seen(ringback, used)
    except RingbackError:
        worlds = []
        # That the program has ended is told by itself.
        if ringback.is_alive():
            with contextlib.suppress(RingbackError):
                worlds = watch.seen(ringback, ())
    watch.fail(worlds)
    keeps = bool(item.config.getoption("ringback_keep"))
    # From where pytest was called, which need not be the root of the project.
    file = os.path.relpath(item.path, item.config.invocation_params.dir)
    again = shlex.quote("::".join([file.replace(os.sep, "/"), *item.nodeid.split("::")[1:]]))
    again += " --ringback-variants" if POSITION in item.stash else ""
    return worlds, list(sections(ringback, worlds, item.stash[_SINCE], again, keeps))


# The end of the test run; what workers tell the one that started them.


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Writes capsules. In a worker: hands on what is to be told."""
    config = session.config
    capsules, ringback = config.stash.get(_CAPSULES, None), config.stash.get(RUNNING, None)
    if ringback is not None:
        config.stash[_KEPT] = config.stash[_WATCH].kept(ringback)
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
        for line in [*(f"  {it}" for it in tally.failed), *by_switch(tally.failed)]:
            terminalreporter.write_line(line)
    kept = [*config.stash[_KEPT], *config.stash.get(_TOLD, [])]
    if kept:
        terminalreporter.section("ringback: worlds that were kept")
        for it in kept:
            terminalreporter.write_line(f"{it['test']}")
            if it.get("replaced"):
                terminalreporter.write_line(
                    f"  none: a later test made a world {it['world']} in its place; run it alone"
                )
                continue
            terminalreporter.write_line(f"  {it['url']}")
            terminalreporter.write_line(
                f"  {it['command']} journal --admin {it['admin']} --world {it['world']}"
            )
        for pid in dict.fromkeys(it["pid"] for it in kept if it["pid"]):
            terminalreporter.write_line(f"end it with: kill {pid}")
    capsules = config.stash[_DIVIDED]
    if capsules:
        terminalreporter.section("ringback: capsules of failed tests")
        for told in capsules:
            terminalreporter.write_line(told["test"])
            line = (
                f"{told['command']} replay {shlex.quote(told['file'])}"
                if "file" in told
                else f"none: {told['reason']}"
            )
            terminalreporter.write_line(f"  {line}")


def _counted(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
