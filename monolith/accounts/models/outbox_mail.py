"""Mail that the platform has sent."""

from django.db import models


class OutboxMail(models.Model):
    """One letter; a row here is the platform's way of sending it."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    written_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Return the addressee and the subject."""
        return f"{self.to}: {self.subject}"
