"""What several groups of operations answer."""

from ninja import Schema


class Done(Schema):
    done: bool = True
