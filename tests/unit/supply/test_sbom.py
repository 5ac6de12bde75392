"""The locks, their licences, and the bill of materials made of them."""

import json
import re
from importlib import metadata

import pytest

from supply import lock, sbom
from supply.licences import READ, is_allowed, licence
from supply.lock import Package

RUNTIME = lock.packages(lock.RUNTIME)


def test_the_bill_of_materials_is_current() -> None:
    assert sbom.PATH.read_text(encoding="utf-8") == sbom.document(), "run make sbom"


def test_it_names_every_package_with_its_hashes_and_licence() -> None:
    written = json.loads(sbom.PATH.read_text(encoding="utf-8"))
    pins = re.findall(r"^([a-z0-9.-]+)(?:\[.*\])?==(\S+)", lock.RUNTIME.read_text(encoding="utf-8"), re.MULTILINE)
    assert {(part["name"], part["version"]) for part in written["components"]} == {*pins}
    assert all(part["hashes"] and part["licenses"] and part["purl"] for part in written["components"])
    assert not {"serialNumber"} & written.keys()


def test_everything_in_it_is_reached_from_the_service() -> None:
    written = json.loads(sbom.PATH.read_text(encoding="utf-8"))
    needs = {row["ref"]: row.get("dependsOn", []) for row in written["dependencies"]}
    found, waiting = set[str](), {written["metadata"]["component"]["bom-ref"]}
    while waiting:
        found |= waiting
        waiting = {ref for one in waiting for ref in needs[one]} - found
    assert found == needs.keys()


@pytest.mark.parametrize("package", RUNTIME, ids=lambda package: package.name)
def test_what_runs_is_locked_by_hash_under_a_licence_that_is_allowed(package: Package) -> None:
    assert package.hashes
    assert metadata.version(package.name) in {other.version for other in RUNTIME if other.name == package.name}
    assert is_allowed(licence(package.name)), licence(package.name)


def test_no_licence_is_stated_for_a_package_that_is_gone() -> None:
    assert READ.keys() <= {package.name for package in RUNTIME}


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("MPL-2.0 AND (Apache-2.0 OR GPL-3.0-only)", True),
        ("(GPL-3.0-only OR AGPL-3.0-only) AND MIT", False),
        ("Proprietary", False),
    ],
)
def test_every_part_of_a_licence_must_be_allowed(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed
