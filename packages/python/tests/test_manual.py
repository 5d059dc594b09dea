"""The manual's chapter on Python and the front page: tables are whole, and examples do what they say."""

from __future__ import annotations

import dataclasses
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import needed

import ringback

FRONT = Path(__file__).parents[3] / "README.md"
CHAPTER = Path(__file__).parents[3] / "docs" / "python.md"


def blocks(language: str, page: Path = CHAPTER) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [str(it) for it in re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)]


def test_every_call_stands_there_with_its_parameters() -> None:
    text = CHAPTER.read_text(encoding="utf-8")
    missing = []
    functions: dict[str, object] = {it: getattr(ringback, it) for it in ("start", "connect", "find_binary")}
    for kind in (ringback.Ringback, ringback.World):
        functions |= {it: getattr(kind, it) for it in vars(kind) if not it.startswith("_")}
    for name, function in functions.items():
        if not inspect.isfunction(function):
            missing += [name] if f"`{name}`" not in text else []
            continue
        shown = [str(it) for it in re.findall(rf"`{name}\(([^`]*)\)`", text)]
        names = [it for it in inspect.signature(function).parameters if it != "self"]
        if not any(all(re.search(rf"\b{it}\b", one) for it in names) for one in shown):
            missing.append(f"{name}({', '.join(names)})")
    assert missing == []


def test_every_class_and_field_stands_there() -> None:
    lines = CHAPTER.read_text(encoding="utf-8").splitlines()
    missing = []
    for name in ringback.__all__:
        kind = getattr(ringback, name)
        if not inspect.isclass(kind):
            continue
        row = next((it for it in lines if it.startswith(f"| `{name}`")), None)
        if row is None:
            missing += (
                [] if issubclass(kind, ringback.RingbackError) and f"`{name}`" in "".join(lines) else [name]
            )
        elif dataclasses.is_dataclass(kind):
            fields = [it.name for it in dataclasses.fields(kind) if it.name != "raw"]
            missing += [f"{name}.{it}" for it in fields if f"`{it}`" not in row]
    assert missing == []


def test_the_example_of_every_call_runs(tmp_path: Path) -> None:
    (example,) = [it for it in blocks("python") if "world.set_variants" in it]
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_example_of_every_call_is_typed(tmp_path: Path) -> None:
    needed("mypy")
    (example,) = [it for it in blocks("python") if "world.set_variants" in it]
    (tmp_path / "example.py").write_text(example)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "example.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_first_test_fails_as_shown_and_is_green_when_mended(pytester: pytest.Pytester) -> None:
    client = next(it for it in blocks("python") if it.startswith("from urllib.request import"))
    test = next(it for it in blocks("python") if it.startswith("from client import"))
    pytester.path.joinpath("test_client.py").write_text(test)
    pytester.path.joinpath("client.py").write_text(client)
    failed = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--tb=line")
    failed.assert_outcomes(failed=1)
    shown = next(it for it in blocks("text") if "no operation took" in it).splitlines()[2:]
    assert "\n".join(shown) in failed.stdout.str()
    pytester.path.joinpath("client.py").write_text(
        client.replace("/contacts/{contact}", "/contacts/contact/{contact}")
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


CLIENT = """
from urllib.request import Request, urlopen


class MyClient:
    def __init__(self, base):
        self.base = base

    def lock(self, contact):
        url = f"{self.base}/rest/v1.0/7/dialler/contacts/contact/{contact}/lock"
        urlopen(Request(url, headers={"Authorization": "Bearer SIMTOKEN-7A"}, method="PATCH")).close()


"""


def test_the_test_of_the_front_page_is_green_and_can_fail(pytester: pytest.Pytester) -> None:
    (test,) = blocks("python", FRONT)
    pytester.path.joinpath("test_front.py").write_text(CLIENT + test)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
    pytester.path.joinpath("test_front.py").write_text(CLIENT + test.replace("exactly=1", "exactly=2"))
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(failed=1)
