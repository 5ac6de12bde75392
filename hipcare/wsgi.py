"""What a WSGI server loads: `granian --interface wsgi hipcare.wsgi:application`."""

import os
import sys
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hipcare.settings")
try:
    _django = get_wsgi_application()
except ImproperlyConfigured as problem:
    sys.exit(str(problem))

_NOT_READ = "application/octet-stream"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django, spared the parameters of Content-Type that it would stumble over before any middleware can answer.

    It takes them apart when it makes the request, and reads queries and forms in the charset that they name, be it
    UTF-16 or base64. What is not UTF-8 is therefore handed on as a media type that nobody here reads.
    """
    content_type = environ.get("CONTENT_TYPE", "")
    if ";" in content_type and not _is_utf_8(content_type):
        environ["CONTENT_TYPE"] = _NOT_READ
    return _django(environ, start_response)


def _is_utf_8(content_type: str) -> bool:
    """Whether the header can be taken apart, and names no other charset."""
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    except Exception:
        return False
    return charset.lower() in ("utf-8", "utf8")
