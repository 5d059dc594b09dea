"""The pytest plugin, in projects of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import is_running, needed, until

import ringback
from ringback._pytest_report import _reason
from ringback._pytest_variants import by_switch
from ringback._shapes import Entry

EXAMPLE = Path(__file__).parent.parent / "example"
SNAPSHOTS = Path(__file__).parent / "snapshots"

LOCKS = """
    import urllib.request

    def lock(world, path="/rest/v1.0/7/dialler/contacts/contact/301501/lock"):
        headers = {"Authorization": "Bearer SIMTOKEN-7A"}
        request = urllib.request.Request(world.url("jtel") + path, headers=headers, method="PATCH")
        urllib.request.urlopen(request, timeout=20).close()
"""


@pytest.fixture(autouse=True)
def _as_at_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest cuts its own messages at a desk and tells them whole in CI; the snapshots are a desk's. And no
    Ringback runs there already."""
    for name in "CI", "BUILD_NUMBER", "PYTEST_XDIST_WORKER", "RINGBACK_ADMIN_URL", "RINGBACK_URL":
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def example(pytester: pytest.Pytester) -> Path:
    shutil.copytree(EXAMPLE, pytester.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return pytester.path


def run(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *words)


def plant(example: Path, right: str, wrong: str) -> None:
    file = example / "dialler.py"
    text = file.read_text()
    assert right in text
    file.write_text(text.replace(right, wrong))


def test_the_example_is_green(pytester: pytest.Pytester, example: Path) -> None:
    run(pytester).assert_outcomes(passed=10)


def test_the_example_is_green_on_four_workers(pytester: pytest.Pytester, example: Path) -> None:
    needed("xdist")
    run(pytester, "-n", "4").assert_outcomes(passed=10)


def test_a_planted_bug_is_told(pytester: pytest.Pytester, example: Path) -> None:
    """The client hashes the key before the parameters: the output alone says so."""
    plant(example, 'f"{user}{campaign}{key}"', 'f"{key}{user}{campaign}"')
    result = run(pytester, "-q", "-k", "poll_results", "--tb=line")
    result.assert_outcomes(failed=1, deselected=9)
    text = _masked(result.stdout.str(), pytester.path)
    snapshot = SNAPSHOTS / "planted_bug.txt"
    if os.environ.get("RINGBACK_SNAPSHOTS") == "write":
        snapshot.write_text(text)
    assert text == snapshot.read_text()


def _masked(text: str, root: Path) -> str:
    text = text.replace(str(root), "ROOT")
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
    text = re.sub(r"in \d+\.\d+s", "in TIMEs", text)
    # The width of a heading and the order of lines above the section are pytest's own.
    lines = [re.sub(r"^(-+|=+) (.*?) (-+|=+)$", r"--- \2 ---", line) for line in text.splitlines()]
    begin = next(it for it, line in enumerate(lines) if "ringback: world" in line)
    return "\n".join(lines[begin:]) + "\n"


def test_a_path_that_no_operation_takes_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LOCKS
        + """
    def test_lock(ringback_world):
        lock(ringback_world, "/rest/v1.0/7/dialler/contacts/301501/lock")
    """
    )
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*ringback: world test_lock*",
            "1 exchange; clock frozen, 2026-03-02T09:00:00Z",
            "no operation took:",
            "*PATCH /w/test_lock/jtel/rest/v1.0/7/dialler/contacts/301501/lock -> 404 refused",
            "*did you mean PATCH /rest/v1.0/7/dialler/contacts/contact/301501/lock?*",
            "look at it:",
            "  pytest *::test_lock --ringback-keep",
        ]
    )


def test_a_mark_that_makes_no_sense_says_why_and_nothing_else(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.ringback(faults=[{"then": "loose_reply"}])
        def test_fault(ringback_world):
            pass

        @pytest.mark.ringback(faults=5)
        def test_faults(ringback_world):
            pass

        @pytest.mark.ringback(clock="frozen@2026-03-02")
        def test_clock(ringback_world):
            pass

        @pytest.mark.ringback(variants={"jtel.pick": "highest_id"})
        def test_variants(ringback_world):
            pass
        """
    )
    result = run(pytester)
    result.assert_outcomes(errors=4)
    result.stdout.fnmatch_lines(
        [
            'no world can be made of the mark ringback: *did you mean "lose_reply"*',
            "no world can be made of the mark ringback: faults: expected a list of rules*found the number 5",
            "no world can be made of the mark ringback: clock: expected a time such as *",
            "no world can be made of the mark ringback: variants: expected a mapping by vendor*",
        ]
    )
    text = result.stdout.str()
    assert "there is no world called" not in text
    assert "During handling" not in text
    assert "JSON" not in text


def test_positions_that_look_like_numbers_are_pinned_and_turned(pytester: pytest.Pytester) -> None:
    """Of a scenario file, too, which the program reads."""
    pytester.path.joinpath("mine.toml").write_text('extends = "demo"\n')
    pytester.makepyfile(
        LOCKS
        + """
    import pytest

    pytestmark = pytest.mark.ringback(scenario="mine.toml")

    @pytest.mark.ringback(variants={"jtel": {"wrong_method": "404"}})
    def test_pinned(ringback_world):
        assert ringback_world.variants()["jtel"]["wrong_method"] == "404"

    def test_turned(ringback_world):
        lock(ringback_world)
    """
    )
    result = run(pytester, "--ringback-variants")
    text = result.stdout.str()
    failed = re.findall(r"test_turned with (\S+)", text)
    assert all(it.startswith("jtel.lock_methods=") for it in failed), text
    assert "no value called" not in text


def test_requests_that_went_elsewhere_are_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import urllib.request

        def test_astray(ringback_world):
            listen = ringback_world.ringback.listen
            for path in "/nobodys", "/rest/v1.0/7/dialler/contacts":
                try:
                    urllib.request.urlopen(listen + path, timeout=20)
                except OSError:
                    pass
            raise AssertionError

        def test_another(ringback_world):
            raise AssertionError
        """
    )
    result = run(pytester)
    result.stdout.fnmatch_lines(
        [
            "*requests that reached no world of this test*",
            "no world or vendor took:",
            "*GET /nobodys -> 404 refused",
            "went to the world default: give the client http://127.0.0.1:*/w/test_astray as its base*",
            "*GET /rest/v1.0/7/dialler/contacts -> 401 refused",
        ]
    )
    assert result.stdout.str().count("reached no world") == 1


def test_a_test_that_passes_says_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LOCKS + "    def test_lock(ringback_world):\n        lock(ringback_world)\n")
    result = run(pytester)
    result.assert_outcomes(passed=1)
    assert "ringback:" not in result.stdout.str()


