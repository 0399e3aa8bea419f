"""Tables in shapes that the monolith does not have. They belong to no installed app."""

from django.db import models

from monolith.accounts.models import User

APP = "review_shapes"


class Club(models.Model):
    """Something that others point at by its code."""

    code = models.CharField(max_length=20, unique=True)

    class Meta:
        app_label = APP


class Seat(models.Model):
    """Joined to its user by name, and to its club by code."""

    who = models.ForeignKey(User, models.CASCADE, to_field="username")
    club = models.ForeignKey(Club, models.CASCADE, to_field="code")

    class Meta:
        app_label = APP


TABLES = (Club, Seat)
