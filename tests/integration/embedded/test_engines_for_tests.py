import os

import psycopg
import redis


def _tables(address):
    with psycopg.connect(address.replace("+psycopg", "", 1)) as connection:
        return connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()


def test_a_blank_database_is_blank_each_time(servers, blank_database):
    with psycopg.connect(blank_database.replace("+psycopg", "", 1)) as connection:
        connection.execute("create table left_over (a int)")
    assert _tables(blank_database) == [("left_over",)]
    assert servers.blank() == blank_database
    assert _tables(blank_database) == []


def test_the_tests_role_may_do_no_more_than_the_services(blank_database):
    with psycopg.connect(blank_database.replace("+psycopg", "", 1)) as connection:
        row = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
        assert row == (False,)
        for extension in ("pg_trgm", "unaccent", "btree_gist", "fuzzystrmatch", "cube"):
            connection.execute(f"create extension {extension}")


def test_the_broker_is_empty_and_its_address_is_in_the_environment(valkey, servers):
    assert os.environ["REDIS_URL"] == valkey
    with redis.Redis.from_url(valkey) as client:
        client.set("a", "b")
        servers.flush()
        assert client.keys() == []


def test_each_service_s_database_is_clean_with_its_tables_and_its_address_in_the_environment(databases):
    assert len(databases) == 3
    for setting, address in databases.items():
        assert os.environ[setting] == address
        assert _tables(address)
