"""Addresses of the payments."""

from django.urls import path

from monolith.payments import views

urlpatterns = [
    path("invoices/", views.invoice_list, name="invoice-list"),
    path("invoices/<int:invoice_id>/", views.invoice_detail, name="invoice-detail"),
    path("invoices/<int:invoice_id>/pay/", views.pay, name="invoice-pay"),
    path("invoices/<int:invoice_id>/plan/", views.payment_plan, name="payment-plan"),
    path("invoices/<int:invoice_id>/refund/", views.refund, name="invoice-refund"),
    path("invoices/<int:invoice_id>/remind/", views.Remind.as_view(), name="invoice-remind"),
    path("receipts/<str:reference>/", views.receipt, name="receipt"),
    path("reports/outstanding/", views.outstanding, name="outstanding"),
]