def test_the_mark_makes_the_world(pytester: pytest.Pytester) -> None:
    pytester.mkpydir("deep")
    (pytester.path / "deep" / "beside.toml").write_text('extends = "demo"\ntitle = "beside"\n')
    clock = '{ mode = "scaled", rate = 60, at = "2026-05-04T08:00:00Z" }'
    (pytester.path / "root.toml").write_text(f'title = "root"\nclock = {clock}\n')
    (pytester.path / "deep" / "test_marks.py").write_text(
        """
import pytest
pytestmark = pytest.mark.ringback(scenario="beside.toml", seed=3)

def test_module(ringback_world):
    info = ringback_world.info()
    assert (info.title, info.seed, info.clock_mode) == ("beside", 3, "frozen")
    assert info.now == "2026-03-02T09:00:00Z"

@pytest.mark.ringback(scenario="root.toml")
def test_nearest(ringback_world):
    info = ringback_world.info()
    assert (info.title, info.seed, info.clock_mode) == ("root", 3, "scaled")

@pytest.mark.ringback(clock="real", variants={"jtel": {"pick": "highest_id"}})
@pytest.mark.ringback(faults=["flaky", {"then": "fail"}])
def test_rest(ringback_world):
    assert ringback_world.clock().mode == "real"
    assert ringback_world.variants()["jtel"]["pick"] == "highest_id"
    assert len(ringback_world.faults()) >= 2

@pytest.mark.parametrize("what", ["Ä b/c", "x" * 200])
def test_names(ringback_world, what):
    assert ringback_world.name.startswith("test_names-")

def test_one_process(ringback, ringback_world):
    assert [it.name for it in ringback.worlds()] == ["default", "test_one_process"]
"""
    )
    run(pytester).assert_outcomes(passed=6)


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("scenaro='demo'", "the mark ringback has no 'scenaro'*did you mean scenario?"),
        ("'demo'", "the mark ringback takes names*"),
        ("scenario='none.toml'", "there is no scenario file 'none.toml'; looked for it at *"),
        ("scenario='nosuch'", '*there is no scenario called "nosuch"*'),
        ("faults=['nosuch']", "*expected*"),
        ("scenario={'jtel': {'campain': 1}}", '*scenario#/jtel/campain: unknown key "campain"*'),
    ],
)
def test_a_wrong_mark_is_told(pytester: pytest.Pytester, mark: str, told: str) -> None:
    pytester.makepyfile(
        f"import pytest\n@pytest.mark.ringback({mark})\ndef test_it(ringback_world):\n    pass\n"
    )
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{told}"])


def test_a_scenario_is_a_file_beside_the_test_whatever_its_ending(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("own.tml").write_text("title = 'Own'\nextends = 'demo'\n")
    pytester.makepyfile("""
        import pytest

        @pytest.mark.ringback(scenario="own.tml")
        def test_own(ringback_world):
            assert ringback_world.info().title == "Own"

        @pytest.mark.ringback(scenario="sync.tml")
        def test_none(ringback_world):
            pass
    """)
    result = run(pytester)
    result.assert_outcomes(passed=1, errors=1)
    file = pytester.path / "sync.tml"
    result.stdout.fnmatch_lines([f'*there is no scenario called "sync.tml"*; nor is there a file {file}'])


def test_a_strict_test_fails_on_what_was_not_expected(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "    import pytest\n"
        + LOCKS
        + """
    @pytest.mark.ringback(strict=True)
    def test_refused(ringback_world):
        try:
            lock(ringback_world, "/rest/v1.0/7/dialler/contacts/contact/1/lock")
        except OSError:
            pass

    @pytest.mark.ringback(strict=True, expect=[{"operation": "import_contact", "at_least": 1}])
    def test_unmet(ringback_world):
        lock(ringback_world)

    @pytest.mark.ringback(strict=True, expect=[{"why": "jtel.contact", "at_least": 1}])
    def test_expected(ringback_world):
        try:
            lock(ringback_world, "/rest/v1.0/7/dialler/contacts/contact/1/lock")
        except OSError:
            pass
    """
    )
    result = run(pytester)
    result.assert_outcomes(failed=2, passed=1)
    result.stdout.fnmatch_lines(["strict: fail", "*404 refused", "*refused (jtel.contact)*"])
    result.stdout.fnmatch_lines(["*at least 1*import_contact*"])


def test_a_strict_test_fails_whose_client_goes_past_its_world(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "    import pytest\n"
        + LOCKS
        + """
    @pytest.mark.ringback(strict=True)
    def test_past(ringback, ringback_world):
        lock(ringback.default)

    def test_shared(ringback, ringback_world):
        lock(ringback.default)
    """
    )
    result = run(pytester)
    result.assert_outcomes(failed=1, passed=1)
    told = "the test is strict, and 1 request went to the world default, past its own: give the client"
    result.stdout.fnmatch_lines([f"{told} http*/w/test_past *"])


def test_an_expectation_that_nobody_would_judge_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.mark.ringback(expect=[{"operation": "import_contact", "at_least": 1}])
        def test_unmet(ringback_world):
            pass
    """)
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*expect needs strict=True: only a strict world's run is judged by it*"])


def test_worlds_of_failed_tests_are_kept(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LOCKS
        + """
    def test_bad(ringback_world):
        lock(ringback_world)
        raise AssertionError

    def test_good(ringback_world):
        pass
    """
    )
    result = run(pytester, "--ringback-keep")
    result.assert_outcomes(failed=1, passed=1)
    text = result.stdout.str()
    found = re.search(r"end it with: kill (\d+)", text)
    assert found is not None
    pid = int(found[1])
    try:
        (command,) = set(re.findall(r"ringback (journal --admin \S+ --world \S+)", text))
        done = subprocess.run([ringback.find_binary(), *command.split()], capture_output=True, check=True)
        assert b"lock_contact_by_id" in done.stdout or b"/lock" in done.stdout
        admin = command.split()[2]
        assert [it.name for it in ringback.connect(admin).worlds()] == ["default", "test_bad"]
    finally:
        os.kill(pid, signal.SIGTERM)
    until(lambda: not is_running(pid), "the program ends")


def test_kept_worlds_of_workers_are_told(pytester: pytest.Pytester) -> None:
    needed("xdist")
    pytester.makepyfile("def test_bad(ringback_world):\n    raise AssertionError\n")
    result = run(pytester, "--ringback-keep", "-n", "1")
    found = re.search(r"end it with: kill (\d+)", result.stdout.str())
    assert found is not None
    os.kill(int(found[1]), signal.SIGTERM)
    until(lambda: not is_running(int(found[1])), "the program ends")


def test_other_readings_are_tried(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import urllib.request
        import pytest

        torn_down = []

        @pytest.fixture(scope="module")
        def lasting():
            yield
            torn_down.append("module")

        @pytest.fixture
        def own():
            yield
            torn_down.append("own")

        def body(world):
            headers = {"Authorization": "Bearer SIMTOKEN-7A"}
            address = world.url("jtel") + "/rest/v1.0/7/dialler/contacts/301501"
            with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20) as it:
                return it.read()

        def test_depends(ringback_world, lasting, own):
            assert b'"status":200}' in body(ringback_world)
            assert b'.000Z' in body(ringback_world)

        @pytest.mark.ringback(variants={"jtel": {"date_style": "z_millis"}})
        def test_pinned(ringback_world, lasting):
            assert b'.000Z' in body(ringback_world)
            assert torn_down.count("own") > 20
            assert "module" not in torn_down

        def test_fails_anyway(ringback_world):
            assert torn_down[-1] == "own"
            body(ringback_world)
            raise AssertionError

        def test_touches_nothing(ringback_world):
            pass
        """
    )
    result = run(pytester, "--ringback-variants")
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] == 3
    assert outcomes["failed"] >= 2
    result.stdout.fnmatch_lines(["*test_depends with jtel.date_style=*", "*ringback: with jtel.date_style=*"])
    result.stdout.fnmatch_lines(["FAILED *::test_depends - with jtel.date_style=*"])
    result.stdout.fnmatch_lines(
        ["*2 tests ran again under * other positions of switches; * of these runs failed"]
    )
    assert "test_pinned with jtel.date_style" not in result.stdout.str()
    assert "test_fails_anyway with" not in result.stdout.str()


