"""The pages of referrals: the same actions as the API, forms instead of JSON.

`create_app` registers `BLUEPRINTS` and gives `MESSAGES` to the frame. Every page works without
JavaScript, takes personal data by POST only, and has nothing personal in its address or title.
"""

from services.referrals.web import forum, nav
from services.referrals.web.ask import pages as ask
from services.referrals.web.ask import sending as ask_sending
from services.referrals.web.ask import status
from services.referrals.web.lists import pages as lists
from services.referrals.web.lists import sending_side
from services.referrals.web.nav import MESSAGES
from services.referrals.web.refer import pages as refer
from services.referrals.web.refer import sending
from services.referrals.web.referral import leaflet
from services.referrals.web.referral import pages as referral

BLUEPRINTS = (nav.blp, refer.blp, lists.blp, referral.blp, forum.blp, ask.blp, status.blp)

# These add their routes to the blueprints of `ask`, `refer`, `lists` and `referral`.
__all__ = ["BLUEPRINTS", "MESSAGES", "ask_sending", "leaflet", "sending", "sending_side"]
