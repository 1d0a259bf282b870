-- A role for one office of an installation, with rights to its own schema alone (deploy/README.md):
--   PASSWORD_FILE=/etc/duban/dongguan-password psql --set office=duban_dongguan --file deploy/office.sql duban
-- Run it as a superuser. What the office has already goes to its role.
\set ON_ERROR_STOP on
\set password `cat "$PASSWORD_FILE"`
CREATE ROLE :"office" LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE :"DBNAME" TO :"office";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS :"office";
ALTER SCHEMA :"office" OWNER TO :"office";
SELECT format('ALTER TABLE %I.%I OWNER TO %I', schemaname, tablename, :'office')
  FROM pg_tables WHERE schemaname = :'office' \gexec
SELECT format('ALTER FUNCTION %s OWNER TO %I', oid::regprocedure, :'office')
  FROM pg_proc WHERE pronamespace = :'office'::regnamespace \gexec
