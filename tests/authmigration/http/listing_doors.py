"""Every door that lists, or accepts what was chosen, as one function."""

from django import forms
from django.views.generic import ListView
from rest_framework import serializers

from authmigration import (
    AuthzFilterBackend,
    AuthzFormMixin,
    AuthzModelChoiceField,
    AuthzPrimaryKeyRelatedField,
    AuthzQuerysetMixin,
    FilteredQuerysetMixin,
    filter_queryset,
)
from tests.authmigration.http.doors import admin_of, api_class, request_of


def related_field(who, permission, row):
    rows = type(row)._base_manager.all()
    field = AuthzPrimaryKeyRelatedField(queryset=rows, permission=permission)
    serializer = type("Chosen", (serializers.Serializer,), {"row": field})
    return serializer(data={"row": row.pk}, context={"request": request_of(who)}).is_valid()


def form(who, permission, row):
    field = AuthzModelChoiceField(type(row)._base_manager.all(), permission=permission)
    chosen = type("Chosen", (AuthzFormMixin, forms.Form), {"row": field})
    return chosen({"row": row.pk}, user=who).is_valid()


def filtered(who, permission, model):
    return filter_queryset(who, permission, model._base_manager.all())


def list_view(who, permission, model):
    names = {"model": model, "list_permission": permission, "request": request_of(who)}
    names["queryset"] = model._base_manager.all()
    return type("Listed", (FilteredQuerysetMixin, ListView), names)().get_queryset()


def api_list(who, permission, model):
    view = api_class(permission, model, AuthzQuerysetMixin)()
    view.request = request_of(who)
    return view.get_queryset()


def filter_backend(who, permission, model):
    view = api_class(permission, model)()
    rows = model._base_manager.all()
    return AuthzFilterBackend().filter_queryset(request_of(who), rows, view)


def form_choices(who, permission, model):
    field = AuthzModelChoiceField(model._base_manager.all(), permission=permission)
    field.for_user(who)
    return field.queryset


def related_choices(who, permission, model):
    rows = model._base_manager.all()
    field = AuthzPrimaryKeyRelatedField(queryset=rows, permission=permission)
    names = {"row": field}
    serializer = type("Chosen", (serializers.Serializer,), names)
    return serializer(context={"request": request_of(who)}).fields["row"].get_queryset()


def admin_list(who, permission, model):
    return admin_of(permission, model).get_queryset(request_of(who))


LISTS = {
    each.__name__: each
    for each in (
        filtered,
        list_view,
        api_list,
        filter_backend,
        form_choices,
        related_choices,
        admin_list,
    )
}
ACCEPTING = {"form": form, "related_field": related_field}
