"""The answers as the schema describes them: the engine's own types with what storing adds."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, RootModel

from triage.engine.assessment import Assessment, KnowledgeVersion
from triage.languages import Locale


class AssessmentAnswer(Assessment):
    """The answer to one case: urgency, red flags, ranked causes, treatment ladder and what to ask next."""

    id: UUID
    created_at: datetime
    stored: bool
    locale: Locale


class AssessmentResponse(RootModel[AssessmentAnswer]):
    """What `POST /assessments` and `GET /assessments/{id}` answer."""


class About(BaseModel):
    """What this is for, what it is not, and which knowledge answers."""

    name: str
    version: str
    engine_version: str
    knowledge: KnowledgeVersion
    intended_use: str
    intended_users: list[str]
    intended_population: str
    not_intended_for: list[str]
    limitations: list[str]
    disclaimer: str
    licence: str
