"""Support staff use somebody's account: who may, whose, how it ends, and what is written down."""

import json

import jwt
import pytest
from asgiref.sync import async_to_sync
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import AsyncClient
from django.urls import reverse

from authmigration.models import AuditEvent
from feature_flags.testing import override_flags
from monolith.accounts.impersonation import KEY
from monolith.accounts.models import User

OK, FORBIDDEN = 200, 403


def use(client, name, reason="ticket 7"):
    return client.post(reverse("support"), {"user": name, "reason": reason})


def who(client) -> str:
    return client.get(reverse("home")).context["user"].username


def test_a_supporter_sees_what_the_other_sees_and_comes_back(platform):
    client = platform.client("supporter")
    use(client, "teacher")
    assert who(client) == "teacher"
    assert client.get(reverse("course-edit", args=[platform.course.pk])).status_code == OK
    client.post(reverse("support-leave"))
    assert who(client) == "supporter"
    assert client.get(reverse("course-edit", args=[platform.course.pk])).status_code == FORBIDDEN


def test_every_page_says_whose_account_is_used(platform):
    client = platform.client("supporter")
    use(client, "teacher")
    page = client.get(reverse("course-list")).content.decode()
    assert "You are supporter and use the account of teacher." in page
    client.post(reverse("support-leave"))
    assert "use the account of" not in client.get(reverse("course-list")).content.decode()


@pytest.mark.parametrize(
    "name", ["nobody", "learner", "teacher", "principal", "registrar", "superuser"]
)
def test_only_support_has_the_desk(platform, name):
    client = platform.client(name)
    assert client.get(reverse("support")).status_code == FORBIDDEN
    assert use(client, "learner").status_code == FORBIDDEN
    assert who(client) == platform[name].username


@pytest.mark.parametrize("name", ["superuser", "registrar", "supporter", "gone", "no such name"])
def test_nobodys_account_who_could_do_more_than_one_person(platform, name):
    User.objects.create(username="gone", is_active=False)
    client = platform.client("supporter")
    response = use(client, name)
    assert "Nobody whom support may stand in for" in response.content.decode()
    assert who(client) == "supporter"


def test_a_reason_is_wanted(platform):
    client = platform.client("supporter")
    assert use(client, "learner", reason=" ").status_code == OK
    assert who(client) == "supporter"


def test_one_account_at_a_time(platform):
    client = platform.client("supporter")
    use(client, "teacher")
    assert use(client, "learner").status_code == FORBIDDEN


@pytest.mark.parametrize("what", ["left support", "became staff", "was closed"])
def test_it_ends_when_either_of_them_qualifies_no_more(platform, what):
    client = platform.client("supporter")
    use(client, "teacher")
    if what == "left support":
        Group.objects.get(name="support").user_set.clear()
    else:
        changed = {"became staff": {"is_staff": True}, "was closed": {"is_active": False}}[what]
        User.objects.filter(username="teacher").update(**changed)
    assert who(client) == "supporter"
    assert KEY not in client.session


def test_logging_out_ends_it(platform):
    client = platform.client("supporter")
    use(client, "teacher")
    client.post(reverse("logout"))
    assert client.get(reverse("home")).status_code == 302
    client.force_login(platform["supporter"])
    assert who(client) == "supporter"


def test_a_value_in_the_session_of_somebody_else_has_no_effect(platform):
    client = platform.client("learner")
    session = client.session
    session[KEY] = {"user": platform["teacher"].pk, "reason": "mine"}
    session.save()
    client.cookies["sessionid"] = session.session_key
    assert who(client) == "learner"


def test_begin_and_end_are_written_down_with_the_reason(platform):
    client = platform.client("supporter")
    use(client, "teacher", reason="ticket 7")
    client.post(reverse("support-leave"))
    entries = LogEntry.objects.order_by("pk")
    assert {(e.user.username, e.object_repr) for e in entries} == {("supporter", "teacher")}
    assert [e.change_message for e in entries] == [
        "Began to use the account: ticket 7",
        "Ended using the account.",
    ]


def test_a_change_of_access_is_the_supporters_in_the_audit_trail(platform):
    client = platform.client("supporter")
    use(client, "teacher")
    url = reverse("course-staff", args=[platform.course.pk])
    client.post(url, {"user": platform["nobody"].pk})
    assert platform.course.assistants.filter(username="nobody").exists()
    event = AuditEvent.objects.get(action="assign", role="assistant")
    assert event.actor == f"user:{platform['supporter'].pk}"


def test_a_view_as_of_the_account_is_the_supporters_in_the_audit_trail(platform):
    client = platform.client("supporter")
    use(client, "teacher")
    client.post(reverse("course-as-student", args=[platform.course.pk]))
    event = AuditEvent.objects.get(action="view_as")
    assert event.actor == f"user:{platform['supporter'].pk}"
    assert event.subject == str(platform["teacher"].pk)


def test_a_change_without_support_is_the_users_own(platform):
    url = reverse("course-staff", args=[platform.course.pk])
    platform.client("teacher").post(url, {"user": platform["nobody"].pk})
    event = AuditEvent.objects.get(action="assign", role="assistant")
    assert event.actor == f"user:{platform['teacher'].pk}"


def test_the_api_answers_for_the_account_too(platform):
    client = platform.client("supporter")
    use(client, "learner")
    answer = json.loads(client.get(reverse("api-course-list")).content)
    assert [course["code"] for course in answer["results"]] == ["ALG"]


def test_a_token_of_the_account_names_the_supporter_and_is_never_refreshed(platform):
    client = platform.client("supporter")
    with override_flags({"authz_tokens": True}):
        own = client.post("/auth/session/", "{}", "application/json")
        use(client, "teacher")
        issued = client.post("/auth/session/", "{}", "application/json")
    assert {"authz_refresh"} <= set(own.cookies)
    assert not issued.cookies.get("authz_refresh")
    claims = jwt.decode(issued.json()["access_token"], options={"verify_signature": False})
    assert claims["sub"] == str(platform["teacher"].pk)
    assert claims["act"] == {"sub": str(platform["supporter"].pk)}


@pytest.mark.django_db(transaction=True)
def test_it_holds_in_an_event_loop_too(platform):
    async def visit():
        client = AsyncClient()
        await client.aforce_login(platform["supporter"])
        await client.post(reverse("support"), {"user": "teacher", "reason": "ticket 7"})
        seen = (await client.get(reverse("home"))).context["user"].username
        left = await client.post(reverse("support-leave"))
        return seen, left.status_code

    assert async_to_sync(visit)() == ("teacher", 302)
