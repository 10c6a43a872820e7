"""The words of our pages where the domain has only a code: states, routes in, priorities, channels."""

from __future__ import annotations

from collections.abc import Mapping

from services.referrals.actions.helping import ENDED_BY_WORDS, MODE_WORDS
from services.referrals.actions.list_views import ListItem
from services.referrals.domain.life import OUTCOME_WORDS, RouteIn
from services.referrals.domain.states import LABELS, STATE_WORDS, Act, State

STATE_COLOURS: Mapping[State, str] = {
    State.DRAFT: "white",
    State.REQUESTED: "blue",
    State.RECEIVED: "blue",
    State.ACCEPTED: "aqua-green",
    State.IN_PROGRESS: "green",
    State.ON_HOLD: "yellow",
    State.COMPLETED: "grey",
    State.REJECTED: "orange",
    State.CANCELLED: "grey",
    State.FAILED: "orange",
    State.ENTERED_IN_ERROR: "white",
}

STATES: dict[str, dict[str, str]] = {
    state.value: {"text": words, "colour": STATE_COLOURS[state]} for state, words in STATE_WORDS.items()
} | {"closed": {"text": "Closed", "colour": "grey"}}
"""For the `state_tag` macro; `closed` is the one word a coarse view has for every ending.

Which state somebody may read is settled before: `domain.views.shown_status`.
"""

ROUTE_IN: dict[str, str] = {
    RouteIn.PROFESSIONAL.value: "Professional referral",
    RouteIn.INTRODUCTION.value: "Introduction",
    RouteIn.SELF.value: "Asked for themself",
    RouteIn.INVITATION.value: "By invitation",
}

ROUTE_IN_CHOICES: dict[str, tuple[str, str]] = {
    RouteIn.PROFESSIONAL.value: ("I refer them as a professional", ""),
    RouteIn.INTRODUCTION.value: (
        "I introduce them",
        "For services that take introductions and have no criteria, such as Local Area Coordination.",
    ),
    RouteIn.SELF.value: (
        "They asked for themself",
        "By phone, at the door or by e-mail, and I am typing it in.",
    ),
}


def came_words(item: ListItem) -> str:
    """How somebody came, and from whom: `Professional referral, Kite Lane Surgery`; `Asked for themself`."""
    if item.route_in != RouteIn.SELF:
        return ", ".join(part for part in (ROUTE_IN.get(item.route_in or ""), item.sender_name) if part)
    if not item.has_sender:
        return "A family member or friend asked" if item.spoke_for else ROUTE_IN[RouteIn.SELF]
    asked = "Somebody asked for them" if item.spoke_for else ROUTE_IN[RouteIn.SELF]
    return f"{asked}, typed in at {item.sender_name}"


PRIORITY = {"routine": "Routine", "sooner": "Sooner"}

SAFEGUARDING = {"yes": "Yes", "no": "No", "not_known": "Not known"}

LAWFUL_BASIS: dict[str, tuple[str, str]] = {
    "public_task": ("Public task", "The usual basis in the NHS, councils, police and schools."),
    "legitimate_interests": ("Legitimate interests", "The usual basis of charities and community groups."),
    "explicit_consent": ("Explicit consent", "Only where the person’s agreement is the one basis there is."),
    "vital_interests": ("Vital interests", "To protect somebody’s life."),
}

CHANNELS: dict[str, str] = {
    "phone": "Phone call",
    "text": "Text message",
    "email": "E-mail",
    "post": "Letter",
    "visit": "Visit",
    "via": "Through somebody or at a place",
}

# The imperative of each channel, for "Do not ring." and "You may ring: 01632 960 001."
CHANNEL_VERBS: dict[str, str] = {
    "phone": "ring",
    "text": "text",
    "email": "e-mail",
    "post": "write",
    "visit": "visit",
    "via": "reach them through",
}

PURPOSES: dict[str, str] = {
    "share_referral": "may see this referral",
    "know_of_each_other": "Those who help may know of each other",
    "feedback_to_sender": "We may be told how it goes",
    "feedback_to_gp": "Their GP practice may be told how it goes",
}


def agreement_subject(purpose: str, recipient: str) -> str:
    """What an answer is about: `Kettle Day Centre may see this referral`."""
    return f"{recipient} {PURPOSES[purpose]}" if purpose == "share_referral" else PURPOSES[purpose]


HOW_ASKED: dict[str, str] = {
    "in_person": "In person",
    "phone": "By phone",
    "video": "By video",
    "written": "In writing",
    "interpreter": "With an interpreter",
}

ENDED_BY: dict[str, str] = {by.value: words for by, words in ENDED_BY_WORDS.items()}

OUTCOMES: dict[str, str] = {outcome.value: words for outcome, words in OUTCOME_WORDS.items()}

CONTACT_MODES: dict[str, str] = dict(MODE_WORDS)

ACT_LABELS: dict[str, str] = {act.value: label for act, label in LABELS.items()}

WAIT_BASIS: dict[str, str] = {
    "measured": "measured over the last 90 days",
    "declared": "as the service says",
    "unknown": "",
}


def wait_words(days: int | None, basis: str) -> str:
    """The expected wait as a sentence that says where the figure comes from."""
    if days is None or basis not in ("measured", "declared"):
        return "Expected wait not known"
    length = "less than a day" if days == 0 else "1 day" if days == 1 else f"{days} days"
    return f"Expected wait {length} ({WAIT_BASIS[basis]})"


def age_words(age: int | None, estimated: bool = False) -> str:
    """`74`, `about 74`, or that it is not known."""
    if age is None:
        return "age not known"
    return f"about {age}" if estimated else str(age)


def working_days(days: int) -> str:
    """`2 working days`."""
    return "1 working day" if days == 1 else f"{days} working days"


def act_done(act: Act) -> str:
    """The code of the message shown after `act`; see `web.MESSAGES`."""
    return f"done-{act.value}"


NEXT_WORDS: dict[str, str] = {
    State.REQUESTED.value: "The team looks at it",
    State.RECEIVED.value: "The team looks at it",
    State.ACCEPTED.value: "First contact",
    State.IN_PROGRESS.value: "Next contact",
    State.ON_HOLD.value: "Look at it again",
}


def next_words(status: str, by: str | None) -> str:
    """What is due next, and from whom."""
    return "The sender answers" if by == "sender" else NEXT_WORDS.get(status, "Next step")


LANGUAGES: dict[str, str] = {
    "en": "English", "ar": "Arabic", "bn": "Bengali", "bfi": "British Sign Language", "cy": "Welsh",
    "es": "Spanish", "fa": "Persian", "fr": "French", "gu": "Gujarati", "hu": "Hungarian", "it": "Italian",
    "ku": "Kurdish", "lt": "Lithuanian", "lv": "Latvian", "pa": "Punjabi", "pl": "Polish",
    "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "so": "Somali",
    "sq": "Albanian", "ti": "Tigrinya", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "yue": "Cantonese", "zh": "Mandarin",
}  # fmt: skip

ACCESS_NEEDS: tuple[str, ...] = (
    "An interpreter",
    "British Sign Language",
    "Large print",
    "Easy read",
    "Written words rather than calls",
    "Step-free access",
    "Somebody with them",
    "More time, or a quiet place",
)
