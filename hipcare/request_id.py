"""The id of the request being answered, for log lines and answers; empty outside a request."""

from contextvars import ContextVar

current: ContextVar[str] = ContextVar("request_id", default="")
