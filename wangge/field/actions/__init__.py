"""Every write of the field."""
