"""One small directory with fixed ids: what the contract's examples were taken from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from services.directory.actions.keep_services import keep_service
from services.directory.actions.seed import put_words
from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import FoundAt, PatchArea, Polygon, ServiceDoc, Term
from services.directory.store.database import database
from services.directory.store.identity import Account, Membership
from services.directory.store.link_workers import Absence, LinkWorker, LinkWorkerTeam, SurgerySession
from services.directory.store.locations import Location
from services.directory.store.organizations import Organization, OrganizationIdentifier, SharingAgreement
from services.directory.store.pcns import Pcn, PracticeInPcn
from services.directory.store.places import Area, EmergencyNumber, Neighbour, Place
from services.directory.store.postcodes import Postcode
from services.directory.store.services import Verification
from services.directory.store.teams import Team
from shared.demo_ids import demo_id

_AROUND = [[-1.2, 53.9], [-1.1, 53.9], [-1.1, 54.0], [-1.2, 54.0], [-1.2, 53.9]]
AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def an_id(name: str) -> UUID:
    """The id of one thing of the example."""
    return demo_id("example", name)


def load_example() -> None:
    """A place, two organisations that have signed, a scheme with its team, a worker who is away."""
    with database.transaction() as session:
        put_words(session)
        session.add(Area(code="E06000099", kind="authority", name="Exampleton"))
        session.add(
            Place(
                id=an_id("place"),
                code="exampleton",
                name="Exampleton",
                authorities=["E06000099"],
                next_action_days={"received": 2, "accepted": 5, "asked": 5},
            )
        )
        session.flush()
        session.add_all(
            [
                EmergencyNumber(
                    place_id=an_id("place"),
                    position=0,
                    name="Police, fire or ambulance",
                    number="999",
                    when="Somebody may die or come to serious harm now",
                    what="Ask for the service you need.",
                ),
                Neighbour(
                    place_id=an_id("place"),
                    authority="E06000098",
                    name="Next Door",
                    contact="Next Door desk, 01632 960123",
                ),
                Postcode(
                    pcds="YO24 3BZ",
                    authority="E06000099",
                    ward="E05099999",
                    lsoa="E01099999",
                    lat=53.95418,
                    lon=-1.12726,
                ),
                _body("surgery", "Example Surgery", "health"),
                _body("network", "Example Network", "health"),
            ]
        )
        session.flush()
        session.add(
            OrganizationIdentifier(organization_id=an_id("surgery"), scheme="GB-NHS", identifier="Z99099")
        )
        session.add(
            SharingAgreement(
                id=an_id("agreement"),
                organization_a=an_id("surgery"),
                organization_b=an_id("network"),
                purposes=["share_referral", "feedback_to_sender"],
                valid_from=date(2026, 1, 1),
                signed_by_a="A",
                signed_by_b="B",
            )
        )
        for name, kind in (("team", "scheme"), ("desk", "duty_desk")):
            session.add(
                Team(
                    id=an_id(name),
                    organization_id=an_id("network"),
                    place_id=an_id("place"),
                    name=f"Example {name}",
                    kind=kind,
                )
            )
        session.flush()
    _load_service()
    _load_worker()


def _body(slug: str, name: str, sector: str) -> Organization:
    return Organization(
        id=an_id(slug),
        name=name,
        sector=sector,
        place_id=an_id("place"),
        email=f"hello@{slug}.example",
        phone="01632 960100",
        email_domains=[f"{slug}.example"],
        last_modified=AT,
    )


def _load_service() -> None:
    service = ServiceDoc(
        organization_id=an_id("network"),
        place_id=an_id("place"),
        name="Example link workers",
        description="People who find out what matters to you.",
        email="linkworkers@network.example",
        phone="01632 960101",
        kind="scheme",
        connector_role="pcn_link_worker",
        support_type="sustained_one_to_one",
        who_for="Adults in Exampleton",
        not_for="Nobody",
        differs="We walk there with you.",
        routes_in=("professional", "self"),
        ending="by_worker",
        invitation="Come along.",
        fees_description="Free",
        languages=("en", "pl"),
        working_days=(0, 1, 2),
        minimum_age=18,
        area_basis=("resident", "registered"),
        area_words="Exampleton",
        circumstances=("carer",),
        sender_sectors=("health", "vcse"),
        terms=frozenset({Term("needs", "loneliness"), Term("needs", "food")}),
        areas=frozenset(
            {
                PatchArea("authority", "E06000099"),
                PatchArea("ward", "E05099999"),
                PatchArea("practice", "Z99099"),
                PatchArea("pcn", "U99099"),
            }
        ),
        polygons=(Polygon("By the hall", {"type": "Polygon", "coordinates": [_AROUND]}),),
        locations=(FoundAt(an_id("location"), main=True),),
        team_ids=frozenset({an_id("team")}),
        status="active",
    )
    capacity = Capacity(limit=30, open_places=4, declared_wait_days=14, paused_until=date(2026, 1, 31))
    with database.transaction() as session:
        session.add(Pcn(code="U99099", name="Example network"))
        session.flush()
        session.add(PracticeInPcn(practice_ods="Z99098", pcn_code="U99099"))
        session.add(
            Location(
                id=an_id("location"),
                organization_id=an_id("network"),
                name="Example Hall",
                address_1="1 Example Street",
                city="Exampleton",
                postal_code="YO24 3BZ",
                latitude=53.95418,
                longitude=-1.12726,
            )
        )
        session.flush()
        keep_service(session, an_id("service"), service, at=AT, capacity=capacity)
        session.add(
            Verification(
                service_id=an_id("service"),
                field_group="contact",
                verified_at=AT,
                verified_by="A tester",
                source="telephone",
                valid_until=date(2099, 11, 22),
            )
        )


def _load_worker() -> None:
    with database.transaction() as session:
        for name in ("worker", "cover"):
            session.add(
                Account(
                    id=an_id(name), email=f"{name}@network.example", name=f"Ex Ample-{name}", created_at=AT
                )
            )
            session.flush()
            session.add(
                Membership(
                    id=an_id(f"{name} membership"),
                    account_id=an_id(name),
                    organization_id=an_id("network"),
                    team_id=an_id("team"),
                    role="worker",
                    started_at=AT,
                )
            )
            session.add(
                LinkWorker(
                    id=an_id(f"{name} entry"),
                    account_id=an_id(name),
                    name=f"Ex Ample-{name}",
                    role="pcn_link_worker",
                    employer_id=an_id("network"),
                    about="Speaks Polish." if name == "worker" else "",
                    languages=["en", "pl"] if name == "worker" else ["en"],
                    working_days=[0, 1, 2],
                    caseload_limit=30,
                    listed=True,
                )
            )
            session.flush()
            session.add(LinkWorkerTeam(link_worker_id=an_id(f"{name} entry"), team_id=an_id("team")))
        session.add(
            SurgerySession(
                link_worker_id=an_id("worker entry"),
                service_id=an_id("service"),
                practice_ods="Z99099",
                weekday=2,
                name="Session at Example Surgery",
            )
        )
        session.add(
            Absence(
                id=an_id("absence"),
                link_worker_id=an_id("worker entry"),
                from_on=date(2026, 1, 1),
                to_on=date(2099, 12, 31),
                cover_id=an_id("cover entry"),
            )
        )
