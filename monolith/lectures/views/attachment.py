"""Handouts."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from authmigration import check, require
from monolith.lectures.models import Attachment


@login_required
def download(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """GET: the handout as a text file; that of a draft is for those who may read drafts."""
    attachments = Attachment.objects.select_related("lecture__course")
    attachment = get_object_or_404(attachments, pk=attachment_id)
    require(request.user, "attachment.download", attachment)
    lecture = attachment.lecture
    if not lecture.published and not check(request.user, "lecture.preview", lecture):
        raise Http404
    response = HttpResponse(attachment.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{attachment}"'
    return response
