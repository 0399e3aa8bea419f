"""Django's admin, asking the policy: what is listed, opened, changed, added, deleted and chosen."""

from .admins import AuthzAdminMixin as AuthzAdminMixin
from .inlines import AuthzInlineMixin as AuthzInlineMixin