def test_failures_of_other_readings_are_grouped_by_their_switch() -> None:
    failed = [
        "a.py::test_b[c with d=e] with jtel.lock_methods=put",
        "a.py::test_b[c with d=e] with jtel.lock_methods=post",
        "a.py::test_c with mor.hash_u=excluded",
        "a.py::test_c with jtel.lock_methods=put",
    ]
    assert by_switch(failed) == [
        "by switch:",
        "     3  jtel.lock_methods (put, post) in 2 tests",
        "     1  mor.hash_u (excluded) in 1 test",
    ]
    # Of each switch one: the lines above say it all.
    assert by_switch(failed[2:]) == []


def test_other_readings_on_workers_and_with_a_limit(pytester: pytest.Pytester, example: Path) -> None:
    needed("xdist")
    result = run(pytester, "--ringback-variants", "-n", "2", "-k", "poll_results or is_read")
    result.stdout.fnmatch_lines(
        [
            "2 tests ran again under * other positions of switches; 1 of these runs failed",
            "*mor.hash_u=excluded",
        ]
    )
    assert run(pytester, "--ringback-variants", "-x", "-k", "poll").parseoutcomes()["failed"] == 1


def test_one_that_runs_already(
    pytester: pytest.Pytester, simulator: ringback.Ringback, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed("xdist")
    monkeypatch.setenv("RINGBACK_URL", simulator.listen)
    pytester.makepyfile(
        test_a="def test_it(ringback, ringback_world):\n    assert ringback.pid is None\n",
        test_b="def test_it(ringback, ringback_world):\n    assert ringback.pid is None\n",
    )
    run(pytester, "--ringback-admin", simulator.admin, "-n", "2").assert_outcomes(passed=2)
    assert simulator.is_alive()
    assert "test_it" not in [it.name for it in simulator.worlds()]


def test_within_ringback_run_the_one_that_runs_is_used(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LOCKS
        + """
    def test_lock(ringback, ringback_world):
        assert ringback.pid is None
        lock(ringback_world)

    def test_none_is_left(ringback):
        assert [it.name for it in ringback.worlds()] == ["default"]
    """
    )
    pytest_again = sys.executable, "-m", "pytest", "-p", "no:cacheprovider"
    result = pytester.run(
        ringback.find_binary(), "run", "--fail-on", "refused,unmatched", "--", *pytest_again
    )
    result.assert_outcomes(passed=2)
    result.stderr.fnmatch_lines(["ringback: jtel: 1 ok", "ringback: client 0, verdict pass, exit code 0"])
    assert result.ret == 0


def test_the_option_comes_before_the_variable(
    pytester: pytest.Pytester, simulator: ringback.Ringback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGBACK_ADMIN_URL", "http://127.0.0.1:9")
    pytester.makepyfile(
        f"""
        def test_it(ringback, ringback_world):
            assert (ringback.pid, ringback.listen) == (None, {simulator.listen!r})
        """
    )
    run(pytester, "--ringback-admin", simulator.admin).assert_outcomes(passed=1)
    gone = run(pytester)
    gone.assert_outcomes(errors=1)
    gone.stdout.fnmatch_lines(["UnreachableError: nothing answers at *9 *; RINGBACK_ADMIN_URL names it"])
    assert "_wire.py" not in gone.stdout.str()


def test_hosts_and_the_default_scenario_are_settings(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nringback_scenario = mor\nringback_hosts =\n  jtel=portal.example.test\n")
    pytester.makepyfile(
        """
        def test_it(ringback, ringback_world):
            assert ringback.ready["hosts"]["jtel"] == ["portal.example.test"]
            assert not ringback_world.state("jtel", "contacts")
        """
    )
    run(pytester).assert_outcomes(passed=1)


def test_a_missing_program_is_told(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGBACK_BIN", "/none")
    pytester.makepyfile("def test_it(ringback_world): pass\ndef test_without(): pass\n")
    result = run(pytester)
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["*BinaryError: RINGBACK_BIN is '/none', and there is no such file"])


def test_a_program_that_has_ended_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os, signal, time

        def test_it(ringback, ringback_world):
            os.kill(ringback.pid, signal.SIGKILL)
            while ringback.is_alive():
                pass
            ringback_world.info()
        """
    )
    result = run(pytester)
    result.stdout.fnmatch_lines(
        ["*UnreachableError: nothing answers at*", "the program was ended by SIGKILL*"]
    )


def test_nothing_is_started_for_tests_without_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGBACK_BIN", "/none")
    pytester.makepyfile("def test_it(): raise AssertionError\n")
    result = run(pytester, "--strict-markers", "--ringback-variants")
    result.assert_outcomes(failed=1)


def test_the_mark_and_the_fixtures_are_told(pytester: pytest.Pytester) -> None:
    run(pytester, "--markers").stdout.fnmatch_lines(["@pytest.mark.ringback(scenario, seed, *"])
    run(pytester, "--fixtures").stdout.fnmatch_lines(["ringback_world*", "*A world of the test's own*"])


CAPSULED = (
    LOCKS
    + """
    def test_bad(ringback_world):
        lock(ringback_world)
        ringback_world.reset()
        lock(ringback_world)
        raise AssertionError("as planted")

    def test_quiet(ringback_world):
        raise AssertionError

    def test_good(ringback_world):
        lock(ringback_world)
    """
)


@pytest.mark.parametrize("words", [(), ("-n", "2")])
def test_a_capsule_of_a_failed_test_does_it_again(pytester: pytest.Pytester, words: tuple[str, ...]) -> None:
    if words:
        needed("xdist")
    pytester.makepyfile(CAPSULED)
    result = run(pytester, "--ringback-capsule", "kept", *words)
    result.assert_outcomes(failed=2, passed=1)
    # Workers tell theirs in the order in which they end.
    for line in "*ringback replay */kept/*test_bad.capsule", "*none: no client asked a world of its own":
        result.stdout.fnmatch_lines([line])
    (file,) = (pytester.path / "kept").iterdir()
    text = file.read_text()
    assert "SIMTOKEN-7A" not in text
    capsule = json.loads(text)
    assert [it["name"] for it in capsule["scenarios"]] == ["test_bad", "test_bad 2"]
    assert "as planted" in capsule["report"]["failed"]
    assert any(it["operation"] == "lock_contact_by_id" for it in capsule["journal"]["worlds"]["test_bad"])
    done = subprocess.run([ringback.find_binary(), "replay", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_capsule_that_cannot_be_written_is_told_before_the_tests(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile("def test_good():\n    pass\n")
    told = run(pytester, "--ringback-capsule", "kept", "--ringback-keep").stderr.str()
    assert "expected it without --ringback-keep" in told
    monkeypatch.setenv("RINGBACK_ADMIN_URL", "http://127.0.0.1:9")
    assert "a program of the test run's own" in run(pytester, "--ringback-capsule", "kept").stderr.str()


STRICT = (
    LOCKS
    + """
    import pytest
    import urllib.error

    WRONG = "/rest/v1.0/7/dialler/contacts/301501/lock"

    def refused(world):
        try:
            lock(world, WRONG)
        except urllib.error.HTTPError as error:
            return error.code
"""
)


@pytest.mark.parametrize(
    "body",
    [
        "with ringback.world('own', clock='frozen') as world:\n            assert refused(world) == 200",
        "with ringback.world('own', clock='frozen') as world:\n            status = refused(world)\n"
        "        assert status == 200",
        "world = ringback.world('own', clock='frozen')\n        status = refused(world)\n"
        "        world.delete()\n        assert status == 200",
        "world = ringback.world('own', clock='frozen')\n        assert refused(world) == 200",
        "base = ringback.world('base', clock='frozen')\n        with base.fork('own') as world:\n"
        "            assert refused(world) == 200",
    ],
    ids=["left-by-the-error", "left-before-it", "deleted", "never-left", "forked"],
)
def test_worlds_of_the_tests_own_are_told(pytester: pytest.Pytester, body: str) -> None:
    pytester.makepyfile(STRICT + f"\n    def test_it(ringback):\n        {body}\n")
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*ringback: world own*",
            "1 exchange; clock frozen, 2026-03-02T09:00:00Z*",
            "no operation took:",
            "*did you mean PATCH /rest/v1.0/7/dialler/contacts/contact/301501/lock?*",
        ]
    )


def test_a_fixture_that_fails_at_its_end_is_told_what_happened(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        STRICT
        + """
    @pytest.fixture
    def locked(ringback_world):
        yield ringback_world
        ringback_world.verify(operation="lock_contact_by_id")

    def test_it(locked):
        refused(locked)
    """
    )
    result = run(pytester)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ringback: world test_it*", "no operation took:"])


def lasting(scope: str) -> str:
    """A world that several tests share."""
    return (
        STRICT
        + f"""
    @pytest.fixture(scope={scope!r})
    def lasting(ringback):
        with ringback.world("lasting", clock="frozen") as world:
            yield world
"""
    )


@pytest.mark.parametrize("scope", ["module", "session"])
def test_a_world_that_lasts_is_told_from_where_the_test_began(pytester: pytest.Pytester, scope: str) -> None:
    pytester.makepyfile(
        lasting(scope)
        + """
    def test_one(lasting):
        lock(lasting)

    def test_two(lasting):
        assert refused(lasting) == 200

    def test_three(ringback_world):
        raise AssertionError

    def test_four(lasting):
        lasting.verify(operation="import_contact")
    """
    )
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*ringback: world lasting*",
            "1 exchange since the test began; clock frozen, *",
            "no operation took:",
            "     2  PATCH *",
            "*ringback: world test_three*",
            "*ringback: world lasting*",
            "0 exchanges since the test began; *",
        ]
    )
    # It is not told of where nothing happened to it, and another test had it.
    assert result.stdout.str().count("ringback: world lasting") == 2


def test_a_test_that_has_no_world_is_told_of_the_default_one(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        STRICT + "\n    def test_it(ringback):\n        assert refused(ringback.default) == 200\n"
    )
    result = run(pytester)
    result.stdout.fnmatch_lines(["no operation took:", "*PATCH *", "last exchanges:"])


def test_worlds_of_fixtures_are_kept_and_their_addresses_true(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        STRICT
        + """
    @pytest.fixture
    def own(ringback):
        with ringback.world("own") as world:
            yield world

    @pytest.fixture(scope="module")
    def lasting(ringback):
        with ringback.world("lasting") as world:
            yield world

    def test_by_a_fixture(own):
        assert refused(own) == 200

    def test_that_lasts(lasting):
        assert refused(lasting) == 200

    def test_in_a_block(ringback):
        with ringback.world("inner") as world:
            assert refused(world) == 200

    def test_without_a_block(ringback):
        assert refused(ringback.world("loose")) == 200

    def test_an_error_that_was_meant(ringback):
        with pytest.raises(ZeroDivisionError), ringback.world("meant"):
            1 / 0
        ringback.world("meant").delete()

    def test_that_passes(ringback):
        with ringback.world("passes"), ringback.world("unused", strict=True):
            pass
    """
    )
    result = run(pytester, "--ringback-keep")
    result.assert_outcomes(failed=4, passed=2)
    text = result.stdout.str()
    found = re.search(r"end it with: kill (\d+)", text)
    assert found is not None
    try:
        admin = re.search(r"journal --admin (\S+) --world", text)
        assert admin is not None
        kept = {it.name for it in ringback.connect(admin[1]).worlds()}
        assert kept == {"default", "own", "lasting", "inner", "loose"}
        assert set(re.findall(r"^  http\S+/w/(\S+)$", text, re.MULTILINE)) == kept - {"default"}
    finally:
        os.kill(int(found[1]), signal.SIGTERM)
    until(lambda: not is_running(int(found[1])), "the program ends")


def test_a_kept_world_makes_room_for_the_next_of_its_name(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        STRICT
        + """
    @pytest.fixture
    def own(ringback):
        with ringback.world("own") as world:
            yield world

    def test_one(own):
        assert refused(own) == 200

    def test_two(ringback, own):
        lock(own)
        with open("pid", "w") as file:
            file.write(str(ringback.pid))
    """
    )
    result = run(pytester, "--ringback-keep")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        ["*worlds that were kept*", "*::test_one", "  none: a later test made a world own in its place; *"]
    )
    assert "end it with" not in result.stdout.str()
    assert not is_running(int((pytester.path / "pid").read_text()))


def test_strict_worlds_of_the_tests_own_are_judged(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        STRICT
        + """
    ONE = [{"operation": "lock_contact_by_id", "exactly": 1}]

    @pytest.fixture
    def own(ringback):
        with ringback.world("own", strict=True) as world:
            yield world

    @pytest.fixture(scope="module")
    def lasting(ringback):
        with ringback.world("lasting", strict=True, expect=ONE) as world:
            yield world

    def test_block(ringback):
        with ringback.world("inner", strict=True) as world:
            refused(world)

    def test_unmet(ringback):
        with ringback.world("unmet", strict=True, expect=ONE) as world:
            world.event("jtel", "start_campaign", campaign=612)

    def test_fixture(own):
        refused(own)

    def test_without_a_block(ringback):
        refused(ringback.world("loose", strict=True))

    def test_as_expected(ringback, own, lasting):
        with ringback.world("fine", strict=True, expect=ONE) as world:
            lock(world)
        lock(own)

    def test_another_error_is_told_alone(ringback):
        with ringback.world("inner", strict=True) as world:
            refused(world)
            raise ZeroDivisionError

    def test_taken_back(ringback):
        with ringback.world("inner", strict=True) as world:
            refused(world)
            world.set_strict(False)

    def test_meanwhile(ringback, lasting):
        pass

    def test_last(lasting):
        pass
    """
    )
    result = run(pytester, "-p", "no:randomly")
    result.assert_outcomes(failed=5, passed=4, errors=1)
    result.stdout.fnmatch_lines(
        [
            "E  *StrictError: world inner: strict: fail",
            "*404 refused*",
            "E  *StrictError: world unmet: strict: fail",
            "0 exchanges; *",
            "what happened:",
            "     1  event jtel start_campaign campaign=612",
            "world own: strict: fail",
            "world loose: strict: fail",
        ]
    )
    # What lasts is judged when its block ends, with the last test that has it.
    result.stdout.fnmatch_lines(
        ["*ERROR at teardown of test_last*", "E  *StrictError: world lasting: strict: fail"]
    )
    result.stdout.fnmatch_lines(["*_ test_another_error_is_told_alone _*", "E  *ZeroDivisionError"])
    assert result.stdout.str().count("world inner: strict: fail") == 1


def test_a_strict_world_that_lasts_fails_the_test_that_did_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        STRICT
        + """
    @pytest.fixture(scope="module")
    def lasting(ringback):
        with ringback.world("lasting", strict=True) as world:
            yield world

    def test_one(lasting):
        refused(lasting)

    def test_two(lasting):
        lock(lasting)
    """
    )
    result = run(pytester)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["world lasting: strict: fail", "FAILED *::test_one*"])


def test_a_strict_test_may_delete_its_world(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        STRICT
        + """
    pytestmark = pytest.mark.ringback(strict=True)

    def test_fine(ringback_world):
        lock(ringback_world)
        ringback_world.delete()

    def test_not(ringback_world):
        refused(ringback_world)
        ringback_world.delete()
    """
    )
    result = run(pytester)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["strict: fail", "*404 refused", "FAILED *::test_not*"])


FAULTY = (
    STRICT
    + """
    def mark(strict=True, **rule):
        return pytest.mark.ringback(strict=strict, faults=[rule])
"""
)


def test_a_fault_that_never_strikes_fails_a_strict_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        FAULTY
        + """
    @mark(then="lose_reply", on={"operation": "import_contact", "nth": 1})
    def test_never(ringback_world):
        lock(ringback_world)

    @mark(then="delay", delay="1ms", on={"operation": "lock_contact_by_id", "nth": 2})
    def test_not_so_often(ringback_world):
        lock(ringback_world)

    @pytest.mark.ringback(strict=True)
    def test_added(ringback_world):
        ringback_world.fault("fail", on={"vendor": "mor"})

    @mark(then="delay", delay="1ms", on={"operation": "lock_contact_by_id"})
    def test_struck(ringback_world):
        lock(ringback_world)

    @mark(then="fail", on={"probability": 0.0001})
    def test_by_chance(ringback_world):
        lock(ringback_world)

    @mark(then="rate_limit", most=9, per="1h", on={"vendor": "jtel"})
    def test_within_a_limit(ringback_world):
        lock(ringback_world)

    @mark(then="fail", on={"vendor": "mor"})
    def test_taken_away(ringback_world):
        ringback_world.clear_faults()

    @mark(then="fail", on={"operation": "lock_contact_by_id", "times": 1})
    def test_set_back(ringback_world):
        with pytest.raises(OSError):
            lock(ringback_world)
        ringback_world.reset()

    @mark(strict=False, then="fail", on={"vendor": "mor"})
    def test_not_strict(ringback_world):
        lock(ringback_world)

    FAILS = [{"then": "fail", "on": {"vendor": "mor"}}]

    @pytest.mark.ringback(strict=True, scenario={"extends": "demo", "fault": FAILS})
    def test_of_a_scenario(ringback_world):
        lock(ringback_world)
    """
    )
    result = run(pytester)
    result.assert_outcomes(failed=3, passed=7)
    result.stdout.fnmatch_lines(
        [
            "the test is strict, and a fault that it asked for never struck*",
            "  rule 1: lose_reply on operation=import_contact nth=1; it matched 0 requests",
            "  rule 1: delay on operation=lock_contact_by_id nth=2; it matched 1 request",
            "  rule 1: fail on vendor=mor; it matched 0 requests",
        ]
    )


def test_a_report_has_all_that_the_program_knows(pytester: pytest.Pytester) -> None:
    """Remarks on what was answered, habits, what was dialled between, faults that never struck, and what the
    client had of a reply."""
    pytester.makepyfile(
        LOCKS
        + """
    import json

    IMPORT = "/rest/v1.0/7/dialler/contacts/import?overwriteDuplicates=false"

    def add(world, **more):
        contact = {"DiallerCampaignsID": 612, "Name": "Nowak", "PhoneNumber1": "4940555077", **more}
        headers = {"Authorization": "Bearer SIMTOKEN-7A", "Content-Type": "application/json"}
        address = world.url("jtel") + IMPORT
        try:
            request = urllib.request.Request(address, json.dumps(contact).encode(), headers)
            urllib.request.urlopen(request).close()
        except OSError:
            pass

    def test_it(ringback_world):
        world = ringback_world
        window = "&dateFrom=2015-09-14%2000:00:00&dateTo=2015-09-14%2000:00:00"
        offer = "offer_id=4711&offer_token=5c0e77a1d94b42f8a6e13b90cf28d451"
        urllib.request.urlopen(f"{world.url('maestro')}/_access/fetchCallersByDate?{offer}{window}").close()
        world.fault("lose_reply", on={"operation": "import_contact", "nth": 1})
        world.fault("fail", on={"vendor": "mor"}, name="idle")
        add(world)
        add(world)
        add(world, userdata="CRM-77")
        world.event("jtel", "start_campaign", campaign=612)
        world.advance("3h")
        lock(world)
        raise AssertionError
    """
    )
    result = run(pytester)
    result.stdout.fnmatch_lines(
        [
            "5 exchanges; *",
            "sent, and not read by the operation:",
            "*import_contact: json userdata is not read; did you mean UserData?",
            "answered, with a reason:",
            "*maestro.empty_window: expected *",
            "*dateTo does not belong to the window*",
            "works here and goes wrong at the vendor's:",
            "  repeated_write (jtel): import_contact was sent again* (entries 4, 5)",
            "    what to do: before sending it again, *",
            "faults that never struck:",
            "  rule 2 idle: fail on vendor=mor; it matched 0 requests",
            "last exchanges, and what happened between:",
            "*POST * -> * ok",
            "      fault lose_reply: of the reply the client got no byte of it",
            "      meant *",
            "*event jtel start_campaign campaign=612",
            "*advance to 2026-03-02T12:00:00Z, * fired",
            "      did   contact 301502 dialled: *",
            "*PATCH *",
            "      got   {*",
        ]
    )


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("lose_reply", "no byte of it"),
        ("reset_after_head", "its head alone"),
        ("truncate", "its beginning alone"),
        ("malform", "it without its last byte"),
    ],
)
def test_a_reply_that_the_client_never_had_is_told_as_that(
    pytester: pytest.Pytester, fault: str, told: str
) -> None:
    pytester.makepyfile(
        LOCKS
        + f"""
    def test_it(ringback_world):
        ringback_world.fault({fault!r}, on={{"vendor": "jtel"}})
        headers = {{"Authorization": "Bearer SIMTOKEN-7A"}}
        address = ringback_world.url("jtel") + "/rest/v1.0/7/dialler/contacts/301501"
        try:
            urllib.request.urlopen(urllib.request.Request(address, headers=headers)).read()
        except Exception:
            pass
        raise AssertionError
    """
    )
    result = run(pytester)
    result.stdout.fnmatch_lines([f"*fault {fault}: of the reply the client got {told}", "      meant {*"])
    assert "  got  " not in result.stdout.str()


def test_a_report_has_what_that_of_node_has(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LOCKS
        + """
    def test_asked(ringback_world):
        lock(ringback_world)
        ringback_world.fault("status", status=503, on={"operation": "lock_contact_by_id"})
        lock(ringback_world)

    def test_not_asked(ringback_world):
        raise AssertionError
    """
    )
    result = run(pytester)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "struck by a fault:",
            '     *PATCH * -> 503 *{"rule": 1, *"kind": "status", *',
            "last exchanges:",
            "     1  PATCH * -> 200 ok",
            "      did   contact 301501 locked",
            "0 exchanges; clock frozen, *",
            "no request reached this world; is the client given its url(…)?",
        ]
    )


@pytest.mark.parametrize("ends", ["raise KeyboardInterrupt", "pytest.exit('enough')", "raise SystemExit(0)"])
def test_a_test_that_ends_the_test_run_is_told_of_its_world(pytester: pytest.Pytester, ends: str) -> None:
    pytester.makepyfile(
        LOCKS
        + f"""
    import pytest

    def test_it(ringback_world):
        lock(ringback_world)
        {ends}
    """
    )
    result = run(pytester)
    assert result.ret != 0
    result.stdout.fnmatch_lines(
        [
            "*-- ringback: world test_it --*",
            "1 exchange; *",
            "      did   contact 301501 locked",
            "look at it:",
        ]
    )


def test_what_is_to_be_put_there_is_told() -> None:
    why = {
        "rule": "a.b",
        "expected": "this",
        "found": "that",
        "edit": "this one",
        "source": "s",
        "evidence": "e",
    }
    entry = Entry.of({"seq": 1, "at": "", "world": "w", "outcome": "refused", "why": why})
    assert "    put there: this one" in _reason(entry)
    parts = {"body": '{"a":1}', "content_type": "text/xml"}
    entry = Entry.of({**entry.raw, "why": {**why, "edit": parts}})
    told = ['    put there, as its body: {"a":1}', "    put there, as its content type: text/xml"]
    assert [it for it in _reason(entry) if "put there" in it] == told


def test_a_world_that_the_test_has_deleted_is_told_as_that(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LOCKS
        + """
    def test_it(ringback_world):
        base = ringback_world.url("jtel")
        ringback_world.delete()
        urllib.request.urlopen(base + "/rest/v1.0/7/dialler/campaigns")
    """
    )
    result = run(pytester)
    result.stdout.fnmatch_lines(
        [
            "0 exchanges; * as it was when it was deleted",
            '*there is no world called "test_it"; one that was deleted serves nobody*',
        ]
    )


def test_a_mark_of_which_nothing_is_made_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.ringback(strict=True, faults=["nonsense"])
        def test_without():
            pass

        @pytest.mark.ringback(strict=True)
        def test_with_another(ringback):
            with ringback.world("own"):
                pass

        @pytest.mark.ringback(seed=3)
        def test_later(request):
            assert request.getfixturevalue("ringback_world").info().seed == 3

        @pytest.mark.ringback(seed=3)
        class TestAll:
            def test_with(self, ringback_world):
                assert ringback_world.info().seed == 3

            def test_without(self):
                pass
        """
    )
    result = run(pytester)
    result.assert_outcomes(failed=2, passed=3)
    result.stdout.fnmatch_lines(
        ["the mark ringback says what the world of the fixture ringback_world is made of*"]
    )


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("scenario=17", "scenario: expected a name, a file, TOML as text or a mapping, found the number 17"),
        ("clock=17", "clock: expected 'real', 'frozen', * found the number 17"),
        ("seed='x'", "*seed*"),
        ("seed=float('nan')", "expected what JSON can say, found *"),
        ("expect=5, strict=True", "*expect*"),
        ("claims='jtel:X'", "claims: expected a list of texts*"),
        ("variants=5", "variants: expected a mapping by vendor*found the number 5"),
    ],
)
def test_a_value_of_the_mark_that_makes_no_sense_is_told_in_a_line(
    pytester: pytest.Pytester, mark: str, told: str
) -> None:
    pytester.makepyfile(
        f"import pytest\n@pytest.mark.ringback({mark})\ndef test_it(ringback_world):\n    pass\n"
    )
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*the mark ringback: {told}"])
    assert "Traceback" not in result.stdout.str()
    assert "src/ringback" not in result.stdout.str()
    assert "site-packages" not in result.stdout.str()


