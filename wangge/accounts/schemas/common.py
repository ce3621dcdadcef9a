"""Words and numbers as forms give them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Short = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Range = Annotated[str, StringConstraints(pattern=r"^[0-9]{0,17}$", max_length=17)]
Ranges = Annotated[list[Range], Field(max_length=200)]
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,12}$", max_length=12)]
RoleCode = Annotated[str, StringConstraints(max_length=64)]
UnitKind = Literal["centre", "department", "branch"]
