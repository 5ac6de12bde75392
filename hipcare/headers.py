"""Headers by which a browser, or a cache on the way, guards what was answered.

Set on every answer by the outermost middleware, unless the view has said otherwise. An answer of the API is data: no
browser has any business rendering it, and nobody but the caller keeps it. Pages get what they need and no more.
"""

from django.http import HttpRequest, HttpResponseBase

_NOTHING_ELSE = "base-uri 'none'; frame-ancestors 'none'"
DATA = f"default-src 'none'; form-action 'none'; {_NOTHING_ELSE}"
ADMIN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    f"connect-src 'self'; form-action 'self'; {_NOTHING_ELSE}"
)
# Its scripts write styles into the page, and its pictures are in its style sheet.
DOCS = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    f"connect-src 'self'; form-action 'none'; {_NOTHING_ELSE}"
)
ON_EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Without any, the form of the admin would be sent without an origin, and refused as forged.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


def guard(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set what is missing."""
    for name, value in ON_EVERY_ANSWER.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy(request))


def _policy(request: HttpRequest) -> str:
    if request.path_info.startswith("/admin"):
        return ADMIN
    match = request.resolver_match
    return DOCS if match is not None and match.view_name == "docs" else DATA
