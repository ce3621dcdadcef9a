"""Reading other people's files: any of the usual kinds in, rows and faults out.

readers → mapping → an importer's `check` and `apply`. Nothing here writes to the database or knows a domain.
"""
