"""The program: found, started, ended, and never left behind."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import urllib.request
import zipfile
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import is_running, until

import ringback
from ringback import BinaryError, StartError, UnreachableError

STARTS = """
import json, signal, sys, time, ringback
# A job in a shell's background is begun with it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
running = ringback.start()
running.trust()
print(json.dumps({"pid": running.pid, "folder": running.ca_file}), flush=True)
time.sleep(600)
"""


def started() -> tuple[subprocess.Popen[bytes], int, Path]:
    child = subprocess.Popen([sys.executable, "-c", STARTS], stdout=subprocess.PIPE)
    assert child.stdout is not None
    told = json.loads(child.stdout.readline())
    return child, told["pid"], Path(told["folder"]).parent


def test_it_ends_with_its_block() -> None:
    with ringback.start() as running:
        pid = running.pid
        folder = Path(running.ca_file).parent
        assert pid is not None
        assert is_running(pid)
        assert running.is_alive()
    assert not is_running(pid)
    assert not folder.exists()
    assert running.close() == 0
    with pytest.raises(UnreachableError, match="nothing answers at"):
        running.worlds()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_test_process_is_killed(number: signal.Signals) -> None:
    child, pid, folder = started()
    assert is_running(pid)
    child.send_signal(number)
    child.wait()
    until(lambda: not is_running(pid), "the program ends")
    until(lambda: not folder.exists(), "its folder is removed")
    if child.stdout is not None:
        child.stdout.close()


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells a child of its parent's death"
)
def test_nothing_is_left_when_all_pythons_are_killed() -> None:
    child, pid, folder = started()
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        watcher = int(file.read().rsplit(")", 1)[1].split()[1])
    os.kill(watcher, signal.SIGKILL)
    until(lambda: not is_running(pid), "the program ends")
    child.kill()
    child.communicate()
    # Nobody is left who could remove it.
    shutil.rmtree(folder)


def test_two_at_once_do_not_meet() -> None:
    with ringback.start() as one, ringback.start() as other:
        one.world("a")
        assert [it.name for it in other.worlds()] == ["default"]
        assert one.listen != other.listen


def test_the_listener_of_one_that_runs_here_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RINGBACK_URL", raising=False)
    with ringback.start() as running:
        assert ringback.connect(running.admin).listen == running.listen
    # One that listens everywhere tells no address to reach it by; its usual port is left.
    with ringback.start(listen="0.0.0.0:0") as running:
        assert ringback.connect(running.admin).listen == "http://127.0.0.1:8080"


def test_the_exit_code_of_a_strict_run() -> None:
    running = ringback.start(strict=True)
    with pytest.raises(OSError, match="404"):
        urllib.request.urlopen(f"{running.listen}/jtel/nothing")
    assert running.close() == 1


def test_variables_of_the_program_do_not_reach_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RINGBACK_ADMIN_TOKEN", "secret")
    monkeypatch.setenv("RINGBACK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("RINGBACK_SCENARIO", "nosuch")
    with ringback.start() as running:
        assert [it.name for it in running.worlds()] == ["default"]
    assert not (tmp_path / "data").exists()


def test_a_scenario_with_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[jtel]\ncampain = 3\n")
    with pytest.raises(StartError) as caught:
        ringback.start(scenario=file)
    assert f'{file}:2:1: unknown key "campain" in [jtel]' in str(caught.value)
    assert caught.value.exit_code == 2
    with pytest.raises(StartError, match=r"\nscenario\.toml:2:1: unknown key"):
        ringback.start(scenario="[jtel]\ncampain = 3\n")
    with pytest.raises(StartError, match=r"scenario\.json#/jtel/campain: unknown key"):
        ringback.start(scenario={"jtel": {"campain": 3}})


def test_a_port_that_is_taken() -> None:
    with ringback.start() as one:
        address = one.listen.replace("http://", "")
        with pytest.raises(StartError, match=rf"exit code 3.*\n.*{re.escape(address)}"):
            ringback.start(listen=address)


def test_settings_of_the_default_world() -> None:
    hosts = {"jtel": ["portal.example.test"], "mor": "mor.example.test"}
    with ringback.start(scenario="mor", seed=9, clock="frozen@2026-05-04T08:00:00Z", hosts=hosts) as running:
        info = running.default.info()
        assert (info.seed, info.now) == (9, "2026-05-04T08:00:00Z")
        assert running.ready["hosts"]["mor"] == ["mor.example.test"]


def test_one_that_runs_already(simulator: ringback.Ringback) -> None:
    with ringback.connect(simulator.admin, url=simulator.listen) as there:
        with there.world("by-another") as world:
            assert world.url("jtel") == f"{simulator.listen}/w/by-another/jtel"
        assert there.pid is None
    assert simulator.is_alive()
    with pytest.raises(UnreachableError, match=r"nothing answers at http://127\.0\.0\.1:9"):
        ringback.connect("127.0.0.1:9")


@pytest.mark.parametrize("address", ["127.0.0.1:1:2", "http://[", "https://127.0.0.1", "http://a:b", ""])
def test_an_address_that_makes_no_sense_says_what_does(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGBACK_ADMIN_URL", address or "ftp://a")
    with pytest.raises(ringback.ArgumentError, match=r"expected an address such as http://127\.0\.0\.1:8081"):
        ringback.connect(address or None)


def test_a_token_and_a_name_that_cannot_be_sent_are_told(simulator: ringback.Ringback) -> None:
    with pytest.raises(ringback.ArgumentError, match="expected what HTTP can say") as caught:
        ringback.connect(simulator.admin, token="secret\nb")
    assert "secret" not in str(caught.value)
    with pytest.raises(ringback.ArgumentError, match="expected a name that UTF-8 has"):
        simulator.get("\ud800")
    with pytest.raises(ringback.ProblemError, match='"5"'):
        simulator.get(5)  # type: ignore[arg-type]


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_program_of_another_version(tmp_path: Path) -> None:
    line = json.dumps({"ready": True, "version": "9.9.9", "pid": 1, "admin": "http://127.0.0.1:1"})
    other = script(tmp_path / "other", f"echo '{line}'; exec sleep 600")
    with pytest.raises(BinaryError, match=r"other is Ringback 9\.9\.9, and this package is for"):
        ringback.start(binary=other)


def test_a_program_that_is_another(tmp_path: Path) -> None:
    with pytest.raises(BinaryError, match="is not Ringback: expected its ready line, found 'hello'"):
        ringback.start(binary=script(tmp_path / "hello", "echo hello"))
    with pytest.raises(StartError, match=r"ended before it was ready \(exit code 7\)\noh dear"):
        ringback.start(binary=script(tmp_path / "dies", "echo oh dear >&2; exit 7"))
    with pytest.raises(StartError, match=r"was not ready within 0\.2 s"):
        ringback.start(binary=script(tmp_path / "sleeps", "exec sleep 600"), timeout=0.2)


def test_it_starts_beside_many_open_files() -> None:
    """`select` takes no descriptor beyond the first 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2048:
        pytest.skip("this system lets nobody open so many")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    try:
        with contextlib.ExitStack() as files:
            for _ in range(1100):
                files.enter_context(open(os.devnull, "rb"))
            with ringback.start() as running:
                assert [it.name for it in running.worlds()] == ["default"]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_where_there_is_no_room_the_folder_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    monkeypatch.setattr("tempfile.tempdir", str(gone))
    with pytest.raises(ringback.FileError, match=f"{gone}/ringback-.*: No such file or directory"):
        ringback.start()
    with pytest.raises(ringback.FileError, match=f"{gone}/ringback-"):
        ringback.start(scenario="title = 'Own'\n[jtel]\n")
    monkeypatch.undo()
    with ringback.start() as running:
        with monkeypatch.context() as patch:
            patch.setattr("ringback._ringback.open", _no_room, raising=False)
            patch.setattr("ringback._making.open", _no_room, raising=False)
            with pytest.raises(ringback.FileError, match=r"ringback-.*/ca\.pem .*: No space left on device"):
                running.trust()
            with pytest.raises(ringback.FileError, match=r"scenario\.toml .*: No space left on device"):
                running.world(scenario="title = 'Own'\n[jtel]\n")
        assert Path(running.ca_file).is_file()
    monkeypatch.setattr("ringback._process.open", _no_room, raising=False)
    with pytest.raises(StartError, match=r"cannot start: .*ringback-.*stderr\.txt: No space left on device"):
        ringback.start()


