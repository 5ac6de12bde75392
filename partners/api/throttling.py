"""Rate limits: so many requests a client and kind of scope, reads and writes apart.

Counted in the memory of the process, in windows that begin with the first request: `Retry-After` is then exact, at the
price that twice the limit can pass around the end of a window. Views without a caller (health, schema, the token
endpoint) are not counted.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from partners.api.permissions import required_scopes
from partners.principal import Principal

Kind = Literal["read", "write"]
_limiter = FixedWindowRateLimiter(MemoryStorage())
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class RateState:
    """Where a client stands after a request."""

    kind: Kind
    quota: int
    window_seconds: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """As `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "RateLimit-Policy": f'"{self.kind}";q={self.quota};w={self.window_seconds}',
            "RateLimit": f'"{self.kind}";r={self.remaining};t={self.reset_seconds}',
        }


class ClientRateThrottle(BaseThrottle):
    """DRF throttle over the limits of the caller."""

    _wait: int | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether the caller has requests left; leaves where it stands on the request, for the headers."""
        if not isinstance(request.auth, Principal):
            return True
        kind = _kind(view, str(request.method))
        limit = _limit(request.auth, kind)
        if limit is None:
            return True
        allowed, state = _hit(limit, kind, request.auth)
        request._request.rate_state = state  # type: ignore[attr-defined] # read by RateLimitHeaders
        self._wait = state.reset_seconds
        return allowed

    def wait(self) -> float | None:
        """Seconds until the window ends."""
        return self._wait


class RateLimitHeaders:
    """Middleware: tells on every counted answer where the client stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, with the headers."""
        response = self._get_response(request)
        state: RateState | None = getattr(request, "rate_state", None)
        if state is not None:
            for name, value in state.headers().items():
                response.headers[name] = value
        return response


def _kind(view: Any, method: str) -> Kind:
    return "write" if any(scope.endswith(":write") for scope in required_scopes(view, method)) else "read"


def _limit(caller: Principal, kind: Kind) -> RateLimitItem | None:
    own = caller.write_limit if kind == "write" else caller.read_limit
    text = own or settings.HIPCARE_RATE_LIMITS[kind]
    return None if text == "none" else _parsed(text)


@lru_cache(maxsize=256)
def _parsed(text: str) -> RateLimitItem:
    return parse(text)


def _hit(limit: RateLimitItem, kind: Kind, caller: Principal) -> tuple[bool, RateState]:
    names = (kind, str(caller.client_id))
    with _one_at_a_time:
        allowed = _limiter.hit(limit, *names)
        stats = _limiter.get_window_stats(limit, *names)
    # Rounded up: who comes back after this many seconds is let in.
    reset = max(1, -int(-(stats.reset_time - time.time()) // 1))
    return allowed, RateState(kind, limit.amount, limit.get_expiry(), stats.remaining, reset)
