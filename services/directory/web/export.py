"""Listings to take away, for the admins of an organisation and of the forum."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template, request

from services.directory.actions.export_services import (
    CONTENT_TYPES,
    ENDINGS,
    Form,
    export_services,
    what_may_be_exported,
)
from shared.auth import Role, current_caller, needs
from shared.clock import now, uk_date
from shared.errors import NotFound
from shared.streams import stream

pages = Blueprint("export", __name__)
looks_after_listings = needs(Role.ORG_ADMIN, Role.FORUM_ADMIN)


@pages.get("/export")
@looks_after_listings
def start() -> str:
    """What may be taken away, and in which forms."""
    return render_template("directory/export.html", may=what_may_be_exported(current_caller()))


@pages.get("/export/<form>")
@looks_after_listings
def everybody(form: str) -> Response:
    """All that is published, and one's own."""
    return _download(None, form)


@pages.get("/export/<uuid:organization_id>/<form>")
@looks_after_listings
def of(organization_id: UUID, form: str) -> Response:
    """All that an organisation says of itself, published or not."""
    return _download(organization_id, form)


def _download(organization_id: UUID | None, wanted: str) -> Response:
    if wanted not in set(Form):
        raise NotFound
    form, at = Form(wanted), now()
    pieces = export_services(organization_id, form, by=current_caller(), at=at)
    name = f"services-{uk_date(at).isoformat()}.{ENDINGS[form]}"
    response = (
        Response(content_type=CONTENT_TYPES[form])
        if request.method == "HEAD"
        else stream(pieces, CONTENT_TYPES[form])
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
