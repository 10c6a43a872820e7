"""The demo's senders, schemes and teams, by the names from which their ids are made.

The directory's demo makes the same ids, so this loads whether or not its snapshot has been pulled.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.auth.caller import Kind
from shared.demo_ids import demo_id

LINK_TEAM = "york-gp-link-workers"
NAMES = {"linkworker": "Robin Ashdown", "lead": "Lee Example-Lead"}


def person_name(account: str) -> str:
    """What a member of a team is called."""
    return NAMES.get(account) or " ".join(part.capitalize() for part in account.split("-"))


@dataclass(frozen=True)
class Scheme:
    """A scheme with its team and the people who work it."""

    service: str
    organization: str
    team: str
    members: tuple[str, ...]
    needs: tuple[str, ...]
    place: str = "york"
    introduction: bool = False
    discreet: bool = False

    @property
    def team_id(self) -> UUID:
        """The owning team."""
        return demo_id("team", self.team)

    @property
    def organization_id(self) -> UUID:
        """Its organisation."""
        return demo_id("organization", self.organization)

    @property
    def service_id(self) -> UUID:
        """The service."""
        return demo_id("service", self.service)


@dataclass(frozen=True)
class Sender:
    """An organisation that sends, and who writes for it (None: its system)."""

    organization: str
    sector: str
    account: str | None = None
    name: str = ""
    ods_code: str | None = None
    place: str = "york"

    @property
    def themself(self) -> bool:
        """Nobody sent it: the person asked, by the public page."""
        return not self.organization

    @property
    def organization_id(self) -> UUID | None:
        """The organisation that sends it; None for the person themself."""
        return None if self.themself else demo_id("organization", self.organization)

    @property
    def kind(self) -> Kind:
        """Who writes: a person with an account, a system, or the person themself."""
        if self.themself:
            return Kind.SELF
        return Kind.PERSON if self.account else Kind.CLIENT

    @property
    def author_id(self) -> UUID | None:
        """The account or the client that writes."""
        if self.themself:
            return None
        return demo_id("account", self.account) if self.account else demo_id("client", self.organization)

    @property
    def client(self) -> str:
        """What the referral's `client` is: the account, the system, or the public page."""
        if self.themself:
            return "public"
        return str(self.author_id) if self.account else f"{self.organization}-system"


_EVERYDAY = ("loneliness", "bereavement", "physical_activity", "money_debt", "mental_wellbeing")

LINK_WORKERS = Scheme(
    LINK_TEAM,
    "york-west-pcn",
    LINK_TEAM,
    ("linkworker", "lead", "aniela-larkfield", "joseph-wrenbury"),
    _EVERYDAY,
)
SCHEMES: tuple[Scheme, ...] = (
    Scheme(
        "york-east-link-workers",
        "york-east-pcn",
        "york-east-link-workers",
        ("hannah-ferndale", "samuel-ashcombe", "mei-rowanwood"),
        _EVERYDAY,
    ),
    Scheme(
        "york-local-area-coordinators",
        "york-council",
        "york-lac",
        ("ruth-thistlewood", "daniel-marshfield"),
        ("loneliness", "housing", "mental_wellbeing", "other"),
        introduction=True,
    ),
    Scheme(
        "york-housing-connector",
        "york-council",
        "york-housing-connectors",
        ("tomasz-birchwood",),
        ("housing", "money_debt"),
    ),
    Scheme(
        "york-community-navigators",
        "york-community-circle",
        "york-navigators",
        ("margaret-heatherly", "yusuf-linnet"),
        ("loneliness", "arts_culture", "digital_skills", "volunteering"),
    ),
    Scheme(
        "memory-lane", "memory-lane", "memory-lane-navigators", ("helen-dovecote",), ("dementia", "caring")
    ),
    Scheme(
        "safe-harbour",
        "safe-harbour",
        "safe-harbour-advocates",
        ("nadia-silverbirch",),
        ("domestic_abuse",),
        discreet=True,
    ),
    Scheme(
        "wakefield-gp-link-workers",
        "wakefield-central-pcn",
        "wakefield-gp-link-workers",
        ("rachel-ousel", "david-woodlark"),
        _EVERYDAY,
        place="wakefield",
    ),
    Scheme(
        "castleford-link-workers",
        "five-rivers-pcn",
        "castleford-link-workers",
        ("stephen-plover", "amina-cornflower"),
        _EVERYDAY,
        place="wakefield",
    ),
    Scheme(
        "wakefield-local-area-coordinators",
        "wakefield-council",
        "wakefield-lac",
        ("pauline-sedgefield", "gareth-mallard"),
        ("loneliness", "housing", "other"),
        place="wakefield",
        introduction=True,
    ),
    Scheme(
        "fair-hearing-advice",
        "fair-hearing",
        "fair-hearing-advisers",
        ("peter-lindenbrook", "farah-junipero"),
        ("money_debt", "legal_rights", "housing"),
        place="wakefield",
    ),
)
FRONT_STREET = Sender("front-street-surgery", "health", "practice", "Pat Example-Reception", "Z99001")
BAKEHOUSE = Sender("fossgate-bakehouse", "employer")
"""An employer with whom nobody has signed a sharing agreement yet."""
THEMSELF = Sender("", "", name="The person themself")
SENDERS: tuple[Sender, ...] = (
    FRONT_STREET,
    FRONT_STREET,
    Sender("holgate-fields-surgery", "health", ods_code="Z99002"),
    Sender("micklegate-lane-practice", "health", ods_code="Z99003"),
    Sender("fossway-surgery", "health", ods_code="Z99004"),
    Sender("haxby-green-surgery", "health", ods_code="Z99005"),
    Sender("york-neighbourhood-police", "police", "police", "Chris Example-Constable"),
    Sender("ouse-homes", "housing", "housing", "Sam Example-Housing"),
    Sender("york-community-circle", "vcse", "vcse", "Rowan Example-Neighbour"),
    Sender("calder-bridge-surgery", "health", ods_code="Z99006", place="wakefield"),
    Sender("castleford-weir-practice", "health", ods_code="Z99007", place="wakefield"),
    Sender("elmsall-moor-surgery", "health", ods_code="Z99009", place="wakefield"),
    Sender("calder-homes", "housing", place="wakefield"),
)


def desk_team(place: str) -> UUID:
    """The duty desk of a place."""
    return demo_id("team", f"{place}-duty-desk")


def desk_organization(place: str) -> UUID:
    """The organisation that keeps it."""
    return demo_id("organization", f"{place}-council")
