"""The environment of the process, read once and checked whole.

A variable is named after what it does, production is the default, and an unknown `HIPCARE_*` variable or a value that
makes no sense is refused before anything starts: every problem is reported at once and says what to do.

pydantic checks the types; pydantic-settings is not needed, since one dictionary comprehension reads the variables and
the refusal of unknown ones, the point of this module, is ours either way.
"""

import base64
import difflib
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from hipcare import rates

BASE_DIRECTORY = Path(__file__).resolve().parent.parent
SECRET_KEY_LENGTH = 50
_TEST_SECRET_KEY = "the tests sign nothing that leaves this machine, so their key is no secret"  # noqa: S105 - it says so
_TEST_ENCRYPTION_KEYS = "test:bm90aGluZyBvZiBhIHBhdGllbnQgaXMgaW4gdGVzdHM="
_KEY_ID, _KEY_BYTES = re.compile(r"[A-Za-z0-9._-]{1,50}"), 32
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


def _words(value: object) -> object:
    """A comma-separated value as its words."""
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _connection_string(value: str) -> str:
    try:
        conninfo_to_dict(value)
    except ProgrammingError:
        raise ValueError("is not a connection string; write postgresql://user:password@host:5432/name") from None
    return value


def _origin(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("must list origins with their scheme, for example https://hip.example.org")
    return value


def _exact_origin(value: str) -> str:
    if not re.fullmatch(r"https?://[^/*\s]+", value):
        raise ValueError("must list whole origins without a path, for example https://app.example.org")
    return value


def _encryption_keys(value: object) -> object:
    """`id:base64,…` as pairs of an id and a key of 32 bytes."""
    if not isinstance(value, str):
        return value
    pairs = [word.strip().partition(":") for word in re.split(r"[,\n]", value) if word.strip()]
    try:
        keys = tuple((name, base64.b64decode(text, validate=True)) for name, _, text in pairs)
    except ValueError:
        keys = ()
    if not keys or any(not _KEY_ID.fullmatch(name) or len(key) != _KEY_BYTES for name, key in keys):
        raise ValueError(f"must list keys as id:base64 of {_KEY_BYTES} bytes; `openssl rand -base64 32` makes one")
    if len(dict(keys)) < len(keys):
        raise ValueError("must give each key an id of its own")
    return keys


EncryptionKeys = Annotated[tuple[tuple[str, bytes], ...], BeforeValidator(_encryption_keys)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Origins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], BeforeValidator(_words)]
ExactOrigins = Annotated[tuple[Annotated[str, AfterValidator(_exact_origin)], ...], BeforeValidator(_words)]
Rate = Annotated[str, Field(pattern=f"^({rates.PATTERN})$")]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_words)]
Secret = Annotated[str, Field(min_length=SECRET_KEY_LENGTH)]


