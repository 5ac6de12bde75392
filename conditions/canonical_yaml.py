"""Writes plain data as YAML in one fixed form, so that equal data always gives the same bytes.

Mappings and lists are in block style, or on one line in flow style where they fit; the rows of a list share one style.
Text that does not fit on its line is folded. Text is quoted only where it must be. Keys keep the order they come in.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from yaml import ScalarNode
from yaml.resolver import Resolver

WIDTH = 110

_STARTS_LIKE_SYNTAX = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@`]")
_HOLDS_SYNTAX = re.compile(r": |:$| #")
_HOLDS_FLOW_SYNTAX = re.compile(r"[,\[\]{}]")
_resolver = Resolver()

Scalar = str | int | float | bool | None


def dump(document: Any, *, tables: Mapping[str, int] | None = None) -> str:
    """The document, a mapping or a list, as YAML text.

    `tables` names keys of the top mapping whose rows stand on one line each however long they are, and at which depth
    below the key those rows are.
    """
    lines: Iterable[str]
    if not document:
        lines = [_flow(document)]
    elif isinstance(document, Mapping):
        lines = _top_mapping(document, tables or {})
    else:
        lines = (line for item in document for line in _list_item(item, 0))
    return "".join(f"{line}\n" for line in lines)


def number(value: float) -> str:
    """The shortest plain decimal that reads back as the same number."""
    return format(Decimal(repr(value)), "f") if value % 1 else str(int(value))


def _top_mapping(mapping: Mapping[Any, Any], tables: Mapping[str, int]) -> Iterator[str]:
    for key, value in mapping.items():
        if value and key in tables:
            yield f"{key}:"
            yield from _table(value, 2, tables[key])
        else:
            yield from _pair(key, value, 0)


def _table(rows: Mapping[Any, Any], indent: int, depth: int) -> Iterator[str]:
    for key, value in rows.items():
        start = f"{' ' * indent}{_scalar(key)}:"
        if depth == 1:
            yield f"{start} {_flow(value)}"
        else:
            yield start
            yield from _table(value, indent + 2, depth - 1)


def _block(value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _pair(key, inner, indent)
    elif all(_fits(_flow(item), indent + 2) for item in value):
        for item in value:
            yield f"{' ' * indent}- {_flow(item) if _is_collection(item) else _scalar(item)}"
    else:
        for item in value:
            yield from _list_item(item, indent)


def _pair(key: Scalar, value: Any, indent: int) -> Iterator[str]:
    start = f"{' ' * indent}{_scalar(key)}:"
    on_one_line = _flow(value) if _is_collection(value) else _scalar(value)
    if _fits(on_one_line, len(start) + 1) or not (_can_fold(value) or (_is_collection(value) and value)):
        yield f"{start} {on_one_line}"
    elif _is_collection(value):
        yield start
        yield from _block(value, indent + 2)
    else:
        yield f"{start} >-"
        yield from _folded(value, indent + 2)


def _list_item(item: Any, indent: int) -> Iterator[str]:
    """The item with a dash before its first line."""
    if _is_collection(item) and item:
        lines = _block(item, indent + 2)
        yield f"{' ' * indent}- {next(lines)[indent + 2 :]}"
        yield from lines
    elif _can_fold(item) and not _fits(_scalar(item), indent + 2):
        yield f"{' ' * indent}- >-"
        yield from _folded(item, indent + 2)
    else:
        yield f"{' ' * indent}- {_flow(item) if _is_collection(item) else _scalar(item)}"


def _folded(text: str, indent: int) -> Iterator[str]:
    line = " " * indent
    for word in text.split(" "):
        if line.strip() and len(line) + len(word) > WIDTH:
            yield line.rstrip()
            line = " " * indent
        line += f"{word} "
    yield line.rstrip()


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key, in_flow=True)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if _is_collection(value):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value, in_flow=True)


def _scalar(value: Scalar, *, in_flow: bool = False) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(value)
    return str(value) if _is_plain(value, in_flow=in_flow) else _quoted(value)


def _is_plain(text: str, *, in_flow: bool) -> bool:
    """Whether the text reads back as itself without quotes."""
    return bool(
        text
        and text == text.strip()
        and text.isprintable()
        and not _STARTS_LIKE_SYNTAX.match(text)
        and not _HOLDS_SYNTAX.search(text)
        and not (in_flow and _HOLDS_FLOW_SYNTAX.search(text))
        and _resolver.resolve(ScalarNode, str(text), (True, False)) == "tag:yaml.org,2002:str"
    )


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in quoted)


def _can_fold(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and bool(value) and "" not in value.split(" ")


def _fits(text: str, indent: int) -> bool:
    return indent + len(text) <= WIDTH


def _is_collection(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple)
