"""The statuses that the story speaks of."""

from http import HTTPStatus

OK = HTTPStatus.OK
FORBIDDEN = HTTPStatus.FORBIDDEN
ERROR = HTTPStatus.INTERNAL_SERVER_ERROR
