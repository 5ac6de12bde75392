from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import migrations, models

from partners import vault
from triage.models.label import labels

SEALED = {"Assessment": ("sealed_request", "sealed_answer"), "FollowUp": ("sealed_request", "sealed_answer"),
          "KnownOutcome": ("sealed_answer",)}


def seal_what_is_stored(apps, schema_editor):
    """Encrypt what is there, find it by label and digest, and move its idempotency keys, as if it were stored today.

    Of erased keys and of those of outcomes too little is kept to move them: a late repeat is a new request.
    """
    keys = {}
    for name, columns in SEALED.items():
        for row in apps.get_model("triage", name).objects.order_by("id").iterator(chunk_size=200):
            own = keys.get(row.organisation_id) or keys_of(apps, row.organisation_id)
            keys[row.organisation_id] = own
            if name == "Assessment":
                find_assessment(apps, row, own)
                move_key(apps, row, own, "assessment.create", "")
            elif name == "FollowUp":
                move_key(apps, row, own, "follow_up.create", str(row.assessment_id))
            for column in columns:
                plain = bytes(getattr(row, column))
                setattr(row, column, vault.seal(own, plain, place=f"{name}.{column}:{row.id}"))
            row.save()


def keys_of(apps, organisation_id):
    """The keys of an organisation, which has one of each purpose."""
    rows = apps.get_model("partners", "DataKey").objects.filter(organisation_id=organisation_id)
    keys = {row.purpose: (row.pk, vault.unwrap(bytes(row.wrapped), row.wrapped_under)) for row in rows}
    current, content = keys["content"]
    return vault.OrganisationKeys(current, {current: AESGCM(content)}, keys["index"][1])


def find_assessment(apps, row, own):
    """By what an assessment is found: reference and labels."""
    if row.reference:
        plain = row.reference.encode()
        row.sealed_reference = vault.seal(own, plain, place=f"Assessment.sealed_reference:{row.id}")
        row.reference_digest = vault.digest(own, plain)
    label = apps.get_model("triage", "AssessmentLabel")
    label.objects.bulk_create(
        label(organisation_id=row.organisation_id, label=text, assessment_id=row.id)
        for text in labels(row.causes, row.red_flags)
    )


def move_key(apps, row, own, operation, target):
    """The idempotency key of a row whose body is still plain."""
    if row.idempotency_key is None:
        return
    apps.get_model("partners", "IdempotencyKey").objects.create(
        organisation_id=row.organisation_id,
        client_id=row.client_id,
        key_digest=vault.digest(own, f"{operation}\0{row.idempotency_key}".encode()),
        request_digest=vault.digest(own, target.encode() + b"\0" + bytes(row.sealed_request)),
        resource_id=row.id,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0007_release_use'),
        ('partners', '0003_keys_and_retention'),
        ('triage', '0003_outcomes_and_publications'),
    ]

    operations = [
        migrations.CreateModel(
            name='AssessmentLabel',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'label', 'assessment_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('organisation_id', models.UUIDField()),
                ('label', models.CharField(max_length=120)),
                ('assessment_id', models.UUIDField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='assessment',
            name='assessment_idempotency_key_unique_per_client',
        ),
        migrations.RemoveConstraint(
            model_name='followup',
            name='follow_up_idempotency_key_unique_per_client',
        ),
        migrations.RemoveConstraint(
            model_name='knownoutcome',
            name='outcome_idempotency_key_unique_per_client',
        ),
        migrations.RemoveIndex(
            model_name='assessment',
            name='assessment_by_reference',
        ),
        migrations.RemoveIndex(
            model_name='assessment',
            name='assessment_by_cause',
        ),
        migrations.RemoveIndex(
            model_name='assessment',
            name='assessment_by_red_flag',
        ),
        migrations.RenameField(
            model_name='assessment',
            old_name='answer',
            new_name='sealed_answer',
        ),
        migrations.RenameField(
            model_name='assessment',
            old_name='request',
            new_name='sealed_request',
        ),
        migrations.RenameField(
            model_name='followup',
            old_name='answer',
            new_name='sealed_answer',
        ),
        migrations.RenameField(
            model_name='followup',
            old_name='request',
            new_name='sealed_request',
        ),
        migrations.RenameField(
            model_name='knownoutcome',
            old_name='answer',
            new_name='sealed_answer',
        ),
        migrations.AddField(
            model_name='assessment',
            name='reference_digest',
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='assessment',
            name='sealed_reference',
            field=models.BinaryField(null=True),
        ),
        migrations.RunPython(seal_what_is_stored, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='assessment',
            name='idempotency_key',
        ),
        migrations.RemoveField(
            model_name='assessment',
            name='reference',
        ),
        migrations.RemoveField(
            model_name='assessment',
            name='request_digest',
        ),
        migrations.RemoveField(
            model_name='followup',
            name='idempotency_key',
        ),
        migrations.RemoveField(
            model_name='followup',
            name='request_digest',
        ),
        migrations.RemoveField(
            model_name='knownoutcome',
            name='idempotency_key',
        ),
        migrations.RemoveField(
            model_name='knownoutcome',
            name='request_digest',
        ),
        migrations.DeleteModel(
            name='ErasedKey',
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(condition=models.Q(('reference_digest__isnull', False)), fields=['organisation', 'reference_digest', '-id'], name='assessment_by_reference'),
        ),
    ]
