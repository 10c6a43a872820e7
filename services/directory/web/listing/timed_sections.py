"""When it is open, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, validate

from services.directory.domain import listing_sections as sections
from services.directory.domain.documents import Cost, Opening, ServiceDoc
from services.directory.domain.listings import Frequency
from services.directory.domain.opening import DAYS
from services.directory.domain.opening_words import DAY_NAMES, sentence
from services.directory.store.queries import listings
from services.directory.web.listing.form_fields import TimeOfDay, line, said_time, words
from services.directory.web.listing.section_page import SectionPage, Values
from shared.errors import FieldProblem, Invalid
from shared.web.fields import DateParts, YesNoNotAsked

WEEKLY, FORTNIGHTLY, MONTHLY, IN_WORDS, AS_IT_IS = "weekly", "fortnightly", "monthly", "words", "kept"
_PATTERNS = (
    ("", "Choose"),
    (WEEKLY, "Every week"),
    (FORTNIGHTLY, "Every other week"),
    (MONTHLY, "Every month, such as the second Monday"),
    (IN_WORDS, "In words only"),
)
_NTH = (("1", "First"), ("2", "Second"), ("3", "Third"), ("4", "Fourth"), ("-1", "Last"))
_DAY_ITEMS = tuple(zip(DAYS, DAY_NAMES, strict=True))


class TimeSchema(Schema):
    """One regular time. `of` is the place of the one it stands for among those there were."""

    of = fields.Integer(load_default=None)
    pattern = fields.String(
        load_default=None,
        validate=validate.OneOf([WEEKLY, FORTNIGHTLY, MONTHLY, IN_WORDS, AS_IT_IS]),
        metadata={"label": "how often it is"},
    )
    days = fields.List(
        fields.String(validate=validate.OneOf(DAYS)), load_default=list, metadata={"label": "the days"}
    )
    nth = fields.List(
        fields.String(validate=validate.OneOf([nth for nth, _ in _NTH])),
        load_default=list,
        metadata={"label": "which of the month"},
    )
    opens_at = TimeOfDay(load_default=None)
    closes_at = TimeOfDay(load_default=None)
    dtstart = DateParts(load_default=None, metadata={"label": "the first day"})
    valid_to = DateParts(load_default=None, metadata={"label": "the last day"})
    location_id = fields.UUID(load_default=None, metadata={"label": "the venue"})
    description = line("the words", most=500)
    remove = fields.Boolean(load_default=False)


class WhenSchema(Schema):
    """When it is open."""

    schedules = fields.List(fields.Nested(TimeSchema), load_default=list)
    hours = words("the hours in words", most=2_000)
    working_days = fields.List(
        fields.Integer(validate=validate.Range(0, 6)), load_default=list, metadata={"label": "working days"}
    )


def _shown_when(doc: ServiceDoc) -> Values:
    return {
        "schedules": [_row(n, one) for n, one in enumerate(doc.schedules)],
        "hours": doc.hours,
        "working_days": doc.working_days,
    }


def _row(n: int, one: Opening) -> Values:
    pattern, days, nth = _as_pattern(one)
    return {
        "of": n,
        "pattern": pattern,
        "days": days,
        "nth": nth,
        "opens_at": said_time(one.opens_at),
        "closes_at": said_time(one.closes_at),
        "dtstart": one.dtstart,
        "valid_to": one.valid_to,
        "location_id": one.location_id,
        "description": one.description,
    }


def _as_pattern(one: Opening) -> tuple[str, list[str], list[str]]:
    """The plain form's words for a rule; `kept` where it has none."""
    if one.freq is None and not (one.byday or one.bymonthday):
        return IN_WORDS, [], []
    parts = (one.byday or "").split(",")
    if one.bymonthday or not one.byday:
        return AS_IT_IS, [], []
    if one.freq == Frequency.WEEKLY and one.interval in (1, 2) and set(parts) <= set(DAYS):
        return (WEEKLY if one.interval == 1 else FORTNIGHTLY), parts, []
    nths = list(dict.fromkeys(part[:-2].lstrip("+") for part in parts))
    days = list(dict.fromkeys(part[-2:] for part in parts))
    plain = one.interval == 1 and {nth for nth, _ in _NTH} >= set(nths)
    if one.freq == Frequency.MONTHLY and plain and len(parts) == len(nths) * len(days):
        return MONTHLY, days, nths
    return AS_IT_IS, [], []


def _meant_when(data: Values, doc: ServiceDoc) -> Values:
    found: list[Opening] = []
    problems: list[FieldProblem] = []
    for n, row in enumerate(data["schedules"]):
        before = _before(doc.schedules, row)
        if row["remove"] or (row["pattern"] is None and not _said(row)):
            continue
        if row["pattern"] == AS_IT_IS:
            found += [before] if before is not None else []
            continue
        problems += _row_problems(n, row)
        found.append(_opening(row, before or Opening()))
    if problems:
        raise Invalid(problems)
    return {
        "schedules": tuple(found),
        "hours": data["hours"],
        "working_days": tuple(sorted(set(data["working_days"]))),
    }


