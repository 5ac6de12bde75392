"""A small release that can be published whole: the small contents of the unit tests with the bundled policy."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from triage.actions.publishing import CONDITIONS_CONTENT

UNIT_TESTS = Path(__file__).parents[1]


class ContentDirectories(NamedTuple):
    """Where a release is loaded from."""

    conditions: Path
    exercises: Path

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text in a file of the conditions."""
        path = self.conditions / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def small(tmp_path: Path) -> ContentDirectories:
    """Directories that a test may change."""
    directories = ContentDirectories(tmp_path / "conditions", tmp_path / "exercises")
    shutil.copytree(UNIT_TESTS / "conditions" / "content", directories.conditions)
    shutil.copytree(UNIT_TESTS / "exercises" / "content", directories.exercises)
    policy = yaml.safe_load((CONDITIONS_CONTENT / "release.yaml").read_text(encoding="utf-8"))["policy"]
    policy["cluster_correlations"] = {}
    release = {"version": "2026.1.1", "title": "A small release", "policy": policy | {"draws": 16}}
    (directories.conditions / "release.yaml").write_text(yaml.safe_dump(release), encoding="utf-8")
    return directories
