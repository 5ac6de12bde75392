"""What can go wrong, in one tree, without a word of HTTP libraries.

Domain code raises these; `hipcare.api.problem` turns each into an RFC 9457 answer. A subclass is a *problem type*: its
`slug` is the last part of the stable URI `/problems/<slug>`, so it is never renamed. `detail` and the problems in it
go to the caller: they name the place and the rule, never repeat a value that a patient may have given.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one place of the input.

    `pointer` is an RFC 6901 JSON pointer into the body (`""` is the whole body). For a query parameter, `parameter`
    is its name and the pointer reads the query as an object (`/page_size`).
    """

    pointer: str
    code: str
    detail: str
    parameter: str | None = None


def pointer(*parts: str | int) -> str:
    """The RFC 6901 pointer along `parts`: `pointer("findings", 3, "id") == "/findings/3/id"`."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


class HipcareError(Exception):
    """Root of the tree; every subclass that is raised has a slug, a title, a status and an explanation."""

    slug: str
    title: str
    status: int
    explanation: str

    def __init__(self, detail: str = "", *, problems: Sequence[Problem] = (), retry_after: int | None = None) -> None:
        """`detail` defaults to the title; `retry_after` is in seconds."""
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.problems = tuple(problems)
        self.retry_after = retry_after


class BadRequest(HipcareError):
    """The request as a whole makes no sense."""

    slug, title, status = "bad-request", "The request cannot be understood.", 400
    explanation = "A part of the request outside its body, such as the host or a header, is not acceptable."


class MalformedBody(HipcareError):
    """The body is not JSON."""

    slug, title, status = "malformed-body", "The body is not valid JSON.", 400
    explanation = "The body could not be read as JSON in UTF-8. Numbers must be finite; nesting is limited."


class InvalidParameters(HipcareError):
    """Query parameters that are not valid; each is listed."""

    slug, title, status = "invalid-parameters", "A query parameter is not valid.", 400
    explanation = "Each entry of `errors` names a query parameter in `parameter` and says what it must be."


class NotAuthenticated(HipcareError):
    """No valid access token."""

    slug, title, status = "not-authenticated", "A valid access token is needed.", 401
    explanation = "Send `Authorization: Bearer <token>`. Unknown, expired and revoked tokens are all answered so."


class Forbidden(HipcareError):
    """The caller is known and may not do this."""

    slug, title, status = "forbidden", "This access token does not allow that.", 403
    explanation = "The token lacks the scope that the operation needs; the schema names it."


class NotFound(HipcareError):
    """There is no such thing, or it is not the caller's."""

    slug, title, status = "not-found", "There is nothing here.", 404
    explanation = "The path is unknown, or what it names does not exist or belongs to someone else."


class MethodNotAllowed(HipcareError):
    """The path exists, the method does not."""

    slug, title, status = "method-not-allowed", "This method is not allowed here.", 405
    explanation = "The `Allow` header lists the methods that the path answers."


class NotAcceptable(HipcareError):
    """No representation fits the Accept header."""

    slug, title, status = "not-acceptable", "None of the accepted media types can be produced.", 406
    explanation = (
        "Answers are `application/json` and errors `application/problem+json`; leave `Accept` out to get them."
    )


class Conflict(HipcareError):
    """The state of the thing does not allow it now."""

    slug, title, status = "conflict", "The current state does not allow that.", 409
    explanation = "Something else has happened to the resource. Read it again before deciding what to do."


class PreconditionFailed(HipcareError):
    """The caller wants the thing only as it was."""

    slug, title, status = "precondition-failed", "This is no longer what `If-Match` names.", 412
    explanation = "None of the ETags in `If-Match` is that of the answer. Leave the header out to read it as it is now."


class TooLarge(HipcareError):
    """The body is longer than the limit."""

    slug, title, status = "body-too-large", "The body is too large.", 413
    explanation = "The body is longer than this service accepts (1 MiB unless its operator says otherwise)."


class UnsupportedMediaType(HipcareError):
    """The body is in a format that is not read here."""

    slug, title, status = "unsupported-media-type", "The Content-Type of the body is not supported.", 415
    explanation = "Send JSON in UTF-8 as `Content-Type: application/json`."


class InvalidInput(HipcareError):
    """Well-formed input that breaks a rule; every broken rule is listed."""

    slug, title, status = "invalid-input", "The input is not valid.", 422
    explanation = "Each entry of `errors` points into the body (`pointer`, RFC 6901) and says what is wrong there."

    def __init__(self, problems: Sequence[Problem], detail: str = "") -> None:
        super().__init__(detail, problems=problems)


class TooManyRequests(HipcareError):
    """The caller has used up its rate."""

    slug, title, status = "too-many-requests", "Too many requests.", 429
    explanation = "Wait for the number of seconds in `Retry-After`, then try again."


class ServerError(HipcareError):
    """A fault of ours."""

    slug, title, status = "server-error", "Something went wrong on our side.", 500
    explanation = "The fault is logged under the request id in `instance`. Report that id if it happens again."


class Unavailable(HipcareError):
    """Something that the answer needs is away for the moment."""

    slug, title, status = "unavailable", "The service cannot answer at the moment.", 503
    explanation = "Something that the answer needs is not ready. Try again later; `/readyz` tells what is missing."


class DatabaseUnavailable(Unavailable):
    """The database does not answer."""

    slug, title = "database-unavailable", "The database cannot be reached at the moment."
    explanation = "Nothing was stored. Try again in a few seconds."


def problem_types() -> dict[str, type[HipcareError]]:
    """Every problem type by its slug, those of the apps included."""
    return {error.slug: error for error in _subclasses(HipcareError)}


def _subclasses(parent: type[HipcareError]) -> Iterator[type[HipcareError]]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)
