"""What the fields and the search boxes of an admin offer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from ..choices import chosen_in, offered
from .asking import Asking

_EDITED = "_authz_admin_edited"


class Choosing(Asking):
    """Narrows relations to what may be chosen: lists, raw ids, autocompletion, several at once."""

    admin_site: Any

    def choice_permission(self, name: str) -> str | None:
        """Return what a user must have on a row to choose it in a field; None: no rule."""
        if name in self.authz_choices:
            return self.authz_choices[name]
        return self.place_permission() if name == self.place_path() else None

    def place_permission(self) -> str | None:
        """Return what a user must have where a new or a moved row comes to lie."""
        return self.named("add") or self.named("change")

    def get_form(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """Return the form of an object, whose own choices stay on offer."""
        setattr(request, _EDITED, (type(self), obj))
        return super().get_form(request, obj, **kwargs)  # type: ignore[misc]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return a field that offers what may be chosen."""
        self._narrow(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return a field that offers what may be chosen."""
        self._narrow(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def _narrow(self, db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> None:
        permission = self.choice_permission(db_field.name)
        if permission is None:
            return
        rows = kwargs.get("queryset")
        if rows is None:
            using = kwargs.get("using")
            own = self.get_field_queryset(using, db_field, request)  # type: ignore[attr-defined]
            model = db_field.remote_field.model
            everything = model._default_manager.using(using)  # noqa: SLF001 -- documented by Django
            rows = everything.all() if own is None else own
        keep = self._chosen(request, db_field)
        kwargs["queryset"] = offered(request.user, permission, rows, keep=keep)

    def _chosen(self, request: HttpRequest, db_field: Any) -> Q | None:
        edited = getattr(request, _EDITED, None)
        if edited is not None and edited[0] is type(self):
            return chosen_in(edited[1], db_field)
        if db_field.many_to_many:
            return None
        # Rows of a list or of an inline; where one is moved to is asked about when it is saved.
        shown = self.get_queryset(request).order_by()  # type: ignore[attr-defined]
        return Q(**{f"{db_field.target_field.name}__in": shown.values(db_field.attname)})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return what a search finds; for the autocompletion of a field, what may be chosen."""
        found, twice = super().get_search_results(request, queryset, search_term)  # type: ignore[misc]
        for permission in self._autocompleting(request):
            found = offered(request.user, permission, found)
        return found, twice

    def _autocompleting(self, request: HttpRequest) -> Iterator[str]:
        label, model, field = (
            request.GET.get(name, "") for name in ("app_label", "model_name", "field_name")
        )
        if not (label and model and field):
            return
        try:
            source = apps.get_model(label, model)
            source._meta.get_field(field)
        except (LookupError, FieldDoesNotExist):
            return
        for door in self._doors_of(source):
            permission = door.choice_permission(field)
            if permission is not None:
                yield permission

    def _doors_of(self, model: type[Model]) -> Iterator[Choosing]:
        # Not get_model_admin(), which Django has since 5.0.
        admins = self.admin_site._registry  # noqa: SLF001 -- as above
        if isinstance(admins.get(model), Choosing):
            yield admins[model]
            return
        for each in admins.values():
            for inline in each.inlines:
                if inline.model is model and issubclass(inline, Choosing):
                    yield inline(each.model, self.admin_site)
                    return
