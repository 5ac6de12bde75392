"""A partner with something stored, and a good request for every operation of the document."""

import json
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.test import Client as HttpClient
from django.utils import timezone

from conditions import selectors as knowledge
from hipcare.environment import BASE_DIRECTORY
from partners.actions import clients, organisations, tokens
from partners.models import Client, Scope, WebhookDelivery
from tests.contract.document import Operation

API = "/api/v1"
JSON = "application/json"
ENDPOINT = b'{"url": "https://example.org/hooks", "event_types": ["webhook.test"]}'
WITH_PROGRAMME = (BASE_DIRECTORY / "examples" / "osteoarthritis_screened.json").read_bytes()


class World:
    """A partner with an assessment that has everything an assessment can have; good requests for every operation."""

    def __init__(self) -> None:
        self.organisation = organisations.create(name=f"Clinic {uuid4()}", by="test")
        self.http = self.caller(Scope.values)
        self.firsts: dict[str, str] = {}

    @cached_property
    def ids(self) -> dict[str, str]:
        """What stands in the addresses of operations; an assessment is stored for it."""
        assessment = self.sent("POST", f"{API}/assessments", WITH_PROGRAMME)["id"]
        place = f"{API}/assessments/{assessment}"
        follow_up = self.sent("POST", f"{place}/follow-ups", b'{"global_change": 2}')["id"]
        outcome = b'{"condition": "hip_osteoarthritis", "confirmed_by": "imaging", "confirmed_on": "2026-02-20"}'
        self.sent("POST", f"{place}/outcome", outcome)
        self.sent("POST", f"{place}/review", b'{"state": "acknowledged"}')
        version = knowledge.current_release().version
        known = {"slug": "invalid-input", "version": version, "other": version}
        return {"assessment_id": assessment, "follow_up_id": follow_up, **self._webhook_ids(), **known}

    def _webhook_ids(self) -> dict[str, str]:
        """An endpoint, and a delivery to it that has ended."""
        endpoint = self.sent("POST", f"{API}/webhook-endpoints", ENDPOINT)["id"]
        delivery = self.sent("POST", f"{API}/webhook-endpoints/{endpoint}/test", b"")["id"]
        WebhookDelivery.objects.filter(id=delivery).update(state="dead", ended_at=timezone.now())
        return {"endpoint_id": endpoint, "delivery_id": delivery}

    def client(self, scopes: Any) -> Client:
        return clients.create(organisation=self.organisation, name=f"Client {uuid4()}", scopes=[*scopes], by="test")

    def caller(self, scopes: Any) -> HttpClient:
        token = tokens.issue(client=self.client(scopes), by="test")[1]
        return HttpClient(headers={"authorization": f"Bearer {token}"}, raise_request_exception=False)

    def sent(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = self.http.generic(method, path, body, content_type=JSON).json()
        return answer

    def address(self, operation: Operation) -> str:
        """Where the operation is, of something that is there."""
        query = "?start=2026-05-04" if operation.name == "get_assessment_programme_calendar" else ""
        if "{id}" in operation.path:
            return operation.path.format(id=self.first(operation.path.partition("/{id}")[0]))
        return operation.path.format(**self.ids) + query if "{" in operation.path else operation.path

    def first(self, path: str) -> str:
        """The id of the first row of a list."""
        if path not in self.firsts:
            self.firsts[path] = self.http.get(f"{path}?page_size=1").json()["results"][0]["id"]
        return self.firsts[path]

    def body(self, operation: Operation) -> tuple[bytes, str]:
        """A good body and its media type; neither for an operation that takes none."""
        if "requestBody" not in operation.described:
            return b"", JSON
        media_type, example = operation.example()
        return json.dumps(example).encode(), media_type

    def ask(self, operation: Operation, http: HttpClient | None = None, **changes: Any) -> Any:
        """The answer to a good request, but for the changes: `path`, `method`, `body`, `content_type`, headers."""
        body, content_type = self.body(operation)
        return (http or self.http).generic(
            changes.pop("method", operation.method.upper()),
            changes.pop("path", None) or self.address(operation),
            changes.pop("body", body),
            content_type=changes.pop("content_type", content_type),
            headers={name.replace("_", "-"): value for name, value in changes.items()},
        )
