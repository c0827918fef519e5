"""Every setting of a desk, each from one environment variable with a default that runs on a laptop.

`docs/run/settings.md` explains them one by one; a test fails when a setting is missing there.
"""

import secrets
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from sangto.config.environment import (
    env,
    env_bind,
    env_budget,
    env_choice,
    env_database,
    env_days,
    env_hosts,
    env_int,
    env_issuer,
    env_networks,
    env_path,
    env_policy,
    env_share,
    env_time_zone,
    env_wrapping_key,
)
from sangto.engine.merkle.notes import is_name
from sangto.engine.once import write_once
from sangto.engine.workdays import LONGEST_TERM

PACKAGE = Path(__file__).resolve().parent.parent
VERSION = version("sangto")

# --- where things are -------------------------------------------------------------------------------------------
HOME = Path(env("SANGTO_HOME", ".sangto")).expanduser().resolve()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
BIND_HOST, BIND_PORT = env_bind(env("SANGTO_BIND", "127.0.0.1:8000"))
REACHED_AS = "localhost" if BIND_HOST in ("127.0.0.1", "0.0.0.0", "::") else BIND_HOST  # noqa: S104
SITE_URL = env("SANGTO_URL", f"http://{REACHED_AS}:{BIND_PORT}").rstrip("/")
if urlsplit(SITE_URL).scheme not in ("http", "https") or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured(f"SANGTO_URL must be an http or https address, not {SITE_URL!r}")
if not is_name(f"{urlsplit(SITE_URL).netloc}/log/2026-10"):
    raise ImproperlyConfigured(
        f"SANGTO_URL must have a host without spaces and plus, which names the log: {SITE_URL!r}"
    )
HTTPS = urlsplit(SITE_URL).scheme == "https"

