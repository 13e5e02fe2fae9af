"""All settings of the register: the typed environment first, then what follows from it.

Every default is the production one; what is missing or malformed stops the start with one
sentence. The names of the variables are fixed (see README, "Environment").
"""

import ipaddress
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from praecom_registry import logs
from recordings.keys import parse_keys

BASE_DIR = Path(__file__).resolve().parent.parent

# --- the environment ---------------------------------------------------------------------------

env = environ.Env()


def _database(name: str) -> dict[str, Any]:
    settings: dict[str, Any] = env.db_url(name)
    if settings["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must be a postgres:// address.")
    return settings


def _networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(word) for word in env.list(name, default=[])]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a list of addresses or networks.") from error


def _recordings_keys(name: str) -> dict[int, bytes]:
    try:
        return parse_keys(env.str(name))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error


def _last_day(name: str) -> tuple[int, int]:
    """A day of the year as month and day; the last of February is the 29th."""
    written = env.str(name, default="12-31")
    try:
        day = date.fromisoformat(f"2024-{written}")
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: write the month and the day, as in 12-31.") from error
    return (2, 29) if (day.month, day.day) == (2, 28) else (day.month, day.day)


try:
    SECRET_KEY: str = env.str("SECRET_KEY")
    DEBUG: bool = env.bool("DEBUG", default=False)
    ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
    MFA_REQUIRED: bool = env.bool("MFA_REQUIRED", default=True)
    PLAIN_HTTP_ON_LOOPBACK: bool = env.bool("PLAIN_HTTP_ON_LOOPBACK", default=False)
    LOOKUP_PERSONS_PER_10_MIN: int = env.int("LOOKUP_PERSONS_PER_10_MIN", default=60)
    TRUSTED_PROXIES = _networks("TRUSTED_PROXIES")
    RECORDINGS_STORAGE: str = env.str("RECORDINGS_STORAGE")
    RECORDINGS_KEYS: dict[int, bytes] = _recordings_keys("RECORDINGS_KEYS")
    SUPPRESSION_KEY: str = env.str("SUPPRESSION_KEY")
    if len(SUPPRESSION_KEY) < 32:
        raise ImproperlyConfigured("SUPPRESSION_KEY must have at least 32 characters.")
    ERASURE_LEDGER: str = env.str("ERASURE_LEDGER")
    ERASURE_SECOND_PERSON: int = env.int("ERASURE_SECOND_PERSON", default=10_000)
    FINANCIAL_YEAR_END = _last_day("FINANCIAL_YEAR_END")
    PACKAGE_SECOND_PERSON: bool = env.bool("PACKAGE_SECOND_PERSON", default=True)
    PACKAGE_DAYS: int = env.int("PACKAGE_DAYS", default=30)
    BREACH_HOURS: int = env.int("BREACH_HOURS", default=72)
    SITE_ADDRESS: str = env.str("SITE_ADDRESS", default="").rstrip("/")
    EMAIL: dict[str, Any] = env.email_url("EMAIL_URL", default="consolemail://")
    EMAIL_FROM: str = env.str("EMAIL_FROM", default="register@localhost")
    _site_database = _database("DATABASE_URL")
    _owner_database = _database("DATABASE_OWNER_URL") if "DATABASE_OWNER_URL" in env else None
    if "*" in ALLOWED_HOSTS and not DEBUG:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; * is for DEBUG only.")
except (ImproperlyConfigured, ValueError) as error:
    sys.exit(f"The settings are not complete: {error}")

if not SITE_ADDRESS:  # where people reach the site by a link in a message
    SITE_ADDRESS = (
        "http://127.0.0.1:8000"
        if PLAIN_HTTP_ON_LOOPBACK
        else f"https://{next(iter(ALLOWED_HOSTS), 'localhost').lstrip('.')}"
    )

# --- the application ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "praecom_registry",
    "caller_lookup",
    "privacy",
    "recordings",
    "consents",
    "contracts",
    "customers",
    "accounts",
    "audit",
    "datamap",
    "auditlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "audit.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.IdleMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # What these two do on commit still needs them: they stand around the one transaction.
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "audit.middleware.AccessMiddleware",
    "praecom_registry.closing.ClosingMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "praecom_registry.urls"
WSGI_APPLICATION = "praecom_registry.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# --- the database: the site's restricted role, and the owner for migrations only ----------------

# A prepared statement's parameters never change which plan is right here: planning it each time
# would cost several times the work itself, and so would compiling it.
_session_limits = (
    "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=30000"
    " -c plan_cache_mode=force_generic_plan -c jit=off"
)

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **_site_database,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_site_database.get("OPTIONS", {}),
            "options": _session_limits,
            # Only what asks for it is prepared (audit.sql); without a threshold nothing would be.
            "prepare_threshold": sys.maxsize,
        },
    },
}
if _owner_database is not None:
    DATABASES["owner"] = _owner_database

MIGRATION_MODULES = {"auditlog": None}
AUDITLOG_LOGENTRY_MODEL = "audit.LogEntry"

# --- people and their sign-in ------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.StaffBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
SESSION_IDLE_SECONDS = 15 * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60

ACCOUNT_ADAPTER = "accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = EMAIL_FROM
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, never longer
ACCOUNT_USERNAME_MIN_LENGTH = 1
# Attempts are counted in the database: each process would have a count of its own.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_attemptcount",
        "KEY_FUNCTION": "accounts.throttling.keyed_hash",
        # Counts go when they end (accounts.tasks); none is pushed out by filling the table.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000_000},
    },
    # Parts of pages that are the same for everybody, by language: never anything about a person.
    "fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
# Wrong codes of the second factor, by user; django-axes counts wrong passwords.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Praecom"

# The pair of user and address is locked: by the user alone, anybody could lock out a colleague.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "accounts.throttling.username_of"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "audit.middleware.client_address"
AXES_LOCKOUT_CALLABLE = "accounts.throttling.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- languages and time ------------------------------------------------------------------------

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True
FORMAT_MODULE_PATH = ["praecom_registry.formats"]

# --- files -------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# On loopback the files are served from where they lie; nothing is collected.
STATIC_ROOT = None if PLAIN_HTTP_ON_LOOPBACK else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = PLAIN_HTTP_ON_LOOPBACK
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PLAIN_HTTP_ON_LOOPBACK
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# What is sent to us never lies on a disk in clear: a larger file is not taken in at all.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 2**20

# --- mail --------------------------------------------------------------------------------------

EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = EMAIL_FROM

# --- the operational log -----------------------------------------------------------------------

LOGGING = logs.configuration("WARNING")

# --- what the browser is told ------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 10 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "praecom_registry.failures.csrf_failure"
if PLAIN_HTTP_ON_LOOPBACK:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "praecom_session", "praecom_csrf"
    LANGUAGE_COOKIE_NAME = "praecom_language"
else:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
