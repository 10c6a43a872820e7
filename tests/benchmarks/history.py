"""A history of invented referrals, made inside the database: the same for the same numbers.

Nobody in it exists: names are words with a number. Referral `n` ended long ago, unless `n` is one of the
first `OPEN`, which stay open however much history there is: what people work on does not grow with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
from psycopg import sql

OPEN = 2_000
OURS = 60
"""Of the open ones, how many wait in the measured team's queue."""
BATCH = 50_000
TABLES = ("person_record", "referral", "agreement", "contact_point", "move")

_PEOPLE = """
insert into person_record (id, organization_id, given_name, family_name, search_name, date_of_birth,
    nhs_number, postcode, address_lines, number_key, names_key, created_at, updated_at)
select md5('person' || n)::uuid, sender, given, family, lower(given || ' ' || family),
    date '1930-01-01' + (n * 37 %% 30000), lpad((9990000000 + n %% 10000000)::text, 10, '0'), 'YO24 3BZ',
    array['1 Invented Row'], case when n %% 10 < 7 then md5('nhs' || n) || md5('nhs' || n) end,
    md5('names' || n) || md5('names' || n), now() - made, now() - made
from (
    select n, (%(senders)s::uuid[])[1 + n %% %(many_senders)s::int] as sender,
        (array['Ada', 'Bea', 'Cai', 'Dev', 'Eve', 'Fay', 'Gus', 'Hal', 'Ida', 'Jun'])[1 + n %% 10]
            || substr(md5('given' || n %% 700), 1, 4) as given,
        'Example' || substr(md5('family' || n %% 9000), 1, 6) as family,
        make_interval(hours => n %% 43800) as made
    from generate_series(%(first)s::int, %(last)s::int) as n
) as told
"""

_REFERRALS = """
insert into referral (id, reference, status, person_id, place_id, sender_org_id, sender_sector, client,
    author_kind, route_in, needs, what_matters, priority, urgency, safeguarding, lawful_basis, service_id,
    routing_state, routing, routed_at, tried_version, received_team_id, owner_org_id, owner_team_id,
    assignee_id, next_action_at, taken_up_at, first_contact_at, submitted_at, closed_at, updated_at,
    number_key, names_key)
select md5('referral' || n)::uuid, 'BENCH-' || n, status, md5('person' || n)::uuid, %(place)s::uuid, sender,
    'health', 'bench-' || n %% %(many_senders)s::int, 'client', 'professional',
    array[(array['loneliness', 'bereavement', 'money_debt', 'housing', 'food'])[1 + n %% 5]],
    'Invented words about what matters to them, as long as such words usually are: the garden, the choir on '
        || 'Wednesdays, and somebody to ring when the evenings are dark.',
    case when n %% 12 = 0 then 'sooner' else 'routine' end, case when n %% 12 = 0 then 1 else 2 end, 'no',
    'public_task', service, 'routed', %(routing)s::jsonb, sent, 1, team, org, team,
    case when status in ('accepted', 'completed', 'failed') then md5('worker' || n %% 400)::uuid end,
    case when ended is null then now() + make_interval(hours => n %% 200 - 20) end,
    case when status <> 'received' then sent + interval '1 day' end,
    case when status in ('completed') then sent + interval '4 days' end, sent, ended,
    coalesce(ended, sent), case when n %% 10 < 7 then md5('nhs' || n) || md5('nhs' || n) end,
    md5('names' || n) || md5('names' || n)
from (
    select *, case when n <= %(open)s then null else sent + make_interval(days => 20 + n %% 60) end as ended,
        case when n <= %(ours)s then %(team)s::uuid
            when n %% 100 = 0 then %(team)s::uuid else md5('team' || n %% 200)::uuid end as team,
        case when n <= %(ours)s or n %% 100 = 0 then %(org)s::uuid
            else md5('org' || n %% 50)::uuid end as org,
        case when n <= %(ours)s or n %% 100 = 0 then %(service)s::uuid
            else md5('service' || n %% 200)::uuid end as service,
        case when n <= %(ours)s then 'received'
            when n <= %(open)s then (array['received', 'accepted'])[1 + n %% 2]
            else (array['completed', 'completed', 'completed', 'rejected', 'failed', 'cancelled'])[1 + n %% 6]
            end as status
    from (
        select n, (%(senders)s::uuid[])[1 + n %% %(many_senders)s::int] as sender,
            case when n <= %(open)s then now() - make_interval(hours => n %% 500)
                else now() - make_interval(hours => 2200 + n %% 41000) end as sent
        from generate_series(%(first)s::int, %(last)s::int) as n
    ) as dated
) as told
"""

_AGREEMENTS = """
insert into agreement (id, referral_id, recipient, purpose, agreed, how, alone, at)
select md5('agreement' || n)::uuid, md5('referral' || n)::uuid, 'helpers', 'share_referral', true,
    'in_person', true, now() - interval '1 day'
from generate_series(%(first)s::int, %(last)s::int) as n
"""

_POINTS = """
insert into contact_point (id, person_id, referral_id, place_in_list, channel, value, asked, safe)
select md5('point' || n)::uuid, md5('person' || n)::uuid, md5('referral' || n)::uuid, 0, 'phone',
    '+441632960' || lpad((n %% 1000)::text, 3, '0'), true, true
from generate_series(%(first)s::int, %(last)s::int) as n
"""

_MOVES = """
insert into move (referral_id, act, from_status, to_status, at, by_kind, content, team_id)
select r.id, act, before, after, r.submitted_at, kind, '', r.owner_team_id
from referral r join generate_series(%(first)s::int, %(last)s::int) as n on r.id = md5('referral' || n)::uuid,
    (values ('submit', 'draft', 'requested', 'client'), ('receive', 'requested', 'received', 'system'),
        ('route', 'received', 'received', 'system')) as made (act, before, after, kind)
"""


def grow(
    url: str,
    first: int,
    last: int,
    *,
    place: UUID,
    team: UUID,
    org: UUID,
    service: UUID,
    senders: list[UUID],
    routing: str,
) -> None:
    """Add referrals number `first` to `last`, and everything that belongs to them."""
    given = {
        "place": place,
        "team": team,
        "org": org,
        "service": service,
        "senders": senders,
        "many_senders": len(senders),
        "routing": routing,
        "open": OPEN,
        "ours": OURS,
    }
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute("set synchronous_commit = off")
        with _without_indexes(connection, whole=last - first > BATCH):
            for begin in range(first, last + 1, BATCH):
                span = given | {"first": begin, "last": min(begin + BATCH - 1, last)}
                for statement in (_PEOPLE, _REFERRALS, _AGREEMENTS, _POINTS, _MOVES):
                    connection.execute(statement, span)
        connection.execute("vacuum analyze")


@contextmanager
def _without_indexes(connection: psycopg.Connection[tuple[object, ...]], *, whole: bool) -> Iterator[None]:
    """Much is loaded many times faster before the indexes are made than after."""
    found = connection.execute(
        "select i.indexdef, i.indexname from pg_indexes i where tablename = any(%s) and not exists ("
        "select from pg_constraint c where c.conindid = to_regclass(quote_ident(i.indexname)))",
        [list(TABLES)],
    ).fetchall()
    dropped = found if whole else []
    for _, name in dropped:
        connection.execute(sql.SQL("drop index {}").format(sql.Identifier(str(name))))
    yield
    for definition, _ in dropped:
        connection.execute(str(definition).encode())
