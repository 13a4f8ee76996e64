"""Lightly, as a verb asks it: with the token and the server that a deployment of the stack would use."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from lightly_access.doctor.stack import Stack
    from lightly_api.client import LightlyApi
    from lightly_core.scrub import Scrubber


def lightly(stack: "Stack", scrubber: "Scrubber | None" = None) -> "LightlyApi":
    """The stack's own token and server come before those of the environment, as the provider takes them
    (lightly_provider/settings.py). Its words never hold what the scrubber knows. Raises typer.BadParameter."""
    from lightly_access.doctor import token
    from lightly_access.doctor.stack import ClosedSecretError
    from lightly_api.client import LightlyApi
    from lightly_api.server_location import VARIABLE, ServerLocationError, checked_location

    try:
        found, _ = token.given(stack)
    except ClosedSecretError as closed:
        raise typer.BadParameter(f"{token.CONFIG} cannot be opened: {closed}\nhint: {token.OPENING}") from None
    if not found.reveal():
        way_out = "export LIGHTLY_TOKEN, from your account at Lightly, or `pulumi config set --secret lightly:token`"
        raise typer.BadParameter(f"LIGHTLY_TOKEN is not set\nhint: {way_out}")
    url = token.server(stack)
    try:
        checked_location(url, VARIABLE if url == stack.environ.get(VARIABLE) else "lightly:serverLocation")
    except ServerLocationError as refused:
        raise typer.BadParameter(str(refused)) from None
    return LightlyApi(found, url, scrubber=scrubber)
