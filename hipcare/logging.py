"""Log lines as JSON, one an event, on standard error.

A line carries the request id and named measurements, never a body, a query string or an answer. Exceptions are logged
as their type and the places they passed, without their message: a database error quotes the row it refused.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from hipcare import request_id

# The only extras that are written; anything else given to a logger (Django gives the whole request) stays out.
EXTRAS = ("method", "route", "status_code", "duration_ms", "client", "release")


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON: time, level, logger, message, and what else is known about it."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := request_id.current.get():
            line["request_id"] = current
        line |= {name: value for name in EXTRAS if (value := getattr(record, name, None)) is not None}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = _without_message(record.exc_info[0], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _without_message(kind: type[BaseException], trace: TracebackType | None) -> dict[str, Any]:
    """An exception's type and the places it passed, innermost last."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "at": places}


class WithoutPath(logging.Filter):
    """Takes the path, in which a client may have written anything, out of Django's own lines about requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with the status alone for a message."""
        record.msg, record.args = f"answered with status {getattr(record, 'status_code', 'unknown')}", ()
        return True


def configuration(level: str) -> dict[str, Any]:
    """The `logging.config` dictionary: every logger writes JSON to standard error from `level` up."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_path": {"()": "hipcare.logging.WithoutPath"}},
        "formatters": {"json": {"()": "hipcare.logging.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django would also mail errors to ADMINS, with the request in them.
            "django": {"handlers": [], "level": level},
            # A refused request (4xx) has its line in hipcare.access already.
            "django.request": {"filters": ["without_path"], "level": "ERROR"},
            "django.security.csrf": {"filters": ["without_path"], "level": "ERROR"},
            # Its DEBUG lines hold SQL parameters.
            "django.db.backends": {"level": "INFO"},
            # It tells of every job; what came of a delivery is in the database.
            "procrastinate": {"level": "WARNING"},
        },
    }
