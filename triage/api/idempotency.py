"""A POST that stores: its `Idempotency-Key` header, and the answer with its address."""

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from hipcare.api.json import MEDIA_TYPE
from hipcare.errors import InvalidParameters, Problem
from triage.actions.once import Answered

LONGEST_IDEMPOTENCY_KEY = 255
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_IDEMPOTENCY_KEY, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    OpenApiParameter.HEADER,
    description="A repeat with the same key and body gets the first answer again.",
)


def idempotency_key(request: Request) -> str | None:
    """The key in the header. Raises InvalidParameters for one that is empty, too long or not printable ASCII."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not (0 < len(key) <= LONGEST_IDEMPOTENCY_KEY and key.isascii() and key.isprintable()):
        detail = f"Must be 1 to {LONGEST_IDEMPOTENCY_KEY} printable ASCII characters."
        raise InvalidParameters(problems=[Problem("", "invalid", detail, parameter="Idempotency-Key")])
    return key


def stored_answer(answered: Answered, location: str) -> HttpResponse:
    """201 with the bytes that are kept and where they can be read again."""
    response = HttpResponse(answered.body, content_type=MEDIA_TYPE, status=201)
    response["Location"] = location
    return response
