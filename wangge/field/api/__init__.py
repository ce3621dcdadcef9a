"""The field over HTTP: terminals, duty, positions, errands, patrols, visits, forms."""

from ninja import Router

router = Router(tags=["field"])
