"""Imports of listings: a file or an address, its columns, the report of a dry run, keeping it, undoing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Flask,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from services.directory.actions.importing import batches, seeing
from services.directory.actions.importing.limits import MIB, MOST_BY_PAGE
from services.directory.domain.importing.columns import FIELDS
from services.directory.domain.importing.records import BatchState, Format, RecordKind, Verdict
from services.directory.store.queries import words
from services.directory.web.import_words import (
    COUNTED_WORDS,
    FORMAT_WORDS,
    KIND_WORDS,
    NOTED,
    STATE_WORDS,
    VERDICT_WORDS,
    field_words,
    said_words,
    shown,
)
from services.directory.web.page_numbers import number_asked
from shared.auth import Role, current_caller, needs
from shared.auth.sessions import COOKIE
from shared.clock import now
from shared.errors import Invalid, NotFound, TooLarge
from shared.web import Message, flash, forms

pages = Blueprint("imports", __name__)
looks_after_listings = needs(Role.ORG_ADMIN, Role.FORUM_ADMIN)
MESSAGES: dict[str, Message] = {
    "import_begun": Message("The file is taken in. It is read and checked now; nothing is kept yet."),
    "import_applied": Message("The listings are being kept."),
    "import_rolling_back": Message("The import is being rolled back."),
}
EVERYBODY = ""
SECONDS_TO_LOOK_AGAIN = "3"


class BeginSchema(Schema):
    """A file or an address, and what they are."""

    source = fields.String(
        required=True,
        validate=validate.Length(max=batches.LONGEST_SOURCE),
        metadata={"label": "a name for where the listings come from"},
    )
    file = fields.Raw(load_default=None)
    address = fields.String(load_default=None, metadata={"label": "the address of the feed"})
    organization = fields.String(load_default=EVERYBODY, metadata={"label": "whose listings they are"})
    sector = fields.String(load_default="vcse", metadata={"label": "the sector of new organisations"})


def take_files(app: Flask) -> None:
    """Let the one form with a file take more than others may. Call it before the forms are checked."""

    @app.before_request
    def _make_room() -> None:
        if request.endpoint != "imports.begin" or request.method != "POST" or COOKIE not in request.cookies:
            return
        if (request.content_length or 0) > MOST_BY_PAGE + MIB:
            raise TooLarge(
                f"The file is over {MOST_BY_PAGE // MIB} MiB, the most this page takes. Import it from a "
                "terminal (linkwork-directory import), by its address, or in parts."
            )
        request.max_content_length = MOST_BY_PAGE + MIB


@pages.get("/imports")
@looks_after_listings
def imports() -> str:
    """The imports there were."""
    seen, before = seeing.see_batches(current_caller(), _moment(request.args.get("before", "")))
    return render_template(
        "directory/imports.html",
        batches=seen,
        next_url=url_for(".imports", before=before.isoformat()) if before else None,
        **_words(),
    )


@pages.get("/imports/new")
@looks_after_listings
def new() -> Response:
    """The form."""
    return _new_page(forms.blank(BeginSchema(), {"sector": "vcse"}))


@pages.post("/imports")
@looks_after_listings
def begin() -> Response:
    """Take a file in, or an address."""
    by = current_caller()
    form = forms.read(BeginSchema())
    file = request.files.get("file")
    given = file is not None and bool(file.filename)
    address = form.value("address").strip()
    if given == bool(address):
        form.fail("address" if given else "file", "Choose a file, or give an address: one of the two")
    elif address and not address.startswith(("https://", "http://")):
        form.fail("address", "The address begins with https://")
    if not form.ok:
        return _new_page(form)
    try:
        batch_id = batches.begin(
            form.data["source"],
            address or (file.filename or "file" if file else "file").replace("\\", "/").rpartition("/")[2],
            file.stream if given and file else None,
            at=now(),
            by=by,
            organization_id=_organization(form.data["organization"]),
            sector=form.data["sector"],
            most=MOST_BY_PAGE,
        )
    except Invalid as wrong:
        form.refuse(wrong)
        return _new_page(form)
    flash.say("import_begun")
    return redirect(url_for(".batch", batch_id=batch_id), 303)


@pages.get("/imports/<uuid:batch_id>")
@looks_after_listings
def batch(batch_id: UUID) -> Response:
    """How far it is; when it has been checked, the report."""
    by = current_caller()
    seen = seeing.see_batch(batch_id, by)
    if seen.state is BatchState.MAPPING:
        return make_response(redirect(url_for(".columns", batch_id=batch_id)))
    verdict, kind = request.args.get("verdict", ""), request.args.get("kind", RecordKind.SERVICE.value)
    rows: list[seeing.SeenRow] = []
    after: int | None = None
    if not seen.is_at_work:
        rows, after = seeing.see_rows(
            batch_id, by, verdict=verdict, kind=kind, after=number_asked("after", 0)
        )
    page = render_template(
        "directory/import.html",
        batch=seen,
        rows=rows,
        chosen=verdict,
        chosen_kind=kind,
        share=seen.done * 100 // seen.total if seen.total else None,
        next_url=url_for(".batch", batch_id=batch_id, verdict=verdict, kind=kind, after=after)
        if after
        else None,
        verdict_items=[("", "Any"), *((one, words["text"]) for one, words in VERDICT_WORDS.items()),
                       (NOTED, "Mended, or something left out")],
        kind_items=[*((one, named[1]) for one, named in KIND_WORDS.items()), ("", "Everything")],
        filter=forms.blank(_FilterSchema(), {"verdict": verdict, "kind": kind}),
        **_words(),
    )  # fmt: skip
    answer = make_response(page)
    if seen.is_at_work:
        answer.headers["Refresh"] = SECONDS_TO_LOOK_AGAIN
    return answer


class _FilterSchema(Schema):
    verdict = fields.String()
    kind = fields.String()


@pages.get("/imports/<uuid:batch_id>/columns")
@looks_after_listings
def columns(batch_id: UUID) -> Response:
    """Which column says what, as guessed from the headings."""
    return _columns_page(seeing.see_batch(batch_id, current_caller()), "", 200)


@pages.post("/imports/<uuid:batch_id>/columns")
@looks_after_listings
def set_columns(batch_id: UUID) -> Response:
    """Confirm them."""
    by = current_caller()
    seen = seeing.see_batch(batch_id, by)
    chosen = [request.form.get(f"column-{n}", "") for n in range(len(seen.headings))]
    mapping = {heading: field for heading, field in zip(seen.headings, chosen, strict=True) if field}
    try:
        batches.set_mapping(batch_id, mapping, by=by)
    except Invalid as wrong:
        return _columns_page(seen, wrong.errors[0].detail, 422, mapping)
    return redirect(url_for(".batch", batch_id=batch_id), 303)


@pages.get("/imports/<uuid:batch_id>/rows/<int:number>")
@looks_after_listings
def row(batch_id: UUID, number: int) -> str:
    """One record: its verdict and why, before and after, what came."""
    by = current_caller()
    return render_template(
        "directory/import_row.html",
        batch=seeing.see_batch(batch_id, by),
        row=seeing.see_row(batch_id, number, by),
        **_words(),
    )


@pages.get("/imports/<uuid:batch_id>/report.csv")
@looks_after_listings
def report(batch_id: UUID) -> Response:
    """The whole report as a sheet."""
    lines = seeing.report_lines(batch_id, current_caller())
    answer = make_response(stream_with_context(lines))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = "attachment; filename=import-report.csv"
    return answer


@pages.post("/imports/<uuid:batch_id>/apply")
@looks_after_listings
def apply(batch_id: UUID) -> Response:
    """Keep what was checked."""
    batches.ask_to_apply(
        batch_id,
        keep_duplicates=request.form.get("keep_duplicates") == "yes",
        by=current_caller(),
        at=now(),
    )
    flash.say("import_applied")
    return redirect(url_for(".batch", batch_id=batch_id), 303)


@pages.post("/imports/<uuid:batch_id>/roll-back")
@looks_after_listings
def roll_back(batch_id: UUID) -> Response:
    """Undo what was kept."""
    batches.ask_to_roll_back(
        batch_id, even_changed=request.form.get("even_changed") == "yes", by=current_caller(), at=now()
    )
    flash.say("import_rolling_back")
    return redirect(url_for(".batch", batch_id=batch_id), 303)


def _new_page(form: forms.Form) -> Response:
    by = current_caller()
    mine = seeing.organizations_to_choose(by)
    everybody = [(EVERYBODY, "Of many organisations")] if by.has(Role.FORUM_ADMIN) else []
    page = render_template(
        "directory/import_new.html",
        form=form,
        organization_items=[*everybody, *mine],
        sector_items=[(one.code, one.name) for one in words.sectors() if not one.retired],
        most=MOST_BY_PAGE // MIB,
    )
    return make_response(page, form.status)


def _columns_page(
    seen: seeing.Batch, error: str, status: int, mapping: dict[str, str] | None = None
) -> Response:
    if seen.format not in (Format.CSV, Format.XLSX) or seen.state not in (
        BatchState.MAPPING,
        BatchState.CHECKED,
    ):
        return make_response(redirect(url_for(".batch", batch_id=seen.id)))
    chosen = dict(seen.mapping if mapping is None else mapping)
    sample = seeing.sample_of(seen.id, current_caller())
    page = render_template(
        "directory/import_columns.html",
        batch=seen,
        error=error,
        columns=[
            {
                "heading": heading,
                "chosen": chosen.get(heading, ""),
                "examples": [one[heading][:80] for one in sample if one.get(heading)],
            }
            for heading in seen.headings
        ],
        field_items=[("", "Kept beside, not shown"), *((name, label) for name, (label, _) in FIELDS.items())],
    )
    return make_response(page, status)


def _organization(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _words() -> dict[str, Any]:
    return {
        "state_words": STATE_WORDS,
        "verdict_words": VERDICT_WORDS,
        "verdicts": list(Verdict),
        "kind_words": COUNTED_WORDS,
        "format_words": FORMAT_WORDS,
        "field_words": field_words,
        "shown": shown,
        "said_words": said_words,
    }
