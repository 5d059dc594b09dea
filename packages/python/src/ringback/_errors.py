"""What goes wrong, as exceptions. Each carries what the program said, whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringback._shapes import Strict, Verdict

__all__ = [
    "ArgumentError",
    "BinaryError",
    "FileError",
    "ProblemError",
    "RingbackError",
    "ScenarioError",
    "StartError",
    "StrictError",
    "UnreachableError",
    "VerifyError",
    "hidden",
]


class RingbackError(Exception):
    """Whatever this module raises."""


class ArgumentError(RingbackError, TypeError, ValueError):
    """An argument makes no sense: its text says what was expected and what was found."""


class BinaryError(RingbackError):
    """The program is not there, cannot be run, or is of another version."""


class FileError(RingbackError, OSError):
    """A file or a folder cannot be made or written: its text has the path and the reason."""


class StartError(RingbackError):
    """The program ended before it was ready; `log` is what it wrote to stderr."""

    def __init__(self, message: str, log: str = "", exit_code: int | None = None) -> None:
        super().__init__(message)
        self.log = log
        self.exit_code = exit_code


class UnreachableError(RingbackError):
    """The control plane does not answer."""


class ProblemError(RingbackError):
    """The control plane refused a call. `problem` is its problem document (RFC 9457)."""

    def __init__(self, problem: Mapping[str, Any], call: str = "") -> None:
        self.problem: dict[str, Any] = dict(problem)
        self.call = call
        super().__init__(_told(self.problem, call))

    # An error of another process comes back pickled, and is made anew of its arguments, not of its text.
    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problem, self.call), _beside(self, "problem", "call")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(self.problem.get("status", 0))

    @property
    def type(self) -> str:
        """The same URN for all errors of a kind."""
        return str(self.problem.get("type", ""))

    @property
    def detail(self) -> str:
        """What was expected and what was found."""
        return str(self.problem.get("detail", ""))

    @property
    def mistakes(self) -> Sequence[Mapping[str, Any]]:
        """Each mistake of a body or a scenario, with its place."""
        found = self.problem.get("mistakes", [])
        return [it for it in found if isinstance(it, dict)] if isinstance(found, list) else []


class ScenarioError(ProblemError):
    """A scenario has mistakes: all of them, with their places, stand in the text."""


class VerifyError(RingbackError, AssertionError):
    """A condition does not hold, or nobody can tell. The text is the program's whole explanation; of a `wait`
    with what was waited for, how long and by which clock before it."""

    def __init__(self, verdict: Verdict, waited: str = "") -> None:
        self.verdict = verdict
        self._waited = waited
        told = verdict.explanation or f"{verdict.verdict}: {verdict.expected}"
        super().__init__(f"{waited}\n{told}" if waited else told)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.verdict, self._waited), _beside(self, "verdict", "_waited")


class StrictError(RingbackError, AssertionError):
    """A strict world's run was not as expected, found when its block was left. The text says what was not."""

    def __init__(self, strict: Strict, world: str) -> None:
        self.strict = strict
        self._world = world
        super().__init__(f"world {world}: {strict.explanation}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.strict, self._world), _beside(self, "strict", "_world")


def _beside(error: BaseException, *made: str) -> dict[str, Any] | None:
    """What an error has beside what it is made of, such as notes."""
    return {name: it for name, it in vars(error).items() if name not in made} or None


def hidden(caught: Any) -> bool:
    """As `__tracebackhide__` of a module: pytest shows what this package raises from where it was called."""
    return caught is not None and bool(caught.errisinstance(RingbackError))


def _told(problem: Mapping[str, Any], call: str) -> str:
    """The document as people read it: what was asked, why it was refused, each mistake on its line."""
    status, title = problem.get("status", "?"), problem.get("title", "")
    detail = str(problem.get("detail", "")).rstrip()
    lines = [f"{detail}", *_more_lines(problem, detail)]
    if call:
        lines.append(f"  {call} -> {status} {title}".rstrip())
    return "\n".join(lines)


def _more_lines(problem: Mapping[str, Any], detail: str) -> list[str]:
    lines: list[str] = []
    mistakes = problem.get("mistakes")
    for mistake in mistakes if isinstance(mistakes, list) else []:
        message = str(mistake.get("message", mistake)) if isinstance(mistake, dict) else str(mistake)
        if message not in detail:
            lines.append(f"  {message}")
    if problem.get("more"):
        lines.append(f"  and {problem['more']} more mistakes")
    lines.extend(f"  differs in {what}" for what in problem.get("differs") or [])
    if problem.get("now"):
        lines.append(f"  the world's time is {problem['now']}")
    if problem.get("allow"):
        lines.append(f"  the path takes {problem['allow']}")
    return lines
