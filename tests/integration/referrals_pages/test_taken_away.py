"""What is taken away from a referral: a text and codes for the sender's record, a sheet for the person."""

import re

import pytest

from services.referrals.domain.clinical_codes import CODES
from shared.clock import now
from tests.builders.referrals_journeys import send

TEXT = re.compile(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", re.DOTALL)


@pytest.fixture
def name():
    return f"Ada{now().timestamp()}"


@pytest.fixture
def sent(browser, name):
    """Sent by the practice, to the Westfield link workers."""
    return send(browser("practice"), about={"given_name": name})


def text_of(page):
    found = TEXT.search(page.html)
    return found[1] if found else None


@pytest.mark.parametrize("where", ["", "/sent"])
def test_a_practice_copies_reference_date_team_and_state_with_the_codes(browser, sent, name, where):
    page = browser("practice").get(f"{sent}{where}")
    text = text_of(page)
    assert re.fullmatch(
        r"Social prescribing referral \S+, sent on [^.]+\. "
        r"Team: Westfield link workers\. On [^.]+: received\.",
        text,
    )
    assert all(code.concept_id in page.html for code in CODES)
    assert name not in text
    assert "oneliness" not in text


def test_a_sender_that_is_no_practice_gets_the_text_without_codes(browser, name):
    charity = browser("charity")
    page = charity.get(send(charity, about={"given_name": name, "gp_practice": "Z90001"}))
    assert re.search(r"sent on .+\. Team: .+\. On .+: received\.$", text_of(page))
    assert not any(code.concept_id in page.html for code in CODES)


def test_whoever_reads_only_received_or_closed_gets_no_text(browser, name):
    police = browser("police")
    path = send(
        police,
        start={"postcode": "YO24 3BZ"},
        contact={"feedback_to_sender": "no", "lawful_basis": "public_task"},
        about={"given_name": name, "gp_practice": "Z90001"},
    )
    for where in ("", "/sent"):
        assert text_of(police.get(f"{path}{where}")) is None


def test_the_team_that_has_it_gets_no_text_for_the_sender(browser, sent):
    assert text_of(browser("worker").get(sent)) is None


def test_that_nobody_could_be_reached_is_no_word_of_the_text(browser, sent):
    worker, practice = browser("worker"), browser("practice")
    worker.post(f"{sent}/accept")
    failed = worker.post(f"{sent}/fail", {"made": "3"})
    assert failed.status == 302, failed.words
    text = text_of(practice.get(sent))
    assert text.endswith(": passed back.")


def test_of_a_restricted_referral_neither_team_nor_code_is_given(browser, name):
    practice = browser("practice")
    page = practice.get(send(practice, about={"given_name": name}, contact={"restricted": "yes"}))
    text = text_of(page)
    assert text.startswith("Referral ")
    assert "Westfield" not in text
    assert "prescribing" not in text
    assert not any(code.concept_id in page.html for code in CODES)


@pytest.mark.parametrize("who", ["practice", "worker"])
@pytest.mark.parametrize("where", ["", "/sent"])
def test_sender_and_team_find_the_sheet(browser, sent, who, where):
    if (who, where) == ("worker", "/sent"):
        where = ""
    assert f"{sent}/leaflet" in browser(who).get(f"{sent}{where}").html


def test_before_the_sheet_stands_whether_paper_is_safe_and_nothing_is_ticked(browser, sent):
    page = browser("practice").get(f"{sent}/leaflet")
    assert "Is it safe for them to take paper home?" in page.words
    safe = re.findall(r'<input[^>]*name="safe"[^>]*>', page.html)
    assert len(safe) == 2
    assert not any("checked" in each for each in safe)
    assert "What happens next" not in page.words


@pytest.mark.parametrize(
    "answers", [{}, {"size": "large"}, {"safe": "perhaps"}, {"safe": "yes", "size": "huge"}]
)
def test_without_an_answer_there_is_no_sheet(browser, sent, answers):
    page = browser("practice").post(f"{sent}/leaflet", answers)
    assert page.status == 422
    assert "app-leaflet" not in page.html


def test_the_sheet_says_nothing_of_the_person_the_need_the_service_or_the_sender(browser, sent, name):
    page = browser("practice").post(f"{sent}/leaflet", {"safe": "yes"})
    sheet = page.html[page.html.index("<article") : page.html.index("</article>")]
    reference = re.search(r"referral (\S+?)[ ,]", browser("practice").get(f"{sent}/leaflet").title)[1]
    for word in (
        name,
        "Example",
        reference,
        "Westfield",
        "link worker",
        "oneliness",
        "Kite Lane",
        "practice",
    ):
        assert word not in sheet, word
    for word in ("prescrib", "referr", "surgery", "Linkwork", "GP"):
        assert word not in sheet, word
    assert page.title == "For you to keep – Linkwork"
    assert "999" in sheet


def test_every_sheet_of_a_place_is_the_same(browser, name):
    practice, sheets = browser("practice"), set()
    for needs in ("loneliness", "domestic_abuse"):
        path = send(practice, start={"needs": [needs]}, about={"given_name": f"{name}{needs}"})
        page = practice.post(f"{path}/leaflet", {"safe": "yes"})
        sheets.add(page.html[page.html.index("<article") : page.html.index("</article>")])
    assert len(sheets) == 1


def test_large_print_is_the_same_sheet_in_larger_letters(browser, sent):
    practice = browser("practice")
    assert "app-leaflet--large" in practice.post(f"{sent}/leaflet", {"safe": "yes", "size": "large"}).html
    assert "app-leaflet--large" not in practice.post(f"{sent}/leaflet", {"safe": "yes"}).html


def test_where_paper_is_not_safe_nothing_is_printed(browser, sent):
    page = browser("practice").post(f"{sent}/leaflet", {"safe": "no"})
    assert 'class="app-leaflet' not in page.html
    assert '<article class="app-no-print' in page.html
    assert "Say it instead" in page.words


def test_another_organisation_finds_no_sheet(browser, sent):
    for who in ("other-practice", "police", "other-worker"):
        assert browser(who).get(f"{sent}/leaflet").status == 404
        assert browser(who).post(f"{sent}/leaflet", {"safe": "yes"}).status == 404
