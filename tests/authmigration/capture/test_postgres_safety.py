"""A writer on PostgreSQL is never stopped, and never believed."""

import pytest
from django.db import ProgrammingError, connection

from authmigration import capture
from authmigration.legacy import watch
from authmigration.models import ChangeMark
from monolith.accounts.models import Person
from monolith.courses.models import Course, Enrolment
from monolith.schools.models import School, SchoolStaff
from tests.authmigration.capture.shapes import Member, Pass

pytestmark = pytest.mark.postgres

ENROLMENTS = watch(Enrolment, user="student", columns=["kind", "status"])
STAFF = watch(SchoolStaff, user="person__user", columns=["position"])


def sql(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def school(db):
    return School.objects.create(name="north")


@pytest.fixture
def course(school):
    return Course.objects.create(title="Algebra", code="A", school=school)


@pytest.fixture
def enrolment(anna, course):
    found = Enrolment.objects.create(student=anna, course=course)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    return found


@pytest.fixture
def staff(anna, school):
    person = Person.objects.create(user=anna, full_name="Anna", staff_number="1")
    found = SchoolStaff.objects.create(person=person, school=school, position="principal")
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    return found


@pytest.fixture
def plain_role(db, unique_name):
    """A role that may write enrolments and knows nothing of the toolkit."""
    sql(f"CREATE ROLE {unique_name}", f"GRANT ALL ON courses_enrolment TO {unique_name}")
    return unique_name


def test_a_body_that_fails_raises_the_epoch_and_lets_the_write_through(install, marked, staff):
    install(STAFF)
    sql("ALTER TABLE accounts_person RENAME TO gone")

    SchoolStaff.objects.update(position="secretary")

    assert SchoolStaff.objects.get().position == "secretary"
    assert marked() == [""]


def test_a_log_that_is_gone_lets_the_write_through(install, staff):
    install(STAFF)
    sql("ALTER TABLE authmigration_changemark RENAME TO gone")

    SchoolStaff.objects.update(position="secretary")

    assert SchoolStaff.objects.get().position == "secretary"


def test_a_subject_too_long_for_the_log_raises_the_epoch(install, marked, members):
    Pass.objects.create(member=Member.objects.create(username="anna"))
    install(watch(Pass, user="member"))
    sql(
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE authmigration_changemark ALTER subject TYPE varchar(35)",
    )

    Pass.objects.update(zone="red")

    assert marked() == [""]


def test_a_role_without_rights_on_the_log_still_leaves_marks(
    install, marked, anna, enrolment, plain_role
):
    install(ENROLMENTS)

    sql(f"SET ROLE {plain_role}", "UPDATE courses_enrolment SET kind = 5", "RESET ROLE")

    assert marked() == [str(anna.pk)]


def test_a_role_without_rights_cannot_put_the_function_on_a_table_of_its_own(
    install, enrolment, plain_role
):
    install(ENROLMENTS)
    (status,) = capture.status()
    function = status.triggers[0].rpartition("_")[0]
    sql(f"CREATE SCHEMA own AUTHORIZATION {plain_role}", f"SET ROLE {plain_role}")
    sql("CREATE TABLE own.t (id int)")

    with pytest.raises(ProgrammingError, match="permission denied for function"):
        sql(
            "CREATE TRIGGER t AFTER TRUNCATE ON own.t "
            f"FOR EACH STATEMENT EXECUTE FUNCTION public.{function}()"
        )


def test_a_search_path_of_the_writer_does_not_divert_the_mark(install, marked, anna, staff):
    install(STAFF)
    sql("CREATE SCHEMA evil")
    for table in ("authmigration_changemark", "accounts_person"):
        sql(f"CREATE TABLE evil.{table} (LIKE public.{table})")
        sql(f"CREATE TEMP TABLE {table} (LIKE public.{table})")
    for name in ("bigint", "uuid", "text"):
        sql(
            f"CREATE FUNCTION evil.never({name}, {name}) RETURNS bool LANGUAGE sql "
            "AS $$ SELECT false $$",
            f"CREATE OPERATOR evil.= (LEFTARG = {name}, RIGHTARG = {name}, FUNCTION = evil.never)",
        )
    sql(
        "CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE sql "
        "AS $$ SELECT 'epoch'::timestamptz $$",
        "SET LOCAL search_path = pg_temp, evil, public, pg_catalog",
        "UPDATE schools_schoolstaff SET position = 'secretary'",
        "SET LOCAL search_path = public",
        "DROP TABLE pg_temp.authmigration_changemark",
    )

    assert ChangeMark.objects.get().at.year > 2000
    assert marked() == [str(anna.pk)]


def test_a_policy_that_hides_rows_from_the_function_raises_the_epoch(
    install, marked, staff, unique_name
):
    install(STAFF)
    (status,) = [each for each in capture.status() if each.table == "schools_schoolstaff"]
    function = status.triggers[0].rpartition("_")[0]
    sql(
        f"CREATE ROLE {unique_name}",
        f"GRANT CREATE ON SCHEMA public TO {unique_name}",
        f"GRANT SELECT ON accounts_person TO {unique_name}",
        f"GRANT INSERT ON authmigration_changemark TO {unique_name}",
        f"ALTER FUNCTION public.{function}() OWNER TO {unique_name}",
        "ALTER TABLE accounts_person ENABLE ROW LEVEL SECURITY",
        "UPDATE schools_schoolstaff SET position = 'secretary'",
    )

    assert marked() == [""]
