"""Accounts in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from monolith.accounts.models import OutboxMail, Person, Profile, User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Django's own page and the teacher's flag."""

    list_display = ("username", "first_name", "last_name", "is_teacher", "is_superuser")
    list_filter = ("is_teacher", "is_superuser", "is_active", "groups")
    fieldsets = (*DjangoUserAdmin.fieldsets, ("Platform", {"fields": ("is_teacher",)}))


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    """The personnel office's list."""

    list_display = ("full_name", "staff_number", "user")
    list_select_related = ("user",)
    raw_id_fields = ("user",)
    search_fields = ("full_name", "staff_number")


@admin.register(Profile)
class ProfileAdmin(admin.ModelAdmin):
    """Profiles and the courses that their users moderate."""

    list_display = ("user", "moderated_courses")
    list_select_related = ("user",)
    raw_id_fields = ("user",)


@admin.register(OutboxMail)
class OutboxMailAdmin(admin.ModelAdmin):
    """What was sent."""

    list_display = ("to", "subject", "written_at")
    search_fields = ("to", "subject")
