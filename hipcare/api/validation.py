"""What pydantic found wrong with a body, as problems."""

from pydantic import ValidationError

from hipcare.errors import InvalidInput, Problem, pointer


def problems_of(error: ValidationError) -> list[Problem]:
    """Every problem in `error` with its pointer; the values that were refused stay out."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return [Problem(pointer(*item["loc"]), item["type"], item["msg"].removeprefix("Value error, ")) for item in details]


def invalid_input(error: ValidationError) -> InvalidInput:
    """The error to raise for it."""
    return InvalidInput(problems_of(error))
