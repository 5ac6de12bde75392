"""The `Idempotency-Key` header of a POST that stores."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from hipcare.errors import InvalidParameters, Problem

LONGEST_IDEMPOTENCY_KEY = 255
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
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
