"""All rules. A file in this folder is a rule; nothing else has to know of it."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ..rule import Rule


@cache
def rules() -> dict[str, Rule]:
    """Return the rules by their ids, in order."""
    found = {}
    for module in iter_modules(__path__):
        if module.name.startswith("am"):
            loaded = import_module(f"{__name__}.{module.name}")
            for item in vars(loaded).values():
                if isinstance(item, type) and issubclass(item, Rule) and "id" in vars(item):
                    found[item.id] = item()
    return dict(sorted(found.items()))
