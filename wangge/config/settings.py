"""Every setting of wangge, in one file; all of them come from the environment (see environment.py)."""

import sys
from datetime import timedelta
from pathlib import Path

from wangge.config import environment

BASE = Path(__file__).resolve().parents[2]
HOME = environment.folder("WANGGE_HOME", BASE / ".wangge")
TESTING = "pytest" in sys.modules

SECRET_KEY = environment.text("WANGGE_SECRET_KEY", "not-secret-only-for-commands-without-a-server")
DEBUG = False
DEMO = environment.switch("WANGGE_DEMO", default=False)

# Never "*", in a demonstration least of all: by a name of their own pointed here, a stranger's page would ask from
# this machine. `wangge up` adds our own addresses when it listens on them.
ALLOWED_HOSTS = environment.words("WANGGE_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = environment.words("WANGGE_ORIGINS")
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if environment.switch("WANGGE_BEHIND_PROXY", default=False) else None
)
BEHIND_PROXY = SECURE_PROXY_SSL_HEADER is not None
HTTPS = environment.switch("WANGGE_HTTPS", default=False)

# Where `live` answers: "" means the same origin (behind a proxy), otherwise the browser derives it from this port.
LIVE_PORT = environment.integer("WANGGE_LIVE_PORT", 8001)
LIVE_URL = environment.text("WANGGE_LIVE_URL", "")
PORT = environment.integer("WANGGE_PORT", 8000)
# Where residents find us, as it is printed on signs of grids; "": the address the desk was opened at.
PUBLIC_URL = environment.origin("WANGGE_PUBLIC_URL")
SIGNS_IN_ENGLISH = environment.switch("WANGGE_SIGNS_IN_ENGLISH", default=False)  # beneath the Chinese, never instead

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "axes",
    "ninja",
    "wangge.config",
    "wangge.core",
    "wangge.accounts",
    "wangge.grids",
    "wangge.registry",
    "wangge.cases",
    "wangge.field",
    "wangge.command",
    "wangge.insight",
    "wangge.imports",
    "wangge.audit",
    "wangge.desk",
    "wangge.wall",
    "wangge.demo",
]

MIDDLEWARE = [
    "wangge.config.http.SecurityHeaders",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "axes.middleware.AxesMiddleware",
    "wangge.config.failures.AnswerFailures",
]

ROOT_URLCONF = "wangge.config.urls"
WSGI_APPLICATION = "wangge.config.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "APP_DIRS": True, "OPTIONS": {}},
]

