"""The platform's courses app: courses, who owns them and who takes part."""
