"""May this e-mail address be told about the referral? Only a colleague's of the sending organisation."""

from __future__ import annotations

import hashlib

from services.referrals.actions.check_request import is_email
from services.referrals.actions.new_referral import Referrer
from services.referrals.store.directory import Directory
from shared.auth.caller import Caller
from shared.errors import Invalid


def check_referrer(referrer: Referrer | None, by: Caller, directory: Directory) -> None:
    """Raise Invalid at /referrer/email unless it is a member's, or in one of the organisation's domains."""
    if referrer is None or not referrer.email:
        return
    address = referrer.email.strip().lower()
    if not is_email(address):
        raise Invalid.field("/referrer/email", "Enter an e-mail address in the form name@example.org.")
    organization = directory.doc("organization", by.org) or {}
    domains = {str(domain).lower() for domain in organization.get("email_domains") or ()}
    if address.rpartition("@")[2] in domains:
        return
    known = hashlib.sha256(address.encode()).hexdigest()
    members = directory.docs.get("member", {}).values()
    if any(doc.get("email_sha256") == known and doc.get("organization_id") == str(by.org) for doc in members):
        return
    raise Invalid.field(
        "/referrer/email",
        "Give the address of a member of your organisation, or one in its own domain; or leave it out.",
    )
