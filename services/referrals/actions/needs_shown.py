"""Which needs a reader is shown, in the referral itself and in what routing said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.referrals.actions import views
from services.referrals.domain.sight import Sight
from services.referrals.domain.views import Part
from services.referrals.store.directory import Directory
from services.referrals.store.tables import Referral

_OF_NEEDS = frozenset({"needs", "other_needs"})


def need_views(codes: Sequence[str], directory: Directory, *, sensitive: bool) -> tuple[views.NeedView, ...]:
    """Needs with labels; sensitive ones only where they may be shown."""
    known = directory.snapshot.needs
    found = []
    for code in codes:
        need = known.get(code)
        if need is not None and need.sensitive and not sensitive:
            continue
        label = need.label if need else code.replace("_", " ").capitalize()
        found.append(views.NeedView(code, label, need.sensitive if need else False))
    return tuple(found)


def shown_needs(row: Referral, sight: Sight, directory: Directory) -> tuple[views.NeedView, ...]:
    """The needs this sight shows: of a restricted referral none to a desk that may not read it."""
    full = Part.SENDER in sight.parts or "sensitive_needs" in sight.fields
    return () if row.restricted and not full else need_views(row.needs, directory, sensitive=full)


def without_needs(
    entries: Sequence[Mapping[str, Any]], row: Referral, sight: Sight, directory: Directory
) -> tuple[Mapping[str, Any], ...]:
    """What routing answered; where a need is not shown, no reason speaks of needs either."""
    if len(shown_needs(row, sight, directory)) == len(row.needs):
        return tuple(entries)
    return tuple(
        {**entry, "reasons": [r for r in entry.get("reasons", ()) if r.get("code") not in _OF_NEEDS]}
        for entry in entries
    )
