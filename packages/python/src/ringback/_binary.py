"""Finds the program.

Not here: starting it.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import sysconfig
from collections.abc import Iterator

from ringback._errors import BinaryError

__all__ = ["find_binary"]

VARIABLE = "RINGBACK_BIN"
"""The variable that names the program, before all other places."""

_NAME = "ringback" + (sysconfig.get_config_var("EXE") or "")


def find_binary() -> str:
    """The path of the program: `RINGBACK_BIN`, else the wheel's own, else the first on `PATH`.

    Raises `BinaryError`, which lists where it was looked for.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not os.path.isfile(named):
            raise BinaryError(f"{VARIABLE} is {named!r}, and there is no such file")
        if not os.access(named, os.X_OK):
            raise BinaryError(f"{VARIABLE} is {named!r}, and that file cannot be executed")
        return named
    looked: list[str] = []
    for place in _places():
        path = os.path.join(place, _NAME)
        if path in looked:
            continue
        looked.append(path)
        if os.path.isfile(path) and os.access(path, os.X_OK) and not _is_script(path):
            return path
    found = shutil.which(_NAME)
    if found is not None:
        return found
    listed = "\n".join(f"  {path}" for path in looked)
    within = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    zipped = "" if os.path.isdir(within) else f"this package is within {within}, which holds no program; "
    raise BinaryError(
        f"{zipped}the program {_NAME!r} is not there; install the wheel (pip install ringback-….whl), put it"
        f" on PATH, or name it in {VARIABLE}. Looked for it on PATH and at\n{listed}"
    )


def _places() -> Iterator[str]:
    """Where installers put the scripts of a wheel."""
    yield sysconfig.get_path("scripts")
    # A virtual environment that sees the packages of the Python below it.
    yield sysconfig.get_path("scripts", vars={"base": sys.base_prefix})
    module = os.path.dirname(os.path.abspath(__file__))
    # `pip install --target`, and `--prefix` or a layered environment: .../lib/pythonX.Y/site-packages.
    yield os.path.join(os.path.dirname(module), "bin")
    yield os.path.join(os.path.abspath(os.path.join(module, *[os.pardir] * 4)), "bin")
    scheme = f"{os.name}_user"
    if scheme in sysconfig.get_scheme_names():
        yield sysconfig.get_path("scripts", scheme=scheme)


def _is_script(path: str) -> bool:
    """Whether it is a launcher that some tool wrote, not the program."""
    try:
        with open(path, "rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return not stat.S_ISREG(os.stat(path).st_mode)
