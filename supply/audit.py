"""Known weaknesses of what is locked: `python -m supply.audit`, part of `make check`.

pip-audit asks every source of advisories that it knows, one after the other, until one answers. A source that is not
there, or that knows nothing of a package which certainly exists, has not audited anything, whatever it exits with:
that is said loudly, and with `AUDIT_REQUIRED=1` it fails. Where one answers, a known weakness fails, unless
requirements/advisories.toml holds an exception for it with a reason and a day until which it is accepted.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from supply import lock
from supply.lock import ROOT, Package

SERVICES = ("pypi", "osv", "esms")
EXCEPTIONS = ROOT / "requirements" / "advisories.toml"
SECONDS_TO_CONNECT, SECONDS_IN_ALL = 10, 300
# Every source knows it: one that does not is none.
_KNOWN_TO_ALL = "django"
NOT_AUDITED = "NOT AUDITED: no advisory source reachable"


@dataclass(frozen=True, slots=True)
class Weakness:
    """One advisory about one locked package; `aliases` are its other names, its own among them."""

    package: str
    version: str
    id: str
    aliases: frozenset[str]
    fixed_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """An advisory that does not concern us, until a day on which somebody looks again."""

    id: str
    package: str
    until: date
    reason: str

    def covers(self, weakness: Weakness, today: date) -> bool:
        """Whether it is about this weakness and still holds."""
        return self.package == weakness.package and self.id in weakness.aliases and today <= self.until


def weaknesses(report: Mapping[str, Any]) -> list[Weakness]:
    """What a report of pip-audit (`--format json`) holds against the packages."""
    return [
        Weakness(row["name"], row["version"], found["id"], _aliases(found), tuple(found.get("fix_versions", ())))
        for row in report["dependencies"]
        for found in row.get("vulns", ())
    ]


def not_looked_at(report: Mapping[str, Any]) -> list[str]:
    """The packages that the source did not know."""
    return [row["name"] for row in report["dependencies"] if "skip_reason" in row]


def accepted(text: str) -> list[Accepted]:
    """The exceptions in the text of advisories.toml. Raises ValueError for one that lacks something."""
    rows = tomllib.loads(text).get("accepted", [])
    found = []
    for row in rows:
        if row.keys() != {"id", "package", "until", "reason"} or not row["reason"].strip():
            raise ValueError("An accepted advisory needs exactly id, package, until (a date) and reason.")
        if not isinstance(row["until"], date) or isinstance(row["until"], datetime):
            raise ValueError(f"{row['id']}: until must be a date, such as 2027-01-31.")
        found.append(Accepted(**row))
    return found


def complaints(
    found: Iterable[Weakness], exceptions: Iterable[Accepted], unknown: Iterable[str], today: date
) -> Iterator[str]:
    """Everything for which the audit fails, as lines."""
    exceptions = list(exceptions)
    for weakness in found:
        if not any(exception.covers(weakness, today) for exception in exceptions):
            fixed = f"; fixed in {', '.join(weakness.fixed_in)}" if weakness.fixed_in else ""
            yield f"{weakness.package} {weakness.version}: {weakness.id}{fixed}"
    for name in unknown:
        yield f"{name}: the source does not know it"


def main() -> None:
    """Audit both locks and exit with 1 for what must not stay as it is."""
    exceptions = accepted(EXCEPTIONS.read_text(encoding="utf-8"))
    both = (*lock.packages(lock.RUNTIME), *lock.packages(lock.DEVELOPMENT))
    locked = {(package.name, package.version): package for package in both}
    report = _report([locked[key] for key in sorted(locked)])
    if report is None:
        tried = f"Tried: {', '.join(SERVICES)}. {len(locked)} packages stay unaudited."
        sys.stderr.write(f"\n*** {NOT_AUDITED} ***\n{tried}\n\n")
        sys.exit(os.environ.get("AUDIT_REQUIRED", "") not in ("", "0"))
    found = list(complaints(weaknesses(report), exceptions, not_looked_at(report), datetime.now(UTC).date()))
    if found:
        sys.exit("\n".join(["Known weaknesses without an accepted exception:", *found]))
    sys.stdout.write(f"{len(locked)} packages audited: no known weakness without an accepted exception.\n")


def _report(packages: list[Package]) -> dict[str, Any] | None:
    """What the first source that can be reached says of all packages."""
    probe = [package for package in packages if package.name == _KNOWN_TO_ALL]
    for service in SERVICES:
        answer = _ask(service, probe)
        if answer is not None and not not_looked_at(answer) and (report := _ask(service, packages)) is not None:
            return report
    return None


def _ask(service: str, packages: list[Package]) -> dict[str, Any] | None:
    """The report of one source on these packages, or None if it gives none."""
    with TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        pins.write_text("".join(f"{package.name}=={package.version}\n" for package in packages), encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", service, "--requirement", str(pins)]
        command += ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        try:
            done = subprocess.run(  # noqa: S603 - our own words, no shell
                [*command, "--timeout", str(SECONDS_TO_CONNECT)],
                capture_output=True,
                text=True,
                timeout=SECONDS_IN_ALL,
                check=False,
            )
            report: dict[str, Any] = json.loads(done.stdout)
        except (subprocess.TimeoutExpired, ValueError):
            return None
    return report


def _aliases(found: Mapping[str, Any]) -> frozenset[str]:
    return frozenset({found["id"], *found.get("aliases", ())})


if __name__ == "__main__":
    main()
