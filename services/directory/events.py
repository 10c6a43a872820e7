"""What the directory tells the others, and who hears of it (CloudEvents, `source` /directory).

| type | subject | data |
|---|---|---|
| `session.ended.v1` | the session | `sid` |
| `account.notice.v1` | the link | `link_id`, `account_id` or null, `kind`, `urgent` |
| `membership.ended.v1` | the account | `account_id`, `organization_id`, `team_id` or null |
| `routing.changed.v1` | the epoch | `version` of the routing snapshot |
| `service.updated.v1` | the service | `service_id` |
| `key.withdrawn.v1` | the signing key | `kid` |
"""

EVENTS: dict[str, tuple[str, ...]] = {
    "session.ended.v1": ("referrals", "notifications"),
    "account.notice.v1": ("notifications",),
    "membership.ended.v1": ("referrals",),
    "routing.changed.v1": ("referrals",),
    "service.updated.v1": ("referrals",),
    "key.withdrawn.v1": ("referrals", "notifications"),
}
