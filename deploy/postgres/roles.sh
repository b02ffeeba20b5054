#!/bin/bash
# Databases and least-privilege roles, out of the URLs in /run/secrets. Runs at the first start; with PGHOST on a running server,
# after a password was changed (deploy/README.md).
#
#   <service>         reads and writes the service's database, but changes no table, and no fact: store migrations see to that
#   <service>_owner   owns the tables; only the migrate job has its password
#   <service>_keys    is the database of the keys to the service's personal data: a backup set of its own
#   identity          is the database of all services; its tables belong to a role that the owners take on and nobody signs in as
#   keycloak          owns the database of the identity provider (profile `sso`), and sees no other
set -euo pipefail
: "${POSTGRES_USER:=postgres}"
[[ -z ${PGHOST:-} ]] || export PGPASSWORD="${PGPASSWORD:-$(</run/secrets/postgres_password)}"

sql() { # sql DATABASE [-v name=value ...]: statements on standard input
    psql --no-psqlrc --quiet --no-password -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$@"
}

role() { # role FILE WITH A URL: the role in it, with its password; tells its name
    local name password
    name=$(sed -n 's|^[^:]*://\([a-z_]*\):.*|\1|p' "$1")
    password=$(sed -n 's|^[^:]*://[a-z_]*:\([^@]*\)@.*|\1|p' "$1")
    sql postgres -v name="$name" -v password="$password" >/dev/null <<'SQL'
SELECT format('CREATE ROLE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
SQL
    echo "$name"
}

database() { # database NAME OWNER: closed to everyone but those who are let in below
    sql postgres -v name="$1" -v owner="$2" <<'SQL'
SELECT format('CREATE ROLE %I NOLOGIN', :'owner') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'owner') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
    sql "$1" -v owner="$2" <<'SQL'
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";
SQL
}

admit() { # admit DATABASE OWNER ROLE RIGHTS: what the role may do with every table that the owner will make
    sql "$1" -v database="$1" -v owner="$2" -v role="$3" <<SQL
GRANT CONNECT ON DATABASE :"database" TO :"role";
GRANT USAGE ON SCHEMA public TO :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT $4 ON TABLES TO :"role";
SQL
}

lend() { # lend DATABASE GROUP OWNER: tables that the owner makes there belong to the group
    sql postgres -v database="$1" -v group="$2" -v owner="$3" <<'SQL'
GRANT CONNECT ON DATABASE :"database" TO :"owner";
GRANT :"group" TO :"owner" WITH INHERIT FALSE, SET TRUE;
ALTER ROLE :"owner" IN DATABASE :"database" SET role = :'group';
SQL
}

sql postgres <<'SQL'
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
SQL
database identity identity_owner
for file in /run/secrets/*_owner_url; do
    owner=$(role "$file")
    service=$(role "${file%_owner_url}_database_url")
    database "$service" "$owner"
    admit "$service" "$owner" "$service" "SELECT, INSERT, UPDATE, DELETE"
    # A key that was erased stays as a tombstone: nobody deletes rows.
    database "${service}_keys" "$owner"
    admit "${service}_keys" "$owner" "$service" "SELECT, INSERT, UPDATE"
    admit identity identity_owner "$service" "SELECT, INSERT, UPDATE, DELETE"
    lend identity identity_owner "$owner"
done
if [[ -e /run/secrets/keycloak_database_url ]]; then
    keycloak=$(role /run/secrets/keycloak_database_url)
    database "$keycloak" "$keycloak"
fi
