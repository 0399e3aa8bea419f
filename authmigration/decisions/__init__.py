"""The decision point."""

from .asking import acheck as acheck
from .asking import aprefetch as aprefetch
from .asking import arequire as arequire
from .asking import check as check
from .asking import is_authorized as is_authorized
from .asking import prefetch as prefetch
from .asking import require as require
from .explaining import Explanation as Explanation
from .explaining import explain as explain
from .holders import Holders as Holders
from .holders import roles_of as roles_of
from .holders import who_can as who_can
from .listing import filter_queryset as filter_queryset
