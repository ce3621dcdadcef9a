"""What crosses HTTP about the map and its teams."""
