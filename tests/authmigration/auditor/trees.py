"""Small trees of source, audited."""

from textwrap import dedent

from authmigration.auditor.cache import read
from authmigration.auditor.configuration import Configuration
from authmigration.auditor.engine import judged


def audit(files, **options):
    """Return what is found in files: one text, or a mapping of paths to texts."""
    if isinstance(files, str):
        files = {"app/views.py": files}
    modules = [
        read(dedent(text).encode(), path, path.removesuffix(".py").replace("/", "."))
        for path, text in files.items()
    ]
    configuration = Configuration(**options)
    found = judged(modules, configuration)
    return [item for item in found if configuration.wants(item)]


def rules_of(files, **options):
    """Return the ids of the rules that find something, in order of lines."""
    found = sorted(audit(files, **options), key=lambda item: item.order)
    return [item.rule for item in found]
