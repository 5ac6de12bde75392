"""The project package as an app: it has no tables, and looks after the rights to everybody's."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HipcareConfig(AppConfig):
    """What all apps share."""

    name = "hipcare"

    def ready(self) -> None:
        """Give the roles of the database their rights after every `migrate`."""
        post_migrate.connect(_apply_privileges, sender=self)


def _apply_privileges(**_: Any) -> None:
    from hipcare.database import privileges

    privileges.apply()
