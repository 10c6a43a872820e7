"""Events, answers of the other services, and a post office, as notifications meets them."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import requests
import responses
from aiosmtpd.smtp import SMTP as SmtpServer  # noqa: N811 - smtplib's class has the same name
from aiosmtpd.smtp import AuthResult, Envelope, Session

from services.notifications.catcher import LARGEST_LETTER, Keeper
from shared.auth import Caller, Membership, Role
from shared.auth.caller import Kind
from shared.settings import internal_url

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PRACTICE, CHARITY = UUID(int=1), UUID(int=2)
LATER = AT + timedelta(minutes=10)


def event(type: str = "referral.declined.v1", referral: UUID | None = None, **changes: Any) -> dict[str, Any]:
    """A CloudEvent of referrals; `data` holds more data."""
    referral = referral or uuid4()
    data = {"referral_id": str(referral), "organization_id": str(PRACTICE), "act": type.split(".")[1]}
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/referrals",
        "type": type,
        "subject": str(referral),
        "time": AT.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": data | changes.pop("data", {}),
    } | changes


def undoing(undone: dict[str, Any], at: datetime = AT) -> dict[str, Any]:
    """The event that takes `undone` back."""
    return event(
        "referral.undone.v1",
        UUID(undone["subject"]),
        data={"undoes": undone["id"]},
        time=at.isoformat(),
    )


def account_notice(kind: str = "password_reset", link: UUID | None = None) -> dict[str, Any]:
    """A CloudEvent of the directory: a letter about an account."""
    data = {"link_id": str(link or uuid4()), "account_id": None, "kind": kind, "urgent": True}
    return event("account.notice.v1", source="/directory", subject=data["link_id"], data=data)


def person(*roles: Role, org: UUID = PRACTICE, account: UUID | None = None) -> Caller:
    """Somebody signed in, in one organisation."""
    memberships = tuple(Membership(org, role) for role in roles or (Role.SENDER,))
    return Caller(
        str(account or uuid4()), Kind.PERSON, org=org, memberships=memberships, name="Terry Example"
    )


def partner(org: UUID = PRACTICE, *roles: Role) -> Caller:
    """A partner's system."""
    return Caller(
        "demo-system",
        Kind.CLIENT,
        org=org,
        memberships=tuple(Membership(org, r) for r in roles or (Role.SENDER,)),
    )


