"""Schools in the admin."""

from django.contrib import admin

from monolith.schools.models import School, SchoolStaff


@admin.register(School)
class SchoolAdmin(admin.ModelAdmin):
    """Schools by name."""

    list_display = ("name",)
    search_fields = ("name",)


@admin.register(SchoolStaff)
class SchoolStaffAdmin(admin.ModelAdmin):
    """Who holds which position."""

    list_display = ("person", "school", "position")
    list_filter = ("position", "school")
    list_select_related = ("person", "school")
    raw_id_fields = ("person",)
