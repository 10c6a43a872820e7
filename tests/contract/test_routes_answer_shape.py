"""What the router answers is given out, and kept, as it is: so it has to be what the API describes."""

from __future__ import annotations

import pytest

from services.referrals.api.schemas_out import EligibleSchema, NotEligibleSchema, UnknownSchema
from services.referrals.domain.routing.person import PersonFacts, Sender
from services.referrals.domain.routing.route import route
from services.referrals.domain.scenarios import places
from tests.builders.routing import AT

SNAPSHOT = places()
ASKING = [
    PersonFacts(
        needs=frozenset({need}),
        sender=Sender(one.id, one.sector, one.place_id),
        age_estimate=40,
        residence=home,
        practice_ods="Z90001",
        circumstances=dict.fromkeys(SNAPSHOT.circumstances, known) if known is not None else {},
    )
    for one in SNAPSHOT.organizations.values()
    for need in SNAPSHOT.needs
    for home in (None, next(iter(SNAPSHOT.postcodes.values())))
    for known in (None, True, False)
]


@pytest.mark.parametrize(
    ("name", "schema"),
    [("eligible", EligibleSchema()), ("not_eligible", NotEligibleSchema()), ("unknown", UnknownSchema())],
)
def test_every_entry_of_the_answer_is_what_its_schema_would_make_of_it(name, schema) -> None:
    entries = [entry for facts in ASKING for entry in route(facts, SNAPSHOT, AT).as_json()[name]]
    assert entries
    assert [schema.dump(entry) for entry in entries] == entries
