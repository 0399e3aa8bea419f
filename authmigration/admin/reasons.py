"""Actions that ask why before they do anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib.admin import helpers
from django.contrib.admin.options import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

MOST_AT_ONCE = 100


class ReasonForm(forms.Form):
    """Asks why."""

    reason = forms.CharField(
        help_text="Kept in the audit trail.", widget=forms.Textarea(attrs={"rows": 3})
    )


def with_reason(
    page: ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    title: str,
    act: Callable[[Iterable[Any], str], None],
) -> TemplateResponse | None:
    """Ask for a reason on a page of its own; with one, act.

    Args:
        page: whose action it is.
        request: as the action got it.
        rows: what was chosen.
        title: what is about to be done.
        act: does it, with the rows and the reason.

    Returns:
        The page that asks; None once it is done, which leads back to the list.

    """
    asked = "confirmed" in request.POST
    form = ReasonForm(request.POST if asked else None)
    chosen = list(rows[: MOST_AT_ONCE + 1])
    if asked and form.is_valid() and len(chosen) <= MOST_AT_ONCE:
        act(chosen, form.cleaned_data["reason"])
        return None
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "opts": page.model._meta,
        "form": form,
        "rows": chosen[:MOST_AT_ONCE],
        "too_many": len(chosen) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "action": request.POST["action"],
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "authmigration/reason.html", context)
