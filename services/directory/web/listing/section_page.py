"""What the page of one section is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

from services.directory.domain.documents import ServiceDoc
from services.directory.domain.listing_sections import Section

Values = dict[str, Any]


def _nothing(_doc: ServiceDoc) -> Values:
    return {}


@dataclass(frozen=True)
class SectionPage:
    """A section's form: `shown` makes its values of a document, `meant` the document's fields of its values.

    `meant` may raise Invalid; `names` leads from the pointers of a refusal to fields of the form. `choices`
    are what the template offers.
    """

    section: Section
    schema: type[Schema]
    shown: Callable[[ServiceDoc], Values]
    meant: Callable[[Values, ServiceDoc], Values]
    choices: Callable[[ServiceDoc], Values] = _nothing
    names: Mapping[str, str] = field(default_factory=dict)
