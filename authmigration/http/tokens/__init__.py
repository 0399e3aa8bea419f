"""The endpoints of the tokens: ``path("auth/", include("authmigration.http.tokens.urls"))``."""
