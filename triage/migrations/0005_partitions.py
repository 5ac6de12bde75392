from django.db import migrations

# PostgreSQL cannot turn a table into a partitioned one: a new one takes its place, its name, its rows and its rules.
PARTITION = """
ALTER TABLE triage_assessment RENAME TO triage_assessment_whole;
CREATE TABLE triage_assessment (LIKE triage_assessment_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
    PARTITION BY RANGE (id);
CREATE TABLE triage_assessment_default PARTITION OF triage_assessment DEFAULT;
INSERT INTO triage_assessment SELECT * FROM triage_assessment_whole;

DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT conname, conrelid::regclass AS name FROM pg_constraint
                 WHERE confrelid = 'triage_assessment_whole'::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.name, found.conname);
    END LOOP;
END $$;
DROP TABLE triage_assessment_whole;

ALTER TABLE triage_assessment
    ADD PRIMARY KEY (id),
    ADD CONSTRAINT assessment_organisation FOREIGN KEY (organisation_id) REFERENCES partners_organisation (id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT assessment_client FOREIGN KEY (client_id) REFERENCES partners_client (id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT assessment_release FOREIGN KEY (release_id) REFERENCES conditions_release (id)
        DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX assessment_newest_first ON triage_assessment (organisation_id, id DESC);
CREATE INDEX assessment_by_urgency ON triage_assessment (organisation_id, urgency, id DESC);
CREATE INDEX assessment_by_reference ON triage_assessment (organisation_id, reference_digest, id DESC)
    WHERE reference_digest IS NOT NULL;
-- What the foreign keys of clients and releases are checked by when one is deleted.
CREATE INDEX assessment_of_client ON triage_assessment (client_id);
CREATE INDEX assessment_of_release ON triage_assessment (release_id);
ALTER TABLE triage_followup ADD CONSTRAINT follow_up_assessment FOREIGN KEY (assessment_id)
    REFERENCES triage_assessment (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE triage_knownoutcome ADD CONSTRAINT outcome_assessment FOREIGN KEY (assessment_id)
    REFERENCES triage_assessment (id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('triage', '0004_sealed'),
    ]

    operations = [
        migrations.RunSQL(PARTITION, migrations.RunSQL.noop),
    ]
