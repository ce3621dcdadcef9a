"""What a wall shows."""

from wangge.wall.queries.board import board
from wangge.wall.queries.feed import feed
from wangge.wall.queries.map import ground, on_map
from wangge.wall.queries.themes import theme, theme_versions, themes, weather

__all__ = ["board", "feed", "ground", "on_map", "theme", "theme_versions", "themes", "weather"]
