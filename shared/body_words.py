"""marshmallow's own messages as an API says them: how to mend the field. A schema's own words stay."""

from __future__ import annotations

import re

_WORDS = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"Missing data for required field\.", "Give this field."),
        (r"Field may not be (?:null|empty)\.", "Give a value here: it cannot be null or empty."),
        (r"Unknown field\.", "There is no such field: take it out."),
        (r"Invalid input type\.|Invalid type\.|Not a valid mapping type\.", "Give an object, as in {{…}}."),
        (r"Not a valid (?:list|tuple)\.", "Give a list, as in […]."),
        (r"Not a valid string\.", "Write this as text."),
        (r"Not a valid utf-8 string\.", "Take out the characters that cannot be read."),
        (r"Not a valid integer\.", "Give a whole number."),
        (r"Not a valid number\.|Special numeric values .*", "Give a number."),
        (r"Number too large\.", "This number is too large."),
        (r"Not a valid boolean\.", "Give true or false."),
        (r"Not a valid UUID\.", "Give an id in the form 6f1c2a34-0000-4000-8000-000000000000."),
        (r"Not a valid date\.", "Give a day as YYYY-MM-DD."),
        (r"Not a valid time\.", "Give a time of day as 14:30."),
        (r"Not a valid (?:naive |aware )?datetime\.", "Give a time as 2026-11-22T10:00:00Z."),
        (r"Not a valid email address\.", "Enter an e-mail address in the form name@example.org."),
        (r"Not a valid URL\.", "Give a web address, like https://www.example.org."),
        (r"Must be one of: (.*)\.", "Choose one of: {}."),
        (r"One or more of the choices you made was not in: (.*)\.", "Choose from: {}."),
        (r"String does not match expected pattern\.|Invalid (?:value|input)\.",
         "This is not in the form that is taken here."),
        (r"Longer than maximum length (\d+)\.", "This is too long: give at most {}."),
        (r"Shorter than minimum length 1\.", "Give this field: it is empty."),
        (r"Shorter than minimum length (\d+)\.", "This is too short: give at least {}."),
        (r"Length must be between (\d+) and (\d+)\.", "Give at least {} and at most {}."),
        (r"Length must be (\d+)\.", "Give exactly {}."),
        (r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.",
         "Give a value from {} to {}."),
        (r"Must be greater than or equal to (\S+)\.", "Give {} or more."),
        (r"Must be less than or equal to (\S+)\.", "Give {} or less."),
        (r"Must be greater than (\S+)\.", "Give more than {}."),
        (r"Must be less than (\S+)\.", "Give less than {}."),
    )
)  # fmt: skip


def in_words(message: str) -> str:
    """`message` reworded where it is the library's own."""
    for pattern, words in _WORDS:
        found = pattern.fullmatch(message)
        if found:
            return words.format(*found.groups())
    return message
