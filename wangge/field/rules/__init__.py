"""What is decided in the field without a database: positions, tracks, patrols."""