def test_the_line_to_paste_is_from_where_pytest_was_called(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]\n")
    folder = pytester.mkdir("tests")
    (folder / "test_s.py").write_text(
        "import pytest\n@pytest.mark.parametrize('x', ['a b'])\n"
        "def test_it(ringback_world, x):\n    raise AssertionError\n"
    )
    monkeypatch.chdir(folder)
    result = run(pytester)
    result.stdout.fnmatch_lines(["look at it:", "  pytest 'test_s.py::test_it[[]a b]' --ringback-keep"])
    monkeypatch.chdir(pytester.path)
    run(pytester).stdout.fnmatch_lines(["  pytest 'tests/test_s.py::test_it[[]a b]' --ringback-keep"])


def test_commands_to_paste_name_the_program_where_it_is_not_on_path(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = ringback.find_binary()
    pytester.makepyfile(CAPSULED)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert shutil.which("ringback") is None
    result = run(pytester, "--ringback-capsule=kept")
    result.stdout.fnmatch_lines([f"  {program} replay */kept/*test_bad.capsule"])
    monkeypatch.setenv("PATH", f"{pytester.mkdir('bin')}:/usr/bin:/bin")
    (pytester.path / "bin" / "ringback").symlink_to(program)
    result = run(pytester, "--ringback-capsule=kept")
    result.stdout.fnmatch_lines(["  ringback replay */kept/*test_bad-2.capsule"])


@pytest.mark.parametrize("folder", ["/proc/none/caps", "afile/caps", "afile"])
def test_a_folder_for_capsules_that_cannot_be_is_told_in_a_line(
    pytester: pytest.Pytester, folder: str
) -> None:
    (pytester.path / "afile").write_text("")
    pytester.makepyfile("def test_good():\n    pass\n")
    result = run(pytester, f"--ringback-capsule={folder}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --ringback-capsule: expected a folder *, found {folder}: *"])
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


