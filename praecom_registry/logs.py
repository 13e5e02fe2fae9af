"""What goes into the operational log: events and places in the code, never a value.

The text of an exception often quotes what it failed on, which may be somebody's name; so of an
exception only its kind and the places it came through are kept. The access log is another thing.
"""

import re
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]

_LONGEST_ADDRESS = 200
_MOST_CAUSES = 10
_KEY_IN_ADDRESS = re.compile(r"(/(?:preferences|survey)/)[^/\s]+")
"""A link that opens without sign-in is a key by itself."""


def keep_no_values(logger: Any, method: str, event: Event) -> Event:
    """Replace an exception by its kinds and its places in the code, and drop the request itself."""
    raised = event.pop("exc_info", None)
    if raised:
        error = raised[1] if isinstance(raised, tuple) else raised
        if isinstance(error, BaseException):
            event["exception"] = _kinds(error)
            event["at"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
    event.pop("request", None)
    return event


def _kinds(raised: BaseException) -> list[str]:
    """The kind of the error and of those it came from, the last one first."""
    kinds: list[str] = []
    error: BaseException | None = raised
    while error is not None and len(kinds) < _MOST_CAUSES:
        kinds.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or error.__context__
    return kinds


def without_query(logger: Any, method: str, event: Event) -> Event:
    """Cut addresses at their question mark: what follows is what somebody asked for.

    The token of a signed link is left out too.
    """
    text = str(event.get("event", "")).split("?", 1)[0]
    event["event"] = _KEY_IN_ADDRESS.sub(r"\1…", text)[:_LONGEST_ADDRESS]
    return event


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING: one line of JSON per event on standard error."""
    before = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=["status_code"]),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        keep_no_values,
        without_query,
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": before,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
