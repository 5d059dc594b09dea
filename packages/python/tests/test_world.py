"""Worlds, and what is asked of them."""

from __future__ import annotations

import asyncio
import datetime
import pickle
import re
import subprocess
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import ringback
from ringback import ProblemError, ScenarioError, VerifyError

LOCK = "/rest/v1.0/7/dialler/contacts/contact/301501/lock"


def send(world: ringback.World, path: str = LOCK, method: str = "PATCH", token: str = "SIMTOKEN-7A") -> int:
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(world.url("jtel") + path, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_what_was_asked_is_verified(world: ringback.World) -> None:
    assert send(world) == 200
    verdict = world.verify(vendor="jtel", operation="lock_contact_by_id", exactly=1)
    assert verdict
    assert verdict.matched == (1,)


def test_a_failed_verify_tells_all_that_the_program_tells(world: ringback.World) -> None:
    send(world, LOCK.replace("/contact/301501", "/301501"))
    with pytest.raises(VerifyError) as caught:
        world.verify({"vendor": "jtel", "operation": "lock_contact_by_id"}, exactly=1)
    text = str(caught.value)
    assert text == caught.value.verdict.explanation
    assert 'NO       operation: expected "lock_contact_by_id", found no operation took it' in text
    assert "did you mean PATCH /rest/v1.0/7/dialler/contacts/contact/301501/lock?" in text
    assert isinstance(caught.value, AssertionError)


def test_a_wait_ends_when_it_has_happened(world: ringback.World) -> None:
    sender = threading.Thread(target=send, args=(world,))
    sender.start()
    assert world.wait(operation="lock_contact_by_id", timeout=20)
    sender.join()
    with pytest.raises(VerifyError):
        world.wait(operation="lock_contact_by_id", at_least=2, timeout=0.05)


def test_a_wait_in_vain_says_for_what_how_long_and_by_which_clock(simulator: ringback.Ringback) -> None:
    clocks = {
        "frozen": r"stands at 2026-03-02T09:00:00Z; waiting does not move it, advance\(\) does",
        "scaled:60": r"ran meanwhile, by 60, and is at 2026-03-02T\S+Z",
        "real": r"ran meanwhile, as the real one does, and is at \S+Z",
    }
    for clock, told in clocks.items():
        with simulator.world(clock=clock) as world:
            send(world, LOCK.replace("/contact/", "/"))
            for timeout, most in (
                ("50ms", "50ms"),
                (0.05, "0.05 s"),
                (datetime.timedelta(seconds=0.05), "0.05 s"),
            ):
                with pytest.raises(VerifyError) as caught:
                    world.wait(path="/nowhere", at_least=2, timeout=timeout)
                lines = str(caught.value).splitlines()
                waited = rf"waited \d+\.\d s of real time \(at most {most}\) for at least 2 . .*"
                assert re.fullmatch(f"{waited}; the world's clock {told}", lines[0]), lines[0]
                # What came closest is told as a verification tells it.
                assert lines[1:] == caught.value.verdict.explanation.splitlines()
                again = pickle.loads(pickle.dumps(caught.value))
                assert str(again) == str(caught.value)


def test_a_wait_in_a_world_that_goes_says_so(simulator: ringback.Ringback) -> None:
    world = simulator.world("goes")
    caught: list[BaseException] = []

    def waits() -> None:
        try:
            world.wait(operation="lock_contact_by_id", timeout=20)
        except ringback.RingbackError as error:
            caught.append(error)

    waiting = threading.Thread(target=waits)
    waiting.start()
    world.delete()
    waiting.join()
    (error,) = caught
    assert isinstance(error, ProblemError)
    assert error.status == 404
    assert "goes" in str(error)


def test_a_wait_does_not_hold_up_an_event_loop(world: ringback.World) -> None:
    async def both() -> tuple[ringback.Verdict, int]:
        waiting = asyncio.to_thread(world.wait, operation="lock_contact_by_id", timeout=20)
        return await asyncio.gather(waiting, asyncio.to_thread(send, world))

    verdict, status = asyncio.run(both())
    assert verdict.found == 1
    assert status == 200


def test_a_refusal_carries_its_reason(world: ringback.World) -> None:
    assert send(world, token="wrong") == 401
    (entry,) = world.journal()
    assert (entry.vendor, entry.operation, entry.outcome) == ("jtel", "lock_contact_by_id", "refused")
    assert entry.why is not None
    assert entry.why.rule == "jtel.token"
    assert "wrong" not in str(entry)
    assert entry.line == f"PATCH /w/{world.name}/jtel{LOCK} -> 401 refused"


def test_the_journal_is_paged_to_its_end(world: ringback.World) -> None:
    for _ in range(1100):
        world.event("jtel", "start_campaign", campaign=612)
    assert [it.seq for it in world.journal()] == list(range(1, 1101))
    assert [it.seq for it in world.journal(last=2)] == [1099, 1100]
    assert [it.seq for it in world.journal(after=1098)] == [1099, 1100]
    assert world.last_seq() == 1100


def test_time_passes_when_it_is_told_to(world: ringback.World) -> None:
    assert world.advance("90m").now == "2026-03-02T10:30:00Z"
    assert world.advance(datetime.timedelta(hours=1)).now == "2026-03-02T11:30:00Z"
    assert world.advance(30).now == "2026-03-02T11:30:30Z"
    noon = datetime.datetime(2026, 3, 2, 13, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
    assert world.advance(to=noon).now == "2026-03-02T12:00:00Z"
    with pytest.raises(ValueError, match="add tzinfo"):
        world.advance(to=noon.replace(tzinfo=None))
    with pytest.raises(TypeError, match="not both"):
        world.advance("1h", to=noon)
    with pytest.raises(ProblemError, match="expected"):
        world.advance("ninety")


def test_the_next_timer_and_what_it_did(world: ringback.World) -> None:
    happened = world.event("jtel", "start_campaign", campaign=612)
    assert happened.result == {"campaign": 612, "running": True}
    advanced = world.advance("next")
    assert advanced.fired >= 1
    assert "jtel" in advanced.kinds


def test_state_is_kept_and_put_back(world: ringback.World) -> None:
    kept = world.checkpoint()
    send(world)
    changed = world.diff(kept).table("jtel", "contacts")
    assert changed is not None
    assert changed.rows[0].fields == {"locked": (0, 1)}
    world.rollback(kept)
    assert world.diff(kept).same
    send(world)
    world.reset()
    assert not world.diff()
    assert [it.action for it in world.journal() if it.action][-1] == "reset"


def test_two_worlds_differ_and_do_not_see_each_other(
    simulator: ringback.Ringback, world: ringback.World
) -> None:
    with world.fork("a-fork") as other:
        send(other)
        assert not world.journal()
        assert world.diff(other).changed == 1
    assert "a-fork" not in [it.name for it in simulator.worlds()]


def test_a_world_that_cannot_be_read_is_listed_with_the_reason(tmp_path: Path) -> None:
    torn = tmp_path / "worlds" / "torn" / "world.db"
    torn.parent.mkdir(parents=True)
    torn.write_text("no database")
    with ringback.start(arguments=("--data", str(tmp_path))) as running:
        served, unread = running.worlds()
    assert (served.name, served.state, served.why, served.clock_mode) == ("default", "open", None, "real")
    assert (unread.name, unread.state) == ("torn", "unreadable")
    assert unread.why


def test_more_rows_come_into_a_living_world(world: ringback.World) -> None:
    added = world.seed({"jtel": {"contacts": [{"id": 9, "campaign": 612, "name": "Neu"}]}})
    assert added == {"jtel": {"contacts": 1}}
    world.seed('[[jtel.contacts]]\nid = 10\ncampaign = 612\nname = "Alt"\n')
    names = [it["name"] for it in world.state("jtel", "contacts")]
    assert {"Neu", "Alt"} <= set(names)
    with pytest.raises(ProblemError) as caught:
        world.seed({"jtel": {"contacts": [{"id": 9, "campaign": 1, "name": "Neu"}]}})
    assert len(caught.value.mistakes) == 2
    assert all(str(it["message"]) in str(caught.value) for it in caught.value.mistakes)


def test_faults_come_and_go(world: ringback.World) -> None:
    (rule,) = world.fault("status", on={"vendor": "jtel"}, status=503)
    assert send(world) == 503
    assert world.faults()[0]["fired"] == 1
    assert world.journal()[-1].fault == "status"
    world.clear_faults(rule)
    assert send(world) == 200
    assert world.fault(preset="flaky")
    world.clear_faults()
    assert world.faults() == []


def test_switches_and_strictness(world: ringback.World) -> None:
    world.set_variants({"jtel": {"pick": "highest_id"}})
    assert world.variants()["jtel"]["pick"] == "highest_id"
    world.set_strict()
    send(world, token="wrong")
    strict = world.findings().strict
    assert strict is not None
    assert strict.verdict == "fail"
    assert "401 refused\n      refused (jtel.token)" in strict.explanation
    world.set_strict(False)


def in_a_strict_world(simulator: ringback.Ringback, does: Callable[[ringback.World], object]) -> None:
    expect: list[Mapping[str, Any]] = [{"operation": "lock_contact_by_id", "exactly": 1}]
    with simulator.world("judged", strict=True, expect=expect) as world:
        does(world)


def test_a_strict_world_is_judged_when_its_block_ends(simulator: ringback.Ringback) -> None:
    in_a_strict_world(simulator, send)
    with pytest.raises(ringback.StrictError, match=r"world judged: strict: fail\n.*401 refused") as caught:
        in_a_strict_world(simulator, lambda it: send(it, token="wrong"))
    assert isinstance(caught.value, AssertionError)
    assert caught.value.strict.unexpected_count == 1
    with pytest.raises(ringback.StrictError, match="expected exactly 1"):
        in_a_strict_world(simulator, str)
    with pytest.raises(ZeroDivisionError):
        in_a_strict_world(simulator, lambda it: send(it, token="wrong") // 0)
    assert "judged" not in [it.name for it in simulator.worlds()]
    assert "judged" not in simulator.made


def test_why_a_block_ended_is_told_and_not_that_nobody_answers() -> None:
    running = ringback.start()
    with pytest.raises(ZeroDivisionError), running.world("a"):
        _ = running.close() / 0


def test_findings_are_told(world: ringback.World) -> None:
    headers = {"Authorization": "Bearer SIMTOKEN-7A"}
    send(world)
    address = world.url("jtel") + "/rest/v1.0/7/dialler/contacts?token=SIMTOKEN-7A"
    urllib.request.urlopen(urllib.request.Request(address, headers=headers)).close()
    found = {it.name for it in world.findings().findings}
    assert "secret_in_query" in found


def test_a_scenario_by_name_as_mapping_as_text_and_as_file(
    simulator: ringback.Ringback, tmp_path: Path
) -> None:
    rows = {"jtel": {"clients": [{"id": 9, "tokens": ["X"]}]}}
    text = '[[jtel.clients]]\nid = 9\ntokens = ["X"]\n'
    (tmp_path / "clients.csv").write_text("id,tokens\n9,X\n")
    file = tmp_path / "mine.toml"
    file.write_text('title = "mine"\n[jtel]\nclients = { csv = "clients.csv" }\n')
    for scenario in (rows, text, file, str(file)):
        with simulator.world(scenario=scenario, seed=3, clock="frozen@2026-05-04T08:00:00Z") as world:
            assert [it["id"] for it in world.state("jtel", "clients")] == [9]
            info = world.info()
            assert (info.seed, info.clock_mode, info.now) == (3, "frozen", "2026-05-04T08:00:00Z")


def test_what_stands_over_a_file_is_part_of_its_seed(simulator: ringback.Ringback, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "demo"\n')
    variants = {"jtel": {"pick": "highest_id"}}
    with simulator.world(scenario=file, variants=variants, strict=True, clock="scaled:60") as world:
        world.set_variants({"jtel": {"pick": "lowest_id"}})
        world.reset()
        assert world.variants()["jtel"]["pick"] == "highest_id"
        assert world.findings().strict is not None
        assert world.clock().mode == "scaled"


@pytest.mark.parametrize(
    ("scenario", "place"),
    [
        ({"jtel": {"campain": []}}, "scenario#/jtel/campain: unknown key"),
        ("title = 1\n[jtel]\ncampain = []\n", "scenario.toml:3:1: unknown key"),
        ("nosuch", 'there is no scenario called "nosuch"'),
        ("no/such.toml", "no/such.toml: the scenario cannot be read; there is no such file"),
    ],
)
def test_mistakes_of_a_scenario_have_their_places(
    simulator: ringback.Ringback, scenario: object, place: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        simulator.world(scenario=scenario)  # type: ignore[arg-type]
    assert place in str(caught.value)


def test_mistakes_of_a_file_have_its_name_and_place(simulator: ringback.Ringback, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "demo"\n[jtel]\ncontacts = { csv = "c.csv" }\n')
    (tmp_path / "c.csv").write_text("id,campaign,nam\n9,612,Neu\n")
    with pytest.raises(ScenarioError) as caught:
        simulator.world(scenario=file)
    text = str(caught.value)
    assert f'{tmp_path}/c.csv:1:13: unknown column "nam"' in text
    assert 'did you mean "name"?' in text


def test_a_refused_call_carries_the_problem_document(world: ringback.World) -> None:
    with pytest.raises(ProblemError) as caught:
        world.event("jtel", "start_campain", campaign=612)
    error = caught.value
    assert error.status == 404
    assert error.type == "urn:ringback:problem:no-such-name"
    assert error.problem["detail"] in str(error)
    assert "POST /v1/worlds/" in str(error)


def test_switches_are_listed(simulator: ringback.Ringback) -> None:
    switches = {(it.vendor, it.name): it for it in simulator.variants()}
    assert switches["jtel", "pick"].default == "lowest_id"
    assert "highest_id" in switches["jtel", "pick"].values
    assert simulator.vendors() == ["infocu5", "jtel", "maestro", "maxcontact", "mor"]


def test_what_nobody_took_is_told(simulator: ringback.Ringback) -> None:
    before = simulator.unmatched(last=1)
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{simulator.listen}/nobodys")
    (entry,) = simulator.unmatched(after=before[-1].seq if before else 0)
    assert entry.error is not None
    assert "no vendor takes GET /nobodys" in entry.error


def test_it_takes_many_threads(world: ringback.World) -> None:
    threads = [threading.Thread(target=send, args=(world,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.verify(operation="lock_contact_by_id", exactly=16)


def test_an_archive_and_a_line_for_the_shell(world: ringback.World, tmp_path: Path) -> None:
    send(world)
    world.har(tmp_path / "a.har")
    assert '"version":"1.2"' in (tmp_path / "a.har").read_text().replace(" ", "")
    with pytest.raises(ringback.FileError, match=f"{tmp_path}/none/a.har: No such file") as caught:
        world.har(tmp_path / "none" / "a.har")
    assert isinstance(caught.value, OSError)
    assert world.curl(1).startswith("curl ")
    assert 'title = "Demo"' in world.scenario_toml()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda it: it.url("Jtel"), "there is no vendor 'Jtel'; .*did you mean 'jtel'"),
        (lambda it: it.url("max"), "did you mean 'maxcontact'"),
        (lambda it: it.url(""), "expected one of infocu5, jtel, maestro, maxcontact, mor"),
        (lambda it: it.advance([]), "expected a length of time such as '90m', .* found a list"),
        (lambda it: it.advance(to=5), "expected a time such as .* found the number 5"),
        (lambda it: it.seed([1]), "expected a mapping such as .* or TOML as text, found a list"),
        (lambda it: it.verify("lock"), "expected a mapping such as .* found the text 'lock'"),
        (lambda it: it.fault("status", on="jtel"), "on: expected a mapping"),
        (lambda it: it.set_variants(), "found none"),
        (lambda it: it.advance(float("inf")), "expected a length of time .* found the number inf"),
        (lambda it: it.advance(float("nan")), "expected a length of time .* found the number nan"),
        (lambda it: it.wait(operation="dial", timeout=float("inf")), "expected a length of time"),
        (lambda it: it.verify(param={"id": object()}), "expected what JSON can say, found object"),
        (lambda it: it.verify(param={"id": float("nan")}), "expected what JSON can say"),
        (lambda it: it.verify(param={("a", "b"): 1}), "keys must be str"),
        (lambda it: it.event("jtel", "start_campaign", campaign=object()), "expected what JSON can say"),
        (lambda it: it.fault("delay", delay=object()), "expected what JSON can say"),
        (lambda it: it.seed({"jtel": {"contacts": [{"id": float("inf")}]}}), "expected what JSON can say"),
        (lambda it: it.seed("title = '\ud800'\n"), "expected text that UTF-8 has"),
        (lambda it: it.journal(last=-1), "last: expected a number from 0 on, found the number -1"),
        (lambda it: it.journal(last="2"), "last: expected a number from 0 on, found the text '2'"),
        (lambda it: it.journal(after=-1), "after: expected a number from 0 on"),
        (lambda it: it.set_strict(False, expect=[{"operation": "dial"}]), "nobody would judge it"),
        (lambda it: it.verify({"operation": "a"}, operation="b"), "expected 'operation' once"),
        (lambda it: it.wait({"operation": "a"}, operation="b"), "expected 'operation' once"),
        (lambda it: it.fault({"then": "delay", "delay": "1s"}, delay="2s"), "expected 'delay' once"),
        (
            lambda it: it.set_variants({"jtel": {"pick": "highest_id"}}, jtel={"pick": "lowest_id"}),
            "expected 'jtel' once",
        ),
        (lambda it: it.set_variants({"jtel.pick": "highest_id"}), "write {'jtel': {'pick': 'highest_id'}}"),
        (lambda it: it.set_variants(jtel={"pick": []}), "the position of jtel.pick as text, found a list"),
    ],
)
def test_an_argument_that_makes_no_sense_says_what_does(
    world: ringback.World, call: Callable[[ringback.World], object], told: str
) -> None:
    before = world.last_seq()
    with pytest.raises(ringback.ArgumentError, match=told) as caught:
        call(world)
    assert isinstance(caught.value, ringback.RingbackError)
    assert world.last_seq() == before


def test_a_handle_stays_in_its_process_and_says_what_goes(world: ringback.World) -> None:
    address = rf"ringback\.connect\('{world.ringback.admin}', url='{world.ringback.listen}'\)"
    with pytest.raises(
        TypeError, match=rf"cannot be pickled.*world\.url\(…\).*{address}\.get\('{world.name}'\)$"
    ):
        pickle.dumps(world)
    with pytest.raises(TypeError, match=rf"cannot be pickled.*{address}$"):
        pickle.dumps({"it": world.ringback})
    there = ringback.connect(world.ringback.admin, url=world.ringback.listen, token="secret")
    with pytest.raises(TypeError, match="cannot be pickled") as caught:
        pickle.dumps(there)
    assert "secret" not in str(caught.value)
    # What the message says is so.
    assert there.get(world.name).url("jtel") == world.url("jtel")


def test_errors_and_answers_come_from_another_process_whole(simulator: ringback.Ringback) -> None:
    def strict() -> None:
        with simulator.world("pickled", strict=True) as made:
            send(made, "/nothing")

    with simulator.world("errors") as world:
        calls: list[Callable[[], object]] = [
            strict,
            lambda: world.verify(operation="lock_contact_by_id"),
            lambda: world.rollback("no"),
            lambda: simulator.world(scenario="title = 'Own'\n[jtel]\ncampain = 3\n"),
            lambda: world.set_clock("frozn"),
            lambda: ringback.start(binary="/nowhere"),
            lambda: ringback.start(scenario="nosuch"),
        ]
        for call in calls:
            with pytest.raises(ringback.RingbackError) as caught:
                call()
            again = pickle.loads(pickle.dumps(caught.value))
            assert (type(again), str(again), again.args) == (
                type(caught.value),
                str(caught.value),
                caught.value.args,
            )
            assert vars(again) == vars(caught.value)
        send(world)
        for answer in [world.journal(), world.info(), world.findings(), world.diff(), world.clock()]:
            assert pickle.loads(pickle.dumps(answer)) == answer


def test_expectations_and_claims_are_any_sequence(simulator: ringback.Ringback) -> None:
    expect: Sequence[Mapping[str, Any]] = deque([{"operation": "lock_contact_by_id", "exactly": 1}])
    with simulator.world(strict=True, expect=expect, claims=deque(["jtel:CLAIMED-1"])) as world:
        send(world)
        world.set_strict(expect=(*expect, MappingProxyType({"operation": "dial", "never": True})))
    for wrong, told in (
        ({"operation": "dial"}, r"expect: expected a list of conditions .* found a dict; write \[{…}\]"),
        (["dial"], "expect: expected a mapping such as .* found the text 'dial'"),
    ):
        with pytest.raises(ringback.ArgumentError, match=told):
            simulator.world(strict=True, expect=wrong)  # type: ignore[arg-type]


def test_the_types_of_arguments_are_the_packages(world: ringback.World) -> None:
    def moved(by: ringback.Length, to: ringback.Instant, of: ringback.Scenario) -> str:
        with world.ringback.world(scenario=of, clock="frozen") as made:
            made.advance(by)
            return made.advance(to=to).now

    assert moved(datetime.timedelta(hours=1), "2026-03-02T12:00:00Z", {}) == "2026-03-02T12:00:00Z"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"clock": "frozen@2026-03-02"}, "clock: expected a time such as .* time of day and offset"),
        ({"clock": "frozn"}, "clock: expected 'real', 'frozen', .* found 'frozn'"),
        ({"clock": "scaled"}, "a rate is missing, as in 'scaled:60'"),
        ({"clock": {"mode": "frozn"}}, "did you mean 'frozen'"),
        ({"clock": {"mode": "scaled"}}, "expected a rate such as 60"),
        (
            {"claims": "jtel:SIMTOKEN-7A"},
            # A credential is not told again.
            r"claims: expected a list of texts, found a text; write \[…\]$",
        ),
        ({"variants": {"jtel": "highest_id"}}, "variants: expected a mapping by vendor"),
    ],
)
def test_what_a_world_is_made_of_is_told_in_its_own_words(
    simulator: ringback.Ringback, tmp_path: Path, options: dict[str, Any], told: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "demo"\n')
    before = [it.name for it in simulator.worlds()]
    for scenario in ("demo", file):
        with pytest.raises(ringback.ArgumentError, match=told):
            simulator.world(scenario=scenario, **options)
    assert [it.name for it in simulator.worlds()] == before


def test_a_position_that_looks_like_a_number_is_text(simulator: ringback.Ringback, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "demo"\n')
    variants = {"jtel": {"wrong_method": "404"}, "maxcontact": {"getcalls_lists_wrapping": "false"}}
    for scenario in ("demo", file):
        with simulator.world(scenario=scenario, variants=variants) as world:
            assert world.variants()["jtel"]["wrong_method"] == "404"
            assert world.variants()["maxcontact"]["getcalls_lists_wrapping"] == "false"
            world.set_variants(jtel={"wrong_method": "405"})
            world.reset()
            assert world.variants()["jtel"]["wrong_method"] == "404"


def test_a_refusal_is_of_the_vendor_whose_rule_it_is(world: ringback.World) -> None:
    world.fault("refuse", error="jtel.contact")
    world.fault({"then": "refuse", "error": "mor.hash", "on": {"nth": 1}})
    assert [it["on"] for it in world.faults()] == [{"vendor": "jtel"}, {"vendor": "mor", "nth": 1}]
    assert send(world) == 404
    with pytest.raises(ProblemError, match=r'did you mean "jtel\.contact"'):
        world.fault("refuse", error="jtel.contacts")


def test_a_world_by_hand_has_the_clock_of_its_scenario(simulator: ringback.Ringback) -> None:
    """As docs/time.md says it of both languages; a world of a test is frozen."""
    for scenario, mode in (
        ("demo", "real"),
        ({"clock": {"mode": "scaled", "at": "2026-03-02T09:00:00Z", "rate": 2}}, "scaled"),
    ):
        with simulator.world(scenario=scenario) as world:
            assert world.clock().mode == mode


def test_a_clock_is_set_in_a_word(world: ringback.World) -> None:
    assert world.set_clock("frozen@2026-03-03T09:00:00Z").now == "2026-03-03T09:00:00Z"
    assert world.set_clock("scaled:60").rate == 60
    assert world.set_clock("frozen").mode == "frozen"
    assert world.advance("2026-04-01T00:00:00Z").now == "2026-04-01T00:00:00Z"


def test_claims_stand_on_no_command_line(
    simulator: ringback.Ringback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "demo"\n')
    commands: list[str] = []
    real = subprocess.run

    def seen(command: list[str], **more: Any) -> Any:
        commands.append(" ".join(command))
        return real(command, **more)

    monkeypatch.setattr("subprocess.run", seen)
    with simulator.world(scenario=file, claims=["jtel:SIMTOKEN-7A", "mor:dialer_bob"]) as world:
        assert len(world.info().raw["claims"]) == 2
    assert any(" world make " in it for it in commands)
    assert not any("SIMTOKEN-7A" in it for it in commands)

    def slow(command: list[str], **_: Any) -> Any:
        raise subprocess.TimeoutExpired(command, 60)

    monkeypatch.setattr("subprocess.run", slow)
    with pytest.raises(ringback.RingbackError, match="timed out after 60 seconds") as caught:
        simulator.world(scenario=file, claims=["jtel:SIMTOKEN-7A"])
    assert "SIMTOKEN-7A" not in str(caught.value)
