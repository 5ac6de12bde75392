"""What the answers of a case say about its causes: the one reading that an answer and an interview stand on."""

from dataclasses import dataclass

from triage.engine.answers import Answers, read_answers
from triage.engine.case import Case
from triage.engine.compiled import CompiledKnowledge
from triage.engine.composites import observe_with_scores
from triage.engine.ranking import Observations, by_condition, log_prior, normalise
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
    """(P,) over presentations."""
    cause: Floats
    """(C,) over conditions."""


def weigh(case: Case, knowledge: CompiledKnowledge) -> Weighed:
    """Read the answers, work out the scores, and weigh both. The case's ids must be known to the release."""
    answers = read_answers(case, knowledge)
    scores = knowledge.scores.of(case, answers.states)
    observations = observe_with_scores(case, answers, scores, knowledge)
    prior = log_prior(case, knowledge)
    log_joint = prior + observations.contributions.sum(axis=0)
    posterior = normalise(log_joint)
    return Weighed(answers, scores, prior, observations, log_joint, posterior, by_condition(posterior, knowledge))


def cause_of_parts(weighed: Weighed, knowledge: CompiledKnowledge) -> Floats:
    """(C,) the posterior as it is without composite scores: what safety goes by."""
    of_parts = weighed.observations.of_parts
    if of_parts is None:
        return weighed.cause
    return by_condition(normalise(weighed.prior + of_parts.sum(axis=0)), knowledge)
