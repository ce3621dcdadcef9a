"""What must arrive, beyond the open page: Web Push where it exists, and one channel by configuration (file, SMS).

Other rooms need nothing of this: a reader of the journal (reader.py) writes what is to be sent, a duty sends it.
"""
