"""The tables and the triggers that the toolkit adds to a database."""

import ast
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from tools.reference import prose, source

APPS = ("authmigration", "feature_flags")
INTRO = """
Everything stands beside the host's tables, on the database that `AUTHMIGRATION["DATABASE"]` names.
No foreign key leads from these tables to the host's or back, so that neither side's deletions and
migrations meet the other's. How to take all of it away: [remove](../how-to/remove.md).
"""
TRIGGERS = """
## Triggers

`manage.py authz_capture install` puts them on the tables that the sources of the `authz.py` files
watch, and on no other; `manage.py authz_capture status` lists those tables. Every trigger has one
work: when a row changes in a way that may alter somebody's facts, it appends a mark to `{log}`. It
never alters the host's row.

- On PostgreSQL each watched table has one trigger for each of {postgres}, which fires once for each
  statement, and one function that they call. Their names are `{prefix}`, ten characters for the
  table, and the operation.
- On SQLite it has one for each of {sqlite}, which fires once for each row, under the same names.
  One more on `{log}`, `{marker}`, does nothing: it tells that others were there before a migration
  rebuilt their tables, so that they are put back.

`manage.py authz_capture remove` takes them away, functions included.
"""


def text() -> str:
    """Return the page."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    listed = sorted(models, key=lambda model: model._meta.db_table)
    rows = [(prose.code(m._meta.db_table), summary(m).split("\n\n")[0]) for m in listed]
    overview = prose.table(("table", "a row is"), rows)
    return prose.page("Database", INTRO, overview, triggers(), *map(section, listed))


def summary(model: type[Model]) -> str:
    """Return what a row is."""
    return prose.divided(model.__doc__)[0]


def section(model: type[Model]) -> str:
    """Return the part about one table."""
    fields = model._meta.local_concrete_fields
    rows = [(prose.code(field.column or ""), kind(field), meaning(field)) for field in fields]
    told = any(row[-1] for row in rows)
    about = summary(model).partition("\n\n")[2]
    head = ("column", "type", "meaning")
    table = prose.table(head, rows) if told else prose.table(head[:2], (row[:2] for row in rows))
    return "\n\n".join(filter(None, (f"## {model._meta.db_table}", about, table)))


def kind(field: "Field[Any, Any]") -> str:
    """Return a column's type, in Django's words."""
    length = f"({field.max_length})" if field.max_length else ""
    flags = [name for name in ("primary_key", "unique", "null") if getattr(field, name)]
    words = [name.replace("_", " ") for name in flags if name != "unique" or not field.primary_key]
    return ", ".join([f"{type(field).__name__.removesuffix('Field')}{length}", *words])


def meaning(field: "Field[Any, Any]") -> str:
    """Return the help text of a column, or the values that it can have."""
    if field.help_text:
        return str(field.help_text)
    return ", ".join(prose.code(str(value)) for value, _ in field.choices or ())


def triggers() -> str:
    """Return the part about the triggers."""
    tables = source.constants("authmigration.capture.tables")
    prefix = str(ast.literal_eval(tables["PREFIX"]))
    return TRIGGERS.format(
        log=apps.get_model("authmigration", "ChangeMark")._meta.db_table,
        prefix=prefix,
        marker=(source.template(marker(), "authmigration.capture.sqlite") or "").replace(
            "{PREFIX}", prefix
        ),
        postgres=operations("authmigration.capture.postgres_definition", "OPERATIONS"),
        sqlite=operations("authmigration.capture.sqlite_sql", "SIDES"),
    )


def marker() -> ast.expr:
    """Return the name of the trigger that stands for the others, as the source has it."""
    return source.constants("authmigration.capture.sqlite")["MARKER"]


def operations(module: str, name: str) -> str:
    """Return the operations for which an engine has triggers."""
    return ", ".join(ast.literal_eval(source.constants(module)[name]))
