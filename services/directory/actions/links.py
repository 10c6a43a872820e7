"""Links in e-mails: their tokens are made when the e-mail is sent, open once, and say why they do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.directory import config
from services.directory.domain.links import WITH_TOKEN, LinkKind, ended
from services.directory.domain.sessions import new_token, token_hash
from services.directory.store.database import database
from services.directory.store.identity import Account, ActionLink
from shared.errors import Conflict, NotFound

_WORDS = {
    "used": "This link was used already. Each link works once.",
    "withdrawn": "This link was taken back or replaced by a newer one.",
    "expired": "This link is too old to work.",
}
_PATHS = {
    LinkKind.INVITATION: "/invitation/{token}",
    LinkKind.PASSWORD_RESET: "/reset/{token}",
    LinkKind.PASSWORD_CHANGED: "/account",
    LinkKind.SIGNED_IN_NEW_PLACE: "/account",
    LinkKind.SECOND_STEP_REMOVED: "/account",
    LinkKind.MAILBOX_CONFIRM: "/mailbox/confirm/{token}",
    LinkKind.MAILBOX_ENDED: "/",
}


@dataclass(frozen=True)
class Letter:
    """What the sender of a letter needs: to whom, the address it leads to, and which letter it is."""

    to: str
    url: str
    template: str


def mint(link_id: UUID, at: datetime) -> Letter:
    """The address of a link, made now; an address made before leads nowhere any more.

    Raises NotFound, and Conflict where the link is over (used, withdrawn, too old, account closed).
    """
    with database.transaction() as session:
        link = session.get(ActionLink, link_id, with_for_update=True)
        if link is None:
            raise NotFound
        return mint_in(session, link, at)


def mint_in(session: Session, link: ActionLink, at: datetime) -> Letter:
    """As `mint`, in the caller's transaction; `link` is locked by the caller."""
    why = ended(used_at=link.used_at, revoked_at=link.revoked_at, expires_at=link.expires_at, at=at)
    if why is not None:
        raise over(why)
    if link.account_id is not None:
        account = session.get_one(Account, link.account_id)
        if not account.active or account.email != link.email:
            raise over("withdrawn")
    kind = LinkKind(link.kind)
    token = ""
    if kind in WITH_TOKEN:
        token = new_token()
        link.token_hash = token_hash(token)
    link.minted_at = at
    return Letter(to=link.email, url=config.issuer() + _PATHS[kind].format(token=token), template=kind)


def open_link(
    session: Session, token: str, kind: LinkKind, at: datetime, *, lock: bool = False
) -> ActionLink:
    """The link of `token` while it is good. Raises NotFound, and Conflict saying why it is over."""
    query = select(ActionLink).where(ActionLink.token_hash == token_hash(token), ActionLink.kind == kind)
    link = session.scalars(query.with_for_update() if lock else query).first()
    if link is None:
        raise NotFound("This link is not one of ours, or a newer one was sent. Use the newest e-mail.")
    why = ended(used_at=link.used_at, revoked_at=link.revoked_at, expires_at=link.expires_at, at=at)
    if why is not None:
        raise over(why)
    return link


def over(why: str) -> Conflict:
    """Why a link does nothing any more, in words for its reader."""
    return Conflict(_WORDS[why], slug="link-ended", why=str(why))


def forget_old(session: Session, before: datetime) -> int:
    """Drop links that ended before `before`; returns how many."""
    gone = session.execute(delete(ActionLink).where(ActionLink.expires_at < before).returning(ActionLink.id))
    return len(gone.all())
