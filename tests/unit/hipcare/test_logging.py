"""Log lines carry ids and measurements, never what a patient said."""

import json
import logging
import sys

from hipcare import request_id
from hipcare.logging import JsonFormatter


def logged(record: logging.LogRecord) -> dict[str, object]:
    line: dict[str, object] = json.loads(JsonFormatter().format(record))
    return line


def record(message: str = "hello", **extra: object) -> logging.LogRecord:
    return logging.getLogger("hipcare").makeRecord("hipcare", logging.INFO, __file__, 1, message, (), None, extra=extra)


def test_a_line_says_when_what_and_for_which_request() -> None:
    token = request_id.current.set("0193-request")
    try:
        line = logged(record(status_code=201))
    finally:
        request_id.current.reset(token)
    assert line["request_id"] == "0193-request"
    assert (line["level"], line["logger"], line["message"], line["status_code"]) == ("INFO", "hipcare", "hello", 201)
    assert str(line["time"]).endswith("+00:00")


def test_outside_a_request_there_is_no_request_id() -> None:
    assert "request_id" not in logged(record())


def test_only_named_extras_are_written() -> None:
    assert "fever" not in json.dumps(logged(record(body='{"id": "fever"}', request="GET /?q=fever")))


def test_an_exception_is_its_type_and_places_without_its_message() -> None:
    failed = record()
    try:
        raise ValueError("Key (reference)=(patient 7) already exists")
    except ValueError:
        failed.exc_info = sys.exc_info()
    line = logged(failed)
    assert "patient 7" not in json.dumps(line)
    assert "builtins.ValueError" in json.dumps(line["exception"])
    assert "test_logging.py" in json.dumps(line["exception"])


def test_djangos_own_line_about_a_failed_request_has_no_path() -> None:
    failed = logging.getLogger("django.request").makeRecord(
        "django.request", logging.ERROR, __file__, 1, "%s: %s", ("Internal Server Error", "/secret"), None
    )
    failed.status_code = 500
    assert logging.getLogger("django.request").filter(failed)
    assert logged(failed)["message"] == "answered with status 500"
