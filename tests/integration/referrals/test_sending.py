"""A practice sends a referral through the API."""

from tests.builders.bodies import referral_body
from tests.builders.referrals_world import ident


def test_a_referral_is_received_at_once_and_owned_by_the_team_that_can_take_it(system):
    answer = system("practice").post("/referrals", referral_body())
    assert answer.status_code == 201, answer.json
    body = answer.json
    assert body["status"] == "received"
    assert body["owner"]["team_id"] == str(ident("westfield-link-team"))
    assert body["owner"]["assignee"] is None
    assert body["routing"]["state"] == "routed"
    assert body["routing"]["eligible"][0]["service_id"] == body["routing"]["chosen"]["service_id"]
    assert body["view"] == "full"
    assert body["next_action_at"]
    assert answer.headers["Location"].endswith(f"/api/v1/referrals/{body['id']}")
