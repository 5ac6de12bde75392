"""The environment is read whole or refused with a sentence a variable."""

import base64
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hipcare.environment import BASE_DIRECTORY, Environment, read_environment

SECRET = "s" * 50
KEY, OTHER_KEY = (base64.b64encode(letter * 32).decode() for letter in (b"k", b"o"))
PRODUCTION = {
    "DATABASE_URL": "postgresql://someone:a-password@db:5433/hip?sslmode=require",
    "HIPCARE_SECRET_KEY": SECRET,
    "HIPCARE_ENCRYPTION_KEYS": f"first:{KEY}",
    "HIPCARE_ALLOWED_HOSTS": "hip.example.org, www.hip.example.org",
}
DEVELOPMENT = {"HIPCARE_MODE": "development"}


def refusal(variables: dict[str, str]) -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_environment(variables)
    return str(caught.value)


def test_production_is_the_default() -> None:
    environment = read_environment(PRODUCTION)
    assert environment.is_production
    assert environment.hosts == ["hip.example.org", "www.hip.example.org"]
    assert environment.signing_key() == SECRET
    assert environment.body_limit_bytes == 1024 * 1024


def test_everything_missing_in_production_is_named_at_once() -> None:
    message = refusal({})
    for name in ("DATABASE_URL", "HIPCARE_SECRET_KEY", "HIPCARE_ENCRYPTION_KEYS", "HIPCARE_ALLOWED_HOSTS"):
        assert f"{name} is missing" in message


def test_production_answers_no_host_name_that_anybody_chooses() -> None:
    assert "must name the hosts" in refusal(PRODUCTION | {"HIPCARE_ALLOWED_HOSTS": "hip.example.org,*"})


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("HIPCARE_MODE", "prod", "Did you mean production?"),
        ("HIPCARE_LOG_LEVEL", "info", "Did you mean INFO?"),
        ("HIPCARE_SECRT_KEY", SECRET, "Did you mean HIPCARE_SECRET_KEY?"),
        ("HIPCARE_ZEBRA", "1", "Known are DATABASE_URL, "),
        ("HIPCARE_SECRET_KEY", "short", "at least 50 characters"),
        ("HIPCARE_DATABASE_POOL_SIZE", "0", "greater than or equal to 1"),
        ("HIPCARE_BODY_LIMIT_BYTES", "many", "valid integer"),
        ("HIPCARE_SSL_REDIRECT", "perhaps", "valid boolean"),
        ("HIPCARE_SSL_PROXY_HEADER", "X Forwarded", "match pattern"),
        ("HIPCARE_CSRF_TRUSTED_ORIGINS", "hip.example.org", "origins with their scheme"),
        ("DATABASE_URL", "somewhere:a-password", "write postgresql://user:password@host:5432/name"),
        ("PORT", "80000", "less than or equal to 65535"),
        ("HIPCARE_RATE_LIMIT_READ", "many", "match pattern"),
        ("HIPCARE_ENCRYPTION_KEYS", "first", "keys as id:base64"),
        ("HIPCARE_ENCRYPTION_KEYS", "first:c2hvcnQ=", "of 32 bytes"),
        ("HIPCARE_ENCRYPTION_KEYS", f"first:{KEY},first:{OTHER_KEY}", "an id of its own"),
        ("HIPCARE_RATE_LIMIT_WRITE", "0/minute", "match pattern"),
        ("HIPCARE_CORS_ORIGINS", "https://app.example.org/", "whole origins without a path"),
        ("HIPCARE_CORS_ORIGINS", "*", "whole origins without a path"),
        ("HIPCARE_METRICS_TOKEN", "short", "at least 20 characters"),
        ("HIPCARE_JWKS_NETWORKS", "10.0.0.0/99", "valid IPv4 network"),
        ("HIPCARE_SIGNING_KEYS_FILE", "/nowhere", "rotate_signing_keys --file"),
        ("HIPCARE_SECRET_KEY_FILE", "/nowhere", "check that /nowhere exists"),
    ],
)
def test_a_senseless_value_is_refused_with_its_name_and_advice(name: str, value: str, advice: str) -> None:
    message = refusal(DEVELOPMENT | {name: value})
    assert f"  {name} " in message
    assert advice in message


def test_a_refusal_repeats_no_secret() -> None:
    assert "a-password" not in refusal({"DATABASE_URL": "somewhere:a-password"})
    assert "hunter2" not in refusal(DEVELOPMENT | {"HIPCARE_SECRET_KEY": "hunter2"})


def test_a_printed_environment_shows_no_secret() -> None:
    printed = repr(read_environment(PRODUCTION))
    assert SECRET not in printed
    assert "a-password" not in printed


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_environment(DEVELOPMENT | {"HIPCARE_ALLOWED_HOSTS": "", "HIPCARE_LOG_LEVEL": ""}).log_level == "INFO"


def test_other_programs_variables_are_left_alone() -> None:
    assert read_environment(DEVELOPMENT | {"PATH": "/bin", "GRANIAN_PORT": "1"}).mode == "development"


