"""`wangge simulate`: people at work, through the public API alone. Nothing here opens a database."""
