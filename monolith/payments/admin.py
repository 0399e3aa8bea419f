"""Payments in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from monolith.payments.models import Bursar, Instalment, Invoice, Receipt


@admin.register(Bursar)
class BursarAdmin(admin.ModelAdmin):
    """All bursars; one who leaves gets a date and is never deleted."""

    list_display = ("user", "school", "deleted_at")
    list_filter = ("school",)
    list_select_related = ("user", "school")
    raw_id_fields = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bursar]:  # noqa: ARG002 - Django's signature
        """Show those who have left, too."""
        return Bursar.with_those_who_left.all()

    def has_delete_permission(self, request: HttpRequest, obj: Bursar | None = None) -> bool:  # noqa: ARG002
        """Deny: the model refuses as well."""
        return False


@admin.register(Invoice)
class InvoiceAdmin(admin.ModelAdmin):
    """Invoices by status."""

    list_display = ("pk", "student", "course", "amount_cents", "status", "due_on")
    list_filter = ("status", "course__school")
    list_select_related = ("student", "course")
    raw_id_fields = ("student",)
    search_fields = ("student__username",)


@admin.register(Receipt)
class ReceiptAdmin(admin.ModelAdmin):
    """Receipts; one that was handed out is never deleted."""

    list_display = ("reference", "invoice", "issued_at")
    list_select_related = ("invoice",)
    raw_id_fields = ("invoice",)
    search_fields = ("reference",)

    def has_delete_permission(self, request: HttpRequest, obj: Receipt | None = None) -> bool:  # noqa: ARG002
        """Deny: the student holds the other copy."""
        return False


@admin.register(Instalment)
class InstalmentAdmin(admin.ModelAdmin):
    """Instalments by day."""

    list_display = ("invoice", "due_on", "amount_cents")
    list_select_related = ("invoice",)
    raw_id_fields = ("invoice",)
    date_hierarchy = "due_on"
