"""The dose of an exercise in words, for where a programme does not state one of its own."""

from collections.abc import Mapping
from typing import Any


def in_words(dose: Mapping[str, Any]) -> str:
    """For example `8 to 12 times a side, hold 2 to 3 seconds, 2 to 3 rounds`.

    >>> in_words({"repetitions": {"from": 8, "to": 12}, "side": "each", "sets": {"from": 1, "to": 1}})
    '8 to 12 times a side, 1 round'
    """
    side = " a side" if dose.get("side") == "each" else ""
    forms = (
        ("repetitions", "{} times" + side, "{} time" + side),
        ("hold_seconds", "hold {} seconds", "hold {} second"),
        ("minutes", "{} minutes", "{} minute"),
        ("sets", "{} rounds", "{} round"),
        ("times_per_day", "{} times a day", "once a day"),
    )
    parts = [_part(dose[name], several, one) for name, several, one in forms if dose.get(name)]
    return ", ".join([*parts, *([dose["note"]] if dose.get("note") and not parts else [])])


def _part(span: Mapping[str, int], several: str, one: str) -> str:
    low, high = span["from"], span["to"]
    if low == high:
        return (one if low == 1 else several).format(low)
    return several.format(f"{low} to {high}")
