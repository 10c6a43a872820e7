"""What the small page of each act says, in the words of product.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.referrals.web.words import ACT_LABELS

_A_MINUTE = "Nobody is told for a minute: until then you can undo it."
_GOES_ON = "The person’s wait goes on."


@dataclass(frozen=True)
class ActPage:
    """`needs_reach` shows access needs and safe contact first; `harmful` colours the button as a warning."""

    code: str
    title: str
    button: str
    lead: str = ""
    warning: str = ""
    needs_reach: bool = False
    harmful: bool = False


def _page(
    code: str,
    button: str = "",
    *,
    title: str = "",
    lead: str = "",
    warning: str = "",
    needs_reach: bool = False,
    harmful: bool = False,
) -> ActPage:
    title = title or ACT_LABELS[code]
    return ActPage(code, title, button or title, lead, warning, needs_reach, harmful)


PAGES: Mapping[str, ActPage] = {
    page.code: page
    for page in (
        _page("accept", needs_reach=True, lead=f"They become one of your people. {_A_MINUTE}"),
        _page("decline", lead=f"This is not the end of it: the sender looks for other help. {_A_MINUTE}"),
        _page(
            "ask",
            "Send the question",
            lead=f"The referral stays with you. {_GOES_ON}"
            " Ask only what you need, and name nobody else who may be helping.",
        ),
        _page("answer", "Send the answer"),
        _page("route", "Give it to this team"),
        _page("reassign", "Give it to them"),
        _page("redirect", "Pass it on", lead=f"The team you choose gets it in its queue. {_GOES_ON}"),
        _page("release", "Give it back", lead=f"It goes back to your team’s queue. {_GOES_ON}"),
        _page(
            "start",
            "Save",
            needs_reach=True,
            lead="Ask again which ways of contact are safe, and what they would like to be called.",
        ),
        _page("contact", "Save", title="Record a contact or an attempt", needs_reach=True),
        _page(
            "agreement",
            "Save",
            title="Record what they agreed to",
            lead="One answer at a time, as they gave it. A “no” takes back a “yes” they gave before,"
            " and holds from the next time somebody looks.",
        ),
        _page(
            "hold",
            "Put on hold",
            lead=f"{_GOES_ON} On the day you give, it comes back to the top of your list.",
        ),
        _page("resume"),
        _page("complete", "Close it", lead=f"Say what became of each need. {_A_MINUTE}"),
        _page(
            "fail",
            "Close it",
            harmful=True,
            lead="The sender reads only that this team was not able to take it forward. No letter is sent.",
        ),
        _page(
            "withdraw",
            "Withdraw it",
            title="Withdraw this referral",
            harmful=True,
            warning="The team stops. What it has written stays in its own record.",
        ),
        _page(
            "void",
            "It was sent in error",
            harmful=True,
            warning="It is hidden from every list. It is not deleted: a record stays of what was done.",
        ),
        _page(
            "forget",
            "Delete it for good",
            title="They said no",
            harmful=True,
            lead="For an introduction to which the person said no.",
            warning="What was written about them is deleted: name, address, ways to reach them, every note"
            " and question. It cannot be brought back. That there was an introduction stays in the history.",
        ),
        _page(
            "reopen",
            "Open it again",
            lead="It goes back to the team’s queue. Its outcomes are taken away; the history keeps them.",
        ),
    )
}
