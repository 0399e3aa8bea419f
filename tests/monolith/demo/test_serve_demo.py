"""make serve: what it says before it begins."""

import socket

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def taken():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_that_is_taken_is_named_in_one_line_with_another(taken):
    with pytest.raises(CommandError, match=f"^Port {taken} is taken .*: make serve PORT=[0-9]+$"):
        call_command("serve_demo", "--port", str(taken))


def test_so_is_the_port_of_the_service(taken):
    said = f"^Port {taken} is taken .*: make serve GRADEBOOK_PORT=[0-9]+$"
    with pytest.raises(CommandError, match=said):
        call_command("serve_demo", "--port", "0", "--gradebook-port", str(taken))
