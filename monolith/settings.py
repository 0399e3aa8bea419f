"""Settings of the legacy platform; what differs between machines is a MONOLITH_* variable."""

import os
from pathlib import Path

from monolith.database_url import VARIABLE, read_database_url

BASE_DIR = Path(__file__).resolve().parent.parent


def _default_database() -> str:
    (BASE_DIR / "var").mkdir(exist_ok=True)
    return "sqlite:///var/monolith.sqlite3"


def _is_on(variable: str) -> bool:
    return os.environ.get(variable, "") in {"1", "true", "yes", "on"}


DEBUG = _is_on("MONOLITH_DEBUG")
# Logging in as anybody without a password; a name of its own, so that tests can turn it on alone.
DEMO_LOGIN = DEBUG or _is_on("MONOLITH_DEMO_LOGIN")
# The prefix makes `manage.py check --deploy` refuse the demo key (security.W009).
SECRET_KEY = os.environ.get(
    "MONOLITH_SECRET_KEY", "django-insecure-demo-key-of-the-legacy-platform"
)
ALLOWED_HOSTS = os.environ.get("MONOLITH_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

ROOT_URLCONF = "monolith.urls"
WSGI_APPLICATION = "monolith.wsgi.application"
ASGI_APPLICATION = "monolith.asgi.application"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "waffle",
    "feature_flags",
    "authmigration",
    "monolith.accounts",
    "monolith.schools",
    "monolith.courses",
    "monolith.gradebook",
    "monolith.payments",
    "monolith.lectures",
    "monolith.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "monolith.accounts.impersonation.ImpersonationMiddleware",
    "authmigration.http.middleware.AuthzMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "monolith" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "monolith.accounts.banner.banner",
            ],
        },
    },
]

DATABASES = {
    "default": read_database_url(os.environ.get(VARIABLE) or _default_database(), BASE_DIR)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "authmigration.http.backends.AuthzBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "demo-login" if DEMO_LOGIN else "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "course-list"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
STATIC_URL = "static/"
# The token client of the pages, where it was built: npm ci && npm run build in clients/js.
_CLIENT = BASE_DIR / "clients" / "js" / "dist"
STATICFILES_DIRS = [("client", _CLIENT)] if _CLIENT.is_dir() else []

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 100,
}

CELERY_BROKER_URL = os.environ.get("MONOLITH_BROKER_URL", "memory://")
CELERY_BEAT_SCHEDULE = {
    "close-ended-enrolments": {
        "task": "monolith.courses.tasks.close_ended_enrolments",
        "schedule": 24 * 60 * 60,
    },
}

# The gradebook service, as browsers reach it; empty: there is none.
GRADEBOOK_URL = os.environ.get("MONOLITH_GRADEBOOK_URL", "").rstrip("/")

TOKEN_SECRET = os.environ.get(
    "MONOLITH_TOKEN_SECRET", "insecure-demo-secret-of-the-tokens-of-the-platform"
)

AUTHMIGRATION = {
    "UNIT_OF": "monolith.schools.units.schools_of",
    "UNITS_OF_MANY": "monolith.schools.units.schools_of_many",
    "MEMBERS_OF": "monolith.schools.members.members_of",
    "UNITS": "monolith.schools.members.schools",
    "TOKENS": {
        "ISSUER": os.environ.get("MONOLITH_ISSUER", "http://127.0.0.1:8000"),
        "AUDIENCE": ["gradebook", "monolith"],
        "ACTOR_OF": "monolith.accounts.impersonation.impersonator_of",
        # One secret for all services, the simple form; see `manage.py authz_keys`.
        "KEYS": [{"algorithm": "HS256", "key": TOKEN_SECRET}],
        "REDIS_URL": os.environ.get("MONOLITH_REDIS_URL") or None,
    },
    "ENFORCE_SAMPLE": float(os.environ.get("MONOLITH_ENFORCE_SAMPLE", "0.01")),
}
FEATURE_FLAGS = {"KILL_FILE": os.environ.get("MONOLITH_KILL_FILE") or None}
