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
    for name in "CI", "BUILD_NUMBER", "RINGBACK_ADMIN_URL", "RINGBACK_URL":
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
    result.stdout.fnmatch_lines(["*UnreachableError: nothing answers at*", "the program has ended*"])


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
