"""Users, by UUID or by text, who are members of clubs."""

import os
import uuid

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

KINDS = {
    "uuid": lambda: models.UUIDField(primary_key=True, default=uuid.uuid4),
    "text": lambda: models.CharField(primary_key=True, max_length=64),
}


class User(AbstractBaseUser):
    id = KINDS[os.environ["KEYED_BY"]]()
    USERNAME_FIELD = "id"


class Club(models.Model):
    name = models.CharField(max_length=20)


class Member(models.Model):
    user = models.ForeignKey(User, models.CASCADE)
    club = models.ForeignKey(Club, models.CASCADE)
