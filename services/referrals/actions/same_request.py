"""The keys under which a new referral is compared with what its sender has open."""

from __future__ import annotations

from uuid import UUID

from services.referrals import config
from services.referrals.actions.new_referral import NewPerson, NewReferral
from services.referrals.store.guard import Keys, keys_for


def keys_of_request(new: NewReferral, organization_id: UUID) -> Keys:
    """Of this person's request, to this service or for these needs, by this organisation."""
    return keys_for(
        config.guard_key(),
        organization_id,
        new.person.identity,
        target=new.target_service_id,
        needs=new.needs,
    )


def keys_of_person(person: NewPerson, organization_id: UUID) -> Keys:
    """Of the person alone, among those this organisation has sent."""
    return keys_for(config.guard_key(), organization_id, person.identity)
