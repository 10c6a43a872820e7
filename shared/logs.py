"""Structured logs: one JSON object a line, one request id through web, HTTP and Celery.

What may be logged is an allow-list of plain words and ids chosen by the caller; request bodies, query
strings, names, numbers and tokens never are. A test plants markers and searches the logs for them.
"""

from __future__ import annotations

import logging
import sys
from uuid import uuid4

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from structlog.typing import FilteringBoundLogger

REQUEST_ID_HEADER = "X-Request-Id"
_LONGEST_REQUEST_ID = 64


def get_logger(name: str) -> FilteringBoundLogger:
    """A logger that writes JSON lines under `name`."""
    logger: FilteringBoundLogger = structlog.get_logger(part=name)
    return logger


def configure(service: str) -> None:
    """Send everything, ours and the libraries', to standard error as JSON lines."""

    def say_service(
        _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        # Threads begin without the variables of the thread that began them.
        event.setdefault("service", service)
        return event

    shared_steps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        say_service,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared_steps,
            structlog.processors.ExceptionRenderer(_exception_name),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared_steps,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_exception_name),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # Access lines carry query strings; we write our own without them.
    for noisy in ("gunicorn.access", "werkzeug", "urllib3", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # A line for each sweep every few seconds, which mostly did nothing; what failed is still said.
    for noisy in ("celery.beat", "celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _exception_name(exc_info: structlog.typing.ExcInfo) -> str:
    """The kinds and places of an exception, without its message: messages may quote what was sent."""
    kinds = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        trace = error.__traceback__
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}:{code.co_name}")
            trace = trace.tb_next
        kinds.append(f"{type(error).__module__}.{type(error).__qualname__} at {' > '.join(places[-8:])}")
        error = error.__cause__ or error.__context__
    return " | from ".join(kinds)


def start_request_id(given: str | None = None) -> str:
    """Take the caller's request id where it is a sane one, else make one; bind it to every log line."""
    sane = given is not None and 0 < len(given) <= _LONGEST_REQUEST_ID and given.replace("-", "").isalnum()
    request_id = given if sane and given is not None and given.isascii() else str(uuid4())
    clear_contextvars()
    bind_contextvars(request_id=request_id)
    return request_id


def bound_request_id() -> str | None:
    """The id of the request or task now running, None outside of both."""
    bound = get_contextvars().get("request_id")
    return str(bound) if bound else None


def request_id() -> str:
    """The id of the request or task now running; a new one where none was started."""
    return bound_request_id() or start_request_id()
