"""Calling another of our services: own token, request id carried, short time-outs, no redirects."""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from shared import settings
from shared.auth.tokens import service_token
from shared.clock import now
from shared.errors import Conflict, Invalid, LinkworkError, NotFound, Unauthenticated, Unavailable
from shared.logs import REQUEST_ID_HEADER, request_id

CONNECT_SECONDS = 1.0
READ_SECONDS = 5.0


class ServiceClient:
    """HTTP from the service `me` to the service `target`, asking only what `me` may ask.

    GET is tried twice more on a passing fault; a POST is sent once, and whoever sends it makes it safe to
    send again.
    """

    def __init__(self, me: str, target: str) -> None:
        self.me = me
        self.target = target
        self._session: requests.Session | None = None

    def get(self, path: str, params: dict[str, str] | None = None) -> Any:
        """The JSON answer. Raises Unavailable, or the error the other service answered."""
        return self._call("GET", path, params=params)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON answer. Raises as `get` does."""
        return self._call("POST", path, json=body)

    def _call(self, method: str, path: str, **options: Any) -> Any:
        token = service_token(self.me, self.target, now())
        try:
            answer = self._requests().request(
                method,
                settings.internal_url(self.target) + path,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                headers={"Authorization": f"Bearer {token}", REQUEST_ID_HEADER: request_id()},
                **options,
            )
        except requests.RequestException as wrong:
            raise Unavailable(f"The {self.target} service does not answer just now.") from wrong
        if answer.status_code >= 300:
            raise _refusal(answer, self.target)
        try:
            return answer.json()
        except ValueError as wrong:
            raise Unavailable(f"The {self.target} service gave an answer we cannot read.") from wrong

    def _requests(self) -> requests.Session:
        if self._session is None:
            retry = Retry(
                total=2,
                backoff_factor=0.1,
                status_forcelist=(502, 503, 504),
                allowed_methods=("GET",),
                raise_on_status=False,
            )
            self._session = requests.Session()
            # Settings such as proxies of the machine are not for talk among our own services.
            self._session.trust_env = False
            self._session.mount("http://", HTTPAdapter(max_retries=retry))
            self._session.mount("https://", HTTPAdapter(max_retries=retry))
        return self._session


def _refusal(answer: requests.Response, target: str) -> LinkworkError:
    kinds: dict[int, type[LinkworkError]] = {401: Unauthenticated, 404: NotFound, 409: Conflict}
    if answer.status_code in kinds:
        return kinds[answer.status_code]()
    if answer.status_code == 422:
        return Invalid([], f"The {target} service could not take what we sent.")
    return Unavailable(f"The {target} service could not answer ({answer.status_code}).")
