"""The partners app."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Who may call."""

    name = "partners"

    def ready(self) -> None:
        """Tell drf-spectacular about the bearer scheme."""
        from partners.api import schema  # noqa: F401