def _no_room(path: object, *_: object, **__: object) -> object:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)


def test_one_that_was_killed_is_told_with_its_signal_and_starts_anew() -> None:
    with ringback.start(seed=9) as running:
        running.world("a")
        before = running.ca_file
        assert running.ended() == ""
        running.restart()
        assert [it.name for it in running.worlds()] == ["a", "default"]
        assert running.pid is not None
        os.kill(running.pid, signal.SIGKILL)
        until(lambda: not running.is_alive(), "the program ends")
        assert running.ended() == "the program was ended by SIGKILL"
        with pytest.raises(UnreachableError, match=r"; the program was ended by SIGKILL$") as caught:
            running.worlds()
        assert caught.value.__cause__ is None
        running.restart()
        assert [it.name for it in running.worlds()] == ["default"]
        assert (running.default.info().seed, running.made, running.ended()) == (9, [], "")
        assert running.ca_file != before
        assert Path(running.ca_file).is_file()
    running.restart()
    assert not running.is_alive()


def test_how_one_ended_is_known_to_the_first_call_that_finds_nobody() -> None:
    for _ in range(5):
        with ringback.start() as running:
            assert running.pid is not None
            os.kill(running.pid, signal.SIGKILL)
            with pytest.raises(UnreachableError, match=r"; the program was ended by SIGKILL$"):
                deque(iter(running.worlds, None), maxlen=0)


