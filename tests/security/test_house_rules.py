"""The house rules hold in every module, and would be noticed if they did not."""

import ast

import pytest
from django.apps import apps

from hipcare.environment import BASE_DIRECTORY
from tests.security import house_rules
from tests.security.house_rules import SOURCES, Rule, owned_rows, sources, suppressions_without_reason

# Templates that put something in without escaping it, and what.
UNESCAPED = {"triage/templates/triage/programme.html": {"style", "picture"}}
RULES: dict[str, Rule] = {
    "sql": house_rules.sql_is_written_out,
    "logs": house_rules.logs_hold_no_input,
    "tls": house_rules.tls_and_debug_stay_as_they_are,
    "connections": house_rules.connections_are_opened_where_they_are_guarded,
}


def owned_models() -> set[str]:
    """Models whose rows belong to an organisation; the app that says who is who has its own rules."""
    models = [model for model in apps.get_models() if model.__module__.split(".")[0] in set(SOURCES) - {"partners"}]
    return {
        model.__name__
        for model in models
        if {field.name for field in model._meta.get_fields()} & {"organisation", "organisation_id"}
    }


def breaches(rule: Rule) -> list[str]:
    return [
        f"{path}:{line} {what}"
        for path, text in sources()
        for line, what in rule(ast.parse(house_rules.without_empty_query_sets(text)), path)
    ]


@pytest.mark.parametrize("name", RULES)
def test_no_module_breaks_a_house_rule(name: str) -> None:
    assert breaches(RULES[name]) == []


def test_rows_of_an_organisation_are_read_for_it() -> None:
    assert {"Assessment", "FollowUp", "KnownOutcome"} <= owned_models()
    assert breaches(owned_rows(owned_models())) == []


def test_a_security_rule_is_switched_off_with_a_reason_alone() -> None:
    found = [f"{path}:{line} {what}" for path, text in sources() for line, what in suppressions_without_reason(text)]
    assert found == []


def test_templates_escape_what_they_are_given() -> None:
    import re

    for folder in SOURCES:
        for file in (BASE_DIRECTORY / folder).rglob("*.html"):
            path, text = file.relative_to(BASE_DIRECTORY).as_posix(), file.read_text(encoding="utf-8")
            assert "autoescape off" not in text, path
            raw = {name.split(".")[-1] for name in re.findall(r"\{\{ *([\w.]+)\|safe", text)}
            assert raw <= UNESCAPED.get(path, set()), path


BROKEN: list[tuple[str, str, str]] = [
    ("sql", 'cursor.execute(f"SELECT {name}")', 'cursor.execute(f"SELECT 1 FROM {TABLE} WHERE a = %s", [name])'),
    ("sql", 'Model.objects.raw("SELECT " + name)', 'Model.objects.raw("SELECT 1")'),
    ("sql", "cursor.execute(query)", "cursor.execute(_QUERY, [name])"),
    ("logs", '_log.info("sent %s", request.body)', '_log.info("sent %s", type(request).__name__)'),
    ("logs", '_log.info(f"sent {body}")', '_log.info("sent")'),
    ("logs", 'logger.error("%s", case.findings)', 'logger.error("%s", error.slug)'),
    ("tls", "fetch(url, verify=False)", "fetch(url, verify=True)"),
    ("tls", "context.verify_mode = ssl.CERT_NONE", "context.verify_mode = ssl.CERT_REQUIRED"),
    ("tls", "DEBUG = mode == 'development'", "DEBUG = False"),
    ("connections", "import requests", "import json"),
    ("connections", "from urllib.request import urlopen", "from urllib.parse import urlsplit"),
    ("connections", "from http import client", "from http import HTTPStatus"),
]


@pytest.mark.parametrize(("name", "bad", "good"), BROKEN)
def test_a_breach_is_noticed(name: str, bad: str, good: str) -> None:
    assert list(RULES[name](ast.parse(bad), "triage/x.py"))
    assert not list(RULES[name](ast.parse(good), "triage/x.py"))


@pytest.mark.parametrize(
    ("path", "text", "is_fine"),
    [
        ("triage/api/views.py", "rows = Assessment.objects.all()", False),
        ("triage/page.py", "rows = Assessment.objects.filter(organisation_id=1)", False),
        ("triage/selectors.py", "def f():\n    return Assessment.objects.all()", False),
        ("triage/selectors.py", "def f(*, organisation_id):\n    return Assessment.objects.all()", True),
        ("triage/selectors.py", 'def f():\n    """Rows of all organisations."""\n    return Assessment.objects', True),
        ("triage/actions/assessments.py", "def f():\n    Assessment.objects.create()", True),
        ("triage/api/views.py", "rows = Release.objects.all()", True),
    ],
)
def test_a_read_for_nobody_is_noticed(path: str, text: str, is_fine: bool) -> None:
    assert (not list(owned_rows({"Assessment"})(ast.parse(text), path))) is is_fine


def test_a_suppression_without_a_reason_is_noticed() -> None:
    assert list(suppressions_without_reason("x = 1  # noqa: S608"))
    assert not list(suppressions_without_reason("x = 1  # noqa: S608 - both are constants"))
    assert not list(suppressions_without_reason("# Both are constants.\nx = 1  # noqa: S608"))
