"""Addresses of the payments."""

from django.urls import path

from monolith.payments import views

urlpatterns = [
    path("invoices/<int:invoice_id>/", views.invoice_detail, name="invoice-detail"),
    path("invoices/<int:invoice_id>/refund/", views.refund, name="invoice-refund"),
]
