"""An independent exact posterior: the same network in pgmpy, solved by variable elimination.

One root, the presentation, with the prior as its distribution; one child a finding. It knows nothing of clusters, so it
agrees with the engine where their correlation is zero.
"""

import numpy as np
from numpy.typing import NDArray
from pgmpy.factors.discrete import TabularCPD
from pgmpy.inference import VariableElimination
from pgmpy.models import DiscreteBayesianNetwork

from triage.engine import Case, CompiledKnowledge
from triage.engine.answers import read_answers
from triage.engine.ranking import by_condition, log_prior
from triage.engine.rules import TRUE

ROOT = "presentation"


class Oracle:
    """The whole network of a release for people like the one in `case`: their age, sex and setting set the prior."""

    def __init__(self, case: Case, knowledge: CompiledKnowledge) -> None:
        self.knowledge = knowledge
        self._inference = VariableElimination(_network(case, knowledge))

    def posterior(self, case: Case) -> NDArray[np.float64]:
        """(C,) P(condition | counted answers of the case)."""
        counted = read_answers(case, self.knowledge).counted
        evidence = {key: int(truth == TRUE) for key, truth in counted.items()}
        result = self._inference.query([ROOT], evidence=evidence, show_progress=False)
        return by_condition(np.asarray(result.values), self.knowledge)


def _network(case: Case, knowledge: CompiledKnowledge) -> DiscreteBayesianNetwork:
    states = len(knowledge.presentations)
    network = DiscreteBayesianNetwork([(ROOT, finding.key) for finding in knowledge.findings])
    prior = np.exp(log_prior(case, knowledge))
    network.add_cpds(TabularCPD(ROOT, states, prior[:, np.newaxis] / prior.sum()))
    for finding, present in zip(knowledge.findings, knowledge.probability[int(case.is_child)], strict=True):
        network.add_cpds(TabularCPD(finding.key, 2, np.stack([1.0 - present, present]), [ROOT], [states]))
    return network
