from django.db import migrations

from conditions import database

TABLES = (
    "conditions_citation",
    "conditions_measurement",
    "conditions_finding",
    "conditions_condition",
    "conditions_presentation",
    "conditions_prior",
    "conditions_evidence",
    "conditions_redflag",
    "conditions_safetynetitem",
    "conditions_treatment",
    "conditions_conditiontreatment",
)


class Migration(migrations.Migration):
    dependencies = [("conditions", "0001_initial")]

    operations = [
        database.freeze_releases(),
        *[database.freeze_rows(table) for table in TABLES],
        database.same_release("conditions_presentation", "condition_id", "conditions_condition"),
        database.same_release("conditions_prior", "condition_id", "conditions_condition"),
        database.same_release("conditions_evidence", "condition_id", "conditions_condition"),
        database.same_release("conditions_evidence", "presentation_id", "conditions_presentation"),
        database.same_release("conditions_evidence", "finding_id", "conditions_finding"),
        database.same_release("conditions_conditiontreatment", "condition_id", "conditions_condition"),
        database.same_release("conditions_conditiontreatment", "treatment_id", "conditions_treatment"),
    ]
