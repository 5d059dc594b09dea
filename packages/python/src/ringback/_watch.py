"""Stands between a test process and the program, so that nothing is left when the former is killed.

Run as `python -I -S _watch.py FOLDER PROGRAM ARG…` in a session of its own. It starts the program and
reads stdin, whose other end the test process holds: when that end closes, for whatever reason, the
program is stopped and FOLDER removed. A line `keep` says that the program is to live on.

Not here: anything of the package; this file is run by itself, and imports little, to be quick.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys

_DRAIN = 12.0
"""Seconds for requests in flight: the program gives them ten."""

_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux."""


def _tie() -> None:
    """In the child, before it becomes the program: on Linux it dies with this process."""
    with contextlib.suppress(Exception):
        import ctypes

        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def _stop(child: "subprocess.Popen[bytes]") -> int:
    child.terminate()
    try:
        return child.wait(_DRAIN)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def _guard(child: "subprocess.Popen[bytes]", woken: int) -> int:
    """Until the program ends, or is to end; its exit code."""
    listening = [0, woken]
    heard = b""
    while True:
        code = child.poll()
        if code is not None:
            return code
        ready, _, _ = select.select(listening, [], [])
        if woken in ready and signal.SIGTERM in os.read(woken, 64):
            return _stop(child)
        if 0 in ready:
            data = os.read(0, 64)
            heard += data
            if b"keep\n" in heard:
                listening = [woken]
            elif not data:
                return _stop(child)


def main(folder: str, command: "list[str]") -> int:
    """Guards one program; returns its exit code, as a shell would."""
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    preexec = _tie if sys.platform.startswith("linux") else None
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=preexec)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 127
    # Only the program writes to stdout, so that its end can be seen there.
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)
    try:
        code = _guard(child, woken)
    finally:
        if folder:
            import shutil

            shutil.rmtree(folder, ignore_errors=True)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
