import pytest
from django.urls import reverse

from monolith.lectures.models import Attachment, Comment, Lecture, Progress


def watch(platform, percent, lecture=None, name="learner"):
    url = reverse("lecture-watch", args=[(lecture or platform.lecture).pk])
    return platform.client(name).post(url, {"percent": percent})


def test_watching_is_shown_to_the_student_and_counted_for_the_teacher(platform):
    for percent in (40, 80):
        watch(platform, percent)
    watch(platform, 40, name="limited")
    lecture = reverse("lecture-detail", args=[platform.lecture.pk])
    assert platform.client("learner").get(lecture).context["percent"] == 80
    course = reverse("course-lectures", args=[platform.course.pk])
    assert platform.client("learner").get(course).context["rows"] == [(platform.lecture, 80)]
    rows = platform.client("teacher").get(course).context["lectures"]
    assert [(row.title, row.watched_by, row.watched) for row in rows] == [
        ("L", 2, 60),
        ("D", 0, None),
    ]


@pytest.mark.parametrize("percent", ["", "-1", "101", "x", "9" * 30])
def test_nobody_watches_more_than_all_or_less_than_nothing(platform, percent):
    assert watch(platform, percent).status_code == 400
    assert not Progress.objects.exists()


def test_a_draft_cannot_be_watched_or_talked_about(platform):
    assert watch(platform, 10, platform.draft).status_code == 404
    url = reverse("lecture-comments", args=[platform.draft.pk])
    assert platform.client("learner").post(url, {"text": "?"}).status_code == 404


def test_reading_a_lecture_notes_nothing(platform):
    platform.client("learner").get(reverse("lecture-detail", args=[platform.lecture.pk]))
    assert not Progress.objects.exists()


def test_a_comment_bears_the_name_of_whoever_wrote_it(platform):
    url = reverse("lecture-comments", args=[platform.lecture.pk])
    body = {"text": "<b>hello</b>", "author": platform["teacher"].pk}
    platform.client("limited").post(url, body)
    assert Comment.objects.get(text="<b>hello</b>").author == platform["limited"]
    assert b"&lt;b&gt;hello" in platform.client("learner").get(url).content


@pytest.mark.parametrize("text", ["", " ", "x" * 2_001])
def test_an_empty_or_endless_comment_is_refused(platform, text):
    url = reverse("lecture-comments", args=[platform.lecture.pk])
    assert platform.client("learner").post(url, {"text": text}).context["form"].errors


def test_nobody_comments_when_the_discussion_is_closed_but_everybody_reads(platform):
    Lecture.objects.update(discussion_open=False)
    url = reverse("lecture-comments", args=[platform.lecture.pk])
    assert platform.client("learner").post(url, {"text": "x"}).status_code == 409
    assert b"first" in platform.client("learner").get(url).content


def test_only_ones_own_comments_and_a_moderator_have_a_button_to_delete(platform):
    url = reverse("lecture-comments", args=[platform.lecture.pk])
    delete = reverse("comment-delete", args=[platform.comment.pk])
    shown = {
        name: delete in platform.client(name).get(url).content.decode()
        for name in ("learner", "limited", "moderator", "teacher")
    }
    assert shown == {"learner": True, "limited": False, "moderator": True, "teacher": False}


@pytest.mark.parametrize("view", ["lecture-watch", "comment-delete"])
def test_a_link_changes_nothing(platform, view):
    url = reverse(view, args=[platform.comment.pk])
    assert platform.client("moderator").get(url).status_code == 405


def test_a_handout_is_a_text_file_and_that_of_a_draft_is_for_its_authors(platform):
    response = platform.client("learner").get(reverse("attachment", args=[platform.attachment.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert response.content == b"a handout"
    draft = Attachment.objects.create(lecture=platform.draft, name="later", text="secret")
    url = reverse("attachment", args=[draft.pk])
    answers = {n: platform.client(n).get(url).status_code for n in ("learner", "assistant")}
    assert answers == {"learner": 404, "assistant": 200}


def test_the_lecture_leads_to_its_handouts_and_its_discussion(platform):
    url = reverse("lecture-detail", args=[platform.lecture.pk])
    page = platform.client("learner").get(url).content.decode()
    for name, key in (
        ("attachment", platform.attachment.pk),
        ("lecture-comments", platform.lecture.pk),
        ("lecture-watch", platform.lecture.pk),
        ("course-lectures", platform.course.pk),
    ):
        assert reverse(name, args=[key]) in page
