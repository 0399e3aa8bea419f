"""The form by which an administrator assigns a role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.management.base import CommandError

from auth_lib import PLATFORM, AuthError, Context, Effect
from auth_lib.contexts import PLATFORM_TYPE

from .. import conf, registry
from ..management.people import find
from ..management.roles import role_named
from ..models import Assignment


def roles() -> list[tuple[str, str]]:
    """Return every declared role, written ``course/ta``."""
    return sorted((str(key), str(key)) for key in registry.get().policy.by_key)


class AssignForm(forms.ModelForm):  # type: ignore[type-arg]
    """Asks who shall hold which role where, until when, and why."""

    ASKED = ("who", "what", "where", "effect", "valid_until", "reason")

    who = forms.CharField(label="User", help_text="Primary key or username.")
    what = forms.ChoiceField(label="Role", choices=roles)
    where = forms.CharField(label="Context", help_text="course:42, or platform.")
    reason = forms.CharField(
        help_text="Kept in the audit trail.", widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        """The columns that are asked for as they are."""

        model = Assignment
        fields = ("effect", "valid_until")
        help_texts = {"valid_until": "The first moment at which it holds no more; empty: never."}

    def clean_who(self) -> Any:
        """Find the user."""
        try:
            return find(self.cleaned_data["who"])
        except CommandError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_where(self) -> Context:
        """Read the context."""
        text = self.cleaned_data["where"]
        try:
            return PLATFORM if text == PLATFORM_TYPE else Context.parse(text)
        except AuthError as error:
            raise forms.ValidationError(str(error)) from error

    def wanted(self) -> dict[str, Any]:
        """Return the arguments of ``assign``."""
        data = self.cleaned_data
        return {
            "who": data["who"].user or data["who"].id,
            "role": role_named(data["what"], data["where"].type),
            "context": data["where"],
            "effect": Effect(data["effect"]),
            "valid_until": data["valid_until"],
            "reason": data["reason"],
        }

    def row(self) -> Assignment:
        """Return a row of what was assigned."""
        data = self.cleaned_data
        return Assignment.objects.using(conf.get().database).filter(
            subject=data["who"].id,
            role=data["what"].rpartition("/")[2],
            context_type=data["where"].type,
            context_id=data["where"].id,
            effect=data["effect"],
        )[0]