class Neighbours:
    """Referrals and the directory as HTTP services: what they know is set here; what is asked is kept."""

    def __init__(self, stub: responses.RequestsMock) -> None:
        self.stub = stub
        self.audiences: dict[str, dict[str, Any]] = {}
        self.accounts: dict[str, dict[str, Any]] = {}
        self.links: dict[str, dict[str, Any]] = {}
        self.mailboxes: dict[str, str] = {}
        self.feeds: dict[str, list[dict[str, Any]]] = {"referrals": [], "directory": []}
        self.away: set[str] = set()
        self.no_feed: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self.minted = 0
        for service, method, path, answer in (
            ("referrals", "GET", r"/api/v1/referrals/[0-9a-f-]+/audience", self._audience),
            ("directory", "POST", r"/api/v1/accounts/lookup", self._lookup),
            ("directory", "POST", r"/api/v1/referral-mailboxes/lookup", self._mailboxes),
            ("directory", "POST", r"/api/v1/links/[0-9a-f-]+/mint", self._mint),
            ("referrals", "GET", r"/api/v1/events", lambda request: self._feed("referrals", request)),
            ("directory", "GET", r"/api/v1/events", lambda request: self._feed("directory", request)),
        ):
            self._serve(service, method, path, answer)

    def tells(self, told: dict[str, Any], *recipients: dict[str, Any], **answer: Any) -> None:
        """Who may be told of the event `told`, from now on."""
        self.audiences[told["id"]] = {
            "event": told["type"],
            "reference": "LW-7K2F-9D4",
            "held_until": None,
            "cancelled": False,
            "recipients": list(recipients),
        } | answer

    def account(
        self, *channels: str, org: UUID = PRACTICE, active: bool = True, **more: Any
    ) -> dict[str, Any]:
        """A new account, and the recipient that an audience names it by."""
        account_id = str(uuid4())
        self.accounts[account_id] = {
            "id": account_id,
            "name": "Robin Receptionist",
            "email": f"robin-{account_id[:8]}@practice.example",
            "active": active,
            "organizations": [str(org)],
        }
        return {
            "kind": "account",
            "id": account_id,
            "organization_id": str(org),
            "channels": list(channels or ("email",)),
            "template": "referral_news",
            "words": "passed back",
            "path": "/referrals/00000000-0000-0000-0000-000000000001",
        } | more

    def mailbox(self, email: str = "referrals@practice.example", org: UUID = PRACTICE) -> dict[str, Any]:
        """An organisation's mailbox, and the recipient that an audience names it by."""
        self.mailboxes[str(org)] = email
        return {
            "kind": "mailbox",
            "organization_id": str(org),
            "channels": ["email"],
            "template": "referral_news",
            "words": "",
            "path": "/referrals/00000000-0000-0000-0000-000000000001",
        }

    def asked_for(self, part: str) -> int:
        """How often an address with `part` in it was asked for."""
        return sum(part in path for _, path in self.asked)

    def _serve(self, service: str, method: str, path: str, answer: Callable[[Any], tuple[int, Any]]) -> None:
        def reply(request: Any) -> tuple[int, dict[str, str], str]:
            assert request.headers["Authorization"].startswith("Bearer ")
            self.asked.append((service, request.path_url))
            if service in self.away:
                raise requests.ConnectionError("away")
            status, body = answer(request)
            return status, {}, json.dumps(body)

        address = re.compile(re.escape(internal_url(service)) + path + r"(\?.*)?$")
        self.stub.add_callback(method, address, reply, content_type="application/json")

    def _audience(self, request: Any) -> tuple[int, Any]:
        found = self.audiences.get(request.params["event_id"])
        return (404, {"status": 404}) if found is None else (200, found)

    def _lookup(self, request: Any) -> tuple[int, Any]:
        wanted = json.loads(request.body)["ids"]
        return 200, {"items": [self.accounts[each] for each in wanted if each in self.accounts]}

    def _mailboxes(self, request: Any) -> tuple[int, Any]:
        wanted = json.loads(request.body)["ids"]
        found = [
            {"organization_id": id, "email": self.mailboxes[id]} for id in wanted if id in self.mailboxes
        ]
        return 200, {"items": found}

    def _mint(self, request: Any) -> tuple[int, Any]:
        link = self.links.get(request.path_url.split("/")[-2])
        if link is None:
            return 409, {"status": 409}
        self.minted += 1
        return 200, link | {"url": f"{link['url']}-{self.minted}"}

    def _feed(self, producer: str, request: Any) -> tuple[int, Any]:
        if producer in self.no_feed:
            return 404, {"status": 404}
        after = int(request.params.get("after", 0))
        items = self.feeds[producer][after : after + int(request.params["limit"])]
        return 200, {"items": items, "next_cursor": str(after + len(items)) if items else None}


class PostOffice:
    """A real SMTP server in a thread. `say` answers the next letters; what is taken is kept as caught."""

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, implicit: bool = False, auth: bool = False
    ) -> None:
        self.tls, self.implicit, self.auth = tls, implicit, auth
        self.say: list[str] = []
        self.offered: dict[str, int] = defaultdict(int)
        self.signed_in = 0
        self.pause = 0.0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> PostOffice:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: Any) -> None:
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await self._loop.create_server(
            self._conversation, "127.0.0.1", self.port, ssl=self.tls if self.implicit else None
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await self._stop.wait()

    def _conversation(self) -> SmtpServer:
        return SmtpServer(
            _Clerk(self),
            data_size_limit=LARGEST_LETTER,
            tls_context=self.tls if self.tls and not self.implicit else None,
            require_starttls=bool(self.tls) and not self.implicit,
            # Over TLS from the start aiosmtpd does not see the TLS and would warn.
            auth_required=self.auth and not self.implicit,
            auth_require_tls=not self.implicit,
            authenticator=self._check_password,
            loop=self._loop,
        )

    def _check_password(
        self, _server: Any, _session: Any, _envelope: Any, _how: str, given: Any
    ) -> AuthResult:
        self.signed_in += 1
        return AuthResult(success=given.password == b"right password", handled=False)


class _Clerk(Keeper):
    def __init__(self, office: PostOffice) -> None:
        self.office = office

    async def handle_DATA(self, server: SmtpServer, session: Session, envelope: Envelope) -> str:  # noqa: N802
        found = re.search(rb"^Message-ID: (\S+)", envelope.content or b"", re.MULTILINE | re.IGNORECASE)
        self.office.offered[found[1].decode() if found else ""] += 1
        said = self.office.say.pop(0) if self.office.say else ""
        await asyncio.sleep(self.office.pause)
        if said == "take and break":
            await super().handle_DATA(server, session, envelope)
            server.transport.abort()
            return "250 Taken"
        return said or await super().handle_DATA(server, session, envelope)
