from django.db import migrations

from conditions import database

TABLES = (
    "exercises_generalrule",
    "exercises_exercise",
    "exercises_programme",
    "exercises_phase",
    "exercises_phaseexercise",
)


class Migration(migrations.Migration):
    dependencies = [("exercises", "0001_initial"), ("conditions", "0002_frozen_releases")]

    operations = [
        *[database.freeze_rows(table) for table in TABLES],
        database.same_release("exercises_phase", "programme_id", "exercises_programme"),
        database.same_release("exercises_phaseexercise", "phase_id", "exercises_phase"),
        database.same_release("exercises_phaseexercise", "exercise_id", "exercises_exercise"),
    ]
