import pytest
from django.urls import reverse


def test_a_draft_does_not_exist_for_students(platform):
    url = reverse("lecture-detail", args=[platform.draft.pk])
    assert platform.client("learner").get(url).status_code == 404
    assert platform.client("nobody").get(url).status_code == 403


def test_an_assistant_publishes_a_draft(platform):
    url = reverse("lecture-edit", args=[platform.draft.pk])
    response = platform.client("assistant").post(
        url, {"title": "D", "body": "text", "published": "on"}
    )
    assert response.url == reverse("lecture-detail", args=[platform.draft.pk])
    platform.draft.refresh_from_db()
    assert platform.draft.published


def test_a_moderator_closes_and_opens_the_discussion(platform):
    url = reverse("lecture-discussion", args=[platform.lecture.pk])
    seen = []
    for _ in range(2):
        platform.client("moderator").post(url)
        platform.lecture.refresh_from_db()
        seen.append(platform.lecture.discussion_open)
    assert seen == [False, True]


@pytest.mark.parametrize("view", ["lecture-discussion"])
def test_a_link_changes_nothing(platform, view):
    url = reverse(view, args=[platform.lecture.pk])
    assert platform.client("moderator").get(url).status_code == 405
