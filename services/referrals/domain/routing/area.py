"""Is this person within the service's patch? Any one of the bases a service names is enough.

Residence is where they will be living; `registered` is their GP practice; `present` is where they can be
met now. Where a patch is made of wards, LSOAs or postcodes those decide, and the authority alone leaves it
open.
"""

from __future__ import annotations

from services.referrals.domain.routing.docs import Area, Service
from services.referrals.domain.routing.people_docs import Residence
from services.referrals.domain.routing.person import PersonFacts
from services.referrals.domain.routing.snapshot import Snapshot
from services.referrals.domain.routing.verdicts import Answer, Ask, No, Reason, Unsure, Yes

ASK_POSTCODE = Ask("postcode", "What is the postcode of where they live, or do they have no fixed abode?")
ASK_STAYS = Ask(
    "postcode", "Which part of town do they mostly stay in? The postcode of a place there is enough."
)
ASK_WILL_LIVE = Ask("residence_on_date", "Where will they live? The postcode of a place nearby is enough.")
ASK_PRACTICE = Ask("gp_practice_ods", "Which GP practice are they registered with?")
ASK_REGISTER = Ask("gp_practice_ods", "They have no GP: will they register with one here?")
ASK_PRESENT = Ask("postcode", "Where can they be met? The postcode of that place is enough.")


def within_area(service: Service, person: PersonFacts, snapshot: Snapshot) -> Answer:
    """Yes by the first basis that fits; else the basis with the fewest questions; else every no in one."""
    answers: list[Answer] = []
    for basis in service.criteria.area_basis:
        rule = _BASES.get(basis)
        if rule is None:
            continue
        answer = rule(service, person, snapshot)
        if isinstance(answer, Yes):
            return answer
        answers.append(answer)
    doubts = [answer for answer in answers if isinstance(answer, Unsure)]
    if doubts:
        return min(doubts, key=lambda doubt: len(doubt.asks))
    refusals = [answer.reason for answer in answers if isinstance(answer, No)]
    if not refusals:
        return Yes()
    return No(Reason(refusals[0].code, "; ".join(reason.text for reason in refusals)))


def _resident(service: Service, person: PersonFacts, snapshot: Snapshot) -> Answer:
    home = person.home()
    if home is None or home.authority is None:
        return _nowhere_known(person)
    inside = covers(service.area, home)
    if inside is True:
        return Yes(Reason("area", f"Covers where they {_verb(person)}"))
    if inside is None:
        words = f"Covers part of {home.authority_name or 'this council’s area'}: it depends on which part."
        return Unsure(Reason("area_not_known", words), (_finer(person),))
    return No(_outside(service, person, home, snapshot))


def _nowhere_known(person: PersonFacts) -> Answer:
    if person.no_fixed_abode or person.residence_then is not None:
        text = "It depends on the part of town: they have no fixed address."
        return Unsure(Reason("area_not_known", text), (_finer(person),))
    return Unsure(Reason("area_not_known", "It depends on where they live."), (ASK_POSTCODE,))


def _finer(person: PersonFacts) -> Ask:
    return ASK_WILL_LIVE if person.residence_then is not None else ASK_STAYS


def covers(area: Area, home: Residence) -> bool | None:
    """Whether a residence lies in a patch; None when the ward would have to be known."""
    if not area.is_patchwork:
        return home.authority in area.authorities
    listed = ((home.ward, area.wards), (home.lsoa, area.lsoas), (home.postcode, area.postcodes))
    if any(code in codes for code, codes in listed):
        return True
    known_fine_enough = all(code is not None or not codes for code, codes in listed)
    if known_fine_enough or (area.authorities and home.authority not in area.authorities):
        return False
    return None


def _verb(person: PersonFacts) -> str:
    return "will live" if person.residence_then is not None else "live"


def _outside(service: Service, person: PersonFacts, home: Residence, snapshot: Snapshot) -> Reason:
    """The sentence for another area, with that area's contact; a private address is not given away by it."""
    if home.private or not home.authority:
        return Reason("out_of_area", "Takes residents of another area")
    place = snapshot.places.get(service.place_id or "")
    same_authority = home.authority in service.area.authorities
    takes = (
        f"residents of {place.name}" if place and not same_authority else "residents of another part of it"
    )
    lives = "will live" if person.residence_then is not None else "lives"
    text = f"{lives} in {home.authority_name or 'another council’s area'}; this service takes {takes}"
    contact = "" if same_authority else snapshot.neighbour_contact(service.place_id, home.authority)
    if contact:
        text = f"{text}. In {home.authority_name} ask: {contact}"
    return Reason("out_of_area", text)


def _registered(service: Service, person: PersonFacts, snapshot: Snapshot) -> Answer:
    if person.practice_ods is None:
        if person.registered is False:
            return Unsure(
                Reason("practice_not_known", "It depends on a GP: they have none yet."), (ASK_REGISTER,)
            )
        return Unsure(Reason("practice_not_known", "It depends on their GP practice."), (ASK_PRACTICE,))
    practices = service.area.practices
    if practices:
        inside = person.practice_ods in practices
    else:
        inside = snapshot.practice_place.get(person.practice_ods) == service.place_id
    if inside:
        return Yes(Reason("practice", "Works with their GP practice"))
    return No(Reason("other_practice", "takes patients of other GP practices"))


def _present(service: Service, person: PersonFacts, snapshot: Snapshot) -> Answer:
    where = _met_in(person, snapshot)
    if not where:
        return Unsure(Reason("area_not_known", "It depends on where they can be met."), (ASK_PRESENT,))
    if where & service.area.authorities:
        return Yes(Reason("area", "Meets people where they are"))
    return No(Reason("out_of_area", "meets people in another area"))


def _met_in(person: PersonFacts, snapshot: Snapshot) -> frozenset[str]:
    """Authorities they can be met in; somebody with no address is met where the sender is."""
    if person.present_in:
        return frozenset({person.present_in})
    if person.residence is not None and person.residence.authority:
        return frozenset({person.residence.authority})
    place = snapshot.places.get(person.sender.place_id or "")
    return frozenset(place.authorities) if place and person.no_fixed_abode else frozenset()


def _anywhere(_service: Service, _person: PersonFacts, _snapshot: Snapshot) -> Answer:
    return Yes()


_BASES = {"resident": _resident, "registered": _registered, "present": _present, "anywhere": _anywhere}
