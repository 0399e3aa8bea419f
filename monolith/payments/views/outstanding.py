"""What a school is owed."""

from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from monolith.payments.models import Bursar
from monolith.schools.models import School

_SQL = """
    SELECT c.code, COUNT(*), SUM(i.amount_cents)
    FROM payments_invoice i
    JOIN courses_course c ON c.id = i.course_id
    WHERE c.school_id = %s AND i.status = 'open'
    GROUP BY c.code
    ORDER BY 3 DESC, 1
"""


class Owed(NamedTuple):
    """What the students of one course owe; the amount in whole units, with two decimals."""

    code: str
    invoices: int
    amount: str


@login_required
def outstanding(request: HttpRequest) -> HttpResponse:
    """GET `school` (its id): the sums of the open invoices by course, for bursars."""
    bursar = Bursar.objects.filter(user=request.user).first()
    if bursar is None and not request.user.is_superuser:
        raise PermissionDenied
    school_id = request.GET.get("school", "")
    if not (school_id.isascii() and school_id.isdecimal()):
        message = "school: send the id of a school."
        raise BadRequest(message)
    school = get_object_or_404(School, pk=school_id)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [school.pk])
        rows = [Owed(code, count, f"{cents / 100:,.2f}") for code, count, cents in cursor]
    return render(request, "payments/outstanding.html", {"school": school, "rows": rows})
