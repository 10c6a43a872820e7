"""The way across the three services, as the header shows it."""

from shared.web import NavItem

NAV = (
    NavItem("Refer someone", "referrals", "/refer", roles=("sender",)),
    NavItem("Queue", "referrals", "/queue", roles=("worker", "lead", "duty_desk")),
    NavItem("Caseload", "referrals", "/caseload", roles=("worker", "lead")),
    NavItem("Unrouted", "referrals", "/unrouted", roles=("duty_desk",)),
    NavItem("Sent", "referrals", "/sent", roles=("sender",)),
    NavItem("Find help", "directory", "/services"),
    NavItem("Link workers", "directory", "/link-workers", signed_in=True),
    NavItem("People", "directory", "/people", roles=("org_admin", "forum_admin")),
    NavItem("Notices", "notifications", "/notices", signed_in=True, key="notices"),
    NavItem("Account", "directory", "/account", signed_in=True),
)
