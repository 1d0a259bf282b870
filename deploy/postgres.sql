-- Prefect's server has a role and a database of its own, so that it never reads the ledger.
\set password `cat /run/secrets/prefect-database`
CREATE ROLE prefect LOGIN PASSWORD :'password';
CREATE DATABASE prefect OWNER prefect;
REVOKE CONNECT, TEMPORARY ON DATABASE duban, prefect FROM PUBLIC;
