"""What comes with a lecture."""

from django.db import models


class Attachment(models.Model):
    """A handout: a text file that comes with a lecture."""

    lecture = models.ForeignKey("lectures.Lecture", models.CASCADE, related_name="attachments")
    name = models.SlugField("name, without .txt", max_length=80)
    text = models.TextField()

    def __str__(self) -> str:
        """Return the name of the file."""
        return f"{self.name}.txt"
