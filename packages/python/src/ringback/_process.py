"""One running program: started, its ready line read, ended.

Not here: what is asked of it (`_wire`, `_world`).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pkgutil
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ringback._errors import BinaryError, FileError, StartError, hidden
from ringback._version import VERSION

__all__ = ["Process", "new_folder", "no_room"]

__tracebackhide__ = hidden

_READY_LINE_MAX = 1 << 20
"""Bytes of the ready line at the most: a thousand addresses fit; what another program says ends."""

_END_TIMEOUT = 20.0
"""Seconds until a program that was told to end is taken for stuck: more than it gives to requests."""

_BY_SIGNAL = 128
"""What an exit code has beside the number of the signal that it stands for."""

_KEPT = ("RINGBACK_CA_DIR",)
"""Variables of the program that stay: all others would have it serve something else than was asked for."""


@dataclass
class Process:
    """A program that is ready. `folder` is its own, and gone when it ends."""

    binary: str
    folder: str
    ready: dict[str, Any]
    _popen: subprocess.Popen[bytes]
    _said: io.FileIO
    """What it writes to stderr; open, since the file goes with the folder when it ends in whatever way."""
    _left: bool = False
    _closed: bool = False

    @classmethod
    def start(cls, binary: str, arguments: Sequence[str], timeout: float, folder: str) -> Process:
        """Starts it and reads its ready line. The folder is taken over, and removed where that fails."""
        log = os.path.join(folder, "stderr.txt")
        command = [binary, "serve", *arguments]
        python = sys.executable or "python3"
        try:
            watch = _watch(folder)
            with open(log, "wb") as errors:
                popen = subprocess.Popen(
                    [python, "-I", "-S", watch, folder, *command],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=_environment(),
                    start_new_session=True,
                )
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            # Where the file could not be made, it is the folder that matters, and not Python.
            what = error.filename if error.filename in (log, folder) else f"{python} for {binary}"
            raise StartError(f"cannot start: {what}: {error.strerror}") from None
        except StartError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        # Opened now: the folder goes with the program, and what it said is wanted after that.
        said = io.FileIO(log)
        try:
            line = _first_line(popen, timeout)
            ready = _understood(line, binary)
        except BaseException as error:
            code = _ended(popen)
            # Text that was given as a scenario stands in our folder, which says nothing to anybody.
            text = said.read().decode(errors="replace").strip().replace(f"{folder}/", "")
            said.close()
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, _NotReady):
                raise _start_error(error, command, code, text) from None
            raise
        return cls(binary, folder, ready, popen, said)

    @property
    def pid(self) -> int:
        """Of the program itself."""
        return int(self.ready["pid"])

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._popen.poll() is None

    def log(self) -> str:
        """What it wrote to stderr so far, also where it has ended; nothing where it was ended from here."""
        if self._said.closed:
            return ""
        self._said.seek(0)
        return self._said.read().decode(errors="replace")

    def ended(self, within: float = 0) -> str:
        """How it ended, as the end of a message; empty where it runs, and does so for some seconds yet."""
        if within and not self._left:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(within)
        if self._left or self._popen.poll() is None:
            return ""
        if self._closed:
            return "the program was ended by close(), or with its block"
        return f"the program {_how(self._popen.returncode)}"

    def end(self) -> int:
        """Ends it with SIGTERM and waits for it; its exit code. A second call does nothing."""
        self._closed = self._closed or self._popen.poll() is None
        self._said.close()
        return _ended(self._popen)

    def leave(self) -> None:
        """Lets it run on after this process has ended."""
        stdin = self._popen.stdin
        if stdin is not None and not stdin.closed:
            with contextlib.suppress(OSError):
                stdin.write(b"keep\n")
                stdin.flush()
        self._left = True
        self._said.close()
        # Nobody waits for it any more, and that is meant.
        self._popen.returncode = 0


class _NotReady(Exception):
    """Why there was no ready line."""


def _watch(folder: str) -> str:
    """The path of `_watch.py`, for a Python of its own. Out of a zip nothing can be run, so that a package in
    one has it written to the folder first."""
    if getattr(sys, "frozen", False):
        # Its `sys.executable` is no Python but the program itself, which would begin once more.
        raise StartError(
            f"cannot start: {sys.executable} has a Python built in, which runs no other file{_BY_HAND}"
        )
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_watch.py")
    if os.path.isfile(beside):
        return beside
    try:
        source = pkgutil.get_data("ringback", "_watch.py")
    except OSError:
        source = None
    if source is None:
        raise StartError(f"cannot start: {beside} is missing; the package needs its sources{_BY_HAND}")
    path = os.path.join(folder, "_watch.py")
    with open(path, "wb") as file:
        file.write(source)
    return path


_BY_HAND = "; start `ringback serve` by other means, and take ringback.connect(…)"
"""What is left to do where this package can start nothing."""


def _environment() -> dict[str, str]:
    foreign = [name for name in os.environ if name.startswith("RINGBACK_") and name not in _KEPT]
    return {name: value for name, value in os.environ.items() if name not in foreign}


def _first_line(popen: subprocess.Popen[bytes], timeout: float) -> bytes:
    assert popen.stdout is not None
    deadline = time.monotonic() + timeout
    heard, fd = b"", popen.stdout.fileno()
    while b"\n" not in heard:
        if not _is_heard(fd, deadline - time.monotonic()):
            raise _NotReady(f"was not ready within {timeout:g} s")
        data = os.read(fd, 65536)
        heard += data
        if not data:
            raise _NotReady("ended before it was ready")
        if len(heard) > _READY_LINE_MAX:
            raise _NotReady("wrote something else than a ready line")
    return heard.split(b"\n", 1)[0]


def _is_heard(fd: int, left: float) -> bool:
    """Whether something comes in time. `select` takes no descriptor beyond the first 1024; it stands in where
    there is no `poll`."""
    if left <= 0:
        return False
    with getattr(selectors, "PollSelector", selectors.SelectSelector)() as selector:
        selector.register(fd, selectors.EVENT_READ)
        return bool(selector.select(left))


def _understood(line: bytes, binary: str) -> dict[str, Any]:
    try:
        ready = json.loads(line)
    except ValueError:
        ready = None
    if not isinstance(ready, dict) or ready.get("ready") is not True:
        shown = line[:200].decode(errors="replace")
        raise BinaryError(f"{binary} is not Ringback: expected its ready line, found {shown!r}")
    version = ready.get("version")
    if version != VERSION:
        raise BinaryError(
            f"{binary} is Ringback {version}, and this package is for {VERSION}; install the two"
            " of one version, or let RINGBACK_BIN name the right one"
        )
    return ready


def _start_error(why: _NotReady, command: Sequence[str], code: int, log: str) -> StartError:
    told = f"\n{log}" if log else "; it said nothing"
    how = f" by {_signal(code)}" if _signal(code) else ""
    return StartError(f"{' '.join(command)}\n{why} (exit code {code}{how}){told}", log, code)


def _how(code: int) -> str:
    name = _signal(code)
    if name:
        return f"was ended by {name}"
    # It takes the signal and ends in order, which nobody who reads of it would think of.
    stopped = ", as it does when somebody stops it with SIGTERM or SIGINT" if code == 0 else ""
    return f"has ended with exit code {code}{stopped}"


def _signal(code: int) -> str:
    """The signal that an exit code stands for: beyond 128 as shells and `_watch` have it, below 0 as
    `subprocess` has that of `_watch` itself."""
    try:
        return signal.Signals(-code if code < 0 else code - _BY_SIGNAL).name if code else ""
    except ValueError:
        return ""


def _ended(popen: subprocess.Popen[bytes]) -> int:
    if popen.stdin is not None:
        with contextlib.suppress(OSError):
            popen.stdin.close()
    try:
        code = popen.wait(_END_TIMEOUT)
    except subprocess.TimeoutExpired:
        popen.kill()
        code = popen.wait()
    if popen.stdout is not None:
        popen.stdout.close()
    return code


def new_folder() -> str:
    """A folder for one program's files."""
    try:
        return tempfile.mkdtemp(prefix="ringback-")
    except OSError as error:
        raise no_room("a folder for temporary files", error) from None


def no_room(what: str, error: OSError) -> FileError:
    """A file or a folder that could not be made or written."""
    place = f" {error.filename}" if error.filename and str(error.filename) not in what else ""
    return FileError(f"cannot make {what}{place}: {error.strerror or error}")
