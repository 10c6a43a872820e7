import json

from cryptography.fernet import Fernet
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from shared.embedded.folder import Folder, read_json, write_json
from shared.embedded.secrets import keep_engine_passwords, keep_secrets, make_secrets

SERVICES = ("directory", "referrals")


def test_what_a_service_signs_the_published_keys_verify_and_another_s_do_not():
    made = make_secrets(SERVICES)
    published = KeySet.import_key_set(json.loads(made["SERVICE_JWKS"]))
    key = ECKey.import_key(json.loads(made["SERVICE_KEY_REFERRALS"]))
    token = jwt.encode({"alg": "ES256", "kid": "referrals"}, {"sub": "referrals"}, key)
    assert jwt.decode(token, published).claims == {"sub": "referrals"}
    assert all("d" not in public for public in json.loads(made["SERVICE_JWKS"])["keys"])
    assert Fernet(made["SECRET_KEYS"].encode())


def test_secrets_are_made_once_and_kept(tmp_path):
    folder = Folder(tmp_path)
    assert keep_secrets(folder, SERVICES) == keep_secrets(folder, SERVICES)
    assert folder.secrets.stat().st_mode & 0o777 == 0o600
    passwords = keep_engine_passwords(folder, SERVICES)
    assert passwords == keep_engine_passwords(folder, SERVICES)
    assert set(passwords) == {"postgres", "valkey", *SERVICES}
    assert not set(passwords) & set(read_json(folder.secrets))


def test_a_new_service_gets_a_key_that_the_list_knows_and_what_is_encrypted_stays_readable(tmp_path):
    folder = Folder(tmp_path)
    before = keep_secrets(folder, SERVICES)
    after = keep_secrets(folder, (*SERVICES, "notifications"))
    assert after["SECRET_KEYS"] == before["SECRET_KEYS"]
    listed = {key["kid"]: key["x"] for key in json.loads(after["SERVICE_JWKS"])["keys"]}
    private = {name: json.loads(after[f"SERVICE_KEY_{name.upper()}"])["x"] for name in listed}
    assert listed == private
    assert set(listed) == {*SERVICES, "notifications"}


def test_a_password_somebody_kept_is_not_replaced(tmp_path):
    folder = Folder(tmp_path)
    write_json(folder.engines, {"postgres": "kept"})
    assert keep_engine_passwords(folder, SERVICES)["postgres"] == "kept"
