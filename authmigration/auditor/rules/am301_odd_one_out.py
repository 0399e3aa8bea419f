"""AM301: one view lacks the check that all its siblings have."""

from typing import TYPE_CHECKING

from ..flow.guards import identifiers
from ..flow.words import CHECKS
from ..roles import parts
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding
    from ..project.definitions import Function

FEWEST = 4


class OddOneOut(Rule):
    """One view lacks the check that all its siblings have.

    What it finds:
        A routed view without the decorator that every other view of its module has, which does not
        look at the requester itself either.

    Why it matters:
        The decorator was forgotten; the view is open.

    What to write:
        Add the decorator, or say in a suppression why the view is open.
    """

    id = "AM301"
    title = "One view lacks the check that all its siblings have"
    confidence = 60
    bad = (
        {
            "app/urls.py": """
from django.urls import path

from . import views

urlpatterns = [
    path("a", views.a), path("b", views.b), path("c", views.c), path("d", views.d)
]
""",
            "app/views.py": """
from django.contrib.auth.decorators import login_required
from django.shortcuts import render


@login_required
def a(request):
    return render(request, "a.html")


@login_required
def b(request):
    return render(request, "b.html")


@login_required
def c(request):
    return render(request, "c.html")


def d(request):
    return render(request, "d.html")
""",
        },
    )
    good = (
        {
            "app/urls.py": """
from django.urls import path

from . import views

urlpatterns = [path("a", views.a), path("b", views.b)]
""",
            "app/views.py": """
from django.contrib.auth.decorators import login_required
from django.shortcuts import render


@login_required
def a(request):
    return render(request, "a.html")


def b(request):
    return render(request, "b.html")
""",
        },
    )

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the views that lack what all others of their module have."""
        modules: dict[str, list[Function]] = {}
        for entry in audit.routed_functions:
            modules.setdefault(entry.module.path, []).append(entry)
        for views in modules.values():
            bare = [view for view in views if not checks(view)]
            if len(views) < FEWEST or len(bare) != 1 or looks(bare[0]):
                continue
            shared = set.intersection(*(checks(view) for view in views if view is not bare[0]))
            for name in sorted(shared)[:1]:
                said = f"Every other view of this module has @{name}; this one lacks it."
                yield self.at(bare[0].module, bare[0].line, bare[0].symbol, said)


def checks(view: "Function") -> set[str]:
    """Return the names of the decorators that sound like a check."""
    names = {name for node in view.decorators for name in identifiers(node)[-1:]}
    return {name for name in names if CHECKS.search(name) or "login" in name}


def looks(view: "Function") -> bool:
    """Tell whether a view looks at the requester by itself."""
    return any(
        (part[0] == "attr" and part[2] in {"user", "session", "auth"})
        or (part[0] == "call" and any(CHECKS.search(n) for n in identifiers(part[1])[-1:]))
        for part in parts(view.body)
    )