# --- the desk ---------------------------------------------------------------------------------------------------
DESK_NAME = env("SANGTO_DESK_NAME", "Sáng Tỏ")
MESSAGE_MAX_CHARS = env_int("SANGTO_MESSAGE_MAX_CHARS", 4000)
PROMISE = env_share("SANGTO_PROMISE", 0.98)
EMBEDDINGS = env_path("SANGTO_EMBEDDINGS")
LEDGER_BATCH_MINUTES = env_int("SANGTO_LEDGER_BATCH_MINUTES", 10)
LEDGER_BATCH_MAX = env_int("SANGTO_LEDGER_BATCH_MAX", 1000)
LEDGER_DIR = env_path("SANGTO_LEDGER_DIR")
LEDGER_KEYS = env_path("SANGTO_LEDGER_KEYS")
LEDGER_WITNESSES = env_policy("SANGTO_LEDGER_WITNESSES")
LEDGER_NEIGHBOURS = env_policy("SANGTO_LEDGER_NEIGHBOURS")
LEDGER_WITNESS_MINUTES = env_int("SANGTO_LEDGER_WITNESS_MINUTES", 10)
# What is kept of a person, and for how many days. The caps are promises to the people who write: no setting moves them.
VAULT_KEYS = env_path("SANGTO_VAULT_KEYS")
VAULT_WRAPPING_KEY = env_wrapping_key("SANGTO_VAULT_WRAPPING_KEY")
VAULT_DAY_KEY_DAYS = env_days("SANGTO_VAULT_DAY_KEY_DAYS", 30, cap=60, least=2)
VAULT_CONTACT_DAYS = env_days("SANGTO_VAULT_CONTACT_DAYS", 30, cap=90)
VAULT_CONTACT_MOST_DAYS = env_days("SANGTO_VAULT_CONTACT_MOST_DAYS", 180, cap=180)
VAULT_OPENING_DAYS = env_days("SANGTO_VAULT_OPENING_DAYS", 90, cap=365)
VAULT_OBJECTION_DAYS = env_days("SANGTO_VAULT_OBJECTION_DAYS", 90, cap=365)
OBJECTION_WORKING_DAYS = env_int("SANGTO_OBJECTION_WORKING_DAYS", 10)
# By when the desk answers, where no unit has another term, and how long it waits for whoever it asked back.
TERM_CLAIM_WORKING_DAYS = env_days("SANGTO_TERM_CLAIM_WORKING_DAYS", 5, cap=LONGEST_TERM)
TERM_PROBLEM_WORKING_DAYS = env_days("SANGTO_TERM_PROBLEM_WORKING_DAYS", 10, cap=LONGEST_TERM)
DUE_SOON_WORKING_DAYS = env_int("SANGTO_DUE_SOON_WORKING_DAYS", 2)
QUESTION_WORKING_DAYS = env_days("SANGTO_QUESTION_WORKING_DAYS", 10, cap=LONGEST_TERM)
QUESTION_MAX_CHARS = env_int("SANGTO_QUESTION_MAX_CHARS", 1000)
REQUEST_ANSWER_WORKING_DAYS = env_int("SANGTO_REQUEST_ANSWER_WORKING_DAYS", 2)
REQUEST_DONE_DAYS = env_int("SANGTO_REQUEST_DONE_DAYS", 15)
REQUEST_DONE_DAYS_WITH_PROCESSOR = env_int("SANGTO_REQUEST_DONE_DAYS_WITH_PROCESSOR", 20)
REQUEST_EXTENSION_DAYS = env_int("SANGTO_REQUEST_EXTENSION_DAYS", 15)
REQUEST_MOST_OPEN = env_int("SANGTO_REQUEST_MOST_OPEN", 5)
REQUEST_MAX_CHARS = env_int("SANGTO_REQUEST_MAX_CHARS", 2000)
# Archived copies of sources. A fetch has to end well before its lease of 120 s does.
COPY_HOSTS = env_hosts("SANGTO_COPY_HOSTS")
COPY_MAX_MB = env_days("SANGTO_COPY_MAX_MB", 10, cap=50, unit="MB")
COPY_SECONDS = env_days("SANGTO_COPY_SECONDS", 30, cap=50, unit="seconds")
REQUIRE_COPIES = env_choice("SANGTO_REQUIRE_COPIES", "no", ("yes", "no")) == "yes"
WEB_THREADS = env_int("SANGTO_WEB_THREADS", 8)
BACKUP_DAYS = env_int("SANGTO_BACKUP_DAYS", 35)
if BACKUP_DAYS > 35:  # what was erased must not live on in a copy for longer
    raise ImproperlyConfigured("SANGTO_BACKUP_DAYS is at most 35")
WORKER_TICK_MS = env_int("SANGTO_WORKER_TICK_MS", 500)
DISK_RESERVE_MB = env_int("SANGTO_DISK_RESERVE_MB", 256)
DISK_BALLAST_MB = env_int("SANGTO_DISK_BALLAST_MB", 64)
CONSOLE_FILE = Path(env("SANGTO_CONSOLE_FILE", str(HOME / "console.log")))
TELEGRAM_TOKEN = env("SANGTO_TELEGRAM_TOKEN")
TELEGRAM_SECRET = env("SANGTO_TELEGRAM_SECRET")
TELEGRAM_API = env("SANGTO_TELEGRAM_API", "https://api.telegram.org").rstrip("/")

# --- who may ask for how much (sangto.config.limits) -------------------------------------------------------------
PROXIES = env_networks("SANGTO_PROXIES", "127.0.0.0/8 ::1")
LIMIT_LINKS = env_budget("SANGTO_LIMIT_LINKS", "60/10m")
LIMITS = {
    "intake": env_budget("SANGTO_LIMIT_INTAKE", "120/10m"),
    "sign_in": env_budget("SANGTO_LIMIT_SIGN_IN", "20/10m"),
    "links": LIMIT_LINKS,
    "keys": LIMIT_LINKS,
    "reading": env_budget("SANGTO_LIMIT_READING", "1200/1m"),
}

