"""One line for each event, with its fields. A failure shows where it happened, never the values it happened with:
those would put passwords and telephone numbers into a file."""

import sys

import structlog


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.dev.ConsoleRenderer(
                colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=24
            ),
        ],
        cache_logger_on_first_use=True,
    )
