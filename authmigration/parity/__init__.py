"""Do old and new agree? Of facts for everybody, of decisions and lists for a sample."""

from .measuring import Parity as Parity
from .measuring import decisions as decisions
from .measuring import facts as facts
from .measuring import lists as lists