def test_what_one_said_is_known_when_it_has_ended(tmp_path: Path) -> None:
    real = ringback.find_binary()
    talks = script(tmp_path / "talks", f'echo "the last word" >&2\nexec {real} "$@"')
    with ringback.start(binary=talks) as running:
        assert running.pid is not None
        assert running.log() == "the last word\n"
        os.kill(running.pid, signal.SIGKILL)
        until(lambda: not running.is_alive(), "the program ends")
        assert running.log() == "the last word\n"
    assert running.log() == ""


def test_one_that_was_stopped_in_order_is_told_as_that() -> None:
    with ringback.start() as running:
        assert running.pid is not None
        os.kill(running.pid, signal.SIGTERM)
        until(lambda: not running.is_alive(), "the program ends")
        told = (
            "the program has ended with exit code 0, as it does when somebody stops it with SIGTERM or SIGINT"
        )
        assert running.ended() == told
        with pytest.raises(UnreachableError, match=f"; {told}$"):
            running.worlds()
    running = ringback.start()
    running.close()
    with pytest.raises(UnreachableError, match=r"; the program was ended by close\(\), or with its block$"):
        running.worlds()


def zipped(path: Path, main: str) -> str:
    """The package and a program in one file, as `zipapp` makes it."""
    with zipfile.ZipFile(path, "w") as file:
        for source in Path(ringback.__file__).parent.glob("*.py"):
            file.write(source, f"ringback/{source.name}")
        file.writestr("__main__.py", main)
    return str(path)


