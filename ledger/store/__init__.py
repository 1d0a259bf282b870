"""The database: engine, migrations, changes and bulk writes."""
