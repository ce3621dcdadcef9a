"""Positions that come through a broker, any that speaks MQTT 3.1.1 (`WANGGE_MQTT_URL`, `WANGGE_MQTT_TOPIC`).

A message is a batch as a phone's page sends it (parcels.BatchIn) with the tracker's key in it as `key`; QoS 1. It is
acknowledged after the commit, and the broker keeps what comes while we are away. What can never be taken is
acknowledged too: it would come again for ever. What is sent with QoS 0 is dropped while it cannot be written.
"""

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from django.conf import settings
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from wangge.core import clock
from wangge.core.asgi import Unavailable
from wangge.core.errors import DomainError
from wangge.field.ingest.group import Group
from wangge.field.ingest.parcels import LARGEST, BatchIn, Parcel, TooLarge, key_hash, not_right, parcel_of, read

log = structlog.get_logger()
SOURCE = "mqtt"
NAME = "wangge-positions"  # the broker keeps what this client missed
QOS = 1
AGAIN_AFTER_S = 2.0
PATIENCE_S = 3.0  # with a database that is away, as the house goes down
PORTS = {"mqtt": 1883, "mqtts": 8883}


class KeyedBatchIn(BatchIn):
    key: str


class Listener:
    """paho's own thread reads; what it reads is handed to the event loop that writes."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._loop = asyncio.get_running_loop()
        self._taking: set[asyncio.Task[None]] = set()
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=NAME, clean_session=False, manual_ack=True, reconnect_on_failure=True
        )
        self._client.on_connect = self._answered
        self._client.on_message = self._came

    def start(self) -> None:
        """Returns at once; a broker that is away is tried again and again."""
        url = urlsplit(settings.MQTT_URL)
        if url.scheme == "mqtts":
            self._client.tls_set()
        if url.username:
            self._client.username_pw_set(unquote(url.username), unquote(url.password or ""))
        self._client.connect_async(url.hostname or "localhost", url.port or PORTS[url.scheme])
        self._client.loop_start()

    async def stop(self) -> None:
        """What is being written is acknowledged; the rest stays with the broker."""
        if self._taking:
            await asyncio.wait(self._taking, timeout=PATIENCE_S)
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    def _answered(self, client: Client, _: Any, __: Any, reason: ReasonCode, ___: Any) -> None:
        """paho asks here also when the broker refuses us; it goes on trying."""
        if reason.is_failure:
            log.warning("positions.mqtt_refused_by_broker", why=str(reason))
            return
        client.subscribe(settings.MQTT_TOPIC, qos=QOS)
        log.info("positions.mqtt_connected")

    def _came(self, client: Client, _: Any, message: MQTTMessage) -> None:
        self._loop.call_soon_threadsafe(self._begin, message)

    def _begin(self, message: MQTTMessage) -> None:
        task = self._loop.create_task(self.take(message))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)

    async def take(self, message: MQTTMessage) -> None:
        """Returns when it is acknowledged, which a message of QoS 0 is not: nobody was promised anything."""
        try:
            parcel = parcel_in(bytes(message.payload), received_ms=round(clock.now().timestamp() * 1000))
            await self._handed_in(parcel, is_promised=message.qos > 0)
        except DomainError as refused:
            log.warning("positions.mqtt_refused", code=refused.code)
        self._client.ack(message.mid, message.qos)

    async def _handed_in(self, parcel: Parcel, *, is_promised: bool) -> None:
        """The broker holds back what is promised, a few at a time; what is not would wait here without end."""
        while True:
            try:
                await self._group.hand_in(parcel)
            except Unavailable:
                if not is_promised:
                    raise
                await asyncio.sleep(AGAIN_AFTER_S)
            else:
                return


def parcel_in(payload: bytes, *, received_ms: int) -> Parcel:
    """Raises Torn, TooLarge, Invalid."""
    if len(payload) > LARGEST:
        raise TooLarge()
    given = read(payload, KeyedBatchIn)
    key = key_hash(given.key)
    if key is None:
        raise not_right("key")
    parcel = parcel_of(given, received_ms=received_ms, source=SOURCE, key=key)
    # Sent long ago may be hours in the broker; only a sender who is ahead of us is surely wrong.
    return replace(parcel, sent_ms=max(parcel.sent_ms, received_ms))
