"""What whoever asks sees on the last page is what is sent, however often they changed their mind."""

import random
import re
from datetime import timedelta
from html import unescape

import pytest

from services.referrals.actions.public_drafts import read_public_draft
from services.referrals.web.ask import applies, kept
from shared.clock import now
from tests.builders.asking import ANSWERS, PLACE, Asker, reference_of
from tests.builders.referrals import one, rows

ROW = re.compile(r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", re.DOTALL)
NOT_GIVEN = "Not given"
HAS_TO_KNOW = "Somebody of 16 or over has to know that you ask for them"
CHILD = {"who": {"who": "other"}, "them": {"knows": "child", "relation": "her mother"}}
WORDS_OF_WAYS = {"phone": "Phone call", "email": "E-mail", "via": "Through somebody or at a place"}


@pytest.fixture
def asker(app):
    return Asker(app)


def shown_by(page):
    """The rows of the check page: `{key: value}`."""
    found = ROW.findall(page.html)
    assert found, page.words
    return {
        unescape(key).strip(): unescape(re.sub(r"<br>", "\n", value)).strip().replace(NOT_GIVEN, "")
        for key, value in found
    }


def kept_by(asker):
    """The answers kept for this browser, opened with its secret."""
    cookie = asker.client.get_cookie("linkwork_ask", path="/for-you")
    return read_public_draft(cookie.value, at=now())


def change(asker, name, **answers):
    """One page answered again from the last one, then whatever that opens; the page it ends on."""
    path = PLACE if name == "who" else f"{PLACE}/{name}"
    page = asker.post(path, {**ANSWERS[name], **answers, **({"back": "1"} if name == "who" else {})})
    assert page.status == 302, page.words
    return page.location.rsplit("/", 1)[-1]


def walk_on(asker, answers):
    """Every page that is not answered, until the last one; the names of the pages that were asked."""
    asked = []
    while True:
        page = asker.get(f"{PLACE}/check")
        if page.status == 200:
            return asked
        name = page.location.rsplit("/", 1)[-1]
        assert len(asked) < 12, asked
        asked.append(name)
        sent = asker.post(f"{PLACE}/{name}", answers.get(name, ANSWERS[name]))
        assert sent.status == 302, (name, sent.words)


def send(asker):
    sent = asker.post(f"{PLACE}/check", {})
    assert sent.status == 302, sent.words
    return rows("select * from referral where reference = :r", r=reference_of(asker.follow(sent)))[0]


def stored(row):
    """What was stored, in the words and under the keys of the check page."""
    person = rows("select * from person_record where id = :id", id=row["person_id"])[0]
    points = rows("select * from contact_point where referral_id = :id order by channel", id=row["id"])
    agreed = {
        each["purpose"]
        for each in rows("select purpose from agreement where referral_id = :id and agreed", id=row["id"])
    }
    other = row["speaker"] == "someone_for_them"
    asker = ", ".join(filter(None, (row["speaker_name"], row["speaker_relation"])))
    told = {
        "For": "Somebody else" if other else "Me",
        "What matters": row["what_matters"] or "",
        "Name": person["given_name"] or "",
        "Age": "" if person["age_estimate"] is None else str(person["age_estimate"]),
        "Must not be told": row["not_to_contact"] or "",
        "Looked after by": row["parental_responsibility"] or "",
        "ways": {(WORDS_OF_WAYS[p["channel"]], bool(p["voicemail"]), p["code_word"] or "") for p in points},
    }
    if other:
        young = "They are under 16 and I look after them"
        told["Who asks"] = asker
        told["Do they know?"] = young if row["competent"] is False else "Yes, they know and want it"
        assert not agreed
    else:
        assert not asker
        told["I agree"] = len(agreed)
    return told


def as_told(shown):
    """The check page in the same form; a question that is not shown was not asked, and nothing is sent."""
    ways = next(value for key, value in shown.items() if key.startswith("Safe ways"))
    told = {
        key: shown.get(key, "")
        for key in ("For", "What matters", "Name", "Age", "Must not be told", "Looked after by")
    }
    told["ways"] = {
        (
            line.split(":")[0],
            "may leave a message" in line,
            found[1] if (found := re.search(r"code word (\w+)", line)) else "",
        )
        for line in ways.splitlines()
    }
    for key in ("Who asks", "Do they know?"):
        if key in shown:
            told[key] = shown[key]
    if "I agree" in shown:
        told["I agree"] = len([line for line in shown["I agree"].splitlines() if line])
    return told


def any_answer(name, chance):
    """Some answer to a page, as somebody of two minds might give it."""
    match name:
        case "who":
            return {"who": chance.choice(["me", "other"])}
        case "them":
            return {"knows": chance.choice(["yes", "child"]), "name": chance.choice(["", "Bea Example"])}
        case "about":
            return {
                "name": chance.choice(["", "Ada", "Zed"]),
                "age": chance.choice(["", "7", "15", "17", "40"]),
                "gp_practice": chance.choice(["", "Z90001"]),
            }
        case "reach":
            ways = chance.sample(["phone", "email", "via"], chance.randint(1, 3))
            return {
                "ways": ways,
                "phone_value": "01632 960 001",
                "voicemail": chance.choice(["", "yes"]),
                "phone_code_word": chance.choice(["", "heron"]),
                "email_value": "ada@home.example",
                "via_value": "The day centre",
                "via_code_word": "kestrel",
            }
        case _:
            return {
                "know_of_each_other": chance.choice(["", "yes"]),
                "feedback_to_gp": chance.choice(["", "yes"]),
                "not_to_contact": chance.choice(["", "My father"]),
                "parental_responsibility": chance.choice(["", "My aunt"]),
            }


@pytest.mark.parametrize("seed", range(25))
def test_however_somebody_changes_their_mind_what_is_shown_is_what_is_sent(asker, seed):
    chance = random.Random(seed)
    asker.post(PLACE, {"who": chance.choice(["me", "other"])})
    walk_on(asker, {"about": {"name": "Ada", "age": chance.choice(["7", "15"])}})
    for _ in range(6):
        name = chance.choice(["who", "them", "about", "reach", "last"])
        path = PLACE if name == "who" else f"{PLACE}/{name}"
        asker.post(path, {**any_answer(name, chance), **({"back": "1"} if name == "who" else {})})
        walk_on(asker, {"about": {"name": "Ada", "age": "9"}, "last": any_answer("last", chance)})
    told = as_told(shown_by(asker.get(f"{PLACE}/check")))
    assert stored(send(asker)) == told


def test_the_questions_about_somebody_young_are_asked_where_the_age_is_left_out(asker):
    asker.up_to_check(about={"age": ""}, reach={"phone_value": "1"})
    asker.post(f"{PLACE}/reach", ANSWERS["reach"])
    page = asker.get(f"{PLACE}/last")
    assert "If you are under 18" in page.words
    assert "Is there anybody we must not contact or tell?" in page.words
    row = rows_of(asker.ask(about={"age": ""}, last={"not_to_contact": "My parents"}))
    assert row["not_to_contact"] == "My parents"


def rows_of(page):
    return rows("select * from referral where reference = :r", r=reference_of(page))[0]


def test_they_are_asked_by_a_friend_too_where_the_age_is_left_out(asker):
    asker.up_to_check(who={"who": "other"}, about={"age": ""}, reach={"phone_value": "1"})
    assert asker.post(f"{PLACE}/reach", ANSWERS["reach"]).location.endswith("/last")
    assert "If they are under 18" in asker.get(f"{PLACE}/last").words


def test_an_adult_is_not_asked_them(asker):
    asker.up_to_check(about={"age": "18"})
    assert "under 18" not in asker.get(f"{PLACE}/last").words


@pytest.mark.parametrize("age", ["", "40"])
def test_nobody_is_asked_for_as_a_child_without_an_age_that_says_so(asker, age):
    page = asker.up_to_check(**CHILD, about={"age": age})
    assert page.status == 422
    assert HAS_TO_KNOW in page.words


def test_a_child_by_the_date_of_birth_is_a_child(asker):
    born = {"age": "", "date_of_birth-day": "3", "date_of_birth-month": "5", "date_of_birth-year": "2020"}
    row = rows_of(asker.ask(**CHILD, about=born))
    assert row["competent"] is False
    adult = Asker(asker.client.application).up_to_check(**CHILD, about={**born, "date_of_birth-year": "1980"})
    assert HAS_TO_KNOW in adult.words


def test_an_adult_whose_age_is_known_does_not_become_a_child_afterwards(asker):
    asker.up_to_check(who={"who": "other"}, about={"age": "40"})
    refused = asker.post(f"{PLACE}/them", {**ANSWERS["them"], "knows": "child"})
    assert refused.status == 422
    assert HAS_TO_KNOW in refused.words
    assert send(asker)["competent"] is None


def test_whoever_chooses_a_child_later_is_asked_for_the_age_before_anything_is_sent(asker):
    asker.up_to_check(who={"who": "other"}, about={"age": ""})
    before = one("select count(*) from referral")
    assert change(asker, "them", knows="child") == "about"
    assert HAS_TO_KNOW in asker.get(f"{PLACE}/about").words
    refused = asker.post(f"{PLACE}/check", {})
    assert refused.location.endswith("/about")
    assert one("select count(*) from referral") == before


def test_somebody_who_turned_sixteen_meanwhile_is_not_sent_behind_their_back(asker, monkeypatch):
    asker.up_to_check(**CHILD, about={"age": "9"})
    monkeypatch.setattr(applies, "OLD_ENOUGH", 9)
    assert asker.post(f"{PLACE}/check", {}).location.endswith("/about")
    assert HAS_TO_KNOW in asker.get(f"{PLACE}/about").words


def test_nothing_agreed_for_oneself_is_shown_or_sent_for_somebody_else(asker):
    asker.up_to_check(last={"know_of_each_other": "yes"})
    assert change(asker, "who", who="other") == "them"
    walk_on(asker, {"about": {"age": "30"}})
    assert "I agree" not in shown_by(asker.get(f"{PLACE}/check"))
    assert "last" not in kept_by(asker)
    assert rows("select 1 from agreement where referral_id = :id", id=send(asker)["id"]) == []


def test_what_was_agreed_is_asked_again_of_another_person(asker):
    asker.up_to_check(last={"know_of_each_other": "yes"})
    change(asker, "who", who="other")
    change(asker, "who", who="me")
    assert {"about", "reach", "last"} <= set(walk_on(asker, {"last": {"know_of_each_other": ""}}))
    assert shown_by(asker.get(f"{PLACE}/check"))["I agree"] == ""


def test_what_is_safe_for_one_person_is_not_kept_as_safe_for_another(asker):
    asker.up_to_check(about={"name": "Zephyrina"})
    change(asker, "who", who="other")
    assert not {"about", "reach"} & set(kept_by(asker))


def test_whom_not_to_tell_goes_when_the_age_is_corrected_and_is_asked_when_it_is_again(asker):
    asker.up_to_check(about={"age": "15"}, last={"not_to_contact": "My father"})
    assert change(asker, "about", age="51") == "check"
    assert "not_to_contact" not in kept_by(asker)["last"]
    assert "Must not be told" not in shown_by(asker.get(f"{PLACE}/check"))
    assert change(asker, "about", age="15") == "last"
    assert change(asker, "last", not_to_contact="My uncle") == "check"
    assert send(asker)["not_to_contact"] == "My uncle"


def test_that_a_surgery_may_be_told_does_not_hold_for_another_one(asker):
    asker.up_to_check(last={"feedback_to_gp": "yes"})
    assert "may be told how it goes" in shown_by(asker.get(f"{PLACE}/check"))["I agree"]
    assert change(asker, "about", gp_practice="") == "check"
    assert change(asker, "about", gp_practice="Z90001") == "last"
    assert "checked" not in re.search(r'<input[^>]*name="feedback_to_gp"[^>]*>', last_of(asker))[0]


def last_of(asker):
    return asker.get(f"{PLACE}/last").html


def test_a_way_that_is_not_ticked_any_more_is_not_kept(asker):
    asker.up_to_check(reach={"phone_code_word": "heron"})
    change(asker, "reach", ways=["via"], via_value="The day centre")
    assert not {"01632 960 001", "heron", "yes"} & set(map(str, kept_by(asker)["reach"].values()))


def test_a_language_nobody_offers_is_not_sent_unseen(asker):
    page = asker.up_to_check(about={"language": "tlh"})
    assert page.status == 422
    assert "Choose from the list" in page.words


def test_what_a_second_window_changed_is_looked_at_before_it_is_sent(asker):
    asker.up_to_check()
    seen = re.search(r'name="seen" value="(\w+)"', asker.get(f"{PLACE}/check").html)[1]
    change(asker, "reach", phone_value="07700 900 001")
    before = one("select count(*) from referral")
    page = asker.post(f"{PLACE}/check", {"seen": seen})
    assert page.status == 409
    assert "The answers were changed in another window" in page.words
    assert one("select count(*) from referral") == before
    again = re.search(r'name="seen" value="(\w+)"', page.html)[1]
    assert asker.post(f"{PLACE}/check", {"seen": again}).status == 302


def test_a_confirmation_closes_by_itself_for_whoever_holds_the_telephone_next(asker, monkeypatch):
    asker.ask()
    assert asker.get(f"{PLACE}/sent").status == 200
    monkeypatch.setattr(kept, "CONFIRMED", timedelta(0))
    assert asker.get(f"{PLACE}/sent").location.endswith(PLACE)
    assert asker.post(f"{PLACE}/sent", {}).location.endswith(PLACE)
