"""What crosses HTTP about people."""
