"""What an audit makes of reports: nothing is called audited that was not, and no weakness is passed over."""

from datetime import date
from typing import Any

import pytest

from supply import audit, lock
from supply.audit import Accepted, accepted, complaints, not_looked_at, weaknesses

TODAY = date(2027, 1, 15)
REPORT: dict[str, Any] = {
    "dependencies": [
        {"name": "django", "version": "5.2.0", "vulns": []},
        {
            "name": "numpy",
            "version": "2.0.0",
            "vulns": [{"id": "PYSEC-2027-1", "aliases": ["CVE-2027-1"], "fix_versions": ["2.0.1"]}],
        },
        {"name": "unheard-of", "skip_reason": "Dependency not found on PyPI and could not be audited"},
    ]
}


def rule(**changes: Any) -> Accepted:
    return Accepted(**{"id": "CVE-2027-1", "package": "numpy", "until": TODAY, "reason": "never called", **changes})


def test_a_weakness_and_an_unknown_package_are_told() -> None:
    told = list(complaints(weaknesses(REPORT), [], not_looked_at(REPORT), TODAY))
    assert told == ["numpy 2.0.0: PYSEC-2027-1; fixed in 2.0.1", "unheard-of: the source does not know it"]


@pytest.mark.parametrize(
    ("exception", "is_enough"),
    [
        (rule(), True),
        (rule(id="PYSEC-2027-1"), True),
        (rule(id="CVE-2027-2"), False),
        (rule(package="django"), False),
        (rule(until=date(2027, 1, 14)), False),
    ],
)
def test_an_exception_is_about_one_weakness_and_ends(exception: Accepted, is_enough: bool) -> None:
    assert (not list(complaints(weaknesses(REPORT), [exception], [], TODAY))) is is_enough


@pytest.mark.parametrize("missing", ["id", "package", "until", "reason"])
def test_an_exception_without_reason_or_end_is_refused(missing: str) -> None:
    lines = {"id": '"CVE-1"', "package": '"a"', "until": "2027-01-31", "reason": '"why"'}
    whole = "\n".join(["[[accepted]]", *(f"{key} = {value}" for key, value in lines.items())])
    assert accepted(whole)[0].until == date(2027, 1, 31)
    with pytest.raises(ValueError, match="needs exactly"):
        accepted("\n".join(line for line in whole.splitlines() if not line.startswith(missing)))
    with pytest.raises(ValueError, match="date"):
        accepted(whole.replace("2027-01-31", '"soon"'))


def test_the_exceptions_are_well_written() -> None:
    accepted(audit.EXCEPTIONS.read_text(encoding="utf-8"))


def test_the_package_that_every_source_knows_is_locked() -> None:
    assert audit._KNOWN_TO_ALL in {package.name for package in lock.packages(lock.RUNTIME)}
