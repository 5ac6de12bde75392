"""The audit trail is chained: each row holds the hash of itself and of the row before it. See docs/adr/0030."""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

_SCOPES = [
    ("assessments:read", "read its organisation's assessments"),
    ("assessments:write", "make, follow up and erase assessments"),
    ("knowledge:read", "read the catalogue and releases"),
    ("audit:read", "read its organisation's audit trail"),
]

# `partners.audit_chain` computes the same in Python. A JSON array tells null from a text and one text from two.
HASH = """
CREATE FUNCTION hash_of_audit_event(event partners_auditevent) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(json_build_array(
        'hipcare audit 1', event.organisation_id, event.lane, event.number, encode(event.previous_hash, 'hex'),
        event.id, (extract(epoch FROM event.at) * 1000000)::bigint, event.client_id, event.actor, event.action,
        event.resource_type, event.resource_id, event.outcome, event.request_id
    )::text, 'UTF8'))
$$;
"""
NO_HASH = "DROP FUNCTION hash_of_audit_event(partners_auditevent);"

# Rows of before: one chain an organisation, in the order in which they came.
CHAIN_EXISTING = """
ALTER TABLE partners_auditevent DISABLE TRIGGER auditevent_append_only;
DO $$
DECLARE
    event partners_auditevent;
    before partners_auditevent;
BEGIN
    FOR event IN SELECT * FROM partners_auditevent ORDER BY organisation_id, id LOOP
        IF before.id IS NULL OR before.organisation_id IS DISTINCT FROM event.organisation_id THEN
            before.number := 0;
            before.hash := decode(repeat('00', 32), 'hex');
        END IF;
        event.lane := 0;
        event.number := before.number + 1;
        event.previous_hash := before.hash;
        event.hash := hash_of_audit_event(event);
        UPDATE partners_auditevent SET lane = event.lane, number = event.number,
            previous_hash = event.previous_hash, hash = event.hash WHERE id = event.id;
        before := event;
    END LOOP;
END $$;
INSERT INTO partners_auditchain (organisation_id, lane, number, hash)
    SELECT DISTINCT ON (organisation_id)
        coalesce(organisation_id, '00000000-0000-0000-0000-000000000000'), lane, number, hash
    FROM partners_auditevent ORDER BY organisation_id, number DESC;
ALTER TABLE partners_auditevent ENABLE TRIGGER auditevent_append_only;
"""
NOTHING = "SELECT 1;"

# With the rights of the owner, because nobody else may touch the ends of the chains; in a search path that no caller
# can put a table or function of his own into. Eight lanes an organisation: writers wait for one another until commit
# only in the same lane. The clock is read under the lock, so that time does not run backwards within a chain.
CHAIN = """
CREATE FUNCTION chain_audit_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    of_organisation uuid := coalesce(NEW.organisation_id, '00000000-0000-0000-0000-000000000000');
    chain_id bigint;
BEGIN
    NEW.lane := pg_backend_pid() % 8;
    LOOP
        SELECT chain.id, chain.number + 1, chain.hash INTO chain_id, NEW.number, NEW.previous_hash
            FROM public.partners_auditchain chain
            WHERE chain.organisation_id = of_organisation AND chain.lane = NEW.lane
            FOR NO KEY UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO public.partners_auditchain (organisation_id, lane, number, hash)
            VALUES (of_organisation, NEW.lane, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
    END LOOP;
    NEW.at := clock_timestamp();
    NEW.hash := public.hash_of_audit_event(NEW);
    UPDATE public.partners_auditchain SET number = NEW.number, hash = NEW.hash WHERE id = chain_id;
    RETURN NEW;
END $$;
-- Or it could be put on another table, and move the ends from there.
REVOKE ALL ON FUNCTION chain_audit_event() FROM PUBLIC;
REVOKE ALL ON partners_auditchain FROM PUBLIC;
CREATE TRIGGER auditevent_chained BEFORE INSERT ON partners_auditevent
    FOR EACH ROW EXECUTE FUNCTION chain_audit_event();

CREATE FUNCTION refuse_change_of_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% of an end of the audit trail refused: the trail keeps it', TG_OP
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'auditchain_kept_by_trigger',
            TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER auditchain_kept_by_trigger BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON partners_auditchain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_chain();
CREATE TRIGGER auditevent_not_truncated BEFORE TRUNCATE ON partners_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_event();
-- Every row changes them: room to do so on the page, without a new entry in the index.
ALTER TABLE partners_auditchain SET (fillfactor = 20);
"""
NO_CHAIN = """
ALTER TABLE partners_auditchain RESET (fillfactor);
DROP TRIGGER auditevent_not_truncated ON partners_auditevent;
DROP TRIGGER auditchain_kept_by_trigger ON partners_auditchain;
DROP FUNCTION refuse_change_of_audit_chain();
DROP TRIGGER auditevent_chained ON partners_auditevent;
DROP FUNCTION chain_audit_event();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("partners", "0003_keys_and_retention"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="client", name="client_scopes_known"),
        migrations.AlterField(
            model_name="client",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=_SCOPES, max_length=50), size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes__contained_by", [name for name, _ in _SCOPES])), name="client_scopes_known"
            ),
        ),
        migrations.CreateModel(
            name="AuditChain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation_id", models.UUIDField(help_text="All zero: of no organisation.")),
                ("lane", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.AddConstraint(
            model_name="auditchain",
            constraint=models.UniqueConstraint(fields=("organisation_id", "lane"), name="auditchain_one_end_a_chain"),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), help_text="By the clock of the database."
            ),
        ),
        migrations.AddField("auditevent", "lane", models.SmallIntegerField(editable=False, null=True)),
        migrations.AddField("auditevent", "number", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField("auditevent", "previous_hash", models.BinaryField(max_length=32, null=True)),
        migrations.AddField("auditevent", "hash", models.BinaryField(max_length=32, null=True)),
        migrations.RunSQL(HASH, NO_HASH),
        migrations.RunSQL(CHAIN_EXISTING, NOTHING),
        migrations.AlterField("auditevent", "lane", models.SmallIntegerField(editable=False)),
        migrations.AlterField(
            "auditevent",
            "number",
            models.BigIntegerField(editable=False, help_text="From 1, without a gap, in its chain."),
        ),
        migrations.AlterField("auditevent", "previous_hash", models.BinaryField(max_length=32)),
        migrations.AlterField("auditevent", "hash", models.BinaryField(max_length=32)),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("resource_id", ""), _negated=True),
                fields=["resource_id"],
                name="auditevent_resource",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.UniqueConstraint(
                fields=("organisation_id", "lane", "number"),
                name="auditevent_one_place_in_chain",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(CHAIN, NO_CHAIN),
    ]
