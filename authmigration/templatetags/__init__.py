"""Tags for templates: ``{% load authz %}``."""
