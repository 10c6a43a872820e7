"""Words every directory begins with: sectors, connector roles and needs (HSDS taxonomy terms)."""

from __future__ import annotations

from typing import NamedTuple

SECTORS: tuple[tuple[str, str], ...] = (
    ("health", "Health"),
    ("social_care", "Social care"),
    ("local_authority", "Council"),
    ("housing", "Housing"),
    ("police", "Police"),
    ("fire", "Fire and rescue"),
    ("vcse", "Voluntary and community"),
    ("education", "Schools and colleges"),
    ("employer", "Employers"),
    ("other", "Other"),
)

CONNECTOR_ROLES: tuple[tuple[str, str], ...] = (
    ("pcn_link_worker", "GP link worker"),
    ("high_intensity_user_link_worker", "Intensive support link worker"),
    ("practice_health_champion", "Practice health champion"),
    ("local_area_coordinator", "Local Area Coordinator"),
    ("housing_connector", "Housing connector"),
    ("police_connector", "Police connector"),
    ("community_based_link_worker", "Community link worker"),
    ("community_navigator", "Community navigator"),
    ("health_trainer", "Health trainer"),
    ("peer_worker", "Peer worker"),
    ("community_development_worker", "Community development worker"),
    ("other", "Other role"),
)


class NeedWords(NamedTuple):
    """A need: its code, its name, how a person would say it, and whether it is said with care."""

    code: str
    name: str
    plain: str
    sensitive: bool = False


NEEDS: tuple[NeedWords, ...] = (
    NeedWords("loneliness", "Loneliness and isolation", "I would like more company"),
    NeedWords("money_debt", "Money and debt", "Money is a worry"),
    NeedWords("housing", "Housing", "My home is a worry, or I have none"),
    NeedWords("food", "Food", "There is not always enough to eat"),
    NeedWords("employment_training", "Work and training", "I want to work or learn something"),
    NeedWords("mental_wellbeing", "Mental wellbeing", "I feel low or anxious", True),
    NeedWords("physical_activity", "Being active", "I would like to move more"),
    NeedWords("healthy_lifestyle", "Healthy living", "I would like to eat, sleep or live more healthily"),
    NeedWords("long_term_condition", "Living with a long-term condition", "My health makes daily life hard"),
    NeedWords("caring", "Caring for somebody", "I look after somebody and need support myself"),
    NeedWords("bereavement", "Bereavement", "Somebody close to me has died"),
    NeedWords("parenting_family", "Parenting and family", "Family life is hard just now"),
    NeedWords("domestic_abuse", "Domestic abuse", "I do not feel safe with somebody at home", True),
    NeedWords("substance_use", "Alcohol and drugs", "Alcohol or drugs are a worry", True),
    NeedWords("learning_disability", "Learning disability", "I have a learning disability and want support"),
    NeedWords("dementia", "Dementia and memory", "Memory is a worry, mine or somebody’s close to me"),
    NeedWords("transport", "Getting about", "I cannot get to where I need to be"),
    NeedWords("digital_skills", "Phones and computers", "I would like help with a phone or computer"),
    NeedWords("immigration_asylum", "Immigration and asylum", "I am worried about papers to stay here", True),
    NeedWords("legal_rights", "Rights and legal advice", "I need to know what I am entitled to"),
    NeedWords("arts_culture", "Arts and culture", "I would like to make, sing, read or see things"),
    NeedWords("nature_outdoors", "Nature and outdoors", "I would like to be outdoors or in a garden"),
    NeedWords("volunteering", "Volunteering", "I would like to give my time"),
    NeedWords("faith_community", "Faith and community", "I would like to find people of my faith or culture"),
    NeedWords("other", "Something else", "It is something else"),
)
NEED_CODES: tuple[str, ...] = tuple(need.code for need in NEEDS)


class CircumstanceWords(NamedTuple):
    """An eligibility label: its code, name, the question that settles it, and whom it is true of."""

    code: str
    name: str
    question: str
    who: str


CIRCUMSTANCES: tuple[CircumstanceWords, ...] = (
    CircumstanceWords(
        "no_fixed_abode", "No fixed abode", "Do they have no fixed abode?", "have no fixed abode"
    ),
    CircumstanceWords(
        "leaving_prison",
        "Leaving prison",
        "Are they leaving prison?",
        "are leaving prison or have left it lately",
    ),
    CircumstanceWords("carer", "Carer", "Do they look after somebody?", "care for somebody"),
    CircumstanceWords(
        "veteran",
        "Served in the armed forces",
        "Have they served in the armed forces?",
        "have served in the armed forces",
    ),
    CircumstanceWords(
        "leaving_hospital", "Leaving hospital", "Are they leaving hospital?", "are leaving hospital"
    ),
    CircumstanceWords("care_leaver", "Care leaver", "Have they been in care?", "have been in care"),
    CircumstanceWords(
        "tenant",
        "Tenant of the organisation",
        "Are they a tenant of {organization}?",
        "are tenants of {organization}",
    ),
)

# Ways in and around a venue: code and what people are told.
ACCESSIBILITY: tuple[tuple[str, str], ...] = (
    ("step_free", "Step-free way in"),
    ("ramp", "Ramp"),
    ("lift", "Lift"),
    ("wide_doors", "Wide doors"),
    ("accessible_toilet", "Accessible toilet"),
    ("changing_place", "Changing Places toilet"),
    ("blue_badge_parking", "Blue Badge parking"),
    ("hearing_loop", "Hearing loop"),
    ("bsl", "British Sign Language spoken"),
    ("large_print", "Large print"),
    ("quiet_space", "Quiet space"),
    ("assistance_dogs", "Assistance dogs welcome"),
    ("baby_changing", "Baby changing"),
    ("near_bus_stop", "Bus stop nearby"),
)
