-- One database per service, each with a role that owns and migrates it and a role that runs the service.
-- For people who make databases by hand; the supervisor does the same (shared/postgres/roles.py), and a test
-- keeps both equal in effect.
--
-- Run it once per service, as an administrator with CREATEDB and CREATEROLE, on PostgreSQL 17 or later:
--
--   psql -v service=register -v owner_password="$OWNER" -v app_password="$APP" -f deploy/databases.sql postgres
--
-- Repeating it changes nothing but the passwords.

\set ON_ERROR_STOP on
\set owner :service _owner
\set app :service _app

SELECT NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = :'owner') AS owner_missing,
       NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = :'app') AS app_missing,
       NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = :'service') AS database_missing
\gset

\if :owner_missing
CREATE ROLE :"owner" LOGIN NOINHERIT;
\endif
\if :app_missing
CREATE ROLE :"app" LOGIN NOINHERIT;
\endif

SET password_encryption = 'scram-sha-256';
-- What is sent here may be logged by the server: change the passwords with \password where that matters.
ALTER ROLE :"owner" PASSWORD :'owner_password';
ALTER ROLE :"app" PASSWORD :'app_password';

-- Only a member of the owner may make a database for it; a superuser is a member of everything.
SELECT NOT pg_has_role(current_user, :'owner', 'SET') AS not_a_member
\gset
\if :not_a_member
GRANT :"owner" TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
\endif

\if :database_missing
CREATE DATABASE :"service" OWNER :"owner" TEMPLATE template0
    ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8';
\endif

REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
-- TEMPORARY: an import copies its rows into a temporary table first.
GRANT CONNECT, TEMPORARY ON DATABASE :"service" TO :"owner", :"app";

\connect :"service"

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app";
