"""What to read: releases, and the rows of one release ordered by their public id."""

from django.db.models import Case, OuterRef, Prefetch, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest

from hipcare.errors import NotFound, Unavailable

from .models import (
    Citation,
    Composite,
    Condition,
    ConditionTreatment,
    Evidence,
    Finding,
    FollowUpTimer,
    Measurement,
    OutcomeMeasure,
    Presentation,
    PreventionTip,
    Prior,
    RedFlag,
    Release,
    ReleaseUse,
    SafetyNetItem,
    Treatment,
    TriedStep,
)


def _in_use() -> QuerySet[Release]:
    """Releases that may answer, the current one first: published, or made current again, last."""
    uses = ReleaseUse.objects.filter(release=OuterRef("pk")).order_by("-at").values("at")[:1]
    since = Greatest("published_at", Subquery(uses))  # without a use PostgreSQL takes the other one
    return Release.objects.filter(status=Release.Status.PUBLISHED).order_by(since.desc(), "-pk")


def current_release() -> Release:
    """The release that came into use last and is not retired. Raises Unavailable before the first one."""
    release = _in_use().first()
    if release is None:
        raise Unavailable("No release of the knowledge is published yet.")
    return release


def is_current(release: Release) -> bool:
    """Whether the release answers now."""
    return _in_use().values_list("pk", flat=True).first() == release.pk


def release_by_version(version: str) -> Release:
    """The release of that version, whatever its status. Raises NotFound."""
    release = Release.objects.filter(version=version).first()
    if release is None:
        raise NotFound("There is no release of that version.")
    return release


def published_release_by_version(version: str) -> Release:
    """The published or retired release of that version. Raises NotFound."""
    # PostgreSQL stores no NUL character, and refuses to look for one.
    release = None if "\x00" in version else published_releases().filter(version=version).first()
    if release is None:
        raise NotFound("There is no published release of that version.")
    return release


def published_from(source_digest: str) -> Release | None:
    """The published release that was made from files with this digest, if there is one."""
    return Release.objects.filter(status=Release.Status.PUBLISHED, source_digest=source_digest).first()


def release_by_id(release_id: int) -> Release:
    """The release with that database id, whatever its status. Raises NotFound."""
    release = Release.objects.filter(pk=release_id).first()
    if release is None:
        raise NotFound("There is no such release.")
    return release


def published_releases() -> QuerySet[Release]:
    """Published and retired releases, newest first; `current` is true for the one that answers now."""
    current = Case(When(pk=Subquery(_in_use().values("pk")[:1]), then=Value(True)), default=Value(False))
    return (
        Release.objects.exclude(status=Release.Status.DRAFT).annotate(current=current).order_by("-published_at", "-pk")
    )


def citations(release: Release) -> QuerySet[Citation]:
    return Citation.objects.filter(release=release).order_by("key")


def measurements(release: Release) -> QuerySet[Measurement]:
    return Measurement.objects.filter(release=release).order_by("key")


def findings(release: Release) -> QuerySet[Finding]:
    return Finding.objects.filter(release=release).order_by("key")


def red_flags(release: Release) -> QuerySet[RedFlag]:
    return RedFlag.objects.filter(release=release).order_by("key")


def composites(release: Release) -> QuerySet[Composite]:
    return Composite.objects.filter(release=release).order_by("key")


def outcome_measures(release: Release) -> QuerySet[OutcomeMeasure]:
    return OutcomeMeasure.objects.filter(release=release).order_by("key")


def follow_up_timers(release: Release) -> QuerySet[FollowUpTimer]:
    return FollowUpTimer.objects.filter(release=release).order_by("key")


def safety_net_items(release: Release) -> QuerySet[SafetyNetItem]:
    return SafetyNetItem.objects.filter(release=release).order_by("key")


def prevention_tips(release: Release) -> QuerySet[PreventionTip]:
    return PreventionTip.objects.filter(release=release).order_by("key")


def tried_steps(release: Release) -> QuerySet[TriedStep]:
    return TriedStep.objects.filter(release=release).order_by("key")


def treatments(release: Release) -> QuerySet[Treatment]:
    return Treatment.objects.filter(release=release).order_by("key")


def condition_keys(*releases: Release) -> frozenset[str]:
    """The ids of the conditions of any of the releases."""
    return frozenset(Condition.objects.filter(release__in=releases).values_list("key", flat=True))


def conditions(release: Release) -> QuerySet[Condition]:
    """The conditions without what hangs on them."""
    return Condition.objects.filter(release=release).order_by("key")


def conditions_in_full(release: Release) -> QuerySet[Condition]:
    """The conditions with their prior, presentations, ladder and evidence, in four queries however many there are."""
    return (
        conditions(release)
        .select_related("prior")
        .prefetch_related(
            Prefetch("presentations", presentations(release)),
            Prefetch("ladder", condition_treatments(release)),
            Prefetch("evidence", evidence(release)),
        )
    )


def presentations(release: Release) -> QuerySet[Presentation]:
    return Presentation.objects.filter(release=release).select_related("condition").order_by("condition__key", "key")


def priors(release: Release) -> QuerySet[Prior]:
    return Prior.objects.filter(release=release).select_related("condition").order_by("condition__key")


def evidence(release: Release) -> QuerySet[Evidence]:
    return (
        Evidence.objects.filter(release=release)
        .select_related("condition", "presentation", "finding")
        .order_by("condition__key", "presentation__key", "finding__key")
    )


def condition_treatments(release: Release) -> QuerySet[ConditionTreatment]:
    return (
        ConditionTreatment.objects.filter(release=release)
        .select_related("condition", "treatment")
        .order_by("condition__key", "position")
    )


def implied_findings(release_id: int) -> dict[str, list[str]]:
    """Every finding of the release with those that it implies."""
    return dict(Finding.objects.filter(release_id=release_id).values_list("key", "implies"))
