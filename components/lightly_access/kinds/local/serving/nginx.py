"""The rules of `serve` as an nginx configuration, for those who have nginx anyway.

Two differences, both to the safe side: nginx takes no symbolic link inside a mount at all (`disable_symlinks on`,
https://nginx.org/en/docs/http/ngx_http_core_module.html), and it answers 404 where we say 400 or 403.
"""

from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from lightly_access.kinds.local.serving.answer import ASKED_HEADERS, METHODS, SHOWN_HEADERS, Rules
from lightly_access.kinds.local.serving.mounts import Mounts
from lightly_access.kinds.local.serving.server import Listening


def nginx_configuration(mounts: Mounts, rules: Rules, where: Listening) -> str:
    """A whole configuration file. Raises ValueError for a text that nginx cannot hold."""
    environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701  # no HTML
    environment.filters["quoted"] = _quoted
    address = f"[{where.address}]" if ":" in where.address else where.address
    template = files("lightly_access.kinds.local.serving").joinpath("templates/nginx.conf.j2").read_text("utf-8")
    return environment.from_string(template).render(
        mounts=mounts.folders,
        hosts=sorted(rules.hosts),
        origins=sorted(rules.origins),
        listen=f"{address}:{where.port}",
        certificate=where.certificate,
        methods=METHODS,
        asked=ASKED_HEADERS,
        shown=SHOWN_HEADERS,
        pid=str(Path("/tmp") / f"lightly-access-nginx-{where.port}.pid"),  # noqa: S108  # nginx run by a user needs one
        mime_types="/etc/nginx/mime.types",
    )


def _quoted(text: str) -> str:
    """A parameter of nginx: quoted; a `$` would start a variable, and nginx has no way to write it."""
    if "$" in text or not text.isprintable():
        raise ValueError(f"got {text!a}, expected a text without $ or control characters\nhint: nginx cannot write it")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
