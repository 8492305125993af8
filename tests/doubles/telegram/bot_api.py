"""One call of the Bot API: checked parameters in, a result or an ApiError out."""

import re
from typing import Any

from yarl import URL

from tests.doubles.telegram.answers import ApiError, Json, bad_request
from tests.doubles.telegram.methods import METHODS
from tests.doubles.telegram.store import World
from tests.doubles.telegram.webhook import WebhookDelivery, WebhookSettings

_SECRET = re.compile("[A-Za-z0-9_-]*")
_PORTS = frozenset({443, 80, 88, 8443})
_MOST_CONNECTIONS = 100
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class BotApi:
    def __init__(self, world: World, webhook: WebhookDelivery) -> None:
        self.world = world
        self.webhook = webhook

    async def call(self, method: str, params: Json) -> Any:
        """The result of a method whose parameters have been checked."""
        at_once = METHODS.get(method)
        if at_once is not None:
            return at_once(self.world, params)
        if method == "getUpdates":
            return await self._get_updates(params)
        if method == "getWebhookInfo":
            return self._webhook_info()
        return await self._set_webhook(params)

    async def _get_updates(self, params: Json) -> list[Json]:
        if self.webhook.settings is not None:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        updates = self.world.updates
        updates.allow(params.get("allowed_updates"))
        limit, wait = params.get("limit", 100), params.get("timeout", 0)
        return await updates.poll(params.get("offset", 0), limit, wait)

    async def _set_webhook(self, params: Json) -> bool:
        """`deleteWebhook` is the same with an empty address."""
        url = params.get("url", "")
        if params.get("drop_pending_updates"):
            self.world.updates.drop()
        if not url:
            await self.webhook.stop()
            return True
        _check_address(URL(url))
        secret = params.get("secret_token", "")
        if _SECRET.fullmatch(secret) is None:
            raise bad_request("secret token contains unallowed characters")
        self.world.updates.allow(params.get("allowed_updates"))
        self.world.updates.interrupt("setWebhook request")
        connections = min(max(params.get("max_connections", 40), 1), _MOST_CONNECTIONS)
        await self.webhook.start(WebhookSettings(url, secret, connections))
        return True

    def _webhook_info(self) -> Json:
        settings = self.webhook.settings
        info: Json = {
            "url": settings.url if settings else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates.pending),
        }
        if settings:
            info["max_connections"] = settings.max_connections
            info["allowed_updates"] = sorted(self.world.updates.allowed)
        if self.webhook.last_error:
            info["last_error_message"] = self.webhook.last_error
            info["last_error_date"] = self.world.now()
        return info


def _check_address(url: URL) -> None:
    """HTTPS on the four ports; plain HTTP on this machine, as a self-hosted server allows."""
    if url.host in _LOCAL:
        return
    if url.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if url.port not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
