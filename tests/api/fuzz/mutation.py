"""Bodies, texts and headers that nobody sends by intention: valid ones, spoilt in one or several places.

Everything comes from a `random.Random` with a fixed seed, so that a run can be repeated and a finding found again.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

_RAW = re.compile(r'"@raw:(.*?)@"')
# Written into the JSON text as they are: what no value of Python would be written as.
RAW = [
    *("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "-0", "-0.0", "1e-999", "1" + "0" * 400, "-1" + "0" * 400),
    *("0x10", "01", "+1", ".5", "5.", "1_000", "٣", "１２", "true1", "undefined", "nul", "''", "[,]", "{,}"),
    *("9223372036854775808", "-9223372036854775809", "18446744073709551616", "0." + "3" * 5000, "4.9e-324"),
]
TEXTS = [
    *("", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\ufeff", "\u202e", "\u2028", "\x7f", "\x1b[31m"),
    *("٣٤", "１２", "²", "ｐａｉｎ_ｇｒｏｉｎ", "İ", "ß" * 40, "\U0001f9b4" * 50, "é" * 300, "a" * 10_000, "\\", '"'),
    *("../../etc/passwd", "%00", "%s%s%n", "{0}", "${7*7}", "{{7*7}}", "' OR 1=1 --", "<script>", "=1+1", "\r\nX: y"),
    *("null", "true", "NaN", "__class__", "$where", "-1", "1e309", "2026-02-30", "0000-00-00", "9999-12-31T23:59:60Z"),
]
NUMBERS = [0, -1, 1, -0.0, 0.1, 1e308, -1e308, 5e-324, 2**31, 2**53, 2**63, -(2**63) - 1, 10**30, 10**400, 121]
Tree = Any


def json_bytes(random: Random, valid: Tree) -> bytes:
    """A spoilt body: mostly in its values, sometimes in its bytes as well."""
    tree = copy.deepcopy(valid)
    if random.random() < 0.15:
        return json.dumps(_shortened(random, tree)).encode()
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        tree = _spoilt(random, tree)
    text = _RAW.sub(lambda match: match[1], json.dumps(tree, ensure_ascii=random.random() < 0.5))
    body = text.encode("utf-8", "surrogatepass")
    return _spoilt_bytes(random, body) if random.random() < 0.25 else body


def _shortened(random: Random, tree: Tree) -> Tree:
    """The tree without one thing, which may have been optional: near enough to get beyond the first check."""
    container, key = random.choice(list(_places(tree)) or [({"": 0}, "")])
    del container[key]
    return tree


def text(random: Random, valid: str = "") -> str:
    """A spoilt text."""
    kind = random.randrange(5)
    if kind == 0 or not valid:
        return random.choice(TEXTS)
    if kind == 1:
        return valid[: random.randrange(len(valid) + 1)]
    if kind == 2:
        return valid + random.choice(TEXTS)
    if kind == 3:
        place = random.randrange(len(valid))
        return valid[:place] + chr(random.randrange(0x3000)) + valid[place + 1 :]
    return valid * random.choice((2, 3, 200))


def raw_bytes(random: Random, valid: bytes) -> bytes:
    """Spoilt bytes."""
    return _spoilt_bytes(random, valid)


def value(random: Random) -> Tree:
    """A value of any type."""
    makers: list[Callable[[], Tree]] = [
        lambda: None,
        lambda: random.random() < 0.5,
        lambda: random.choice(NUMBERS),
        lambda: random.choice(TEXTS),
        lambda: f"@raw:{random.choice(RAW)}@",
        list,
        dict,
        lambda: [random.choice(TEXTS)] * random.choice((1, 3, 600)),
        lambda: {random.choice(TEXTS): random.choice(NUMBERS)},
        lambda: f"@raw:{_nested(random.choice((5, 100, 1023, 1025, 5000)), random.random() < 0.5)}@",
    ]
    return random.choice(makers)()


def _nested(depth: int, as_object: bool) -> str:
    opening, closing = ('{"findings":', "}") if as_object else ("[", "]")
    return opening * depth + "1" + closing * depth


def _places(tree: Tree) -> Iterator[tuple[Any, Any]]:
    """Every container with every key or index in it."""
    if isinstance(tree, dict | list):
        for key in list(tree if isinstance(tree, dict) else range(len(tree))):
            yield tree, key
            yield from _places(tree[key])


def _spoilt(random: Random, tree: Tree) -> Tree:
    """The tree with one place changed; rarely something else altogether."""
    places = list(_places(tree))
    if not places or random.random() < 0.02:
        return value(random)
    container, key = random.choice(places)
    kind = random.randrange(9)
    if kind <= 2:
        container[key] = value(random)
    elif kind == 3 and isinstance(container[key], str):
        container[key] = text(random, container[key])
    elif kind == 4 and isinstance(container[key], int | float):
        container[key] = random.choice((*NUMBERS, -container[key], str(container[key])[:400], container[key] * 3))
    elif kind == 5:
        del container[key]
    elif kind == 6 and isinstance(container, dict):
        container[text(random, str(key))] = container.pop(key)
    elif kind == 7 and isinstance(container, list):
        container.extend(copy.deepcopy(container[key]) for _ in range(random.choice((1, 2, 600))))
    elif isinstance(container, dict):
        # The same key a second time, or one that nobody knows.
        container[f"{key}" if random.random() < 0.3 else random.choice(TEXTS)] = value(random)
        if random.random() < 0.5:
            container[f'{key}": 1, "{key}'.replace('"', "@raw:")] = 1
    return tree


def _spoilt_bytes(random: Random, body: bytes) -> bytes:
    place = random.randrange(len(body) + 1)
    makers: list[Callable[[], bytes]] = [
        lambda: body[:place],
        lambda: body[:place] + bytes([random.randrange(256)]) + body[place + 1 :],
        lambda: (
            body[:place] + random.choice((b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80")) + body[place:]
        ),
        lambda: body[:place] + b"\x00" + body[place:],
        lambda: body[:place] + rb"\u0000\ud800" + body[place:],
        lambda: b"\xef\xbb\xbf" + body,
        lambda: body.decode("utf-8", "replace").encode("utf-16"),
        lambda: body.decode("utf-8", "replace").encode("utf-32-le"),
        lambda: body + body,
        lambda: b" \n\t" * 500 + body,
        lambda: body[:place] + body[place:][::-1],
        lambda: duplicated(random, body),
        lambda: b"",
    ]
    return random.choice(makers)()


def duplicated(random: Random, body: bytes) -> bytes:
    """A key of the outermost object a second time, with another value."""
    keys = re.findall(rb'"(\w{1,30})":', body) or [b"a"]
    return body.replace(
        b"{", b'{"' + random.choice(keys) + b'": ' + random.choice((b"1", b"null", b"[]", b'"x"')) + b", ", 1
    )
