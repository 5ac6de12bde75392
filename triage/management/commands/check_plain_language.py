"""`manage.py check_plain_language`: the texts that patients read must be easy enough to read."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from triage.plain_language.measure import grades_of_groups, problems
from triage.plain_language.texts import patient_texts


class Command(BaseCommand):
    help = "Measure the reading grade of the texts for patients; fail if one is too hard."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with a line for each text and group that is too hard."""
        texts = patient_texts()
        if found := problems(texts):
            raise CommandError("\n".join(["Too hard to read:", *found]))
        for group, grade in grades_of_groups(texts).items():
            self.stdout.write(f"{group}: grade {grade:.1f}")