class Environment(BaseModel):
    """What the process was told. `read_environment` makes one; the names of the variables are the aliases."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["production", "development", "test"] = Field("production", alias="HIPCARE_MODE")
    database_url: Annotated[str, AfterValidator(_connection_string)] | None = Field(
        None, alias="DATABASE_URL", repr=False
    )
    database_pool_size: int = Field(4, alias="HIPCARE_DATABASE_POOL_SIZE", ge=1, le=100)
    secret_key: Secret | None = Field(None, alias="HIPCARE_SECRET_KEY", repr=False)
    secret_key_file: Path | None = Field(None, alias="HIPCARE_SECRET_KEY_FILE")
    encryption_keys: EncryptionKeys | None = Field(None, alias="HIPCARE_ENCRYPTION_KEYS", repr=False)
    encryption_keys_file: Path | None = Field(None, alias="HIPCARE_ENCRYPTION_KEYS_FILE")
    signing_keys_file: Path | None = Field(None, alias="HIPCARE_SIGNING_KEYS_FILE")
    jwks_networks: Networks = Field((), alias="HIPCARE_JWKS_NETWORKS")
    webhook_networks: Networks = Field((), alias="HIPCARE_WEBHOOK_NETWORKS")
    webhook_retry_hours: int = Field(72, alias="HIPCARE_WEBHOOK_RETRY_HOURS", ge=1, le=720)
    webhook_keep_days: int = Field(30, alias="HIPCARE_WEBHOOK_KEEP_DAYS", ge=1, le=3650)
    allowed_hosts: Words = Field((), alias="HIPCARE_ALLOWED_HOSTS")
    csrf_trusted_origins: Origins = Field((), alias="HIPCARE_CSRF_TRUSTED_ORIGINS")
    ssl_redirect: bool = Field(True, alias="HIPCARE_SSL_REDIRECT")
    ssl_proxy_header: str | None = Field(None, alias="HIPCARE_SSL_PROXY_HEADER", pattern=r"^[A-Za-z][A-Za-z0-9-]*$")
    state_directory: Path = Field(BASE_DIRECTORY / ".hipcare", alias="HIPCARE_STATE_DIR")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", alias="HIPCARE_LOG_LEVEL")
    vignettes: Path | None = Field(None, alias="HIPCARE_VIGNETTES")
    body_limit_bytes: int = Field(1024 * 1024, alias="HIPCARE_BODY_LIMIT_BYTES", ge=1024, le=1024**3)
    rate_limit_read: Rate | None = Field(None, alias="HIPCARE_RATE_LIMIT_READ")
    rate_limit_write: Rate | None = Field(None, alias="HIPCARE_RATE_LIMIT_WRITE")
    cors_origins: ExactOrigins = Field((), alias="HIPCARE_CORS_ORIGINS")
    metrics_token: Annotated[str, Field(min_length=20)] | None = Field(None, alias="HIPCARE_METRICS_TOKEN", repr=False)
    port: int = Field(8000, alias="PORT", ge=1, le=65535)

    @property
    def is_production(self) -> bool:
        """Whether people other than its developers use this process."""
        return self.mode == "production"

    @property
    def hosts(self) -> list[str]:
        """Host names that are answered; outside production this machine's own, unless some are given."""
        local = () if self.is_production or self.allowed_hosts else _LOCAL_HOSTS
        return [*self.allowed_hosts, *local]

    @property
    def rate_limits(self) -> dict[str, str]:
        """The limits of a client that has none of its own; outside production there are none unless set."""
        read, write = ("6000/minute", "1200/minute") if self.is_production else ("none", "none")
        return {"read": self.rate_limit_read or read, "write": self.rate_limit_write or write}

    @property
    def metrics(self) -> bool:
        """Whether requests are counted and `/metrics` exists: in production only for who knows the token."""
        return bool(self.metrics_token) or not self.is_production

    def signing_key(self) -> str:
        """The secret key: as given, fixed in tests, and in development made once and kept in the state directory."""
        if self.secret_key:
            return self.secret_key
        if self.secret_key_file:
            return _read_secret(self.secret_key_file)
        if self.mode == "test":
            return _TEST_SECRET_KEY
        return _kept_secret(self.state_directory / "secret-key")

    def keys_that_encrypt(self) -> EncryptionKeys:
        """The keys of the installation, the one that encrypts first: given, fixed in tests, or made once and kept."""
        if self.encryption_keys:
            return self.encryption_keys
        if self.encryption_keys_file:
            return _read_encryption_keys(self.encryption_keys_file)
        if self.mode == "test":
            return _parsed_encryption_keys(_TEST_ENCRYPTION_KEYS)
        kept = _kept_secret(self.state_directory / "encryption-keys", _new_encryption_key)
        return _parsed_encryption_keys(kept)

    def database(self) -> dict[str, Any]:
        """The entry of Django's `DATABASES`; without `DATABASE_URL` a server that refuses every connection."""
        given: dict[str, Any] = conninfo_to_dict(self.database_url or "host=127.0.0.1 port=1 dbname=none")
        return {
            "ENGINE": "hipcare.database",
            "NAME": given.pop("dbname", "hipcare"),
            "USER": given.pop("user", ""),
            "PASSWORD": given.pop("password", ""),
            "HOST": given.pop("host", ""),
            "PORT": str(given.pop("port", "")),
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": self._connection_options() | given,
        }

    def _connection_options(self) -> dict[str, Any]:
        """Pool and driver options under which a request learns within two seconds that the database is away.

        `reconnect_timeout` is short because the pool would otherwise wait out its doubling delays (up to minutes)
        after the database is back; when it gives up early, the next request simply tries again.
        """
        pool = {"min_size": 1, "max_size": self.database_pool_size, "timeout": 1.5, "reconnect_timeout": 1.0}
        return {
            "application_name": "hipcare",
            "connect_timeout": 2,
            "tcp_user_timeout": 2000,
            "pool": pool,
            # Parameters go to the server as they are: in SQL text a stored answer would be twice as long.
            "server_side_binding": True,
            "prepare_threshold": 5,
            # A plan for any value would read a month for a rare cause as it does for a common one.
            "options": "-c plan_cache_mode=force_custom_plan",
        }


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Check `variables` and return what they say.

    An empty variable counts as not set. Raises `ImproperlyConfigured` with one line a problem.
    """
    known = _known_names()
    ours = {name: value for name, value in variables.items() if value and _is_ours(name, known)}
    try:
        environment = Environment.model_validate(ours)
    except ValidationError as error:
        raise _refusal(_explain(detail, known) for detail in error.errors()) from None
    if problems := list(_problems_together(environment)):
        raise _refusal(problems)
    return environment


def state_directory(variables: Mapping[str, str] = os.environ) -> Path:
    """Where this checkout keeps what it makes at run time: embedded database, development key, demo token."""
    return Path(variables.get("HIPCARE_STATE_DIR") or BASE_DIRECTORY / ".hipcare").resolve()


def _known_names() -> list[str]:
    return [field.alias for field in Environment.model_fields.values() if field.alias]


def _is_ours(name: str, known: list[str]) -> bool:
    return name in known or name.startswith("HIPCARE_")


def _problems_together(environment: Environment) -> Iterator[str]:
    """What each variable alone cannot show."""
    if environment.secret_key and environment.secret_key_file:
        yield "HIPCARE_SECRET_KEY and HIPCARE_SECRET_KEY_FILE are both set: keep one of them."
    if environment.secret_key_file and (trouble := _secret_file_trouble(environment.secret_key_file)):
        yield f"HIPCARE_SECRET_KEY_FILE {trouble}"
    if environment.encryption_keys and environment.encryption_keys_file:
        yield "HIPCARE_ENCRYPTION_KEYS and HIPCARE_ENCRYPTION_KEYS_FILE are both set: keep one of them."
    if environment.encryption_keys_file and (trouble := _keys_file_trouble(environment.encryption_keys_file)):
        yield f"HIPCARE_ENCRYPTION_KEYS_FILE {trouble}"
    if environment.signing_keys_file and not environment.signing_keys_file.is_file():
        yield "HIPCARE_SIGNING_KEYS_FILE names no file: make one with manage.py rotate_signing_keys --file."
    if environment.is_production:
        yield from _missing_in_production(environment)


def _missing_in_production(environment: Environment) -> Iterator[str]:
    if not environment.database_url:
        yield "DATABASE_URL is missing: set it to postgresql://user:password@host:5432/name."
    if not (environment.secret_key or environment.secret_key_file):
        yield (
            f"HIPCARE_SECRET_KEY is missing: set it to at least {SECRET_KEY_LENGTH} random characters "
            "(`openssl rand -base64 48` makes some), or HIPCARE_SECRET_KEY_FILE to a file that holds them."
        )
    if not (environment.encryption_keys or environment.encryption_keys_file):
        yield (
            "HIPCARE_ENCRYPTION_KEYS is missing: set it to an id and a random key, for example "
            "first:$(openssl rand -base64 32), or HIPCARE_ENCRYPTION_KEYS_FILE to a file that holds them. "
            "Without these keys a backup of the database cannot be read: keep them, and keep them elsewhere."
        )
    if not environment.allowed_hosts:
        yield "HIPCARE_ALLOWED_HOSTS is missing: list the host names to answer, for example hip.example.org."
    if "*" in environment.allowed_hosts:
        # Whom a signed assertion is meant for is told by the name under which the token endpoint was called.
        yield "HIPCARE_ALLOWED_HOSTS must name the hosts to answer: with * anybody chooses the name."


def _secret_file_trouble(path: Path) -> str | None:
    try:
        secret = _read_secret(path)
    except (OSError, UnicodeDecodeError) as error:
        return f"cannot be read ({type(error).__name__}): check that {path} exists and is readable."
    if len(secret) < SECRET_KEY_LENGTH:
        return f"names a file with fewer than {SECRET_KEY_LENGTH} characters: `openssl rand -base64 48` makes enough."
    return None


def _keys_file_trouble(path: Path) -> str | None:
    try:
        _read_encryption_keys(path)
    except (OSError, UnicodeDecodeError) as error:
        return f"cannot be read ({type(error).__name__}): check that {path} exists and is readable."
    except ValueError as error:
        return f"{error}."
    return None


def _read_secret(path: Path) -> str:
    return path.read_text().strip()


def _read_encryption_keys(path: Path) -> EncryptionKeys:
    """The keys in a file, one a line. Raises ValueError that says what is wrong with it."""
    return _parsed_encryption_keys(_read_secret(path))


def _parsed_encryption_keys(text: str) -> EncryptionKeys:
    return cast(EncryptionKeys, _encryption_keys(text))


def _new_encryption_key() -> str:
    return f"first:{base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}"


def _new_secret() -> str:
    return secrets.token_urlsafe(SECRET_KEY_LENGTH)


def _kept_secret(path: Path, make: Callable[[], str] = _new_secret) -> str:
    """The secret in `path`, made first if there is none; two processes that start at once end up with the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return _read_secret(path)