def test_a_capsule_of_a_world_that_lasts_begins_where_it_does(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        lasting("module")
        + """
    def test_one(lasting):
        lock(lasting)

    def test_two(lasting):
        assert refused(lasting) == 200

    def test_own(ringback):
        with ringback.world("own", clock="frozen") as world:
            assert refused(world) == 200
    """
    )
    result = run(pytester, "--ringback-capsule=kept")
    result.assert_outcomes(passed=1, failed=2)
    for name, exchanges in ("test_two", 2), ("test_own", 1):
        (file,) = (pytester.path / "kept").glob(f"*{name}.capsule")
        (journal,) = json.loads(file.read_text())["journal"]["worlds"].values()
        assert len([it for it in journal if "request" in it]) == exchanges
        done = subprocess.run([ringback.find_binary(), "replay", str(file)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("pbx.example.test", "expected a vendor and a name, *, found 'pbx.example.test'"),
        ("=pbx.example.test", "expected a vendor and a name, *"),
        ("jtel=", "expected a vendor and a name, *"),
        ("mro=a.test", 'mro=*did you mean "mor"?'),
        ("jtel=http://x", 'jtel=http://x: "http://x" is no name of a host*'),
    ],
)
def test_a_wrong_line_of_the_hosts_is_told_by_its_setting(
    pytester: pytest.Pytester, line: str, told: str
) -> None:
    pytester.makeini(f"[pytest]\nringback_hosts =\n  {line}\n")
    pytester.makepyfile("def test_it(ringback_world):\n    pass\n")
    result = run(pytester)
    text = result.stdout.str() + result.stderr.str()
    assert result.ret != 0
    assert re.search("ringback_hosts: " + re.escape(told).replace(r"\*", ".*"), text), text
    assert "--host" not in text


