"""Which exercise a person gets in the place of one of a programme: itself, the first easier step that suits, or none.

An exercise is ruled out by its own contraindications and by the precautions of every plausible cause. One that may not
suit is kept with care and names what to ask: what was not asked is never taken for a no.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.engine.compiled import CompiledKnowledge
from triage.engine.compiled_exercises import CompiledExercise
from triage.engine.exercises import Precaution
from triage.engine.knowledge import Condition
from triage.engine.rules import Facts
from triage.engine.suitability import Suitability, suitability


@dataclass(frozen=True, slots=True)
class Choice:
    """What is done instead of an exercise: `exercise` is None where it is left out, and itself where it suits.

    `how` is an easier way of doing it, `because` why it is not done as the programme has it.
    """

    exercise: str | None
    how: str | None = None
    because: tuple[str, ...] = ()


class Chooser:
    """Judges exercises for one person with these plausible causes, each exercise once."""

    def __init__(self, facts: Facts, plausible: Sequence[Condition], knowledge: CompiledKnowledge) -> None:
        self.facts = facts
        self.plausible = plausible
        self.knowledge = knowledge
        self.precautions: list[Precaution] = [
            row for row in knowledge.exercise.precautions if any(c.key in row.conditions for c in plausible)
        ]
        """What the plausible causes forbid in any programme."""
        self._judged: dict[str, Suitability] = {}

    def judge(self, key: str) -> Suitability:
        """Whether the exercise suits."""
        if key not in self._judged:
            self._judged[key] = self._judge(key)
        return self._judged[key]

    def choose(self, key: str, *, one_level_down: bool, why_down: tuple[str, ...] = ()) -> Choice:
        """What to do for the exercise with this id; with `one_level_down` its easier step, where that suits."""
        verdict = self.judge(key)
        if verdict.status == "contraindicated":
            return Choice(self._easier_that_suits(key), because=tuple(verdict.because))
        easier = self._exercise(key).row.regression
        if not one_level_down or easier is None:
            return Choice(key)
        if easier.exercise is not None and self.judge(easier.exercise).status != "contraindicated":
            return Choice(easier.exercise, because=why_down)
        return Choice(key, how=easier.how)

    def _easier_that_suits(self, key: str) -> str | None:
        """The first of the easier steps, one after the other, that suits. The content has no circles of them."""
        easier = self._exercise(key).row.regression
        while easier is not None and easier.exercise is not None:
            if self.judge(easier.exercise).status != "contraindicated":
                return easier.exercise
            easier = self._exercise(easier.exercise).row.regression
        return None

    def _judge(self, key: str) -> Suitability:
        own = suitability(self._exercise(key).safety, self.facts, self.knowledge.known_suitability)
        avoid = [row.text for row in self.precautions if key in row.avoid]
        if avoid or own.status == "contraindicated":
            against = own.because if own.status == "contraindicated" else []
            return Suitability("contraindicated", [*against, *avoid])
        texts = self.knowledge.knowledge.policy.texts["programme"]
        modify = [
            texts["modify"].format(cause=self._cause_of(row).plain_name)
            for row in self.precautions
            if key in row.modify
        ]
        if not modify and not own.unsure:
            return own
        unsure = [texts["unsure_reason"].format(because=because) for because in own.unsure]
        return Suitability("caution", [*own.because, *modify, *unsure], own.questions)

    def _cause_of(self, precaution: Precaution) -> Condition:
        """The most probable cause that asks for it."""
        return next(condition for condition in self.plausible if condition.key in precaution.conditions)

    def _exercise(self, key: str) -> CompiledExercise:
        return self.knowledge.exercise.exercises[key]
