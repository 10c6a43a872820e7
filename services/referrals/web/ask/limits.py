"""How often a network address may use the public pages.

A library, a hostel or an office may share one address, so the limits are wide; whoever meets one reads whom
to ring, and what they typed is kept.
"""

from __future__ import annotations

from services.referrals import config
from services.referrals.web.ask.slow import too_many
from shared.limits import make_limiter

limiter = make_limiter("referrals")
form_limit = limiter.shared_limit(config.form_rate, scope="ask", methods=["POST"], on_breach=too_many)
sent_limit = limiter.shared_limit(config.sent_rate, scope="ask-sent", methods=["POST"], on_breach=too_many)
# Only what opened nothing counts: a link that is good may be looked at as often as somebody likes.
link_limit = limiter.shared_limit(
    config.link_rate,
    scope="status-link",
    deduct_when=lambda response: response.status_code == 404,
    on_breach=too_many,
)
