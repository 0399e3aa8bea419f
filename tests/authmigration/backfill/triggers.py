"""A database that refuses to store the facts of some users: an error no reading can foresee."""

from contextlib import contextmanager

from django.db import connection

REFUSAL = "refused by a test"

_POSTGRESQL = """
    CREATE FUNCTION refuse_fact() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'refused by a test'; END $$;
    CREATE TRIGGER refuse_fact BEFORE INSERT ON authmigration_assignment FOR EACH ROW
    WHEN (NEW.subject IN ({listed})) EXECUTE FUNCTION refuse_fact();
"""
_SQLITE = """
    CREATE TRIGGER refuse_fact BEFORE INSERT ON authmigration_assignment
    WHEN NEW.subject IN ({listed}) BEGIN SELECT RAISE(ABORT, 'refused by a test'); END
"""


@contextmanager
def refused(subjects):
    """Let every insert of a fact of these users fail until the block ends."""
    listed = ", ".join(f"'{subject}'" for subject in subjects)
    on_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute((_POSTGRESQL if on_postgres else _SQLITE).format(listed=listed))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if on_postgres:
                cursor.execute("DROP FUNCTION refuse_fact CASCADE")
            else:
                cursor.execute("DROP TRIGGER refuse_fact")
