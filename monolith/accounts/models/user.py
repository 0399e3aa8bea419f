"""Who logs in."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from authmigration import AuthzUserMixin


class User(AuthzUserMixin, AbstractUser):
    """An account.

    Roles kept here: the global flag `is_teacher`, the group `registrars`, Django's superuser.
    """

    is_teacher = models.BooleanField("teacher", default=False)
