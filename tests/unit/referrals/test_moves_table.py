"""The table of moves is the one of the domain model, and nothing but it."""

from __future__ import annotations

import pytest

from services.referrals.domain.states import (
    CLOSED,
    LABELS,
    MOVES,
    OPEN,
    STATE_WORDS,
    Act,
    State,
    Who,
    meta_moves,
    moves_as_text,
)

FROM_THE_DOMAIN_MODEL = {
    "submit": ({"draft"}, {"requested"}),
    "receive": ({"requested"}, {"received"}),
    "route": ({"received"}, {"received"}),
    "accept": ({"received"}, {"accepted"}),
    "decline": ({"received", "accepted"}, {"rejected"}),
    "ask": ({"received", "accepted", "in-progress", "on-hold"}, None),
    "answer": ({"received", "accepted", "in-progress", "on-hold"}, None),
    "reassign": ({"accepted", "in-progress", "on-hold"}, None),
    "redirect": ({"received", "accepted", "in-progress", "on-hold"}, {"received"}),
    "release": ({"accepted", "in-progress", "on-hold"}, {"received"}),
    "start": ({"accepted"}, {"in-progress"}),
    "hold": ({"accepted", "in-progress"}, {"on-hold"}),
    "resume": ({"on-hold"}, {"held-from"}),
    "complete": ({"accepted", "in-progress", "on-hold"}, {"completed"}),
    "fail": ({"accepted", "in-progress", "on-hold"}, {"failed"}),
    "withdraw": ({"requested", "received", "accepted", "in-progress", "on-hold"}, {"cancelled"}),
    "void": ({s.value for s in State} - {"entered-in-error"}, {"entered-in-error"}),
    "reopen": ({"completed", "rejected", "failed", "cancelled"}, {"received"}),
    "undo": ({"accepted", "rejected", "completed"}, {"before"}),
    "escalate": ({"received", "accepted", "in-progress", "on-hold"}, {"received"}),
    "chase": ({"received", "accepted", "in-progress", "on-hold"}, None),
    "add": ({"received", "accepted", "in-progress", "on-hold"}, None),
    "forget": ({"received", "accepted"}, {"cancelled"}),
}


@pytest.mark.parametrize("act", list(Act))
def test_each_act_leads_from_and_to_what_the_domain_model_says(act: Act) -> None:
    rows = [row for row in meta_moves() if row["act"] == act.value]
    sources, targets = FROM_THE_DOMAIN_MODEL[act.value]
    assert {row["from"] for row in rows} == sources
    if targets is None:
        assert all(row["to"] == row["from"] for row in rows)
    else:
        assert {row["to"] for row in rows} == targets


def test_every_row_of_the_meta_table_has_exactly_the_published_fields() -> None:
    assert {frozenset(row) for row in meta_moves()} == {frozenset({"act", "from", "to", "who"})}


def test_every_state_but_draft_is_either_open_or_closed() -> None:
    assert set(State) - {State.DRAFT} == OPEN | CLOSED
    assert not OPEN & CLOSED


def test_nothing_is_closed_by_the_system() -> None:
    closing = [move for move in MOVES if move.target in CLOSED]
    assert len(closing) == 6
    assert all(Who.SYSTEM not in move.who for move in closing)


def test_passing_back_and_completing_are_different_verbs_with_different_words() -> None:
    assert LABELS[Act.DECLINE] == "Pass back"
    assert LABELS[Act.FAIL] == "Could not reach them"
    assert STATE_WORDS[State.REJECTED] == "Passed back"
    assert len(set(LABELS.values())) == len(Act)


def test_the_table_as_text_has_one_line_for_each_act_with_its_button() -> None:
    lines = moves_as_text().splitlines()
    assert len(lines) == 2 + len(MOVES)
    for move, line in zip(MOVES, lines[2:], strict=True):
        assert line.startswith(f"| {move.act.value} | {LABELS[move.act]} |")
        assert all(source.value in line for source in move.sources)
    assert "| the state it was held from |" in moves_as_text()
