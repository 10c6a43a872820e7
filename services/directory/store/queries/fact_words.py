"""The further facts of a service as its page and the API say them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.directory.domain.documents import Cost
from services.directory.domain.opening_words import opens_next, sentence
from services.directory.store.queries.service_facts import ServiceFacts

_WEB = re.compile(r"https?://", re.IGNORECASE)


def facts_in_words(facts: ServiceFacts, local: datetime, *, closed: bool) -> dict[str, Any]:
    """Hours and prices as sentences at `local`, a UK time; of what is closed it is not said when it opens."""
    today = local.date()
    running = [one for one in facts.schedules if one.valid_to is None or one.valid_to >= today]
    return {
        "times": [sentence(one) for one in running if sentence(one)],
        "opens": "" if closed else opens_next(running, local),
        "costs": [cost_words(cost) for cost in facts.costs if _holds(cost, today)],
        "venues": [
            {
                "venue": venue,
                "ways": [_way(name, way.description, way.details) for name, way in venue.ways],
                "links": [way.url for _, way in venue.ways if way.url and _WEB.match(way.url)],
            }
            for venue in facts.venues
        ],
    }


def cost_words(cost: Cost) -> str:
    """One price, such as "A session: £2.50 (first visit free)"."""
    amount = "" if cost.amount is None else _money(cost.amount, cost.currency)
    said = ": ".join(part for part in (cost.option or "", amount) if part)
    if not cost.amount_description:
        return said
    return f"{said} ({cost.amount_description})" if said else cost.amount_description


def _money(amount: Decimal, currency: str) -> str:
    if currency != "GBP":
        return f"{amount:.2f} {currency}"
    return "free" if amount == 0 else f"£{amount:.2f}".removesuffix(".00")


def _holds(cost: Cost, today: date) -> bool:
    return (cost.valid_from is None or cost.valid_from <= today) and (
        cost.valid_to is None or cost.valid_to >= today
    )


def _way(*parts: str | None) -> str:
    return ": ".join(part for part in parts if part)
