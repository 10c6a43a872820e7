"""People who may be told of a referral: each is looked at with the rules of sight before they are named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.actions.account_sight import account_sees
from services.referrals.domain.views import View
from services.referrals.store.directory import Directory
from services.referrals.store.tables import AgreementRow, MoveRow, QuestionRow, Referral
from shared.auth.caller import Role

EMAIL_AND_INBOX = ("email", "inbox")
INBOX = ("inbox",)
# Stands for anybody of an organisation: no author of anything, named on nothing.
SOMEBODY = UUID(int=0)


@dataclass(frozen=True)
class News:
    """One event about one referral, with what decides who hears."""

    row: Referral
    agreements: list[AgreementRow]
    questions: list[QuestionRow]
    move: MoveRow | None
    directory: Directory
    at: datetime


def people_of_team(
    news: News,
    *roles: Role,
    template: str,
    words: str,
    channels: tuple[str, ...] = EMAIL_AND_INBOX,
    whole_org: bool = False,
    of_team: UUID | None = None,
) -> Iterator[dict[str, Any]]:
    """Members of the owning team (its whole organisation, another team) with these roles who may see it."""
    row, org = news.row, news.directory.team_org(of_team) if of_team else news.row.owner_org_id
    team = str(of_team or row.owner_team_id)
    if org is None:
        return
    for account, docs in sorted(news.directory.members.items()):
        for doc in docs:
            ours = doc.get("organization_id") == str(org) if whole_org else doc.get("team_id") == team
            if ours and doc.get("role") in roles and view_of(account, org, news) is not View.NONE:
                yield recipient(account, org, row, template=template, words=words, channels=channels)
                break


def one_account(account: UUID, news: News, *, template: str, words: str) -> Iterator[dict[str, Any]]:
    """This account, where it may see the referral in the organisation that has it."""
    org = news.row.owner_org_id
    if org is not None and view_of(account, org, news) is not View.NONE:
        yield recipient(account, org, news.row, template=template, words=words, channels=EMAIL_AND_INBOX)


def recipient(
    account: UUID, org: UUID, row: Referral, *, template: str, words: str, channels: tuple[str, ...]
) -> dict[str, Any]:
    """One account in the form notifications reads."""
    return {
        "kind": "account",
        "id": str(account),
        "organization_id": str(org),
        "channels": list(channels),
        "template": template,
        "words": words,
        "path": f"/referrals/{row.id}",
    }


def view_of(account: UUID | None, org: UUID, news: News, *, as_sender: bool = False) -> View:
    """How much this account would see if it looked now."""
    seen = account_sees(account, org, news.row, news.agreements, news.directory, news.at, as_sender=as_sender)
    return seen.view
