"""Who is calling, and may they? The directory is the identity service; every service checks locally.

An endpoint says who may call it in one decorator:

    @blp.post("/referrals")
    @needs(Role.SENDER, Role.WORKER)     # any of these roles, in any of the caller's organisations
    ...
    @needs_service("notifications")      # another service, with its own 60-second token
    @signed_in                           # anybody signed in
    @public                              # anybody at all

Pages take the cookie `linkwork` and nothing else; the API takes a bearer token and nothing else.
"""

from shared.auth.caller import Caller, Kind, Membership, Role
from shared.auth.guard import current_caller, needs, needs_service, public, signed_in

__all__ = [
    "Caller",
    "Kind",
    "Membership",
    "Role",
    "current_caller",
    "needs",
    "needs_service",
    "public",
    "signed_in",
]
