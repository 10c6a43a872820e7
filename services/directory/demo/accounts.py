"""The demo's people and partners' systems. Their password and secrets are printed for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.directory.actions.signing_in import cheap_hashing
from services.directory.domain.keys import secret_hash
from services.directory.domain.passwords import hash_of
from services.directory.store.identity import Account, ApiClient, ClientSecret, Membership
from services.directory.store.mailboxes import ReferralMailbox
from shared.auth import Role
from shared.demo_ids import demo_id

PASSWORD = "demo-only-password"  # noqa: S105 - printed for everybody; it opens invented data only


@dataclass(frozen=True)
class DemoPerson:
    """Somebody invented. `organization` and `team` are the names `demo_id` knows them by.

    `local` is the address before `@demo.example`, and the name of the account's id.
    """

    local: str
    name: str
    organization: str
    roles: tuple[str, ...]
    team: str | None = None
    can_sign_in: bool = True

    @property
    def email(self) -> str:
        """The whole address."""
        return f"{self.local}@demo.example"


@dataclass(frozen=True)
class DemoClient:
    """An invented partner's system; its secret is `<client_id>-secret`."""

    client_id: str
    name: str
    organization: str
    roles: tuple[Role, ...]
    team: str | None = None


_LINK_WORKERS = "york-gp-link-workers"
PEOPLE = (
    DemoPerson("practice", "Pat Example-Reception", "front-street-surgery", (Role.SENDER,)),
    DemoPerson("practice-admin", "Morgan Example-Manager", "front-street-surgery", (Role.ORG_ADMIN,)),
    DemoPerson("police", "Chris Example-Constable", "york-neighbourhood-police", (Role.SENDER,)),
    DemoPerson("housing", "Sam Example-Housing", "ouse-homes", (Role.SENDER,)),
    DemoPerson("vcse", "Rowan Example-Neighbour", "york-community-circle", (Role.SENDER,)),
    DemoPerson("linkworker", "Robin Ashdown", "york-west-pcn", (Role.WORKER,), _LINK_WORKERS),
    DemoPerson("lead", "Lee Example-Lead", "york-west-pcn", (Role.LEAD, Role.WORKER), _LINK_WORKERS),
    DemoPerson("dutydesk", "Dee Example-Dutydesk", "york-council", (Role.DUTY_DESK,), "york-duty-desk"),
    DemoPerson(
        "dutydesk-wakefield",
        "Jo Example-Dutydesk",
        "wakefield-council",
        (Role.DUTY_DESK,),
        "wakefield-duty-desk",
    ),
    DemoPerson("safeguarding", "Sasha Example-Safeguarding", "york-council", (Role.SAFEGUARDING_LEAD,)),
    DemoPerson("admin", "Alex Example-Admin", "york-forum", (Role.FORUM_ADMIN,)),
    DemoPerson("chair", "Charlie Example-Chair", "york-forum", (Role.FORUM_CHAIR,)),
    DemoPerson("place", "Lou Example-Place", "york-council", (Role.COMMISSIONER,)),
)
CLIENTS = (
    DemoClient("demo-practice", "Front Street's record system", "front-street-surgery", (Role.SENDER,)),
    DemoClient("demo-police", "The police's referral system", "york-neighbourhood-police", (Role.SENDER,)),
    DemoClient("demo-housing", "Ouse Homes' housing system", "ouse-homes", (Role.SENDER,)),
    DemoClient("demo-vcse", "The Community Circle's system", "york-community-circle", (Role.SENDER,)),
    DemoClient(
        "demo-linkworker", "The link workers' case system", "york-west-pcn", (Role.WORKER,), _LINK_WORKERS
    ),
    DemoClient("demo-admin", "The forum's admin tool", "york-forum", (Role.FORUM_ADMIN,)),
)


# Organisations whose mailbox for news was confirmed already.
MAILBOXES = {"front-street-surgery": "referrals@front-street-surgery.example"}


def load_mailboxes(session: Session, addresses: Mapping[str, str], at: datetime) -> None:
    """Give these organisations a mailbox, where they have none."""
    for slug, email in addresses.items():
        organization_id = demo_id("organization", slug)
        if session.get(ReferralMailbox, organization_id) is None:
            session.add(ReferralMailbox(organization_id=organization_id, email=email, confirmed_at=at))
    session.flush()


def load_accounts(session: Session, people: Iterable[DemoPerson], at: datetime) -> int:
    """Add the people who are not there yet, with their memberships; returns how many were added."""
    added = 0
    for person in people:
        account_id = demo_id("account", person.local)
        if session.get(Account, account_id) is not None:
            continue
        session.add(
            Account(
                id=account_id,
                email=person.email,
                name=person.name,
                password_hash=hash_of(PASSWORD, cheap=cheap_hashing()) if person.can_sign_in else None,
                password_changed_at=at if person.can_sign_in else None,
                created_at=at,
            )
        )
        session.flush()
        session.add_all(_membership(person, role, at) for role in person.roles)
        added += 1
    session.flush()
    return added


def load_clients(session: Session, clients: Iterable[DemoClient], at: datetime) -> int:
    """Add the systems that are not there yet; returns how many were added."""
    added = 0
    for client in clients:
        row_id = demo_id("client", client.client_id)
        if session.get(ApiClient, row_id) is not None:
            continue
        session.add(
            ApiClient(
                id=row_id,
                client_id=client.client_id,
                name=client.name,
                organization_id=demo_id("organization", client.organization),
                team_id=demo_id("team", client.team) if client.team else None,
                roles=[str(role) for role in client.roles],
                created_at=at,
            )
        )
        session.flush()
        hashed = secret_hash(f"{client.client_id}-secret")
        session.add(ClientSecret(client_id=row_id, secret_hash=hashed, created_at=at))
        added += 1
    session.flush()
    return added


def _membership(person: DemoPerson, role: str, at: datetime) -> Membership:
    team = person.team if role in (Role.WORKER, Role.LEAD, Role.DUTY_DESK) else None
    return Membership(
        id=demo_id("membership", f"{person.local}:{role}"),
        account_id=demo_id("account", person.local),
        organization_id=demo_id("organization", person.organization),
        team_id=demo_id("team", team) if team else None,
        role=str(role),
        started_at=at,
    )
