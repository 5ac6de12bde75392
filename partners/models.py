"""Who may call: organisations, their client programs, the credentials of these; and what was done."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from uuid_utils.compat import uuid7

from hipcare import rates
from partners import credentials
from partners.webhook_models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

_SHA_256 = "^[0-9a-f]{64}$"
_LIMIT = f"^({rates.PATTERN})?$"
_LIMIT_HELP = "For example 600/minute, or none. Empty: the limit of the installation."


class Scope(models.TextChoices):
    """What a client may do."""

    ASSESSMENTS_READ = "assessments:read", "read its organisation's assessments"
    ASSESSMENTS_WRITE = "assessments:write", "make, follow up and erase assessments"
    KNOWLEDGE_READ = "knowledge:read", "read the catalogue and releases"
    AUDIT_READ = "audit:read", "read its organisation's audit trail"
    WEBHOOKS_MANAGE = "webhooks:manage", "register webhook endpoints and see what was delivered to them"


class Organisation(models.Model):
    """A partner. What its clients store belongs to it and is seen by no other."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    active = models.BooleanField(default=True, help_text="Off: none of its tokens is accepted.")
    retention_days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Assessments are erased when they are this many days old. Empty: never."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="organisation_name_unique"),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="organisation_name_not_blank"),
            models.CheckConstraint(
                condition=Q(retention_days=None) | Q(retention_days__gte=1),
                name="organisation_retention_at_least_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Client(models.Model):
    """A program of an organisation, with what it may do."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(max_length=200)
    active = models.BooleanField(default=True, help_text="Off: none of its tokens is accepted.")
    scopes = ArrayField(models.CharField(max_length=50, choices=Scope))
    generation = models.PositiveIntegerField(
        default=0, editable=False, help_text="Short-lived tokens of an earlier generation are refused."
    )
    jwks = models.JSONField("JWKS", null=True, blank=True, help_text="Public keys that sign its client assertions.")
    jwks_url = models.CharField(
        "JWKS URL", max_length=500, blank=True, help_text="Where it publishes these keys instead; https only."
    )
    read_limit = models.CharField(max_length=20, blank=True, help_text=_LIMIT_HELP)
    write_limit = models.CharField(max_length=20, blank=True, help_text=_LIMIT_HELP)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["organisation", "name"]
        constraints = [
            models.UniqueConstraint("organisation", Lower("name"), name="client_name_unique_in_organisation"),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="client_name_not_blank"),
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="client_scopes_known"),
            models.CheckConstraint(condition=Q(jwks__isnull=True) | Q(jwks_url=""), name="client_keys_in_one_place"),
            models.CheckConstraint(condition=Q(jwks_url__regex=r"^(https://\S+)?$"), name="client_jwks_url_https"),
            models.CheckConstraint(condition=Q(read_limit__regex=_LIMIT), name="client_read_limit_shape"),
            models.CheckConstraint(condition=Q(write_limit__regex=_LIMIT), name="client_write_limit_shape"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} / {self.name}"


class CredentialKind(models.TextChoices):
    """How a long-lived credential is used."""

    API_KEY = "api_key", "API key: sent with every request"
    CLIENT_SECRET = "client_secret", "client secret: exchanged for short-lived tokens"


class AccessToken(models.Model):
    """A long-lived credential of a client, kept as the hash of its secret; see `partners.credentials`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="tokens")
    kind = models.CharField(max_length=20, choices=CredentialKind, default=CredentialKind.API_KEY)
    prefix = models.CharField(max_length=12, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: it does not expire.")
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False, help_text="To the minute.")

    class Meta:
        verbose_name = "credential"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["prefix"], name="accesstoken_prefix_unique"),
            models.CheckConstraint(condition=Q(kind__in=CredentialKind.values), name="accesstoken_kind_known"),
            models.CheckConstraint(condition=Q(prefix__regex="^[0-9a-f]{12}$"), name="accesstoken_prefix_shape"),
            models.CheckConstraint(condition=Q(secret_hash__regex=_SHA_256), name="accesstoken_hash_shape"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")),
                name="accesstoken_expires_after_created",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")),
                name="accesstoken_revoked_after_created",
            ),
        ]

    def __str__(self) -> str:
        return f"{credentials.OPENING[self.kind]}_{self.prefix}_…"


