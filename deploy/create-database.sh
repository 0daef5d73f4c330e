#!/bin/sh
# Runs once, when the engine prepares an empty PostgreSQL: makes the program's own user, who may do everything in its own database and
# nothing elsewhere. PROGRAM_PASSWORD_FILE holds its password.
set -eu
psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<SQL
\set password \`cat "\$PROGRAM_PASSWORD_FILE"\`
CREATE ROLE sync LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE sync OWNER sync ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE sync FROM PUBLIC;
SQL
