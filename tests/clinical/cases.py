"""Cases for properties: any age, sex, setting, findings and measurements that the release knows."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from triage.engine import Case
from triage.knowledge import ReleaseKnowledge

AGES = st.sampled_from([0.0, 0.5, 2.0, 5.0, 9.0, 13.0, 15.999, 16.0, 18.0, 30.0, 50.0, 64.9, 65.0, 80.0, 95.0, 120.0])
SETTINGS = st.sampled_from(["community", "telehealth", "primary_care", "physiotherapy", "emergency", "specialist"])
SEXES = st.sampled_from(["female", "male", "unknown"])
STATES = st.sampled_from(["present", "absent", "unknown"])
MOST_FINDINGS = 40
MOST_MEASUREMENTS = 6


def findings_of(bundled: ReleaseKnowledge) -> list[str]:
    """The ids that may be sent."""
    return [finding.key for finding in bundled.compiled.findings if not finding.derived_from_demographics]


def cases(bundled: ReleaseKnowledge) -> st.SearchStrategy[Case]:
    """Cases over the whole release."""
    return st.builds(
        Case,
        age_years=AGES | st.floats(0.0, 120.0),
        sex=SEXES,
        setting=SETTINGS,
        findings=st.dictionaries(st.sampled_from(findings_of(bundled)), STATES, max_size=MOST_FINDINGS),
        measurements=_measurements(bundled),
    )


def _measurements(bundled: ReleaseKnowledge) -> st.SearchStrategy[Mapping[str, Any]]:
    values = {key: st.floats(limits.minimum, limits.maximum) for key, limits in bundled.measurements.items()}
    one = st.sampled_from(sorted(values)).flatmap(lambda key: st.tuples(st.just(key), values[key]))
    return st.lists(one, max_size=MOST_MEASUREMENTS).map(dict)
