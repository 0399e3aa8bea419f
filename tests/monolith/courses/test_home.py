"""From the home page everybody finds what they may do."""

import re

import pytest
from django.urls import reverse

from authmigration.testing import at_stage
from monolith.courses.models import Course

LINK = re.compile(r'href="(/[^"]*)')
DEEPEST = 4


def links(platform, name):
    return set(LINK.findall(platform.client(name).get(reverse("home")).content.decode()))


@pytest.mark.parametrize(
    ("name", "pages", "others"),
    [
        ("teacher", ["course-roster", "course-announcements", "course-staff"], ["support"]),
        ("teacher_who_learns", ["course-detail"], ["course-roster", "course-staff"]),
        ("learner", ["course-detail"], ["course-roster", "school-dashboard", "support"]),
        ("principal", ["school-dashboard", "school-report", "school-staff"], ["course-roster"]),
        ("secretary", ["school-dashboard", "school-report"], ["school-staff"]),
        ("bursar", ["school-dashboard", "school-report"], ["school-staff"]),
        ("caretaker", [], ["school-dashboard", "school-report"]),
        ("former_bursar", [], ["school-dashboard"]),
        ("supporter", ["support"], ["admin:index"]),
        ("registrar", ["course-list"], ["support"]),
        ("superuser", ["school-dashboard", "admin:index"], ["support"]),
    ],
)
def test_home_leads_to_ones_own_work_and_not_to_that_of_others(platform, name, pages, others):
    found = links(platform, name)
    assert {address(platform, page) for page in pages} <= found
    assert not {address(platform, page) for page in others} & found


def address(platform, name):
    if name.startswith("school"):
        return reverse(name, args=[platform.school.pk])
    if name in {"support", "admin:index", "course-list"}:
        return reverse(name)
    return reverse(name, args=[platform.course.pk])


@pytest.mark.parametrize(
    "name",
    ["learner", "limited", "moderator", "assistant", "teacher", "principal", "secretary", "bursar"],
)
@pytest.mark.parametrize("public", [False, True])
def test_no_link_from_home_or_from_what_it_leads_to_is_refused(platform, name, public):
    Course.objects.update(is_public=public)
    client = platform.client(name)
    seen, todo = set(), {reverse("home")}
    with at_stage("enforce"):
        while todo:
            page = todo.pop()
            response = client.get(page)
            assert response.status_code == 200, page
            seen.add(page)
            if page.count("/") <= DEEPEST:
                todo |= set(LINK.findall(response.content.decode())) - seen
    assert len(seen) > len(links(platform, name))
