"""The discussion of a lecture."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from authmigration import check, require
from monolith.lectures.models import Comment, Lecture


class CommentForm(forms.ModelForm):
    """The text; who wrote it, and where, is known."""

    class Meta:
        model = Comment
        fields = ("text",)


@login_required
def lecture_comments(request: HttpRequest, lecture_id: int) -> HttpResponse:
    """GET: the discussion. POST `text`: say something; a closed discussion is a 409."""
    lecture = get_object_or_404(Lecture.objects.select_related("course"), pk=lecture_id)
    require(request.user, "lecture.comment", lecture)
    if not lecture.published:
        raise Http404
    if request.method == "POST" and not lecture.discussion_open:
        return render(request, "409.html", {"reason": "The discussion is closed."}, status=409)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.lecture = lecture
        form.instance.author = request.user
        form.save()
        return redirect("lecture-comments", lecture_id=lecture.pk)
    context = {
        "lecture": lecture,
        "comments": lecture.comments.select_related("author").order_by("written_at", "pk"),
        "form": form,
        "moderates": check(request.user, "forum.moderate", lecture),
    }
    return render(request, "lectures/comments.html", context)


@login_required
@require_POST
def delete_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """POST: delete a comment, one's own or as a moderator."""
    comment = get_object_or_404(Comment.objects.select_related("lecture__course"), pk=comment_id)
    if comment.author_id != request.user.pk:
        require(request.user, "comment.delete", comment)
    comment.delete()
    return redirect("lecture-comments", lecture_id=comment.lecture_id)