def _before(parts: tuple[Any, ...], row: Values) -> Any:
    return parts[row["of"]] if row["of"] is not None and 0 <= row["of"] < len(parts) else None


def _said(row: Values) -> bool:
    return any(value for name, value in row.items() if name not in ("of", "pattern"))


def _row_problems(n: int, row: Values) -> list[FieldProblem]:
    at, pattern = f"/schedules/{n}", row["pattern"]
    wanted = []
    if pattern is None:
        wanted.append((f"{at}/pattern", "Choose how often it is."))
    if pattern in (WEEKLY, FORTNIGHTLY, MONTHLY) and not row["days"]:
        wanted.append((f"{at}/days", "Choose the days."))
    if pattern == MONTHLY and not row["nth"]:
        wanted.append((f"{at}/nth", "Choose which of the month."))
    if pattern == FORTNIGHTLY and row["dtstart"] is None:
        wanted.append((f"{at}/dtstart", "Enter the first day: every other week is counted from it."))
    if pattern == IN_WORDS and not row["description"]:
        wanted.append((f"{at}/description", "Say in words when it is."))
    if (row["opens_at"] is None) != (row["closes_at"] is None):
        missing = "opens_at" if row["opens_at"] is None else "closes_at"
        wanted.append((f"{at}/{missing}", "Enter both times, or neither."))
    if row["opens_at"] is not None and row["opens_at"] == row["closes_at"]:
        wanted.append((f"{at}/closes_at", "The times must not be the same."))
    return [FieldProblem(pointer, text) for pointer, text in wanted]


def _opening(row: Values, before: Opening) -> Opening:
    pattern = row["pattern"]
    days = [day for day in DAYS if day in row["days"]]
    rule: dict[str, Any] = {"freq": None, "interval": 1, "byday": None, "bymonthday": None}
    if pattern in (WEEKLY, FORTNIGHTLY):
        rule |= {
            "freq": str(Frequency.WEEKLY),
            "interval": 1 if pattern == WEEKLY else 2,
            "byday": ",".join(days),
        }
    elif pattern == MONTHLY:
        byday = ",".join(f"{nth}{day}" for nth in row["nth"] for day in days)
        rule |= {"freq": str(Frequency.MONTHLY), "byday": byday}
    plain = ("opens_at", "closes_at", "dtstart", "valid_to", "location_id", "description")
    return replace(before, **rule, **{name: row[name] for name in plain})


def _when_choices(doc: ServiceDoc) -> Values:
    used = {venue.location_id for venue in doc.locations}
    venues = listings.venues_to_choose(doc.organization_id, used)
    return {
        "patterns": _PATTERNS,
        "days": _DAY_ITEMS,
        "nth": _NTH,
        "weekdays": [(str(n), name) for n, name in enumerate(DAY_NAMES)],
        "venues": [("", "Any of its venues"), *((str(v.id), v.name) for v in venues if v.id in used)],
        "sentences": [sentence(one) for one in doc.schedules],
        "kept": [_as_pattern(one)[0] == AS_IT_IS for one in doc.schedules],
    }


class CostRowSchema(Schema):
    """One price."""

    of = fields.Integer(load_default=None)
    option = line("what it is for")
    amount = fields.Decimal(load_default=None, allow_nan=False, metadata={"label": "the amount"})
    amount_description = line("what goes with it")
    remove = fields.Boolean(load_default=False)


class CostSchema(Schema):
    """What it costs."""

    free = YesNoNotAsked()
    fees_description = words("the cost in words", most=2_000)
    costs = fields.List(fields.Nested(CostRowSchema), load_default=list)


def _shown_cost(doc: ServiceDoc) -> Values:
    rows = [
        {
            "of": n,
            "option": one.option,
            "amount": None if one.amount is None else f"{one.amount:.2f}",
            "amount_description": one.amount_description,
        }
        for n, one in enumerate(doc.costs)
    ]
    return {"free": doc.free, "fees_description": doc.fees_description, "costs": rows}


def _meant_cost(data: Values, doc: ServiceDoc) -> Values:
    found = []
    for row in data["costs"]:
        values = {name: row[name] for name in ("option", "amount", "amount_description")}
        if row["remove"] or not any(value is not None for value in values.values()):
            continue
        found.append(replace(_before(doc.costs, row) or Cost(), **values))
    if data["free"] and any(cost.amount and cost.amount > Decimal(0) for cost in found):
        raise Invalid.field("/free", "Free and a price is both: choose no, or take the price out.")
    return {"free": data["free"], "fees_description": data["fees_description"], "costs": tuple(found)}


PAGES = (
    SectionPage(sections.WHEN, WhenSchema, _shown_when, _meant_when, _when_choices),
    SectionPage(sections.COST, CostSchema, _shown_cost, _meant_cost),
)
