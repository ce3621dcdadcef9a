"""Takes positions from terminals: many batches in one commit, each sender answered after it (ADR 17).

asgi.py  the application · doors.py  the requests · parcels.py  what a sender hands over · osmand.py  Traccar Client's
mqtt.py  through a broker · group.py  who waits for which commit · store.py  one group: one read, one write
"""
