"""Opening an account, one's profile, and everybody's page."""

import pytest
from django.test import Client
from django.urls import reverse

from monolith.accounts.models import Profile, User

PASSWORD = "a long enough sentence"
FORM = {"username": "new", "email": "new@campus.example", "first_name": "Nia", "last_name": "Ng"}


def opened(**more):
    client = Client()
    data = {**FORM, "password1": PASSWORD, "password2": PASSWORD, **more}
    return client, client.post(reverse("register"), data)


def test_an_account_is_opened_and_logged_in(db):
    client, response = opened()
    assert response.url == reverse("home")
    assert client.get(reverse("home")).context["user"].username == "new"
    assert User.objects.get().check_password(PASSWORD)


def test_an_account_begins_without_a_role_whatever_is_posted(db):
    flags = ("is_teacher", "is_staff", "is_superuser")
    opened(**dict.fromkeys(flags, "on"), groups="1")
    user = User.objects.get()
    assert not any(getattr(user, flag) for flag in flags)
    assert not user.groups.exists()


@pytest.mark.parametrize("password", ["short", "12345678901", "password123"])
def test_a_password_that_is_easily_guessed_is_refused(db, password):
    _, response = opened(password1=password, password2=password)
    assert "password2" in response.context["form"].errors
    assert not User.objects.exists()


def test_whoever_has_an_account_opens_no_second_one(platform):
    client = platform.client("learner")
    assert client.get(reverse("register")).url == reverse("home")


def test_a_profile_is_made_when_it_is_first_saved(platform):
    client = platform.client("learner")
    assert client.get(reverse("profile")).status_code == 200
    client.post(reverse("profile"), {"about": "I like rivers."})
    page = client.get(reverse("person", args=[platform["learner"].pk]))
    assert b"I like rivers." in page.content


def test_saving_the_profile_as_the_page_shows_it_keeps_what_is_moderated(platform):
    platform.client("moderator").post(reverse("profile"), {"about": "hello"})
    profile = Profile.objects.get(user=platform["moderator"])
    assert (profile.about, profile.moderated_courses) == ("hello", [platform.course.pk])


def test_a_closed_account_has_no_page(platform):
    User.objects.filter(username="learner").update(is_active=False)
    url = reverse("person", args=[platform["learner"].pk])
    assert platform.client("nobody").get(url).status_code == 404


def test_accounts_are_for_those_who_logged_in(platform):
    for url in (reverse("profile"), reverse("person", args=[1]), reverse("support")):
        assert Client().get(url).url.startswith("/login/")