def test_the_secret_key_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n")
    without_key = {name: value for name, value in PRODUCTION.items() if name != "HIPCARE_SECRET_KEY"}
    environment = read_environment(without_key | {"HIPCARE_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert environment.signing_key() == SECRET


def test_a_short_secret_in_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short")
    assert "fewer than 50 characters" in refusal(DEVELOPMENT | {"HIPCARE_SECRET_KEY_FILE": str(tmp_path / "key")})


def test_two_secret_keys_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET)
    assert "keep one of them" in refusal(PRODUCTION | {"HIPCARE_SECRET_KEY_FILE": str(tmp_path / "key")})


def test_development_makes_its_secret_once_for_its_owner_alone(tmp_path: Path) -> None:
    environment = read_environment(DEVELOPMENT | {"HIPCARE_STATE_DIR": str(tmp_path / "state")})
    secret = environment.signing_key()
    assert len(secret) >= 50
    assert environment.signing_key() == secret
    assert stat.S_IMODE((tmp_path / "state" / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["secret-key"]


def test_development_answers_this_machine_unless_told_otherwise() -> None:
    assert "127.0.0.1" in read_environment(DEVELOPMENT).hosts
    assert read_environment(DEVELOPMENT | {"HIPCARE_ALLOWED_HOSTS": "hip.test"}).hosts == ["hip.test"]


def test_limits_and_metrics_are_as_safe_as_the_mode_asks() -> None:
    production, development = read_environment(PRODUCTION), read_environment(DEVELOPMENT)
    assert (production.metrics, development.metrics) == (False, True)
    assert read_environment(PRODUCTION | {"HIPCARE_METRICS_TOKEN": "t" * 20}).metrics
    assert production.rate_limits == {"read": "6000/minute", "write": "1200/minute"}
    assert development.rate_limits == {"read": "none", "write": "none"}
    given = {"HIPCARE_RATE_LIMIT_READ": "5/second", "HIPCARE_RATE_LIMIT_WRITE": "none"}
    assert read_environment(PRODUCTION | given).rate_limits == {"read": "5/second", "write": "none"}


def test_the_connection_string_becomes_django_settings() -> None:
    database = read_environment(PRODUCTION).database()
    assert (database["NAME"], database["USER"], database["PASSWORD"]) == ("hip", "someone", "a-password")
    assert (database["HOST"], database["PORT"]) == ("db", "5433")
    assert database["OPTIONS"]["sslmode"] == "require"


def test_a_request_gives_up_on_the_database_within_two_seconds() -> None:
    assert read_environment(DEVELOPMENT).database()["OPTIONS"]["pool"]["timeout"] < 2


def test_every_variable_is_documented() -> None:
    """The settings page for operators names each variable."""
    page = (BASE_DIRECTORY / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE))
    assert documented == {field.alias for field in Environment.model_fields.values()}


@pytest.mark.parametrize("command", [["manage.py", "check"], ["-m", "hipcare.server"], ["-m", "hipcare.wsgi"]])
def test_a_refused_environment_ends_a_program_with_the_message_alone(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=BASE_DIRECTORY,
        env=os.environ | PRODUCTION | {"HIPCARE_MODE": "production", "HIPCARE_SECRT_KEY": "x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "HIPCARE_SECRT_KEY is not a known setting. Did you mean HIPCARE_SECRET_KEY?" in done.stderr
    assert "Traceback" not in done.stderr


def test_encryption_keys_come_from_a_variable_or_a_file_the_one_that_encrypts_first(tmp_path: Path) -> None:
    text = f"new:{OTHER_KEY}\nfirst:{KEY}\n"
    expected = (("new", b"o" * 32), ("first", b"k" * 32))
    assert read_environment(PRODUCTION | {"HIPCARE_ENCRYPTION_KEYS": text}).keys_that_encrypt() == expected
    path = tmp_path / "keys"
    path.write_text(text)
    in_a_file = {**PRODUCTION, "HIPCARE_ENCRYPTION_KEYS": "", "HIPCARE_ENCRYPTION_KEYS_FILE": str(path)}
    assert read_environment(in_a_file).keys_that_encrypt() == expected
    assert "keep one of them" in refusal(in_a_file | {"HIPCARE_ENCRYPTION_KEYS": text})
    path.write_text("first:nonsense")
    assert "HIPCARE_ENCRYPTION_KEYS_FILE must list keys" in refusal(in_a_file)
    path.unlink()
    assert "cannot be read (FileNotFoundError)" in refusal(in_a_file)


def test_in_development_an_encryption_key_is_made_once_and_kept(tmp_path: Path) -> None:
    environment = read_environment(DEVELOPMENT | {"HIPCARE_STATE_DIR": str(tmp_path)})
    (key,) = environment.keys_that_encrypt()
    assert len(key[1]) == 32
    assert environment.keys_that_encrypt() == (key,)
    assert stat.S_IMODE((tmp_path / "encryption-keys").stat().st_mode) == 0o600
