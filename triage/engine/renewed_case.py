"""The case as it stands at a later contact: what was said first, with everything said since put in its place."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from triage.engine.case import Case, State
from triage.engine.compiled import CompiledKnowledge
from triage.engine.contact import Contact


def renewed(first: Case, contacts: Iterable[Contact], knowledge: CompiledKnowledge) -> Case:
    """The case after these contacts, of which the later one wins. Ids must be known to the release."""
    case, day = first, 0
    for contact in contacts:
        case = _grown(case, max(contact.day - day, 0), knowledge)
        case = _with_contact(case, contact, knowledge)
        day = contact.day
    return case


def reasked(case: Case, now: Contact, knowledge: CompiledKnowledge) -> Case:
    """The case without earlier denials of red-flag findings: at every contact these are asked again."""
    stale = {
        key
        for key, state in case.findings.items()
        if state == "absent" and key in knowledge.red_flag_findings and key not in now.findings
    }
    return replace(case, findings={key: state for key, state in case.findings.items() if key not in stale})


def _grown(case: Case, days: int, knowledge: CompiledKnowledge) -> Case:
    """With the measurements that grow by themselves, such as the time since the pain began."""
    growing = knowledge.knowledge.policy.follow_up.grow_with_time
    grown = {key: value + days for key, value in case.measurements.items() if key in growing}
    return replace(case, measurements={**case.measurements, **grown})


def _with_contact(case: Case, contact: Contact, knowledge: CompiledKnowledge) -> Case:
    """A later answer replaces the earlier one to the same question, however each of them was given.

    A finding and the measurement that decides it are one question, and so are the options of an exclusive group.
    Not knowing takes nothing away from an earlier yes.
    """
    measured = {key for key, limits in knowledge.thresholds if limits.measurement in contact.values}
    overtaken = {limits.measurement for key, limits in knowledge.thresholds if key in contact.findings}
    older = _with_derived(case, overtaken, knowledge)
    older = {key: state for key, state in older.items() if key not in measured}
    chosen = {_group(key, knowledge) for key, state in contact.findings.items() if state == "present"} - {None}
    findings = {
        key: state for key, state in older.items() if not (state == "present" and _group(key, knowledge) in chosen)
    }
    for key, state in contact.findings.items():
        if not (state == "unknown" and findings.get(key) == "present"):
            findings[key] = state
    kept = {key: value for key, value in case.measurements.items() if key not in overtaken}
    return replace(case, findings=findings, measurements={**kept, **contact.values})


def _with_derived(case: Case, overtaken: set[str], knowledge: CompiledKnowledge) -> Mapping[str, State]:
    """The findings with those that the overtaken measurements made present: only what was asked anew may go."""
    derived: dict[str, State] = {
        key: "present"
        for key, limits in knowledge.thresholds
        if limits.measurement in overtaken
        and limits.measurement in case.measurements
        and limits.holds(case.measurements[limits.measurement])
    }
    return {**case.findings, **derived}


def _group(key: str, knowledge: CompiledKnowledge) -> str | None:
    return knowledge.finding(key).exclusive_group
