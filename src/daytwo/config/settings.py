"""Django's settings, from the data directory and the environment; no switch weakens a rule."""

from __future__ import annotations

import os
from pathlib import Path

from daytwo.config.environment import database, secret_key, shifts

BASE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DAYTWO_DATA", "daytwo-data")).absolute()
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA_DIR)}
SECRET_KEY = secret_key(DATA_DIR)

DEBUG = False
ALLOWED_HOSTS = os.environ.get("DAYTWO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
ROOT_URLCONF = "daytwo.config.urls"
WSGI_APPLICATION = "daytwo.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = (
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "daytwo.record.ledger",
    "daytwo.record.access",
    "daytwo.record.resources",
    "daytwo.record.recipes",
    "daytwo.record.batches",
    "daytwo.record.laboratory",
    "daytwo.record.quality",
    "daytwo.record.release",
    "daytwo.insight.governance",
    "daytwo.doors.web",
)
MIDDLEWARE = (
    "daytwo.doors.monitoring.requests.Requests",
    "django.middleware.security.SecurityMiddleware",
    "daytwo.doors.web.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "daytwo.doors.web.session.Identity",
)
TEMPLATES = (
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE / "doors" / "web"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "daytwo.doors.web.environment.environment"},
    },
)

# The session holds only who is signed in and when that person was last seen.
SESSION_ENGINE = "daytwo.record.access.sessions"
SESSION_COOKIE_NAME = "daytwo"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "daytwo.doors.web.failures.csrf_failure"
# Behind TLS (`DAYTWO_TLS=1`, set by the deployment) cookies travel only encrypted (21 CFR 11.30).
_TLS = os.environ.get("DAYTWO_TLS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _TLS
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": with it browsers send `Origin: null`, and the form check must refuse.
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# Files are streamed to the disk, for who may import and where files are taken; never into memory.
FILE_UPLOAD_HANDLERS = ("daytwo.doors.web.imports.receiver.Receiver",)
DATA_UPLOAD_MAX_NUMBER_FILES = 200
# A form of a wide file's columns has ten fields for each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

PASSWORD_HASHERS = ("daytwo.record.access.hashing.SiteArgon2",)

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = (BASE / "locale",)
SITE_TIME_ZONE = os.environ.get("DAYTWO_TIME_ZONE", "Europe/Zurich")
SITE_SHIFTS = shifts(os.environ.get("DAYTWO_SHIFTS", "06:00 14:00 22:00"))
SITE_NAME = os.environ.get("DAYTWO_SITE", "main")

# Doors do not import each other: the import pages ask whoever is named here.
IMPORT_DESK = "daytwo.doors.connectors.desk.desk.DESK"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
