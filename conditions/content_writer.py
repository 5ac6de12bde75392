"""Writes a `Content` as the directory of files that `content_files` reads, in one canonical form.

Rows are sorted by id and text is laid out by `canonical_yaml`, so equal content always gives the same bytes, whether it
was read from files or from the database.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from . import canonical_yaml
from .content_schema import Condition, Content, Entry, Finding

EVIDENCE_TABLES = {"evidence": 1, "presentation_evidence": 2}


def write_content(content: Content, directory: Path) -> None:
    """Write every file; files of conditions that the content does not have are removed."""
    files = files_of(content)
    (directory / "conditions").mkdir(parents=True, exist_ok=True)
    for path in (directory / "conditions").glob("*.yaml"):
        if f"conditions/{path.name}" not in files:
            path.unlink()
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8", newline="")


def files_of(content: Content) -> dict[str, str]:
    """The text of each file by its name relative to the directory."""
    release = document_of(content.release)
    lists = {
        "citations": content.citations,
        "measurements": content.measurements,
        "red_flags": content.red_flags,
        "composites": content.composites,
        "outcome_measures": content.outcome_measures,
        "follow_up_timers": content.follow_up_timers,
        "safety_net": content.safety_net,
        "prevention": content.prevention,
        "tried_steps": content.tried_steps,
        "treatments": content.treatments,
    }
    return {
        "release.yaml": canonical_yaml.dump(release | {"policy": _sorted_throughout(release["policy"])}),
        "scope.yaml": canonical_yaml.dump(document_of(content.scope)),
        "findings.csv": _findings_csv(content.findings),
        **{f"{name}.yaml": canonical_yaml.dump(_documents(entries)) for name, entries in lists.items()},
        **{f"conditions/{condition.id}.yaml": _condition_file(condition) for condition in content.conditions},
    }


def document_of(entry: Entry) -> dict[str, Any]:
    """Plain data of the entry: fields that have their default are left out."""
    return entry.model_dump(exclude_defaults=True)


def _documents(entries: Iterable[Any]) -> list[dict[str, Any]]:
    return [document_of(entry) for entry in sorted(entries, key=lambda entry: entry.id)]


def _condition_file(condition: Condition) -> str:
    document = document_of(condition)
    document["prior"]["curve"] = dict(sorted(condition.prior.curve.items()))
    document["evidence"] = dict(sorted(document["evidence"].items()))
    if "presentation_evidence" in document:
        document["presentation_evidence"] = _sorted_throughout(document["presentation_evidence"], depth=2)
    return canonical_yaml.dump(document, tables=EVIDENCE_TABLES)


def _sorted_throughout(value: Any, depth: int = -1) -> Any:
    """Mappings with their keys in order, down to `depth` levels (all of them when negative)."""
    if isinstance(value, Mapping) and depth != 0:
        return {key: _sorted_throughout(value[key], depth - 1) for key in sorted(value)}
    if isinstance(value, list | tuple) and depth != 0:
        return [_sorted_throughout(item, depth - 1) for item in value]
    return value


def _findings_csv(findings: Iterable[Finding]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    columns = list(Finding.model_fields)
    writer.writerow(columns)
    for finding in sorted(findings, key=lambda finding: finding.id):
        writer.writerow([_cell(getattr(finding, column)) for column in columns])
    return stream.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return canonical_yaml.number(value)
    return " ".join(value) if isinstance(value, tuple) else str(value)
