"""Imports in a running stack: one whose columns are to be confirmed, one that is checked."""

from __future__ import annotations

import time

from tests.builders.imports import a_file, a_sheet, an_item
from tests.builders.visitors import Visitor
from tests.stack import Stack

_LONGEST_SECONDS = 60


def imports_to_look_at(stack: Stack) -> None:
    """Begun by the forum's admin; the second has been read and checked by the worker when this returns."""
    admin = Visitor(stack, "admin")
    sheet = a_sheet([["Name", "Postcode"], ["Example group", "YO24 3BZ"]]).getvalue()
    admin.upload("directory", "/imports", "/imports/new", ("groups.csv", sheet), source="Example sheet")
    feed = a_file([an_item(1), an_item(2, name=""), an_item(3, url="listings.example")]).getvalue()
    begun = admin.upload("directory", "/imports", "/imports/new", ("feed.json", feed), source="Example feed")
    address = begun.headers["Location"]
    end = time.monotonic() + _LONGEST_SECONDS
    while "Checked, nothing kept yet" not in admin.get("directory", address).text:
        assert time.monotonic() < end, "the worker has not read the import"
        time.sleep(0.5)
