"""A GraphQL schema whose resolvers ask: the recipe of docs/how-to/doors.md, with strawberry."""

import strawberry
from django.core.exceptions import PermissionDenied
from strawberry.extensions import SchemaExtension

from authmigration import acheck, arequire, check, filter_queryset, pinned
from monolith.courses.models import Course
from monolith.lectures.models import Lecture


class OneSnapshot(SchemaExtension):
    """One snapshot for each operation, also where no middleware has pinned one."""

    def on_operation(self):
        with pinned():
            yield


@strawberry.type
class CourseType:
    id: strawberry.ID
    title: str

    @strawberry.field
    def may_edit(self, info: strawberry.Info, root: strawberry.Parent[Course]) -> bool:
        return check(info.context["user"], "course.edit", root).allowed


@strawberry.type
class LectureType:
    title: str

    @strawberry.field
    async def body(self, info: strawberry.Info, root: strawberry.Parent[Lecture]) -> str:
        await arequire(info.context["user"], "lecture.view", root)
        return root.body


@strawberry.type
class Query:
    @strawberry.field
    def courses(self, info: strawberry.Info) -> list[CourseType]:
        return list(filter_queryset(info.context["user"], "course.view", Course.objects.all()))

    @strawberry.field
    async def lecture(self, info: strawberry.Info, id: strawberry.ID) -> LectureType:  # noqa: A002
        return await Lecture.objects.aget(pk=id)

    @strawberry.field
    async def may(self, info: strawberry.Info, permission: str, on: str) -> bool:
        return (await acheck(info.context["user"], permission, on)).allowed


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, info: strawberry.Info, id: strawberry.ID, title: str) -> CourseType:  # noqa: A002
        course = Course.objects.get(pk=id)
        if not check(info.context["user"], "course.edit", course):
            raise PermissionDenied("You may not rename this course.")
        course.title = title
        course.save(update_fields=["title"])
        return course


schema = strawberry.Schema(Query, Mutation, extensions=[OneSnapshot])
