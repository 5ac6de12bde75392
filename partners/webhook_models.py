"""Where partners want to be told, what is to be told them, and every attempt to do so.

What is told is written in the transaction of what it tells of, and delivered later by a worker; see
`partners.webhooks`. Nothing here is clinical but that an assessment was an emergency: it goes when that is erased.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7


class EventType(models.TextChoices):
    """What partners can be told."""

    EMERGENCY = "assessment.emergency", "an assessment or a follow-up is an emergency"
    WORKLIST = "worklist.changed", "the state of an assessment in the worklist changed"
    TEST = "webhook.test", "a test"


class Disabled(models.TextChoices):
    """Why nothing is sent to an endpoint."""

    BY_HAND = "by_hand", "switched off"
    GONE = "gone", "it answered 410 Gone"


class DeliveryState(models.TextChoices):
    """How far a delivery has come."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead", "dead: not tried again unless it is sent again"


class AttemptOutcome(models.TextChoices):
    """How an attempt ended."""

    DELIVERED = "delivered"
    REFUSED = "refused", "a status other than 2xx"
    TIMEOUT = "timeout"
    TLS = "tls", "no TLS, or a wrong certificate"
    UNREACHABLE = "unreachable"
    NOT_PUBLIC = "not_public", "an address that is not public"
    NOT_HTTPS = "not_https"
    DISABLED = "disabled", "the endpoint is switched off"
    NO_SECRET = "no_secret", "the signing secret cannot be read: rotate it"


class WebhookEndpoint(models.Model):
    """An address of a partner that is told of events, and the secret under which they are signed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    url = models.CharField("URL", max_length=500)
    event_types = ArrayField(models.CharField(max_length=50, choices=EventType))
    include_same_day = models.BooleanField(
        default=False, help_text="Send assessment.emergency for the urgency same_day as well."
    )
    disabled = models.CharField(max_length=20, choices=Disabled, blank=True)
    encrypted_secret = models.TextField(editable=False)
    encrypted_old_secret = models.TextField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "url"], name="webhookendpoint_url_once"),
            models.CheckConstraint(condition=Q(url__regex=r"^https?://\S+$"), name="webhookendpoint_url_shape"),
            models.CheckConstraint(
                condition=Q(event_types__contained_by=EventType.values), name="webhookendpoint_events_known"
            ),
            models.CheckConstraint(
                condition=Q(disabled__in=["", *Disabled.values]), name="webhookendpoint_disabled_known"
            ),
            models.CheckConstraint(
                condition=Q(encrypted_old_secret="", old_secret_until=None)
                | (~Q(encrypted_old_secret="") & Q(old_secret_until__isnull=False)),
                name="webhookendpoint_old_secret_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint. The row says what is to be done; jobs in the queue only prompt it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField(help_text="The same in every attempt, for receivers to recognise a repeat.")
    event_type = models.CharField(max_length=50, choices=EventType)
    about = models.UUIDField(null=True, blank=True, help_text="The assessment it tells of.")
    body = models.BinaryField()
    state = models.CharField(max_length=20, choices=DeliveryState, default=DeliveryState.PENDING)
    attempt_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is tried next; a worker that tries it moves this on.")
    prompted_at = models.DateTimeField(help_text="For when the last job was put into the queue.")
    give_up_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "webhook deliveries"
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="webhookdelivery_state_known"),
            models.CheckConstraint(condition=Q(event_type__in=EventType.values), name="webhookdelivery_event_known"),
            models.CheckConstraint(
                condition=Q(state="pending", ended_at=None) | (~Q(state="pending") & Q(ended_at__isnull=False)),
                name="webhookdelivery_ended_unless_pending",
            ),
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="webhookdelivery_once_an_endpoint"),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-id"], name="webhookdelivery_by_state"),
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="webhookdelivery_due"),
            models.Index(fields=["ended_at"], condition=~Q(state="pending"), name="webhookdelivery_ended"),
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="webhookdelivery_about"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.event_id}"


class WebhookAttempt(models.Model):
    """One attempt to deliver: when, and the status that came back. What else the receiver said is not kept."""

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=AttemptOutcome)
    status = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=AttemptOutcome.values), name="webhookattempt_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=["delivered", "refused"], status__isnull=False)
                | (~Q(outcome__in=["delivered", "refused"]) & Q(status=None)),
                name="webhookattempt_status_of_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.at}"
