"""What to do: exercises and programmes. Every row belongs to a release of the knowledge."""

from .drawing import Drawing
from .exercise import Exercise, GeneralRule
from .person import Precaution, StartingRule
from .programme import Phase, PhaseExercise, Programme

__all__ = [
    "Drawing",
    "Exercise",
    "GeneralRule",
    "Phase",
    "PhaseExercise",
    "Precaution",
    "Programme",
    "StartingRule",
]
