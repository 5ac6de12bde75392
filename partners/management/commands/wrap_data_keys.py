"""`wrap_data_keys`: encrypt the keys of all organisations under the first of `HIPCARE_ENCRYPTION_KEYS`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partners import vault
from partners.actions import data_keys


class Command(BaseCommand):
    """A new key of the installation: put it first in `HIPCARE_ENCRYPTION_KEYS`, restart, run this, drop the old one."""

    help = "Encrypt every data key under the first of HIPCARE_ENCRYPTION_KEYS, after which the others may be dropped."

    def handle(self, **options: Any) -> None:
        """Wrap, and say how many."""
        try:
            count = data_keys.wrap_anew(by="command")
        except vault.CannotUnseal as trouble:
            raise CommandError(f"{trouble}.") from None
        self.stdout.write(f"{count} data keys are encrypted under {settings.HIPCARE_ENCRYPTION_KEYS[0][0]}.")
