"""What the settings say for every view of Django REST framework that says nothing itself."""

import pytest

from .trees import rules_of

MODELS = """
from django.db import models


class Organization(models.Model):
    members = models.ManyToManyField("auth.User")


class Project(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)

    def may_be_seen_by(self, user):
        user.project = self
        return self.organization.members.filter(pk=user.pk).exists()
"""
VIEWS = """
from rest_framework import generics
from .models import Project


class ProjectView(generics.RetrieveAPIView):
    queryset = Project.objects.all()
"""
PERMISSIONS = """
from rest_framework.permissions import BasePermission


class OfTheOrganization(BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.may_be_seen_by(request.user)
"""
OURS = """REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["core.permissions.OfTheOrganization"]}"""
LOGIN = """
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ("rest_framework.permissions.IsAuthenticated",)}
"""


def tree(**settings):
    named = {f"site/settings/{name}.py": text for name, text in settings.items()}
    views = {"app/models.py": MODELS, "app/views.py": VIEWS, "core/permissions.py": PERMISSIONS}
    return views | named


def test_a_default_permission_that_checks_the_object_counts_for_each_view():
    assert rules_of(tree(production=OURS)) == []


@pytest.mark.parametrize(
    "said",
    [{}, {"production": LOGIN}, {"production": OURS, "development": LOGIN}],
    ids=["none said", "a log-in asked for", "not said everywhere"],
)
def test_what_is_not_said_for_every_site_counts_for_none(said):
    assert rules_of(tree(**said)) == ["AM201"]


def test_a_view_that_says_something_itself_goes_without_the_default():
    files = tree(production=OURS)
    files["app/views.py"] += "    permission_classes = []\n"
    assert rules_of(files) == ["AM201"]


def test_a_folder_above_the_packages_keeps_nobody_from_finding_the_class():
    files = {f"src/{path}": text for path, text in tree(production=OURS).items()}
    assert rules_of(files) == []
