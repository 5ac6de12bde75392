"""The dose of an exercise in words, for where a programme does not state one of its own."""

from collections.abc import Mapping
from typing import Any

FORMS = ("repetitions", "hold_seconds", "minutes", "sets", "times_per_day")
"""What is told, in this order."""


def in_words(dose: Mapping[str, Any], texts: Mapping[str, Any]) -> str:
    """For example `8 to 12 times a side, hold 2 to 3 seconds, 2 to 3 rounds`, in the words of the release.

    >>> texts = {"sets": {"one": "{count} round", "several": "{count} rounds"}, "range": "{low} to {high}"}
    >>> in_words({"sets": {"from": 1, "to": 1}}, texts), in_words({"sets": {"from": 2, "to": 3}}, texts)
    ('1 round', '2 to 3 rounds')
    """
    parts = [_part(dose[name], texts[_form(name, dose)], texts["range"]) for name in FORMS if dose.get(name)]
    return ", ".join([*parts, *([dose["note"]] if dose.get("note") and not parts else [])])


def _form(name: str, dose: Mapping[str, Any]) -> str:
    each_side = name == "repetitions" and dose.get("side") == "each"
    return "repetitions_a_side" if each_side else name


def _part(span: Mapping[str, int], form: Mapping[str, str], between: str) -> str:
    low, high = span["from"], span["to"]
    if low == high:
        return form["one" if low == 1 else "several"].format(count=low)
    return form["several"].format(count=between.format(low=low, high=high))
