"""The kinds of problem our APIs answer with (RFC 9457 `type`), explained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemKind:
    """One `type`: its usual status and title, what it means, and what a caller does about it."""

    slug: str
    status: int
    title: str
    meaning: str
    remedy: str


_ALL = (
    ProblemKind(
        "malformed",
        400,
        "That could not be read",
        "The body is not JSON, or a parameter is not of the form this route takes. Nothing was stored.",
        "Compare what you sent with the description at /docs of the service.",
    ),
    ProblemKind(
        "unauthenticated",
        401,
        "Sign in first",
        "There was no token, it has ended, or it is not one of ours.",
        "Ask for a token at /oauth/token of the directory and send it as Authorization: Bearer.",
    ),
    ProblemKind(
        "not-found",
        404,
        "Not found",
        "There is nothing at this address, or the caller may not know that there is. Both look alike.",
        "Check the address, and that your client has the role the description asks for.",
    ),
    ProblemKind(
        "changed-since",
        409,
        "That cannot be done as things stand",
        "Somebody changed the listing since you read it. Nothing of what you sent was kept.",
        "Read it again, take over what changed, and send it with the new ETag as If-Match.",
    ),
    ProblemKind(
        "method-not-allowed",
        405,
        "Method Not Allowed",
        "The address is right, the method is not.",
        "Use one of the methods in the Allow header.",
    ),
    ProblemKind(
        "not-acceptable",
        406,
        "Not Acceptable",
        "The Accept header leaves out JSON, which is all this address answers in.",
        "Accept application/json and application/problem+json.",
    ),
    ProblemKind(
        "conflict",
        409,
        "That cannot be done as things stand",
        "The request is well-formed, but what it speaks of has moved on.",
        "Read it again. Where the answer has available_actions, those can be done now.",
    ),
    ProblemKind(
        "already-open",
        409,
        "The same request is open already",
        "Your organisation has an open referral of the same person for the same thing. Nothing was stored.",
        "Use the referral in existing. If this is something else, send separate_reason with it.",
    ),
    ProblemKind(
        "external-id-used",
        409,
        "This was sent before",
        "Your system sent a referral with the same external id. Nothing was stored.",
        "Use the referral in existing, or send another id.",
    ),
    ProblemKind(
        "in-flight",
        409,
        "The same request is still being worked on",
        "A request with the same Idempotency-Key has not been answered yet.",
        "Wait a moment and send it again, with the same key.",
    ),
    ProblemKind(
        "link-ended",
        409,
        "This link is over",
        "It was used, taken back, replaced by a newer one, or is too old.",
        "Do not send the letter. Whoever needs a new link asks for one.",
    ),
    ProblemKind(
        "too-large",
        413,
        "That is too large",
        "More than 256 KiB were sent. Nothing was stored.",
        "Send less at a time.",
    ),
    ProblemKind(
        "unsupported-media-type",
        415,
        "Unsupported Media Type",
        "The body is not of the type this address takes.",
        "Send JSON with Content-Type: application/json.",
    ),
    ProblemKind(
        "invalid",
        422,
        "Some fields need another look",
        "The body could be read, but some fields cannot be taken. Nothing was stored.",
        "errors names each field by a JSON Pointer and says how to mend it.",
    ),
    ProblemKind(
        "not-eligible",
        422,
        "This service cannot take this referral",
        "The service you chose does not take this person or need. Nothing was stored.",
        "reasons says why, eligible names services that can. Choose one, or leave the target out.",
    ),
    ProblemKind(
        "self-referral-only",
        422,
        "People come to this service by themselves",
        "The service you chose takes no referrals from others. Nothing was stored.",
        "Pass on the invitation that comes with the answer, or choose another service.",
    ),
    ProblemKind(
        "too-many-requests",
        429,
        "Too many tries",
        "More was asked than one caller may ask in this time.",
        "Wait as many seconds as the Retry-After header says.",
    ),
    ProblemKind(
        "internal",
        500,
        "Something went wrong",
        "A fault on our side. Nothing was half-stored.",
        "Try again in a moment. If it happens again, tell us the request_id.",
    ),
    ProblemKind(
        "unavailable",
        503,
        "Not available just now",
        "Something this service needs does not answer. Nothing was kept.",
        "Send it again in a minute, with the same Idempotency-Key.",
    ),
)
PROBLEMS: dict[str, ProblemKind] = {kind.slug: kind for kind in _ALL}
