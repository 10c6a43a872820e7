"""Each feed does what its own description says, whatever it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest
import requests
from schemathesis import Case, GenerationMode
from schemathesis.core.transport import Response

from tests.builders.fuzzing import described, faults, operations
from tests.stack import Stack

pytestmark = pytest.mark.deep

EXAMPLES = 20


@pytest.mark.parametrize("feed", ["oruk", "hsds"])
def test_a_feed_does_what_its_description_says(feed: str, stack: Stack) -> None:
    base = stack.url("directory", f"/{feed}")
    schema = described(f"{base}/openapi.json")
    found, tried = [], 0
    for operation in operations(schema):
        tried += 1
        ids = real_ids(base, operation.path)

        def call(case: Case, mode: GenerationMode, ids: Iterator[str] = ids) -> Response:
            if "id" in case.path_parameters and mode is GenerationMode.POSITIVE:
                case.path_parameters["id"] = next(ids) or case.path_parameters["id"]
            return case.call(base_url=base, timeout=30)

        found += faults(operation, call, {}, EXAMPLES)
    assert tried == 11
    assert not found, "\n\n".join(found)


def real_ids(base: str, path: str) -> Iterator[str]:
    """Some that are there, and now and then none."""
    if "{id}" not in path:
        return cycle([""])
    page = requests.get(f"{base}{path.removesuffix('/{id}')}?per_page=5", timeout=20).json()
    return cycle([*(one["id"] for one in page["contents"]), ""])
