"""Looking at a context as somebody in another role would: the same subject, seen through a role.

The viewed role never adds anything: allowed is what both roles allow, and nothing unsafe.
"""

from .acts import current_view_as as current_view_as
from .acts import stop_view_as as stop_view_as
from .acts import view_as as view_as
from .acts import viewing as viewing
from .looking import MAX_SECONDS as MAX_SECONDS
from .looking import Later as Later
from .looking import Viewing as Viewing
from .looking import current as current
from .looking import is_viewing as is_viewing
from .looking import looking as looking
from .narrowing import held_as as held_as
from .narrowing import narrowed as narrowed
from .narrowing import narrowed_role as narrowed_role
from .permitting import permitted as permitted
from .permitting import role_that_permits as role_that_permits
from .sessions import found_in as found_in
from .sessions import will_restore as will_restore
