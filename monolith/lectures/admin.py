"""Lectures in the admin."""

from django.contrib import admin

from monolith.lectures.models import Lecture


@admin.register(Lecture)
class LectureAdmin(admin.ModelAdmin):
    """Lectures by course."""

    list_display = ("title", "course", "published", "discussion_open")
    list_filter = ("published", "course")
    list_select_related = ("course",)