def test_hosts_of_nobodys_and_foreign_trust_are_told_in_the_words_of_the_settings(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import ssl, urllib.request

        def test_it(ringback_world, ringback_environ, monkeypatch):
            monkeypatch.delenv("SSL_CERT_FILE")
            for address in "http://pbx.example.test/x", "https://api.infocu5.com/dialer/":
                try:
                    urllib.request.urlopen(address)
                except OSError:
                    pass
            raise AssertionError
        """
    )
    result = run(pytester)
    result.stdout.fnmatch_lines(
        [
            "*VENDOR=pbx.example.test of the setting ringback_hosts has a vendor answer for it",
            "*the file ringback.ca_file of the fixture ringback*",
        ]
    )
    assert "--host" not in result.stdout.str()
    assert "--others" not in result.stdout.str()
    assert "RINGBACK_CA" not in result.stdout.str()


def test_a_program_that_was_killed_is_told_in_short_and_started_anew(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LOCKS
        + """
    import os, signal, ssl

    def test_killed(ringback, ringback_world):
        os.kill(ringback.pid, signal.SIGKILL)
        while ringback.is_alive():
            pass
        ringback_world.info()

    def test_next(ringback, ringback_world, ringback_environ):
        lock(ringback_world)
        ssl.create_default_context(cafile=ringback.ca_file)
        assert [it.name for it in ringback.worlds()] == ["default", "test_next"]

    def test_unnoticed(ringback, ringback_world):
        os.kill(ringback.pid, signal.SIGKILL)
        while ringback.is_alive():
            pass

    def test_closed(ringback, ringback_world):
        ringback.close()
    """
    )
    result = run(pytester)
    result.assert_outcomes(failed=3, passed=1, warnings=2)
    result.stdout.fnmatch_lines(
        [
            "E   *UnreachableError: nothing answers at *; the program was ended by SIGKILL",
            "the program was ended by SIGKILL and said nothing; the next test has a new one",
            "the test's world cannot be judged: UnreachableError: *; the program was ended by SIGKILL",
            "*PytestWarning: ringback: the program was ended by SIGKILL before this test, and was started *",
        ]
    )
    text = result.stdout.str()
    assert "_wire.py" not in text
    assert "ConnectionRefusedError" not in text


def test_what_a_program_said_last_is_told_with_its_end(
    pytester: pytest.Pytester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks = tmp_path / "talks"
    loop = "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i >&2; done"
    talks.write_text(f'#!/bin/sh\n{loop}\nexec {ringback.find_binary()} "$@"\n')
    talks.chmod(0o755)
    monkeypatch.setenv("RINGBACK_BIN", str(talks))
    pytester.makepyfile(
        LOCKS
        + """
    import os, signal

    def test_killed(ringback, ringback_world):
        world = ringback_world.url("jtel")
        os.kill(ringback.pid, signal.SIGKILL)
        while True:
            lock(ringback_world)

    def test_next(ringback_world):
        lock(ringback_world)
    """
    )
    result = run(pytester)
    result.assert_outcomes(failed=1, passed=1, warnings=1)
    result.stdout.fnmatch_lines(
        [
            "the program was ended by SIGKILL; the next test has a new one. What it said last on stderr:",
            "  (10 lines before these)",
            "  line 11",
            "  line 30",
        ]
    )
    assert "line 10\n" not in result.stdout.str()


def test_one_that_others_started_and_that_is_gone_is_told_as_that(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ringback.start() as there:
        monkeypatch.setenv("RINGBACK_URL", there.listen)
        pytester.makepyfile(
            f"""
            import os, signal

            def test_killed(ringback, ringback_world):
                os.kill({there.pid}, signal.SIGKILL)
                while True:
                    ringback_world.info()
            """
        )
        result = run(pytester, "--ringback-admin", there.admin)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [f"nothing answers at {there.admin}; the program there was not started by this*"]
    )
    assert "said nothing" not in result.stdout.str()


def test_what_the_control_plane_refuses_is_shown_from_where_it_was_asked(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_event(ringback_world):
            ringback_world.event("jtel", "start_campain", campaign=612)

        def test_url(ringback_world):
            ringback_world.url("jetl")

        def test_world(ringback):
            ringback.world(scenario="nosuch")

        def test_file(ringback):
            ringback.world(scenario="no/such.toml")

        def test_time(ringback_world):
            ringback_world.advance(float("nan"))
        """
    )
    result = run(pytester)
    result.assert_outcomes(failed=5)
    text = result.stdout.str()
    for file in "_wire.py", "_world.py", "_ringback.py", "_making.py", "_checked.py", "_times.py":
        assert file not in text


