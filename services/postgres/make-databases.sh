#!/bin/sh
# PostgreSQL's image runs this once, in an empty cluster: a database for each service, each with an owner of
# its own who can enter no other.
set -eu

make() {
    NAME="linkwork_$1" PASSWORD="$2" psql --quiet --set ON_ERROR_STOP=1 --no-psqlrc \
        --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv name NAME
\getenv password PASSWORD
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke connect on database :"name" from public;
SQL
}

make directory "$PASSWORD_DIRECTORY"
make referrals "$PASSWORD_REFERRALS"
make notifications "$PASSWORD_NOTIFICATIONS"
