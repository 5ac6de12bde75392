"""A partner's first program: get a token, assess a case, read it back, walk a list, read what is wrong, erase.

`HIPCARE` is the address of the server. The secrets are either `API_KEY`, or `CLIENT_ID` and `CLIENT_SECRET`.
"""

import os
from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from hipcare_client import AuthenticatedClient, Client
from hipcare_client.api.assessments import create_assessment, erase_assessment, get_assessment
from hipcare_client.api.catalogue import list_conditions
from hipcare_client.api.identity import create_token
from hipcare_client.models import (
    Age,
    AssessmentRequest,
    ConditionSummary,
    FindingAnswer,
    MeasuredValue,
    Patient,
    Problem,
    TokenAnswer,
    TokenRequest,
)
from hipcare_client.types import UNSET, Unset

Answer = TypeVar("Answer")

SERVER = os.environ.get("HIPCARE", "http://127.0.0.1:8000")
CASE = AssessmentRequest(
    patient=Patient(age=Age(value=67, unit="year"), sex="female", reference="case-0001"),
    setting="primary_care",
    findings=[
        FindingAnswer(id="pain_groin", state="present"),
        FindingAnswer(id="pain_stairs_slopes", state="present"),
        FindingAnswer(id="fever", state="absent"),
    ],
    measurements=[MeasuredValue(id="pain_nprs", value=6)],
)
MISTAKEN = AssessmentRequest(patient=CASE.patient, findings=[FindingAnswer(id="pain_groyn", state="present")])


class Refused(Exception):
    """What the server refused, with each place of the input that is wrong."""

    def __init__(self, problem: Problem) -> None:
        places = "".join(f" {entry.pointer} {entry.code}" for entry in problem.errors or [])
        super().__init__(f"{problem.status} {problem.type_}{places}")


def answered(answer: Answer | Problem | None) -> Answer:
    """The answer. Raises `Refused` with what the server refused."""
    if isinstance(answer, Problem):
        raise Refused(answer)
    if answer is None:
        raise RuntimeError("This is no answer that the API describes; is there something between?")
    return answer


def bearer() -> str:
    """An API key as it is, or a token for five minutes in exchange for a client secret."""
    if "API_KEY" in os.environ:
        return os.environ["API_KEY"]
    body = TokenRequest(
        grant_type="client_credentials",
        client_id=os.environ["CLIENT_ID"],
        client_secret=os.environ["CLIENT_SECRET"],
    )
    granted = create_token.sync(client=Client(base_url=SERVER), body=body)
    if not isinstance(granted, TokenAnswer):
        raise SystemExit(f"No token: {granted}")
    return granted.access_token


def conditions(client: AuthenticatedClient) -> Iterator[ConditionSummary]:
    """Every condition of the catalogue, page by page."""
    cursor: str | Unset | None = UNSET
    while cursor is not None:
        page = answered(list_conditions.sync(client=client, page_size=25, cursor=cursor))
        yield from page.results
        cursor = parse_qs(urlsplit(page.next_).query)["cursor"][0] if page.next_ else None


def refusal(answer: object) -> str:
    """What became of an attempt that must be refused."""
    if not isinstance(answer, Problem):
        raise TypeError("It was not refused.")
    return str(Refused(answer))


def main() -> None:
    """Everything, one step after another."""
    client = AuthenticatedClient(base_url=SERVER, token=bearer())
    key = str(uuid4())
    answer = answered(create_assessment.sync(client=client, body=CASE, idempotency_key=key))
    print("urgency:", answer.urgency.level, "" if answer.red_flag_screen.complete else "(questions are open)")
    for cause in answer.causes[:3]:
        print("cause:", f"{cause.probability:.2f}", cause.condition, *(code.code for code in cause.codes))

    repeated = answered(create_assessment.sync(client=client, body=CASE, idempotency_key=key))
    print("a repeat is the same assessment:", repeated.id == answer.id)

    read = answered(get_assessment.sync(client=client, assessment_id=answer.id))
    print("read back:", read == answer)

    print("conditions not to miss:", sum(condition.must_not_miss for condition in conditions(client)))

    print("refused:", refusal(create_assessment.sync(client=client, body=MISTAKEN)))

    erase_assessment.sync_detailed(client=client, assessment_id=answer.id)
    print("erased:", refusal(get_assessment.sync(client=client, assessment_id=answer.id)))


if __name__ == "__main__":
    main()
