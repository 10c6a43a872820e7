"""Cursors are ours or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import paging
from shared.errors import Malformed

keys = st.lists(st.one_of(st.none(), st.text(max_size=40), st.integers()), min_size=1, max_size=4)


@given(keys)
def test_a_cursor_gives_back_its_key(key):
    assert paging.decode(paging.encode(*key), len(key)) == key


def test_no_cursor_is_the_first_page():
    assert paging.decode(None, 2) is None
    assert paging.decode("", 2) is None


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "!!!!", paging.encode(1, 2, 3), "WyJhIiwge31d"])
def test_a_cursor_that_is_not_ours_is_refused(cursor):
    with pytest.raises(Malformed, match="first page"):
        paging.decode(cursor, 2)
