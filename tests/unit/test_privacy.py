"""Every field of every table of ours is declared clinical, identifying or neutral."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Model

from hipcare.environment import BASE_DIRECTORY
from hipcare.privacy import FieldClass, FieldClasses

OURS = [
    config
    for config in apps.get_app_configs()
    if Path(config.path).parent == BASE_DIRECTORY and any(config.get_models(include_auto_created=True))
]


def _declared(config: AppConfig) -> FieldClasses:
    declared: FieldClasses = import_module(f"{config.name}.privacy").FIELD_CLASSES
    return declared


def _fields(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields() if field.concrete and not field.many_to_many}


def test_partners_are_among_the_apps_looked_at() -> None:
    assert "partners" in {config.name for config in OURS}
    assert "partners" in settings.INSTALLED_APPS


@pytest.mark.parametrize("config", OURS, ids=lambda config: config.name)
def test_every_field_is_classified(config: AppConfig) -> None:
    declared = _declared(config)
    if isinstance(declared, FieldClass):
        return
    fields = {model.__name__: _fields(model) for model in config.get_models(include_auto_created=True)}
    assert {name: {*classes} for name, classes in declared.items()} == fields
    assert all(isinstance(kind, FieldClass) for classes in declared.values() for kind in classes.values())
