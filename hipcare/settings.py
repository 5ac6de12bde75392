"""Django settings, read from a typed environment. Production is the default; see `hipcare.environment`."""

import os

from hipcare import __version__, logging
from hipcare.environment import BASE_DIRECTORY, read_environment

environment = read_environment(os.environ)

# Never on, not even in development: its error pages show what a patient said.
DEBUG = False
SECRET_KEY = environment.signing_key()
ALLOWED_HOSTS = environment.hosts
CSRF_TRUSTED_ORIGINS = list(environment.csrf_trusted_origins)
DATA_UPLOAD_MAX_MEMORY_SIZE = environment.body_limit_bytes
LOGGING = logging.configuration(environment.log_level)

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.is_production
# Cookies are of the pages of staff alone, and end with a working day or with the browser.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = environment.is_production and environment.ssl_redirect
# Orchestrators and monitors speak plain HTTP from inside, to the address of the machine, which is no host name of ours.
HIPCARE_MONITORED_PATHS = ["/healthz", "/readyz", "/metrics"]
SECURE_REDIRECT_EXEMPT = [f"^{path[1:]}$" for path in HIPCARE_MONITORED_PATHS]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if environment.is_production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Whether a domain enters the browsers' preload list is for its owner to decide.
# The CSRF check is in a subclass of Django's middleware, which W003 does not recognise.
SILENCED_SYSTEM_CHECKS = ["security.W003", "security.W021"]
if environment.ssl_proxy_header:
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{environment.ssl_proxy_header.upper().replace('-', '_')}", "https")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "procrastinate.contrib.django",
    "hipcare",
    "partners",
    "conditions",
    "exercises",
    "triage",
]
# The order is outermost first; what only the admin needs works under /admin/ alone.
MIDDLEWARE = [
    "hipcare.middleware.Answering",
    "hipcare.database.caller.AsNobodyYet",
    # Without origins there is no CORS at all, not even an answer to a preflight request.
    *(["corsheaders.middleware.CorsMiddleware"] if environment.cors_origins else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hipcare.middleware.SessionsOnAdminPages",
    "hipcare.middleware.CommonOnAdminPages",
    "hipcare.middleware.CsrfOnAdminPages",
    "hipcare.middleware.AuthenticationOnAdminPages",
    "hipcare.middleware.AsStaffOnAdminPages",
    "hipcare.middleware.MessagesOnAdminPages",
    "partners.api.throttling.RateLimitHeaders",
    "hipcare.api.deprecation.DeprecationHeaders",
]
CORS_ALLOWED_ORIGINS = list(environment.cors_origins)
CORS_URLS_REGEX = r"^/(?!admin).*$"
CORS_ALLOW_METHODS = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "idempotency-key", "if-none-match", "x-request-id"]
CORS_EXPOSE_HEADERS = [
    *("Deprecation", "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "Sunset"),
    "X-Request-Id",
]
ROOT_URLCONF = "hipcare.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIRECTORY / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names that carry a digest need `collectstatic` first, which tests do without.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if environment.mode == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LANGUAGE_CODE = "en-gb"
# What a patient reads is translated where a request asks for it; the admin is English for everybody.
LANGUAGES = [("en-gb", "English"), ("es", "Spanish")]
LOCALE_PATHS = [BASE_DIRECTORY / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

REST_FRAMEWORK = {
    # Deny by default: without a token, and without a scope that the view names, nothing is answered.
    "DEFAULT_AUTHENTICATION_CLASSES": ["partners.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["partners.api.permissions.HasRequiredScopes"],
    "DEFAULT_THROTTLE_CLASSES": ["partners.api.throttling.ClientRateThrottle"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "hipcare.api.json.JsonNegotiation",
    "DEFAULT_PARSER_CLASSES": ["hipcare.api.json.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["hipcare.api.json.JsonRenderer"],
    "DEFAULT_METADATA_CLASS": "hipcare.api.metadata.AllowedMethods",
    "DEFAULT_FILTER_BACKENDS": [
        "hipcare.api.filters.StrictFilterBackend",
        "hipcare.api.filters.DeclaredSearchFilter",
        "hipcare.api.filters.StrictOrderingFilter",
    ],
    "DEFAULT_PAGINATION_CLASS": "hipcare.api.pagination.SignedCursorPagination",
    "DEFAULT_SCHEMA_CLASS": "hipcare.api.deprecation.Operations",
    "EXCEPTION_HANDLER": "partners.api.auditing.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "hipcare",
    "VERSION": __version__,
    "DESCRIPTION": "Clinical decision support for hip pain. Not a medical device; for review by a clinician.",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_AUTHENTICATION": [],
    # Without the hook that makes up names of enumerations: names that depend on what else is there do not last.
    "POSTPROCESSING_HOOKS": [
        "hipcare.api.schema_names.complete_answers",
        "hipcare.api.schema_names.name_vocabularies",
        "hipcare.api.schema_problems.add_problems",
        "hipcare.api.schema.add_links",
        "hipcare.api.deprecation.add_deprecations",
    ],
    # Every script and image of the docs page comes from this server, and no other is asked to check the document.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "displayOperationId": True, "validatorUrl": None},
}
# Cases with known answers (JSONL), by which releases are compared and held back; none unless configured.
HIPCARE_VIGNETTES = environment.vignettes
HIPCARE_ENCRYPTION_KEYS = environment.keys_that_encrypt()
HIPCARE_SIGNING_KEYS_FILE = environment.signing_keys_file
HIPCARE_JWKS_NETWORKS = environment.jwks_networks
HIPCARE_WEBHOOK_NETWORKS = environment.webhook_networks
HIPCARE_WEBHOOK_RETRY_HOURS = environment.webhook_retry_hours
HIPCARE_WEBHOOK_KEEP_DAYS = environment.webhook_keep_days
# Plain HTTP to one's own machine is for trying out; in production it would be a way in.
HIPCARE_WEBHOOKS_TO_THIS_MACHINE = not environment.is_production
HIPCARE_RATE_LIMITS = environment.rate_limits
HIPCARE_METRICS = environment.metrics
HIPCARE_METRICS_TOKEN = environment.metrics_token
HIPCARE_METRICS_INFO = ["triage.metrics.answering"]
HIPCARE_METRICS_COLLECTED = ["partners.webhook_metrics.collect"]
HIPCARE_READINESS_CHECKS = [
    "hipcare.api.health.database",
    "hipcare.api.health.migrations",
    "triage.readiness.knowledge",
]
