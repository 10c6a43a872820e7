"""What the invented people say matters to them, by need."""

from __future__ import annotations

from collections.abc import Mapping

WISHES: Mapping[str, tuple[str, ...]] = {
    "loneliness": (
        "I would like somebody to have a cup of tea with.",
        "To get out of the house again since my husband died.",
        "I have not talked to anybody since Sunday.",
    ),
    "money_debt": ("To sort out the letters that keep coming.", "To know what I owe, and to whom."),
    "housing": ("To sleep without worrying about the rent.", "A flat without stairs before the winter."),
    "food": ("To eat something hot on most days.", "To get the shopping in when the money has gone."),
    "employment_training": ("To find work with hours that fit the school day.", "To learn a trade at fifty."),
    "mental_wellbeing": (
        "To find a class where I do not have to talk much.",
        "To have a reason to get up in the morning.",
    ),
    "physical_activity": ("To be able to climb the stairs without a rest.", "To swim again, as I used to."),
    "healthy_lifestyle": (
        "To stop smoking before the baby comes.",
        "To cook for one and not just heat it up.",
    ),
    "long_term_condition": ("To meet people who live with what I have.", "To plan a week around my pain."),
    "caring": (
        "An afternoon a week for myself.",
        "Somebody who knows what it is like to look after your mother.",
    ),
    "bereavement": ("To talk about my wife with somebody who is not family.", "To go through her things."),
    "parenting_family": ("To meet other parents who do not judge.", "Some peace at bedtime."),
    "domestic_abuse": ("To feel safe at home.",),
    "substance_use": ("To drink less, and have something to do instead.",),
    "learning_disability": ("To have friends of my own age.", "To go bowling."),
    "dementia": ("To keep singing as long as I can.", "A place where it does not matter what I forget."),
    "transport": ("To get to the hospital without asking my neighbour.",),
    "digital_skills": ("To be able to ring my sister on the tablet.", "To see the doctor’s messages myself."),
    "immigration_asylum": (
        "To understand the letter from the Home Office.",
        "To learn English with other mothers.",
    ),
    "legal_rights": ("To know what I can do about the landlord.",),
    "arts_culture": ("To paint again, with others.", "To sing without having to be good at it."),
    "nature_outdoors": ("A garden to look after, even a small one.", "To see the river again."),
    "volunteering": ("To be of use to somebody.", "To pass on what I know of engines."),
    "faith_community": ("To find people to pray with near here.",),
}
_OTHER = ("Somebody to think it through with me.",)


def wish(needs: list[str], number: int) -> str:
    """What somebody with these needs says; another one for another number."""
    said = [one for need in needs for one in WISHES.get(need, _OTHER)]
    return said[number % len(said)]
