"""TLS, sign-in and addresses of the mail server, against real servers; and the catcher as a process."""

import os
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.notifications.clients.mail import Mail, MailServer
from services.notifications.domain.delivery import Letter, Outcome
from shared.settings import MissingSetting
from tests.builders.notifications import AT, PostOffice

LETTER = Letter("<1@linkwork.example>", "robin@practice.example", "There is news", "Café – read it.\n", AT)
SENDER = "no-reply@linkwork.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself: (file, context of a server)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return str(folder / "cert.pem"), context


def hand_over(url, ca_file=""):
    with Mail(MailServer.from_url(url, ca_file), SENDER) as mail:
        return mail.send(LETTER)


@pytest.mark.parametrize(("scheme", "implicit"), [("smtps", True), ("smtp+starttls", False)])
def test_letters_go_over_tls_with_a_password(store, certificate, scheme, implicit):
    ca_file, context = certificate
    with PostOffice(tls=context, implicit=implicit, auth=True) as office:
        answer = hand_over(f"{scheme}://user:right%20password@127.0.0.1:{office.port}", ca_file)
        wrong = hand_over(f"{scheme}://user:wrong@127.0.0.1:{office.port}", ca_file)
    assert answer.outcome is Outcome.ACCEPTED
    assert office.signed_in >= 2
    assert (wrong.outcome, wrong.away) == (Outcome.TEMPORARY, True)
    assert wrong.words == "The mail server did not accept our sign-in."
    assert [letter.body for letter in store.letters] == ["Café – read it.\n"]


def test_a_letter_to_an_internationalised_domain_goes_as_every_server_takes_it(store):
    with PostOffice() as office, Mail(MailServer("smtp", "127.0.0.1", office.port), SENDER) as mail:
        answer = mail.send(replace(LETTER, to="news@straße-nach-süden.example"))
        broken = mail.send(replace(LETTER, to="news@ä..example"))
    assert answer.outcome is Outcome.ACCEPTED
    assert [letter.recipient for letter in store.letters] == ["news@xn--strae-nach-sden-tib51c.example"]
    assert broken.outcome is Outcome.PERMANENT


@pytest.mark.parametrize(("scheme", "implicit"), [("smtps", True), ("smtp+starttls", False)])
def test_a_server_whose_certificate_nobody_signed_gets_nothing(store, certificate, scheme, implicit):
    with PostOffice(tls=certificate[1], implicit=implicit) as office:
        answer = hand_over(f"{scheme}://127.0.0.1:{office.port}")
    assert (answer.outcome, answer.away) == (Outcome.TEMPORARY, True)
    assert store.letters == []


def test_a_server_that_will_not_turn_to_tls_gets_nothing(store):
    with PostOffice() as office:
        answer = hand_over(f"smtp+starttls://127.0.0.1:{office.port}")
    assert (answer.outcome, answer.away) == (Outcome.TEMPORARY, True)
    assert office.offered == {}


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example",
        "smtp://",
        "smtp://user:password@mail.example",
        "smtp://mail.example:port",
        "mail.example:25",
    ],
)
def test_an_address_that_cannot_be_used_is_named_and_not_repeated(url):
    with pytest.raises(MissingSetting, match="SMTP_URL") as refused:
        MailServer.from_url(url)
    assert "password@" not in str(refused.value)


def test_addresses_have_their_usual_ports():
    assert [
        MailServer.from_url(f"{scheme}://mail.example").port for scheme in ("smtp", "smtp+starttls", "smtps")
    ] == [
        25,
        587,
        465,
    ]


def test_one_connection_serves_a_batch(store, monkeypatch):
    opened = []
    open_one = Mail._open
    monkeypatch.setattr(Mail, "_open", lambda mail: opened.append(mail) or open_one(mail))
    with PostOffice() as office, Mail(MailServer.from_url(f"smtp://127.0.0.1:{office.port}"), SENDER) as mail:
        for number in range(3):
            letter = Letter(f"<{number}@linkwork.example>", LETTER.to, "News", "Text\n", AT)
            assert mail.send(letter).outcome is Outcome.ACCEPTED
    assert len(store.letters) == 3
    assert len(opened) == 1


def test_an_address_of_letters_the_server_does_not_take_fails_for_good():
    with PostOffice() as office, Mail(MailServer.from_url(f"smtp://127.0.0.1:{office.port}"), SENDER) as mail:
        assert (
            mail.send(Letter("<1@x.example>", "not an address", "News", "Text\n", AT)).outcome
            is Outcome.PERMANENT
        )


class TestCatcherProcess:
    def start(self, base, **settings):
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "services.notifications.catcher"],
            env=os.environ | {"PORT_BASE": str(base)} | settings,
            stderr=subprocess.PIPE,
            text=True,
        )

    def free_base(self):
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            return trial.getsockname()[1] - 25

    def test_it_keeps_letters_drops_repeats_and_stops_when_told(self, store):
        base = self.free_base()
        process = self.start(base)
        end = time.monotonic() + 20
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", base + 25, timeout=5) as smtp:
                    for _ in range(2):
                        smtp.sendmail(
                            SENDER,
                            ["a@x.example"],
                            "Message-ID: <7@x.example>\r\nSubject: Hi\r\n\r\nText\r\n",
                        )
                    with pytest.raises(smtplib.SMTPDataError, match="Message-ID"):
                        smtp.sendmail(SENDER, ["a@x.example"], "Subject: Hi\r\n\r\nText\r\n")
                break
            except ConnectionRefusedError:
                assert time.monotonic() < end
                time.sleep(0.05)
        process.terminate()
        _, said = process.communicate(timeout=10)
        assert process.returncode == 0, said
        assert [(letter.message_id, letter.offered) for letter in store.letters] == [("<7@x.example>", 2)]
        assert "a@x.example" not in said

    def test_it_refuses_production(self):
        process = self.start(self.free_base(), LINKWORK_MODE="production")
        _, said = process.communicate(timeout=20)
        assert process.returncode == 1
        assert "In production set SMTP_URL" in said