def of_zip(path: str, tmp_path: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs it, where no other copy of the package can be found."""
    environment = {"TMPDIR": str(tmp_path), "PATH": os.environ["PATH"], **more}
    return subprocess.run(
        [sys.executable, "-S", path], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_starts_from_a_zip_and_leaves_nothing(tmp_path: Path) -> None:
    main = """
import ringback
with ringback.start() as running:
    print(ringback.__file__, running.world("a").name, running.pid)
"""
    path, temporary = zipped(tmp_path / "app.pyz", main), tmp_path / "tmp"
    temporary.mkdir()
    done = of_zip(path, temporary, RINGBACK_BIN=ringback.find_binary())
    assert (done.returncode, done.stderr) == (0, "")
    where, world, pid = done.stdout.split()
    assert where.startswith(path)
    assert world == "a"
    assert not is_running(int(pid))
    assert list(temporary.iterdir()) == []


def test_a_zip_holds_no_program_and_that_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "app.pyz", "import ringback\nringback.find_binary()\n")
    # A Python that nothing is installed beside.
    base = tmp_path / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(base)], check=True)
    done = subprocess.run(
        [str(base / "bin" / "python"), "-S", path],
        env={"PATH": str(base / "bin")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert f"BinaryError: this package is within {path}, which holds no program; the program" in done.stderr
    assert "put it on PATH, or name it in RINGBACK_BIN" in done.stderr


def test_where_no_file_can_be_run_another_way_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    with pytest.raises(
        StartError, match=r"has a Python built in.*; start `ringback serve`.*ringback\.connect"
    ):
        ringback.start()
    monkeypatch.undo()
    monkeypatch.setattr("ringback._process.__file__", "/nowhere/ringback/_process.py")
    monkeypatch.setattr("pkgutil.get_data", lambda *_: None)
    with pytest.raises(StartError, match=r"/nowhere/ringback/_watch\.py is missing; .*ringback\.connect"):
        ringback.start()


def test_arguments_are_any_sequence_but_a_text(tmp_path: Path) -> None:
    arguments: Sequence[str] = deque(["--others", "pass"])
    with ringback.start(arguments=arguments, hosts={"jtel": deque(["portal.example.test"])}) as running:
        assert running.ready["hosts"]["jtel"] == ["portal.example.test"]
    with pytest.raises(
        ringback.ArgumentError, match=r"arguments: .* found the text '--strict'; write \['--strict'\]"
    ):
        ringback.start(arguments="--strict")
    with pytest.raises(
        ringback.ArgumentError, match="hosts: jtel: expected a list of texts, found the number 5"
    ):
        ringback.start(hosts={"jtel": 5})  # type: ignore[dict-item]


def test_a_host_that_makes_no_sense_is_told_by_its_argument() -> None:
    for hosts in {"mro": "a.test"}, {"jtel": "http://x"}, {"": "a.test"}:
        with pytest.raises(StartError, match=r"^hosts: ") as caught:
            ringback.start(hosts=hosts)
        assert "--host" not in str(caught.value)


def test_a_program_that_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RINGBACK_BIN", str(tmp_path / "none"))
    with pytest.raises(BinaryError, match=r"RINGBACK_BIN is .*none', and there is no such file"):
        ringback.start()
    monkeypatch.setenv("RINGBACK_BIN", str(tmp_path))
    with pytest.raises(BinaryError, match="there is no such file"):
        ringback.start()
    monkeypatch.delenv("RINGBACK_BIN")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("ringback._binary._places", lambda: iter([str(tmp_path / "bin")]))
    with pytest.raises(BinaryError) as caught:
        ringback.find_binary()
    assert f"{tmp_path}/bin/ringback" in str(caught.value)
    assert "pip install ringback" in str(caught.value)


def test_the_command_by_its_module() -> None:
    done = subprocess.run([sys.executable, "-m", "ringback", "--version"], capture_output=True, check=True)
    assert done.stdout.decode().split() == ["ringback", ringback.__version__]


def test_the_version_is_the_crates() -> None:
    manifest = Path(__file__).parents[3] / "Cargo.toml"
    if not manifest.is_file():
        pytest.skip("the crate is not here")
    assert f'\nversion = "{ringback.__version__}"\n' in manifest.read_text()