def test_a_real_clock_is_of_the_mark(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        DAY = "extends = 'demo'\\nclock = { mode = 'real' }\\n"

        @pytest.mark.ringback(scenario=DAY)
        def test_scenario(ringback_world):
            assert ringback_world.clock().mode == "frozen"

        @pytest.mark.ringback(scenario=DAY, clock="real")
        def test_mark(ringback_world):
            assert ringback_world.clock().mode == "real"

        STRICT = "extends = 'demo'\\nstrict = true\\n[[expect]]\\noperation = 'import_contact'\\n"

        @pytest.mark.ringback(scenario=STRICT, strict=False)
        def test_a_world_that_is_made_to_see_is_not_judged(ringback_world):
            pass
        """
    )
    run(pytester).assert_outcomes(passed=3)


@pytest.mark.parametrize("words", [("--show-capture=no",), ("-n2",), ("--tb=native",)])
def test_files_of_results_have_the_report(pytester: pytest.Pytester, words: tuple[str, ...]) -> None:
    pytester.makepyfile(
        LOCKS
        + """
    def test_wrong(ringback_world):
        lock(ringback_world, "/rest/v1.0/7/dialler/contacts/contact/999/lock")
    """
    )
    result = run(pytester, "--junitxml=results.xml", *words)
    result.assert_outcomes(failed=1)
    results = (pytester.path / "results.xml").read_text()
    for text in result.stdout.str(), results:
        assert text.count("jtel.contact") == 1, text


RACE = """
import pytest

import ringback
from ringback._pytest_watch import Watch

real = Watch.makes


def makes(self, name):
    if name in ("test_it", "test_it-2") and name not in taken:
        taken.append(name)
        ringback.connect({admin!r}, url={listen!r}).world(name)
    real(self, name)


taken = []
Watch.makes = makes
"""


@pytest.mark.parametrize("scenario", ["demo", "mine.toml"])
def test_a_name_that_somebody_else_takes_meanwhile_is_left_to_them(
    pytester: pytest.Pytester, scenario: str
) -> None:
    with ringback.start() as there:
        pytester.makeconftest(RACE.format(admin=there.admin, listen=there.listen))
        pytester.path.joinpath("mine.toml").write_text('extends = "demo"\n')
        pytester.makepyfile(
            LOCKS
            + f"""
    @pytest.mark.ringback(scenario={scenario!r})
    def test_it(ringback_world):
        lock(ringback_world)
        assert ringback_world.name == "test_it-3"
    """.replace("    @pytest", "    import pytest\n\n    @pytest")
        )
        run(pytester, "--ringback-admin", there.admin).assert_outcomes(passed=1)
        worlds = {it.name for it in there.worlds()}
        assert worlds == {"default", "test_it", "test_it-2"}
        assert not [
            it for name in ("test_it", "test_it-2") for it in there.get(name).journal() if it.is_exchange
        ]


def test_names_that_come_to_one_are_worlds_of_their_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        LONG = "x" * 80

        def test_größe(ringback_world):
            assert ringback_world.name == "test_gro-e"

        def test_привет(ringback_world):
            assert ringback_world.name == "test"

        @pytest.mark.parametrize("what", ["ö", "1.0", "1-0", "привет", "пока", "", f"{LONG}1", f"{LONG}2"])
        def test_it(ringback, ringback_world, what):
            ringback_world.checkpoint("seen")
            with open("names", "a") as file:
                file.write(ringback_world.name + "\\n")
            assert ringback_world.info().checkpoints == ("seen",)
            assert what == ""
        """
    )
    result = run(pytester, "--ringback-keep")
    result.assert_outcomes(failed=7, passed=3)
    found = re.search(r"end it with: kill (\d+)", result.stdout.str())
    assert found
    os.kill(int(found[1]), signal.SIGTERM)
    names = (pytester.path / "names").read_text().split()
    assert len(set(names)) == 8, names


