"""The live feed: passes on what the journal says, to each listener within their scope. Writes nothing.

asgi.py  the application · feed.py  one connection · hub.py  who listens and what they get · watch.py  reads the journal
sessions.py  whose sessions are open · news.py  what an entry becomes · notices.py  whose bells ring
"""
