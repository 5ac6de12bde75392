"""What the answers of a case say about its causes: the one reading that an answer and an interview stand on."""

from dataclasses import dataclass

import numpy as np

from triage.engine.answers import Answers, read_answers
from triage.engine.case import Case
from triage.engine.compiled import CompiledKnowledge
from triage.engine.composites import observe_with_scores
from triage.engine.ranking import Observations, by_condition, calibrate, log_prior, normalise
from triage.engine.scores import Score
from triage.engine.tables import Floats


@dataclass(frozen=True, slots=True)
class Weighed:
    """A case read and weighed."""

    answers: Answers
    scores: list[Score]
    prior: Floats
    """(P,) log prior of the presentations."""
    observations: Observations
    log_joint: Floats
    """(P,) log of prior times likelihood."""
    posterior: Floats
    """(P,) over presentations, calibrated."""
    cause: Floats
    """(C,) over conditions, calibrated."""
    uncalibrated: Floats
    """(C,) the same before calibration, which leaves improbable conditions more: what must not be missed goes by it."""


def weigh(case: Case, knowledge: CompiledKnowledge) -> Weighed:
    """Read the answers, work out the scores, and weigh both. The case's ids must be known to the release."""
    answers = read_answers(case, knowledge)
    scores = knowledge.scores.of(case, answers.states)
    observations = observe_with_scores(case, answers, scores, knowledge)
    prior = log_prior(case, knowledge)
    log_joint = prior + observations.contributions.sum(axis=0)
    posterior = normalise(log_joint)
    cause = by_condition(posterior, knowledge)
    calibrated = calibrate(cause, knowledge)
    # Within a condition the presentations keep their shares.
    posterior *= (calibrated / np.maximum(cause, 1e-300))[knowledge.condition_of]
    return Weighed(answers, scores, prior, observations, log_joint, posterior, calibrated, cause)
