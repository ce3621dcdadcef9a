"""Faults, for real: processes killed, disks full, databases moved, seats in each other's way."""