def test_a_mark_fails_a_test_for_more(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LOCKS
        + """
    import json

    import pytest

    CONTACTS = "/rest/v1.0/7/dialler/contacts"

    def ask(world, query, base=None):
        headers = {"Authorization": "Bearer SIMTOKEN-7A"}
        url = (base or world.url("jtel")) + CONTACTS + "?" + query
        urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20).close()

    def fails(*words):
        return pytest.mark.ringback(fail_on=words)

    @fails("refused", "findings", "unmatched", "unread")
    def test_right(ringback_world):
        ask(ringback_world, "diallerCampaignsID=612")

    def test_unmarked(ringback_world):
        ask(ringback_world, "diallerCampaignId=612")

    @fails("unread")
    def test_unread(ringback_world):
        ask(ringback_world, "diallerCampaignId=612")

    @fails("unread")
    def test_deleted(ringback_world):
        ask(ringback_world, "diallerCampaignId=613")
        ringback_world.delete()

    @fails("refused")
    def test_refused(ringback_world):
        with pytest.raises(OSError):
            lock(ringback_world, CONTACTS + "/contact/1/lock")

    @fails("unmatched")
    def test_unmatched(ringback, ringback_world):
        for base in (ringback_world.url() + "/nobody", ringback.listen + "/w/nowhere"):
            with pytest.raises(OSError):
                ask(ringback_world, "", base)

    @fails("findings")
    def test_findings(ringback_world):
        ask(ringback_world, "token=SIMTOKEN-7A")

    @fails("unred")
    def test_misspelt(ringback_world):
        pass
    """
    )
    result = run(pytester)
    result.assert_outcomes(passed=2, failed=5, errors=1)
    # In the words of Node's helpers.
    by = "the test fails by the key fail_on of its mark:"
    unread = "unread: jtel list_contacts: query diallerCampaignId; did you mean diallerCampaignsID?"
    result.stdout.fnmatch_lines(
        [
            "*fail_on: there is no 'unred'; expected one of *; did you mean 'unread'[?]",
            by,
            f"  {unread.replace('?', '[?]')}",
            by,
            f"  {unread.replace('?', '[?]')}",
            by,
            "  1 request refused",
            by,
            "  2 requests taken by no vendor",
            by,
            "  finding secret_in_query: *",
        ]
    )
