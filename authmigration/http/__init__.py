"""Where views, templates and APIs ask: the middleware, decorators, mixins, and DRF classes.

Their public names stand in :mod:`authmigration`; nothing is imported here, since a settings
module may look for the middleware before there are settings.
"""
