"""The bill of materials of what runs, as CycloneDX JSON: `python -m supply.sbom` writes docs/sbom.json.

Made from the runtime lock and the licences of what is installed, the same bytes every time: without the serial number
and the time that a document usually carries. With `--check` it only says whether the file is current.
"""

import json
import sys
from collections.abc import Iterable, Iterator

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

import hipcare
from supply import lock
from supply.licences import licence
from supply.lock import ROOT, Package

PATH = ROOT / "docs" / "sbom.json"


def document() -> str:
    """The bill of materials, checked against the schema of CycloneDX. Raises ValueError if it does not fit."""
    written: dict[str, object] = json.loads(JsonV1Dot6(_bom(lock.packages(lock.RUNTIME))).output_as_string())
    written.pop("serialNumber")
    metadata = written["metadata"]
    if isinstance(metadata, dict):
        metadata.pop("timestamp")
    text = json.dumps(written, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if trouble := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"The bill of materials is no CycloneDX: {trouble!r}")
    return text


def _bom(packages: Iterable[Package]) -> Bom:
    components = {package: _component(package) for package in packages}
    itself = Component(
        name="hipcare",
        version=hipcare.__version__,
        type=ComponentType.APPLICATION,
        bom_ref=f"hipcare=={hipcare.__version__}",
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )
    bom = Bom(components=components.values())
    bom.metadata.component = itself
    bom.dependencies = _dependencies(components, itself)
    return bom


def _component(package: Package) -> Component:
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{package.name}=={package.version}",
        purl=PackageURL("pypi", name=package.name, version=package.version),
        licenses=[LicenseFactory().make_from_string(licence(package.name))],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=value) for value in package.hashes],
    )


def _dependencies(components: dict[Package, Component], itself: Component) -> Iterator[Dependency]:
    """Who needs what; an empty name stands for the service."""

    def needed_by(name: str) -> list[Dependency]:
        return [Dependency(part.bom_ref) for package, part in components.items() if name in package.wanted_by]

    yield Dependency(itself.bom_ref, needed_by(""))
    for package, part in components.items():
        yield Dependency(part.bom_ref, needed_by(package.name))


def main() -> None:
    """Write it, or with `--check` say whether it is current."""
    text = document()
    if "--check" not in sys.argv:
        PATH.write_text(text, encoding="utf-8")
    elif not PATH.exists() or PATH.read_text(encoding="utf-8") != text:
        sys.exit("docs/sbom.json is not current: run make sbom")


if __name__ == "__main__":
    main()
