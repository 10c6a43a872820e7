"""The words that leave: neutral, plain, and only the allowed fields."""

import re

import pytest

from services.notifications.domain.rules import ABOUT_REFERRALS, OPTIONAL, Template
from services.notifications.domain.wording import FOLDER, NO_REFERENCE, letter_text, parse, wording

# What a passer-by could learn something from.
TELLING = re.compile(
    r"referral|patient|person\b|health|social|prescri|lonel|debt|housing|abuse|grief|clinic|surgery|\bGP\b|NHS|"
    r"council|police|accept|declin|pass(ed)? back|withdr|complet|need[s]? (help|support)|safeguard|service",
    re.IGNORECASE,
)
ALLOWED_PHRASES = ("emergency service",)
LINK = "http://localhost:5002/referrals/1"


@pytest.mark.parametrize("template", Template)
def test_a_letter_names_no_state_no_service_and_no_need(template):
    words = wording(template)
    text = letter_text(template, link="https://x.example/", reference="LW-7K2F-9D4")
    for phrase in ALLOWED_PHRASES:
        text = text.replace(phrase, "")
    assert TELLING.findall(f"{words.subject}\n{words.notice}\n{text}") == []


@pytest.mark.parametrize("template", Template)
def test_a_letter_is_plain_enough_for_a_reader_of_nine(template):
    """Flesch-Kincaid grade: about 4 is a reader of nine; 6 leaves room for the few names there are."""
    text = letter_text(template, link="", reference="").replace("\n", " ")
    sentences = [s for s in re.split(r"[.:?!]", text) if s.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e\b", "", w.lower())))) for w in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    assert grade < 6, grade


@pytest.mark.parametrize("template", Template)
def test_each_letter_leads_somewhere_and_says_not_to_answer(template):
    text = letter_text(template, link=LINK, reference="LW-7K2F-9D4")
    assert LINK in text
    assert "nobody reads the answers" in text
    assert "$" not in text
    assert max(len(line) for line in text.splitlines()) < 78


@pytest.mark.parametrize("template", Template)
def test_subjects_are_neutral_and_short(template):
    assert "Linkwork" in wording(template).subject
    assert len(wording(template).subject) < 60


def test_a_letter_without_a_reference_says_where_it_is():
    assert NO_REFERENCE in letter_text(Template.REFERRAL_NEWS, link=LINK, reference="")


def test_there_is_one_file_for_each_kind():
    assert {path.stem for path in FOLDER.glob("*.txt")} == {str(t) for t in Template} | {"_footer"}


@pytest.mark.parametrize(
    "text",
    [
        "Subject: Hello\n\nText",
        "Subject: Hello\nNotice: Hello\n\nAbout $need",
        "Subject: Hello\nNotice: Hello\n\nIt costs $ 5",
        "Subject: Hello $reference\nNotice: Hello\n\nText",
        "Subject: Hello\nNotice: Hello\nTo: all\n\nText",
    ],
)
def test_a_template_that_asks_for_more_is_refused(text):
    with pytest.raises(ValueError, match=r"template|lines"):
        parse(text)


def test_only_what_is_not_about_safety_may_be_switched_off():
    assert set(OPTIONAL) == ABOUT_REFERRALS - {Template.URGENT_ARRIVED, Template.UNROUTED_ARRIVED}
