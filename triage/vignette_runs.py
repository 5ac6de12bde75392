"""The configured vignettes (`HIPCARE_VIGNETTES`), answered by releases: what a release changes, and whether it may."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from hipcare.errors import InvalidInput
from triage.engine import ENGINE_VERSION
from triage.engine.knowledge import LEVELS
from triage.evaluation import scoring
from triage.evaluation.aims import OWN, aims
from triage.evaluation.cases import read_vignette
from triage.evaluation.run import Cases, Run, run
from triage.evaluation.saved import COMPARED
from triage.evaluation.vignettes import Vignette
from triage.knowledge import ReleaseKnowledge, release_knowledge

NOT_CONFIGURED = "No vignettes are configured on this server."
NOT_READABLE = "The file of vignettes cannot be read."


@dataclass(frozen=True, slots=True)
class VignetteFile:
    """The lines of the configured file, with their digest."""

    lines: tuple[bytes, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class VignetteRun:
    """The answers of a release, and how many vignettes it does not understand."""

    run: Run
    unread: int


def configured() -> VignetteFile | str:
    """The configured vignettes, or why there are none."""
    if settings.HIPCARE_VIGNETTES is None:
        return NOT_CONFIGURED
    try:
        content = settings.HIPCARE_VIGNETTES.read_bytes()
    except OSError:
        return NOT_READABLE
    lines = tuple(line for line in content.splitlines() if line.strip())
    return VignetteFile(lines, hashlib.sha256(content).hexdigest())


@lru_cache(maxsize=8)
def published_run(release_id: int, vignettes: VignetteFile) -> VignetteRun:
    """The answers of a published release: neither it nor the vignettes change, so they are kept."""
    return run_vignettes(release_knowledge(release_id), vignettes)


def run_vignettes(knowledge: ReleaseKnowledge, vignettes: VignetteFile) -> VignetteRun:
    """The answers of a release to every vignette that it understands."""
    good: dict[str, tuple[Vignette, Cases]] = {}
    for line in vignettes.lines:
        try:
            vignette, cases = read_vignette(line, knowledge, good)
        except InvalidInput:
            continue
        own = {(setting, stage): case for (setting, stage), case in cases.items() if setting == vignette.own_setting}
        good[vignette.id] = vignette, own
    # The settings that are not the vignette's own would double the time, and are neither compared nor aimed at.
    answered = run(list(good.values()), knowledge.compiled, ENGINE_VERSION, COMPARED)
    return VignetteRun(answered, len(vignettes.lines) - len(good))


def faults(draft: VignetteRun, current: VignetteRun | None) -> Iterator[str]:
    """Why an evaluation is not green: what the draft does worse than the current release, and what it cannot read."""
    if draft.unread:
        yield f"{draft.unread} of the vignettes cannot be read by this release."
    if current is None:
        return
    still = {aim.text: aim for aim in aims(draft.run)}
    for aim in aims(current.run):
        if aim.reached and not still[aim.text].reached:
            yield f"No longer reached: {aim.text} ({still[aim.text].figure}; now {aim.figure})."
    before = {result.vignette.id: result.answer.urgency for result in current.run.results[OWN]}
    for result in scoring.emergencies(draft.run.results[OWN]):
        urgency = result.answer.urgency
        if LEVELS.index(urgency) < LEVELS.index(before.get(result.vignette.id, urgency)):
            yield f"The emergency {result.vignette.id} would be {urgency}, less urgent than now."
