"""What the system checks say. The ids are public: they can be silenced, and never change."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.checks import Error
from django.core.checks import Warning as Notice

MIDDLEWARE = "authmigration.http.middleware.AuthzMiddleware"

W002 = Notice(
    "Nothing pins the facts of a request: each check reads anew, and two checks of one request "
    "may answer by different facts.",
    hint=f"Add {MIDDLEWARE!r} to MIDDLEWARE, behind AuthenticationMiddleware.",
    id="authmigration.W002",
)

BACKEND = "authmigration.http.backends.AuthzBackend"

W004 = Notice(
    "AUTHMIGRATION names UNITS or MEMBERS_OF, and not both, so that no progress is shown unit by "
    "unit.",
    hint="Add the other: UNITS lists every unit, MEMBERS_OF the subjects of one.",
    id="authmigration.W004",
)


W006 = Notice(
    "A shared secret signs the tokens: every service that can verify one can make one.",
    hint="Add an Ed25519 key (`manage.py authz_keys new`), and change keys as `authz_keys` says.",
    id="authmigration.W006",
)


def e001(option: object, nearest: str) -> Error:
    """Return the error for an option that does not exist."""
    hint = f"Write {nearest!r}, or take it out." if nearest else "Take it out."
    return Error(f"AUTHMIGRATION has no option {option!r}.", hint=hint, id="authmigration.E001")


def e002(ceiling: object, stages: Iterable[str]) -> Error:
    """Return the error for a ceiling that is no stage."""
    return Error(
        f"AUTHMIGRATION['CEILING'] is {ceiling!r}, which is no stage.",
        hint=f"Write one of {', '.join(map(repr, stages))}.",
        id="authmigration.E002",
    )


def e003(option: str, path: object, why: str) -> Error:
    """Return the error for a dotted path that leads to nothing that can be called."""
    return Error(
        f"AUTHMIGRATION[{option!r}] is {path!r}: {why}",
        hint="Write the dotted path of a function, as in 'school.units.schools_of'.",
        id="authmigration.E003",
    )


def e004(problem: str) -> Error:
    """Return the error for one contradiction in the declarations."""
    return Error(
        problem,
        hint="Correct it in the authz.py; `manage.py check` shows what is left.",
        id="authmigration.E004",
    )


def e005(problem: str) -> Error:
    """Return the error for a database engine without statements of ours."""
    return Error(
        problem,
        hint="Set AUTHMIGRATION['DATABASE'] to an alias of DATABASES with one of these engines.",
        id="authmigration.E005",
    )


def e006(option: str, value: object, wanted: str) -> Error:
    """Return the error for a value that an option cannot have."""
    return Error(
        f"AUTHMIGRATION[{option!r}] is {value!r}.",
        hint=f"Write {wanted}.",
        id="authmigration.E006",
    )


def e007(tables: Iterable[str]) -> Error:
    """Return the error for enforcing while changes of legacy tables go unseen."""
    return Error(
        "Somebody is at stage enforce, and changes of these legacy tables go unseen, revocations "
        f"among them: {', '.join(tables)}.",
        hint="Run `manage.py authz_capture install`, or `manage.py authz_stage COHORT shadow`.",
        id="authmigration.E007",
    )


def e008(source: str, column: str, values: Iterable[object]) -> Error:
    """Return the error for values in the data that nobody mapped."""
    texts = ", ".join(map(repr, values))
    return Error(
        f"Source {source}: the column {column!r} holds {texts}, which nobody mapped; whoever bears "
        "such a value cannot be migrated.",
        hint="Add each to roles={...}, or to ignore={...} with a reason.",
        id="authmigration.E008",
    )


def e009(permission: str, where: str, why: str) -> Error:
    """Return the error for a permission that a view asks for and nobody declares."""
    return Error(
        f"{where} asks for {permission!r}. {why}",
        hint="Correct the name there, or add the permission to can={...} of a role.",
        id="authmigration.E009",
    )


def e010(ceiling: str, retired: int) -> Error:
    """Return the error for a ceiling below what cannot be undone."""
    subjects = "1 subject is" if retired == 1 else f"{retired:,} subjects are"
    return Error(
        f"AUTHMIGRATION['CEILING'] is {ceiling!r}, and {subjects} retired: their legacy rows are "
        "no longer true, so that no ceiling may bring them back.",
        hint="Set AUTHMIGRATION['CEILING'] to 'retired'.",
        id="authmigration.E010",
    )


def e011(model: str, field: str, most: int) -> Error:
    """Return the error for keys that do not fit where ids are stored."""
    return Error(
        f"{model}.{field}, a primary key, may be longer than the {most} characters of an id.",
        hint=f"Set max_length={most} or less, if no key is longer.",
        id="authmigration.E011",
    )


def e012(problem: str) -> Error:
    """Return the error for tokens that cannot be issued as they are configured."""
    return Error(
        problem,
        hint="Correct AUTHMIGRATION['TOKENS'], or leave ISSUER out to issue no tokens.",
        id="authmigration.E012",
    )


def w001(permission: str) -> Notice:
    """Return the warning for a permission whose old list is not declared."""
    return Notice(
        f"{permission!r} has a legacy check and no legacy list: in the legacy world lists are "
        "made from the legacy facts, and may differ from what the check allows.",
        hint=f'Declare the old queryset with @legacy.list("{permission}").',
        id="authmigration.W001",
    )


def w007(seconds: int) -> Notice:
    """Return the warning for tokens that outlive a revocation by far."""
    return Notice(
        f"An access token holds for {seconds:,} s, and with it every role that was taken away "
        "meanwhile.",
        hint="Set AUTHMIGRATION['TOKENS']['SECONDS'] to 300; clients refresh by themselves.",
        id="authmigration.W007",
    )


def w008(most: int) -> Notice:
    """Return the warning for tokens that common servers refuse as a header."""
    return Notice(
        f"An access token may be {most:,} bytes long; many servers take 8 KiB for a whole header.",
        hint="Set AUTHMIGRATION['TOKENS']['MOST_BYTES'] to 7000.",
        id="authmigration.W008",
    )


def w005(model: str, field: str) -> Notice:
    """Return the warning for ids of users that may be given again."""
    return Notice(
        f"{model}.{field} is given by the platform, and perhaps twice: whoever gets the id of "
        "somebody deleted gets what was assigned to it natively, unless Django deleted that row.",
        hint="Delete users with .delete(), never with raw SQL; or silence this where no id is ever "
        "given twice.",
        id="authmigration.W005",
    )


def w003(why: str) -> Notice:
    """Return the warning for flags that are read on the caller's connection."""
    return Notice(
        f"A kill is not seen inside a transaction that is under way: {why}",
        hint="Set FEATURE_FLAGS['CONNECTION'] to 'own', on a database that is no memory.",
        id="authmigration.W003",
    )
