"""`/api/v1/meta`: the tables behind the API, read off the rules themselves."""

from __future__ import annotations

from typing import Any

from services.referrals.domain.life import OUTCOME_WORDS
from services.referrals.domain.reasons import DECLINE, REASONS
from services.referrals.domain.states import meta_moves
from services.referrals.store import queries
from shared.auth import public
from shared.smorest import Blueprint

blp = Blueprint("meta", __name__, url_prefix="/api/v1/meta", description="What may be said and done")


def _list(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": items, "next_cursor": None}


@blp.get("/moves")
@public
@blp.response(200)
def moves() -> dict[str, Any]:
    """Which act leads from where to where, and who may do it: `{act, from, to, who}`."""
    return _list(meta_moves())


@blp.get("/needs")
@public
@blp.response(200)
def needs() -> dict[str, Any]:
    """The needs: `{code, label, plain}`."""
    return _list([{"code": n.code, "label": n.label, "plain": n.plain} for n in queries.needs()])


@blp.get("/circumstances")
@public
@blp.response(200)
def circumstances() -> dict[str, Any]:
    """What may be said of a person in `circumstances`: `{code, label, question}`."""
    known = queries.circumstances()
    return _list([{"code": c, "label": f"People who {who}", "question": q} for c, who, q in known])


@blp.get("/decline-reasons")
@public
@blp.response(200)
def decline_reasons() -> dict[str, Any]:
    """Reasons for passing back: `{code, label, outside, bars_code}`; `outside` is what a sender reads."""
    return _list(
        [
            {"code": r.value, "label": w.label, "outside": w.sender, "bars_code": w.bars_code}
            for r, w in DECLINE.items()
        ]
    )


@blp.get("/reasons")
@public
@blp.response(200)
def reasons() -> dict[str, Any]:
    """Reasons of the other acts, and outcomes: `{act, code, label}`. A reason may also be free words."""
    coded = [
        {"act": act.value, "code": code, "label": label}
        for act, codes in REASONS.items()
        for code, label in codes.items()
    ]
    outcomes = [{"act": "complete", "code": o.value, "label": w} for o, w in OUTCOME_WORDS.items()]
    return _list(coded + outcomes)
