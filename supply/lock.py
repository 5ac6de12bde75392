"""A lock file as `make lock` writes it, read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME, DEVELOPMENT = (ROOT / "requirements" / f"{name}.txt" for name in ("runtime", "development"))
_PIN = re.compile(r"([a-z0-9][a-z0-9.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)")


@dataclass(frozen=True, slots=True)
class Package:
    """One locked package: the SHA-256 of every file it may be installed from, and which packages ask for it
    (with an empty name among them where the project itself does).
    """

    name: str
    version: str
    hashes: tuple[str, ...]
    wanted_by: frozenset[str]


def packages(lock: Path) -> list[Package]:
    """Every package of a lock, by name; one that is locked for several platforms once."""
    found: dict[tuple[str, str], Package] = {}
    for block in _blocks(lock.read_text(encoding="utf-8")):
        package = _package(block)
        other = found.get((package.name, package.version), package)
        hashes = tuple(sorted({*package.hashes, *other.hashes}))
        found[package.name, package.version] = Package(
            package.name, package.version, hashes, package.wanted_by | other.wanted_by
        )
    return [found[key] for key in sorted(found)]


def _blocks(text: str) -> Iterator[str]:
    """The text of each package: its pin, and the lines below that are indented."""
    lines: list[str] = []
    for line in text.splitlines():
        if _PIN.match(line) and lines:
            yield "\n".join(lines)
            lines = []
        if lines or _PIN.match(line):
            lines.append(line)
    if lines:
        yield "\n".join(lines)


def _package(block: str) -> Package:
    pin = _PIN.match(block)
    if pin is None:
        raise ValueError("A lock has lines that are no packages.")
    hashes = tuple(sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", block)))
    # `# via name`, or `# via` and below it a name a line; what the project itself wants is `-r requirements/….in`.
    wanted_by = re.findall(r"^ +# (?:via)? *(-r )?([\w.-]+).*$", block, re.MULTILINE)
    names = frozenset("" if is_file else name for is_file, name in wanted_by)
    return Package(pin[1], pin[2], hashes, names - {"via"})
