"""The admin lists, opens, changes, adds, deletes and offers what a check allows."""

import json

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from auth_lib import Effect
from authmigration import AuthzAdminMixin, check
from authmigration.testing import at_stage, with_role
from authmigration.uses import declared_uses
from monolith.accounts.models import User
from monolith.courses.authz import STUDENT, TEACHER
from monolith.courses.models import Course, Enrolment
from monolith.lectures.models import Lecture
from tests.authmigration import worlds
from tests.authmigration.http import model_admin_site
from tests.authmigration.http.conftest import signed_in

pytestmark = pytest.mark.django_db

STAGES = ("off", "enforce")
NAMES = ("owner", "teacher", "student", "principal", "superuser", "nobody")
NO_LECTURES = {"lectures-TOTAL_FORMS": 0, "lectures-INITIAL_FORMS": 0}


@pytest.fixture(autouse=True)
def served(settings):
    settings.ROOT_URLCONF = model_admin_site.__name__


@pytest.fixture(autouse=True)
def enforced():
    with at_stage("enforce"):
        yield


@pytest.fixture
def staff(campus):
    User.objects.update(is_staff=True)
    for name in NAMES:
        campus[name].refresh_from_db()
    return campus


def url(page, *args, model="courses_course"):
    return reverse(f"admin:{model}_{page}", args=args, current_app="asking")


def changed(campus, name, course, **data):
    given = {"title": "new", "code": course.code, "school": course.school_id, **NO_LECTURES, **data}
    return signed_in(campus[name]).post(url("change", course.pk), given)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", NAMES)
def test_opening_and_changing_are_what_a_check_allows(staff, name, stage):
    with at_stage(stage):
        who, course = staff[name], staff.course
        may_view, may_edit = check(who, "course.view", course), check(who, "course.edit", course)
        opened = signed_in(who).get(url("change", course.pk)).status_code
        saved = changed(staff, name, course)
        course.refresh_from_db()

    assert (opened == 200) is (may_view.allowed)
    assert (course.title == "new") is (may_view.allowed and may_edit.allowed), saved.content


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", ["owner", "student", "superuser"])
def test_the_list_shows_what_may_be_viewed(staff, name, stage):
    with at_stage(stage):
        page = signed_in(staff[name]).get(url("changelist"))
        shown = set(page.context["cl"].queryset)
        may = {c for c in Course.objects.all() if check(staff[name], "course.view", c)}

    assert shown == may != set()


def test_whoever_may_see_nothing_sees_no_list(staff):
    assert signed_in(staff["nobody"]).get(url("changelist")).status_code == 403
    assert b"Course" not in signed_in(staff["nobody"]).get(reverse("admin:index")).content
    assert b"Course" in signed_in(staff["student"]).get(reverse("admin:index")).content


def test_whoever_has_no_place_in_the_admin_is_kept_out(campus):
    assert signed_in(campus["owner"]).get(url("changelist")).status_code == 302


def test_a_refusal_hides_a_course_from_a_superuser(staff):
    with with_role(staff["superuser"], STUDENT, staff.course, effect=Effect.REFUSE):
        shown = signed_in(staff["superuser"]).get(url("changelist")).context["cl"].queryset
        assert list(shown) == [staff.other_course]
        changed(staff, "superuser", staff.course)
    staff.course.refresh_from_db()
    assert staff.course.title != "new"


def test_an_action_gets_only_the_rows_for_which_it_is_permitted(staff):
    with with_role(staff["owner"], STUDENT, other := worlds.course(staff.course.school)):
        chosen = [staff.course.pk, other.pk]
        form = {"action": "publish", "_selected_action": chosen}
        page = signed_in(staff["owner"]).post(url("changelist"), form, follow=True)

    assert set(Course.objects.filter(is_public=True)) == {staff.course}
    assert "1 of the selected rows were left out" in page.content.decode()


def test_deleting_a_selection_leaves_out_what_may_not_be_deleted(staff):
    with with_role(staff["owner"], STUDENT, other := worlds.course(staff.course.school)):
        form = {
            "action": "delete_selected",
            "_selected_action": [staff.course.pk, other.pk],
            "post": "yes",
        }
        Lecture.objects.all().delete()
        Enrolment.objects.all().delete()
        signed_in(staff["owner"]).post(url("changelist"), form)

    assert set(Course.objects.all()) == {staff.other_course, other}


def edited_in_the_list(who, *courses):
    form = {"form-TOTAL_FORMS": len(courses), "form-INITIAL_FORMS": len(courses), "_save": "Save"}
    for number, course in enumerate(courses):
        form |= {f"form-{number}-id": course.pk, f"form-{number}-title": "edited"}
    return signed_in(who).post(url("changelist"), form)


def test_what_may_be_seen_is_not_edited_in_the_list(staff):
    with with_role(staff["owner"], STUDENT, other := worlds.course(staff.course.school)):
        mine = staff.course, staff.other_course
        assert edited_in_the_list(staff["owner"], *mine, other).status_code == 403
        assert not Course.objects.filter(title="edited", pk=other.pk)
        assert edited_in_the_list(staff["owner"], *mine).status_code == 302

    assert Course.objects.filter(title="edited").count() == 2


def test_the_school_of_a_course_may_be_kept_and_not_changed_by_whoever_only_teaches(staff):
    elsewhere = staff.other_course.school_id
    page = signed_in(staff["owner"]).get(url("change", staff.course.pk))
    offered = page.context["adminform"].form.fields["school"].queryset

    assert list(offered) == [staff.course.school]
    assert changed(staff, "owner", staff.course).status_code == 302
    assert changed(staff, "owner", staff.course, school=elsewhere).status_code == 200
    staff.course.refresh_from_db()
    assert staff.course.school_id != elsewhere


