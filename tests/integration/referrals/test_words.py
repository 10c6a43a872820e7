"""Whatever people write is stored as it was written, or refused with the field named; it never breaks us."""

from __future__ import annotations

import pytest

from tests.builders.referrals import rows, sent, to_westfield
from tests.builders.referrals_world import ident

KEPT = [
    "Ťhê quïck – “brown” fox 🦊 你好 مرحبا שלום",
    "'; drop table referral; --",
    "<script>alert(1)</script> {{ 7*7 }} ${jndi:ldap://x}",
    "\u202eright to left\u202c and zero\u200bwidth",
    "null undefined NaN 1e309 -0 ../../etc/passwd %00 \\",
    "line one\r\nline two\ttabbed",
    "ﬃ ＡＢＣ ½ e\u0301",
]
REFUSED = ["nul \x00 inside", "bell \x07", "half a pair \ud800", "next \x85 line"]


@pytest.mark.parametrize("words", KEPT)
def test_words_are_kept_as_they_were_written(system, words):
    contact = {"channel": "via", "value": words, "safe": True, "hours": words, "code_word": words}
    person = {"given_name": words, "address_lines": [words], "access_needs": [words], "contacts": [contact]}
    made = sent(system, what_matters=words, priority_reason=words, person=person)
    seen = system("worker").get(f"/referrals/{made['id']}").json["sent"]
    assert seen["what_matters"] == seen["person"]["given_name"] == words
    assert seen["contacts"][0]["value"] == seen["contacts"][0]["code_word"] == words
    assert seen["person"]["address_lines"] == [words]
    assert system("worker").act(made["id"], "ask", question=words).status_code == 200
    assert rows("select question from question") == [{"question": words.strip()}]
    assert system("worker").act(made["id"], "decline", reason="other", text=words).status_code == 200
    assert system("practice").post("/find", {"q": words}).status_code == 200


@pytest.mark.parametrize("words", REFUSED)
def test_words_nobody_could_see_or_store_are_refused_by_name(system, words):
    wrong = to_westfield(what_matters=words, person={"family_name": words})
    answer = system("practice").post("/referrals", wrong)
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json["errors"]} == {"/what_matters", "/person/family_name"}
    made = sent(system)
    acts = {
        "ask": ({"question": words}, "/question"),
        "decline": ({"reason": "other", "text": words}, "/text"),
        "hold": ({"reason": words, "review_on": "2027-01-04"}, "/reason"),
        "contact": ({"mode": "phone", "note": words}, "/note"),
    }
    for act, (body, pointer) in acts.items():
        if act in ("hold", "contact"):
            system("worker").act(made["id"], "accept", assignee_id=str(ident("worker")))
        refused = system("worker").act(made["id"], act, **body)
        assert refused.status_code == 422, act
        assert refused.json["errors"][0]["pointer"] == pointer
