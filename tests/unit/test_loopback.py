import socket

import pytest
import requests

from tests.loopback import OutsideThisMachine


def test_a_name_of_another_machine_is_refused_loudly():
    with pytest.raises(OutsideThisMachine, match=r"partner\.example"):
        requests.get("https://partner.example/", timeout=1)


def test_an_address_of_another_machine_is_refused_loudly():
    with socket.socket() as outside, pytest.raises(OutsideThisMachine):
        outside.connect(("192.0.2.1", 80))


def test_this_machine_may_be_talked_to():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
