#!/bin/bash
# The first start makes the cluster and runs /docker-entrypoint-initdb.d on a server that only this container reaches.
set -euo pipefail
[[ ${1:-} == -* ]] && set -- postgres "$@"
if [[ $1 != postgres || -s $PGDATA/PG_VERSION ]]; then
    exec "$@"
fi

export POSTGRES_USER=${POSTGRES_USER:-postgres}
export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
[[ -n ${POSTGRES_PASSWORD_FILE:-} ]] && POSTGRES_PASSWORD=$(<"$POSTGRES_PASSWORD_FILE")
if [[ -z ${POSTGRES_PASSWORD:-} && ${POSTGRES_HOST_AUTH_METHOD:-} != trust ]]; then
    echo "POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE is needed" >&2
    exit 1
fi
eval "initdb --username=\"\$POSTGRES_USER\" --pwfile=<(printf '%s\n' \"\${POSTGRES_PASSWORD:-}\") ${POSTGRES_INITDB_ARGS:-}"
echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"

export PGUSER=$POSTGRES_USER PGPASSWORD=${POSTGRES_PASSWORD:-} PGHOST=/var/run/postgresql
pg_ctl -w -o "-c listen_addresses='' -p 5432" start
[[ $POSTGRES_DB == postgres ]] || createdb "$POSTGRES_DB"
for file in /docker-entrypoint-initdb.d/*; do
    case $file in
    *.sh) if [[ -x $file ]]; then "$file"; else source "$file"; fi ;;
    *.sql) psql -v ON_ERROR_STOP=1 --no-psqlrc --dbname "$POSTGRES_DB" -f "$file" ;;
    esac
done
pg_ctl -w -m fast stop
unset PGUSER PGPASSWORD PGHOST
exec "$@"
