from tests.builders.referrals_journeys import send


def test_the_first_page_opens(browser):
    page = browser("practice").get("/refer")
    assert page.status == 200
    assert "What would they like help with?" in page.words


def test_a_receptionist_refers_somebody_to_the_end(browser):
    practice = browser("practice")
    referral = send(practice)
    page = practice.get(f"{referral}/sent")
    assert page.status == 200
    assert "Reference LW-" in page.words
    assert "looks at it within 2 working days" in page.words
    assert "Ada" not in page.title
