"""Contexts, policy and the decision: what monolith and services share. No framework."""

from .contexts import PLATFORM as PLATFORM
from .contexts import Context as Context
from .contexts import Lineage as Lineage
from .decisions import Decision as Decision
from .decisions import Reason as Reason
from .decisions import Stamp as Stamp
from .decisions import decide as decide
from .decisions import decide_role as decide_role
from .errors import AuthError as AuthError
from .errors import InvalidContext as InvalidContext
from .errors import PolicyError as PolicyError
from .errors import UnknownContextType as UnknownContextType
from .errors import UnknownPermission as UnknownPermission
from .errors import UnknownRole as UnknownRole
from .facts import ANONYMOUS as ANONYMOUS
from .facts import Effect as Effect
from .facts import Fact as Fact
from .facts import HeldRoles as HeldRoles
from .policy import ContextKind as ContextKind
from .policy import Policy as Policy
from .roles import Role as Role
from .roles import RoleKey as RoleKey
