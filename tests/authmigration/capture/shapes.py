"""Tables in shapes that the monolith does not have. They belong to no installed app."""

import uuid

from django.db import models

APP = "capture_shapes"


class Member(models.Model):
    """A user with a UUID for a key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    username = models.CharField(max_length=40, unique=True)
    level = models.IntegerField(default=0)
    last_login = models.DateTimeField(null=True)

    class Meta:
        app_label = APP


class Chair(models.Model):
    """Joined to its user by name; table and column have names that need quotes."""

    who = models.ForeignKey(
        Member, models.CASCADE, to_field="username", db_column="Who sits", null=True
    )
    rank = models.CharField(max_length=10, default="low", db_column="select")

    class Meta:
        app_label = APP
        db_table = "Capture Chairs"


class Office(models.Model):
    """The upper half of an inherited model."""

    title = models.CharField(max_length=40, default="")
    note = models.CharField(max_length=40, default="")

    class Meta:
        app_label = APP


class Deanery(Office):
    """The lower half, with the user."""

    holder = models.ForeignKey(Member, models.CASCADE, null=True)

    class Meta:
        app_label = APP


class Deputy(models.Model):
    """Reaches its user through an inherited model."""

    deanery = models.ForeignKey(Deanery, models.CASCADE, null=True)

    class Meta:
        app_label = APP


class DeputyInOffice(Deputy):
    """A proxy."""

    class Meta:
        app_label = APP
        proxy = True


class Pass(models.Model):
    """Keyed by its user."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True)
    zone = models.CharField(max_length=10, default="")

    class Meta:
        app_label = APP


class Graded(models.Model):
    """With a column that the database computes."""

    member = models.ForeignKey(Member, models.CASCADE)
    points = models.IntegerField(default=0)
    if hasattr(models, "GeneratedField"):
        passed = models.GeneratedField(
            expression=models.Q(points__gte=50),
            output_field=models.BooleanField(),
            db_persist=True,
        )

    class Meta:
        app_label = APP


TABLES = (Member, Chair, Office, Deanery, Deputy, Pass, Graded)


class Listed(models.Model):
    """Over a view, or over whatever a test makes of that name."""

    member = models.ForeignKey(Member, models.CASCADE)

    class Meta:
        app_label = APP
        managed = False
        db_table = "capture_listed"


class Seat(models.Model):
    """In another schema of PostgreSQL, as many a host writes it."""

    member = models.ForeignKey(Member, models.CASCADE)
    rank = models.CharField(max_length=10)

    class Meta:
        app_label = APP
        managed = False
        db_table = 'elsewhere"."seats'