# --- an identity provider through which members may sign in (sangto.web.identity_provider) ---------------------------
OIDC_ISSUER = env_issuer("SANGTO_OIDC_ISSUER")
OIDC_NAME = env("SANGTO_OIDC_NAME") or str(urlsplit(OIDC_ISSUER).hostname or "")
OIDC_CLIENT_ID, OIDC_CLIENT_SECRET = env("SANGTO_OIDC_CLIENT_ID"), env("SANGTO_OIDC_CLIENT_SECRET")
OIDC_TRUSTED_ACR = frozenset(env("SANGTO_OIDC_TRUSTED_ACR").split())
if OIDC_ISSUER and not OIDC_CLIENT_ID:
    raise ImproperlyConfigured("SANGTO_OIDC_ISSUER needs SANGTO_OIDC_CLIENT_ID")

# --- Django -----------------------------------------------------------------------------------------------------
SECRET_KEY = env("SANGTO_SECRET_KEY") or write_once(HOME / "secret.key", secrets.token_urlsafe(48).encode()).decode()
DEBUG = False
ALLOWED_HOSTS = sorted(
    {"localhost", "127.0.0.1", "[::1]", str(urlsplit(SITE_URL).hostname), *env("SANGTO_HOSTS").split()}
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "sangto.people",
    "sangto.ledger",
    "sangto.vault",
    "sangto.desk",
    "sangto.web",
    # After ours, whose templates come first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
if find_spec("django_linear_migrations"):  # only where the desk is developed
    INSTALLED_APPS.append("django_linear_migrations")
MIDDLEWARE = [
    # First whatever adds to every response, also to a file and to a refusal.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "sangto.web.headers.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    # Before anything reads the body of a request.
    "sangto.config.limits.Limits",
    "sangto.config.strict_requests.StrictRequests",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sangto.web.second_factor.SecondFactor",
    "sangto.web.sign_ins.last_day",
    "sangto.config.refused.DatabaseAway",
]
ROOT_URLCONF = "sangto.config.urls"
WSGI_APPLICATION = "sangto.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "sangto.web.context.desk",
            ]
        },
    }
]

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # auto_vacuum only takes before the first table exists, so it stands first.
    "init_command": "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;",
}
DATABASES = {"default": env_database("SANGTO_DATABASE_URL", f"sqlite:///{HOME / 'desk.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "staff:sign-in"
LOGIN_REDIRECT_URL = "staff:inbox"
LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 12 * 3600
# Signing in, by django-allauth: our own pages and addresses, nobody signs up, no mail is sent.
ACCOUNT_ADAPTER = "sangto.web.sign_in_rules.NobodySignsUp"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# By account only: what a network may try is counted by sangto.config.limits, which keeps no address.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key", "login": None, "reauthenticate": "20/5m/user"}
MIGRATION_MODULES = {"mfa": "sangto.people.factors.migrations"}  # see there
MFA_ADAPTER = "sangto.web.sign_in_rules.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "sangto.web.forms.passkeys.AddPasskey",
    "authenticate_webauthn": "sangto.web.forms.passkeys.ShowPasskey",
    "login_webauthn": "sangto.web.forms.passkeys.SignInWithPasskey",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = DESK_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

LANGUAGE_CODE = env_choice("SANGTO_LANGUAGE", "vi", ("vi", "en"))
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = env_time_zone("SANGTO_TIME_ZONE", "Asia/Ho_Chi_Minh")
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False  # open data is open to every site; our style sheets and scripts are no data

SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": with it browsers send forms with "Origin: null", which the check of forms must refuse.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Includes no other names, and asks for no list that is built into browsers: what is below ours may be other people's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"] if HTTPS else []
# The server takes every request for HTTPS where people use it; only a proxy that says "http" sends somebody there.
SECURE_SSL_REDIRECT = HTTPS
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "sangto.web.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"place": {"()": "sangto.config.failures.OnlyKindAndPlace"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "failures": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["place"]},
    },
    "root": {
        "handlers": ["stderr"],
        "level": env_choice("SANGTO_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    },
    # A request's path can hold a follow link, so of Django's request log only failures are kept, without it; the
    # addresses that httpx prints hold the bot's token.
    "loggers": {
        "django.request": {"level": "ERROR", "handlers": ["failures"], "propagate": False},
        "django.security": {"level": "CRITICAL"},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "waitress": {"level": "ERROR"},
    },
}
