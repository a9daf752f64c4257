"""Ask for what is missing, where somebody sits at a terminal to answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sphinx_stepwise.core.diagnostics import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping


def can_ask() -> bool:
    """Whether questions reach a person and answers come back."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str, default: str = "") -> str:
    """Return the answer, or the *default* for an empty one; without it, ask again.

    :raises EOFError: where there are no more answers.
    """
    shown = f"{question} [{default}]: " if default else f"{question}: "
    while True:
        answer = " ".join(input(shown).split()) or default
        if answer:
            return answer


def choose(question: str, choices: Mapping[str, str], default: str) -> str:
    """Return one of *choices*, answered by its number or its name.

    :param choices: name -> what is shown for it.
    :raises EOFError: where there are no more answers.
    """
    names = list(choices)
    print(question)
    for number, (name, words) in enumerate(choices.items(), start=1):
        told = words if words == name else f"{name}: {words}"
        print(f"  {number}. {told}")
    while True:
        answer = ask("Number or name", default)
        if answer in names:
            return answer
        if answer.isdecimal() and 0 < int(answer) <= len(names):
            return names[int(answer) - 1]
        hint = did_you_mean(answer, names) or f"Answer 1 to {len(names)}."
        print(f"There is no `{answer}`. {hint}")
