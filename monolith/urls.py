"""All addresses of the platform: the pages and the API of each app, and Django's admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("monolith.courses.urls")),
    path("", include("monolith.accounts.urls")),
    path("", include("monolith.gradebook.urls")),
    path("", include("monolith.lectures.urls")),
    path("", include("monolith.payments.urls")),
    path("", include("monolith.schools.urls")),
    path("auth/", include("authmigration.http.tokens.urls")),
    path("admin/", admin.site.urls),
]
