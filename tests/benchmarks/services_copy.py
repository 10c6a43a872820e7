"""As many services as an integrated care system has, beside those of the invented world.

Half of them are in the world's two places, the others in places next to them: about 5,000 services and 100
schemes to a place where there are 20,000 altogether.
"""

from __future__ import annotations

from sqlalchemy import text

from services.referrals.store.database import database
from services.referrals.store.directory import forget

SCHEMES = 50
"""One in so many is a scheme with a team; the others are groups people go to by themselves."""

_COPIES = text("""
insert into directory_item (copy, kind, id, version, deleted, doc)
select 1, 'service', made.id, 1, false, doc
    || jsonb_build_object('id', made.id, 'name', (doc->>'name') || ' ' || n,
        'kind', case when n % :schemes = 0 then 'scheme' else 'group' end,
        'routes_in', case when n % :schemes = 0 then doc->'routes_in' else '["self"]'::jsonb end)
    || case when n / :schemes % 2 = 0 then '{}'::jsonb else jsonb_build_object(
        'place_id', md5('place' || n % 2)::uuid, 'area', '{"authorities": ["E06000099"]}'::jsonb) end
from generate_series(1, :count) as n
join lateral (select md5('service' || n)::uuid::text as id) as made on true
join (select doc, row_number() over (order by id) - 1 as place, count(*) over () as many
    from directory_item where kind = 'service') as known on known.place = n % known.many
""")


def add_services(count: int) -> None:
    """Add so many, each a copy of one of the world under another name."""
    with database.transaction() as session:
        session.execute(_COPIES, {"count": count, "schemes": SCHEMES})
    forget()