class SigningKey(models.Model):
    """A key that signs short-lived tokens; the private half is encrypted under the secret key of the installation."""

    kid = models.CharField(primary_key=True, max_length=64)
    public_jwk = models.JSONField()
    encrypted_private_jwk = models.TextField()
    algorithm = models.CharField(max_length=10)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, help_text="Signs no more; what it signed is still accepted.")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["algorithm"], condition=Q(retired_at=None), name="signingkey_one_signs_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.kid


class UsedAssertion(models.Model):
    """A client assertion that was used; it is refused a second time, and forgotten when it has expired."""

    client_id = models.UUIDField()
    jti_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client_id", "jti_hash"], name="usedassertion_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.jti_hash[:12]}"


class CallerVersion(models.Model):
    """One row, counted up by triggers whenever who may call has changed. What processes remember rests on it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="callerversion_one_row")]

    def __str__(self) -> str:
        return str(self.version)


class KeyPurpose(models.TextChoices):
    """What a key of an organisation is for."""

    CONTENT = "content", "encrypts what is stored"
    INDEX = "index", "makes digests of references, by which they are found"


class DataKey(models.Model):
    """A key of one organisation, itself encrypted under a key of the installation; see `partners.vault`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=KeyPurpose)
    wrapped = models.BinaryField()
    wrapped_under = models.CharField(max_length=50, help_text="Id of the key of the installation.")
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, help_text="Encrypts no more; what it encrypted can still be read.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=KeyPurpose.values), name="datakey_purpose_known"),
            models.UniqueConstraint(
                fields=["organisation", "purpose"], condition=Q(retired_at=None), name="datakey_one_encrypts_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.purpose} {self.pk}"


class IdempotencyKey(models.Model):
    """A spent idempotency key of a client. It and what was sent under it may tell of somebody, so both are digests.

    Where `resource_id` is empty, what was stored under the key was erased, and the digest of what was sent with it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    key_digest = models.BinaryField(max_length=32)
    request_digest = models.BinaryField(max_length=32, null=True)
    resource_id = models.UUIDField(null=True, db_index=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "key_digest"], name="idempotencykey_unique_per_client")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Outcome(models.TextChoices):
    """How an audited action ended."""

    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    FAILED = "failed"


class AuditEvent(models.Model):
    """One thing that was done, or refused. Triggers refuse to change or delete a row.

    Ids are plain values, not foreign keys: the trail outlives what it is about and never stands in its way. A trigger
    sets `at` and the four columns of the chain, whatever is sent; see `partners.audit_chain`.
    """

    at = models.DateTimeField(db_default=Now(), help_text="By the clock of the database.")
    organisation_id = models.UUIDField(null=True)
    client_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=200, blank=True, help_text="Who of staff; empty where the client acted.")
    action = models.CharField(max_length=100, help_text="For example assessment.created.")
    resource_type = models.CharField(max_length=50)
    resource_id = models.CharField(max_length=128, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome)
    request_id = models.CharField(max_length=128, blank=True)
    lane = models.SmallIntegerField(editable=False)
    number = models.BigIntegerField(editable=False, help_text="From 1, without a gap, in its chain.")
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation_id", "at"], name="auditevent_organisation_at"),
            models.Index(fields=["resource_id"], condition=~Q(resource_id=""), name="auditevent_resource"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "lane", "number"], nulls_distinct=False, name="auditevent_one_place_in_chain"
            ),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="auditevent_outcome_known"),
            models.CheckConstraint(condition=~Q(action=""), name="auditevent_action_not_blank"),
            models.CheckConstraint(
                condition=Q(client_id__isnull=False) | ~Q(actor=""), name="auditevent_has_client_or_actor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.resource_type} {self.resource_id}"


class AuditChain(models.Model):
    """The end of one chain of the audit trail; what is cut off a chain is missed here.

    Kept by the trigger that chains the rows, and by nothing else: another trigger refuses every other change.
    """

    organisation_id = models.UUIDField(help_text="All zero: of no organisation.")
    lane = models.SmallIntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "lane"], name="auditchain_one_end_a_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.lane}: {self.number}"


__all__ = [
    "AccessToken",
    "AuditChain",
    "AuditEvent",
    "CallerVersion",
    "Client",
    "CredentialKind",
    "DataKey",
    "IdempotencyKey",
    "KeyPurpose",
    "Organisation",
    "Outcome",
    "Scope",
    "SigningKey",
    "UsedAssertion",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
