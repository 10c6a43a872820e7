"""Where somebody may be sent after signing in: our three public addresses and nowhere else."""

import pytest

from services.directory.domain.sessions import browser_family, safe_next

OURS = ("http://localhost:5001", "http://localhost:5002", "https://linkwork.example/notices")
HOME = "http://localhost:5001/"


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:5001/",
        "http://localhost:5001/account",
        "http://localhost:5002/referrals/7?tab=history#top",
        "https://linkwork.example/notices",
        "https://linkwork.example/notices/7",
        "http://localhost:5002",
    ],
)
def test_our_own_addresses_are_followed(target: str) -> None:
    assert safe_next(target, OURS, HOME) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "/account",
        "account",
        "//evil.example/",
        "https://evil.example/",
        "http://localhost:5009/",
        "https://localhost:5001/",
        "http://localhost:5001.evil.example/",
        "http://localhost.evil.example:5001/",
        "http://localhost:5001@evil.example/",
        "http://user@localhost:5001/",
        "http://localhost:5001\\@evil.example/",
        "http:\\\\localhost:5001/",
        "http:///evil.example/",
        "http:localhost:5001/",
        "javascript:alert(1)//http://localhost:5001/",
        "data:text/html,http://localhost:5001/",
        "http://localhost:5001/\r\nSet-Cookie: a=b",
        "http://localhost:5001/\tx",
        " http://localhost:5001/",
        "\x00http://localhost:5001/",
        "https://linkwork.example/noticesevil",
        "https://linkwork.example/other",
        "http://localhost:port/",
        "http://[::1/",
        "http://localhost:5001/" + "a" * 2000,
    ],
)
def test_anything_else_leads_home(target: str | None) -> None:
    assert safe_next(target, OURS, HOME) == HOME


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile "
            "Safari/537.36",
            "Chrome on Android",
        ),
        ("", "A browser"),
        ("curl/8.0 <script>", "A browser"),
    ],
)
def test_a_browser_is_known_by_its_family_and_nothing_finer(agent: str, words: str) -> None:
    assert browser_family(agent) == words
