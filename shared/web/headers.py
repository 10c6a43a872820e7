"""What every answer tells the browser not to do.

Referrer-Policy is `same-origin` and not `no-referrer`: other sites (and the other services) learn nothing of
where a person came from, while Flask-WTF's check of the Referer of a form over HTTPS goes on working.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from shared import settings
from shared.web.prefix import origin

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_YEAR = 365 * 24 * 3600


def init_headers(app: Flask, images: Sequence[str] = ()) -> None:
    """Add the security headers to every answer of `app`, and heed its proxies where they are trusted.

    `images` are the origins that pages may show pictures from, beside their own.
    """
    policy = content_security_policy(app, images)
    in_production = settings.mode() is settings.Mode.PRODUCTION

    @app.after_request
    def _add(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = (
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
        )
        if in_production:
            headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
        # Most answers speak of people; a shared computer's Back button must not bring one back.
        headers.setdefault("Cache-Control", "no-store")
        return response

    trusted = settings.number("TRUSTED_PROXIES", 0)
    if trusted:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted, x_prefix=trusted
        )


def content_security_policy(app: Flask, images: Sequence[str] = ()) -> str:
    """Nothing but our own files. Forms may lead to the three services (after signing in, say).

    The NHS page template has one inline script, which marks the body as having JavaScript. Its text never
    changes, so it is allowed by its hash: unlike a nonce that cannot be reused by anything put in a page.
    """
    origins = " ".join(dict.fromkeys(origin(settings.public_url(service)) for service in settings.SERVICES))
    hashes = " ".join(f"'sha256-{digest}'" for digest in _inline_scripts(app))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}".rstrip(),
            "style-src 'self'",
            " ".join(("img-src 'self' data:", *images)),
            "object-src 'none'",
            "base-uri 'none'",
            f"form-action 'self' {origins}",
            "frame-ancestors 'none'",
        )
    )


def _inline_scripts(app: Flask) -> list[str]:
    page = app.jinja_env.get_template("nhsuk/template.jinja").render()
    return [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in _SCRIPT.findall(page)
    ]
