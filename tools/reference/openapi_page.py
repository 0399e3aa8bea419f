"""The endpoints of the tokens as an OpenAPI document, at the addresses of the platform."""

from importlib import import_module

import yaml

MODULE = "authmigration.http.tokens.openapi"


class _Plain(yaml.SafeDumper):
    """Writes a part that is used twice twice, without anchors."""

    def ignore_aliases(self, _data: object) -> bool:
        """Say that nothing is to be referred to."""
        return True


def text() -> str:
    """Return the document as YAML."""
    document = import_module(MODULE).document()  # imported once Django is set up
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, width=100)
