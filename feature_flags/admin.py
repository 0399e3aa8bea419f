"""Plain pages for each table. Every write goes through the change functions, with its reason."""

# ruff: noqa: ARG002 -- the hooks of Django's admin pass more than each page needs

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from . import changes, cohort_rows, flag_values, kill_switches
from .cohort_forms import HELP
from .content import Effect
from .errors import FlagError
from .models import Cohort, FlagEvent, FlagOptions, KillSwitch, Rule

WRITERS = {Effect.ADMIT: changes.admit, Effect.DENY: changes.deny, Effect.HOLD: changes.hold}
UNDOERS = {Effect.ADMIT: changes.remove, Effect.DENY: changes.release, Effect.HOLD: changes.release}


class ReasonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Asks why."""

    why = forms.CharField(label="Reason", help_text="Kept in the history.", widget=forms.Textarea)


class RemovableForm(ReasonForm):
    """Asks why, and whether the row is to go."""

    take_away = forms.BooleanField(label="Take it away", required=False)


class NewRuleForm(ReasonForm):
    """Takes the cohort as text."""

    whom = forms.CharField(label="Cohort", help_text=f"{HELP}, or the name of a cohort.")


class ReasonedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page whose writes are changes of ours. Nothing is deleted without a reason."""

    #: What a new row asks for; ``fields`` and ``form`` are those of a row that exists.
    new_fields: tuple[str, ...] = ()
    new_form: type[forms.ModelForm[Any]] = ReasonForm
    #: What stays as it was made.
    fixed: tuple[str, ...] = ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Ask a new row for more."""
        return self.fields if obj else self.new_fields

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Ask a new row for more."""
        kwargs["form"] = self.form if obj else self.new_form
        return super().get_form(request, obj, *args, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Let nobody rename what exists."""
        return [*self.readonly_fields, *(self.fixed if obj else ())]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse Django's delete, which asks for no reason."""
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what a change refuses, in place of an error page."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except FlagError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: Any,
        change: bool,  # noqa: FBT001
    ) -> None:
        """Write through the change functions."""
        by = {"actor": request.user, "reason": form.cleaned_data["why"], "channel": "admin"}
        row = self.write(request, obj, form.cleaned_data, by)
        if row is not None:
            obj.pk = row.pk
            obj.refresh_from_db()

    def write(
        self, request: HttpRequest, obj: Any, data: dict[str, Any], by: dict[str, Any]
    ) -> Model | None:
        """Write one row, and return it where it may be new."""
        raise TypeError(f"{type(self).__name__} does not say how it writes.")


@admin.register(Cohort)
class CohortAdmin(ReasonedAdmin):
    """Whom rules are about."""

    list_display = ("name", "kind", "parameters")
    list_filter = ("kind",)
    search_fields = ("name",)
    form = RemovableForm
    fields = ("name", "kind", "parameters", "why", "take_away")
    new_fields = ("name", "kind", "parameters", "why")
    fixed = ("name", "kind")

    def write(
        self, request: HttpRequest, obj: Any, data: dict[str, Any], by: dict[str, Any]
    ) -> Model | None:
        """Make, change or delete a cohort."""
        if obj.pk is None:
            return cohort_rows.create_cohort(obj.name, obj.kind, obj.parameters, **by)
        if not data["take_away"]:
            return cohort_rows.change_cohort(obj.name, obj.parameters, **by)
        cohort_rows.delete_cohort(obj.name, **by)
        return None


@admin.register(Rule)
class RuleAdmin(ReasonedAdmin):
    """What flags do to cohorts."""

    list_display = ("flag", "effect", "cohort", "until")
    list_filter = ("effect", "flag")
    search_fields = ("flag", "cohort__name")
    list_select_related = ("cohort",)
    form = RemovableForm
    fields = ("flag", "effect", "cohort", "until", "why", "take_away")
    new_form = NewRuleForm
    new_fields = ("flag", "effect", "whom", "until", "why")
    fixed = ("flag", "effect", "cohort")

    def write(
        self, request: HttpRequest, obj: Any, data: dict[str, Any], by: dict[str, Any]
    ) -> Model | None:
        """Add a rule, change when it ends, or take it away."""
        effect = Effect(obj.effect)
        if obj.pk is None:
            return WRITERS[effect](obj.flag, data["whom"], until=obj.until, **by)
        if not data["take_away"]:
            return WRITERS[effect](obj.flag, obj.cohort, until=obj.until, **by)
        UNDOERS[effect](obj.flag, obj.cohort, **by)
        return None


@admin.register(FlagOptions)
class FlagOptionsAdmin(ReasonedAdmin):
    """Prerequisite, salt and safe value."""

    list_display = ("flag", "prerequisite", "salt", "safe")
    search_fields = ("flag",)
    form = ReasonForm
    fields = new_fields = ("flag", "prerequisite", "salt", "safe", "why")
    fixed = ("flag",)

    def write(
        self, request: HttpRequest, obj: Any, data: dict[str, Any], by: dict[str, Any]
    ) -> Model | None:
        """Set the options."""
        flag_values.set_options(
            obj.flag, prerequisite=obj.prerequisite or None, salt=obj.salt, safe=obj.safe, **by
        )
        return FlagOptions.objects.get(flag=obj.flag)


@admin.register(KillSwitch)
class KillSwitchAdmin(ReasonedAdmin):
    """The brake."""

    list_display = ("name", "on", "reason", "actor", "at")
    form = ReasonForm
    fields = ("name", "on", "reason", "actor", "at", "why")
    new_fields = ("name", "on", "why")
    readonly_fields = ("reason", "actor", "at")
    fixed = ("name",)

    def write(
        self, request: HttpRequest, obj: Any, data: dict[str, Any], by: dict[str, Any]
    ) -> Model | None:
        """Kill or lift, and say what still kills."""
        state = (kill_switches.kill if obj.on else kill_switches.lift)(obj.name, **by)
        self.message_user(request, str(state), messages.WARNING if state else messages.INFO)
        return KillSwitch.objects.get(name=obj.name)


@admin.register(FlagEvent)
class FlagEventAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The history, to be read."""

    list_display = ("at", "actor", "actor_name", "channel", "action", "target", "reason")
    list_filter = ("channel", "action", "target_type")
    search_fields = ("target", "actor", "actor_name", "reason")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let nobody write history by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let nobody rewrite it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let nobody shorten it."""
        return False
