"""The statements that write what the search reads, many services at once.

What is said of somebody a service is not for is no word it is found by. A venue that is private, or one of a
discreet service, gives no word, no label and no point.
"""

from __future__ import annotations

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

_IDS = bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True)))
# Words of a listing may be long; a tsvector may not.
_MOST = 100_000
_PUBLISHED = "('active', 'temporarily closed')"

_TERMS = """
    select count(*) filter (where x.taxonomy = :needs) as needs,
        string_agg(concat_ws(' ', x.name, x.plain), ' ') as words,
        string_agg(case when x.taxonomy = :needs then 'xneed' || replace(x.code, '_', '') end, ' ') as codes,
        array_agg('need:' || x.code) filter (where x.taxonomy = :needs) as labels
    from service_term st join taxonomy_term x on x.id = st.term_id where st.service_id = s.id
"""
_VENUES = """
    select string_agg(concat_ws(' ', l.name, l.address_1, l.city), ' ') as words
    from service_at_location sl join location l on l.id = sl.location_id
    where sl.service_id = s.id and not l.private and not s.discreet
"""
_SPOTS = """
    select array_agg(degree order by place, n) as spots
    from (select row_number() over (order by sl.main desc, l.id) as place, l.latitude, l.longitude
        from service_at_location sl join location l on l.id = sl.location_id
        where sl.service_id = s.id and not l.private and not s.discreet and l.latitude is not null) found,
    unnest(array[found.latitude, found.longitude]) with ordinality as one(degree, n)
"""
_ACCESS = """
    select string_agg(distinct x.name, ' ') as words,
        array_agg(distinct 'access:' || x.code) as labels
    from service_at_location sl join location l on l.id = sl.location_id
    join accessibility c on c.location_id = l.id join taxonomy_term x on x.id = c.term_id
    where sl.service_id = s.id and not l.private and not s.discreet
"""
_PATCH = """
    select string_agg(distinct coalesce(a.name, g.name, pcn.name), ' ') as words,
        array_agg(distinct sa.code) as codes,
        array_agg(distinct pip.practice_ods) filter (where pip.practice_ods is not null) as practices,
        bool_or(sa.kind in ('practice', 'pcn')) as surgeries
    from service_area sa
    left join area a on a.code = sa.code and sa.kind in ('authority', 'ward', 'lsoa')
    left join pcn on pcn.code = sa.code and sa.kind = 'pcn'
    left join practice_in_pcn pip on pip.pcn_code = sa.code and sa.kind = 'pcn'
    left join organization_identifier oi
        on oi.scheme = 'GB-NHS' and oi.identifier = sa.code and sa.kind = 'practice'
    left join organization g on g.id = oi.organization_id
    where sa.service_id = s.id
"""
# Morning to noon, afternoon to five, evening after it.
_HOURS = """
    select array_agg(distinct label) as labels from (
        select 'open:' || (array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[h.weekday + 1]
            || part.tail as label
        from open_hours h
        join (values ('', 0, 1440), ('-morning', 0, 720), ('-afternoon', 720, 1020), ('-evening', 1020, 1440))
            as part(tail, begins, ends) on h.opens < part.ends and h.closes > part.begins
        where h.service_id = s.id and h.weekday is not null
            and (h.last_on is null or h.last_on >= current_date)
        union all
        select 'open:' || (array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[day + 1]
        from unnest(s.working_days) as day) said
"""
_CHECKS = """
    select least(min(valid_until), (min(verified_at) at time zone 'UTC')::date + 365) as holds
    from verification v where v.service_id = s.id
"""
_DOC = f"""
    select s.*, o.sector, t.needs, t.labels as need_labels, access.labels as access_labels,
        hours.labels as hour_labels, checks.holds, spots.spots as degrees, p.code as place_code,
        patch.codes, patch.practices, coalesce(patch.surgeries, false) as surgeries,
        exists (select from service_polygon d where d.service_id = s.id) as drawn,
        s.free or (s.free is null and s.fees_description ~* '^\\s*(free|no charge)') as costs_nothing,
        concat_ws(' ', s.name, s.alternate_name) as text_a,
        concat_ws(' ', t.words, r.name) as text_b,
        concat_ws(' ', s.who_for, s.description, s.differs, replace(s.circumstances::text, '_', ' '))
            as text_c,
        concat_ws(' ', o.name, o.alternate_name, venues.words, access.words, patch.words, s.area_words,
            p.name, (select string_agg(cast(:languages as jsonb) ->> code, ' ') from unnest(s.languages)
                as code)) as text_d,
        t.codes as need_codes
    from service s
    join organization o on o.id = s.organization_id
    left join place p on p.id = s.place_id
    left join connector_role r on r.code = s.connector_role
    left join lateral ({_TERMS}) t on true
    left join lateral ({_VENUES}) venues on true
    left join lateral ({_SPOTS}) spots on true
    left join lateral ({_ACCESS}) access on true
    left join lateral ({_PATCH}) patch on true
    left join lateral ({_HOURS}) hours on true
    left join lateral ({_CHECKS}) checks on true
    where s.id = any(:ids) and s.status in {_PUBLISHED}
"""  # noqa: S608 - put together of the constants above
_ROW = f"""
    select id, lower(name),
        setweight(to_tsvector('linkwork', left(text_a, {_MOST})), 'A')
            || setweight(to_tsvector('linkwork', concat_ws(' ', left(text_b, {_MOST}), need_codes)), 'B')
            || setweight(to_tsvector('linkwork', left(text_c, {_MOST})), 'C')
            || setweight(to_tsvector('linkwork', left(text_d, {_MOST})), 'D'),
        array['kind:' || kind, 'sector:' || sector, 'place:' || coalesce(place_code, '*')]
            || coalesce(need_labels, '{{}}') || coalesce(access_labels, '{{}}')
            || coalesce(hour_labels, '{{}}')
            || array(select 'route:' || code from unnest(routes_in) as code)
            || array(select 'lang:' || code from unnest(languages) as code)
            || case when costs_nothing then array['cost:free'] else '{{}}' end,
        coalesce(codes, '{{}}') || coalesce(practices, '{{}}')
            || case when 'anywhere' = any(area_basis) or (codes is null and not drawn)
                then array['anywhere'] else '{{}}' end
            || case when surgeries and 'registered' = any(area_basis) then array['ask'] else '{{}}' end,
        coalesce(degrees, '{{}}'), coalesce(needs, 0), minimum_age, maximum_age, holds,
        coalesce(open_places = 0, false), paused, paused_until, status <> 'active'
    from doc order by id
"""  # noqa: S608
ROWS_WRITTEN = text(f"""
with doc as materialized ({_DOC}),
known as (
    insert into search_word (word, letters)
    select word, (select string_agg(one, '' order by one) from unnest(string_to_array(word, null)) as one)
    from (select distinct regexp_split_to_table(
            lower(unaccent(left(concat_ws(' ', text_a, text_b, text_c, text_d), {_MOST}))), '[^a-z]+')
            as word from doc) as split
    where length(word) between 3 and 30 order by word
    on conflict do nothing)
insert into service_search (service_id, name, vector, labels, areas, spots, needs, minimum_age, maximum_age,
    fresh_until, "full", paused, paused_until, closed)
{_ROW}
on conflict (service_id) do update set name = excluded.name, vector = excluded.vector,
    labels = excluded.labels, areas = excluded.areas, spots = excluded.spots, needs = excluded.needs,
    minimum_age = excluded.minimum_age, maximum_age = excluded.maximum_age,
    fresh_until = excluded.fresh_until, "full" = excluded."full", paused = excluded.paused,
    paused_until = excluded.paused_until, closed = excluded.closed
""").bindparams(_IDS)  # noqa: S608
ROWS_GONE = text(f"""
delete from service_search where service_id = any(:ids)
    and not exists (select from service where id = service_id and status in {_PUBLISHED})
""").bindparams(_IDS)  # noqa: S608
POINTS_GONE = text("delete from search_point where service_id = any(:ids)").bindparams(_IDS)
POINTS_WRITTEN = text("""
insert into search_point (service_id, lat, lon)
select distinct service_id, spots[2 * n - 1], spots[2 * n]
from service_search, generate_series(1, cardinality(spots) / 2) as n
where service_id = any(:ids)
""").bindparams(_IDS)
