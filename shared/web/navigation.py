"""The way across the three services: one list, so that the header is the same wherever somebody is."""

from __future__ import annotations

from shared.auth.caller import Role
from shared.web.frame import NavItem

_WORK = (Role.WORKER.value, Role.LEAD.value)
_SEND = (Role.SENDER.value, *_WORK, Role.DUTY_DESK.value)

NAV: tuple[NavItem, ...] = (
    NavItem("Ask for help", "referrals", "/for-you", signed_in=False),
    NavItem("Refer someone", "referrals", "/refer", roles=_SEND),
    NavItem("Unrouted", "referrals", "/unrouted", roles=(Role.DUTY_DESK.value,)),
    NavItem("Queue", "referrals", "/queue", roles=_WORK),
    NavItem("My people", "referrals", "/my-people", roles=_WORK),
    NavItem("Team", "referrals", "/team", roles=(Role.LEAD.value,)),
    NavItem("Sent", "referrals", "/sent", roles=_SEND),
    NavItem("Find a referral", "referrals", "/find", roles=_SEND),
    NavItem("Services", "directory", "/services"),
    NavItem("Link workers", "directory", "/link-workers", signed_in=True),
    NavItem(
        "Listings",
        "directory",
        "/listings",
        roles=(Role.ORG_ADMIN.value, Role.FORUM_ADMIN.value),
        also=("/imports", "/export", "/words", "/search-words", "/unmet-needs"),
    ),
    NavItem("People", "directory", "/people", roles=(Role.ORG_ADMIN.value, Role.FORUM_ADMIN.value)),
    NavItem("What works", "directory", "/status", roles=(Role.ORG_ADMIN.value, Role.FORUM_ADMIN.value)),
    NavItem("Notices", "notifications", "/notices", signed_in=True, key="notices"),
    NavItem("Account", "directory", "/account", signed_in=True),
)
