"""Who holds a position at a school."""

import uuid

from django.db import models


class SchoolStaff(models.Model):
    """A person's position at a school, keyed by UUID; a `caretaker` may do nothing here."""

    PRINCIPAL = "principal"
    SECRETARY = "secretary"
    CARETAKER = "caretaker"
    POSITIONS = ((PRINCIPAL, "principal"), (SECRETARY, "secretary"), (CARETAKER, "caretaker"))

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="positions")
    school = models.ForeignKey("schools.School", models.CASCADE, related_name="staff")
    position = models.CharField(max_length=20, choices=POSITIONS)

    class Meta:
        """The table is a list of people, not of staffs."""

        verbose_name_plural = "school staff"

    def __str__(self) -> str:
        """Return who is what where."""
        return f"{self.person}, {self.position} at {self.school}"
