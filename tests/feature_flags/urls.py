"""Two doors to one flag: a page for browsers and an endpoint for API clients."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from waffle import flag_is_active

from feature_flags import Flag, FlagSubject, current_snapshot, evaluate

FLAG = Flag("clients")


def answer(request: HttpRequest | Request) -> dict[str, bool]:
    return {
        "ours": bool(evaluate(current_snapshot(), FLAG, FlagSubject.of_user(request.user))),
        "waffles": bool(flag_is_active(request, "clients")),
    }


def page(request: HttpRequest) -> JsonResponse:
    return JsonResponse(answer(request))


class Endpoint(APIView):
    def get(self, request: Request) -> Response:
        return Response(answer(request))


urlpatterns = [path("page/", page), path("api/", Endpoint.as_view())]
