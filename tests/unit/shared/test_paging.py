"""Cursors are ours or refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import paging
from shared.errors import Malformed

keys = st.lists(st.one_of(st.text(max_size=40), st.integers()), min_size=1, max_size=4)

DEEP = base64.urlsafe_b64encode(b"[" * 5000).decode()


@given(keys)
def test_a_cursor_gives_back_its_key(key):
    assert paging.decode(paging.encode(*key), [type(part) for part in key]) == key


def test_no_cursor_is_the_first_page():
    assert paging.decode(None, (int, str)) is None
    assert paging.decode("", (int, str)) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "e30",
        "W10",
        "!!!!",
        paging.encode(1, 2, 3),
        "WyJhIiwge31d",
        paging.encode("a", 1),
        "W3RydWUsICJhIl0",
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(cursor):
    with pytest.raises(Malformed, match="first page"):
        paging.decode(cursor, (int, str))
