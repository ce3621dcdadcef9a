"""What the commands of all rooms share: one language at a time, and help that shows the command's own options alone."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wangge.core.errors import DomainError
from wangge.either import either, language


class TerminalCommand(BaseCommand):
    # Django's own, for a developer: they work as ever, and are no choice of an operator's.
    suppressed_base_arguments = frozenset(  # type: ignore[assignment] # the stubs want a set that can be changed
        {"--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color"}
    )
    requires_system_checks: list[str] = []  # of the code; `wangge check` asks

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except CommandError as failure:
            if not getattr(self, "_called_from_command_line", False) or options.get("traceback"):
                raise
            self.stderr.write(f"{either('错误', 'error')}: {failure}")
            sys.exit(failure.returncode)


def refused(failure: DomainError) -> CommandError:
    """The same for whoever sits at the terminal: the sentence, then what is wrong with which field."""
    fields = [f"  {name}: {text.in_language(language())}" for name, text in failure.fields.items()]
    return CommandError("\n".join([failure.message(language()), *fields]))
