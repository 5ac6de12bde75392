"""What a translation must keep of its text: every placeholder and every number."""

import re
from collections.abc import Iterator

PLACEHOLDER = re.compile(r"\{[^{}]*\}|[{}]|%\(\w+\)s")
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
SEPARATOR = re.compile(r"\D")


def placeholders(text: str) -> list[str]:
    """The placeholders in order of the alphabet, and braces that are none.

    >>> placeholders("{name}: %(days)s of {count}")
    ['%(days)s', '{count}', '{name}']
    """
    return sorted(PLACEHOLDER.findall(text))


def numbers(text: str) -> list[str]:
    """The numbers in figures, without what sets their digits apart: a comma here is a point elsewhere.

    >>> numbers("1,000 to 2.5") == numbers("de 1.000 a 2,5")
    True
    """
    return sorted(SEPARATOR.sub("", number) for number in NUMBER.findall(text))


def losses(text: str, translated: str) -> Iterator[str]:
    """What the translation does not keep, in words."""
    for kind, of in (("placeholders", placeholders), ("numbers", numbers)):
        if of(text) != of(translated):
            yield f"the {kind} differ: {', '.join(of(text)) or 'none'} became {', '.join(of(translated)) or 'none'}"
