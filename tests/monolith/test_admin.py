import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

APPS = ("accounts", "schools", "courses", "gradebook", "payments", "lectures")
MODELS = [model for label in APPS for model in apps.get_app_config(label).get_models()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_admin_lists_every_model(platform, model):
    assert model in admin.site._registry
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert platform.client("superuser").get(url).status_code == 200
