"""An admin whose every page asks the policy."""

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path

from authmigration import AuthzAdminMixin, AuthzInlineMixin
from monolith.courses.models import Course, Enrolment
from monolith.lectures.models import Lecture
from monolith.schools.models import School
from tests.authmigration.http.site import denied, missing

site = admin.AdminSite(name="asking")


class Lectures(AuthzInlineMixin, admin.TabularInline):
    model = Lecture
    extra = 1
    fields = ("title", "body")
    authz_permissions = {
        "view": "lecture.view",
        "change": "lecture.edit",
        "add": "lecture.edit",
        "delete": "lecture.edit",
    }


@admin.action(description="Publish", permissions=["change"])
def publish(model_admin, request, queryset):
    queryset.update(is_public=True)


@admin.register(Course, site=site)
class CourseAdmin(AuthzAdminMixin, admin.ModelAdmin):
    list_display = ("code", "title", "school")
    list_editable = ("title",)
    ordering = ("pk",)
    search_fields = ("code",)
    fields = ("title", "code", "school")
    actions = (publish,)
    inlines = (Lectures,)
    authz_permissions = {
        "view": "course.view",
        "change": "course.edit",
        "add": "course.edit",
        "delete": "course.edit",
    }


@admin.register(School, site=site)
class SchoolAdmin(AuthzAdminMixin, admin.ModelAdmin):
    search_fields = ("name",)
    authz_permissions = {"view": "school.view"}


@admin.register(Enrolment, site=site)
class EnrolmentAdmin(AuthzAdminMixin, admin.ModelAdmin):
    authz_through = "course"
    authz_permissions = {
        "view": "course.enrol",
        "change": "course.enrol",
        "add": "course.enrol",
        "delete": "course.withdraw",
    }
    autocomplete_fields = ("course",)
    raw_id_fields = ("student",)
    fields = ("student", "course")


def page(request):
    return HttpResponse("here")


urlpatterns = [path("admin/", site.urls), path("login/", page, name="login")]
handler403, handler404 = denied, missing
