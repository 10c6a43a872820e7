#!/bin/sh
# Puts the settings into nginx.conf and becomes nginx. The settings are in docs/running.md.
set -eu
here=$(dirname "$0")
place=${TMPDIR:-/tmp}
changes=

# put NAME VALUE SETTING: VALUE stands where @NAME@ does.
put() {
    case $2 in
    '' | *[!A-Za-z0-9.:/_-]*)
        echo "The setting $3 is missing, or is no address. docs/running.md says what it is for." >&2
        exit 1
        ;;
    esac
    changes="${changes}s|@$1@|$2|g;"
}

origin=${PUBLIC_ORIGIN:-}
host=${origin#*://}
put ORIGIN "$origin" PUBLIC_ORIGIN
put SCHEME "${origin%%://*}" PUBLIC_ORIGIN
put HOST "$host" PUBLIC_ORIGIN
put NAME "${host%%:*}" PUBLIC_ORIGIN
put DIRECTORY "${INTERNAL_URL_DIRECTORY:-}" INTERNAL_URL_DIRECTORY
put REFERRALS "${INTERNAL_URL_REFERRALS:-}" INTERNAL_URL_REFERRALS
put NOTIFICATIONS "${INTERNAL_URL_NOTIFICATIONS:-}" INTERNAL_URL_NOTIFICATIONS
put TLS_PROXY "${TLS_PROXY:-}" TLS_PROXY
put LISTEN "${GATEWAY_LISTEN:-0.0.0.0:8080}" GATEWAY_LISTEN
put RESOLVER "${GATEWAY_RESOLVER:-127.0.0.11}" GATEWAY_RESOLVER
put PLACE "$place" TMPDIR

sed "$changes" "$here/nginx.conf" >"$place/nginx.conf"
exec nginx -e stderr -c "$place/nginx.conf" -g "daemon off;"