def test_a_row_is_not_moved_to_where_nothing_may_be_added(staff, monkeypatch):
    """Also where a host offers more than may be chosen."""
    everything = lambda self, db_field, request, kwargs: None  # noqa: E731
    monkeypatch.setattr(model_admin_site.CourseAdmin, "_narrow", everything)

    answer = changed(staff, "owner", staff.course, school=staff.other_course.school_id)

    assert (answer.status_code, b"Nothing may be put into" in answer.content) == (403, True)


def added(campus, name, school):
    given = {"title": "added", "code": "X", "school": school.pk, **NO_LECTURES}
    return signed_in(campus[name]).post(url("add"), given)


def test_a_course_is_added_where_the_role_holds(staff):
    here, there = staff.course.school, staff.other_course.school

    assert added(staff, "principal", here).status_code == 302
    assert added(staff, "principal", there).status_code == 200
    assert added(staff, "owner", here).status_code == 403
    assert added(staff, "superuser", there).status_code == 302
    assert set(Course.objects.filter(title="added").values_list("school", flat=True)) == {
        here.pk,
        there.pk,
    }


def test_an_action_that_is_not_named_is_denied(staff):
    school = staff.course.school
    client = signed_in(staff["superuser"])

    assert client.get(url("change", school.pk, model="schools_school")).status_code == 200
    assert client.get(url("add", model="schools_school")).status_code == 403
    assert client.get(url("delete", school.pk, model="schools_school")).status_code == 403


def test_a_model_below_a_context_is_asked_about_through_it(staff):
    row = worlds.enrol(staff["nobody"], staff.course)
    other = worlds.enrol(staff["nobody"], worlds.course(worlds.school()))
    client = signed_in(staff["principal"])

    shown = set(client.get(url("changelist", model="courses_enrolment")).context["cl"].queryset)
    assert shown == set(staff.course.enrolments.all())
    assert client.get(url("change", row.pk, model="courses_enrolment")).status_code == 200
    assert client.get(url("change", other.pk, model="courses_enrolment")).status_code == 302


@pytest.mark.parametrize(("name", "seen"), [("principal", 1), ("superuser", 2), ("student", 0)])
def test_autocompletion_offers_what_may_be_chosen(staff, name, seen):
    asked = {"app_label": "courses", "model_name": "enrolment", "field_name": "course", "term": ""}
    answer = signed_in(staff[name]).get(reverse("admin:autocomplete"), asked)

    assert len(json.loads(answer.content)["results"]) == seen


def test_an_autocompleted_choice_that_was_not_offered_is_refused(staff):
    form = {"student": staff["nobody"].pk, "course": staff.other_course.pk}
    answer = signed_in(staff["principal"]).post(url("add", model="courses_enrolment"), form)

    assert "course" in answer.context["adminform"].form.errors


def lectures(course, *rows, new=()):
    form = {"lectures-TOTAL_FORMS": len(rows) + len(new), "lectures-INITIAL_FORMS": len(rows)}
    for number, (pk, title) in enumerate(
        [*((r.pk, "edited") for r in rows), *((None, t) for t in new)]
    ):
        name = f"lectures-{number}"
        form |= {f"{name}-title": title, f"{name}-body": "b", f"{name}-course": course.pk}
        form |= {f"{name}-id": pk} if pk else {}
    return form


def test_an_inline_changes_what_the_policy_allows_on_the_object_of_the_page(staff):
    form = lectures(staff.course, staff.lecture, new=["added"])

    assert changed(staff, "owner", staff.course, **form).status_code == 302
    assert set(staff.course.lectures.values_list("title", flat=True)) == {"edited", "added"}


def test_an_inline_of_whoever_may_only_read_is_only_read(staff):
    """The principal may edit the course, and not its lectures, nor read them."""
    form = lectures(staff.course, staff.lecture, new=["added"])

    changed(staff, "principal", staff.course, **form)

    assert list(staff.course.lectures.values_list("title", flat=True)) == ["L"]
    page = signed_in(staff["principal"]).get(url("change", staff.course.pk))
    assert page.context["inline_admin_formsets"] == []


def test_the_inline_shows_only_rows_that_may_be_viewed(staff):
    page = signed_in(staff["student"]).get(url("change", staff.course.pk))
    (formset,) = page.context["inline_admin_formsets"]

    assert [form.instance for form in formset.formset.initial_forms] == [staff.lecture]
    assert not formset.has_change_permission


def test_a_misspelt_action_is_refused_when_the_class_is_made():
    with pytest.raises(ImproperlyConfigured, match="'chagne'"):
        type("A", (AuthzAdminMixin, admin.ModelAdmin), {"authz_permissions": {"chagne": "a.b"}})


def test_its_permissions_are_known_before_any_request():
    assert "course.withdraw" in {
        use.permission for use in declared_uses() if use.where.endswith("EnrolmentAdmin")
    }


def test_a_page_of_the_list_reads_what_the_user_holds_once(staff, own_queries):
    client = signed_in(staff["owner"])
    for _ in range(5):
        worlds.enrol(staff["owner"], worlds.course(staff.course.school))

    with with_role(staff["owner"], TEACHER, staff.course), own_queries() as queries:
        assert client.get(url("changelist")).status_code == 200

    assert len(queries) == 1
