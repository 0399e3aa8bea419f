"""Whom a command line means."""

import getpass

import pytest
from django.core.management.base import CommandError

from authmigration.management import people
from monolith.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return User.objects.create(username="anna")


def test_a_user_is_found_by_primary_key_and_by_username_and_it_says_by_which(anna):
    by_key, by_name = people.find(str(anna.pk)), people.find("anna")

    assert by_key.id == by_name.id == str(anna.pk)
    assert str(by_key) == f"user {anna.pk} (anna, found by primary key)"
    assert str(by_name) == f"user {anna.pk} (anna, found by username)"


def test_the_key_of_one_and_the_name_of_another_is_no_answer(anna):
    other = User.objects.create(username=str(anna.pk))

    with pytest.raises(CommandError, match=f"write pk:{anna.pk} or username:{anna.pk}"):
        people.find(str(anna.pk))

    assert people.find(f"pk:{anna.pk}").user == anna
    assert people.find(f"username:{anna.pk}").user == other


def test_a_user_whose_name_is_the_own_key_is_no_contradiction():
    user = User.objects.create(username="temporary")
    user.username = str(user.pk)
    user.save()

    assert people.find(str(user.pk)).user == user


@pytest.mark.parametrize("text", ["nobody", "0", "999999", "", "pk:anna", "username:1"])
def test_somebody_who_does_not_exist_is_an_error_that_says_what_to_write(text):
    with pytest.raises(CommandError, match="No user has the primary key or the username"):
        people.find(text)


def test_a_service_is_a_subject_without_a_row():
    assert people.find("service:payments") == people.Found("service:payments", None, "its name")
    assert str(people.find("service:payments")) == "service:payments"


def test_the_actor_is_the_user_of_the_system_unless_a_user_is_named(anna, monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "deploy")

    assert people.actor_of(None) == "cli:deploy"
    assert people.actor_of("anna") == anna


def test_a_user_of_the_system_without_a_name_is_a_number(monkeypatch):
    def nameless():
        raise OSError("no entry for this uid")

    monkeypatch.setattr(getpass, "getuser", nameless)

    assert people.system_user().startswith("uid-")