def _explain(detail: ErrorDetails, known: list[str]) -> str:
    """One refused variable as a sentence; its value is not repeated, for it may be a secret."""
    name = str(detail["loc"][0])
    if detail["type"] == "extra_forbidden":
        return f"{name} is not a known setting.{_nearest(name, known)}"
    message = detail["msg"].removeprefix("Value error, ")
    message = message if message.startswith(("is ", "must ")) else f"is refused: {message}"
    return f"{name} {message}.{_nearest_choice(detail)}"


def _nearest(name: str, known: list[str]) -> str:
    by_short_name = {one.removeprefix("HIPCARE_"): one for one in known}
    near = difflib.get_close_matches(name.removeprefix("HIPCARE_"), by_short_name, n=1, cutoff=0.5)
    return f" Did you mean {by_short_name[near[0]]}?" if near else f" Known are {', '.join(sorted(known))}."


def _nearest_choice(detail: ErrorDetails) -> str:
    """A suggestion for a misspelt word out of a closed list."""
    if detail["type"] != "literal_error":
        return ""
    choices = {choice.casefold(): choice for choice in re.findall(r"'(.*?)'", detail["ctx"]["expected"])}
    near = difflib.get_close_matches(str(detail["input"]).casefold(), choices, n=1, cutoff=0.4)
    return f" Did you mean {choices[near[0]]}?" if near else ""


def _refusal(problems: Iterator[str] | list[str]) -> ImproperlyConfigured:
    lines = ["hipcare does not start. In the environment:", *(f"  {problem}" for problem in problems)]
    return ImproperlyConfigured("\n".join(lines))
