"""The platform's settings with everything of the toolkit taken out, as the page on removal says."""

from monolith.settings import *  # noqa: F403 -- settings on top of settings

GONE = ("authmigration", "feature_flags", "waffle")

INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in GONE]  # noqa: F405 -- as above
MIDDLEWARE = [each for each in MIDDLEWARE if not each.startswith(GONE)]  # noqa: F405 -- as above
ROOT_URLCONF = __name__  # the platform's views still ask the toolkit
urlpatterns: list = []
