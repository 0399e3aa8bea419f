"""The one page that adds it all up, with the kill switch, inside Django's admin."""

from .pages import urls as urls
