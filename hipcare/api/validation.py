"""Bodies that pydantic validates: what they have in common, and what it found wrong with one, as problems."""

from pydantic import BeforeValidator, ValidationError

from hipcare.errors import InvalidInput, Problem, pointer

# 8.0 is the same number as 8 in JSON, and some languages write it so.
WHOLE = BeforeValidator(lambda value: int(value) if isinstance(value, float) and value.is_integer() else value)


def problems_of(error: ValidationError) -> list[Problem]:
    """Every problem in `error` with its pointer; the values that were refused stay out."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return [Problem(pointer(*item["loc"]), item["type"], item["msg"].removeprefix("Value error, ")) for item in details]


def invalid_input(error: ValidationError) -> InvalidInput:
    """The error to raise for it."""
    return InvalidInput(problems_of(error))
