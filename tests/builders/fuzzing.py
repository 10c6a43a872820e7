"""Schemathesis over an OpenAPI document: what a service answers to what it says it takes, and to other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, Config, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
TOO_LONG = 414
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
_CONFIG = Config.from_dict({"generation": {"with-security-parameters": False}})
Call = Callable[[Case, GenerationMode], Response]


def described(url: str) -> BaseSchema:
    """The document at `url`. Callers bring their own token, so it is never left out or spoilt."""
    return openapi.from_url(url, config=_CONFIG)


def operations(schema: BaseSchema) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    """All that the document describes."""
    for found in schema.get_all_operations():
        yield found.ok()


def faults(
    operation: APIOperation[Any, Any, Any, Any], call: Call, headers: Mapping[str, str], examples: int
) -> list[str]:
    """What is wrong with the answers to `examples` requests that fit the description and as many that do not.

    The same requests each time: what fails once fails again.
    """
    return [wrong for mode in MODES for wrong in _faults(operation, mode, call, headers, examples)]


def _faults(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    call: Call,
    headers: Mapping[str, str],
    examples: int,
) -> list[str]:
    found: dict[str, str] = {}

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def look(case: Case) -> None:
        response = call(case, mode)
        if response.status_code == TOO_LONG:
            # Refused by the web server before it came to the service.
            return
        try:
            case.validate_response(response, checks=CHECKS, headers=dict(headers))
        except FailureGroup as wrong:
            for each in wrong.exceptions:
                _note(found, operation, mode, each, case, response)
        except Failure as wrong:
            _note(found, operation, mode, wrong, case, response)

    try:
        look()
    except Unsatisfiable:
        # Nothing it takes can be wrong.
        assert mode is GenerationMode.NEGATIVE, operation.label
    return list(found.values())


def _note(
    found: dict[str, str],
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    wrong: BaseException,
    case: Case,
    response: Response,
) -> None:
    """One of each kind is enough."""
    title = str(getattr(wrong, "title", type(wrong).__name__))
    found.setdefault(
        title,
        f"{operation.label} ({mode}): {title}: {str(wrong)[:600]}\n"
        f"  sent: {case.path_parameters} {case.query} {str(case.body)[:400]}\n"
        f"  answered: {response.status_code} {response.text[:400]}",
    )
