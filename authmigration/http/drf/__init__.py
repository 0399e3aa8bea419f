"""The doors of Django REST framework; imported only where it is used."""

from .fields import AuthzPrimaryKeyRelatedField as AuthzPrimaryKeyRelatedField
from .fields import AuthzRelatedFieldMixin as AuthzRelatedFieldMixin
from .filters import AuthzFilterBackend as AuthzFilterBackend
from .filters import AuthzQuerysetMixin as AuthzQuerysetMixin
from .permissions import AuthzPermission as AuthzPermission
