"""Vignettes as cases of one release."""

from collections.abc import Container

from pydantic import ValidationError

from hipcare.api.validation import invalid_input
from hipcare.errors import InvalidInput, Problem, pointer
from triage.evaluation.run import SETTINGS, STAGES, Cases
from triage.evaluation.vignettes import Vignette, parse_vignette
from triage.knowledge import ReleaseKnowledge
from triage.requests import read_request


def read_vignette(line: bytes, knowledge: ReleaseKnowledge, known: Container[str] = ()) -> tuple[Vignette, Cases]:
    """The vignette in a line of JSONL, and its cases.

    Raises InvalidInput for what is malformed, unknown to the release, or there twice (its id is among the `known`).
    """
    try:
        vignette = parse_vignette(line)
    except ValidationError as error:
        raise invalid_input(error) from None
    if vignette.id in known:
        raise InvalidInput([Problem("/id", "duplicate", "There is a vignette of this id before.")])
    return vignette, _cases(vignette, knowledge)


def _cases(vignette: Vignette, knowledge: ReleaseKnowledge) -> Cases:
    """The case in every setting and stage. Raises InvalidInput for what the release does not know."""
    unknown = [
        Problem(pointer("gold", "conditions", place), "unknown_condition", "There is no such condition.")
        for place, key in enumerate(vignette.gold.conditions)
        if key not in knowledge.compiled.condition_index
    ]
    if unknown:
        raise InvalidInput(unknown)
    return {
        (setting, stage): read_request(vignette.body(setting, with_imaging=stage == "after"), knowledge).case()
        for setting in SETTINGS
        for stage in STAGES
    }