# -- Database: the application role for everything, the owner role for migrations alone ----------------------------
_URL = environment.text("DATABASE_URL", "postgresql://wangge_app@localhost/wangge")
_OWNER_URL = environment.text("DATABASE_OWNER_URL", _URL)
DATABASES = {"default": environment.database(_URL), "owner": environment.database(_OWNER_URL)}
DATABASES["default"]["ATOMIC_REQUESTS"] = True  # every request is one transaction (docs/architecture.md)
DATABASES["default"]["TEST"] = {"MIGRATE": False}
DATABASES["owner"]["TEST"] = {"MIRROR": "default"}
if not TESTING and environment.switch("WANGGE_POOL", default=False):
    DATABASES["default"]["OPTIONS"]["pool"] = {  # type: ignore[index]
        "min_size": 2,
        "max_size": environment.integer("WANGGE_POOL_SIZE", 12),
        "timeout": 10,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- People and sign-in -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# GB/T 22239-2019 8.1.4.1: failed sign-ins lock, idle sessions end.
AXES_FAILURE_LIMIT = environment.integer("WANGGE_LOCK_AFTER", 5)
AXES_COOLOFF_TIME = timedelta(minutes=environment.integer("WANGGE_LOCK_MINUTES", 15))
# A name from any address together: above what one person mistypes, below what guessing needs (accounts/lockout.py).
LOCK_NAME_AFTER = environment.integer("WANGGE_LOCK_NAME_AFTER", 50)
# By name and address, or by name and known device; never by address alone, for a whole centre signs in from one.
AXES_LOCKOUT_PARAMETERS = "wangge.accounts.lockout.lockout_parameters"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "wangge.core.addresses.client_address"
# Somebody else's attempts must not keep an account locked for ever; who is locked out is told when it ends.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
SESSION_IDLE = timedelta(minutes=environment.integer("WANGGE_IDLE_MINUTES", 30))
SESSION_LONGEST = timedelta(hours=environment.integer("WANGGE_SESSION_HOURS", 12))
# Of a post that may only look at the wall (docs/adr): a night without power ends nothing, a month does.
STANDING_IDLE = timedelta(hours=environment.integer("WANGGE_WALL_IDLE_HOURS", 24))
STANDING_LONGEST = timedelta(days=environment.integer("WANGGE_WALL_SESSION_DAYS", 30))
SESSION_COOKIE = "wangge_session"

CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = HTTPS or BEHIND_PROXY
CSRF_FAILURE_VIEW = "wangge.config.http.csrf_failure"

# -- Language and time: stored in UTC, days are Beijing days (core/clock.py) ---------------------------------------
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- Files, keys ---------------------------------------------------------------------------------------------------
FILES = environment.folder("WANGGE_FILES", HOME / "files")
WANGGE_KEYS = environment.text("WANGGE_KEYS", "")
WANGGE_KEYS_COMMAND = environment.text("WANGGE_KEYS_COMMAND", "")
WANGGE_KEYS_FILE = environment.folder("WANGGE_KEYS_FILE", HOME / "keys.json")
WANGGE_CIPHER = environment.one_of("WANGGE_CIPHER", ("AES-256-GCM", "SM4-GCM"))  # of the first key file
WEB_DIST = environment.folder("WANGGE_WEB", BASE / "web" / "dist")
AT_ONCE = environment.integer("WANGGE_AT_ONCE", 8)  # requests that are in work together in one process
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_LIMIT = environment.integer("WANGGE_UPLOAD_MB", 100) * 1024 * 1024
# Evidence, MB by kind: from posts, and from residents without an account.
EVIDENCE_MB = {
    "picture": environment.integer("WANGGE_EVIDENCE_PICTURE_MB", 30),
    "audio": environment.integer("WANGGE_EVIDENCE_AUDIO_MB", 60),
    "video": environment.integer("WANGGE_EVIDENCE_VIDEO_MB", 300),
    "document": environment.integer("WANGGE_EVIDENCE_DOCUMENT_MB", 50),
}
PUBLIC_EVIDENCE_MB = {
    "picture": environment.integer("WANGGE_PUBLIC_PICTURE_MB", 10),
    "audio": environment.integer("WANGGE_PUBLIC_AUDIO_MB", 10),
    "video": environment.integer("WANGGE_PUBLIC_VIDEO_MB", 50),
    "document": environment.integer("WANGGE_PUBLIC_DOCUMENT_MB", 10),
}
# Schemes whose categories residents choose from.
PUBLIC_SCHEMES = environment.words("WANGGE_PUBLIC_SCHEMES", "WG")
# A body longer than any of these is refused by its header, before a byte of it is written down (core/uploads.py).
LONGEST_UPLOAD = max(UPLOAD_LIMIT, *(size * 1024 * 1024 for size in EVIDENCE_MB.values())) + 64 * 1024
FILE_UPLOAD_HANDLERS = [
    "wangge.core.uploads.LengthLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# -- The field (ADR 17) --------------------------------------------------------------------------------------------
POSITIONS_PORT = environment.integer("WANGGE_POSITIONS_PORT", 8002)
POSITIONS_URL = environment.text("WANGGE_POSITIONS_URL", "")  # as LIVE_URL
MQTT_URL = environment.broker("WANGGE_MQTT_URL")  # mqtt:// or mqtts://user:password@host:port; empty: no broker
MQTT_TOPIC = environment.text("WANGGE_MQTT_TOPIC", "wangge/positions")
TRACK_DAYS = environment.integer("WANGGE_TRACK_DAYS", 90)
DUTY_LONGEST = timedelta(hours=environment.integer("WANGGE_DUTY_HOURS", 14))
SILENT_AFTER = timedelta(minutes=environment.integer("WANGGE_SILENT_MINUTES", 15))

# -- The field: within how many minutes who is sent out answers, and is on the spot --------------------------------
ERRAND_ANSWER = timedelta(minutes=environment.integer("WANGGE_ANSWER_MINUTES", 5))
ERRAND_ARRIVE = timedelta(minutes=environment.integer("WANGGE_ARRIVE_MINUTES", 10))

# -- What must arrive (field/push): beside Web Push "file" (HOME/outbox), "sms" (any gateway over HTTP) or "none" ----
PUSH_CHANNEL = environment.text("WANGGE_PUSH", "file")
PUSH_CONTACT = environment.text("WANGGE_PUSH_CONTACT", "mailto:admin@localhost")  # for the push services (RFC 8292)
PUSH_HOSTS = environment.words("WANGGE_PUSH_HOSTS")  # push services beside those of the known browsers
SMS_URL = environment.text("WANGGE_SMS_URL", "")
SMS_BODY = environment.text("WANGGE_SMS_BODY", '{"phone": "$phone", "text": "$text"}')
SMS_AUTHORIZATION = environment.text("WANGGE_SMS_AUTHORIZATION", "")

# -- Maps: the base map is configuration (none / xyz / style), with its approval number (地图管理条例) ----------------
BASE_MAP = {
    "kind": environment.text("WANGGE_MAP_KIND", "none"),
    "url": environment.text("WANGGE_MAP_URL", ""),
    "attribution": environment.text("WANGGE_MAP_ATTRIBUTION", ""),
    "approval_no": environment.text("WANGGE_MAP_APPROVAL_NO", ""),
}

LOGGING_CONFIG = None
