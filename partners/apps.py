"""The partners app."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Who may call."""

    name = "partners"

    def ready(self) -> None:
        """Tell drf-spectacular about the bearer scheme, and record who of staff signs in."""
        from partners import sign_ins
        from partners.api import schema  # noqa: F401

        sign_ins.record()
