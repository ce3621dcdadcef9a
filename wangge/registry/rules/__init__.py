"""Decisions about values alone: no database, no clock."""
